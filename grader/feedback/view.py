"""The view of a grade: what a report says, in which words, and how much of it. The writers only do the layout.

    Grade, and Plan and Run for the arrays ──► View ──► terminal.py, html.py, markdown.py

Every text of a view is free of control codes (`plain`): a writer has to escape only its own markup.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from grader.feedback.places import NOWHERE, Places
from grader.feedback.score import score_of
from grader.feedback.summary import PLACE, counts_text, lacking, open_points, points
from grader.feedback.view_types import CheckView, ExerciseView, Printed, View
from grader.judge.by_hand import before_text
from grader.judge.verdicts import ExerciseGrade, Grade, Verdict, VerdictWord
from grader.text.escape import one_line, plain
from grader.text.language import gettext as _

if TYPE_CHECKING:
    from grader.judge.oracle import Oracle
    from grader.plan import Plan
    from grader.run import Run

DETAILED = 2  # failures of an exercise that are reported in full
SHORT = 80  # characters of any other message
LONG = 4000  # characters of a message or a hint: what a student wrote may be in it, and what to do stands at its end
CALL = 1200  # characters of the calls of a script
LINES, LINE = 10, 200  # lines of printed output, and characters of each
NAME = 200  # characters of the name of a file
ANSWER = 20_000  # characters of what a person reads
OUTPUT = 4000  # characters of printed output, where there is room


class _Ran(msgspec.Struct, frozen=True):
    """What was judged, for the arrays."""

    plan: "Plan"
    run: "Run"
    oracle: "Oracle | None"


def view_of(
    grade: Grade,
    title: str = "",
    plan: "Plan | None" = None,
    run: "Run | None" = None,
    notes: Iterable[str] | None = None,
    oracle: "Oracle | None" = None,
    places: Places = NOWHERE,
    since: str = "",
) -> View:
    """The view of a grade.

    Args:
        title: of what was graded.
        plan, run: that were judged, to show arrays that are wrong.
        notes: on single cells of a notebook, if not in the words of the grade.
        oracle: to show the arrays of hidden checks too; not for students.
        places: in the student's own files on disk.
        since: what changed since the last time.
    """
    ran = _Ran(plan, run, oracle) if plan and run else None
    counted = [exercise for exercise in grade.exercises if exercise.counts == "required"]
    waiting = sum(check.points for exercise in counted for check in exercise.checks if check.at_hand_in)
    return View(
        "grader_error" if grade.status == "grader_error" else "failed" if grade.exercises else "skipped",
        title,
        score_of(grade.score, grade.max_score, waiting, grade.open if grade.undecided else None) if grade.max_score else None,
        plain(grade.message),
        _exercises(grade.exercises, ran, places),
        _printed(grade.printed) if grade.printed else None,
        tuple(map(plain, map(str, grade.notes) if notes is None else notes)),
        grade.judged,
        one_line(grade.file, NAME),
        one_line(grade.choice, LONG),
        str(places.whole or ""),
        since,
    )


def problem_view(problem: str, title: str = "") -> View:
    """The view of a submission that could not be graded."""
    return View("skipped", title, message=plain(problem))


def _exercises(exercises: Sequence[ExerciseGrade], ran: _Ran | None, places: Places) -> tuple[ExerciseView, ...]:
    """The exercises; one that failed altogether for one reason, which an earlier one has told, only names that."""
    told: dict[str, str] = {}
    found = []
    for exercise in exercises:
        reasons = {PLACE.sub("", check.message) for check in exercise.checks if check.verdict == "failed"}
        alone = len(reasons) == 1 and all(check.verdict == "failed" or check.at_hand_in for check in exercise.checks)
        reason = reasons.pop() if alone else ""
        as_in = told.setdefault(reason, exercise.name) if reason else exercise.name
        found.append(_exercise(exercise, "" if as_in == exercise.name else as_in, ran, places))
    return tuple(found)


def _exercise(exercise: ExerciseGrade, as_in: str, ran: _Ran | None, places: Places) -> ExerciseView:
    failed = lacking(exercise)
    untouched = bool(failed) and exercise.is_untouched
    word = "skipped" if untouched else _word(exercise, failed)
    to_read = any(check.by_hand for check in exercise.checks)
    waits_once = word == "waits" and len({check.message for check in failed}) == 1 and not to_read
    waiting = sum(check.points for check in exercise.checks if check.at_hand_in)
    right = (check for check in exercise.checks if check.verdict == "passed" and not check.by_hand)
    on_top = dict.fromkeys(plain(check.message) for check in right if check.message)
    how = [f"({counts})"] if (counts := counts_text(exercise)) else []
    return ExerciseView(
        word,
        plain(exercise.name),
        plain(exercise.title),
        score_of(exercise.score, exercise.max_score, waiting, exercise.open or None),
        one_line(failed[0].message, LONG) if untouched or waits_once else "",
        " ".join([*how, *(f"({text})" for text in on_top)]),
        tuple(_checks(exercise, as_in, ran, places)),
    )


def _word(exercise: ExerciseGrade, failed: Sequence[Verdict]) -> VerdictWord:
    if exercise.checks and all(check.at_hand_in for check in exercise.checks):
        return "waits"
    if not failed:
        return "passed"
    if all(check.verdict == "waits" for check in failed):
        return "waits"
    return "partly" if exercise.score else "failed"


def _checks(exercise: ExerciseGrade, as_in: str, ran: _Ran | None, places: Places) -> Iterator[CheckView]:
    shown = None
    planned = next((found for found in ran.plan.exercises if found.exercise.name == exercise.name), None) if ran else None
    for number, (check, note) in enumerate(zip(exercise.checks, _notes(exercise.checks, as_in), strict=True)):
        full = note == ""
        worth = points(check.points)
        earned = check.verdict == "passed" or check.at_hand_in
        hints = dict.fromkeys(hint for hint in (check.hint, *(result.hint for result in check.results)) if hint)
        arrays = None
        if full and ran and planned and number < len(planned.checks):
            from grader.feedback.arrays import comparison  # only for a self-check

            arrays = comparison(ran.plan, ran.run, planned, planned.checks[number], check, ran.oracle)
        place = places.checks.get((exercise.name, check.name))
        here, shown = place if place != shown else None, place or shown
        yield CheckView(
            check.verdict,
            plain(check.said),
            check.at_hand_in,
            _earned(check, worth) if not earned else worth,
            full,
            plain(note or ""),
            plain(check.call, CALL),
            plain(_said(check), LONG),
            plain("\n".join([*hints, before_text(check.by_hand)]).strip(), LONG),
            arrays,
            plain(check.by_hand.answer, ANSWER) if check.by_hand else "",
            str(here or ""),
        )


def _earned(check: Verdict, worth: str) -> str:
    """What a check that did not pass earns; nobody has said 0 of what waits for a person."""
    if check.is_open:
        return open_points(check.points)
    return _("{score} of {most}").format(score=points(check.score), most=worth)


def _said(check: Verdict) -> str:
    """The message of a check: where there are several results that of each, and which of them are right."""
    if len(check.results) < 2:
        return check.message
    wrong = [result.message for result in check.results if result.message]
    right = ", ".join(result.name for result in check.results if result.verdict == "passed")
    return "\n".join([*wrong, _("right: {names}").format(names=right)] if right else wrong)


def _notes(checks: Sequence[Verdict], as_in: str) -> Iterator[str | None]:
    """For each check: None if there is nothing to report, "" for a full report, else a note.

    Only the first of the checks that failed for the same reason is reported. That bad input is not refused is always a separate reason.

    Args:
        as_in: the exercise that has told the only reason already ("" for none).
    """
    reasons: set[str] = set()
    for check in checks:
        reason = check.message if check.kind == "raises" else ", ".join(check.mistakes) or _slips(check) or check.message
        if check.by_hand:
            yield None if check.verdict == "passed" and not check.message else ""
        elif check.at_hand_in:
            yield None
        elif check.verdict == "passed":
            yield None  # what it is right on top of, the exercise says once
        elif as_in and not reasons:
            place = "".join(PLACE.findall(check.message))
            yield _("the same as in {exercise}").format(exercise=plain(as_in)) + plain(place)
            reasons.add(reason)
        elif as_in or reason in reasons:
            yield _("the same")
        else:
            yield "" if len(reasons) < DETAILED else _cut(one_line(check.message))
            reasons.add(reason)


def _slips(check: Verdict) -> str:
    """The slips of a check that has nothing worse."""
    if any(result.verdict not in ("passed", "partly") for result in check.results):
        return ""
    return ", ".join(f"{result.name}: {result.slip}" for result in check.results if result.slip)


def _cut(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[:SHORT].rpartition(' ')[0]} …"


def _printed(text: str) -> Printed:
    lines = text.rstrip().split("\n")
    first = [plain(line, LINE) for line in lines[:LINES]]
    if len(lines) > LINES:
        first.append(_("… and {n} more lines").format(n=len(lines) - LINES))
    return Printed(_("it printed:"), "\n".join(first), plain(text.rstrip(), OUTPUT))
