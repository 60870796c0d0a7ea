"""Marks changed by hand: what nbgrader has goes into the records, and what the records have goes into nbgrader.

Doing either twice changes nothing, and what came from one side does not go back to it. Afterwards both have the same final score.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import msgspec
from msgspec.structs import replace

from grader.checks.methods import is_method
from grader.course.folder import Course
from grader.course.rubric import Rubric, read_rubric
from grader.feedback.summary import points
from grader.gradebook.adjustments import Adjustment
from grader.gradebook.entries import Entry
from grader.gradebook.lateness import LatePolicy
from grader.gradebook.store import Store
from grader.gradebook.term import Term
from grader.integrations.nbgrader.by_hand import ByHand, Held, Written, by_hand, read_by_hand, taken_in, to_write, with_remark
from grader.integrations.nbgrader.cell_points import cell_points
from grader.integrations.nbgrader.cells import Submitted
from grader.integrations.nbgrader.gradebook import NbgraderGradebook
from grader.text.escape import listed, one_line

_written = msgspec.json.Decoder(list[Written])


class Marks:
    """The marks of some assignments, in a gradebook and in the records."""

    def __init__(self, book: NbgraderGradebook, store: Store, course: Course, policy: LatePolicy, topics: Sequence[str]) -> None:
        self._book, self._store, self._policy = book, store, policy
        self._term = Term(store, policy)
        rubrics = {name: read_rubric(course.assignment(name)) for name in topics}
        self._most = {name: _most(rubric) for name, rubric in rubrics.items()}

    def take_in(self) -> tuple[list[Adjustment], list[str]]:
        """Make adjustments of what people gave in nbgrader; returns those that are new, and notes.

        Raises:
            UsageError: the gradebook cannot be read; nothing was changed.
        """
        written, now = self._read_written(), datetime.now(UTC)
        found: list[Adjustment] = []
        notes, others, unknown = list[str](), dict[str, int](), list[str]()
        for one in self._book.submitted(self._most):
            for cell in one.others:
                others[f"{one.assignment}, {cell}"] = others.get(f"{one.assignment}, {cell}", 0) + 1
            hands = [by_hand(held, written.get(_key(one, name), ())) for name, held in one.held.items()]
            entry = self._entry(one)
            if entry is None:
                given = any(hand.is_something for hand in hands) or any(held.score is not None for held in one.read.values())
                unknown += [f"{one.student} {one.assignment}"] * given
                continue
            history = self._store.adjustments(one.student, one.assignment)
            owner = entry.by or one.student
            decisions = history if owner == one.student else self._store.adjustments(owner, one.assignment)
            for held in one.read.values():
                found += read_by_hand(held, entry, decisions, now)
            for hand in hands:
                found += taken_in(hand, entry, history, self._policy.adjustments, now)
                notes += self._too_much(one, hand)
        with self._store.together():
            new = [replace(one, number=self._store.adjust(one)) for one in found]
        if unknown:
            notes.append(
                f"graded by hand in nbgrader, but not here, so nothing was taken in: {listed(unknown)}; grader grade first"
            )
        for cell, count in others.items():
            notes.append(
                f"{cell} has points in nbgrader ({count} submission{'s' * (count != 1)}) and is not in the rubric: only nbgrader counts it"
            )
        return new, notes

    def write(self) -> tuple[int, list[str]]:
        """Write extra credit and remarks into the gradebook; returns how many submissions changed, and notes.

        Raises:
            UsageError: the gradebook cannot be written to; it is unchanged.
        """
        written, changed, intended = self._read_written(), dict[str, list[tuple[Held, Held]]](), dict[str, list[Written]]()
        excused = []
        for one in self._book.submitted(self._most):
            entry = self._entry(one)
            if entry is None or not one.held:
                continue
            if entry.excused:
                excused.append(f"{one.student} {one.assignment}")
            for held, mine in _by_exercise(one, entry):
                before = written.get(_key(one, held.exercise), [])
                hand = by_hand(held, before)
                after = to_write(hand, entry, mine)
                wanted = replace(held, extra=after.total or None)
                if not is_method(held.exercise):  # several of a class have one cell, whose comment stays as it is
                    wanted = replace(
                        wanted,
                        comment=with_remark(held.comment, before, after.remark) if hand.comment else None,
                        automatic=with_remark(held.automatic, before, after.remark),
                    )
                if _differs(held, wanted):
                    changed.setdefault(one.notebook, []).append((held, wanted))
                kept = after if after.extra or after.remark else Written()
                if [kept] != (before or [Written()]):
                    now = held.extra or 0.0
                    until = Written(now, now - hand.extra, before[0].remark if before else "")
                    intended[_key(one, held.exercise)] = [kept, until]
        self._note(intended)
        self._book.update(changed)
        self._note({key: values[:1] for key, values in intended.items()})
        notes = [f"excused, which nbgrader does not know: {listed(excused)}; leave them out of its totals"] if excused else []
        return len(changed), notes

    def _entry(self, one: Submitted) -> Entry | None:
        """The entry with a score of a submission."""
        entry = self._term.entry(one.student, one.assignment)
        return entry if entry is not None and entry.attempts and entry.grade.score is not None else None

    def _too_much(self, one: Submitted, hand: ByHand) -> list[str]:
        most = self._most[one.assignment][hand.exercise]
        if hand.score is None or hand.score <= most + 1e-9:
            return []
        return [
            f"{one_line(one.student, 40)}, {one.assignment}: {hand.exercise} was given {points(hand.score)} in nbgrader, and is worth "
            f"only {points(most)} now. It counts as it was given; where it is to be less, give it again in formgrader"
        ]

    def _read_written(self) -> dict[str, list[Written]]:
        return {key: _written.decode(value) for key, value in self._store.notes().items() if key.startswith(_KEY)}

    def _note(self, written: dict[str, list[Written]]) -> None:
        """Keep what is written: before with what stood there, in case that writing fails, and afterwards alone."""
        if written:
            self._store.note(
                {key: "" if values == [Written()] else msgspec.json.encode(values).decode() for key, values in written.items()}
            )


def _most(rubric: Rubric) -> dict[str, float]:
    """The points that the checks of each exercise give, as its cell has them."""
    return dict.fromkeys((each.name for each in rubric.exercises), 0.0) | cell_points(rubric)[0]


_KEY = "nbgrader "


def _key(one: Submitted, exercise: str) -> str:
    return f"{_KEY}{one.notebook} {exercise}"


def _by_exercise(one: Submitted, entry: Entry) -> Iterator[tuple[Held, list[Adjustment]]]:
    """What the gradebook has for each exercise, with its adjustments; the first one has those of the assignment as a whole, too."""
    graded = (exercise.name for exercise in entry.grade.exercises)
    first = next((name for name in graded if name in one.held), next(iter(one.held)))
    for name, held in one.held.items():
        places = [each.exercise if each.exercise in one.held else first for each in entry.adjustments]
        yield held, [each for each, place in zip(entry.adjustments, places, strict=True) if place == name]


def _differs(held: Held, wanted: Held) -> bool:
    same = abs((held.extra or 0.0) - (wanted.extra or 0.0)) < 1e-4
    return not same or (held.comment or "", held.automatic or "") != (wanted.comment or "", wanted.automatic or "")
