"""Parts of an exercise that a person decides: a text or a piece of code, by a list of items with points.

    yield manual("the argument", points=1.5, items={"names the assumption": 1, "gives a counter-example": 0.5, "copied": -0.5})

    score of the part = Σ points of the items that apply        the exercise as a whole is worth 0 at least

What a student wrote is read from the text of the file and never executed (`submissions.pieces`); `answer="text"` takes the text that the
function returns, `answer="code"` all of the function. Students do not get the items (`release.cut`): they would give the answer away.
"""

import math
from collections.abc import Mapping
from typing import Literal

import msgspec

from grader.checks.draft import PlanError

Form = Literal["text", "code"]
_TINY = 1e-9


class Item(msgspec.Struct, frozen=True):
    """One thing that a person looks for; it is known by its text. One with negative points takes something off."""

    text: str
    points: float


class Manual(msgspec.Struct, frozen=True):
    """A part that a person decides.

    Attributes:
        points: what it is worth; 0 for one that can only take something off.
        items: none in a student's course.
    """

    name: str
    points: float
    items: tuple[Item, ...] = ()
    answer: Form = "text"


def manual(name: str, points: float, items: Mapping[str, float] | None = None, answer: Form = "text") -> Manual:
    """A part of an exercise that a person decides; it does not count among the shares of the checks.

    Args:
        name: what students read.
        points: of the exercise's, that it is worth: the sum of the items that give something.
        items: what a person looks for, and its points; negative ones are penalties.
        answer: `"text"` where the function returns a text that is read, `"code"` where its code is.
    """
    if answer not in ("text", "code"):
        raise PlanError(f"answer={answer!r}", 'write answer="text" or answer="code"')
    return Manual(name, points, tuple(Item(text, worth) for text, worth in (items or {}).items()), answer)


def hold_manual(parts: tuple[Manual, ...], points: float, *, has_checks: bool, in_full: bool) -> None:
    """Nothing, if the manual parts of an exercise go together with it.

    Args:
        points: of the exercise; `has_checks`: whether something else shares them.
        in_full: whether the items have to be there.

    Raises:
        PlanError: a text or points are missing, or do not add up.
    """
    for part in parts:
        if not isinstance(part.name, str) or not part.name.strip():
            raise PlanError("a manual part has no name", "its name is what students read")
        if not _is_number(part.points) or part.points < 0:
            raise PlanError(f"the manual part «{part.name}» has points={part.points!r}", "give the points that it is worth")
        if in_full and not part.items:
            raise PlanError(f"the manual part «{part.name}» has no items", 'say what earns its points: items={"…": 1, …}')
        for item in part.items:
            if not isinstance(item.text, str) or not item.text.strip():
                raise PlanError(f"an item of «{part.name}» has no text", "say what a person looks for")
            if not _is_number(item.points) or not item.points:
                advice = "give a number of points; a negative one takes something off"
                raise PlanError(f"the item «{item.text}» of «{part.name}» has {item.points!r} points", advice)
        most = sum(item.points for item in part.items if item.points > 0)
        if part.items and abs(most - part.points) > _TINY:
            problem = f"the items of «{part.name}» add up to {most:g}, and the part is worth {part.points:g}"
            raise PlanError(problem, "change the points of one of them")
    if len({part.name for part in parts}) < len(parts):
        raise PlanError("two manual parts have one name", "rename one")
    taken = sum(part.points for part in parts)
    if parts and not has_checks and abs(taken - points) > _TINY:
        raise PlanError(
            f"it has no other checks, its manual parts are worth {taken:g}, and the exercise {points:g}",
            "make them equal, or yield a check",
        )
    if has_checks and taken > points - _TINY:
        problem = f"its manual parts are worth {taken:g} of its {points:g} points, which leaves nothing for its checks"
        raise PlanError(problem, "raise points= of the exercise")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
