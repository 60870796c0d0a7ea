"""What is decided of a grade before anything writes it: what is told in full, what waits, where it is cut."""

from typing import Any

import pytest

from grader.feedback.view import CALL, DETAILED, LINE, LINES, problem_view, view_of
from grader.feedback.view_types import SYMBOLS, CheckView, ExerciseView, Printed
from grader.judge.verdicts import ExerciseGrade, Grade, ResultVerdict, Verdict


def check(word: Any = "failed", message: str = "", name: str = "random", **fields: Any) -> Verdict:
    """A verdict."""
    return Verdict(name, fields.pop("kind", "agrees"), word, "returned", message, points=fields.pop("points", 1.0), **fields)


def grade(*checks: Verdict, **fields: Any) -> Grade:
    """A grade of one exercise with these checks."""
    exercise = ExerciseGrade("f", "Title.", 1.0, 2.0, checks)
    given: dict[str, Any] = dict(
        student="ana", assignment="work", status="graded", score=1.0, max_score=2.0, exercises=(exercise,)
    )
    return Grade(**given | fields)


def seen(*checks: Verdict) -> ExerciseView:
    """One exercise with these checks."""
    return view_of(grade(*checks)).exercises[0]


def told(*checks: Verdict) -> list[str | None]:
    """Of each check: "" where it is told in full, what is told instead, or None."""
    return ["" if view.full else view.note or None for view in seen(*checks).checks]


def printed(text: str) -> Printed:
    """What is shown of an output."""
    found = view_of(grade(printed=text)).printed
    assert found is not None
    return found


def test_same_reason_is_told_once() -> None:
    """Of checks with one message the first is told, and of checks with one recognised mistake too."""
    assert told(check(message="no"), check(message="no")) == ["", "the same"]
    assert told(check(message="a", misconception="flipped"), check(message="b", misconception="flipped")) == ["", "the same"]


def test_bad_input_is_a_reason_of_its_own() -> None:
    """A named mistake does not hide that bad input is not refused."""
    refused = check(kind="raises", message="it should raise ValueError", misconception="flipped")
    assert told(check(message="6 are wrong", misconception="flipped"), refused) == ["", ""]


def test_reason_of_several_exercises_is_told_once() -> None:
    """Where an earlier exercise failed altogether for the same reason, the place is all that a later one adds."""
    exercises = tuple(
        ExerciseGrade(name, "Title.", 0.0, 1.0, (check(message=f"uses scipy (work.py, line {line}: `x`)"),) * 2)
        for name, line in (("f", 3), ("g", 9))
    )
    first, second = view_of(grade(exercises=exercises)).exercises
    assert [item.full for item in first.checks] == [True, False]
    assert [item.note for item in second.checks] == ["the same as in f (work.py, line 9: `x`)", "the same"]


def test_exercise_with_a_reason_of_its_own_is_told() -> None:
    """One that did something right besides is reported by itself."""
    reason = check(message="never ends")
    exercises = (
        ExerciseGrade("f", "Title.", 0.0, 1.0, (reason,)),
        ExerciseGrade("g", "Title.", 0.5, 1.0, (reason, check("passed"))),
    )
    assert view_of(grade(exercises=exercises)).exercises[1].checks[0].full


def test_example_is_called_by_its_place() -> None:
    """What students cannot see, its id, is not shown."""
    assert seen(check(name="conv-valid", place="README, first example")).checks[0].name == "README, first example"


def test_advice_is_not_cut_off() -> None:
    """What to do stands at the end of a message, and is there after a long one too."""
    found = seen(check(message="raised " + "x" * 2000 + "; print the shapes", hint="h" * 1500)).checks[0]
    assert found.message.endswith("; print the shapes")
    assert found.hint == "h" * 1500


def test_few_reasons_are_told_in_full() -> None:
    """Of a further reason, a short line is told."""
    checks = (check(message=f"reason {n}") for n in range(DETAILED + 1))
    assert told(*checks) == [*[""] * DETAILED, f"reason {DETAILED}"]


def test_checks_of_one_name_are_told_each() -> None:
    """Two checks that are called the same are two checks."""
    assert told(check(message="a"), check("passed"), check(message="a")) == ["", None, "the same"]


def test_nothing_is_told_of_what_passed_or_waits() -> None:
    """Neither in full nor beside the name."""
    assert told(check("passed"), check("skipped", "runs when you hand in", at_hand_in=True)) == [None, None]


def test_right_on_top_of_a_mistake_is_told() -> None:
    """What checks are right on top of stands beside the exercise's name, once, and not beside each of them."""
    checks = [check("passed", "right on top of `g`") for _ in range(2)]
    assert (told(*checks), seen(*checks).note) == ([None, None], "(right on top of `g`)")


def slipped(name: str, shape: str) -> Verdict:
    """A check with a slip in its only result."""
    text = f"{name} has the right values, but the shape {shape}"
    result = ResultVerdict(name, "partly", 1.0, 0.75, "axis", text)
    return check("partly", text, name, earned=0.75, results=(result,))


def test_slip_is_told_once() -> None:
    """The same slip of another shape is the same; in another result it is another."""
    assert told(slipped("y", "(1, 2)"), slipped("y", "(1, 3)"), slipped("z", "(1, 3)")) == ["", "the same", ""]


