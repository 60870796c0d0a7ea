"""A score in words. Where some points are decided at hand-in only, what is said first is about the others: done looks done."""

import msgspec

from grader.feedback.summary import points
from grader.judge.verdicts import ROUNDING
from grader.text.language import gettext as _


class Score(msgspec.Struct, frozen=True):
    """A score: `brief` ("1 of 2"), as a `text` ("1 of 2 points"), and how many points are still `open` ("" for none).

    Where some are open, both are about those that can be checked here.
    """

    brief: str
    text: str
    open: str


def score_of(score: float | None, most: float, waiting: float) -> Score:
    """A score in words; where some points wait for the hand-in, what is said first is about the others."""
    here = {"score": points(score), "most": points(most - waiting)}
    brief = _("{score} of {most}").format(**here)
    if not waiting:
        return Score(brief, _("{score} of {most} points").format(**here), "")
    if waiting >= most - ROUNDING:
        return Score(
            brief, _("nothing of it can be checked here"), _("; {points} are decided at hand-in").format(points=points(most))
        )
    if score is not None and score >= most - waiting - ROUNDING:
        text = _("{score} of {most} that can be checked here: all right.")
        more = _("{points} more are decided at hand-in").format(points=points(waiting))
        return Score(brief, text.format(**here), f" {more}")
    text = _("{score} of {most} points that can be checked here")
    return Score(brief, text.format(**here), _("; {points} more are decided at hand-in").format(points=points(waiting)))
