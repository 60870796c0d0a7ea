"""What an assignment does not allow, as its author declares it in `checks.py`.

    rules = policy(
        imports=(STANDARD_LIBRARY,),
        forbidden=("np.convolve", "np.correlate", "np.polymul"),
        instead=_("add up the products yourself, with loops or by slicing"),
    )

It costs the exercises that use it, in their own text or in a helper's, and no others; an unused import costs nothing. The messages come
from the text, before any of it runs; the rule is enforced because the names are missing when it runs (see `sandbox.import_policy`).
"""

from collections.abc import Sequence

import msgspec

from grader.sandbox.import_policy.rules import STANDARD_LIBRARY, Rules, with_equivalents
from grader.sandbox.import_policy.rules import shown as shown_as
from grader.sandbox.offer import top
from grader.text.language import gettext as _
from grader.text.language import marked

LIBRARY = marked("the standard library")


class Policy(msgspec.Struct, frozen=True):
    """The modules that may be imported (None: any), the forbidden names, and what students should do `instead`."""

    imports: tuple[str, ...] | None
    forbidden: tuple[str, ...]
    instead: str

    def importable(self, offered: Sequence[str] = ()) -> str:
        """The list of what may be imported: "numpy, the standard library".

        Args:
            offered: the third-party modules that the course offers.
        """
        modules = (STANDARD_LIBRARY, *map(top, offered)) if self.imports is None else self.imports  # nothing else is there
        return ", ".join(_(LIBRARY) if name == STANDARD_LIBRARY else name for name in dict.fromkeys(("numpy", *modules)))

    def statement(self) -> str:
        """What students read about it beforehand."""
        said = []
        if self.imports is not None:
            said.append(_("What may be imported here: {modules}.").format(modules=self.importable()))
        if self.forbidden:
            names = ", ".join(f"`{shown_as(name)}`" for name in self.forbidden)
            said.append(_("Not to be used here: {names}; {instead}.").format(names=names, instead=_(self.instead)))
        return " ".join([*said, _("An exercise that uses anything else earns nothing; the others keep their points.")])

    def names(self, shown: str) -> bool:
        """Whether `shown`, which a student used, is forbidden by name and not just missing from `imports`."""
        return self.rules(()).names(shown)

    def rules(self, exercises: Sequence[str]) -> Rules:
        """The rules that are sent with a submission whose functions are `exercises`."""
        return Rules(self.imports, with_equivalents(self.forbidden), tuple(exercises))


def policy(imports: tuple[str, ...] | None = (STANDARD_LIBRARY,), forbidden: tuple[str, ...] = (), instead: str = "") -> Policy:
    """Declare what the assignment forbids (see the module's example).

    Args:
        imports: the modules that may be imported, with all their contents, besides numpy; by default the standard library. None: any.
        forbidden: functions and modules of numpy (numpy's own code can still use them; what computes the same under
            another name is included, see `rules.with_equivalents`), and other modules.
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
