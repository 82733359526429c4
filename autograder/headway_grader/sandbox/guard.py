"""What a learner's code may not do to the interpreter that runs it and counts its loops.

The text of an answer is read before it runs; the guard stands behind that reading. It is an audit hook, which
nothing removes. A refused event raises Refused where it happens, and is noted for the judge. Our own code and
the functions of the standard library that make classes out of names, are known by their code objects; no
other code becomes theirs, since frames and new functions are refused.
"""

import ast
import builtins
import collections
import dataclasses
import functools
import opcode
import operator
import sys
import typing
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from types import CodeType, FrameType, ModuleType

from headway_course.judging.loops import count_events
from headway_course.reading.forbidden import (
    ALLOWED_IMPORTS,
    BUILTINS,
    DUNDERS_OF_NO_CLASS,
    in_attribute,
    is_dunder,
)

from headway_grader.sandbox import memory

_OURS = ("headway_grader", "headway_course")
_REFUSED_ROOTS = ("ctypes.", "_xxsubinterpreters.", "_interpreters.", "_thread.")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_REFUSED = _words(
    """sys.settrace sys.setprofile sys.monitoring.register_callback sys.addaudithook sys._getframe
    sys._current_frames sys._current_exceptions gc.get_objects gc.get_referrers gc.get_referents
    code.__new__ function.__new__ exec compile marshal.load marshal.loads pickle.find_class
    cpython.run_command cpython.run_file cpython.run_interactivehook"""
)
EVENTS = _REFUSED | {"object.__getattr__", "object.__setattr__"}
"""The refused events that have a name of Python's own."""
_FRAMES = _words("tb_frame gi_frame cr_frame ag_frame")
# What evaluating an annotation takes that only names types, such as "list[int] | None".
_NAMING = _words(
    """RESUME LOAD_NAME LOAD_CONST LOAD_ATTR BINARY_SUBSCR BINARY_OP BUILD_TUPLE BUILD_LIST RETURN_VALUE
    RETURN_CONST CACHE NOP EXTENDED_ARG"""
)


_UNNAMED = DUNDERS_OF_NO_CLASS | _words("__subclasses__ __closure__ __globals__")
_TRIED: list[str] = []  # in this process


class Refused(PermissionError):
    """A learner's code reached for the interpreter."""


@dataclass
class Guard:
    """What is refused from now on, and what of it was tried."""

    own: list[CodeType] = field(default_factory=list)  # pieces that are to run, each once
    readers: tuple[CodeType, ...] = ()  # code of ours that looks at frames
    tracing: int = 0  # how often the counter may yet set the tracer
    tried: list[str] = field(default_factory=lambda: _TRIED)

    def install(self) -> None:
        """Begins to refuse, in a process from which `hide` took us; there is no way back in it."""
        read = reader(self.tried)
        functools.getattr = reader(self.tried, {*functools.WRAPPER_ASSIGNMENTS, *functools.WRAPPER_UPDATES})
        operator.attrgetter, operator.methodcaller = _getters(read)
        memory.bound_strides()
        sys.addaudithook(_hook(self))


def learners_builtins(tried: list[str]) -> dict[str, object]:
    """The builtins without those that no answer may use; import and getattr know what is at hand."""
    names = {name: value for name, value in vars(builtins).items() if name not in BUILTINS}
    load, allowed = builtins.__import__, frozenset(ALLOWED_IMPORTS) | {"__future__"}

    def __import__(name, globals=None, locals=None, fromlist=(), level=0):
        if level == 0 and name.partition(".")[0] not in allowed:
            raise ImportError(f"{name} is not at hand")
        return load(name, globals, locals, fromlist, level)

    return names | {"__import__": __import__, "getattr": reader(tried)}


def reader(tried: list[str], names: Collection[str] = ()) -> Callable:
    """getattr for names that the text of an answer may hold, and these names."""
    get, exact, refused, permission_error = getattr, str, in_attribute, Refused

    def getattr_(value, name, *default):
        if type(name) is exact and (name in names or not refused("", name)) and type(value) is not ModuleType:
            return get(value, name, *default)
        tried.append("object.__getattr__")
        raise permission_error("this attribute is not to be read by name")

    return getattr_


