"""The losses against PyTorch in float64: values and autograd."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from against_torch import ACTIVATIONS, Tensor, close, is_loss, normal

from reference import losses as reference


def mape(p: Tensor, t: Tensor) -> Tensor:
    """Keras' formula; PyTorch has none of its own."""
    return 100 * ((p - t).abs() / t.abs().clamp(min=1e-7)).mean()


def counts(p: Tensor, t: Tensor) -> Tensor:
    """With p itself instead of its logarithm, and without Stirling's term."""
    return F.poisson_nll_loss(p, t, log_input=False, full=False, eps=0)


def divergence(p: Tensor, t: Tensor) -> Tensor:
    """PyTorch takes log p; `batchmean` divides by the rows."""
    return F.kl_div(p.log(), t, reduction="batchmean")


def entropy(p: Tensor, t: Tensor) -> Tensor:
    """-1/N Σ t log p; PyTorch's own contains the softmax."""
    return -(t * p.log()).sum() / len(p)


LOSSES: dict[str, tuple[Callable[[Tensor, Tensor], Tensor], str]] = {
    "mse": (F.mse_loss, "real"),
    "mae": (F.l1_loss, "real"),
    "mape": (mape, "real"),
    "binary_cross_entropy": (F.binary_cross_entropy, "probability"),
    "poisson": (counts, "count"),
    "kl_divergence": (divergence, "rows"),
    "categorical_cross_entropy": (entropy, "rows"),
}
every_shape = pytest.mark.parametrize("shape", [(4, 3), (1, 5), (3, 3)])


def draw(kind: str, shape: tuple[int, int]) -> tuple[Any, Any]:
    """Targets and predictions."""
    rng = np.random.default_rng(shape[0] * 10 + shape[1])
    if kind == "real":
        return rng.normal(size=shape), rng.normal(size=shape)
    if kind == "probability":
        return rng.uniform(size=shape), rng.uniform(0.01, 0.99, size=shape)
    if kind == "count":
        return rng.poisson(2.0, size=shape) * 1.0, rng.uniform(0.1, 5, size=shape)
    t, p = rng.uniform(0.1, 1, size=(2, *shape))
    return t / t.sum(axis=1, keepdims=True), p / p.sum(axis=1, keepdims=True)


@every_shape
@pytest.mark.parametrize("name", LOSSES)
def test_loss_and_gradient(name: str, shape: tuple[int, int]) -> None:
    """Value and gradient with respect to the predictions."""
    function, kind = LOSSES[name]
    t, p = draw(kind, shape)
    gradient = getattr(reference, f"{name}_gradient")(t, p)
    is_loss(getattr(reference, name)(t, p), [gradient], lambda p: function(p, torch.tensor(t)), p)


@every_shape
def test_categorical_cross_entropy(shape: tuple[int, int]) -> None:
    """The value is PyTorch's, which takes logits: the logarithms of rows that add up to 1 are such."""
    t, p = draw("rows", shape)
    close(reference.categorical_cross_entropy(t, p), F.cross_entropy(torch.tensor(p).log(), torch.tensor(t)))


@every_shape
def test_gradient_through_the_softmax_is_the_difference(shape: tuple[int, int]) -> None:
    """Sent back through PyTorch's softmax, the gradient is (p - t) / N."""
    t, _ = draw("rows", shape)
    logits = torch.tensor(normal(shape)[0], requires_grad=True)
    p = ACTIVATIONS["softmax"](logits)
    p.backward(torch.tensor(reference.categorical_cross_entropy_gradient(t, p.detach().numpy())))
    close((p.detach().numpy() - t) / shape[0], logits.grad)


def test_targets_of_zero_in_kl() -> None:
    """0 log 0 is 0 in PyTorch too."""
    t, (_, p) = np.eye(3), draw("rows", (3, 3))
    close(reference.kl_divergence(t, p), divergence(torch.tensor(p), torch.tensor(t)))
