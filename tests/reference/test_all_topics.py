"""What is true of every topic: its reference and its solution give the lectures' numbers and pass the rubric with any seed.

What is true of one topic alone is in that topic's file.
"""

from functools import cache
from inspect import signature
from typing import Any

import msgspec
import numpy as np
import pytest
from arithmetic import chain, values
from topics import TOPICS, WHOSE, calls, changed, has_handles, leaves, plan, rubric, same, single, topic

from grader.checks.evidence import arrays_in
from grader.checks.example import WorkedExample
from grader.checks.property import Property
from grader.checks.raises import Raising
from grader.judge.judge import judge
from grader.judge.oracle import Oracle
from grader.run import Run
from grader.sandbox.child.execute import Executor
from grader.sandbox.outcome import Outcome, Raised, Returned
from grader.sandbox.values import decode

SEEDS = ("a", *(pytest.param(seed, marks=pytest.mark.slow) for seed in ("b", "c")))
SHOWN = [
    (name, exercise, check)
    for name in TOPICS
    for exercise in rubric(name).exercises
    for check in rubric(name).checks(exercise)
    if isinstance(check, WorkedExample)
]
EXAMPLES = {(name, check.id): exercise for name, exercise, check in SHOWN}
EXPLAINED = {(name, check.id): check.explain for name, _, check in SHOWN if check.explain}
DIGITS = {"mlp": 5e-4}  # relative precision of the numbers that students read; six digits elsewhere
KEEP_SINGLE = ("activations", "conv", "pooling", "batchnorm", "resnet", "digits")
# not where a probability becomes 0 (mlp), nor where the reference makes a gradient like what it is given (pooling, digits)
TAKE_WHOLE = [name for name in TOPICS if name not in ("mlp", "pooling", "digits")]

every_topic = pytest.mark.parametrize("name", TOPICS)
every_seed = pytest.mark.parametrize("seed", SEEDS)
both = pytest.mark.parametrize("whose", WHOSE)


def functions(name: str, whose: str) -> dict[str, Any]:
    """The names that a topic's reference or solution defines."""
    return vars(getattr(topic(name), whose))


@cache
def outcomes(name: str, seed: str, whose: str) -> tuple[Outcome, ...]:
    """What each step of the plan gives; a warning is an error here, and an outcome."""
    executor = Executor(functions(name, whose))
    return tuple(executor.run(step) for step in plan(name, seed).steps)


@cache
def oracle(name: str, seed: str) -> Oracle:
    """Which results are right; those who do as the reference does are judged once."""
    return Oracle(plan(name, seed), functions(name, "reference"))


def tolerances(step: Any) -> tuple[float, float]:
    """Relative and absolute, by the precision of the step's arguments."""
    arrays = arrays_in(decode(value) for value in (*step.args, *(value for _, value in step.kwargs)))
    return (1e-4, 1e-5) if any(array.dtype == np.float32 for array in arrays) else (1e-9, 1e-11)


@both
@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_worked_example(name: str, example: str, whose: str) -> None:
    """The lecture's numbers come out, as exactly as they are printed."""
    found, exercise = rubric(name).examples[example], EXAMPLES[name, example]
    want = tuple(found.expected[result] for result in exercise.returns) if isinstance(found.expected, dict) else found.expected
    got = functions(name, whose)[exercise.name](**found.inputs)
    same(got, want, rtol=0 if found.atol else 1e-8, atol=found.atol or 1e-12)


@pytest.mark.parametrize(("name", "example"), EXPLAINED)
def test_explanation_leads_to_the_expected_number(name: str, example: str) -> None:
    """The arithmetic that a student reads ends in the example's number at every element, and every part of it adds up to that."""
    found = rubric(name).examples[example]
    results = found.expected if isinstance(found.expected, dict) else {"": found.expected}
    for result, numbers in results.items():
        for index, expected in np.ndenumerate(np.asarray(numbers)):
            text = EXPLAINED[name, example](found.inputs, result, index)
            said = float(chain(text.partition(", z = ")[0])[-1])
            assert said == pytest.approx(expected, rel=DIGITS.get(name, 1e-5), abs=(found.atol or 1e-12) * (1 + 1e-6))
            parts = list(values(text, {**found.inputs, **{key: value for key, value in results.items() if key}}))
            np.testing.assert_allclose(parts, expected, rtol=1e-3, atol=5e-4 + (found.atol or 0))


