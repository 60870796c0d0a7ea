"""The plan: made once for a class, from the rubric and a seed alone."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from toys import HERE, ROOT, exercise_of, prepared, rubric_of, toy, write_course

from grader.checks.agrees import agrees
from grader.checks.draft import Example
from grader.checks.example import example
from grader.checks.gradient import gradient
from grader.checks.raises import raises
from grader.course.authoring import Exercise
from grader.course.folder import find_course
from grader.course.rubric import read_rubric
from grader.errors import RubricError
from grader.plan import Plan, make_plan
from grader.sandbox.values import decode
from grader.sandbox.wire import HEADER, decode_request

FUNCTIONS = {"f": lambda x, factor=1.0, bias=0.0: factor * x + bias, "df": lambda dout, x: dout, "of": lambda x: x}


def cases(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """Random vectors."""
    for n in (2, 3):
        yield dict(x=rng.normal(size=n), factor=2.0)


def cases_with_another_input(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """The same but for one number."""
    for n in (2, 3):
        yield dict(x=rng.normal(size=n), factor=2.5)


def plan_of(*checks: Any, seed: str = "seed", points: float = 1.0, examples: Any = None, **options: Any) -> Plan:
    """The plan of one exercise `f`."""
    found = Exercise("f", "Title.", points, options.pop("returns", ()), False, options.pop("seconds", 3.0), lambda: iter(checks))
    return make_plan(rubric_of(found, functions=FUNCTIONS, examples=examples), seed, with_reference=True, **options)


BASE = plan_of(agrees("random", cases=cases))


# --- seeds -----------------------------------------------------------------------------------------------------------------------------


def test_deterministic() -> None:
    """The same seed gives the same plan, byte for byte."""
    again = plan_of(agrees("random", cases=cases))
    assert (again.frames, again.hash, again == BASE, hash(again) == hash(BASE)) == (BASE.frames, BASE.hash, True, True)


def test_seeds_differ() -> None:
    """Another seed gives other inputs."""
    other = plan_of(agrees("random", cases=cases), seed="another")
    assert other != BASE
    assert not np.array_equal(decode(other.steps[0].args[0]), decode(BASE.steps[0].args[0]))


def test_checks_draw_for_themselves() -> None:
    """A check's inputs do not depend on the checks before it."""
    second = plan_of(agrees("first", cases=cases), agrees("random", cases=cases))
    first, again = second.exercises[0].checks
    assert second.steps[again.seqs.start].args == BASE.steps[0].args
    assert second.steps[first.seqs.start].args != BASE.steps[0].args


def test_first_case_comes_again_with_other_numbers() -> None:
    """The first agreement of an exercise ends with its first case once more, drawn anew; the others do not."""
    plan = plan_of(agrees("first", cases=cases), agrees("random", cases=cases))
    first, other = plan.exercises[0].checks
    begins, ends = (plan.steps[seq].args[0] for seq in (first.seqs[0], first.seqs[-1]))
    assert len(first.seqs) == len(other.seqs) + 1
    assert decode(begins).shape == decode(ends).shape and begins != ends


def test_exercises_draw_for_themselves() -> None:
    """The same check in another exercise gets other inputs."""
    check = agrees("random", cases=cases)
    functions = {"f": FUNCTIONS["f"], "g": FUNCTIONS["f"]}
    plan = prepared(exercise_of("f", check), exercise_of("g", check), functions=functions).plan
    assert plan.steps[0].args != plan.steps[2].args


@pytest.mark.parametrize("name", ["conv", "pooling", "delta_rule"])
def test_topics_are_deterministic(name: str) -> None:
    """The plan of a topic is the same whenever it is made."""
    plans = [make_plan(read_rubric(find_course(ROOT).assignment(name)), "seed", with_reference=True) for _ in range(2)]
    assert plans[0].hash == plans[1].hash


# --- the hash --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(lambda: plan_of(agrees("random", cases=cases), points=7.0), id="points"),
        pytest.param(lambda: plan_of(agrees("random", cases=cases, share=3.0)), id="share"),
        pytest.param(lambda: plan_of(agrees("random", cases=cases, rtol=0.1)), id="rtol"),
        pytest.param(lambda: plan_of(agrees("random", cases=cases), returns=("y",)), id="names-of-results"),
        pytest.param(lambda: plan_of(agrees("random", cases=cases), seconds=1.0), id="seconds"),
    ],
)
def test_hash_ignores_judging(plan: Any) -> None:
    """What only the judge needs does not change the hash."""
    assert plan().hash == BASE.hash


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(lambda: plan_of(agrees("random", cases=cases_with_another_input)), id="input"),
        pytest.param(lambda: plan_of(agrees("random", cases=cases, n=1)), id="number-of-cases"),
        pytest.param(lambda: plan_of(agrees("renamed", cases=cases)), id="name-of-the-check"),
        pytest.param(
            lambda: plan_of(agrees("random", cases=cases), raises(ValueError, "bad", args=dict(x=1.0))), id="another-check"
        ),
    ],
)
def test_hash_covers_what_is_sent(plan: Any) -> None:
    """What is sent to the child changes the hash."""
    assert plan().hash != BASE.hash


