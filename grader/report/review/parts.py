"""The parts that a person decides: those of a class as tasks, by question, and one of them as a form."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from grader.errors import UsageError
from grader.feedback.summary import points
from grader.gradebook.adjustments import Adjustment
from grader.gradebook.entries import Entry
from grader.gradebook.review_log import Item, Settled
from grader.judge.by_hand import before_text
from grader.judge.verdicts import Verdict
from grader.report.review.queue import Task
from grader.text.escape import one_line, plain
from grader.text.language import gettext as _

PREVIEW = 90  # characters of an answer in the queue
ANSWER, COMMENT = 20_000, 4000  # characters that a page shows


class Choice(msgspec.Struct, frozen=True):
    """An item as a checkbox: its field's name, its points with their sign, and whether it applies."""

    field: str
    text: str
    points: str
    chosen: bool


class PartCase(msgspec.Struct, frozen=True):
    """One part of one submission.

    Attributes:
        place: of the part, as in addresses: the exercise, and its number among the exercise's parts.
        title: what the exercise asks; `name`: of the part.
        choices: none, if there is nothing to read; `message` says why.
        decided: the number of the decision that holds (0: none); `said`: who made it, and when.
        before: an older decision, about another answer.
        seen: changes with the answer and with every decision about this part.
        handed_in_by: who handed in what counts.
    """

    student: str
    topic: str
    place: str
    exercise: str
    title: str
    name: str
    most: str
    answer: str
    form: str
    message: str
    choices: tuple[Choice, ...]
    score: str
    because: str
    decided: int
    said: str
    before: str
    seen: str
    handed_in_by: str


def parts_of(entry: Entry) -> Iterator[tuple[str, str, str, Verdict]]:
    """Each part that a person decides: its place, its exercise, the line that students read of that, and its verdict."""
    for exercise in entry.grade.exercises:
        parts = (check for check in exercise.checks if check.by_hand is not None)
        for number, check in enumerate(parts, start=1):
            yield f"{exercise.name}/{number}", exercise.name, exercise.title, check


def to_decide(entries: Iterable[Entry]) -> Iterator[Task]:
    """A task for each part that has something to read, decided or not; of a team, one."""
    met = set()
    for entry in entries:
        grade = entry.grade
        key = entry.by or grade.student, grade.assignment
        if entry.excused or key in met:
            continue
        met.add(key)
        for place, name, _title, check in parts_of(entry):
            part = check.by_hand
            assert part is not None
            if not part.answer:
                continue
            item = Item("manual", grade.student, grade.assignment, place)
            made = part.decision
            because = _("{points} of {most}").format(points=points(check.score), most=points(check.points)) if made else ""
            done = Settled(item=item, answer="done", by=made.by, at=made.at, because=because) if made else None
            again = _("another answer than the one decided before:") + " " if part.before else ""
            called = f"{name} «{one_line(check.name, 60)}»"
            text = f"{called}, {points(check.points)}: {again}{one_line(part.answer, PREVIEW)}"
            yield Task(item, text, done, place=place, called=called)


def part_case(entry: Entry, place: str, history: Sequence[Adjustment]) -> PartCase:
    """One part.

    Args:
        history: of who handed in, in this assignment.

    Raises:
        UsageError: there is no such part.
    """
    found = next(((name, title, check) for where, name, title, check in parts_of(entry) if where == place), None)
    if found is None:
        raise UsageError(_("there is no part {place!r} that a person decides.").format(place=place))
    name, title, check = found
    part = check.by_hand
    assert part is not None
    made = part.decision
    chosen = made.items if made else ()
    return PartCase(
        entry.grade.student,
        entry.grade.assignment,
        place,
        name,
        one_line(title),
        one_line(check.name),
        points(check.points),
        plain(part.answer, ANSWER),
        part.form,
        plain(check.message),
        tuple(
            Choice(f"item-{number}", one_line(item.text, 300), signed(item.points), item.text in chosen)
            for number, item in enumerate(part.items, start=1)
            if part.answer
        ),
        points(check.score) if made else "",
        plain(made.because, COMMENT) if made else "",
        made.number if made else 0,
        f"{one_line(made.by, 30)}, {made.at:%Y-%m-%d %H:%M}" if made else "",
        one_line(before_text(part), 1000),
        seen_part(part.digest, name, check.name, history),
        entry.by or entry.grade.student,
    )


def seen_part(digest: str, exercise: str, part: str, history: Sequence[Adjustment]) -> str:
    """What a form was written about: other questions of the same student may be decided meanwhile."""
    own = {one.number for one in history if (one.exercise, one.part) == (exercise, part)}
    last = max((one.number for one in history if one.number in own or one.undoes in own), default=0)
    return f"{last}/{digest}"


def signed(value: float) -> str:
    """Points with their sign."""
    return f"+{points(value)}" if value > 0 else f"−{points(-value)}"
