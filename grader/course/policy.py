"""What an assignment forbids to use, as its author declares it in `checks.py`.

    rules = policy(
        imports=(STANDARD_LIBRARY,),
        forbidden=("np.convolve", "np.correlate", "np.polymul"),
        instead=_("add up the products yourself, with loops or by slicing"),
    )

It costs the exercises that use it, in their own text or in a helper's, and no others; a stray import costs nothing. What is said comes from
the text, before any of it runs; what holds is that it is not there (see `sandbox.forbid`).
"""

from collections.abc import Sequence

import msgspec

from grader.sandbox.import_policy.rules import STANDARD_LIBRARY, Rules
from grader.sandbox.import_policy.rules import shown as shown_as
from grader.text.language import gettext as _
from grader.text.language import marked

LIBRARY = marked("the standard library")


class Policy(msgspec.Struct, frozen=True):
    """The modules that may be imported (None: any), the names that are forbidden, and what a student reads of what to do `instead`."""

    imports: tuple[str, ...] | None
    forbidden: tuple[str, ...]
    instead: str

    @property
    def importable(self) -> str:
        """What may be imported, where not everything may: «numpy, the standard library»."""
        names = dict.fromkeys(("numpy", *(self.imports or ())))
        return ", ".join(_(LIBRARY) if name == STANDARD_LIBRARY else name for name in names)

    def statement(self) -> str:
        """What a student reads about it beforehand."""
        said = []
        if self.imports is not None:
            said.append(_("What may be imported here: {modules}.").format(modules=self.importable))
        if self.forbidden:
            names = ", ".join(f"`{shown_as(name)}`" for name in self.forbidden)
            said.append(_("Not to be used here: {names}; {instead}.").format(names=names, instead=_(self.instead)))
        return " ".join([*said, _("An exercise that uses anything else earns nothing; the others keep their points.")])

    def names(self, shown: str) -> bool:
        """Whether something that a student used is forbidden by name, and not only left out of `imports`."""
        return any(shown == shown_as(item) or shown.startswith(f"{shown_as(item)}.") for item in self.forbidden)

    def rules(self, exercises: Sequence[str]) -> Rules:
        """What is sent with a submission whose functions are `exercises`."""
        return Rules(self.imports, self.forbidden, tuple(exercises))


def policy(imports: tuple[str, ...] | None = (STANDARD_LIBRARY,), forbidden: tuple[str, ...] = (), instead: str = "") -> Policy:
    """Declare what the assignment forbids (see the module's example).

    Args:
        imports: the modules that may be imported, with all that is in them; numpy always may. `STANDARD_LIBRARY` means all of
            Python's own, which is the default; None means any module.
        forbidden: functions (and modules) of numpy, which numpy's own code goes on using, and other modules.
        instead: what to write instead.
    """
    if isinstance(imports, str) or isinstance(forbidden, str):
        raise TypeError("imports and forbidden take tuples of names")
    if forbidden and not instead.strip():
        raise ValueError("say what to write instead: it is what a student reads")
    names = tuple("numpy" + name.removeprefix("np") if name.partition(".")[0] == "np" else name for name in forbidden)
    for name in names:
        _verify(name)
    return Policy(None if imports is None else tuple(imports), names, instead.strip())


def _verify(name: str) -> None:
    from grader.sandbox.import_policy.enforce import find, guardable

    if name == "numpy":
        raise ValueError("numpy itself cannot be forbidden")
    if not name.startswith("numpy."):
        return
    try:
        found = find(name)
    except AttributeError:
        raise ValueError(f"numpy has no {name.removeprefix('numpy.')!r}") from None
    if not guardable(found):
        raise ValueError(f"{name} is a class or a constant; functions and modules of numpy can be forbidden")
