"""The budget of a large call, in the real sandbox: by the formula there is room, by trying there is none."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from toys import exercise_of, prepared

from grader.checks.agrees import agrees
from grader.checks.effort import within
from grader.course.folder import Assignment
from grader.engine.effort import CAP, FLOOR, USUAL, Budgets, budget, floor_of, measured
from grader.engine.grade_one import grade_one
from grader.engine.prepare import Prepared
from grader.errors import RubricError
from grader.judge.verdicts import Grade
from grader.sandbox.backend import Backend, Limits, Source
from grader.sandbox.choose import best_backend
from grader.sandbox.subprocess.backend import SubprocessBackend
from grader.submissions.submission import Submission

pytestmark = pytest.mark.slow

FORMULA = "import numpy as np\ndef slopes(x):\n    return 2 * x\n"
LOOP = """
import numpy as np
def slopes(x):
    result = np.zeros(len(x))
    for i in range(len(x)):
        result[i] = 2 * x[i]
    return result
"""
TRYING = """
import numpy as np
def slopes(x):
    x, result = x.copy(), np.zeros(len(x))
    for i in range(len(x)):
        for step in (1e-5, -1e-5):
            x[i] += step
            result[i] += np.sum(x * x) / (2 * step)
            x[i] -= step
    return result
"""


def small(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """Three numbers."""
    yield dict(x=rng.normal(size=3))


def large(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """Very many numbers."""
    yield dict(x=rng.normal(size=40_000))


@pytest.fixture(scope="module", params=["best", "subprocess"])
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    """Both sandboxes."""
    with best_backend(weak=True) if request.param == "best" else SubprocessBackend() as found:
        yield found


@pytest.fixture
def ready(tmp_path: Path) -> Prepared:
    """An exercise that asks for the formula; its solution uses numpy."""
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "work.py").write_text(FORMULA)
    made = prepared(
        exercise_of("slopes", agrees("before", cases=small), within(cases=large, times=50), agrees("after", cases=small)),
        functions={"slopes": lambda x: 2 * x},
    )
    return msgspec.structs.replace(made, budgets=Budgets(Assignment("work", "Work", tmp_path), made.plan))


def graded(text: str, ready: Prepared, backend: Backend) -> Grade:
    """The grade of a submission."""
    return grade_one(Submission("ana", "work", Source("work", {"work": text})), ready, backend, Limits(patience=100.0)).grade


PRINTING = LOOP.replace("        result[i] =", "        print('x is', x[:50], 'and i is', i)\n        result[i] =")


@pytest.mark.parametrize("text", [FORMULA, LOOP, PRINTING], ids=["numpy", "loop", "printing"])
def test_the_formula_has_room(text: str, ready: Prepared, backend: Backend) -> None:
    """Whole arrays or a loop in Python: both are the formula; what a loop prints does not count."""
    assert graded(text, ready, backend).full_marks


def test_budgets_are_measured_once_somebody_needs_more_than_everybody_may(ready: Prepared, backend: Backend) -> None:
    """Who needs no more than the floor is graded without."""
    assert ready.budgets is not None
    known = []
    for text in (FORMULA, TRYING):
        graded(text, ready, backend)
        known.append(ready.budgets.are_known)
    assert known == [False, True]


def test_trying_earns_nothing(ready: Prepared, backend: Backend) -> None:
    """Differences of the forward pass are right, and do not pay."""
    assert graded(TRYING, ready, backend).score == 0


def test_the_check_after_a_call_out_of_time_is_run(ready: Prepared, backend: Backend) -> None:
    """A budget that is used up ends one case, not the exercise."""
    checks = graded(TRYING, ready, backend).exercises[0].checks
    assert [check.outcome for check in checks] == ["returned", "timed_out", "returned"]


def test_a_crash_before_it_does_not_spare_the_large_call(ready: Prepared, backend: Backend) -> None:
    """Whoever ends the process on small arrays is asked for the formula all the same."""
    text = "import os\n" + TRYING.replace("    x, result", "    if len(x) < 9: os._exit(0)\n    x, result")
    assert [check.outcome for check in graded(text, ready, backend).exercises[0].checks] == ["died", "timed_out", "died"]


def test_budgets_lie_between_floor_and_cap(ready: Prepared, backend: Backend) -> None:
    """A fast solution makes nobody too slow, a slow one no endless call."""
    assert ready.budgets is not None
    assert all(FLOOR <= seconds <= CAP for seconds in ready.budgets.seconds(backend).values())


def test_only_steps_of_this_kind_have_a_budget(ready: Prepared, backend: Backend) -> None:
    """The other calls keep the exercise's time."""
    assert ready.budgets is not None
    assert list(ready.budgets.seconds(backend)) == list(ready.plan.exercises[0].checks[1].seqs)


