"""The reference of logistic regression against PyTorch in float64."""

from typing import Any

import numpy as np
import pytest
import torch
from against_torch import close, descend, is_loss, leaf, normal
from torch.nn.functional import binary_cross_entropy, binary_cross_entropy_with_logits

from reference import logistic as reference

every_shape = pytest.mark.parametrize(("count", "features"), [(1, 4), (5, 3), (3, 3), (7, 1)])


def draw(count: int, features: int) -> tuple[Any, Any, Any, float]:
    """A batch with labels, weights and a bias."""
    x, w = normal((count, features), features, seed=count)
    return x, np.random.default_rng([count, features]).integers(2, size=count).astype(float), w, 0.7


@every_shape
def test_forward_and_loss(count: int, features: int) -> None:
    """forward is torch.sigmoid of the sums; bce is torch's binary_cross_entropy, delta its gradient for each example."""
    x, y, w, b = draw(count, features)
    z = torch.from_numpy(x) @ torch.from_numpy(w) + b
    a = reference.forward(x, w, b)
    close(a, torch.sigmoid(z))
    is_loss(
        reference.bce(a, y),
        [reference.delta(a, y) / count],
        lambda z: binary_cross_entropy(torch.sigmoid(z), torch.from_numpy(y)),
        z.numpy(),
    )


@every_shape
def test_gradients(count: int, features: int) -> None:
    """gradients is autograd of the mean loss."""
    x, y, w, b = draw(count, features)
    is_loss(
        reference.cost(x, y, w, b),
        reference.gradients(x, y, w, b),
        lambda w, b: binary_cross_entropy(torch.sigmoid(torch.from_numpy(x) @ w + b), torch.from_numpy(y)),
        w,
        b,
    )


def test_training() -> None:
    """train walks the path of torch's SGD and records its losses."""
    x, y, w, b = draw(6, 3)
    leaves = [leaf(w), leaf(b)]

    def loss(_batch: Any) -> torch.Tensor:
        return binary_cross_entropy_with_logits(torch.from_numpy(x) @ leaves[0] + leaves[1], torch.from_numpy(y))

    losses = [*descend(leaves, loss, range(25), 0.4), loss(None).item()]
    close(reference.train(x, y, w, b, 0.4, 25), [*leaves, np.array(losses)])


@pytest.mark.parametrize(("z", "want"), [(1000.0, 1.0), (-1000.0, 0.0)])
def test_far_out(z: float, want: float) -> None:
    """At ±1000 forward is what torch.sigmoid gives."""
    got = reference.forward(np.array([[z]]), np.ones(1), 0.0)
    assert got[0] == want == torch.sigmoid(torch.tensor(z, dtype=torch.float64)).item()
