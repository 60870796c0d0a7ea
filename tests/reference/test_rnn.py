"""The reference of `rnn`: drawn sequences, true gradients, clipping, windows, training on a noisy sine."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from topics import few, generators, is_derivative, single, sizes, some, topic

rnn = topic("rnn")
reference, checks, both = rnn.reference, rnn.checks, rnn.both
SEQUENCE = ("x", "h0", "wx", "wh", "b")
WEIGHTS = ("wx", "wh", "b", "wy", "by")


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Any]:
    """Sequences, a cell and a readout of any size."""
    (batch, steps, features, units, outputs), rng = sizes(draw, 5, 4), draw(generators)
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


@given(networks())
@some
def test_solution_agrees(case: dict[str, Any]) -> None:
    """Every function of the solution gives what the reference gives."""
    sequence, weights = pick(case, *SEQUENCE), pick(case, *WEIGHTS)
    step = {"x": case["x"][:, 0], "h_prev": case["h0"], **pick(case, "wx", "wh", "b")}
    rnn.agree("rnn_step", **step)
    rnn.agree("rnn_forward", **sequence)
    rnn.agree("rnn_step_backward", case["dh"][:, 0], **step)
    rnn.agree("rnn_backward", case["dh"], **sequence)
    rnn.agree("predict", case["x"], **weights)
    rnn.agree("series_gradients", case["x"], case["y"], **weights)
    rnn.agree("train", case["x"], case["y"], list(weights.values()), 0.1, 3, 0.5)


@given(st.integers(2, 12), st.integers(1, 11), generators)
@some
def test_solution_agrees_on_windows(count: int, length: int, rng: np.random.Generator) -> None:
    """The windows of the solution are the reference's."""
    rnn.agree("windows", rng.normal(size=count), min(length, count - 1))


@given(networks())
@few
def test_backward_is_the_derivative_of_forward(case: dict[str, Any]) -> None:
    """All five gradients through time agree with central differences."""
    sequence = pick(case, *SEQUENCE)
    gradients = reference.rnn_backward(case["dh"], **sequence)
    is_derivative(gradients, reference.rnn_forward, sequence, SEQUENCE, case["dh"], rtol=1e-5)


@given(networks())
@few
def test_series_gradients_are_the_derivative_of_the_loss(case: dict[str, Any]) -> None:
    """The gradients of all weights agree with central differences of the mean squared error."""
    question = pick(case, "x", "y", *WEIGHTS)
    is_derivative(reference.series_gradients(**question), reference.series_loss, question, WEIGHTS, rtol=1e-5)


@given(networks(), st.integers(0, 3))
@few
def test_a_sequence_may_be_cut_in_two(case: dict[str, Any], cut: int) -> None:
    """Going on from the last state of the first part gives the states of the whole."""
    h = reference.rnn_forward(**pick(case, *SEQUENCE))
    cut = min(cut, h.shape[1] - 1)
    start = h[:, cut - 1] if cut else case["h0"]
    rest = reference.rnn_forward(case["x"][:, cut:], start, *(case[name] for name in ("wx", "wh", "b")))
    np.testing.assert_allclose(rest, h[:, cut:], rtol=1e-12)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.floats(0.01, 100), st.floats(0.01, 100))
@some
def test_clipped_norm_is_the_smaller_of_norm_and_limit(lengths: list[int], scale: float, limit: float) -> None:
    """The norm of the clipped gradients is min(norm, limit), and both modules clip alike."""
    rng = np.random.default_rng(len(lengths))
    gradients = [rng.normal(scale=scale, size=length) for length in lengths]
    norm = np.linalg.norm(np.concatenate(gradients))
    clipped = reference.clip_by_norm(gradients, limit)
    np.testing.assert_allclose(np.linalg.norm(np.concatenate(clipped)), min(norm, limit), rtol=1e-12)
    rnn.agree("clip_by_norm", gradients, limit)


@both
def test_network_trained_in_single_precision_predicts_a_noisy_sine(module: Any) -> None:
    """The run of the rubric passes its law in single precision too."""
    case = single(next(checks.noisy_sine(np.random.default_rng(7))))
    assert checks.beats_persistence(case, [module.train(**case)]) is None


def test_untrained_network_does_not_pass_the_law() -> None:
    """The weights that came in are no better than «the next value is the last one»."""
    case = next(checks.noisy_sine(np.random.default_rng(7)))
    assert checks.beats_persistence(case, [(case["weights"], reference.train(**case)[1])]) is not None
