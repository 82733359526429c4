"""Shuts the known ways from numpy into memory that is not an array's: there lies the counter of loops.

numpy believes whoever names an address, and lets an array outlive its memory. In the process that workers are
forked from, what does so is replaced in the classes of numpy and Python themselves, where no name leads round
it. Whatever is wrong with numpy's own C stays as it is.
"""

import builtins
import ctypes
import gc
import sys
from collections.abc import Callable, Iterator
from math import prod
from operator import index
from types import MappingProxyType, ModuleType

import numpy as np
from headway_course.reading.forbidden import DUNDERS_OF_NO_CLASS

_INTERFACES = ("__array_interface__", "__array_struct__")
_OF_NO_CLASS = DUNDERS_OF_NO_CLASS - {"__dict__"}  # which every class has
_POINTERS = ("ctypes", "_ctypes", "cffi", "_cffi_backend")
_TP_NEW = 312  # where a class keeps what makes its instances, in Python 3.11 to 3.13
_replaced: list[object] = []  # kept, since C goes on with what was there before
# Bound before a learner's code runs, which may rebind the names of modules.
__builtins__ = dict(vars(builtins))
_array, _dtype, _byte, _over = np.ndarray, np.dtype, np.uint8, np.frombuffer
_type_of = vars(np.ndarray)["dtype"].__get__


def shut(refuse: Callable[[str], Exception]) -> None:
    """Shuts them; refuse notes what was tried, under an event's name, and returns what to raise."""
    _ask_nobody_for_addresses(refuse)
    _keep_arrays_on_their_memory()
    _keep_types_as_they_are()
    _keep_strings_where_they_lie()
    _keep_objects_from_being_numbers()
    for name in ("close", "__exit__"):  # else what the iterator gave would outlive it
        _replace(np.nditer, name, lambda self, *error: None)
    del sys.modules["numpy.lib._npyio_impl"].BagObj.__getattribute__  # it answers for any name
    _keep_generators()
    _forget_pointers()


def bound_strides() -> None:
    """Has `as_strided` make views that stay within their array's memory: numpy looks whether they do.

    Of a number numpy makes views for their shape alone, as in np.vectorize: all of one number.
    """
    tricks = sys.modules["numpy.lib._stride_tricks_impl"]
    np.lib.stride_tricks.as_strided = tricks.as_strided = _within(tricks._maybe_view_as_subclass)
    del tricks.DummyArray  # it names addresses


def _ask_nobody_for_addresses(refuse: Callable[[str], Exception]) -> None:
    """No class of a learner's says where an array lies, and what an instance says is not heard.

    A property of `object` comes before what an instance holds, but not before what its class has. Each class
    is looked at when it is made, and when an attribute of it is set by name.
    """
    for name in _INTERFACES:
        _replace(object, name, property())
    for kind in {*_kinds(object)}:  # not all of them go on to that of `object`
        if own := vars(kind).get("__init_subclass__"):
            _replace(kind, "__init_subclass__", classmethod(_looked_at(own, refuse)))
    _replace(type, "__setattr__", _named(type.__setattr__, refuse))
    builtins.setattr = _named(setattr, refuse)


def _looked_at(own: classmethod, refuse: Callable[[str], Exception]) -> Callable:
    def __init_subclass__(cls, /, *arguments, **keywords):
        # A metaclass could hide its classes, and a module answers for names that it has not.
        if not _OF_NO_CLASS.isdisjoint(vars(cls)) or issubclass(cls, (type, ModuleType)):
            raise refuse("object.__setattr__")
        own.__get__(None, cls)(*arguments, **keywords)

    return __init_subclass__


def _named(set_: Callable, refuse: Callable[[str], Exception]) -> Callable:
    def __setattr__(value, name, new, /):
        if type(name) is not str or name in DUNDERS_OF_NO_CLASS:
            raise refuse("object.__setattr__")
        set_(value, name, new)

    return __setattr__


