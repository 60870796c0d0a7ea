"""The losses against PyTorch in float64: values and autograd."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name

from reference import losses as reference

Tensor = torch.Tensor


def mape(p: Tensor, t: Tensor) -> Tensor:
    """Keras' formula; PyTorch has none of its own."""
    return 100 * ((p - t).abs() / t.abs().clamp(min=1e-7)).mean()


def rows_of_logarithms(p: Tensor, t: Tensor) -> Tensor:
    """PyTorch's cross_entropy takes logits: the logarithms of rows that add up to 1 are such."""
    return F.cross_entropy(p.log(), t)


def counts(p: Tensor, t: Tensor) -> Tensor:
    """With p itself instead of its logarithm, and without Stirling's term."""
    return F.poisson_nll_loss(p, t, log_input=False, full=False, eps=0)


def divergence(p: Tensor, t: Tensor) -> Tensor:
    """PyTorch takes log p; `batchmean` divides by the rows."""
    return F.kl_div(p.log(), t, reduction="batchmean")


def distribution(rng: np.random.Generator, *shape: int) -> Any:
    """Rows that add up to 1."""
    drawn = rng.uniform(0.1, 1, size=shape)
    return drawn / drawn.sum(axis=1, keepdims=True)


SHAPES = [(4, 3), (1, 5), (3, 3)]
LOSSES: dict[str, tuple[Callable[[Tensor, Tensor], Tensor], str]] = {
    "mse": (F.mse_loss, "real"),
    "mae": (F.l1_loss, "real"),
    "mape": (mape, "real"),
    "binary_cross_entropy": (F.binary_cross_entropy, "probability"),
    "poisson": (counts, "count"),
    "kl_divergence": (divergence, "rows"),
}


def draw(kind: str, shape: tuple[int, int]) -> tuple[Any, Any]:
    """Targets and predictions."""
    rng = np.random.default_rng(shape[0] * 10 + shape[1])
    if kind == "real":
        return rng.normal(size=shape), rng.normal(size=shape)
    if kind == "probability":
        return rng.uniform(size=shape), rng.uniform(0.01, 0.99, size=shape)
    if kind == "count":
        return rng.poisson(2.0, size=shape) * 1.0, rng.uniform(0.1, 5, size=shape)
    return distribution(rng, *shape), distribution(rng, *shape)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", LOSSES)
def test_loss_and_gradient(name: str, shape: tuple[int, int]) -> None:
    """Value and gradient with respect to the predictions."""
    function, kind = LOSSES[name]
    t, p = draw(kind, shape)
    tensor = torch.tensor(p, requires_grad=True)
    loss = function(tensor, torch.tensor(t))
    loss.backward()
    np.testing.assert_allclose(getattr(reference, name)(t, p), loss.item(), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(getattr(reference, f"{name}_gradient")(t, p), tensor.grad.numpy(), rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("shape", SHAPES)
def test_categorical_cross_entropy(shape: tuple[int, int]) -> None:
    """The value is PyTorch's; the gradient is that of -1/N Σ t log p (PyTorch's own contains the softmax)."""
    t, p = draw("rows", shape)
    assert reference.categorical_cross_entropy(t, p) == pytest.approx(
        rows_of_logarithms(torch.tensor(p), torch.tensor(t)).item(), rel=1e-12
    )
    tensor = torch.tensor(p, requires_grad=True)
    (-(torch.tensor(t) * tensor.log()).sum() / shape[0]).backward()
    np.testing.assert_allclose(reference.categorical_cross_entropy_gradient(t, p), tensor.grad.numpy(), rtol=1e-10)


@pytest.mark.parametrize("shape", SHAPES)
def test_gradient_through_the_softmax_is_the_difference(shape: tuple[int, int]) -> None:
    """Sent back through PyTorch's softmax, the gradient is (p - t) / N."""
    t, _ = draw("rows", shape)
    logits = torch.tensor(np.random.default_rng(1).normal(size=shape), requires_grad=True)
    p = torch.softmax(logits, dim=1)
    p.backward(torch.tensor(reference.categorical_cross_entropy_gradient(t, p.detach().numpy())))
    np.testing.assert_allclose(logits.grad.numpy(), (p.detach().numpy() - t) / shape[0], rtol=1e-9, atol=1e-14)


def test_targets_of_zero_in_kl() -> None:
    """0 log 0 is 0 in PyTorch too."""
    t, p = np.eye(3), distribution(np.random.default_rng(2), 3, 3)
    want = divergence(torch.tensor(p), torch.tensor(t)).item()
    assert reference.kl_divergence(t, p) == pytest.approx(want, rel=1e-12)
