"""The course total of a student: the weighted mean of the assignments that count. Pure arithmetic.

    total = 100 · Σ weight · (final score / maximum) / Σ weight         over the assignments that count, in percent

- The final score is what is left after the late penalty and the adjustments (`Entry.final`).
- The weights are those of course.toml, 1 by default.
- An assignment from which the student is excused is left out.
- Nothing handed in: 0 once the student's own due date (and its grace) is over, left out before it, and where there is no due date.
- A submission that the grader failed on (`grader_error`) is left out until it is graded again: a fault of the grader is never a zero.
- What waits for a person is not in the score yet; a bonus is, and can bring the total over 100.
- An assignment of which nobody's submission is graded yet is left out for everybody.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

import msgspec

from grader.gradebook.entries import Entry
from grader.gradebook.lateness import LatePolicy


class Total(msgspec.Struct, frozen=True):
    """A student's total.

    Attributes:
        percent: None if no assignment counts yet.
        counted: the assignments in it, in their order; `zeros`: those of them for which nothing was handed in.
        waiting: those that wait to be graded again, and are not in it; `open`: those in it of which a person has to decide a part.
    """

    percent: float | None = None
    counted: tuple[str, ...] = ()
    zeros: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


def course_total(entries: Mapping[str, Entry], weights: Mapping[str, float], over: Collection[str] = ()) -> Total:
    """The total of one student.

    Args:
        entries: the student's, by assignment.
        weights: of every assignment of the total, in their order.
        over: the assignments that can no longer be handed in on time: without an entry they are 0.
    """
    points = whole = 0.0
    counted, zeros, waiting, undecided = [], [], [], []
    for name, weight in weights.items():
        entry = entries.get(name)
        if entry is None:
            if name not in over:
                continue
            zeros.append(name)
        elif entry.excused or not entry.grade.max_score:
            continue
        elif entry.final is None:
            waiting.append(name)
            continue
        else:
            points += weight * entry.final / entry.grade.max_score
            undecided += [name] if entry.grade.undecided else []
        whole += weight
        counted.append(name)
    percent = round(100 * points / whole, 4) if whole else None
    return Total(percent, tuple(counted), tuple(zeros), tuple(waiting), tuple(undecided))


def class_totals(entries: Iterable[Entry], policy: LatePolicy, now: datetime, students: Iterable[str] = ()) -> dict[str, Total]:
    """The total of every student with an entry, and of `students`, such as those of a class list who handed in nothing.

    Args:
        entries: of the assignments that the total is over, in their order.
    """
    of: defaultdict[str, dict[str, Entry]] = defaultdict(dict)
    graded: dict[str, float] = {}
    for entry in entries:
        name = entry.grade.assignment
        of[entry.grade.student][name] = entry
        if entry.attempts:
            graded.setdefault(name, policy.weights.get(name, 1))
    return {
        student: course_total(of.get(student, {}), graded, {name for name in graded if _is_over(policy, student, name, now)})
        for student in sorted({*of, *students})
    }


def _is_over(policy: LatePolicy, student: str, assignment: str, now: datetime) -> bool:
    due = policy.due_for(student, assignment)
    return due is not None and now.astimezone(UTC) > due.astimezone(UTC) + policy.grace


def remarks(totals: Mapping[str, Total], policy: LatePolicy) -> list[str]:
    """What is in the totals of a class, or is not, that a table of percentages does not show."""
    names = dict.fromkeys(name for total in totals.values() for name in (*total.counted, *total.waiting))
    zeros = Counter(name for total in totals.values() for name in total.zeros)
    waiting = Counter(name for total in totals.values() for name in total.waiting)
    open_ = Counter(name for total in totals.values() for name in total.open)
    undated = [name for name in names if name not in policy.due]
    said = {
        "nothing handed in counts as 0": [f"{zeros[name]} of {name}" for name in names if zeros[name]],
        "left out until they are graded again": [f"{waiting[name]} of {name}" for name in names if waiting[name]],
        "what a person has not decided yet counts as 0": [f"{open_[name]} of {name}" for name in names if open_[name]],
        "without a due date in course.toml, so that nothing handed in is left out": undated,
    }
    return [f"course total: {what}: {', '.join(those)}" for what, those in said.items() if those]
