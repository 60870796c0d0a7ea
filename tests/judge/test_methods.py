"""A method as an exercise of its own: its plan, who pays for a mistake, and what a student reads."""

import functools
from typing import Any

import pytest
from toys import ROOT, exercise_grade, grade

from grader.course.folder import find_course
from grader.engine.prepare import Prepared, prepare
from grader.judge.call_program import program
from grader.judge.verdicts import Grade

COURSE = find_course(ROOT / "examples" / "courses" / "machine_learning")
TOPIC = COURSE.assignment("linear_regression")
FIT, PREDICT, SCORE = (f"LinearRegression.{method}" for method in ("fit", "predict", "score"))

NO_INTERCEPT = {
    "center, middle = X.mean(axis=0), y.mean()": "center, middle = 0 * X.mean(axis=0), 0.0",
    "b = b - self.rate * 2 * error.mean()": "b = 0.0",
}
UNKNOWN = {
    "self.coef_ = np.linalg": "self.coef_ = 1.01 * np.linalg",
    "self.intercept_ = w, float(b)": "self.intercept_ = 2 * w, 0.3",
}
PREDICTS_WITHOUT = {"return X @ self.coef_ + self.intercept_": "return X @ self.coef_"}


@functools.cache
def ready() -> Prepared:
    """The topic, prepared with its reference."""
    return prepare(TOPIC, "seed")


@functools.cache
def solution() -> str:
    """What students write, right."""
    return TOPIC.solution.read_text(encoding="utf-8")


def graded(edits: dict[str, str], text: str = "") -> Grade:
    """The grade of the solution with these edits."""
    text = text or solution()
    for before, after in edits.items():
        assert before in text
        text = text.replace(before, after)
    namespace: dict[str, Any] = {"__name__": "linear_regression"}
    exec(compile(text, "linear_regression.py", "exec"), namespace)
    return grade(ready(), namespace)


def scores(found: Grade) -> list[float]:
    """The points of the three methods."""
    return [exercise_grade(found, name).score for name in (FIT, PREDICT, SCORE)]


def waiting(found: Grade, name: str) -> set[tuple[str, ...]]:
    """What the checks of an exercise wait for."""
    return {check.waits_for for check in exercise_grade(found, name).checks}


def test_the_steps_of_a_case() -> None:
    """The object is made, what comes before is called, and then the method."""
    plan = ready().plan
    planned = next(one for one in plan.exercises if one.exercise.name == PREDICT)
    first = planned.checks[0].seqs
    assert [plan.targets[seq] for seq in first] == ["LinearRegression", FIT, PREDICT]
    assert plan.own(PREDICT, first) == [
        first[0],
        first[-1],
    ]  # an object of a class that is not an exercise is made by each of its methods
    assert plan.needs(PREDICT, first, plan.rubric.uses) == {FIT}
    assert plan.needs(SCORE, (), plan.rubric.uses) == {PREDICT}


@pytest.mark.parametrize(
    ("edits", "earned"),
    [
        pytest.param({}, [3, 1.5, 1.5], id="right"),
        pytest.param(PREDICTS_WITHOUT, [3, 0, 1.5], id="carried from predict"),
        pytest.param(UNKNOWN, [pytest.approx(0.3, abs=0.5), 0, 0], id="not recognised"),
        pytest.param(NO_INTERCEPT, [pytest.approx(0.4, abs=0.3), 1.5, 1.5], id="carried from fit"),
    ],
)
def test_nobody_pays_twice(edits: dict[str, str], earned: list[Any]) -> None:
    """What other methods do right on top of a mistake is paid, where the mistake is recognised."""
    assert scores(graded(edits)) == earned


def test_mistakes_in_two_methods_of_one_class() -> None:
    """They are made together, in one class."""
    oracle, plan = ready().oracle, ready().plan
    assert oracle is not None
    both = [one for one in oracle.misconceptions if one.name in ("gradient_without_two", "predict_without_intercept")]
    first = next(one for one in plan.exercises if one.exercise.name == PREDICT).checks[0].seqs
    together, alone = (oracle.composed(some, first) for some in (both, both[1:]))
    assert [one.of for one in both] == [FIT, PREDICT]
    assert together and alone and together[first[-1]] == alone[first[-1]]  # solved exactly, only the second one shows


def test_another_method_is_waited_for() -> None:
    """Where the mistake in `fit` is unknown, or it is not written, no number of `predict` would help."""
    for edits in (UNKNOWN, {'if self.method == "closed":': "raise NotImplementedError('fit')\n        if self:"}):
        found = graded(edits)
        assert waiting(found, PREDICT) - {()} == {(FIT,)}
        assert "fix that first" in exercise_grade(found, PREDICT).checks[0].message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            lambda text: text[: text.index("class LinearRegression")], "`LinearRegression` is not defined", id="missing"
        ),
        pytest.param(lambda text: text.replace("= method\n", "= methd\n"), "NameError: name 'methd'", id="raises"),
    ],
)
def test_a_class_that_is_not_there_is_said_once(text: Any, said: str) -> None:
    """The first of its exercises says it, and the others wait for that one."""
    found = graded({}, text(solution()))
    assert said in exercise_grade(found, FIT).checks[0].message
    assert waiting(found, PREDICT) == waiting(found, SCORE) == {(FIT,)}


def test_the_call_is_shown_with_what_came_before() -> None:
    """A method alone would not say what its object was."""
    check = exercise_grade(graded(PREDICTS_WITHOUT), PREDICT).checks[0]
    first = "obj = LinearRegression()\nobj.fit([[0.], [1.], [2.]], [1., 3., 5.])\n"
    assert check.call == f"{first}obj.predict([[3.], [-1.]])"
    assert check.message.startswith("y[0] = 2*3 + 1 = 7, yours 6")
    assert check.misconception == "predict_without_intercept"


def test_attributes_are_results() -> None:
    """What `fit` leaves in the object is judged by name, and paid by itself."""
    check = next(one for one in exercise_grade(graded(NO_INTERCEPT), FIT).checks if one.name == "one-step")
    assert {one.name: one.verdict for one in check.results} == {"coef_": "passed", "intercept_": "failed"}


def test_an_attribute_that_is_not_there() -> None:
    """It is the method's failure to leave it."""
    check = exercise_grade(graded({"self.coef_": "self.w"}), FIT).checks[0]
    assert check.message.startswith("raised AttributeError: 'LinearRegression' object has no attribute 'coef_'")


def test_the_call_as_a_program() -> None:
    """It prints the attributes that are judged."""
    plan = ready().plan
    planned = next(one for one in plan.exercises if one.exercise.name == FIT)
    text = program(plan.steps, [planned.checks[0].seqs[-1]], plan.rubric.parameters, "linear_regression")
    assert "obj = LinearRegression()" in text and text.endswith("print(obj.coef_)\nprint(obj.intercept_)\n")
