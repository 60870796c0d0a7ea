"""What students may read of a grade before it is published, and after."""

from typing import Any

import msgspec

from grader.checks.difference import Difference
from grader.feedback.students import for_students, shown_later
from grader.judge.verdicts import ExerciseGrade, Grade, ResultVerdict, Told, Verdict

SECRET = "0.4823"
DIFFERENCE = Difference("values", "dx", SECRET, SECRET, (0,), (0,), SECRET, SECRET, 1, 2)
TOLD = Told("f(<3 array>)", "some values of dx are wrong")
RESULT = ResultVerdict(
    "dx", "failed", 1.0, 0.0, message=SECRET, call=SECRET, difference=DIFFERENCE, told=TOLD, misconception="known", hint="look"
)


def check(**fields: Any) -> Verdict:
    """A verdict that holds a secret wherever it can."""
    texts = {"message": SECRET, "call": SECRET, "hint": "look", "misconception": "known"}
    return Verdict(
        "a rule",
        "agrees",
        "failed",
        "returned",
        **{**texts, "difference": DIFFERENCE, "results": (RESULT,), "told": TOLD, **fields},
    )


def grade(*checks: Verdict, **fields: Any) -> Grade:
    """A grade of one exercise."""
    exercises = (ExerciseGrade("f", "Title.", 1.0, 2.0, checks),)
    whole = {"student": "ana", "assignment": "work", "status": "graded", "score": 1.0, "max_score": 2.0, "printed": SECRET}
    return Grade(**{**whole, "exercises": exercises, **fields})


def test_nothing_of_a_hidden_check_but_what_is_told() -> None:
    """No field of it, of its results or of the grade."""
    shown = for_students(grade(check()), published=False)
    assert SECRET not in msgspec.json.encode(shown).decode()
    (only,) = shown.exercises[0].checks
    assert (only.call, only.message, only.hint, only.misconception) == (TOLD.call, TOLD.message, "look", "known")
    assert (only.results[0].message, only.results[0].hint) == (TOLD.message, "look")


def test_points_stay() -> None:
    """They are what students are graded for."""
    after = for_students(grade(check(points=2.0, earned=0.5)), published=False)
    assert (after.score, after.exercises[0].checks[0].score) == (1.0, 0.5)


def test_public_check_is_shown_whole() -> None:
    """And what was printed, where all checks are public."""
    whole = grade(check(public=True, told=None))
    assert for_students(whole, published=False) == whole


def test_published_grade_is_shown_whole() -> None:
    """Nobody can use it any more."""
    assert for_students(grade(check()), published=True) == grade(check())


def test_printed_output_waits_even_if_hidden_checks_passed() -> None:
    """It may have been printed in one of them."""
    passed = Verdict("a rule", "agrees", "passed", "returned")
    assert "once the grades are published" in for_students(grade(passed), published=False).printed


def test_record_from_before() -> None:
    """A verdict that says neither that it is public nor what is told is a hidden one."""
    (only,) = for_students(grade(check(told=None, results=())), published=False).exercises[0].checks
    assert (only.call, only.message) == ("", "more is shown once the grades are published")


def test_fault_of_the_grader_is_not_worded_by_a_hidden_input() -> None:
    """Its text may hold what a check saw."""
    fault = grade(check(told=None), status="grader_error", score=None, message=SECRET)
    assert SECRET not in msgspec.json.encode(for_students(fault, published=False)).decode()


def test_remark_only_where_something_is_kept_back() -> None:
    """Of a check that failed."""
    exercises = grade(check()).exercises
    assert shown_later(exercises, published=False) and not shown_later(exercises, published=True)
    assert not shown_later(grade(check(public=True)).exercises, published=False)
