"""The reference of logistic regression against PyTorch in float64."""

import numpy as np
import pytest
import torch

from reference import logistic as reference

SHAPES = [(1, 4), (5, 3), (3, 3), (7, 1)]


def draw(count: int, features: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """A batch with labels, weights and a bias."""
    rng = np.random.default_rng([count, features])
    return rng.normal(size=(count, features)), rng.integers(2, size=count).astype(float), rng.normal(size=features), 0.7


@pytest.mark.parametrize(("count", "features"), SHAPES)
def test_forward_and_loss(count: int, features: int) -> None:
    """forward is torch.sigmoid of the sums, bce is torch's binary_cross_entropy."""
    x, y, w, b = draw(count, features)
    a = torch.sigmoid(torch.from_numpy(x) @ torch.from_numpy(w) + b)
    np.testing.assert_allclose(reference.forward(x, w, b), a, rtol=1e-12)
    loss = torch.nn.functional.binary_cross_entropy(a, torch.from_numpy(y))
    assert reference.bce(a.numpy(), y) == pytest.approx(loss.item(), rel=1e-12)
    assert reference.cost(x, y, w, b) == pytest.approx(loss.item(), rel=1e-12)


@pytest.mark.parametrize(("count", "features"), SHAPES)
def test_gradients(count: int, features: int) -> None:
    """gradients is autograd of the mean loss; delta that of the summed losses with respect to the sums."""
    x, y, w, b = draw(count, features)
    weights, bias = torch.tensor(w, requires_grad=True), torch.tensor(b, dtype=torch.float64, requires_grad=True)
    z = torch.from_numpy(x) @ weights + bias
    z.retain_grad()
    loss = torch.nn.functional.binary_cross_entropy(torch.sigmoid(z), torch.from_numpy(y))
    loss.backward()
    dw, db = reference.gradients(x, y, w, b)
    np.testing.assert_allclose(dw, weights.grad, rtol=1e-10, atol=1e-14)
    assert db == pytest.approx(bias.grad.item(), rel=1e-10, abs=1e-14)
    np.testing.assert_allclose(reference.delta(reference.forward(x, w, b), y), count * z.grad, rtol=1e-10, atol=1e-14)


def test_training() -> None:
    """train walks the path of torch's SGD and records its losses."""
    x, y, w, b = draw(6, 3)
    weights, bias = torch.tensor(w, requires_grad=True), torch.tensor(b, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([weights, bias], lr=0.4)
    losses = []
    for _ in range(26):
        loss = torch.nn.functional.binary_cross_entropy_with_logits(torch.from_numpy(x) @ weights + bias, torch.from_numpy(y))
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        if len(losses) < 26:
            optimizer.step()
    got_w, got_b, got_losses = reference.train(x, y, w, b, 0.4, 25)
    np.testing.assert_allclose(got_w, weights.detach(), rtol=1e-10)
    assert got_b == pytest.approx(bias.item(), rel=1e-10)
    np.testing.assert_allclose(got_losses, losses, rtol=1e-10)


@pytest.mark.parametrize(("z", "want"), [(1000.0, 1.0), (-1000.0, 0.0)])
def test_far_out(z: float, want: float) -> None:
    """At ±1000 forward is what torch.sigmoid gives."""
    got = reference.forward(np.array([[z]]), np.ones(1), 0.0)
    assert got[0] == want == torch.sigmoid(torch.tensor(z, dtype=torch.float64)).item()
