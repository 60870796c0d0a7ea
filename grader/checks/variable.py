"""The variable of a gradient: an argument that is an array, or one array of an argument that is a list of arrays."""

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from grader.checks.draft import Cases, PlanError

Array = NDArray[np.float64]


class Variable(msgspec.Struct, frozen=True):
    """An array among the arguments; `item` is its index where the argument `name` is a list of arrays."""

    name: str
    item: int | None = None

    def __str__(self) -> str:
        return self.name if self.item is None else f"{self.name}[{self.item}]"

    def of(self, arguments: dict[str, Any]) -> Any:
        """Its value among `arguments`."""
        value = arguments[self.name]
        return value if self.item is None else value[self.item]

    def moved(self, arguments: dict[str, Any], move: Array) -> dict[str, Any]:
        """`arguments` with `move` added to this variable; a float stays one."""
        value = self.of(arguments) + move
        if isinstance(self.of(arguments), float):
            value = float(value)  # a 0-d array could be changed in place (`z = b; z += …`), a float cannot
        if self.item is not None:
            items = list(arguments[self.name])
            items[self.item] = value
            value = items
        return {**arguments, self.name: value}

    def units(self, arguments: dict[str, Any]) -> Iterator[Array]:
        """One direction along each coordinate."""
        shape = np.shape(self.of(arguments))
        for place in range(int(np.prod(shape))):
            unit = np.zeros(shape)
            unit.flat[place] = 1.0
            yield unit


def variables(name: str, arguments: dict[str, Any]) -> tuple[Variable, ...]:
    """The variables of the argument `name`: one, or one for each array of a list."""
    value = arguments.get(name)
    return tuple(Variable(name, item) for item in range(len(value))) if isinstance(value, list | tuple) else (Variable(name),)


def zeros_like(value: Any) -> Any:
    """Zeros in the form of an argument: an array, or a list of arrays."""
    return [np.zeros(np.shape(item)) for item in value] if isinstance(value, list | tuple) else np.zeros(np.shape(value))


def require_floats(names: tuple[str, ...], arguments: dict[str, Any], cases: Cases) -> None:
    """Raise PlanError unless these arguments of a case are float64 arrays, or lists of them."""
    for name in names:
        for variable in variables(name, arguments):
            if name not in arguments or np.asarray(variable.of(arguments)).dtype != np.float64:
                raise PlanError(
                    f"wrt={name!r} is not a float64 array in a case of {cases.__name__}",
                    "numeric gradients need float64",
                )
