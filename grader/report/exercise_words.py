"""Sentences with numbers on the page of an exercise, in the language in force."""

from grader.judge.verdicts import VerdictWord
from grader.text.language import gettext as _
from grader.text.language import ngettext

VERDICTS: tuple[VerdictWord, ...] = ("passed", "partly", "failed", "skipped", "waits")  # the columns of the checks


def students_text(count: int, mean: str) -> str:
    """How many students, and their mean."""
    return ngettext("{n} student, mean {mean}", "{n} students, mean {mean}", count).format(n=count, mean=mean)


def lost_text(count: int, lost: str) -> str:
    """How many students lost how many points in one way."""
    return ngettext("{n} student, {points} points lost", "{n} students, {points} points lost", count).format(n=count, points=lost)


def slip_text(what: str) -> str:
    """A slip, by what is wrong in the form."""
    return _("a slip: {what}").format(what=_(what))
