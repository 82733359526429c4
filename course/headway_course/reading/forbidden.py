"""What an answer may not use, by name, each with what to do instead. One list, read by the policy."""

import warnings
from functools import cache
from importlib import import_module
from types import ModuleType

ALLOWED_IMPORTS = (
    "numpy",
    "math",
    "typing",
    "dataclasses",
    "collections",
    "functools",
    "itertools",
    "operator",
    "headway",
)
"""What an answer may import; of `headway` it gets the functions of earlier exercises, and nothing else."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_IMPORTS = f"of the modules only {', '.join(ALLOWED_IMPORTS[:-1])} are at hand"
_FILES = "an answer gets its data as arguments and returns its result"
_INSIDE = "use numpy's public functions"
_TEXT = "write the code itself instead of text that is run"
NAMES = "use the names themselves"
_VALUE = "make a new value and return it"
_FRAMES = "an answer works on its arguments, not on the interpreter"

BUILTINS = {
    "eval": _TEXT,
    "exec": _TEXT,
    "compile": _TEXT,
    "__import__": _IMPORTS,
    "open": _FILES,
    "input": _FILES,
    "globals": NAMES,
    "locals": NAMES,
    "vars": NAMES,
    "breakpoint": "take it out before handing in",
    "setattr": _VALUE,
    "delattr": _VALUE,
    "get_ipython": "an answer is plain Python, without magics",
}
GETATTR = "write the attribute itself, as in `Z.shape`"
MODULE = "write its name where you use it, as in `np.exp`"
IMPORT_ABOVE = "import it at the top"
READERS = {
    "getattr": GETATTR,
    "type": "call it with one thing, as in `type(Z)`, and write `class` to make a class",
}
"""Builtins that have honest uses, and others for which text is no guide."""

_NUMPY_PARTS = _words(
    """linalg fft random ma polynomial char strings rec typing dtypes exceptions emath matlib
    lib.stride_tricks lib.scimath lib.array_utils lib.mixins"""
)
_FILE_DOORS = _words(
    """load save savez savez_compressed savetxt loadtxt genfromtxt fromregex memmap fromfile tofile
    DataSource dump dumps"""
)
_INNER_DOORS = _words("ctypeslib ctypes f2py testing test distutils core compat")
_TEXT_DOORS = _words("get_type_hints ForwardRef evaluate_forward_ref")
_FRAME_DOORS = _words(
    """gi_frame gi_code gi_yieldfrom cr_frame cr_code cr_await cr_origin ag_frame ag_code ag_await tb_frame
    tb_next tb_lasti f_back f_globals f_locals f_builtins f_code f_trace f_trace_lines f_trace_opcodes
    func_globals func_code co_code co_consts obj"""
)
_MODULE_DOORS = _words("sys os builtins inspect importlib subprocess threading pickle gc _sys _os")
# On a value of unknown kind these may be a learner's own attribute (`block.core`): refused on numpy only.
_ORDINARY = _words("load save core test testing compat gc os dump dumps")

DUNDER_NAMES = frozenset({"__name__", "__doc__", "__debug__", "__file__", "__class__", "__version__"})
_DUNDERS_READ = frozenset(
    f"__{name}__"
    for name in _words(
        """class name qualname doc version init new post_init call len bool int float index hash str repr
    format eq ne lt le gt ge add radd iadd sub rsub isub mul rmul imul truediv rtruediv floordiv
    rfloordiv mod rmod pow rpow matmul rmatmul neg pos abs invert and rand or ror xor rxor lshift rshift
    round contains getitem setitem iter next reversed enter exit dataclass_fields match_args slots"""
    )
)
_DUNDERS_SET = frozenset({"__name__", "__qualname__", "__doc__"})
DUNDERS_OF_NO_CLASS = _words(
    """__del__ __reduce__ __reduce_ex__ __getattribute__ __array_interface__ __array_struct__
    __array_function__ __array_ufunc__ __array_finalize__ __array_wrap__ __buffer__ __release_buffer__
    __getattr__ __dict__ __init_subclass__ __set_name__"""
)
"""What no class of an answer's may define."""


def is_dunder(name: str) -> bool:
    """Whether this is one of Python's own names, such as `__code__`."""
    return name.startswith("__") and name.endswith("__") and len(name) > 4


def in_import(module: str) -> str:
    """What to do instead of importing a module; "" if it may be imported."""
    root, _, rest = module.partition(".")
    if root not in ALLOWED_IMPORTS:
        return _IMPORTS
    return _INSIDE if root == "numpy" and rest and not _numpy_part(rest) else ""


def in_attribute(path: str, attribute: str) -> str:
    """What to do instead of reading an attribute of an imported thing ("" if unknown); "" if fine."""
    if is_dunder(attribute):
        return "" if attribute in _DUNDERS_READ else _FRAMES
    if attribute in _FRAME_DOORS:
        return _FRAMES
    if attribute in _TEXT_DOORS:
        return _TEXT
    if not path and attribute in _ORDINARY:
        return ""
    for doors, instead in ((_FILE_DOORS, _FILES), (_INNER_DOORS, _INSIDE)):
        if attribute in doors:
            return instead
    if attribute in _MODULE_DOORS:
        return _IMPORTS
    return in_module(path, attribute) if path else ""


def in_module(path: str, attribute: str) -> str:
    """What to do instead of reading a module's private attribute, or another module in it; "" if fine."""
    owner = _object(path)
    if not isinstance(owner, ModuleType):
        return ""
    if attribute.startswith("_"):
        return _INSIDE
    value = _object(f"{path}.{attribute}")
    return in_import(value.__name__) if isinstance(value, ModuleType) else ""


def is_module(path: str) -> bool:
    """Whether this stands for a module."""
    return isinstance(_object(path), ModuleType)


def in_class(name: str) -> str:
    """What to do instead of defining this name in a class; "" if a class may."""
    return "return plain arrays and numbers" if name in DUNDERS_OF_NO_CLASS else ""


def in_setting(path: str, attribute: str) -> str:
    """What to do instead of setting an attribute of an imported thing, or a dunder; "" if it may be set."""
    if path:
        return "leave the libraries as they are"
    return _VALUE if is_dunder(attribute) and attribute not in _DUNDERS_SET else ""


def _numpy_part(path: str) -> bool:
    """Whether numpy.PATH is one of its public parts, or on the way to one."""
    return any(f"{path}.".startswith(f"{part}.") or part.startswith(f"{path}.") for part in _NUMPY_PARTS)


@cache
def _object(path: str) -> object:
    """What an allowed, imported name stands for; None for what is not there."""
    root, *attributes = path.split(".")
    if root not in ALLOWED_IMPORTS:
        return None
    found = import_module(root)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for attribute in attributes:
            try:
                if root == "headway" and found.__name__ == root:
                    import_module(f"{root}.{attribute}")
                found = getattr(found, attribute)
            except Exception:  # also what numpy raises for names it has removed
                return None
    return found
