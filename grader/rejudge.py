"""Today's rubric on stored outcomes: no student code runs, and the differences are shown before they are kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grader.batch import Prepared
from grader.errors import UsageError
from grader.judge.judge import judge
from grader.judge.verdicts import Grade
from grader.records import Record, Records


@dataclass(frozen=True)
class Change:
    """The grade that a record has and the one that today's rubric gives it."""

    before: Grade
    after: Grade

    @property
    def moved(self) -> bool:
        """Whether the score changes."""
        return self.before.score != self.after.score or self.before.max_score != self.after.max_score


def rejudge(records: Records, prepared: Mapping[str, Prepared]) -> Iterator[Change]:
    """What today's rubric makes of every record of the assignments in `prepared`.

    Raises:
        UsageError: the plan itself changed: the stored outcomes are of other calls than today's.
    """
    for record in records.records():
        if record.assignment in prepared:
            yield Change(record.grade, _again(record, prepared[record.assignment]))


def _again(record: Record, ready: Prepared) -> Grade:
    if record.plan_hash != ready.plan.hash:
        raise UsageError(
            f"the calls of {record.assignment} changed since {record.student} was graded (a check was added, removed or renamed, or its "
            "inputs changed), so the stored outcomes do not fit. Grade again: grader grade SUBMISSIONS"
        )
    if record.grade.status == "grader_error" and not record.grade.exercises:
        return record.grade
    return judge(ready.plan, record.run, ready.oracle, record.student)
