"""A score in words. Where some points are decided on submission only, the others come first: done looks done."""

import msgspec

from grader.feedback.summary import open_points, points
from grader.judge.by_hand import waiting_text
from grader.judge.verdicts import ROUNDING
from grader.text.language import gettext as _


class Score(msgspec.Struct, frozen=True):
    """A score: `brief` ("1 of 2"), as a `text` ("1 of 2 points"), and how many points are still `open` ("" for none).

    Where some are decided on submission, both are about those that can be checked here; `later` says how many, briefly.
    """

    brief: str
    text: str
    open: str
    later: str = ""


def score_of(score: float | None, most: float, waiting: float, by_hand: float | None = None) -> Score:
    """A score in words.

    Args:
        waiting: points that are decided on submission; by_hand: by a person (None: nothing is).
    """
    person = f"; {waiting_text(by_hand)}" if by_hand is not None else ""
    here = most - waiting - (by_hand or 0) if waiting else most
    said = {"score": points(score), "most": points(max(here, 0.0))}
    brief = _("{score} of {most}").format(**said)
    if not waiting:
        text = _("{score} of {most} points so far") if by_hand is not None else _("{score} of {most} points")
        return Score(brief if by_hand is None else f"{brief}, {open_points(by_hand)}", text.format(**said), person)
    brief_later = _("(+{points} on submission)").format(points=points(waiting))
    if here <= ROUNDING:
        later = _("; {points} are decided on submission").format(points=points(waiting))
        return Score(brief, _("nothing of it can be checked here"), later + person, brief_later)
    if score is not None and score >= here - ROUNDING:
        text = _("{score} of {most} that can be checked here: all right.")
        more = _("{points} more are decided on submission").format(points=points(waiting))
        return Score(brief, text.format(**said), f" {more}{person}", brief_later)
    text = _("{score} of {most} points that can be checked here")
    later = _("; {points} more are decided on submission").format(points=points(waiting))
    return Score(brief, text.format(**said), later + person, brief_later)