def test_each_result_is_told() -> None:
    """Where there are several results the message has a line for each that lacks something, and one with those that are right."""
    results = (
        ResultVerdict("dx", "failed", 1.0, 0.0, message="every value of dx is wrong"),
        ResultVerdict("dw", "passed", 1.0, 1.0),
        ResultVerdict("db", "partly", 1.0, 0.75, "rounded", "db is right, but rounded; return all digits"),
    )
    (found,) = seen(check("partly", "every value of dx is wrong", earned=1.75, points=3.0, results=results)).checks
    lines = ["every value of dx is wrong", "db is right, but rounded; return all digits", "right: dw"]
    assert (found.message.split("\n"), found.score) == (lines, "1.75 of 3")


def test_exercise_that_waits_says_so_once() -> None:
    """Where everything that lacks waits for the same, one line stands for the checks."""
    waits = [check("waits", "waits for `g`: fix that first") for _ in range(3)]
    view = seen(check("passed"), *waits)
    assert (view.word, view.symbol, view.message) == ("waits", "…", "waits for `g`: fix that first")


def test_exercise_that_waits_and_fails_shows_its_checks() -> None:
    """Where something failed besides, the checks are shown, the waiting ones briefly."""
    view = seen(check("failed", "wrong"), *(check("waits", "waits for `g`: fix that first") for _ in range(2)))
    assert (view.message, [item.note for item in view.lacking]) == ("", ["", "", "the same"])


def test_exercise_that_was_not_begun_says_so_once() -> None:
    """Where every check was skipped, one line stands for them."""
    view = seen(check("skipped", "not implemented\nyet"), check("skipped", "runs when you hand in", at_hand_in=True))
    assert (view.word, view.message) == ("skipped", "not implemented yet")


def test_exercise_that_was_begun_shows_its_checks() -> None:
    """Where one check passed and another was skipped, the exercise is right in part, and the skipped one says why."""
    view = seen(check("passed"), check("skipped", "not implemented yet"))
    assert (view.word, view.message, view.symbol, [item.full for item in view.lacking]) == ("partly", "", "◐", [True])


def test_points_that_wait() -> None:
    """A score is about what can be checked here, says so if all of that is right, and how many points are still open."""
    view = view_of(grade(check("passed"), check("skipped", at_hand_in=True, points=1.0)))
    assert view.score is not None
    assert (view.score.brief, view.score.text) == ("1 of 1", "1 of 1 that can be checked here: all right.")
    assert view.score.open == " 1 more are decided on submission"
    assert (view.exercises[0].score, view.score.later) == (view.score, "(+1 on submission)")


def test_points_that_wait_beside_a_failure() -> None:
    """Where something that can be checked here is wrong, nothing is called right."""
    view = view_of(grade(check("failed"), check("skipped", at_hand_in=True, points=1.0), score=0.0))
    assert view.score is not None
    assert f"{view.score.text}{view.score.open}" == "0 of 1 points that can be checked here; 1 more are decided on submission"


def test_nothing_that_can_be_checked_is_not_right() -> None:
    """An exercise of which everything is decided on submission has no ✓."""
    view = view_of(grade(check("skipped", at_hand_in=True, points=2.0)))
    assert (view.exercises[0].word, view.exercises[0].score.text) == ("waits", "nothing of it can be checked here")


def test_points_of_a_check() -> None:
    """What it earned; of how many where it earned none; what it is worth where it waits."""
    view = seen(check("passed"), check("failed"), check("skipped", at_hand_in=True))
    assert [item.score for item in view.checks] == ["1", "0 of 1", "1"]


@pytest.mark.parametrize(
    ("given", "word"),
    [
        pytest.param(grade(check(), message="work.py cannot be run"), "failed", id="load"),
        pytest.param(grade(message="the check failed itself", status="grader_error", score=None), "grader_error", id="grader"),
        pytest.param(grade(message="run the cell first", exercises=()), "skipped", id="nothing-run"),
    ],
)
def test_message_on_the_whole(given: Grade, word: str) -> None:
    """Whether a submission failed, the grader did, or nothing was judged."""
    assert view_of(given).word == word


def test_problem() -> None:
    """Where there is no grade, the view is its message."""
    view = problem_view("no course\x07")
    assert (view.symbol, view.message, view.score) == (SYMBOLS["skipped"], "no course\\x07", None)


@pytest.mark.parametrize("part", ["name", "call", "message", "hint"])
def test_text_is_safe_before_it_is_written(part: str) -> None:
    """Control codes and overrides are escapes in every text of a view."""
    found: CheckView = seen(check(**{part: "\x1b[2J\u202e"})).checks[0]
    assert getattr(found, part) == "\\x1b[2J\\u202e"


def test_long_call_is_cut() -> None:
    """And says how much more there is."""
    assert seen(check(call="x" * (CALL + 70))).checks[0].call == "x" * CALL + "… (70 characters more)"


def test_output_is_cut_after_some_lines() -> None:
    """The first lines are shown, with the true number of those that are not, however long the output is."""
    assert printed("x\n" * 5000).lines.splitlines() == [*["x"] * LINES, f"… and {5000 - LINES} more lines"]
    assert printed("x\n" * LINES).lines.splitlines() == ["x"] * LINES


def test_long_line_of_output_is_cut() -> None:
    """One line fills no screen."""
    assert printed("x" * (LINE + 50)).lines == "x" * LINE + "… (50 characters more)"
