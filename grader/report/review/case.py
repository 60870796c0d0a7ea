"""What the review app shows of one student, and how it is known that this changed."""

import msgspec

from grader.feedback.summary import final_text, points, what_happened
from grader.gradebook.adjustments import Adjustment
from grader.gradebook.entries import Entry
from grader.gradebook.review_log import Request
from grader.gradebook.store import Store
from grader.report.review.queue import Task
from grader.report.student import Work


class Case(msgspec.Struct, frozen=True):
    """One student and assignment.

    Attributes:
        work: what a report says of it; None if nothing was graded.
        remark: why expected arrays are not shown.
        history: of adjustments; `requests`: of the student in this assignment; `tasks`: of the queue.
        seen: changes whenever the case does.
        handed_in_by: who handed in what counts.
    """

    student: str
    topic: str
    work: Work | None
    remark: str
    history: list[Adjustment]
    requests: list[Request]
    tasks: list[Task]
    seen: str
    handed_in_by: str


class Row(msgspec.Struct, frozen=True):
    """One student in the table of an assignment: the computed score, the one that counts, and what happened."""

    student: str
    computed: str
    final: str
    what: str


def seen(store: Store, student: str, entry: Entry | None) -> str:
    """What a form was written about: it changes with every adjustment of the student, every new attempt and every other score."""
    last = max((one.number for one in store.adjustments(student)), default=0)
    return f"{last}/{entry.attempts}/{entry.grade.score}" if entry else f"{last}/-"


def state(store: Store) -> str:
    """What changes with the attempts, and with who is in the class."""
    return f"{store.version()} {[one.student for one in store.dropped()]}"


def row_of(entry: Entry) -> Row:
    """The row of an entry."""
    return Row(entry.grade.student, points(entry.grade.score), final_text(entry), what_happened(entry.grade))


def is_of(task: Task, students: set[str], topic: str) -> bool:
    """Whether a task is about one of these students in this assignment."""
    return task.item.assignment == topic and not students.isdisjoint((task.item.student, task.other))
