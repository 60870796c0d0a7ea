"""What is told of a hidden check: the kind of input, the rule and the pattern; no number that was drawn or is expected."""

import re
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest
from toys import exercise_of, find, grade, judge_outcomes, one_case, outcomes_of, prepared, verdict

from grader.checks.agrees import agrees
from grader.checks.base import Check
from grader.checks.draft import Example
from grader.checks.example import example
from grader.checks.gradient import gradient
from grader.checks.property import has_property
from grader.checks.raises import raises
from grader.checks.unchanged import unchanged
from grader.checks.uses import call, new
from grader.course.folder import PUBLIC_SEED
from grader.engine.prepare import Prepared
from grader.judge.judge import judge
from grader.judge.verdicts import Told
from grader.run import Run
from grader.sandbox.outcome import BadReturn, Died, NotRun, Outcome, OutOfMemory, Raised, Returned, TimedOut, Unimplemented
from grader.sandbox.signature import Signature


def drawn(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """An array and a number that are drawn, and a setting that is not."""
    yield {"x": rng.normal(size=(2, 3)), "rate": float(rng.uniform()), "pad": 1}


def scaled(x: Any, rate: Any, pad: Any) -> Any:
    """The reference."""
    return rate * x + pad


CALL = "scaled(x=<2×3 array>, rate=…, pad=1)"


def ready(check: Check, seed: str = "seed", reference: Callable[..., Any] = scaled) -> Prepared:
    """A check of `scaled`, planned."""
    return prepared(exercise_of("scaled", check), functions={"scaled": reference}, seed=seed)


def told(check: Check, student: Callable[..., Any], reference: Callable[..., Any] = scaled) -> Told:
    """What is told of a check that a student failed."""
    found = verdict(ready(check, reference=reference), {"scaled": student})
    assert (found.verdict != "passed", found.public) == (True, False) and found.told is not None
    return found.told


def broken(case: Any, results: list[Any]) -> str:
    """A law that names all numbers that it sees."""
    return f"it is {results[0]} for {case['x']}"


def test_what_is_drawn_is_shown_by_its_kind() -> None:
    """The shape of an array and a setting say which kind of input it is; what changes with the seed is not there."""
    assert told(agrees("agrees", cases=drawn), lambda x, rate, pad: 0 * x).call == CALL


@pytest.mark.parametrize(
    ("student", "message"),
    [
        pytest.param(lambda x, rate, pad: x[0], "the result should have shape (2, 3), but has (3,)", id="shape"),
        pytest.param(
            lambda x, rate, pad: np.ones((1,) * 12),
            "the result should have shape (2, 3)",
            id="long-shape",
        ),
        pytest.param(lambda x, rate, pad: x * 1j, "the result should be of dtype float64, but is complex128", id="dtype"),
        pytest.param(lambda x, rate, pad: None, "the result is None; is a `return` missing?", id="none"),
        pytest.param(lambda x, rate, pad: repr(x), "the result is not of the type that the docstring asks for", id="type"),
        pytest.param(lambda x, rate, pad: x, "every value of the result is wrong", id="all"),
        pytest.param(lambda x, rate, pad: rate * x + [0, 1, 0], "most values of the result are wrong", id="most"),
        pytest.param(lambda x, rate, pad: rate * x + [1, 0, 1], "some values of the result are wrong", id="some"),
        pytest.param(lambda x, rate, pad: x / [0, 1, 1], "some values of the result are not finite", id="finite"),
    ],
)
def test_how_a_value_differs(student: Callable[..., Any], message: str) -> None:
    """Form and pattern, roughly; neither the numbers nor how many of them are right."""
    assert told(agrees("agrees", cases=drawn), student).message == message


def test_expected_text_is_not_told() -> None:
    """A string can be an answer too, and one that came can hold the input."""
    found = told(agrees("agrees", cases=drawn), lambda x, rate, pad: str(x), lambda x, rate, pad: f"answer {rate}")
    assert found.message == "the value of the result is wrong"


@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        pytest.param(Raised("E0x1p-3", ("E0x1p-3", "ValueError"), "0.4823", "w.py", 7, "s"), "raised ValueError in line 7", id="raised"),
        pytest.param(Raised("ValueError", ("ValueError",), "0.4823", "0.4823.py", 10**12, "x"), "raised ValueError", id="forged-line"),
        pytest.param(Raised("ForbiddenError", ("ForbiddenError",), "0.4823"), "uses something that is not allowed here", id="forbidden"),
        pytest.param(Unimplemented("scaled", True, "scaled_0_4823"), "it is not defined", id="near"),
        pytest.param(BadReturn("type", ("C0_4823",)), "returned something that cannot be graded", id="bad-return"),
        pytest.param(BadReturn("type", ("C0_4823",), True), "changed an argument into something that cannot be graded", id="changed"),
        pytest.param(OutOfMemory(48230000), "ran out of memory", id="memory"),
        pytest.param(Died("exit code {detail}", "48"), "ended the process", id="exit-code"),
        pytest.param(TimedOut(3.0, "budget"), "was stopped: the whole submission may take 3 s", id="time"),
        pytest.param(
            TimedOut(3.0, "cpu", "0.4823.py", 7, "x = 0.4823"),
            "was still computing after 3 s; does a loop never end, or is there one too many? It was in line 7.",
            id="time-in-a-line",
        ),
        pytest.param(
            TimedOut(3.0, "cpu", "w.py", 48230000000, "x"),
            "was still computing after 3 s; does a loop never end, or is there one too many?",
            id="time-in-a-forged-line",
        ),
        pytest.param(NotRun(0, "died"), f"was not run, because {CALL} ended the process", id="not-run"),
    ],
)  # fmt: skip
def test_nothing_that_the_students_code_words(outcome: Outcome, message: str) -> None:
    """Names, messages and numbers of an outcome come from a child that may put its input into each of them."""
    using = ready(agrees("agrees", cases=drawn))
    found = find(judge_outcomes(using, (outcome,) * len(using.plan.steps)))
    assert found.told is not None and found.told.message == message