def _getters(read: Callable) -> tuple[Callable, Callable]:
    """`operator`'s functions that read attributes, on a getattr of ours."""

    def attrgetter(*names):
        def get(value):
            found = tuple(functools.reduce(read, name.split("."), value) for name in names)
            return found if len(found) > 1 else found[0]

        return get

    def methodcaller(name, /, *arguments, **keywords):
        return lambda value: read(value, name)(*arguments, **keywords)

    return attrgetter, methodcaller


def hide() -> None:
    """Takes our modules, and the tracer that counts, from where a learner's code could find them.

    That is done once in the process that workers are forked from, since it touches much memory.
    """
    for name in [name for name in sys.modules if name.partition(".")[0] in _OURS]:
        del sys.modules[name]
    sys.modules["__main__"] = ModuleType("__main__")
    del sys.gettrace, sys.getprofile


def refuse(event: str) -> Refused:
    """Notes an event that is refused, and returns what to raise."""
    _TRIED.append(event)
    return Refused(f"{event} is not allowed here")


def _hook(guard: Guard) -> Callable[[str, tuple], None]:
    looking = False
    get_frame = sys._getframe
    allowed = {
        "sys._getframe": _callers(collections.namedtuple, getattr(typing, "_caller", None)),
        "sys.settrace": _callers(count_events),
        "object.__getattr__": frozenset(guard.readers),
    }
    refused, roots, frames = _REFUSED, _REFUSED_ROOTS, _FRAMES
    import_error, permission_error, tried = ImportError, Refused, guard.tried

    def hook(event: str, arguments: tuple) -> None:
        nonlocal looking
        if looking:
            return
        if event == "import":
            raise import_error(f"{arguments[0]} is not at hand")
        if event == "object.__getattr__":
            if arguments[1] not in frames:
                return
        elif event == "object.__setattr__":
            if arguments[1] != "__code__":
                return
        elif event not in refused and not event.startswith(roots):
            return
        looking = True
        try:
            frame = get_frame(1)
            if frame.f_code in allowed.get(event, ()):
                if event != "sys.settrace":
                    return
                guard.tracing -= 1
                if guard.tracing >= 0:
                    return
            if event == "compile" and _is_library(frame):
                return
            if event == "exec" and _may_run(guard, arguments[0], frame):
                return
            tried.append(event)
        finally:
            looking = False
        raise permission_error(f"{event} is not allowed here")

    return hook


def _callers(*functions: object) -> frozenset[CodeType]:
    return frozenset(function.__code__ for function in functions if hasattr(function, "__code__"))


def _is_library(frame: FrameType) -> bool:
    return any(frame.f_globals is module.__dict__ for module in (collections, dataclasses, typing, ast))


def _may_run(guard: Guard, code: CodeType, frame: FrameType) -> bool:
    for number, own in enumerate(guard.own):
        if own is code:
            del guard.own[number]
            return _UNNAMED.isdisjoint(_names(code))
    if frame.f_code is _NAMEDTUPLE:
        return True
    if frame.f_globals is typing.__dict__:
        return _only_names(code)
    return frame.f_globals is dataclasses.__dict__ and _makes_plain_dataclass(frame)


_NAMEDTUPLE = collections.namedtuple.__code__  # checks that its names are identifiers
_PROCESS_CLASS = dataclasses._process_class.__code__


def _names(code: CodeType) -> set[str]:
    """What a piece of code, and the functions and classes in it, read and set by name."""
    inner = (_names(constant) for constant in code.co_consts if type(constant) is CodeType)
    return {*code.co_names}.union(*inner)


def _only_names(code: CodeType) -> bool:
    used = {opcode.opname[operation] for operation in code.co_code[::2]}
    return used <= _NAMING and not any(name.startswith("_") for name in code.co_names)


def _makes_plain_dataclass(frame: FrameType | None) -> bool:
    """Whether `dataclass` runs this text, and the fields' names that stand in it are no more than names."""
    while frame is not None and frame.f_globals is dataclasses.__dict__:
        if frame.f_code is _PROCESS_CLASS:
            return _are_plain(frame.f_locals["fields"].values())
        frame = frame.f_back
    return False


def _are_plain(fields: Iterable[object]) -> bool:
    return all(
        type(one) is dataclasses.Field
        and type(one.name) is str
        and one.name.isidentifier()
        and not is_dunder(one.name)
        for one in fields
    )
