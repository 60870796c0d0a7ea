"""What submissions to an assignment may not use: modules, and numpy functions that its exercises implement.

The rules are sent with the submission's text; in the child, `scan` reports its uses of what they forbid, and `enforce` blocks them.
"""

import sys

import msgspec

STANDARD_LIBRARY = "the standard library"  # in `imports`: all of its modules


_SAME = (frozenset({"numpy.convolve", "numpy.polymul", "numpy.polynomial.polynomial.polymul"}),)  # one computation, several names


def with_equivalents(names: tuple[str, ...]) -> tuple[str, ...]:
    """`names`, followed by the other names in numpy for the same computations."""
    others = {other for name in names for group in _SAME if name in group for other in group}
    return (*names, *sorted(others - {*names}))


class Rules(msgspec.Struct, frozen=True):
    """What may not be used.

    Attributes:
        imports: the modules that may be imported with everything in them, possibly `STANDARD_LIBRARY`; None for any.
        forbidden: numpy functions and modules by their full names (`numpy.convolve`, `scipy.signal`).
        exercises: the functions whose text is scanned.
    """

    imports: tuple[str, ...] | None = None
    forbidden: tuple[str, ...] = ()
    exercises: tuple[str, ...] = ()

    def names(self, name: str) -> bool:
        """Whether `name`, as people write it, is one of the forbidden items or in one, and not only a module that may not be imported."""
        return any(name == item or name.startswith(f"{item}.") for item in map(shown, self.forbidden))

    def forbids(self, name: str) -> str:
        """The forbidden item that covers `name`, the full name of a module or function ("" if it is allowed)."""
        for item in self.forbidden:
            if name == item or name.startswith(f"{item}."):
                return item
        top = name.partition(".")[0]
        if self.imports is None or top in ("numpy", "__future__", *self.imports) or name in self.imports:
            return ""
        if STANDARD_LIBRARY in self.imports and top in sys.stdlib_module_names:
            return ""
        return "" if any(name.startswith(f"{item}.") or item.startswith(f"{name}.") for item in self.imports) else name


def shown(name: str) -> str:
    """A full name as people write it: `np.convolve`."""
    return "np" + name.removeprefix("numpy") if name.startswith("numpy.") else name


class ForbiddenError(Exception):
    """Something was used that the assignment does not allow; the message is its name."""
