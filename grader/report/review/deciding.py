"""A decision about a part that a person reads, kept or taken back from its page."""

from collections.abc import Mapping
from datetime import UTC, datetime

from grader.errors import UsageError
from grader.gradebook.decide import Asked, decision_asked
from grader.gradebook.regrades import undone
from grader.gradebook.store import Store
from grader.report.review.changes import DONE
from grader.report.review.desk import ChangedMeanwhileError, Desk
from grader.report.review.parts import PartCase


def decide(desk: Desk, case: PartCase, form: Mapping[str, str], by: str) -> str:
    """Keep what the form of a part's page decides, or take the decision back; returns what to say of it.

    Raises:
        ChangedMeanwhileError: somebody decided it, or another answer was graded, since the page was made; nothing is changed.
        BusyError: another run is writing; nothing is changed.
        UsageError: it is wrong; nothing is changed.
    """
    kind, seen = form.get("do", ""), form.get("seen", "")
    if kind not in ("decide", "next", "undo"):
        raise UsageError(f"{kind!r} is not something that this page can do.")
    if not case.choices:
        raise UsageError(f"there is nothing to decide: {case.message}.")
    with desk.writing() as store:
        now = _as_seen(desk, store, case, seen)
        if kind == "undo":
            if not now.decided:
                raise UsageError("nobody has decided this part.")
            number = store.adjust(undone(store, now.decided, "", by, datetime.now(UTC)))
            return f"{DONE}{number}: {now.exercise}: takes back {now.decided}"
        items = tuple(choice.field.removeprefix("item-") for choice in now.choices if form.get(choice.field))
        asked = Asked(case.student, case.topic, case.exercise, case.name, items or ("none",))
        because = form.get("because", "").strip()
        number = store.adjust(decision_asked(desk.course, store, desk.policy, asked, because, by, datetime.now(UTC)))
        after = desk.part(store, case.student, case.topic, case.place)
    return f"{DONE}{number}: {now.exercise}: {after.score} of {now.most}"


def _as_seen(desk: Desk, store: Store, case: PartCase, seen: str) -> PartCase:
    now = desk.part(store, case.student, case.topic, case.place)
    if now.seen == seen:
        return now
    taken_back = "the decision was taken back, or the answer is another"
    what = f"{now.said} decided it: {now.score} of {now.most}" if now.decided else taken_back
    raise ChangedMeanwhileError(
        f"this part was changed while your form was open ({what}). Look at it below, and save again if yours is still right."
    )
