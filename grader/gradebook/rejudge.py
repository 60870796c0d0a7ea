"""Today's rubric on stored outcomes: no student code runs, and the differences are shown before they are kept."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from grader.engine.prepare import Prepared
from grader.engine.record import Record, restored
from grader.errors import UsageError
from grader.gradebook.adjustments import Adjustment
from grader.gradebook.decisions import decided
from grader.gradebook.store import Store
from grader.judge.judge import judge
from grader.judge.verdicts import Grade


class Change(msgspec.Struct, frozen=True):
    """A record's grade before and after.

    Attributes:
        attempt: the number of an earlier attempt (0 for the last).
        history: of the student in the assignment, where a person decides something.
        stays: why the grade is the old one, or some verdict: "" where all was judged again, "some" where the verdicts on right results
            stay that were too large to keep, "all" where the whole grade stays, because such a result was wrong.
    """

    before: Grade
    after: Grade
    attempt: int = 0
    stays: Literal["", "some", "all"] = ""
    history: tuple[Adjustment, ...] = ()

    @property
    def seen(self) -> tuple[Grade, Grade]:
        """Both with what people decided, by the items that each rubric has."""
        return decided(self.before, self.history), decided(self.after, self.history)

    @property
    def moved(self) -> bool:
        """Whether the score changes, or how much of it waits for a person."""
        before, after = ((grade.score, grade.max_score, grade.open) for grade in self.seen)
        return before != after


def rejudge(store: Store, prepared: Mapping[str, Prepared]) -> Iterator[Change]:
    """Judge every record of the assignments in `prepared` by today's rubric, earlier attempts last.

    An earlier attempt with other calls than today's keeps its grade: it cannot be graded again, as its text may be gone.

    Raises:
        UsageError: before anything else, if a plan changed: the stored outcomes belong to other calls than today's.
    """
    for assignment, plan_hash, count in store.plans():
        if assignment in prepared and not prepared[assignment].each and plan_hash != prepared[assignment].plan.hash:
            raise _changed(assignment, count)
    _hold_own_plans(store, prepared)
    for record in store.records():
        if record.assignment in prepared:
            yield _again(store, record, prepared[record.assignment])
    for record in store.earlier():
        if record.assignment in prepared and record.plan_hash == prepared[record.assignment].hash_for(record.student):
            yield _again(store, record, prepared[record.assignment])


def _hold_own_plans(store: Store, prepared: Mapping[str, Prepared]) -> None:
    """The same for assignments whose inputs are drawn for each student: each record has a plan of its own."""
    own = {name for name, ready in prepared.items() if ready.each}
    if not own:
        return
    records = (record for record in store.records() if record.assignment in own)
    changed = Counter(
        record.assignment for record in records if record.plan_hash != prepared[record.assignment].hash_for(record.student)
    )
    for assignment, count in changed.items():
        raise _changed(assignment, count)


def _changed(assignment: str, count: int) -> UsageError:
    return UsageError(
        f"the calls of {assignment} changed since {count} of its records were made (a check was added, removed or renamed, or its "
        "inputs changed), so the stored outcomes do not fit. Grade again: grader grade SUBMISSIONS"
    )


def _again(store: Store, record: Record, ready: Prepared) -> Change:
    ready = ready.own(record.student)
    if not record.grade.exercises:  # the sandbox failed: there is nothing to judge
        return Change(record.grade, record.grade, record.attempt)
    ran = restored(record, ready.plan, ready.oracle)
    if ran is None:
        return Change(record.grade, record.grade, record.attempt, "all")
    grade = judge(ready.plan, ran, ready.oracle, record.student)
    history = store.adjustments(record.student, record.assignment) if grade.undecided else []
    return Change(record.grade, grade, record.attempt, "" if ran is record.run else "some", tuple(history))
