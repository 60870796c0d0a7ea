"""What the code of one assignment may not use: modules, and functions of numpy that its exercises are about to write.

It travels with the submission's text, and the child keeps it: `uses` looks the text through, `forbid` takes the things away.
"""

import sys

import msgspec

STANDARD_LIBRARY = "the standard library"  # stands in `imports` for all of its modules


class Rules(msgspec.Struct, frozen=True):
    """What may not be used.

    Attributes:
        imports: the modules that may be imported, with all that is in them, and maybe `STANDARD_LIBRARY`; None for any.
        forbidden: functions of numpy, and modules, by their full names (`numpy.convolve`, `scipy.signal`).
        exercises: the functions whose text is looked through.
    """

    imports: tuple[str, ...] | None = None
    forbidden: tuple[str, ...] = ()
    exercises: tuple[str, ...] = ()

    def forbids(self, name: str) -> str:
        """What of the rules it is that forbids `name`, a module's or a function's full name ("" when nothing does)."""
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
    """Raised where something is used that the assignment does not allow; the message is its name."""
