"""From outcomes to points: what is paid, what is not, and whose fault it is."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pytest
from toys import (
    HERE,
    ROOT,
    exercise_grade,
    exercise_of,
    find,
    grade,
    judge_outcomes,
    one_case,
    outcomes_of,
    prepared,
    source_functions,
    topic,
    toy,
    verdict,
    zeros_like,
)

from grader.checks.agrees import agrees
from grader.checks.property import has_property
from grader.checks.raises import raises
from grader.checks.unchanged import unchanged
from grader.engine.grade_one import grade_one
from grader.engine.prepare import Prepared
from grader.judge import messages
from grader.judge.judge import judge
from grader.run import Run
from grader.sandbox.backend import Backend, Limits, Source
from grader.sandbox.choose import best_backend
from grader.sandbox.outcome import Died, NotRun, OutOfMemory, Raised, Returned, TimedOut, Unimplemented
from grader.submissions.submission import Submission

TOY = toy()
SOLUTION = source_functions(HERE / "toy/solutions/vectors.py")
STUB = source_functions(HERE / "toy/assignments/vectors/vectors.py")
EXERCISES = [planned.exercise.name for planned in TOY.plan.exercises]


class Zeros(SOLUTION["RunningMean"]):  # type: ignore[misc]
    """The class whose methods return zeros."""

    def update(self, v: Any) -> Any:
        """Zeros of the right shape."""
        self.value = np.zeros_like(v)
        return self.value


ZEROS = {name: zeros_like(SOLUTION[name]) for name in EXERCISES if name != "RunningMean"} | {"RunningMean": Zeros}


def always_raises(*_: Any, **__: Any) -> Any:
    """A function that refuses everything, with the exception that bad input should get."""
    raise ValueError("no")


# --- the toy course --------------------------------------------------------------------------------------------------------------------


def test_solution_has_full_marks() -> None:
    """The solution earns every point: lists, dicts, caches and objects are judged right."""
    graded = grade(TOY, SOLUTION)
    assert (graded.score, graded.max_score, graded.full_marks) == (9.0, 9.0, True)


def test_stub_earns_nothing() -> None:
    """The stub earns 0, and no check of it passes or fails."""
    graded = grade(TOY, STUB)
    assert graded.score == 0
    assert {check.verdict for name in EXERCISES if name != "RunningMean" for check in exercise_grade(graded, name).checks} == {
        "skipped"
    }


@pytest.mark.parametrize(
    "functions",
    [
        pytest.param(ZEROS, id="zeros"),
        pytest.param(dict.fromkeys(EXERCISES, always_raises), id="always-raises"),
        pytest.param({name: lambda *args: None for name in EXERCISES}, id="none"),
        pytest.param({name: lambda *args: args[0] for name in EXERCISES if name != "scale"}, id="its-argument"),
        pytest.param({name: lambda *args: 1.0 for name in EXERCISES}, id="one"),
        pytest.param({}, id="empty-file"),
    ],
)
def test_nothing_for_nothing(functions: dict[str, Any]) -> None:
    """What does not solve an exercise earns 0 of every exercise."""
    graded = grade(TOY, functions)
    assert (graded.status, {exercise.name: exercise.score for exercise in graded.exercises if exercise.score}) == ("graded", {})


@pytest.mark.parametrize("name", EXERCISES)
def test_exercises_are_independent(name: str) -> None:
    """One exercise alone earns its own points and no others."""
    needed = {"squash"} if name == "squash_backward" else set()  # its cache
    graded = grade(TOY, {**STUB, **{one: SOLUTION[one] for one in {name} | needed}})
    assert {one.name for one in graded.exercises if one.score == one.max_score} == {name} | needed
    assert {one.name for one in graded.exercises if 0 < one.score < one.max_score} == set()


def test_points_are_shared_by_share() -> None:
    """A check is worth its share of the exercise's points."""
    graded = grade(TOY, {**SOLUTION, "extent": lambda v: {"low": min(v, default=0.0), "high": max(v, default=0.0)}})
    assert [round(check.points, 4) for check in exercise_grade(graded, "extent").checks] == [0.6667, 0.3333]
    assert exercise_grade(graded, "extent").score == pytest.approx(2 / 3, abs=1e-5)


