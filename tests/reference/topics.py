"""What the tests of the references share: a topic's modules, drawn numbers, measured slopes, and how results are compared."""

import importlib
import importlib.util
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from grader.checks.raises import Raising
from grader.course.folder import Assignment, read_course
from grader.course.rubric import Rubric, read_rubric
from grader.plan import Plan, make_plan
from grader.sandbox.values import Ref, decode

ROOT = Path(__file__).resolve().parents[2]
COURSE = read_course(ROOT)
TOPICS = [assignment.name for assignment in COURSE.assignments]
WHOSE = ("reference", "solution")
STEP = 1e-5  # of central differences

seeds = st.integers(0, 2**32 - 1)
generators = seeds.map(np.random.default_rng)
few, some = settings(max_examples=25), settings(max_examples=50)


def load(path: str) -> ModuleType:
    """A file of the course as a module."""
    spec = importlib.util.spec_from_file_location(path.replace("/", "_").removesuffix(".py"), ROOT / path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class Topic:
    """A topic's modules."""

    name: str
    reference: ModuleType
    solution: ModuleType
    checks: ModuleType

    @property
    def assignment(self) -> Assignment:
        """Where its files are."""
        return COURSE.assignment(self.name)

    @property
    def both(self) -> pytest.MarkDecorator:
        """Runs a test with the reference as `module`, and with the solution."""
        return pytest.mark.parametrize("module", [self.reference, self.solution], ids=WHOSE)

    def agree(self, function: str, *args: Any, rtol: float = 1e-9, atol: float = 1e-11, **kwargs: Any) -> None:
        """Solution and reference return the same for these arguments."""
        got, want = (getattr(module, function)(*args, **kwargs) for module in (self.solution, self.reference))
        same(got, want, rtol, atol)


@cache
def topic(name: str) -> Topic:
    """The modules of the topic `name`."""
    files = f"solutions/{name}.py", f"assignments/{name}/checks.py"
    return Topic(name, importlib.import_module(f"reference.{name}"), *map(load, files))


@cache
def rubric(name: str) -> Rubric:
    """A topic's rubric with its worked examples, as the grader reads them."""
    return read_rubric(COURSE.assignment(name))


@cache
def plan(name: str, seed: str) -> Plan:
    """Every call that the rubric plans."""
    return make_plan(rubric(name), seed, with_reference=True)


def calls(planned: Plan) -> Iterator[tuple[str, list[Any], dict[str, Any]]]:
    """The plan's calls of functions: name and arguments. Those that must be refused or are given an earlier result are left out."""
    refused = {
        seq for item in planned.exercises for check in item.checks for seq in check.seqs if isinstance(check.check, Raising)
    }
    for step in planned.steps:
        args, kwargs = [decode(value) for value in step.args], {name: decode(value) for name, value in step.kwargs}
        plain = step.op == "call" and "." not in step.target and step.seq not in refused
        if plain and not has_handles([*args, *kwargs.values()]):
            yield step.target, args, kwargs


def has_handles(arguments: Any) -> bool:
    """Whether an earlier result of the case is among decoded arguments."""
    return any(isinstance(value, Ref) for value in leaves(arguments))


def changed(arguments: Any, change: Callable[[Any], Any]) -> Any:
    """The arguments with `change` applied to their arrays of floats."""
    if isinstance(arguments, list | tuple):
        return type(arguments)(changed(item, change) for item in arguments)
    if isinstance(arguments, dict):
        return {name: changed(item, change) for name, item in arguments.items()}
    return change(arguments) if isinstance(arguments, np.ndarray) and arguments.dtype.kind == "f" else arguments


def single(arguments: Any) -> Any:
    """The arguments in single precision."""
    return changed(arguments, np.float32)


def leaves(value: Any) -> Iterator[Any]:
    """The arrays and numbers of a result, however nested."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def same(got: Any, want: Any, rtol: float = 1e-9, atol: float = 1e-11) -> None:
    """Assert that results agree in form and numbers, each in a list, tuple or dict of results; a list is as good as an array."""
    if isinstance(got, dict) and isinstance(want, dict):
        assert got.keys() == want.keys()
        same([got[name] for name in want], [*want.values()], rtol, atol)
    elif isinstance(got, list | tuple) or isinstance(want, list | tuple):
        assert len(got) == len(want)
        for one, other in zip(got, want, strict=True):
            same(one, other, rtol, atol)
    elif want is None:
        assert got is None
    else:
        assert np.shape(got) == np.shape(want)
        np.testing.assert_allclose(got, want, rtol=rtol, atol=atol)


def slopes(loss: Callable[[Any], float], at: Any) -> Any:
    """Central differences of `loss` in every coordinate of `at`; of a list, in every array of it."""
    if isinstance(at, list):
        return [slopes(lambda one, i=i: loss([*at[:i], one, *at[i + 1 :]]), array) for i, array in enumerate(at)]
    found = np.zeros(np.shape(at))
    for index in np.ndindex(found.shape):
        move = np.zeros(found.shape)
        move[index] = STEP
        found[index] = (loss(at + move) - loss(at - move)) / (2 * STEP)
    return found


def upstream(of: Callable[..., Any], case: Mapping[str, Any]) -> np.ndarray:
    """A gradient of the loss with respect to what `of` returns."""
    return np.random.default_rng(0).normal(size=of(**case).shape)


def is_derivative(
    gradients: Any, of: Callable[..., Any], case: Mapping[str, Any], wrt: tuple[str, ...], dout: Any = 1.0, rtol: float = 1e-6
) -> None:
    """Assert that `gradients` are those of Σ dout · of(**case) with respect to the arguments `wrt`."""
    for name, found in zip(wrt, gradients if isinstance(gradients, list | tuple) else [gradients], strict=True):
        numeric = slopes(lambda value, name=name: float(np.sum(dout * of(**{**case, name: value}))), case[name])
        same(found, numeric, rtol=rtol, atol=1e-7)


def sizes(draw: st.DrawFn, count: int, high: int, low: int = 1) -> tuple[int, ...]:
    """That many whole numbers from `low` to `high`."""
    return tuple(draw(st.integers(low, high)) for _ in range(count))