def _keep_arrays_on_their_memory() -> None:
    methods = dict(vars(np.ndarray))
    _replace(np.ndarray, "strides", property(methods["strides"].__get__))
    view, flat, base = methods["view"], methods["flat"], vars(np.flatiter)["base"]
    # An iterator goes by what the array was, and the size of its elements can be set: so it gets its own.
    _replace(np.ndarray, "flat", property(lambda self: flat.__get__(view(self)), flat.__set__))
    _replace(np.flatiter, "base", property(lambda self: view(base.__get__(self))))
    _replace(np.broadcast, "iters", property())
    _replace(np.ndarray, "resize", _same_memory(methods["resize"], methods["size"].__get__))
    _replace(np.ndarray, "__setstate__", _unpickled)
    _make_with(np.ndarray, _made(_maker(np.ndarray)))


def _same_memory(resize: Callable, size: Callable) -> Callable:
    def resize_(self, *shape, refcheck=True):
        """Other arrays may look at this memory, and numpy cannot know of all."""
        sizes = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple | list) else shape
        sizes = tuple(map(index, sizes))
        if prod(sizes) != size(self):
            raise ValueError("the memory of an array does not change: use np.resize(array, shape)")
        resize(self, sizes, refcheck=False)

    return resize_


def _unpickled(self, state):
    raise ValueError("arrays are not unpickled here")


def _keep_types_as_they_are() -> None:
    """What a type of elements says of itself is a copy, and a copied type keeps to what its original says."""
    describe, fields, set_state = np.dtype.__reduce__, vars(np.dtype)["fields"], np.dtype.__setstate__

    def fields_of(self):
        own = fields.__get__(self)
        return own if own is None else MappingProxyType(dict(own))

    def __reduce__(self):
        make, arguments, state = describe(self)
        return make, arguments, tuple(dict(part) if type(part) is dict else part for part in state)

    def __setstate__(self, state):
        own = describe(self)[2]
        if type(state) is not tuple or state[2:] != own[2:]:
            raise ValueError("types of elements are not unpickled here")
        set_state(self, (*state[:2], *own[2:]))  # the order of bytes

    _replace(np.dtype, "fields", property(fields_of))
    _replace(np.dtype, "__reduce__", __reduce__)
    _replace(np.dtype, "__setstate__", __setstate__)


def _keep_strings_where_they_lie() -> None:
    """Types of strings of any length are equal, and keep their strings in different places."""
    get, set_ = np.ndarray.getfield, np.ndarray.setfield

    def getfield(self, dtype, offset=0):
        return get(self, _no_strings(dtype), offset)

    def setfield(self, val, dtype, offset=0):
        set_(self, val, _no_strings(dtype), offset)

    _replace(np.ndarray, "getfield", getfield)
    _replace(np.ndarray, "setfield", setfield)
    np._core._internal._view_is_safe.__code__ = _view_is_safe.__code__  # C knows the function


def _view_is_safe(oldtype, newtype):
    """As numpy's own, but for strings."""
    if oldtype is newtype or (oldtype == newtype and oldtype.base.char != "T"):
        return
    if oldtype.hasobject or newtype.hasobject:
        raise TypeError("Cannot change data-type for array of references.")


def _no_strings(dtype: object) -> np.dtype:
    dtype = _dtype(dtype)
    if dtype.base.char == "T":
        raise TypeError("strings are not to be had as fields")
    return dtype


def _keep_objects_from_being_numbers() -> None:
    """An array of objects shows its memory to nobody: numbers written there would be taken for objects."""
    data, look = vars(np.ndarray)["data"], _maker(memoryview)

    def __new__(cls, object):
        return look(cls, (_numbers(object),), {})

    def frombuffer(buffer, dtype=float, count=-1, offset=0, *, like=None):
        return _over(_numbers(buffer), dtype, count, offset)

    _replace(np.ndarray, "data", property(lambda self: data.__get__(_numbers(self))))
    _make_with(memoryview, __new__)
    for module in (np, np._core, np._core.multiarray, np._core.numeric, np._core._multiarray_umath):
        module.frombuffer = frombuffer
    np.ma.frombuffer = np.ma.core.frombuffer = frombuffer


def _numbers(buffer: object) -> object:
    """The same, if what lies in it is no objects."""
    if issubclass(type(buffer), _array) and _type_of(buffer).hasobject:
        raise TypeError("an array of objects does not show its memory")
    return buffer