def test_solution_as_self_check() -> None:
    """Without the reference, what needs it waits for submission, and the rest is judged."""
    cases = one_case(x=np.array([1.0, 2.0]))
    checks = agrees("hidden", cases=cases), unchanged("open", cases=cases, share=1.0)
    using = prepared(exercise_of("f", *checks, points=4), functions={"f": lambda x: x * 2}, with_reference=False)
    graded = grade(using, {"f": lambda x: x * 2})
    assert (graded.score, find(graded, "hidden").at_hand_in, find(graded, "hidden").message) == (2.0, True, messages.AT_HAND_IN)


# --- checks that look at no value  ---------------------------------------------------------------------------------------------

DOUBLE = {"f": lambda x: x * 2.0}
FORMAL = [
    has_property("law", cases=one_case(x=np.ones(3)), law=lambda case, results: None),
    unchanged("left alone", cases=one_case(x=np.ones(3))),
    raises(ValueError, "bad", args=dict(x=None)),
]


@pytest.mark.parametrize("check", FORMAL, ids=lambda check: check.kind)
@pytest.mark.parametrize("value", [0.0, 1.0, -2.5, np.nan, np.inf, True], ids=str)
def test_constant_earns_nothing(check: Any, value: float) -> None:
    """A function with one constant for all results earns nothing for a check that looks at no value."""

    def student(x: Any) -> Any:
        if x is None:
            raise ValueError("no")
        return np.full(3, value)

    using = prepared(exercise_of("f", check), functions={"f": lambda x: x * 2.0}, with_reference=False)
    assert verdict(using, {"f": student}).score == 0


def test_right_strings_are_no_constant() -> None:
    """Results that are different strings count as different results."""
    functions = {"f": lambda x: "even" if x % 2 == 0 else "odd"}
    checks = agrees("even", cases=one_case(x=2)), agrees("odd", cases=one_case(x=3)), raises(TypeError, "bad", args=dict(x=None))
    assert grade(prepared(exercise_of("f", *checks), functions=functions), functions).score == 1.0


# --- whose fault -----------------------------------------------------------------------------------------------------------------------


class BrokenCheck:
    """A check whose judge side has a mistake."""

    kind, name, share, needs_reference, published = "agrees", "broken", 1.0, False, False

    def plan(self, draft: Any) -> int:
        """One call."""
        draft.case()
        return draft.call(draft.exercise, dict(x=1.0))

    def judge(self, evidence: Any) -> Any:
        """The mistake."""
        raise ZeroDivisionError("in the check")


def test_broken_check_is_the_graders_fault() -> None:
    """An exception in a check is a grader error: no score, and the other exercises are still judged."""
    functions = {"f": lambda x: x * 2.0, "g": lambda x: x * 3.0}
    good = agrees("good", cases=one_case(x=2.0))
    using = prepared(exercise_of("f", BrokenCheck(), good), exercise_of("g", good), functions=functions)
    graded = grade(using, functions)
    assert (graded.status, graded.score) == ("grader_error", None)
    assert [check.verdict for exercise in graded.exercises for check in exercise.checks] == ["grader_error", "passed", "passed"]
    assert graded.message == "the check «broken» of f failed itself: ZeroDivisionError: in the check; your file is not the cause"


