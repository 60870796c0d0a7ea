"""From the outcomes of a run to a grade. Whose fault an exception in here is, `judge.faults` finds out."""

from collections.abc import Mapping, Sequence
from functools import partial

import msgspec
import numpy as np

from grader.judge.by_hand import NO_TEXT, read_part, waiting_text
from grader.judge.exercise import Judged, judge_exercise, load_text
from grader.judge.gate import withhold
from grader.judge.judged_once import Once
from grader.judge.known import Known
from grader.judge.oracle import Oracle
from grader.judge.settle import settle
from grader.judge.verdicts import ExerciseGrade, Grade, Verdict
from grader.plan import Plan, PlannedExercise
from grader.run import Run
from grader.sandbox.outcome import Returned, word
from grader.submissions.notebook.outcomes import notes_of
from grader.text.language import gettext as _


def judge(plan: Plan, run: Run, oracle: Oracle | None, student: str, known: Known | None = None, *, hints: bool = True) -> Grade:
    """The grade of one submission for `plan`.

    Args:
        oracle: the reference's outcomes; None in a student's course, where checks that need them wait for submission.
        known: what a student's course knows of the misconceptions.
        hints: whether to look for mistakes, and for what the wrong results have in common; the points may depend on a mistake in another
            exercise that is recognised.
    """
    once = Once(plan, run, oracle, hints)

    def judged() -> tuple[tuple[Verdict, ...], ...]:
        found = [
            once.exercise(planned.exercise.name, partial(judge_exercise, plan, planned, run, oracle, known, hints))
            for planned in plan.exercises
        ]
        return _together(plan, found, run, oracle, plan.rubric.uses or (known.uses if known else {}))

    with np.errstate(all="ignore"):  # about numbers that students return
        exercises = tuple(
            _grade(planned, _by_hand(plan, planned, run), verdicts)
            for planned, verdicts in zip(plan.exercises, once.all(judged), strict=True)
        )
    errors = [check.message for exercise in exercises for check in exercise.checks if check.verdict == "grader_error"]
    message = "" if isinstance(run.loaded, Returned) else load_text(plan, run)
    return Grade(
        student=student,
        assignment=plan.name,
        status="grader_error" if errors else "graded",
        score=None,
        max_score=plan.rubric.points,
        exercises=(),
        message=errors[0] if errors else message,
        printed=run.usage.output,
        file=run.file,
        choice=run.choice,
        notes=(*run.removed, *notes_of(run.loaded)),
    ).with_exercises(exercises)


def _together(
    plan: Plan, judged: Sequence[Judged], run: Run, oracle: Oracle | None, uses: Mapping[str, frozenset[str]]
) -> tuple[tuple[Verdict, ...], ...]:
    """The verdicts of each exercise, with what it owes to the others."""
    carried = {(item.name, number): with_whom for item in judged for number, with_whom in enumerate(item.carried) if with_whom}
    verdicts = {item.name: item.verdicts for item in judged}
    on_top = frozenset[str]()
    if run.judged:
        verdicts, on_top = settle(plan, verdicts, carried, run.outcomes, oracle, uses)
    return tuple(
        withhold(planned, verdicts[item.name], run.outcomes, item.proven or item.name in on_top, item.worth)
        for planned, item in zip(plan.exercises, judged, strict=True)
    )


def _grade(planned: PlannedExercise, by_hand: tuple[Verdict, ...], verdicts: tuple[Verdict, ...]) -> ExerciseGrade:
    exercise = planned.exercise
    found = ExerciseGrade(exercise.name, _(exercise.title), 0.0, exercise.points, (), exercise.counts)
    return found.with_checks((*verdicts, *by_hand))


def _by_hand(plan: Plan, planned: PlannedExercise, run: Run) -> tuple[Verdict, ...]:
    """What a person decides of an exercise, whatever its checks say."""
    found = []
    for part in planned.manual:
        read, why_not = read_part(part, planned.exercise.name, run.pieces.get(planned.exercise.name))
        verdict = Verdict(part.name, "manual", "skipped", None, why_not, points=part.points, by_hand=read)
        if not why_not:
            no_text = part.answer == "text" and not run.pieces[planned.exercise.name].has_text
            text = f"{waiting_text(part.points)}; {_(NO_TEXT)}" if no_text else waiting_text(part.points)
            verdict = msgspec.structs.replace(verdict, verdict="waits", message=text, earned=0.0)
        elif not run.judged and planned.exercise.name not in run.pieces:
            verdict = msgspec.structs.replace(verdict, verdict="failed", outcome=word(run.loaded), message=load_text(plan, run))
        found.append(verdict)
    return tuple(found)
