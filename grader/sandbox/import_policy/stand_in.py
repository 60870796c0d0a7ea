"""What stands in for a module that is not there: it accepts everything that does not ask it for a number.

    import matplotlib.pyplot as plt
    plt.rcParams["figure.figsize"] = (10, 8)       accepted
    fig, (left, right) = plt.subplots(1, 2)        accepted
    class Net(torch.nn.Module): …                  accepted
    @njit(cache=True)                              the function below it, as it is
    float(torch.tanh(x)), np.array(tensor)         ForbiddenError: "torch.tanh"

While the file is executed, a stand-in is false and empty. When an exercise is called (`Deciding.now`), it may not decide what happens
either: `if torch.cuda.is_available()` and `for batch in loader` raise there, for what they do would be made up.
"""

import dis
import sys
from collections.abc import Iterator
from types import FunctionType
from typing import Any, NoReturn

from grader.sandbox.import_policy.rules import ForbiddenError, shown

_NAME = "\0name"  # in the namespace of a stand-in, where no attribute can be called so
_UNPACKS = ("UNPACK_SEQUENCE", "UNPACK_EX")
_READABLE = ("__version__", "__name__", "__file__")
_types: dict[str, type] = {}


class Deciding:
    """Whether an exercise is running, so that a stand-in may not decide anything."""

    now = False


def stand_in(name: str) -> Any:
    """What stands in for the module or object called `name`; its type is called like the package."""
    top = name.partition(".")[0]
    kind = _types.get(top) or _types.setdefault(top, type(top, (_Anything,), {"__module__": "builtins"}))
    found = kind()
    vars(found)[_NAME] = name
    return found


def name_of(value: object) -> str:
    """What a stand-in stands for, as people write it; "" for anything else."""
    return shown(vars(value)[_NAME]) if isinstance(value, _Anything) else ""


def _itself(self: object, *_args: Any, **_kwargs: Any) -> Any:
    return stand_in(vars(self)[_NAME])


def _nothing(_self: object, *_args: Any) -> None:
    pass


def _number(self: object, *_args: Any, **_kwargs: Any) -> NoReturn:
    raise ForbiddenError(name_of(self))


def _no(self: object, *_args: Any) -> bool:
    """False, where a stand-in may decide."""
    if Deciding.now:
        _number(self)
    return False


def _text(self: object, *_args: Any) -> str:
    return f"<{name_of(self)}, not there>"


class _Base:
    """The base of a class that is derived from a stand-in."""

    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return stand_in(f"{type(self).__name__}.{name}")


class _Anything:
    def __getattr__(self, name: str) -> Any:
        if name == "__all__":
            return []
        if name.startswith("__") and name not in _READABLE:
            raise AttributeError(name)
        return stand_in(f"{vars(self)[_NAME]}.{name}")

    def __delattr__(self, name: str) -> None:
        vars(self).pop(name, None)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and not kwargs and (isinstance(args[0], FunctionType) or type(args[0]) is type):
            return args[0]  # a decorator
        return _itself(self)

    def __iter__(self) -> Iterator[Any]:
        frame = sys._getframe(1)
        step = next((step for step in dis.get_instructions(frame.f_code) if step.offset == frame.f_lasti), None)
        if step is not None and step.opname in _UNPACKS and step.arg is not None:
            count = step.arg if step.opname == "UNPACK_SEQUENCE" else (step.arg & 0xFF) + (step.arg >> 8)
            return iter([_itself(self) for _ in range(count)])
        _no(self)
        return iter(())

    def __enter__(self) -> Any:
        return self

    def __mro_entries__(self, _bases: tuple[Any, ...]) -> tuple[type, ...]:
        return (_Base,)

    def __instancecheck__(self, _value: object) -> bool:
        return False  # nothing is of a type that is not there

    __subclasscheck__ = __instancecheck__
    __exit__ = __setitem__ = __delitem__ = _nothing
    __bool__ = __contains__ = _no
    __repr__ = __format__ = _text
    __getitem__ = __lt__ = __le__ = __gt__ = __ge__ = _itself
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __matmul__ = __rmatmul__ = __truediv__ = __rtruediv__ = _itself
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = __lshift__ = __rlshift__ = __rshift__ = (
        __rrshift__
    ) = _itself
    __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = __neg__ = __pos__ = __abs__ = __invert__ = __round__ = _itself
    __float__ = __int__ = __index__ = __complex__ = __len__ = __array__ = __bytes__ = _number
