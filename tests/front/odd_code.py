# ruff: noqa: E501
"""Code that a reader may stumble over: new syntax, notebook commands, broken lines, and monsters.

Everything here binds names that begin with `odd`, so that it leaves the answers around it alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

SYNTAX = {
    "match": "def odd(x):\n    match x:\n        case {'a': [int(n), *_]} if n > 1:\n            return n",
    "type-statement": "type Odd = list[int]\ntype Pair[T] = tuple[T, T]",
    "generic-function": "def odd[T: int](x: T) -> T:\n    return x\nclass Odd[T]:\n    x: T",
    "generic-default": "def odd[T = int](x: T) -> T:\n    return x",
    "except-star": "def odd():\n    try:\n        pass\n    except* ValueError as oddity:\n        raise",
    "walrus": "odd = [(oddity := i) for i in range(3)]\ndef odd2(x=(odd3 := 4)):\n    return odd3",
    "async": "async def odd():\n    async for x in y():\n        async with z as w:\n            yield await x",
    "top-level-await": "odd = await odd_coroutine()\nasync with odd: pass",
    "decorators": "@odd.one\n@(lambda f: f)\n@odd[0](x := 3)\ndef odd(): pass",
    "decorated-class": "import dataclasses\n@dataclasses.dataclass(frozen=True)\nclass Odd:\n    x: 'int' = 3",
    "parameters": "def odd(a, /, b: int = 3, *c: 'x', d, e=(yield_ := 2), **f) -> (lambda: 3): pass",
    "f-string": "odd = f'{3!r:>{10}} {{}} {(lambda x: x)(3)} {[1, 2][0]:{\"a\"}}'",
    "f-string-nested": "odd = f'{f'{f'{1}'}'}'",
    "f-string-line-break": "def odd(x):\n    return f'''{x['''a'''] if 0 else {\"\"\"\n\"\"\": 3}}'''.lower()",
    "f-string-escape": "def odd(x):\n    return f'\\ud800\\N{BULLET}{x}\\0'.lower()",
    "f-string-invisible": "def odd(x):\n    return f\"{x['\u00a0\u200b']}\".lower()\nodd2[f\"{'\u00a0'}\"] = 3",
    "format": "odd = '{0.__class__}'.format(3)\nodd2 = '%s' % odd",
    "escapes": "odd = '\\ud800\\x00\\N{SNOWMAN}'\nodd2 = b'\\xff'\nodd3 = '\\q'",
    "unicode-names": "ödd = 1\nодд = 2\noddª = 3\n𝔬𝔡𝔡 = 4\nodd·x = 5",
    "invisible": "odd\u200b = 1\nodd = '\u202e'\nodd\u00a0= 3",
    "not-ascii-digits": "odd = ٣",
    "global": "def odd():\n    global odd2, odd3\n    odd2 = 1\n    def inner():\n        nonlocal odd4\n    return inner",
    "nonlocal-outside": "nonlocal odd\nreturn 3\nyield 4\nbreak",
    "star": "odd, *odd2 = *[1], 2\nodd3 = [*odd2, *{**{}}]\nodd4 = {**{}, 'a': 1}\nprint(*odd2)",
    "delete": "del odd, np\nassert False\nraise SystemExit",
    "annotations": "odd: int\nodd2: 'unheard' = 3\n(odd3): int = 4\nodd2.x: int = 3",
    "quoted-annotation": "def odd(x: '(' * 30, y: 'x: y', z: '\\0', w: '\\ud800', v: 'f\"{1}\"') -> '': pass",
    "lambdas": "odd = lambda *a, b=3, **c: (yield)\nodd2 = (lambda: 3)()",
    "semicolons": "odd = 1; odd2 = 2;\nif 1: odd3 = 3; odd4 = 4\nclass Odd: x = 1; y = 2",
    "try": "try:\n    import odd_module\nexcept (ImportError, *()):\n    odd = 3\nelse:\n    odd = 4\nfinally:\n    pass",
    "if-false": "if 0:\n    odd = 1\nelif TYPE_CHECKING:\n    odd = 2\nelse:\n    def odd(): pass",
    "if-long-string": "if True:\n    @print\n    def odd():\n        '''x\ny\n\tz'''\n    odd2 = '''\n'''",
    "main": "if __name__ == '__main__':\n    import sys\n    sys.exit(odd())",
    "imports": "from . import odd\nfrom .. import *\nimport odd.a.b as odd2\nfrom __future__ import braces",
    "star-imports": "from odd.a import *\nfrom numpy.linalg import *\nfrom os import *",
    "import-made-up": "from a\u0301.b import *\nfrom numpy.odd.odd import *\nimport numpy.odd",
    "refused": "import os, ctypes\ndef odd():\n    return eval('1'), os.system('x'), ().__class__.__bases__",
    "earlier": "odd = earlier('numerics.softmax')\nodd2 = earlier('')\nodd3 = earlier('a.b c')\nodd4 = earlier(3)",
    "library": "odd = library('blocks.gelu')\nodd2 = library('')\nodd3 = library('a.b c')\nodd4 = library(3)",
    "complex-numbers": "odd = 1e400j + 0x_ff + 1_000 + 0b1 + .5e-400\nodd2 = 1if 1else 2",
    "ellipsis": "...\npass\n'text'\n3\nodd",
    "type-comment": "odd = []  # type: List[\nfor x in y:  # type: ignore[\n    pass",
    "with": "with (open('x') as odd, open('y') as odd2,):\n    odd3 = 4",
    "only-comments": "# nothing\n    # here\n\t# at all",
    "tabs": "def odd():\n\tif 1:\n\t\treturn 3\n\n\t# end\n",
    "mixed-tabs": "def odd():\n\tif 1:\n        return 3\n",
    "page-breaks": "\fodd = 1\n\f\f\n  \f\nclass Odd:\n\f    x = 1\n",
    "continuations": "odd = 1 + \\\n    2\nodd2 = \\\n\\\n3\n",
    "other-line-ends": "odd = 1  # \u2028 odd2 = 3 \x85 \x0b \x1c\nodd3 = '\x1d'",
}
COMMANDS = {
    "line-magic": "%matplotlib inline\nodd = %timeit -o 3\n%%odd\n% odd",
    "shell": "!pip install odd\nodd = !ls\n!!ls\n!echo {odd}",
    "help": "odd?\nodd??\n?odd\nprint??\nodd.*a*?",
    "cell-magic": "%%time\nodd = 3",
    "bash": "%%bash\nfor x in *; do echo ${x}; done",
    "writefile": "%%writefile odd.py\nodd = (",
    "unknown-magic": "%%odd -x 'y\nodd = 3",
    "late-cell-magic": "odd = 3\n%%time\nodd2 = 4",
    "prompts": ">>> odd = 3\n... \n>>> def odd2():\n...     pass\n3",
    "in-prompts": "In [3]: odd = 3\n   ...: odd2 = 4\nOut[3]: 3",
    "auto-call": "/odd 1 2\n,odd a b\n;odd a b",
    "only-percent": "%\n%%\n!\n?",
    "escaped": "def odd():\n    %time x = 3\n    !ls\n    return x",
    "magic-with-continuation": "%odd \\\n   odd \\\n   odd\nodd = 1",
    "assigned-long": "odd = !ls \\\n  -l",
}
BROKEN = {
    "unclosed-call": "odd = print(",
    "unclosed-list": "odd = [1,\n  2,",
    "unmatched": "odd = 3)\n]\n}",
    "half-def": "def odd(x:\n    return",
    "no-body": "def odd(x):",
    "bad-indent": "odd = 1\n    odd2 = 2\n  odd3 = 3",
    "conflict": "<<<<<<< HEAD\nodd = 1\n=======\nodd = 2\n>>>>>>> other",
    "python-2": "print 'odd'\nexec 'odd'\nraise E, 'x'\nodd = 0777",
    "prose": "This cell isn't code; it's what the learner thinks (or not).",
    "double-equals": "odd = = 3\nodd2 == = 3",
    "not-python": '{"cells": [}\n<html>\nfunction odd() { return 3; }',
    "nothing": "",
    "blank": " \n\t\n\f\n   ",
}
UNCLOSED = {
    "triple-quote": 'odd = """',
    "triple-single": "odd = '''\n",
    "backslash-end": "odd = 1 + \\",
    "quote": "odd = 'abc",
    "f-brace": "odd = f'''{",
}