def test_hash_ignores_hints(tmp_path: Path) -> None:
    """The misconceptions, their hints and the reference are not part of the plan."""
    first = write_course(tmp_path / "a")
    second = write_course(tmp_path / "b", reference="def f(x, factor=2.0):\n    return x\n", misconceptions="HINT = 'new'\n")
    plans = [make_plan(read_rubric(found), "seed", with_reference=True) for found in (first, second)]
    assert plans[0].hash == plans[1].hash


# --- the steps -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("plan", [BASE, toy().plan], ids=["small", "toy"])
def test_frames_decode_to_steps(plan: Plan) -> None:
    """Each frame is its step, encoded once."""
    assert tuple(decode_request(frame[HEADER.size :]) for frame in plan.frames) == plan.steps
    assert [step.seq for step in plan.steps] == list(range(len(plan.steps)))


@pytest.mark.parametrize(
    ("arguments", "positional", "named"),
    [
        pytest.param(dict(x=1.0), (1.0,), (), id="one"),
        pytest.param(dict(x=1.0, factor=2.0, bias=3.0), (1.0, 2.0, 3.0), (), id="all"),
        pytest.param(dict(x=1.0, bias=3.0), (1.0,), (("bias", 3.0),), id="gap"),
        pytest.param(dict(factor=2.0, bias=3.0), (), (("factor", 2.0), ("bias", 3.0)), id="gap-at-the-start"),
    ],
)
def test_positional_then_keyword(arguments: dict[str, Any], positional: tuple[Any, ...], named: Any) -> None:
    """Arguments go by position as long as they follow the signature, by name after a gap."""
    step = plan_of(raises(ValueError, "bad", args=arguments)).steps[0]
    assert (step.args, step.kwargs) == (positional, named)


def test_every_exercise_covers_its_checks() -> None:
    """The seqs of an exercise are those of its checks, one after the other."""
    plan = toy().plan
    assert [seq for planned in plan.exercises for check in planned.checks for seq in check.seqs] == list(range(len(plan.steps)))
    assert [seq for planned in plan.exercises for seq in planned.seqs] == list(range(len(plan.steps)))


def test_cases_do_not_share_handles() -> None:
    """Every case has a number of its own, and the cases of a check cover its steps."""
    plan = toy().plan
    cases = [case for planned in plan.exercises for check in planned.checks for case in plan.cases(check)]
    assert [seq for case in cases for seq in case] == list(range(len(plan.steps)))
    numbers = [{plan.steps[seq].case for seq in case} for case in cases]
    assert all(len(found) == 1 for found in numbers)
    assert len(set().union(*numbers)) == len(cases)


def test_nothing_of_the_judge_is_sent() -> None:
    """No frame holds an expected value of a worked example."""
    examples = {"slide": Example("slide", "L1", "Slide", {"x": np.ones(2)}, np.array([123.456, 654.321]), note="secret note")}
    sent = b"".join(plan_of(example("slide"), examples=examples).frames)
    assert np.float64(123.456).tobytes() not in sent and b"secret" not in sent and b"slide" not in sent


def test_submission_checks_have_no_steps() -> None:
    """Without the reference, what needs it is not run."""
    found = rubric_of(exercise_of("f", agrees("random", cases=cases)), functions=FUNCTIONS)
    plan = make_plan(found, "seed", with_reference=False)
    assert (plan.steps, plan.exercises[0].checks[0].at_hand_in) == ((), True)


def test_locating_calls_only_on_request() -> None:
    """The calls that locate a wrong gradient are planned for self-checks only."""

    def tiny(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
        for _ in range(2):
            yield dict(dout=rng.normal(size=3), x=rng.normal(size=3))

    found = rubric_of(exercise_of("df", gradient(of="of", wrt=("x",), cases=tiny)), functions=FUNCTIONS)
    counts = [len(make_plan(found, "seed", with_reference=False, locate=locate).steps) for locate in (False, True)]
    assert counts == [2 * 3, 2 * 3 + 2 * 3]


def test_steps_are_frozen() -> None:
    """A step cannot be changed after it was planned."""
    with pytest.raises(AttributeError):
        BASE.steps[0].target = "g"
    assert isinstance(BASE.steps[0], msgspec.Struct)


def test_what_cannot_be_sent_is_a_rubric_error() -> None:
    """An argument that the wire does not carry is a mistake of the rubric."""
    with pytest.raises(RubricError, match="passes a value of type range"):
        plan_of(raises(ValueError, "bad", args=dict(x=range(3))))


def test_toy_course_is_found() -> None:
    """The toy course is read like any other."""
    assert [found.name for found in find_course(HERE / "toy" / "assignments").assignments] == ["vectors"]
