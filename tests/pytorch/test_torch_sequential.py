"""The reference of `sequential` against PyTorch in float64: losses, layers, and whole trainings with torch's own optimizer."""

from typing import Any

import numpy as np
import pytest
import torch

from reference import sequential as reference

ACTIVATIONS = {
    "linear": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softmax": lambda z: torch.softmax(z, dim=1),
}
LOSSES = {
    "mse": torch.nn.functional.mse_loss,
    "binary_crossentropy": torch.nn.functional.binary_cross_entropy,
    "categorical_crossentropy": lambda y, t: -(t * torch.log(y)).sum(dim=1).mean(),
}
OUTPUT = {"mse": "linear", "binary_crossentropy": "sigmoid", "categorical_crossentropy": "softmax"}


def targets(rng: np.random.Generator, loss: str, n: int, k: int) -> Any:
    """Targets that suit the loss."""
    if loss == "mse":
        return rng.normal(size=(n, k))
    return np.eye(k)[rng.integers(k, size=n)] if loss == "categorical_crossentropy" else rng.integers(2, size=(n, k)) * 1.0


def parameter(array: Any) -> torch.Tensor:
    """A leaf that asks for its gradient."""
    return torch.tensor(array, dtype=torch.float64, requires_grad=True)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(("n", "k"), [(5, 1), (3, 4), (1, 2)])
def test_losses(loss: str, n: int, k: int) -> None:
    """Value and gradient of each loss are torch's."""
    rng = np.random.default_rng(n)
    output, target = rng.uniform(0.05, 0.95, size=(n, k)), targets(rng, loss, n, k)
    y = parameter(output)
    value = LOSSES[loss](y, torch.tensor(target))
    value.backward()
    np.testing.assert_allclose(reference.loss_value(loss, target, output), value.item(), rtol=1e-12)
    np.testing.assert_allclose(reference.loss_gradient(loss, target, output), y.grad.numpy(), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_dense_layer(activation: str) -> None:
    """Output and gradients of a dense layer are torch's."""
    rng = np.random.default_rng(0)
    arrays = rng.normal(size=(4, 3)), rng.normal(size=(3, 5)), rng.normal(size=5)
    dout = rng.normal(size=(4, 5))
    x, weights, bias = map(parameter, arrays)
    y = ACTIVATIONS[activation](x @ weights + bias)
    y.backward(torch.tensor(dout))
    np.testing.assert_allclose(reference.dense_forward(*arrays, activation), y.detach().numpy(), rtol=1e-12, atol=1e-14)
    for got, leaf in zip(reference.dense_backward(dout, *arrays, activation), (x, weights, bias), strict=True):
        np.testing.assert_allclose(got, leaf.grad.numpy(), rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("loss", LOSSES)
def test_training(loss: str) -> None:
    """Three epochs of mini-batches leave the weights and the history that torch.optim.SGD leaves."""
    rng = np.random.default_rng(1)
    arrays = rng.normal(size=(2, 4)), rng.normal(size=4), rng.normal(size=(4, 3)), rng.normal(size=3)
    x, y = rng.normal(size=(7, 2)), targets(rng, loss, 7, 3)
    orders = np.array([rng.permutation(7) for _ in range(3)])
    model = reference.Sequential()
    model.add(reference.Dense(*arrays[:2], "tanh"))
    model.add(reference.Dense(*arrays[2:], OUTPUT[loss]))
    model.compile(loss)
    history = model.fit(x, y, 3, 3, 0.2, orders)

    leaves = [parameter(array) for array in arrays]
    optimizer = torch.optim.SGD(leaves, lr=0.2)
    expected = []
    for order in orders:
        total = 0.0
        for start in range(0, 7, 3):
            batch = order[start : start + 3]
            hidden = torch.tanh(torch.tensor(x[batch]) @ leaves[0] + leaves[1])
            output = ACTIVATIONS[OUTPUT[loss]](hidden @ leaves[2] + leaves[3])
            value = LOSSES[loss](output, torch.tensor(y[batch]))
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            total += value.item() * len(batch)
        expected.append(total / 7)
    np.testing.assert_allclose(history, expected, rtol=1e-10)
    for got, leaf in zip(model.get_weights(), leaves, strict=True):
        np.testing.assert_allclose(got, leaf.detach().numpy(), rtol=1e-9, atol=1e-12)