def test_a_solution_that_cannot_be_measured_is_the_authors_fault(ready: Prepared, backend: Backend, tmp_path: Path) -> None:
    """The error names the file, the exercise and the check."""
    (tmp_path / "solutions" / "work.py").write_text("def slopes(x):\n    return 1 / 0\n")
    assert ready.budgets is not None
    with pytest.raises(RubricError, match=r"work\.py.*slopes.*cannot be measured"):
        ready.budgets.seconds(backend)


def test_without_a_solution_the_reference_is_measured(ready: Prepared, backend: Backend, tmp_path: Path) -> None:
    """A course may have no solutions."""
    (tmp_path / "solutions" / "work.py").unlink()
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "work.py").write_text(FORMULA)
    assert ready.budgets is not None
    assert list(ready.budgets.seconds(backend)) == list(ready.plan.exercises[0].checks[1].seqs)


def very_large(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """A million numbers."""
    yield dict(x=rng.normal(size=1_000_000))


SLOW_LOOP = LOOP.replace("2 * x[i]", "sum((x[i], x[i]))")


@pytest.mark.parametrize(("text", "verdict"), [(FORMULA, "passed"), (SLOW_LOOP, "failed")], ids=["numpy", "loop"])
def test_loops_are_told_from_whole_arrays(text: str, verdict: str, backend: Backend, tmp_path: Path) -> None:
    """Without a gate, what it takes to hand the numbers over is not multiplied: it would leave room for loops."""
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "work.py").write_text(FORMULA)
    vectorised = within("vectorised", cases=very_large, times=4, gate=False)
    made = prepared(exercise_of("slopes", agrees("small", cases=small), vectorised), functions={"slopes": lambda x: 2 * x})
    made = msgspec.structs.replace(made, budgets=Budgets(Assignment("work", "Work", tmp_path), made.plan))
    assert [check.verdict for check in graded(text, made, backend).exercises[0].checks][:2] == ["passed", verdict]


def two_large(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """Very many numbers, twice."""
    yield from large(rng)
    yield from large(rng)


def test_handing_over_is_measured_for_every_case(backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many cases a check has, and however often each is measured."""
    monkeypatch.setattr("grader.engine.effort.IN_TURNS", 1)
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "work.py").write_text(FORMULA)
    vectorised = within("vectorised", cases=two_large, times=4, gate=False)
    plan = prepared(exercise_of("slopes", vectorised), functions={"slopes": lambda x: 2 * x}).plan
    found = measured(Assignment("work", "Work", tmp_path), plan, backend)
    assert [handed > 0 for handed, _used, _times in found.values()] == [True, True]


def test_what_is_handed_over_is_not_multiplied() -> None:
    """Only what the solution does with it, and never less than the floor nor more than the cap."""
    assert budget(0.5, 4, 0.25) == 1.25
    assert budget(1e-3, 10, 0.0) == FLOOR
    assert budget(3.0, 10, 0.0) == CAP


def test_a_slow_machine_has_a_higher_floor() -> None:
    """Nobody is too slow because the machine is; a faster one than usual gives nobody less."""
    assert floor_of(4 * USUAL) == 4 * FLOOR
    assert floor_of(USUAL / 2) == FLOOR


def test_a_solution_that_is_hardly_slower_than_handing_over_leaves_the_whole_floor() -> None:
    """The floor is for the work alone."""
    assert budget(0.25, 10, 0.25) == 0.25 + FLOOR
    assert budget(0.25, 10, 0.5) == 0.5 + FLOOR
