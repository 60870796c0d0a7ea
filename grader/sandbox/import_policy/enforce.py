"""Blocking, in the child, what an assignment forbids, before any student code runs.

    a numpy function       all of its names in numpy are bound to a guard. Numpy's own code can still use it (`np.polymul` uses
                           `np.convolve`): a guard inspects its caller, and raises `ForbiddenError` only for student code
    a module               `import` returns a stand-in (see `stand_in`)

The error is reported with its line and fails only the exercises that use the thing. This enforces a
rule of the course and is not a security boundary: code that finds the function by introspection stays as locked down as before.
"""

import builtins
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from types import ModuleType
from typing import Any

from grader.sandbox.import_policy.rules import ForbiddenError, Rules, shown
from grader.sandbox.import_policy.stand_in import stand_in

# Where numpy has another function of the same name (the compiled part and masked arrays), and other names that it uses there.
_COMPILED = [f"{core}.{name}" for core in ("numpy._core", "numpy.core") for name in ("multiarray", "_multiarray_umath", "umath")]
_TWINS = frozenset([*_COMPILED, "numpy.ma", "numpy.ma.core", "numpy.ma.extras"])
_READABLE = ("__name__", "__qualname__", "__module__", "__doc__")
_OTHER_NAMES = {"correlate": "correlate2", "einsum": "c_einsum", "interp": "compiled_interp"}


def enforce(rules: Rules, modules: Collection[str]) -> dict[str, Any] | None:
    """Block what `rules` forbid; returns the builtins for the submission's `modules` (None: the usual ones)."""
    functions = [name for name in rules.forbidden if name.startswith("numpy.")]
    places = {place: module for place, module in sys.modules.items() if _is_numpy(place) and isinstance(module, ModuleType)}
    for name in functions:
        _guard(name, places)
    if rules.imports is None and len(functions) == len(rules.forbidden):
        return None
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
    """Replaces a forbidden function, and behaves like it for numpy's own code."""

    __slots__ = ("__original", "__own", "__shown")

    def __init__(self, original: Any, name: str, own: str) -> None:
        self.__original, self.__shown, self.__own = original, shown(name), own

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not _called_by_numpy(self.__own):
            raise ForbiddenError(self.__shown)
        return self.__original(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name in _READABLE or _called_by_numpy(self.__own):
            return getattr(self.__original, name)
        raise AttributeError(name) if name.startswith("__") else ForbiddenError(self.__shown)

    def __repr__(self) -> str:
        return f"<{self.__shown}, not allowed here>"


def _called_by_numpy(own: str) -> bool:
    """Whether the innermost frames on the stack are numpy's, up to one whose code names the function `own`.

    Code that was only passed the function (`np.apply_along_axis(np.convolve, …)`) does not name it, and a function of the same name that
    merely wraps it (`np.ma.convolve`) does not count.
    """
    frame = sys._getframe(2)
    while frame is not None:
        place = frame.f_globals.get("__name__", "")
        module = sys.modules.get(place) if isinstance(place, str) and _is_numpy(place) else None
        if module is None or vars(module) is not frame.f_globals:
            return False
        if own in frame.f_code.co_names:
            return frame.f_code.co_name != own
        frame = frame.f_back  # type: ignore[assignment]
    return False


def _is_numpy(place: str) -> bool:
    return place == "numpy" or place.startswith("numpy.")


def _importer(rules: Rules, modules: Collection[str]) -> Callable[..., Any]:
    """The `__import__` of the student's modules."""
    usual = builtins.__import__

    def importer(name: str, globals: Any = None, locals: Any = None, fromlist: Sequence[str] = (), level: int = 0) -> Any:
        top = name.partition(".")[0]
        own = level > 0 or top == "numpy" or top in modules
        if not own and any(map(rules.forbids, (name, *(f"{name}.{item}" for item in fromlist or ())))):
            return stand_in(name if fromlist else top)
        return usual(name, globals, locals, fromlist, level)

    return importer
