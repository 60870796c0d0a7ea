"""The words on the page of an exercise, in the language in force: what students wrote and were told stands beside them in that language."""

import msgspec

from grader.text.language import gettext as _
from grader.text.language import marked, ngettext, spoken

VERDICTS = {
    "passed": marked("passed"),
    "partly": marked("in part"),
    "failed": marked("failed"),
    "skipped": marked("not begun"),
    "waits": marked("waits"),
}


class Words(msgspec.Struct, frozen=True):
    """Headings, labels and sentences without a number in them; `up` and `down` are said of a sorted table."""

    language: str
    skip: str
    report: str
    checks: str
    check: str
    caption: str
    verdicts: tuple[str, ...]
    failed: str
    nobody_failed: str
    right: str
    nobody: str
    up: str
    down: str


def words() -> Words:
    """All of them."""
    return Words(
        spoken(),
        _("Skip to the content"),
        _("Report"),
        _("Checks"),
        _("check"),
        _("How many students each check has by verdict"),
        tuple(_(word) for word in VERDICTS.values()),
        _("How it failed"),
        _("It failed with nobody."),
        _("All right"),
        _("Nobody."),
        _("sorted by {name}, ascending"),
        _("sorted by {name}, descending"),
    )


def students_text(count: int, mean: str) -> str:
    """How many students, and their mean."""
    return ngettext("{n} student, mean {mean}", "{n} students, mean {mean}", count).format(n=count, mean=mean)


def lost_text(count: int, lost: str) -> str:
    """How many students lost how many points in one way."""
    return ngettext("{n} student, {points} points lost", "{n} students, {points} points lost", count).format(n=count, points=lost)


def slip_text(what: str) -> str:
    """A slip, by what is wrong in the form."""
    return _("a slip: {what}").format(what=_(what))
