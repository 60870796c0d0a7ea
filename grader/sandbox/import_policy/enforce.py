"""Blocking, in the child, what an assignment forbids and what is not there, before any student code runs.

    a numpy function       all of its names in numpy are bound to a guard. Numpy's own code can still use it (`np.polymul` uses
                           `np.convolve`), and so can that of other libraries: a guard inspects its caller, and raises
                           `ForbiddenError` only for student code
    a module               `import` returns a stand-in (see `stand_in`), as for one that is not there at all

    loading numpy anew     fails: a second copy would have no guards

The error is reported with its line and fails only the exercises that use the thing. This enforces a rule of the course and is not a
security boundary: Python keeps nothing from code in the same process, and code that finds the function by introspection (a closure's
cells, `gc`) stays as locked down as before.
"""

import builtins
import contextlib
import functools
import gc
import os
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple

from grader.sandbox.import_policy.libraries import NEEDED, is_library
from grader.sandbox.import_policy.rules import ForbiddenError, Rules, shown
from grader.sandbox.import_policy.stand_in import stand_in

# Where numpy has another function of the same name (the compiled part and masked arrays), and other names that it uses there.
_COMPILED = [f"{core}.{name}" for core in ("numpy._core", "numpy.core") for name in ("multiarray", "_multiarray_umath", "umath")]
_TWINS = frozenset([*_COMPILED, "numpy.ma", "numpy.ma.core", "numpy.ma.extras"])
_READABLE = ("__name__", "__qualname__", "__module__", "__doc__")
_OTHER_NAMES = {"correlate": "correlate2", "einsum": "c_einsum", "interp": "compiled_interp"}


def enforce(rules: Rules, modules: Collection[str]) -> dict[str, Any]:
    """Block what `rules` forbid; returns the builtins for the submission's `modules`."""
    functions = [name for name in rules.forbidden if name.startswith("numpy.")]
    for name in functions:  # load what numpy loads on first use
        with contextlib.suppress(AttributeError):
            find(name)
    if functions:  # else a child would touch all modules there are for nothing
        places = {place: module for place, module in sys.modules.items() if _is_numpy(place) and isinstance(module, ModuleType)}
        for name in functions:
            _guard(name, places)
        _refuse_copies()
    return {**vars(builtins), "__import__": _importer(rules, modules)}


def find(name: str) -> Any:
    """The object called `numpy.a.b`; `AttributeError` if numpy does not have it."""
    found: Any = sys.modules["numpy"]
    for part in name.split(".")[1:]:
        found = getattr(found, part)
    return found


def guardable(found: object) -> bool:
    """Whether a guard can replace it: functions, ufuncs and modules of them, but not classes, because `isinstance` needs those."""
    return isinstance(found, ModuleType) or (callable(found) and not isinstance(found, type))


def _guard(name: str, places: Mapping[str, ModuleType]) -> None:
    """Replace `name`, or each function in it if it is a module, by a guard in all of numpy's modules."""
    try:
        original = find(name)
    except AttributeError:  # this numpy does not have it
        return
    if isinstance(original, ModuleType):
        for part in getattr(original, "__all__", ()):
            if callable(vars(original).get(part)) and not isinstance(vars(original)[part], type):
                _guard(f"{name}.{part}", places)
        return
    above, _, own = name.rpartition(".")
    for place, module in places.items():
        twin = above == "numpy" and place in _TWINS
        for other in (own, *([_OTHER_NAMES[own]] if twin and own in _OTHER_NAMES else [])):
            found = vars(module).get(other)
            if found is original or (twin and callable(found) and not isinstance(found, _Guard | type)):
                setattr(module, other, _Guard(found, name, other))


