"""An exercise is judged from its own steps alone, and once for all students with the same outcomes."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from toys import exercise_of, outcomes_of, prepared

from grader.checks.agrees import agrees
from grader.checks.raises import raises
from grader.course.folder import PUBLIC_SEED, find_course
from grader.engine.prepare import Prepared, prepare
from grader.judge.exercise import judge_exercise
from grader.judge.judge import judge
from grader.judge.judged_once import REMEMBERED, Judgements
from grader.judge.verdicts import Grade, Verdict
from grader.run import Run
from grader.sandbox.outcome import Died, Returned
from grader.sandbox.signature import Signature

COURSE = find_course(Path(__file__).parents[2])


@pytest.mark.slow
@pytest.mark.parametrize("topic", ["losses", "softmax_ce", "sequential"])
def test_no_exercise_looks_at_the_steps_of_another(topic: str) -> None:
    """The verdicts are the same whatever the other exercises did: only then may they be remembered by an exercise's own outcomes."""
    ready = prepare(COURSE.assignment(topic), PUBLIC_SEED)
    assert ready.oracle is not None
    every = range(len(ready.plan.steps))
    for found in ready.oracle.misconceptions[::9]:
        run = Run(Returned(), tuple(ready.oracle.wrong(found, every)[seq] for seq in every))
        for planned in ready.plan.exercises:
            alone = tuple(outcome if seq in planned.seqs else Died("other") for seq, outcome in enumerate(run.outcomes))
            with np.errstate(all="ignore"):
                one, other = (
                    judge_exercise(ready.plan, planned, made, ready.oracle, None, diagnosed=True)
                    for made in (run, msgspec.structs.replace(run, outcomes=alone))
                )
            assert one == other, (found.name, planned.exercise.name)


def drawn(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """Arrays that nobody can guess."""
    for _ in range(3):
        yield {"x": rng.normal(size=4)}


def double(x: Any) -> Any:
    """Twice x, which is not text."""
    if isinstance(x, str):
        raise TypeError("no text")
    return 2 * x


CHECKS = (agrees("drawn", cases=drawn), raises(TypeError, "a text", args={"x": "a"}))
FUNCTIONS = {"f": double}


def made(function: Any, ready: Prepared, **fields: Any) -> Grade:
    """The grade of a submission with this function."""
    return judge(ready.plan, Run(Returned(), outcomes_of(ready, {"f": function}), **fields), ready.oracle, "ana")


def both(function: Any, other: Any) -> tuple[Grade, Grade]:
    """The grade of the second one after the first, and by itself."""
    ready = prepared(exercise_of("f", *CHECKS), functions=FUNCTIONS)
    made(function, ready)
    return made(other, ready), made(other, prepared(exercise_of("f", *CHECKS), functions=FUNCTIONS))


def refusing(result: Any) -> Any:
    """A function that refuses texts in words of its own."""

    def f(x: Any) -> Any:
        if isinstance(x, str):
            raise TypeError("numbers only, please")
        return result(x)

    return f


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(double, refusing(lambda x: x + x), id="in other words"),
        pytest.param(double, refusing(lambda x: 2 * x * (1 + 1e-15)), id="rounded otherwise"),
        pytest.param(double, refusing(lambda x: 2 * x * (1 + 1e-3)), id="wrong after right"),
        pytest.param(refusing(lambda x: 3 * x), double, id="right after wrong"),
        pytest.param(refusing(lambda x: 3 * x), refusing(lambda x: 3 * x * (1 + 1e-9)), id="another wrong one"),
        pytest.param(double, refusing(lambda x: (2 * x).astype(np.float32)), id="another dtype"),
        pytest.param(double, refusing(lambda x: list(2 * x)), id="another form"),
        pytest.param(double, lambda x: 2 * x, id="no refusal"),
        pytest.param(double, refusing(lambda x: x * np.nan), id="not a number"),
    ],
)
def test_the_grade_is_the_same_after_others_and_alone(first: Any, second: Any) -> None:
    """What is remembered is what would be judged."""
    after, alone = both(first, second)
    assert after == alone


@pytest.mark.parametrize("form", [lambda x: x, lambda x: [x, x], lambda x: {"a": x}], ids=["by itself", "in a list", "in a dict"])
@pytest.mark.parametrize(("right", "wrong"), [(True, 1), (1, True)])
def test_a_truth_value_is_not_mistaken_for_a_number(form: Any, right: Any, wrong: Any) -> None:
    """They are equal in Python, and judged otherwise, whoever came first."""
    ready = [prepared(exercise_of("f", agrees("drawn", cases=drawn)), functions={"f": lambda x: form(right)}) for _ in range(2)]

    def graded(one: Prepared, value: Any) -> Grade:
        return judge(one.plan, Run(Returned(), outcomes_of(one, {"f": lambda x: form(value)})), one.oracle, "ana")

    first, second = graded(ready[0], right), graded(ready[0], wrong)
    assert (graded(ready[1], wrong), graded(ready[1], right)) == (second, first)
    assert second.score < first.score == 1


def test_a_wrong_signature_is_not_mistaken_for_another() -> None:
    """The words depend on what the file defines, and not only on the outcomes."""
    ready = prepared(exercise_of("f", *CHECKS), functions=FUNCTIONS)
    texts = [
        {check.message for check in made(refusing(lambda x: 3 * x), ready, defined={"f": Signature(names)}).exercises[0].checks}
        for names in (("x", "y"), ("x", "z"))
    ]
    assert texts[0] != texts[1]


def of_fault(number: int) -> tuple[Verdict, ...]:
    """The verdicts of an exercise that could not be judged."""
    return (Verdict("a", "agrees", "grader_error" if number else "passed", None),)


def test_the_graders_fault_is_not_remembered() -> None:
    """The next one may be judged well: memory may have been short."""
    kept, calls = Judgements(), list[int]()
    for number in (1, 0, 1):
        kept.of("key", lambda number=number: (calls.append(number), of_fault(number))[1], lambda found: found)  # type: ignore[misc]
    assert calls == [1, 0]


def test_what_is_remembered_does_not_grow() -> None:
    """Only the latest judgements are."""
    kept, calls = Judgements(), list[int]()
    for number in [*range(REMEMBERED + 1), 0]:
        kept.of(number, lambda number=number: (calls.append(number), ())[1], lambda found: found)  # type: ignore[misc]
    assert calls == [*range(REMEMBERED + 1), 0]
