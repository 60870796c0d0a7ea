"""A grade in a few words, and a class in a few numbers, without formatting."""

import re
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from grader.course.authoring import Counts
from grader.judge.by_hand import waiting_text
from grader.judge.verdicts import ExerciseGrade, Grade, Verdict
from grader.text.escape import one_line
from grader.text.language import gettext as _
from grader.text.language import marked, ngettext

if TYPE_CHECKING:
    from grader.gradebook.adjustments import Adjustment
    from grader.gradebook.entries import Entry
    from grader.gradebook.late_days import LateDays
    from grader.gradebook.lateness import Late

_COUNTS: dict[Counts, str] = {"bonus": marked("bonus"), "optional": marked("optional, does not count")}
_EVERY_CHECK = marked("every check failed")
PLACE = re.compile(r" \([^()]*\.py, .*$", re.DOTALL)  # where an exception was raised
_OUTCOMES = {
    "timed_out": marked("never ends"),
    "out_of_memory": marked("out of memory"),
    "died": marked("ended the process"),
    "bad_return": marked("returns something that cannot be graded"),
}


def points(value: float | None) -> str:
    """Points without trailing zeros: 7, 7.5, 6.67 ("–" for None)."""
    return "–" if value is None else f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−")


def score_text(grade: Grade) -> str:
    """A score out of the maximum, and how much still waits for a person: "6 / 10, 2 open"."""
    text = f"{points(grade.score)} / {points(grade.max_score)}"
    return f"{text}, {open_text(grade)}" if grade.undecided and grade.score is not None else text


def open_text(grade: Grade) -> str:
    """How many points wait for a person, in two words ("" for none)."""
    if not grade.undecided:
        return ""
    return open_points(grade.open)


def open_points(value: float) -> str:
    """So many points wait for a person."""
    return _("{points} open").format(points=points(value))


def open_line(grade: Grade) -> str:
    """The same as a sentence."""
    return waiting_text(grade.open) if grade.undecided else ""


def bonus_line(grade: Grade) -> str:
    """How much of a score is bonus ("" for nothing)."""
    return _("bonus: {points} of it").format(points=points(grade.bonus)) if grade.bonus else ""


def counts_text(exercise: ExerciseGrade) -> str:
    """How an exercise counts, if not as the others do."""
    return counting_text(exercise.counts)


def counting_text(counts: Counts) -> str:
    """How something counts, in words ("" for what is required)."""
    return _(_COUNTS[counts]) if counts in _COUNTS else ""


def late_text(late: "Late") -> str:
    """Lateness in a few words, with the penalty and the remaining score ("" if on time)."""
    if late.unknown:
        return _("by an unknown time")
    if not late.days:
        return ""
    days = ngettext("{n} day", "{n} days", late.days).format(n=late.days)
    if late.free:
        days = _("{days}, {n} free").format(days=days, n=late.free)
    if not late.penalty:
        return days
    return _("{days}: −{penalty}, leaves {score}").format(days=days, penalty=points(late.penalty), score=points(late.score))


def late_days_text(late_days: "LateDays") -> str:
    """A student's late days: "2 of 5 late days used: 1 on conv, 1 on mlp"."""
    used = _("{used} of {days} late days used").format(used=late_days.used, days=late_days.days)
    where = ", ".join(_("{n} on {assignment}").format(n=n, assignment=name) for name, n in late_days.spent.items())
    return f"{used}: {where}" if where else used


def change_text(adjustment: "Adjustment") -> str:
    """What an adjustment changes, in a few words."""
    if adjustment.undoes:
        return _("takes back {number}").format(number=adjustment.undoes)
    if adjustment.part:
        none = _("no item") if adjustment.given is None else points(adjustment.given)
        return _("{part}: {items}").format(part=adjustment.part, items=", ".join(adjustment.items) or none)
    if adjustment.excused:
        return _("excused")
    return f"{'+' if adjustment.points > 0 else '−'}{points(abs(adjustment.points))}" if adjustment.points else _("remark")


def reason_text(adjustment: "Adjustment") -> str:
    """What an adjustment changes, where, and why, as its student may read it."""
    where = f" ({adjustment.exercise})" if adjustment.exercise else ""
    return f"{change_text(adjustment)}{where}: {one_line(adjustment.because, 1000)}"


def final_text(entry: "Entry | None") -> str:
    """The score that counts: after the late penalty and the adjustments."""
    return _("excused") if entry is not None and entry.excused else points(entry.final if entry else None)


def file_text(grade: Grade) -> str:
    """The file that was graded, and why that one if others could be meant ("" if it is unknown)."""
    return one_line(grade.choice, 1000) or (_("file: {name}").format(name=one_line(grade.file)) if grade.file else "")


def what_happened(grade: Grade, names: bool = True) -> str:
    """One line on a submission: the reasons why checks failed, by exercise, and the first cell of a notebook that failed.

    Args:
        names: whether recognised mistakes have their names, which are for instructors.
    """
    if grade.message:
        return one_line(grade.message)
    return "; ".join(filter(None, (_reasons(grade, names), _failed_cell(grade))))


