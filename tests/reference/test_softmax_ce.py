"""The reference of softmax and cross-entropy: drawn batches, the true gradient, distributions, extreme numbers."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from topics import is_derivative, some, topic

softmax_ce = topic("softmax_ce")
reference, both = softmax_ce.reference, softmax_ce.both


@st.composite
def batches(draw: st.DrawFn) -> tuple[Any, Any]:
    """Logits and their labels."""
    count, classes = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    logits = draw(arrays(float, (count, classes), elements=st.floats(-6, 6)))
    return logits, draw(arrays(np.int64, count, elements=st.integers(0, classes - 1)))


def one_row(*values: float) -> Any:
    """A batch of one row."""
    return np.array([values], dtype=float)


def test_slide_took_the_logarithm_to_the_base_10() -> None:
    """The slide's cost 0.259637311 is -log10 0.55 (erratum E7)."""
    loss = reference.cross_entropy(one_row(0.55, 0.45), one_row(1, 0))
    assert loss / np.log(10) == pytest.approx(0.259637311, abs=1e-9)


@given(batches(), st.floats(0, 2))
@some
def test_solution_agrees(batch: tuple[Any, Any], reg: float) -> None:
    """Every function of the solution returns what the reference's does."""
    logits, labels = batch
    target = reference.one_hot(labels, logits.shape[1])
    softmax_ce.agree("one_hot", labels, logits.shape[1])
    softmax_ce.agree("softmax", logits)
    softmax_ce.agree("cross_entropy", reference.softmax(logits), target)
    softmax_ce.agree("softmax_ce_loss", logits, target)
    softmax_ce.agree("softmax_ce_gradient", logits, target)
    softmax_ce.agree("penalised_loss", logits, target, logits.T, reg)


@given(batches())
@some
def test_gradient_is_the_slope_of_the_loss(batch: tuple[Any, Any]) -> None:
    """(p - t) / N agrees with central differences of the loss."""
    case = {"logits": batch[0], "target": reference.one_hot(batch[1], batch[0].shape[1])}
    is_derivative(reference.softmax_ce_gradient(**case), reference.softmax_ce_loss, case, ("logits",))


@given(batches())
@some
def test_loss_is_the_cross_entropy_of_the_softmax(batch: tuple[Any, Any]) -> None:
    """At ordinary sizes both functions in one are the one after the other."""
    logits, labels = batch
    target = reference.one_hot(labels, logits.shape[1])
    want = reference.cross_entropy(reference.softmax(logits), target)
    assert reference.softmax_ce_loss(logits, target) == pytest.approx(want, rel=1e-9, abs=1e-12)


@given(batches(), st.floats(-50, 50))
@some
def test_rows_are_distributions_and_may_move(batch: tuple[Any, Any], shift: float) -> None:
    """Rows add up to 1, and a number added to a row changes nothing."""
    logits, _ = batch
    p = reference.softmax(logits)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-12)
    np.testing.assert_allclose(reference.softmax(logits + shift), p, rtol=1e-10)


@both
@pytest.mark.parametrize(("target", "loss"), [((1, 0), 1000.0), ((0, 1), 0.0)])
def test_loss_is_exact_far_out(module: Any, target: tuple[int, int], loss: float) -> None:
    """A right class that lies 1000 below costs 1000, one that lies 1000 above costs 0."""
    assert module.softmax_ce_loss(one_row(0, 1000), one_row(*target)) == loss


@both
def test_gradient_is_finite_far_out(module: Any) -> None:
    """The gradient of a hopeless class is -1, without a warning."""
    np.testing.assert_array_equal(module.softmax_ce_gradient(one_row(-1000, 1000), one_row(1, 0)), one_row(-1, 1))