def _nest(opening: str, inner: str, closing: str) -> Callable[[int], str]:
    return lambda n: f"odd = {opening * n}{inner}{closing * n}"


def _repeat(line: str) -> Callable[[int], str]:
    return lambda n: "".join(line.replace("#", str(i)) for i in range(n))


def _indented(head: str) -> Callable[[int], str]:
    return lambda n: "".join(f"{' ' * i}{head}\n" for i in range(n % 120)) + " " * (n % 120) + "pass"


def _ladder(n: int) -> str:
    return "def odd(x):\n    if x: pass\n" + "".join(f"    elif x == {i}: pass\n" for i in range(n))


def _long_under(deep: str) -> Callable[[int], str]:
    """A long list below something deep: what looks at all below each level pays for it many times."""
    return lambda n: f"def odd(x):\n    return {deep.replace('#', '[0' + ',0' * n + ']')}"


MONSTERS: dict[str, tuple[int, Callable[[int], str]]] = {
    "parentheses": (100_000, _nest("(", "1", ")")),
    "brackets": (100_000, _nest("[", "", "]")),
    "braces": (50_000, _nest("{0:", "1", "}")),
    "minuses": (100_000, _nest("-", "1", "")),
    "nots": (50_000, _nest("not ", "1", "")),
    "sum": (50_000, _nest("1+", "1", "")),
    "powers": (50_000, _nest("2**", "1", "")),
    "attributes": (50_000, _nest("", "odd", ".a")),
    "calls": (50_000, _nest("", "odd", "()")),
    "subscripts": (50_000, _nest("", "odd", "[0]")),
    "lambdas": (20_000, _nest("lambda: ", "1", "")),
    "choices": (20_000, _nest("1 if 1 else ", "1", "")),
    "comprehensions": (5_000, _nest("[", "0", " for i in x]")),
    "f-strings": (200, _nest("f'{", "1", "}'")),
    "walruses": (5_000, _nest("(odd:=", "1", ")")),
    "comparisons": (50_000, _nest("1<", "1", "")),
    "chained-assignments": (20_000, _nest("odd=", "1", "")),
    "nested-ifs": (119, _indented("if 1:")),
    "nested-defs": (119, _indented("def odd():")),
    "nested-classes": (119, _indented("class Odd:")),
    "nested-tries": (40, lambda n: "".join(f"{' ' * i}try:\n" for i in range(n % 40)) + "pass"),
    "elif-ladder": (5_000, _ladder),
    "long-list": (100_000, lambda n: f"odd = [{'0,' * n}]"),
    "long-dict": (30_000, lambda n: f"odd = {{{'0:0,' * n}}}"),
    "long-string": (280_000, lambda n: f"odd = '{'x' * n}'"),
    "long-comment": (280_000, lambda n: f"# {'x ' * (n // 2)}\nodd = 1"),
    "long-name": (200_000, lambda n: f"{'o' * n} = 1"),
    "long-number": (200_000, lambda n: f"odd = {'9' * n}"),
    "long-hex": (200_000, lambda n: f"odd = 0x{'f' * n}"),
    "long-float": (200_000, lambda n: f"odd = 0.{'9' * n}"),
    "blanks": (280_000, lambda n: f"odd = 1{' ' * n}\n"),
    "blank-lines": (280_000, lambda n: "\n" * n),
    "long-line-of-signs": (100_000, lambda n: "?=%! " * (n // 5)),
    "assignments": (40_000, _repeat("odd#=1\n")),
    "same-assignment": (40_000, _repeat("odd=odd\n")),
    "semicolon-assignments": (40_000, _repeat("odd=1;")),
    "functions": (10_000, _repeat("def odd#(): return odd#\n")),
    "functions-that-need-all": (5_000, _repeat("def odd(): return odd\n")),
    "imports": (10_000, _repeat("import numpy as odd#\n")),
    "star-imports": (12_000, _repeat("from numpy import *\n")),
    "refusals": (10_000, lambda n: "def odd():\n" + " eval(1)\n" * n + " pass"),
    "decorators": (10_000, lambda n: "@odd\n" * n + "def odd(): pass"),
    "parameters": (20_000, lambda n: f"def odd({','.join(f'a{i}=0' for i in range(n))}): pass"),
    "closing-lines": (50_000, _repeat(")\n")),
    "half-defs": (20_000, _repeat("def odd#(\n")),
    "open-brackets": (20_000, _repeat("odd = (\n")),
    "open-strings": (20_000, _repeat("odd = '\n")),
    "triple-quotes": (30_000, _repeat('odd = """\n"\n')),
    "odd-lines": (20_000, _repeat("odd = = #\n")),
    "magics": (20_000, _repeat("%odd #\n")),
    "shells": (20_000, _repeat("odd = !ls #\n")),
    "questions": (20_000, _repeat("odd#?\n")),
    "magics-among-lines": (290, lambda n: "%odd\n" * (n % 20) + "x\n" * n),
    "magics-among-brackets": (290, lambda n: "%odd\n" * (n % 20) + "x = (\n" * n),
    "percent-cells": (10_000, _repeat("# %% #\nodd# = 1\n")),
    "attributes-of-long-list": (60_000, _long_under("#" + ".a" * 140)),
    "calls-of-long-list": (60_000, _long_under("#" + ".a()" * 70)),
    "comprehensions-over-long-list": (60_000, _long_under("[" * 60 + "#" + " for i in x]" * 60)),
    "lambdas-over-long-list": (60_000, _long_under("lambda: " * 120 + "#")),
    "choices-over-long-list": (60_000, _long_under("(" * 60 + "#" + " if x else 1).a" * 60)),
}

SMALL = {"syntax": SYNTAX, "command": COMMANDS, "broken": BROKEN, "unclosed": UNCLOSED}


@dataclass(frozen=True)
class Oddity:
    """A piece of odd code; `closed` tells that what stands below it is not swallowed by an open string."""

    name: str
    source: str
    closed: bool = True


def oddity(rng: Random, large: bool = False) -> Oddity:
    """A piece of odd code, small or large; large ones are large seldom, for they take long."""
    if large:
        name = rng.choice(sorted(MONSTERS))
        most, make = MONSTERS[name]
        return Oddity(f"monster {name}", make(int(most ** rng.uniform(0.1, 1.0))), closed=False)
    group = rng.choice(sorted(SMALL))
    name = rng.choice(sorted(SMALL[group]))
    return Oddity(f"{group} {name}", SMALL[group][name], group in ("syntax", "command"))
