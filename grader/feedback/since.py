"""What a change of one's work brought: points, and which checks are newly right or newly wrong."""

import msgspec

from grader.feedback.summary import points
from grader.judge.verdicts import Grade
from grader.text.language import gettext as _
from grader.text.language import ngettext


class Since(msgspec.Struct, frozen=True):
    """The difference of two grades of the same exercises.

    Attributes:
        points: gained (below 0: lost); None where one of them could not be graded.
        right, wrong: how many checks passed that did not before, and the reverse.
    """

    points: float | None
    right: int
    wrong: int


def since(before: Grade, after: Grade) -> Since:
    """What changed from one grade to the next."""
    was, now = _passed(before), _passed(after)
    gained = None if before.score is None or after.score is None else round(after.score - before.score, 4)
    return Since(gained, len(now - was), len(was - now))


def since_text(found: Since) -> str:
    """The difference in a few words: "+0.42 points, 2 newly right, 1 newly wrong"."""
    said = []
    if found.points and points(abs(found.points)) != "0":
        said.append(_("{points} points").format(points=f"{'+' if found.points > 0 else '−'}{points(abs(found.points))}"))
    if found.right:
        said.append(ngettext("{n} newly right", "{n} newly right", found.right).format(n=found.right))
    if found.wrong:
        said.append(ngettext("{n} newly wrong", "{n} newly wrong", found.wrong).format(n=found.wrong))
    return ", ".join(said) or _("no change")


def _passed(grade: Grade) -> set[tuple[str, str]]:
    return {(exercise.name, check.name) for exercise in grade.exercises for check in exercise.checks if check.verdict == "passed"}
