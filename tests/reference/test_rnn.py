"""The reference of `rnn`: the worked examples, the solution's results, the true gradients, the edges."""

import importlib.util
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import rnn as reference

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = tomllib.loads((ROOT / "assignments/rnn/examples.toml").read_text(encoding="utf-8"))
STEP = 1e-6


def load(path: str) -> ModuleType:
    """A file of the course as a module."""
    spec = importlib.util.spec_from_file_location(path.replace("/", "_").removesuffix(".py"), ROOT / path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


solution, checks = load("solutions/rnn.py"), load("assignments/rnn/checks.py")
both = pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])


def inputs(name: str) -> dict[str, Any]:
    """The arguments of a worked example, lists as arrays."""
    given = EXAMPLES[name]["inputs"].items()
    return {key: np.array(value, dtype=float) if isinstance(value, list) else value for key, value in given}


def results(name: str, got: Any) -> list[tuple[str, Any, np.ndarray]]:
    """Name, value and expectation of each result of a worked example."""
    expected = EXAMPLES[name]["expected"]
    if not isinstance(expected, dict):
        return [("", np.array(got), np.array(expected, dtype=float))]
    assert len(got) == len(expected)
    return [(key, one, np.array(expected[key], dtype=float)) for key, one in zip(expected, got, strict=True)]


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Any]:
    """Sequences, a cell and a readout of any size."""
    batch, steps, features, units, outputs = (draw(st.integers(1, 4)) for _ in range(5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return {
        "x": rng.normal(size=(batch, steps, features)),
        "h0": rng.uniform(-1, 1, size=(batch, units)),
        "wx": rng.normal(size=(features, units)),
        "wh": rng.normal(size=(units, units)),
        "b": rng.normal(size=units),
        "wy": rng.normal(size=(units, outputs)),
        "by": rng.normal(size=outputs),
        "dh": rng.normal(size=(batch, steps, units)),
        "y": rng.normal(size=(batch, outputs)),
    }


def pick(case: dict[str, Any], *names: str) -> dict[str, Any]:
    """Some of the arguments."""
    return {name: case[name] for name in names}


SEQUENCE = ("x", "h0", "wx", "wh", "b")
READOUT = ("x", "wx", "wh", "b", "wy", "by")
TARGETS = ("x", "y", "wx", "wh", "b", "wy", "by")
WEIGHTS = ("wx", "wh", "b", "wy", "by")


def slopes(loss: Callable[[np.ndarray], float], at: np.ndarray) -> np.ndarray:
    """Central differences of `loss`, coordinate by coordinate."""
    found = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        move = np.zeros_like(at)
        move[index] = STEP
        found[index] = (loss(at + move) - loss(at - move)) / (2 * STEP)
    return found


def same(one: Any, other: Any) -> None:
    """Both results, or lists of results, agree."""
    for a, b in zip(*((r if isinstance(r, tuple | list) else [r]) for r in (one, other)), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-11)


@both
@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_example(name: str, module: Any) -> None:
    """Reference and solution give the example's numbers at their printed precision."""
    got = getattr(module, EXAMPLES[name]["exercise"])(**inputs(name))
    for _, result, expected in results(name, got):
        np.testing.assert_allclose(result, expected, rtol=0, atol=0.5 * 10.0 ** -EXAMPLES[name].get("decimals", 9))


@pytest.mark.parametrize("name", EXAMPLES)
def test_explanation_ends_in_the_expected_number(name: str) -> None:
    """The arithmetic that a student reads leads to each expected number, and adds up to it within its rounding."""
    explain = {
        "rnn_step": checks.sum_of_step,
        "rnn_forward": checks.sum_of_forward,
        "rnn_step_backward": checks.sum_of_one_step,
        "rnn_backward": checks.sum_through_time,
        "clip_by_norm": checks.shortened,
        "windows": checks.place_in_series,
        "predict": checks.readout,
        "series_gradients": checks.readout_backward,
    }[EXAMPLES[name]["exercise"]]
    got = getattr(reference, EXAMPLES[name]["exercise"])(**inputs(name))
    for result, _, expected in results(name, got):
        for index in np.ndindex(expected.shape):
            terms, _, total = explain(inputs(name), result, index).rpartition(" = ")
            assert float(total) == expected[index]
            if not terms.startswith("series"):
                assert re.fullmatch(r"[-+*/^(). \dtanhsqrmx,=]+", terms)
                values = [
                    eval(part.replace("^", "**"), {"tanh": np.tanh, "sqrt": np.sqrt, "max": max}) for part in terms.split(" = ")
                ]
                np.testing.assert_allclose(values, expected[index], atol=5e-4)


@given(networks())
@settings(max_examples=40, deadline=None)
def test_solution_agrees(case: dict[str, Any]) -> None:
    """Every function of the solution gives what the reference gives."""
    sequence = pick(case, *SEQUENCE)
    step = {"x": case["x"][:, 0], "h_prev": case["h0"], **pick(case, "wx", "wh", "b")}
    same(solution.rnn_step(**step), reference.rnn_step(**step))
    same(solution.rnn_forward(**sequence), reference.rnn_forward(**sequence))
    same(*(module.rnn_step_backward(case["dh"][:, 0], **step) for module in (solution, reference)))
    same(*(module.rnn_backward(case["dh"], **sequence) for module in (solution, reference)))
    same(*(module.predict(**pick(case, *READOUT)) for module in (solution, reference)))
    same(*(module.series_gradients(**pick(case, *TARGETS)) for module in (solution, reference)))
    weights = [case[name] for name in WEIGHTS]
    trained = [module.train(case["x"], case["y"], weights, 0.1, 3, 0.5) for module in (solution, reference)]
    same(trained[0][0], trained[1][0])
    same(trained[0][1], trained[1][1])


@given(st.integers(2, 12), st.integers(1, 11), st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_solution_agrees_on_windows(count: int, length: int, seed: int) -> None:
    """The windows of the solution are the reference's, and none is where none fits."""
    series = np.random.default_rng(seed).normal(size=count)
    if length < count:
        same(solution.windows(series, length), reference.windows(series, length))
    else:
        for module in (solution, reference):
            with pytest.raises(ValueError, match="do not fit"):
                module.windows(series, length)


@given(networks())
@settings(max_examples=20, deadline=None)
def test_backward_is_the_derivative_of_forward(case: dict[str, Any]) -> None:
    """All five gradients through time agree with central differences."""
    sequence = pick(case, *SEQUENCE)
    for name, gradient in zip(SEQUENCE, reference.rnn_backward(case["dh"], **sequence), strict=True):
        numeric = slopes(
            lambda value, name=name: float(np.sum(case["dh"] * reference.rnn_forward(**{**sequence, name: value}))), case[name]
        )
        np.testing.assert_allclose(gradient, numeric, rtol=1e-5, atol=1e-7)


@given(networks())
@settings(max_examples=20, deadline=None)
def test_series_gradients_are_the_derivative_of_the_loss(case: dict[str, Any]) -> None:
    """The gradients of all weights agree with central differences of the mean squared error."""
    given_ = pick(case, *TARGETS)
    for name, gradient in zip(WEIGHTS, reference.series_gradients(**given_), strict=True):
        numeric = slopes(lambda value, name=name: reference.series_loss(**{**given_, name: value}), case[name])
        np.testing.assert_allclose(gradient, numeric, rtol=1e-5, atol=1e-7)


@given(networks(), st.integers(0, 3))
@settings(max_examples=20, deadline=None)
def test_a_sequence_may_be_cut_in_two(case: dict[str, Any], cut: int) -> None:
    """Going on from the last state of the first part gives the states of the whole."""
    h = reference.rnn_forward(**pick(case, *SEQUENCE))
    cut = min(cut, h.shape[1] - 1)
    start = h[:, cut - 1] if cut else case["h0"]
    rest = reference.rnn_forward(case["x"][:, cut:], start, *(case[name] for name in ("wx", "wh", "b")))
    np.testing.assert_allclose(rest, h[:, cut:], rtol=1e-12)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.floats(0.01, 100), st.floats(0.01, 100))
@settings(max_examples=40, deadline=None)
def test_clipped_norm_is_the_smaller_of_norm_and_limit(sizes: list[int], scale: float, limit: float) -> None:
    """The norm of the clipped gradients is min(norm, limit), and both modules clip alike."""
    rng = np.random.default_rng(len(sizes))
    gradients = [rng.normal(scale=scale, size=size) for size in sizes]
    norm = np.linalg.norm(np.concatenate(gradients))
    clipped = reference.clip_by_norm(gradients, limit)
    np.testing.assert_allclose(np.linalg.norm(np.concatenate(clipped)), min(norm, limit), rtol=1e-12)
    same(solution.clip_by_norm(gradients, limit), clipped)


@both
def test_zero_gradients_stay_zero(module: Any) -> None:
    """A norm of 0 is no division by 0."""
    np.testing.assert_array_equal(module.clip_by_norm([np.zeros(3)], 1.0)[0], np.zeros(3))


@both
def test_states_saturate(module: Any) -> None:
    """Sums of ±1000 give states of ±1 exactly."""
    h = module.rnn_step(np.array([[1000.0, -1000.0]]), np.zeros((1, 2)), np.eye(2), np.eye(2), np.zeros(2))
    np.testing.assert_array_equal(h, [[1.0, -1.0]])


@both
def test_refusals(module: Any) -> None:
    """Another number of states than inputs, limits that are not above 0, and windows without values are refused."""
    weights = np.ones((2, 2)), np.ones((2, 2)), np.ones(2)
    with pytest.raises(ValueError, match=r"state|dimension"):
        module.rnn_step(np.ones((3, 2)), np.ones((1, 2)), *weights)
    with pytest.raises(ValueError, match=r"state|dimension"):
        module.rnn_forward(np.ones((3, 4, 2)), np.ones((1, 2)), *weights)
    for limit in (0.0, -1.0):
        with pytest.raises(ValueError, match="above 0"):
            module.clip_by_norm([np.ones(2)], limit)
    with pytest.raises(ValueError, match="do not fit"):
        module.windows(np.ones(4), 0)


@both
def test_training_without_epochs(module: Any) -> None:
    """No epoch: the weights as they were, and no loss."""
    weights = [np.ones((1, 2)), np.ones((2, 2)), np.ones(2), np.ones((2, 1)), np.ones(1)]
    new, losses = module.train(np.ones((1, 2, 1)), np.ones((1, 1)), weights, 0.1, 0, 1.0)
    same(new, weights)
    assert losses.shape == (0,)


@both
def test_trained_network_predicts_a_noisy_sine(module: Any) -> None:
    """The run of the rubric passes its law with room to spare, in single precision too."""
    case = next(checks.noisy_sine(np.random.default_rng(7)))
    assert checks.beats_persistence(case, [module.train(**case)]) is None
    single = {**case, "x": case["x"].astype(np.float32), "weights": [w.astype(np.float32) for w in case["weights"]]}
    assert checks.beats_persistence(single, [module.train(**single)]) is None


def test_untrained_network_does_not_pass_the_law() -> None:
    """The weights that came in are no better than «the next value is the last one»."""
    case = next(checks.noisy_sine(np.random.default_rng(7)))
    assert checks.beats_persistence(case, [(case["weights"], reference.train(**case)[1])]) is not None