def _made(make: Callable) -> Callable:
    def __new__(cls, shape, dtype=float, buffer=None, offset=0, strides=None, order=None):
        """An array over a buffer, which holds on to it, and takes no numbers there for objects."""
        dtype = _dtype(dtype)
        if not (issubclass(type(cls), type) and issubclass(cls, _array)):
            raise TypeError("an array's class is ndarray or made from it")
        if dtype.hasobject and (buffer is not None or strides is not None):
            raise TypeError("an array of objects has memory of its own")
        buffer = None if buffer is None else _over(_numbers(buffer), _byte)
        return make(cls, (shape, dtype, buffer, offset, strides, order), {})

    return __new__


def _within(as_subclass: Callable) -> Callable:
    def as_strided(x, shape=None, strides=None, subok=False, writeable=True):
        if not isinstance(x, np.ndarray):
            x, strides = np.asarray(x), (0,) * len(shape or ()) if strides is None else strides
        x = np.array(x, copy=None, subok=subok)
        shape = x.shape if shape is None else tuple(shape)
        strides = x.strides if strides is None and not x.flags.c_contiguous else strides
        memory = _memory(x)
        start = _address(x) - _address(memory)
        try:
            view = np.ndarray(shape, x.dtype, memory, start, strides)
        except (TypeError, ValueError) as error:
            raise ValueError(f"the strides lead out of the array's memory ({error})") from None
        view.flags.writeable &= writeable and x.flags.writeable
        return as_subclass(x, view)

    return as_strided


def _memory(x: np.ndarray) -> np.ndarray:
    """All of the memory in which an array lies, in one piece."""
    while isinstance(x.base, np.ndarray):
        x = x.base
    x = np.asarray(x)
    x = x.transpose(np.argsort(x.strides)[::-1])
    if x.dtype.hasobject or not x.flags.c_contiguous:
        raise ValueError("as_strided takes arrays of numbers that lie in one piece of memory")
    return x


def _address(x: np.ndarray) -> int:
    return x.__array_interface__["data"][0]


def _keep_generators() -> None:
    """A capsule leads to a generator's memory and does not hold it: whoever was asked for one stays."""
    capsule, kept = vars(np.random.BitGenerator)["capsule"], []

    def keep(self):
        kept.append(self)
        return capsule.__get__(self)

    _replace(np.random.BitGenerator, "capsule", property(keep))


def _forget_pointers() -> None:
    """Takes the modules that make addresses into values from where they could be looked up."""
    for name in _POINTERS:
        sys.modules.pop(name, None)
    for module in list(sys.modules.values()):
        names = getattr(module, "__dict__", {})
        for name in [name for name, value in names.items() if _points(value)]:
            del names[name]


def _points(value: object) -> bool:
    if isinstance(value, ModuleType):
        return value.__name__.partition(".")[0] in _POINTERS
    return getattr(value if isinstance(value, type) else type(value), "__module__", "") in _POINTERS


def _replace(kind: type, name: str, value: object) -> None:
    """Gives a class of C's another attribute."""
    (names,) = gc.get_referents(vars(kind))
    _replaced.append(names.get(name))
    names[name] = value
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


def _maker(kind: type) -> Callable:
    """What makes a class's instances now, to be called with the class, arguments and keywords."""
    return ctypes.PYFUNCTYPE(*[ctypes.py_object] * 4)(_new(kind).value)


def _make_with(kind: type, new: Callable) -> None:
    """A function of Python's makes a class's instances, and those of subclasses that have none for theirs."""
    _replace(kind, "__new__", staticmethod(new))
    of_c, of_python = _new(kind).value, _new(np.recarray).value
    if of_python in (of_c, None) or of_python != _new(np.memmap).value:
        raise RuntimeError(
            f"Python {sys.version.split()[0]} keeps its classes in a way that is not known here"
        )
    for one in {*_kinds(kind)}:
        if _new(one).value == of_c:
            _new(one).value = of_python


def _new(kind: type) -> ctypes.c_void_p:
    return ctypes.c_void_p.from_address(id(kind) + _TP_NEW)


def _kinds(kind: type) -> Iterator[type]:
    yield kind
    for one in type.__subclasses__(kind):
        yield from _kinds(one)