@pytest.mark.parametrize(
    ("name", "example", "result", "index", "text"),
    [
        ("activations", "softmax", "y", (0,), "0.8106/(0.8106 + 1.6 + 5.5845) = 0.8106/7.9951 = 0.1014"),
        ("delta_rule", "chain-hidden", "new_w_output", (0, 1), "2 - (0.5 - 0)*0.5*(1 - 0.5)*0.5 = 1.9375"),
        (
            "delta_rule",
            "chain-hidden",
            "new_w_hidden",
            (1, 0),
            "2 - ((0.125)*(2) + (-0.125)*(1) + (0.0625)*(-1) + (-0.0625)*(3))*0.5*(1 - 0.5)*0.5 = 2.01562",
        ),
        ("conv", "conv-valid", "O", (0, 1), "2*1 + 1*0 + 3*2 + 1*1 = 9"),
        ("pooling", "max-pool", "O", (0, 0, 0, 0), "max(1, 2, 2, 3) = 3"),
        ("pooling", "avg-pool", "O", (0, 0, 0, 0), "(1 + 2 + 2 + 3) / 4 = 2"),
        ("pooling", "adaptive-avg", "O", (0, 0, 0, 1), "rows 0..1, columns 1..2: (2 + 1 + 3 + 1) / 4 = 1.75"),
        ("dropout", "dropout", "O", (0, 1), "2 / (1 - 0.5) = 4 (kept: 0.8 >= 0.5)"),
        ("dropout", "dropout", "O", (0, 2), "0 (dropped: 0.2 < 0.5)"),
        ("batchnorm", "batchnorm-forward", "O", (0, 0), "(0 - 4) / sqrt(8 + 1) * 3 + 1 = -3"),
        ("batchnorm", "batchnorm-forward-spatial", "O", (1, 1, 0, 1), "(5 - 2) / sqrt(3 + 1) * 4 + (-1) = 5"),
        ("batchnorm", "batchnorm-inference", "O", (0, 0), "(5 - 2) / sqrt(8 + 1) * 3 + 1 = 4"),
        ("batchnorm", "batchnorm-backward", "dbeta", (0,), "(-1) + 2 + (-1) + 8 = 8"),
        ("batchnorm", "batchnorm-backward", "dx", (0, 1), "2 / sqrt(3 + 1) * (0 - 4/4 - (-0.5)*8/4) = 0"),
        ("batchnorm", "running-statistics", "var", (0,), "0.75*1 + 0.25*8 = 2.75"),
        ("resnet", "residual-block-backward", "dx", (0, 0), "3 + (3*1 + 0*0 + -6*-1) = 12"),
    ],
)
def test_explanation_is_written_as_on_the_slide(name: str, example: str, result: str, index: tuple[int, ...], text: str) -> None:
    """The numbers are in the order of the slide, whole ones without a point."""
    assert EXPLAINED[name, example](rubric(name).examples[example].inputs, result, index) == text


@both
@every_seed
@every_topic
def test_every_check_is_passed(name: str, seed: str, whose: str) -> None:
    """Laws, numeric gradients, refusals and all other checks hold for any seed, without a warning of numpy's."""
    grade = judge(plan(name, seed), Run(Returned(), outcomes(name, seed, whose)), oracle(name, seed), whose)
    assert [check.message for exercise in grade.exercises for check in exercise.checks if check.verdict != "passed"] == []
    assert grade.full_marks


@every_seed
@every_topic
def test_solution_agrees_with_reference(name: str, seed: str) -> None:
    """On every call whose result is settled (a law leaves a choice), both return the same, or refuse with the same exception."""
    planned = plan(name, seed)
    want, got = (outcomes(name, seed, whose) for whose in WHOSE)
    for exercise, item in ((one, check) for one in planned.exercises for check in one.checks):
        lost = max((getattr(other.check, "rtol", None) or 0.0 for other in exercise.checks), default=0.0)  # as the rubric knows
        for seq in item.seqs if not isinstance(item.check, Property) else ():
            if isinstance(item.check, Raising):
                assert isinstance(got[seq], Raised) and got[seq].name == want[seq].name
            elif planned.steps[seq].reply:
                rtol, atol = tolerances(planned.steps[seq])
                atol = max(atol, 1e-4 * lost)
                same(*(decode(found[seq].value) for found in (got, want)), rtol, atol)


@both
@every_topic
def test_no_argument_is_changed(name: str, whose: str) -> None:
    """After every call of the plan, its arguments are what they were."""
    executor = Executor(functions(name, whose))
    for step in plan(name, "a").steps:
        outcome = executor.run(msgspec.structs.replace(step, after=step.op == "call"))
        before = (*step.args, *(value for _, value in step.kwargs))
        if step.op == "call" and isinstance(outcome, Returned) and not has_handles([decode(value) for value in before]):
            assert outcome.after == before


@pytest.mark.parametrize("name", KEEP_SINGLE)
def test_single_precision_stays_single(name: str) -> None:
    """The reference answers float32 in float32."""
    for function, args, kwargs in calls(plan(name, "a")):
        if all(array.dtype.kind == "f" for array in arrays_in([*args, *kwargs.values()]) if array.ndim):
            found = functions(name, "reference")[function](*single(args), **single(kwargs))
            assert {array.dtype for array in leaves(found) if np.ndim(array)} <= {np.dtype(np.float32)}, function


@both
@pytest.mark.parametrize("name", TAKE_WHOLE)
def test_whole_numbers_are_as_good_as_floats(name: str, whose: str) -> None:
    """Arguments of type int64 give what the same numbers as floats give: nothing is cut off."""
    for function, args, kwargs in calls(plan(name, "a")):
        whole, floats = (changed([args, kwargs], change) for change in (np.int64, lambda array: np.trunc(array).astype(float)))
        got, want = (functions(name, whose)[function](*given[0], **given[1]) for given in (whole, floats))
        same(got, want)


@both
@every_topic
def test_parameters_are_those_of_the_stub(name: str, whose: str) -> None:
    """Every exercise of the rubric takes the stub's parameters, in that order."""
    for exercise in rubric(name).exercises:
        assert tuple(signature(functions(name, whose)[exercise.name]).parameters) == rubric(name).parameters[exercise.name]
