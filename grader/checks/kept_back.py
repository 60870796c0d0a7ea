"""A check that stays with the instructor: students know that there is one, of which kind, and what it weighs."""

from typing import Any, ClassVar, Literal, NoReturn, assert_never

import msgspec

from grader.text.language import gettext as _

Of = Literal["example", "law"]


class KeptBack(msgspec.Struct, frozen=True):
    """What stands in a student's copy for a check that is `hidden`; `number` tells it from others of its exercise."""

    kind: ClassVar[str] = "kept_back"
    needs_reference: ClassVar[bool] = True
    published: ClassVar[bool] = False
    of: Of
    share: float
    number: int = 1

    @property
    def name(self) -> str:
        """What it is called until the grades are published."""
        return alias(self.of, self.number)

    def plan(self, draft: Any) -> NoReturn:
        """It is decided where it is written out."""
        raise AssertionError("a check that is kept back is planned in the instructor's course only")

    def judge(self, evidence: Any) -> NoReturn:
        """It is decided where it is written out."""
        raise AssertionError("a check that is kept back is judged in the instructor's course only")


def alias(of: Of, number: int) -> str:
    """What a hidden check is called until the grades are published."""
    match of:
        case "example":
            return _("hidden example {n}").format(n=number)
        case "law":
            return _("hidden law {n}").format(n=number)
        case _:
            assert_never(of)


def broken(of: Of) -> str:
    """The message of a hidden check that fails, until the grades are published."""
    match of:
        case "example":
            return _("the result is not right for an input that is not shown")
        case "law":
            return _("the results do not obey a law that is not shown")
        case _:
            assert_never(of)


def kept(check: Any) -> Of | None:
    """Of which kind a check is that is kept back; None where students know it."""
    if isinstance(check, KeptBack):
        return check.of
    if not getattr(check, "hidden", False):
        return None
    return "law" if check.kind == "property" else "example"
