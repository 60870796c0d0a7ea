"""A part that a person decides, as it stands in a grade: what was written, what is looked for, and what was decided."""

from datetime import datetime

import msgspec

from grader.course.manual import Form, Item, Manual
from grader.submissions.pieces import Piece
from grader.text.escape import one_line
from grader.text.language import gettext as _
from grader.text.language import marked, ngettext

NOT_WRITTEN = marked("nothing is written here yet")
MISSING = marked("`{name}` is not in the file")
NO_TEXT = marked('write the answer in quotes, return """…""": as it stands, a person reads the code')


class Decision(msgspec.Struct, frozen=True):
    """What a person decided: the texts of the items that apply, who, when, why, and its number in the history.

    Attributes:
        given: the points, where these were given and no items.
    """

    items: tuple[str, ...]
    by: str
    at: datetime
    because: str = ""
    number: int = 0
    given: float | None = None


class ByHand(msgspec.Struct, frozen=True):
    """A part that a person decides.

    Attributes:
        answer: what the student wrote; "" where nothing is. digest: of it, so that the same answer is known again.
        decision: None while it waits for a person.
        before: the last decision, if it was about another answer or other items.
    """

    form: Form
    items: tuple[Item, ...] = ()
    answer: str = ""
    digest: str = ""
    decision: Decision | None = None
    before: Decision | None = None

    def worth(self, chosen: tuple[str, ...]) -> float:
        """The points of some items."""
        return round(sum(item.points for item in self.items if item.text in chosen), 9)

    def fits(self, chosen: tuple[str, ...]) -> bool:
        """Whether these are items of today's rubric."""
        return set(chosen) <= {item.text for item in self.items}


def waiting_text(points: float) -> str:
    """That a person decides this many points."""
    shown = f"{points:.2f}".rstrip("0").rstrip(".")
    if not points:
        return _("a person looks at it, and may take something off")
    return ngettext(
        "{points} point is decided by a person", "{points} points are decided by a person", int(points != 1) + 1
    ).format(points=shown)


def before_text(part: ByHand | None) -> str:
    """The decision that no longer holds ("" for none)."""
    if part is None or part.before is None:
        return ""
    old = part.before
    items = ", ".join(old.items) or (_("no item") if old.given is None else f"{old.given:g}")
    return _("decided before, about another answer: {items} ({by}, {when})").format(
        items=items, by=one_line(old.by, 30), when=f"{old.at:%Y-%m-%d}"
    )


def read_part(part: Manual, name: str, piece: Piece | None) -> tuple[ByHand, str]:
    """What a person has to decide of function `name`, and why there is nothing ("" where there is)."""
    if piece is None:
        return ByHand(part.answer, part.items), _(MISSING).format(name=name)
    if not piece.is_written:
        return ByHand(part.answer, part.items), _(NOT_WRITTEN)
    return ByHand(part.answer, part.items, piece.answer(part.answer), piece.digest), ""
