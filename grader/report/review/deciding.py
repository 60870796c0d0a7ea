"""A decision about a part that a person reads, kept or taken back from its page."""

from collections.abc import Mapping
from datetime import UTC, datetime

from grader.errors import UsageError
from grader.gradebook.decide import Asked, decision_asked
from grader.gradebook.regrades import undone
from grader.gradebook.store import Store
from grader.report.review.changes import saved
from grader.report.review.desk import ChangedMeanwhileError, Desk
from grader.report.review.parts import PartCase
from grader.text.language import gettext as _


def decide(desk: Desk, case: PartCase, form: Mapping[str, str], by: str) -> str:
    """Keep what the form of a part's page decides, or take the decision back; returns what to say of it.

    Raises:
        ChangedMeanwhileError: somebody decided it, or another answer was graded, since the page was made; nothing is changed.
        BusyError: another run is writing; nothing is changed.
        UsageError: it is wrong; nothing is changed.
    """
    kind, seen = form.get("do", ""), form.get("seen", "")
    if kind not in ("decide", "next", "undo"):
        raise UsageError(_("{what!r} is not something that this page can do.").format(what=kind))
    if not case.choices:
        raise UsageError(_("there is nothing to decide: {why}.").format(why=case.message))
    with desk.writing() as store:
        now = _as_seen(desk, store, case, seen)
        if kind == "undo":
            if not now.decided:
                raise UsageError(_("nobody has decided this part."))
            number = store.adjust(undone(store, now.decided, "", by, datetime.now(UTC)))
            return saved(f"{number}: {now.exercise}: " + _("takes back {number}").format(number=now.decided))
        items = tuple(choice.field.removeprefix("item-") for choice in now.choices if form.get(choice.field))
        asked = Asked(case.student, case.topic, case.exercise, case.name, items or ("none",))
        because = form.get("because", "").strip()
        number = store.adjust(decision_asked(desk.course, store, desk.policy, asked, because, by, datetime.now(UTC)))
        after = desk.part(store, case.student, case.topic, case.place)
    return saved(f"{number}: {now.exercise}: " + _("{points} of {most}").format(points=after.score, most=now.most))


def _as_seen(desk: Desk, store: Store, case: PartCase, seen: str) -> PartCase:
    now = desk.part(store, case.student, case.topic, case.place)
    if now.seen == seen:
        return now
    if now.decided:
        what = _("{who} decided it: {points} of {most}").format(who=now.said, points=now.score, most=now.most)
    else:
        what = _("the decision was taken back, or the answer is another")
    raise ChangedMeanwhileError(
        _(
            "this part was changed while your form was open ({what}). Look at it below, and save again if yours is still right."
        ).format(what=what)
    )
