"""What people see of a grade: here it is decided what is told, in which words, and where it is cut. The writers only lay it out.

    Grade, and Plan and Run for the arrays ──► View ──► terminal.py, html.py, markdown.py

Every text of a view is safe to show (`plain`): no writer has to think of control codes, only of its own markup.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from grader.feedback.summary import lacking, points
from grader.judge.verdicts import ExerciseGrade, Grade, Verdict, VerdictWord
from grader.text.escape import one_line, plain
from grader.text.language import gettext as _

if TYPE_CHECKING:
    from grader.feedback.arrays import Comparison
    from grader.plan import Plan
    from grader.run import Run

SYMBOLS: dict[VerdictWord, str] = {"passed": "✓", "failed": "✗", "skipped": "–", "grader_error": "!"}
DETAILED = 2  # failures of an exercise that are told in full
SHORT = 80  # characters of a message that is not
CALL = 400  # characters
LINES, LINE = 10, 200  # of what it printed
OUTPUT = 4000  # characters of it where there is room


class _Judged(msgspec.Struct, frozen=True):
    word: VerdictWord

    @property
    def symbol(self) -> str:
        """The word as one character."""
        return SYMBOLS[self.word]


class CheckView(_Judged, frozen=True):
    """One check.

    Attributes:
        waits: whether it runs when the exercise is handed in; the message says so.
        score: its points, of how many where it earns none.
        full: whether call, message and hint are to be told.
        note: what is told instead: that it failed for the same reason as another, or a short line.
        arrays: what should have come and what came, where that is known.
    """

    name: str
    waits: bool
    score: str
    full: bool
    note: str
    call: str
    message: str
    hint: str
    arrays: "Comparison | None" = None


class Score(msgspec.Struct, frozen=True):
    """How many points of how many: `brief` («1 of 2»), as a `text` («1 of 2 points»), and how many are still `open` ("" for none)."""

    brief: str
    text: str
    open: str


class ExerciseView(_Judged, frozen=True):
    """One exercise.

    Attributes:
        message: of one that was not begun (its word is "skipped"); it stands for the checks.
        note: that more is to come, where all went well so far.
    """

    name: str
    title: str
    score: Score
    message: str
    note: str
    checks: tuple[CheckView, ...]

    @property
    def lacking(self) -> list[CheckView]:
        """The checks that did not pass (those that wait do not count)."""
        return [check for check in self.checks if check.word != "passed" and not check.waits]


class Printed(msgspec.Struct, frozen=True):
    """What the submission printed: a `head` over the first `lines`; more of it as `text`."""

    head: str
    lines: str
    text: str


class View(_Judged, frozen=True):
    """A grade.

    Attributes:
        score: None where there is nothing to earn.
        message: on the submission as a whole; it stands for the exercises.
        notes: on single cells of a notebook.
    """

    title: str
    score: Score | None = None
    message: str = ""
    exercises: tuple[ExerciseView, ...] = ()
    printed: Printed | None = None
    notes: tuple[str, ...] = ()


def view_of(
    grade: Grade, title: str = "", plan: "Plan | None" = None, run: "Run | None" = None, notes: Iterable[str] = ()
) -> View:
    """What people see of a grade.

    Args:
        title: what was graded.
        plan, run: what it comes from, to show the arrays that are wrong.
        notes: on single cells of a notebook.
    """
    waiting = sum(check.points for exercise in grade.exercises for check in exercise.checks if check.at_hand_in)
    return View(
        "grader_error" if grade.status == "grader_error" else "failed" if grade.exercises else "skipped",
        title,
        _score(grade.score, grade.max_score, waiting) if grade.max_score else None,
        plain(grade.message),
        tuple(_exercise(exercise, place, plan, run) for place, exercise in enumerate(grade.exercises)),
        _printed(grade.printed) if grade.printed else None,
        tuple(map(plain, notes)),
    )


def problem_view(problem: str, title: str = "") -> View:
    """What people see where nothing could be graded."""
    return View("skipped", title, message=plain(problem))


def _exercise(exercise: ExerciseGrade, place: int, plan: "Plan | None", run: "Run | None") -> ExerciseView:
    failed = lacking(exercise)
    untouched = bool(failed) and all(check.verdict == "skipped" for check in exercise.checks)
    waiting = [check.points for check in exercise.checks if check.at_hand_in]
    return ExerciseView(
        "skipped" if untouched else "failed" if failed else "passed",
        plain(exercise.name),
        plain(exercise.title),
        _score(exercise.score, exercise.max_score, sum(waiting)),
        one_line(failed[0].message) if untouched else "",
        _("(so far)") if waiting and not failed else "",
        tuple(_checks(exercise, place, plan, run)),
    )


def _checks(exercise: ExerciseGrade, place: int, plan: "Plan | None", run: "Run | None") -> Iterator[CheckView]:
    for number, (check, note) in enumerate(zip(exercise.checks, _notes(exercise.checks), strict=True)):
        full = note == ""
        worth = points(check.points)
        earned = check.verdict == "passed" or check.at_hand_in
        arrays = None
        if full and plan and run:
            from grader.feedback.arrays import comparison  # a notebook's alone

            arrays = comparison(plan, run, plan.exercises[place], plan.exercises[place].checks[number], check.difference)
        yield CheckView(
            check.verdict,
            plain(_(check.name)),
            check.at_hand_in,
            worth if earned else _("{score} of {most}").format(score=0, most=worth),
            full,
            note or "",
            plain(check.call, CALL),
            plain(check.message),
            plain(check.hint),
            arrays,
        )


def _notes(checks: Sequence[Verdict]) -> Iterator[str | None]:
    """For each check: None where there is nothing to tell, "" where it is told in full, else what is told instead.

    Checks that failed for the same reason are told once. That bad input is not refused is a reason of its own, whatever else is known.
    """
    reasons: set[str] = set()
    for check in checks:
        reason = check.message if check.kind == "raises" else check.misconception or check.message
        if check.verdict == "passed" or check.at_hand_in:
            yield None
        elif reason in reasons:
            yield _("the same")
        else:
            yield "" if len(reasons) < DETAILED else _cut(one_line(check.message))
            reasons.add(reason)


def _cut(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[:SHORT].rpartition(' ')[0]} …"


def _score(score: float | None, most: float, waiting: float) -> Score:
    text = _("{score} of {most} points so far") if waiting else _("{score} of {most} points")
    more = "; " + _("{points} more are decided when you hand in").format(points=points(waiting)) if waiting else ""
    said = {"score": points(score), "most": points(most)}
    return Score(_("{score} of {most}").format(**said), text.format(**said), more)


def _printed(text: str) -> Printed:
    lines = text.rstrip().split("\n")
    first = [plain(line, LINE) for line in lines[:LINES]]
    if len(lines) > LINES:
        first.append(_("… and {n} more lines").format(n=len(lines) - LINES))
    return Printed(_("it printed:"), "\n".join(first), plain(text.rstrip(), OUTPUT))