def test_reference_that_raises_is_the_graders_fault() -> None:
    """A reference that fails on its own cases is a grader error, never a student's zero."""
    using = prepared(exercise_of("f", agrees("random", cases=one_case(x=0))), functions={"f": lambda x: 1 // x})
    assert grade(using, {"f": lambda x: 1}).status == "grader_error"


def test_every_outcome_has_its_word() -> None:
    """Each outcome of a step is the verdict's outcome, and nothing is paid for it."""
    using = prepared(exercise_of("f", agrees("one", cases=one_case(x=1.0))), functions=DOUBLE)
    outcomes = [Raised("E", ("E",), ""), OutOfMemory(1), TimedOut(1.0), Died("x"), NotRun(0, "died")]
    words = [find(judge_outcomes(using, (outcome,))).outcome for outcome in outcomes]
    assert words == ["raised", "out_of_memory", "timed_out", "died", "died"]


def test_unloadable_submission() -> None:
    """A file that cannot be executed fails every check and says why once."""
    run = Run(Raised("SyntaxError", ("SyntaxError",), "invalid syntax", "vectors.py", 3, "def f(:"), ())
    graded = judge(TOY.plan, run, TOY.oracle, "ana")
    assert (graded.score, {check.verdict for one in graded.exercises for check in one.checks}) == (0.0, {"failed"})
    assert graded.message == "vectors.py cannot be run: SyntaxError in line 3: `def f(:` (invalid syntax)"


def test_file_with_a_statement_that_fails() -> None:
    """What a file defines is judged, and the grade says once which line failed."""
    one = agrees("one", cases=one_case(x=1.0))
    using = prepared(exercise_of("f", one), exercise_of("g", one), functions=DOUBLE | {"g": DOUBLE["f"]})
    stopped = Raised("E", ("E",), "", f"{using.plan.name}.py", 3, "1/0")
    missing = Unimplemented("g", missing=True)
    first, second = (outcomes_of(using, DOUBLE)[planned.seqs.start : planned.seqs.stop] for planned in using.plan.exercises)
    graded = judge(using.plan, Run(stopped, (*first, *[missing] * len(second))), using.oracle, "ana")
    assert [exercise.score for exercise in graded.exercises] == [1.0, 0.0]
    assert graded.message.startswith(f"{stopped.file}, line 3: `1/0`: it raised E. Everything else in the file is graded.")
    assert graded.judged


def test_step_not_run_names_the_cause() -> None:
    """A step that was not run names the call that ended the child."""

    def cases(rng: Any) -> Iterable[dict[str, Any]]:
        yield dict(x=1.0)

    using = prepared(exercise_of("f", agrees("first", cases=cases), agrees("second", cases=cases)), functions=DOUBLE)
    graded = judge_outcomes(using, (TimedOut(3.0), NotRun(0, "timed_out")))
    assert find(graded, "second").message == "was not run, because f(x=1.0) ran out of time"


def test_warning_of_numpy_is_passed_on() -> None:
    """A failed property says what numpy warned of."""
    check = has_property("law", cases=one_case(x=1.0), law=lambda case, results: "broken")
    using = prepared(exercise_of("f", check), functions=DOUBLE, with_reference=False)
    graded = judge_outcomes(using, (Returned(3.0, warnings=("RuntimeWarning: overflow",)),))
    assert find(graded).message == "broken; numpy warned: RuntimeWarning: overflow"


# --- the topics ------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["conv", "pooling", "delta_rule"])
def content(request: pytest.FixtureRequest) -> tuple[str, Prepared]:
    """An assignment of the course."""
    return request.param, topic(request.param)


def zero_functions(name: str) -> dict[str, Any]:
    """The solution's functions with zeros for results."""
    functions = source_functions(ROOT / f"solutions/{name}.py")
    return {key: zeros_like(value) for key, value in functions.items() if callable(value) and not key.startswith("_")}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("functions", "passes"),
    [
        pytest.param(lambda name: source_functions(ROOT / f"solutions/{name}.py"), True, id="solution"),
        pytest.param(lambda name: source_functions(ROOT / f"assignments/{name}/{name}.py"), False, id="stub"),
        pytest.param(zero_functions, False, id="zeros"),
        pytest.param(lambda name: dict.fromkeys(zero_functions(name), always_raises), False, id="always-raises"),
    ],
)
def test_topics(content: tuple[str, Prepared], functions: Callable[[str], Any], passes: bool) -> None:
    """In every topic the solution earns all, and a stub, zeros or exceptions earn nothing."""
    name, using = content
    graded = grade(using, functions(name))
    assert (graded.score == graded.max_score, graded.score == 0) == (passes, not passes)


def pooled_with_ties(share: Callable[[Any], Any]) -> dict[str, Any]:
    """The solution of pooling, whose maxima share the gradient of a window as `share(mask)` says."""

    def max_pool_backward(dout: Any, x: Any, size: int, stride: int | None = None) -> Any:
        step, dx = stride or size, np.zeros(x.shape)
        for n, c, i, j in np.ndindex(dout.shape):
            place = np.s_[n, c, step * i : step * i + size, step * j : step * j + size]
            dx[place] += share(x[place] == x[place].max()) * dout[n, c, i, j]
        return dx

    return {**source_functions(ROOT / "solutions/pooling.py"), "max_pool_backward": max_pool_backward}


def first(mask: Any) -> Any:
    """All of it to the first maximum."""
    return np.eye(1, mask.size, int(np.argmax(mask))).reshape(mask.shape)


def last(mask: Any) -> Any:
    """All of it to the last maximum."""
    return first(mask[::-1, ::-1])[::-1, ::-1]


def uneven(mask: Any) -> Any:
    """More of it to earlier maxima."""
    weights = mask.ravel() * np.arange(mask.size, 0, -1.0)
    return (weights / weights.sum()).reshape(mask.shape)


@pytest.mark.parametrize(
    ("share", "passes"),
    [
        pytest.param(first, True, id="first"),
        pytest.param(last, True, id="last"),
        pytest.param(lambda mask: mask / mask.sum(), True, id="even"),
        pytest.param(uneven, True, id="uneven"),
        pytest.param(lambda mask: mask * 1.0, False, id="all-of-it-to-each"),
        pytest.param(lambda mask: mask / mask.size, False, id="divided-by-the-window"),
    ],
)
def test_ties(share: Callable[[Any], Any], passes: bool) -> None:
    """However a window's gradient is shared by equal maxima it passes, as long as it adds up."""
    graded = exercise_grade(grade(topic("pooling"), pooled_with_ties(share)), "max_pool_backward")
    assert (graded.score == graded.max_score) is passes


# --- through the sandbox ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def backend() -> Iterator[Backend]:
    """The best sandbox of this machine."""
    with best_backend(weak=True) as found:
        yield found


@pytest.mark.parametrize(
    ("path", "score"), [("toy/solutions/vectors.py", 9.0), ("toy/assignments/vectors/vectors.py", 0.0)], ids=["solution", "stub"]
)
def test_sandbox_agrees(backend: Backend, path: str, score: float) -> None:
    """A submission that runs in the sandbox earns what it earns in this process."""
    text = (HERE / path).read_text(encoding="utf-8")
    record = grade_one(Submission("ana", "vectors", Source("vectors", {"vectors": text})), TOY, backend, Limits())
    assert record.grade.score == score
    assert record.grade.exercises == grade(TOY, source_functions(HERE / path)).exercises


def test_outcomes_of_a_submission_are_deterministic() -> None:
    """The same functions give the same outcomes."""
    assert outcomes_of(TOY, SOLUTION) == outcomes_of(TOY, SOLUTION)


def test_drawn_numbers_do_not_hide_that_inputs_are_ignored() -> None:
    """A number and a list of arrays that differ from call to call are numbers that come in, like those of an array."""

    def cases(rng: np.random.Generator) -> Iterable[Any]:
        for _ in range(2):
            yield dict(w=[rng.normal(size=2), rng.normal(size=3)], rate=float(rng.normal()))

    def step(w: Any, rate: Any) -> Any:
        return w[0] * rate

    check = has_property("two numbers", cases=cases, law=lambda case, results: None)
    using = prepared(exercise_of("step", check), functions={"step": step})
    assert verdict(using, {"step": step}).verdict == "passed"
    assert verdict(using, {"step": lambda w, rate: np.arange(2.0)}).verdict == "waits"