def _reasons(grade: Grade, names: bool) -> str:
    reasons: dict[str, list[str]] = {}
    for exercise in grade.exercises:
        if lacking(exercise) and not (exercise.counts == "optional" and exercise.is_untouched):
            reasons.setdefault(why_lacking(exercise, names), []).append(exercise.name)
    if not reasons:
        return _("all right")
    if len(reasons) == 1 and len(grade.exercises) > 1 and all(map(lacking, grade.exercises)):
        (reason,) = reasons
        return reason if reason == _(_EVERY_CHECK) else _("everything: {reason}").format(reason=reason)
    return "; ".join(f"{', '.join(exercises)}: {reason}" for reason, exercises in reasons.items())


def _failed_cell(grade: Grade) -> str:
    """The first cell that failed, and how many more did ("" for none)."""
    failed = [note for note in grade.notes if note.is_fault]
    if not failed:
        return ""
    more = len({note.cell for note in failed}) - 1
    others = ngettext("{n} more cell failed", "{n} more cells failed", more).format(n=more) if more else ""
    return "; ".join(filter(None, (one_line(str(failed[0]), 120), others)))


def lacking(exercise: ExerciseGrade) -> list[Verdict]:
    """The checks of the exercise that did not pass, without those that wait for submission."""
    return [check for check in exercise.checks if check.verdict != "passed" and not check.at_hand_in]


def is_wrong(exercise: ExerciseGrade) -> bool:
    """Whether something is left to do for its student: not what a person decides, nor what need not be begun."""
    if exercise.counts != "required" and exercise.is_untouched:
        return False
    return any(not check.is_open for check in lacking(exercise))


def why_lacking(exercise: ExerciseGrade, names: bool) -> str:
    """Why an exercise of which some check did not pass is not all right, in a few words (see `what_happened`)."""
    failed = lacking(exercise)
    mistakes = list(dict.fromkeys(name for check in failed for name in check.mistakes))
    if mistakes and names:
        return ", ".join(mistakes)
    first = next((check for check in failed if check.verdict != "waits"), failed[0])
    if first.is_open:
        return waiting_text(exercise.open)
    if first.by_hand and first.verdict == "skipped":
        return one_line(first.message, 80)
    if first.by_hand:
        return _("{score} of {most} by a person").format(score=points(first.score), most=points(first.points))
    if first.verdict == "waits" or (first.verdict == "partly" and len(first.results) == 1):
        return one_line(first.message, 80)
    if first.outcome == "raised":
        return one_line(PLACE.sub("", first.message), 80)
    if first.outcome == "not_implemented":
        return one_line(first.message, 80)
    if first.kind == "within" and first.outcome == "timed_out":
        return _("too slow on large arrays")
    if first.outcome in _OUTCOMES:
        return _(_OUTCOMES[first.outcome])
    if len(failed) == len(exercise.checks) and not any(check.by_hand for check in failed):
        return _(_EVERY_CHECK)
    if len(failed) > 1:
        return ngettext("{n} check failed", "{n} checks failed", len(failed)).format(n=len(failed))
    return _("failed «{check}»").format(check=first.said)


class AssignmentTally(msgspec.Struct):
    """The submissions of one assignment, counted.

    Attributes:
        full: how many have full marks; `errors`: how many have no grade; `points`: their sum; `undecided`: how many wait for a person.
        mistakes: how many submissions make each recognised mistake.
    """

    max_score: float
    count: int = 0
    full: int = 0
    errors: int = 0
    late: int = 0
    undecided: int = 0
    points: float = 0.0
    mistakes: Counter[str] = msgspec.field(default_factory=Counter)

    @property
    def mean(self) -> float:
        """The mean score of the graded submissions."""
        return self.points / max(self.count - self.errors, 1)

    def commonest(self, limit: int) -> list[tuple[str, int]]:
        """The mistakes that most submissions made; equal counts by name."""
        return sorted(self.mistakes.items(), key=lambda item: (-item[1], item[0]))[:limit]


class ClassTally(msgspec.Struct):
    """A class, counted grade by grade."""

    count: int = 0
    assignments: dict[str, AssignmentTally] = msgspec.field(default_factory=dict)

    def add(self, grade: Grade, late: bool = False) -> None:
        """Count one submission; a mistake counts once for each submission that makes it."""
        self.count += 1
        tally = self.assignments.setdefault(grade.assignment, AssignmentTally(grade.max_score))
        tally.count += 1
        tally.full += grade.full_marks
        tally.errors += grade.score is None
        tally.late += late
        tally.points += grade.score or 0.0
        tally.undecided += grade.undecided > 0
        tally.mistakes.update({name for check in failed_checks(grade) for name in check.mistakes})


def failed_checks(grade: Grade) -> list[Verdict]:
    """Every check of a submission that failed, in part at least. What waits for another exercise did not."""
    return [check for exercise in grade.exercises for check in exercise.checks if check.verdict in ("failed", "partly")]
