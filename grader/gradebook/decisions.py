"""What people decided about the parts that they read, put into a grade.

    Grade, as computed  +  the history  ──►  Grade in which decided parts have points

A decision is about one answer, which it knows by its digest: the same answer in a later attempt keeps it, another one is open again. It
names items of the rubric, not points, so that a changed rubric is applied to what was decided. Where an item is gone, the part is open
again.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from msgspec.structs import replace

from grader.engine.record import Record
from grader.errors import UsageError
from grader.gradebook.adjustments import Adjustment, standing
from grader.judge.by_hand import ByHand, Decision
from grader.judge.verdicts import ExerciseGrade, Grade, Verdict
from grader.text.escape import one_line
from grader.text.language import gettext as _
from grader.text.near import near


def decided(grade: Grade, history: Sequence[Adjustment]) -> Grade:
    """The grade with what was decided.

    Args:
        history: of the student who handed in, in this assignment.
    """
    if not grade.undecided:
        return grade
    decisions = [one for one in standing(history) if one.part]
    if not decisions:
        return grade
    return grade.with_exercises(tuple(_exercise(exercise, decisions) for exercise in grade.exercises))


class History(Protocol):
    """What is needed of a store."""

    def adjustments(self, student: str = "", assignment: str = "") -> list[Adjustment]:
        """The history of changes by hand, the first one first; of one student or assignment, if given."""


def with_decisions(store: History, record: Record) -> Record:
    """The record with what was decided about it."""
    if not record.grade.undecided:
        return record
    return replace(record, grade=decided(record.grade, store.adjustments(record.student, record.assignment)))


def _exercise(exercise: ExerciseGrade, decisions: Sequence[Adjustment]) -> ExerciseGrade:
    own = [one for one in decisions if one.exercise == exercise.name]
    if not own:
        return exercise
    checks = tuple(
        _verdict(check, [one for one in own if one.part == check.name]) if check.is_open else check for check in exercise.checks
    )
    return exercise.with_checks(checks)


def _verdict(check: Verdict, decisions: Sequence[Adjustment]) -> Verdict:
    part = check.by_hand
    if part is None or not decisions:
        return check
    fitting = [one for one in decisions if one.answer == part.digest and part.fits(one.items)]
    if not fitting:
        return replace(check, by_hand=replace(part, before=_decision(decisions[-1])))
    made = _decision(fitting[-1])
    earned = part.worth(made.items) if made.given is None else made.given
    word = "passed" if earned >= check.points - 1e-9 else "partly" if earned > 0 else "failed"
    return replace(check, verdict=word, message=_said(part, made), earned=earned, by_hand=replace(part, decision=made))


def _decision(one: Adjustment) -> Decision:
    return Decision(one.items, one.by, one.at, one.because, one.number, one.given)


def _said(part: ByHand, made: Decision) -> str:
    """What a decided part tells: each item with its points, then the comment."""
    if made.given is not None:
        return made.because
    lines = [item_text(item.points, _(item.text), chosen=item.text in made.items) for item in part.items]
    return "\n".join([*filter(None, lines), *([made.because] if made.because else [])])


def item_text(points: float, text: str, *, chosen: bool) -> str:
    """An item as its student reads it; "" for a penalty that does not apply."""
    shown = f"{abs(points):.2f}".rstrip("0").rstrip(".")
    if points < 0:
        return f"−{shown}  {text}" if chosen else ""
    if chosen:
        return f"+{shown}  {text}"
    return _("0 of {points}  {text}").format(points=shown, text=text)


def manual_parts(grade: Grade) -> list[tuple[str, Verdict]]:
    """Each part of a grade that a person decides, decided or not, with its exercise."""
    return [(exercise.name, check) for exercise in grade.exercises for check in exercise.checks if check.by_hand is not None]


def part_asked(grade: Grade, exercise: str, part: str = "") -> Verdict:
    """The part that somebody means.

    Args:
        part: its name; "" for the only one of the exercise.

    Raises:
        UsageError: there is none, several could be meant, or nothing is written there.
    """
    parts = manual_parts(grade)
    where = one_line(f"{grade.student} {grade.assignment}", 80)
    if not parts:
        raise UsageError(f"{where}: no part of it is decided by a person.")
    mine = [check for name, check in parts if name == exercise]
    if not mine:
        raise UsageError(
            f"{where}: no part of {exercise!r} is decided by a person. {near(exercise, [name for name, _check in parts])}"
        )
    named = [check for check in mine if part in ("", check.name)]
    if not named:
        raise UsageError(f"{where}: {exercise} has no part {part!r}. {near(part, [check.name for check in mine])}")
    if len(named) > 1:
        raise UsageError(
            f"{where}: {exercise} has several parts: {', '.join(check.name for check in named)}. Say which: --part NAME."
        )
    (found,) = named
    if found.by_hand is None or not found.by_hand.answer:
        raise UsageError(f"{where}: there is nothing to decide in {exercise} «{found.name}»: {found.message}.")
    return found


def items_asked(part: ByHand, asked: Sequence[str]) -> tuple[str, ...]:
    """The items that somebody means, in the rubric's order.

    Args:
        asked: their texts, beginnings of these, or their numbers from 1; "none" alone for none of them.

    Raises:
        UsageError: one of them is none of the part's, or could be several.
    """
    texts = [item.text for item in part.items]
    if [word.strip().lower() for word in asked] == ["none"] and "none" not in texts:
        return ()
    found = set()
    for word in (word.strip() for word in asked):
        if word.isascii() and word.isdigit() and 0 < int(word) <= len(texts) and word not in texts:
            found.add(texts[int(word) - 1])
            continue
        fitting = [text for text in texts if text == word] or [text for text in texts if word and text.startswith(word)]
        if len(fitting) != 1:
            listed = "; ".join(f"{number}: {text}" for number, text in enumerate(texts, 1))
            raise UsageError(f"{word!r} fits {'several items' if fitting else 'no item'} of this part, whose items are {listed}.")
        found.add(fitting[0])
    return tuple(text for text in texts if text in found)


def decision_about(
    grade: Grade, exercise: str, check: Verdict, items: tuple[str, ...], because: str, by: str, at: datetime, attempt: int
) -> Adjustment:
    """A decision as a line of the history, about the answer that `check` shows."""
    assert check.by_hand is not None
    return Adjustment(
        student=grade.student,
        assignment=grade.assignment,
        exercise=exercise,
        because=because,
        by=by,
        at=at,
        attempt=attempt,
        part=check.name,
        items=items,
        answer=check.by_hand.digest,
    )
