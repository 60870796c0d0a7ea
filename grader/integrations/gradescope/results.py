"""A grade as Gradescope's `results.json`: one test per check, with its message and hint in Markdown.

Gradescope shows results at once. So the tests of checks that compare with the reference are hidden until grades are published
(`hidden = "after_published"` in course.toml's [gradescope]), and nothing that is shown reveals them: neither the summary nor what the code
printed while they ran. While a test is hidden, Gradescope shows no total. Tests that students see earlier tell of hidden checks what
`feedback.students` allows; those that they see with the published grades tell everything.

`score` is the raw score: Gradescope handles lateness itself; ours is in `extra_data`.
"""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from grader.checks.agrees import Agreement
from grader.checks.effort import Within
from grader.course.config import Visibility
from grader.feedback.markdown import block, check_markdown
from grader.feedback.students import for_students, shown_later
from grader.feedback.summary import counts_text, file_text, lacking, what_happened
from grader.feedback.view import view_of
from grader.feedback.view_types import CheckView, Printed
from grader.judge.verdicts import ExerciseGrade, Grade, Verdict
from grader.text.escape import markdown, one_line
from grader.text.language import gettext as _

FILE = "results.json"
_HIDDEN = (Agreement.kind, Within.kind)  # the kinds that need the reference
_WITH_GRADES: tuple[Visibility, ...] = (
    "after_published",
    "hidden",
)  # students see these when nobody can use them to hand in again
_DIGITS = 4


def results(
    grade: Grade,
    hidden: Visibility = "after_published",
    extra: Mapping[str, Any] | None = None,
    seconds: float | None = None,
    *,
    published: bool = False,
) -> dict[str, Any]:
    """The content of `results.json` for a grade that has a score.

    Args:
        hidden: when students see the tests that need the reference.
        extra: more on the submission, for Gradescope's export.
        seconds: its running time.
        published: whether the grades are published already.
    """
    if grade.score is None:
        raise ValueError("a submission that could not be graded has no results: Gradescope would show a zero")
    shown = for_students(grade, published)
    told = _with_grades(shown, grade) if hidden in _WITH_GRADES else shown
    view = view_of(told)
    tests = [
        _test(exercise, check, seen, f"{place}.{number}", hidden)
        for place, (exercise, sight) in enumerate(zip(told.exercises, view.exercises, strict=True), start=1)
        for number, (check, seen) in enumerate(zip(exercise.checks, sight.checks, strict=True), start=1)
    ]
    if view.printed and view.printed.text:
        at_once = told.printed == shown.printed and all(test["visibility"] == "visible" for test in tests)
        tests.append(_printed(view.printed, len(grade.exercises) + 1, "visible" if at_once else hidden))
    found: dict[str, Any] = {
        "score": round(grade.score, _DIGITS),
        "output": _summary(shown, hidden, published),
        "output_format": "md",
        "test_output_format": "md",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": {
            "assignment": grade.assignment,
            "max_score": grade.max_score,
            "schema": grade.schema,
            **({"open": grade.open} if grade.undecided else {}),
            **({"bonus": grade.bonus} if grade.bonus else {}),
            **(extra or {}),
        },
    }
    return found if seconds is None else found | {"execution_time": round(seconds, 3)}


def _with_grades(shown: Grade, grade: Grade) -> Grade:
    """What students are `shown`, with everything of the `grade` that Gradescope keeps back itself."""
    exercises = tuple(
        replace(
            seen,
            checks=tuple(full if full.kind in _HIDDEN else check for check, full in zip(seen.checks, found.checks, strict=True)),
        )
        for seen, found in zip(shown.exercises, grade.exercises, strict=True)
    )
    return replace(shown, exercises=exercises, printed=grade.printed)


def _test(exercise: ExerciseGrade, check: Verdict, shown: CheckView, number: str, hidden: Visibility) -> dict[str, Any]:
    passed = check.verdict == "passed"
    counts = counts_text(exercise)
    paid = {"score": round(check.score, _DIGITS), "max_score": round(check.points, _DIGITS)}
    status = {"status": "passed" if passed else "failed"}
    return {
        "name": one_line(f"{exercise.name}{f' ({counts})' if counts else ''}: {shown.name}"),
        "number": number,
        **(paid if not check.is_open and exercise.counts != "optional" else {}),  # without points, a test is information
        **(status if not check.is_open else {}),
        "output": check_markdown(shown),
        "output_format": "md",
        "visibility": hidden if check.kind in _HIDDEN else "visible",
        "tags": [check.kind],
        "extra_data": {"exercise": exercise.name, "kind": check.kind, "outcome": check.outcome, "mistakes": list(check.mistakes)},
    }


def _printed(printed: Printed, number: int, seen: Visibility) -> dict[str, Any]:
    """What the student's code printed, as a test without points."""
    return {
        "name": _("What your code printed"),
        "number": f"{number}",
        "status": "passed",
        "output": block(printed.text),
        "output_format": "md",
        "visibility": seen,
    }


def _summary(shown: Grade, hidden: Visibility, published: bool) -> str:
    """A summary of the submission, from what its student sees at once."""
    kinds = () if hidden == "visible" else _HIDDEN
    seen = tuple(
        replace(found, checks=tuple(check for check in found.checks if check.kind not in kinds)) for found in shown.exercises
    )
    line = markdown(what_happened(replace(shown, exercises=seen), names=False), 500)
    file = markdown(file_text(shown), 1000)
    notes = "\n".join(f"- {markdown(str(note), 500)}" for note in shown.notes)
    if shown.message:
        return "\n\n".join(filter(None, [line, file, notes]))
    hides = any(check.kind in kinds for found in shown.exercises for check in found.checks)
    if hides and not any(map(lacking, seen)):
        said = _("All checks that are shown here pass. The others compare with the reference and are shown later.")
        return "\n\n".join(filter(None, [said, file, notes]))
    remarks = [
        file,
        notes,
        markdown(shown_later(seen, published), 500),
        _("Other checks compare with the reference and are shown later.") if hides else "",
    ]
    return "\n\n".join([line, *filter(None, remarks)])
