"""What a form asks for, made by the desk."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from grader.errors import UsageError
from grader.gradebook.adjustments import Adjustment
from grader.gradebook.review_log import Answer, Item, Request
from grader.report.review.case import Case
from grader.report.review.desk import Desk
from grader.text.language import gettext as _

_NUMBER = re.compile(r"[+\-−]?\d{1,6}([.,]\d{0,6})?")


def change(desk: Desk, case: Case, form: Mapping[str, str], by: str) -> str:
    """Make the change that a form of the student's page asks for; returns what to say of it.

    Raises:
        UsageError: it is wrong, or cannot be written now; nothing is changed.
    """
    because, kind = form.get("because", "").strip(), form.get("do", "")
    if kind in ("adjust", "excuse"):
        asked = _adjustment(case, form, because, by, excused=kind == "excuse")
        return saved(desk.adjust(asked, form.get("seen", "")))
    if kind in ("accept", "refuse"):
        request = _request(case, form)
        asked = _adjustment(case, form, because, by)
        if kind == "accept" and not asked.points:
            raise UsageError(_("give the points that an accepted request brings, like +1; or refuse it."))
        if kind == "refuse" and asked.points:
            said = _("a refused request changes no points, but the form has {points!r}; leave them empty.")
            raise UsageError(said.format(points=form.get("points", "")))
        answer: Answer = "accepted" if kind == "accept" else "refused"
        changed = desk.adjust(asked, form.get("seen", ""), (request, answer))
        return (_("Request accepted.") if kind == "accept" else _("Request refused.")) + f" {changed}"
    if kind == "undo":
        number = form.get("number", "")
        if not number.isascii() or not number.isdigit():
            raise UsageError(_("{number!r} is not the number of a change.").format(number=number))
        return saved(desk.undo(case.student, case.topic, int(number), because, by, form.get("seen", "")))
    if kind == "ask":
        asked_now = Request(student=case.student, assignment=case.topic, text=form.get("text", ""), by=by, at=datetime.now(UTC))
        return _("The request is in the queue.") if desk.ask([("", asked_now)]) else _("This request already exists.")
    if kind in ("done", "open"):
        desk.settle(_item(desk, case, form), "done" if kind == "done" else "open", because, by)
        return _("Marked as done.") if kind == "done" else _("Opened again.")
    raise UsageError(_("{what!r} is not something that this page can do.").format(what=kind))


def saved(what: str) -> str:
    """That something was saved, and what."""
    return _("Saved. {what}").format(what=what)


def _adjustment(case: Case, form: Mapping[str, str], because: str, by: str, excused: bool = False) -> Adjustment:
    if not because:
        raise UsageError(_("give the reason; the history keeps it, and the student may read it."))
    return Adjustment(
        student=case.student,
        assignment=case.topic,
        exercise=form.get("exercise", ""),
        points=0.0 if excused else _points(form.get("points", "")),
        excused=excused,
        because=because,
        by=by,
        at=datetime.now(UTC),
    )


def _points(text: str) -> float:
    """A number as people write it; 0 for a remark only."""
    text = text.strip()
    if text and not _NUMBER.fullmatch(text):
        raise UsageError(_("{text!r} is not a number of points, like +1 or -0.5.").format(text=text))
    return float(text.replace(",", ".").replace("−", "-") or 0)


def _request(case: Case, form: Mapping[str, str]) -> Item:
    item = next((one.item for one in case.requests if str(one.number) == form.get("request")), None)
    if item is None:
        raise UsageError(_("there is no request {number!r} of this student here.").format(number=form.get("request")))
    return item


def _item(desk: Desk, case: Case, form: Mapping[str, str]) -> Item:
    with desk.reading() as store:
        names = desk.names(store)
    item = next((task.item for task in case.tasks if names.item(task.item) == form.get("item")), None)
    if item is None:
        raise UsageError(_("this is no longer in this student's queue."))
    return item