class _Guard:
    """Replaces a forbidden function, and behaves like it for the code of numpy and of other libraries."""

    __slots__ = ("__get", "__shown")

    def __init__(self, original: Any, name: str, own: str) -> None:
        def get(attribute: str = "") -> Any:
            if attribute not in _READABLE and not _called_by_a_library(own):
                raise AttributeError(attribute) if attribute.startswith("__") else ForbiddenError(self.__shown)
            return getattr(original, attribute) if attribute else original

        self.__get, self.__shown = get, shown(name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.__get()(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return self.__get(name)

    def __repr__(self) -> str:
        return f"<{self.__shown}, not allowed here>"


def _called_by_a_library(own: str) -> bool:
    """Whether the innermost frames on the stack are a library's, up to one whose code names the function `own`.

    Code that was only passed the function (`np.apply_along_axis(np.convolve, …)`) does not name it, and a function of the same name that
    merely wraps it (`np.ma.convolve`) does not count.
    """
    modules, _files, codes = own_code()
    frame = sys._getframe(3)  # beyond this one, `get` and the guard's method
    while frame is not None:
        place = frame.f_globals.get("__name__", "")
        module = sys.modules.get(place) if isinstance(place, str) and is_library(place) else None
        if module is None or vars(module) is not frame.f_globals or (place in modules and id(frame.f_code) not in codes):
            return False
        if own in frame.f_code.co_names:
            return frame.f_code.co_name != own
        frame = frame.f_back  # type: ignore[assignment]
    return False


class _Own(NamedTuple):
    """What is the libraries' own: the modules that are loaded, numpy's files, and the code objects of their functions by `id`."""

    modules: frozenset[str]
    files: frozenset[str]
    codes: dict[int, CodeType]


@functools.cache
def own_code() -> _Own:
    """What is the libraries' at the first call. What is executed in the namespace of such a module later is not."""
    functions = (item for item in gc.get_objects() if isinstance(item, FunctionType))
    waiting = [item.__code__ for item in functions if is_library(str(item.__globals__.get("__name__") or ""))]
    codes: dict[int, CodeType] = {}
    while waiting:
        code = waiting.pop()
        if id(code) not in codes:
            codes[id(code)] = code
            waiting += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    modules = {place: module for place, module in sys.modules.items() if is_library(place)}
    of_numpy = (getattr(module, "__file__", None) for place, module in modules.items() if _is_numpy(place))
    files = frozenset(name for file in of_numpy if file for name in (file, os.path.realpath(file)))
    return _Own(frozenset(modules), files, codes)


def _is_numpy(place: str) -> bool:
    return place == "numpy" or place.startswith("numpy.")


def _refuse_copies() -> None:
    """From now on, numpy's files can be neither executed nor loaded once more in this process."""
    files = own_code().files

    def refuse(event: str, args: tuple[Any, ...]) -> None:
        if event == "import" and args[1]:
            file = args[1]  # a compiled module
        elif event == "exec" and isinstance(args[0], CodeType) and args[0].co_name == "<module>":
            file = args[0].co_filename
        else:
            return
        with contextlib.suppress(
            OSError
        ):  # no file can be looked at, or opened: then the name that Python uses itself is all there is
            file = os.path.realpath(file)
        if file in files:
            raise ImportError("numpy is loaded already, and cannot be loaded once more here")

    sys.addaudithook(refuse)


def _importer(rules: Rules, modules: Collection[str]) -> Callable[..., Any]:
    """The `__import__` of the student's modules."""
    usual = builtins.__import__

    def importer(name: str, globals: Any = None, locals: Any = None, fromlist: Sequence[str] = (), level: int = 0) -> Any:
        top = name.partition(".")[0]
        own = level > 0 or top == "numpy" or top in modules
        if not own and top in NEEDED:
            return stand_in(name if fromlist else top)
        if not own and any(map(rules.forbids, (name, *(f"{name}.{item}" for item in fromlist or ())))):
            return stand_in(name if fromlist else top)
        try:
            return usual(name, globals, locals, fromlist, level)
        except ModuleNotFoundError as error:
            if own or (error.name or "").partition(".")[0] != top or top in sys.stdlib_module_names:
                raise
            return stand_in(name if fromlist else top)

    return importer