def test_broken_law_is_told_by_its_name() -> None:
    """Its own words may hold any number."""
    found = told(has_property("a rule", cases=drawn, law=broken), scaled)
    assert found == Told(CALL, "this does not hold for arguments like these")


def test_changed_argument_is_told_by_its_name() -> None:
    """Not by the number that stood there."""

    def student(x: Any, rate: Any, pad: Any) -> Any:
        x += 1
        return x

    assert told(unchanged("left alone", cases=drawn), student) == Told(CALL, "`x` was changed by the call; work on a copy")


def test_warnings_are_not_told() -> None:
    """Their text is the student's."""

    def student(x: Any, rate: Any, pad: Any) -> Any:
        warnings.warn(str(rate), RuntimeWarning, stacklevel=1)
        return x

    assert told(agrees("agrees", cases=drawn), student).message == "every value of the result is wrong"


def test_gradient() -> None:
    """Where it is wrong cannot be told, so that it is."""

    def cases(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
        yield {"dout": rng.normal(size=3), "x": rng.normal(size=3)}

    functions = {"f": lambda x: 2 * x, "back": lambda dout, x: 2 * dout}
    using = prepared(exercise_of("back", gradient(of="f", wrt=("x",), cases=cases), returns=("dx",)), functions=functions)
    found = verdict(using, functions | {"back": lambda dout, x: dout})
    assert found.told == Told("back(dout=<3 array>, x=<3 array>)", "every value of dx is wrong")


def test_each_result_is_told_by_itself() -> None:
    """Which of several results is wrong, and how."""
    using = prepared(
        exercise_of("scaled", agrees("agrees", cases=drawn), returns=("a", "b")),
        functions={"scaled": lambda x, rate, pad: (rate * x, x)},
    )
    found = verdict(using, {"scaled": lambda x, rate, pad: (x, x.T)})
    assert [result.told and result.told.message for result in found.results] == [
        "every value of a is wrong",
        "b has the right values, but is transposed",
    ]


def test_signature_is_told() -> None:
    """It is known from the file alone, before anything is called."""
    using = ready(agrees("agrees", cases=drawn))
    raised = Raised("TypeError", ("TypeError",), "0.4823")
    run = Run(Returned(), (raised,) * len(using.plan.steps), defined={"scaled": Signature(("x", "rate"))})
    found = find(judge(using.plan, run, using.oracle, "ana"))
    assert found.told is not None and found.told.message == found.message and "scaled takes (x, rate)" in found.message


def test_script_is_shown_without_numbers() -> None:
    """Each step of an object's use."""

    class Layer:
        def __init__(self, w: Any) -> None:
            self.w = w

        def forward(self, x: Any) -> Any:
            return self.w * x

    def cases(rng: np.random.Generator) -> Iterable[Any]:
        yield [new("Layer", rng.normal(size=2), save="layer"), call("layer.forward", rng.normal(size=2))]

    class Wrong(Layer):
        def forward(self, x: Any) -> Any:
            return x

    law = has_property("a rule", cases=cases, law=lambda case, results: "no")
    found = verdict(prepared(exercise_of("Layer", law), functions={"Layer": Layer}), {"Layer": Wrong})
    assert found.told is not None and found.told.call == "layer = Layer(w=<2 array>)\nlayer.forward(<2 array>)"


@pytest.mark.parametrize(
    "check",
    [
        pytest.param(example("slide"), id="worked-example"),
        pytest.param(raises(ValueError, "refused", args={"x": np.ones(2), "rate": 0.5, "pad": -1}), id="refusal"),
        pytest.param(has_property("a rule", cases=one_case(x=np.ones(2), rate=0.5, pad=1), law=lambda *_: "it is 5"), id="given"),
    ],
)  # fmt: skip
def test_what_is_the_same_for_everybody_is_public(check: Check) -> None:
    """Students can see these numbers at home."""
    slide = {"slide": Example("slide", "1", "2", {"x": np.ones(2), "rate": 0.5, "pad": 1}, np.array([1.5, 1.5]))}
    using = prepared(exercise_of("scaled", check), functions={"scaled": scaled}, examples=slide)
    found = verdict(using, {"scaled": lambda x, rate, pad: 7.0 * x})
    assert (found.verdict, found.public, found.told) == ("failed", True, None)


def test_agreement_on_known_inputs_is_hidden() -> None:
    """Its inputs are known, and its numbers are the reference's."""
    found = told(agrees("agrees", cases=one_case(x=np.array([1.0, 2.0]), rate=0.5, pad=1)), lambda x, rate, pad: 0 * x)
    assert found == Told("scaled(x=[1., 2.], rate=0.5, pad=1)", "every value of the result is wrong")


def test_self_check_draws_what_everybody_can_draw() -> None:
    """With the public seed a law's inputs are known."""
    found = verdict(ready(has_property("a rule", cases=drawn, law=broken), PUBLIC_SEED), {"scaled": scaled})
    assert (found.public, found.told) == (True, None)


def test_other_number_of_cases_for_another_seed() -> None:
    """What cannot be compared with the public draw counts as drawn."""

    def some(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
        for pad in range(int(rng.integers(1, 1000))):
            yield {"x": np.ones(2), "rate": 1.0, "pad": pad}

    assert told(agrees("agrees", cases=some), lambda x, rate, pad: 0 * x).call == "scaled(x=<2 array>, rate=…, pad=…)"


@pytest.mark.parametrize("loud", [repr, lambda x: np.array2string(x, precision=17)])
def test_no_number_of_the_input_is_in_the_text(loud: Callable[[Any], str]) -> None:
    """Whatever way the student's code says it."""
    seen: list[str] = []

    def student(x: Any, rate: Any, pad: Any) -> Any:
        seen.extend(re.findall(r"\d\.\d+", loud(x)))
        raise type(f"E{rate}", (ValueError,), {})(loud(x))

    using = ready(agrees("agrees", cases=drawn))
    (found,) = grade(using, {"scaled": student}).exercises[0].checks
    assert found.told is not None and len(seen) >= 6
    assert outcomes_of(using, {"scaled": student})[0] != found.told
    assert not any(number[:4] in found.told.call + found.told.message for number in seen)


@pytest.mark.parametrize(
    ("made", "student", "message"),
    [
        pytest.param({3: 1.5}, {}, "the result lacks something", id="key-missing"),
        pytest.param({3: 1.5}, {3: 1.5, 4: 0.0}, "the result has something that it should not have", id="key-too-many"),
        pytest.param({3, 5}, {3, 4}, "the result lacks something, and has something that it should not have", id="set"),
        pytest.param({3, 5}, [3, 5], "the result is not of the type that the docstring asks for", id="list-for-a-set"),
    ],
)
def test_keys_are_not_told(made: Any, student: Any, message: str) -> None:
    """The keys of a dict and the items of a set may be what was to be found: that some are missing is told, and not which."""
    found = told(agrees("agrees", cases=drawn), lambda x, rate, pad: student, lambda x, rate, pad: made)
    assert found.message == message
