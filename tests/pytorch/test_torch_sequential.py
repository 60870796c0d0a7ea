"""The reference of `sequential` against PyTorch in float64: losses, layers, and whole trainings with torch's own optimizer."""

from typing import Any

import numpy as np
import pytest
import torch
from against_torch import ACTIVATIONS, close, descend, is_layer, is_loss, leaf, normal

from reference import sequential as reference

LOSSES = {
    "mse": torch.nn.functional.mse_loss,
    "binary_crossentropy": torch.nn.functional.binary_cross_entropy,
    "categorical_crossentropy": lambda y, t: -(t * torch.log(y)).sum(dim=1).mean(),
}
OUTPUT = {"mse": "linear", "binary_crossentropy": "sigmoid", "categorical_crossentropy": "softmax"}
every_loss = pytest.mark.parametrize("loss", LOSSES)


def targets(rng: np.random.Generator, loss: str, n: int, k: int) -> Any:
    """Targets that suit the loss."""
    if loss == "mse":
        return rng.normal(size=(n, k))
    return np.eye(k)[rng.integers(k, size=n)] if loss == "categorical_crossentropy" else rng.integers(2, size=(n, k)) * 1.0


@every_loss
@pytest.mark.parametrize(("n", "k"), [(5, 1), (3, 4), (1, 2)])
def test_losses(loss: str, n: int, k: int) -> None:
    """Value and gradient of each loss are torch's."""
    rng = np.random.default_rng(n)
    y, target = rng.uniform(0.05, 0.95, size=(n, k)), targets(rng, loss, n, k)
    value, gradient = reference.loss_value(loss, target, y), reference.loss_gradient(loss, target, y)
    is_loss(value, [gradient], lambda y: LOSSES[loss](y, torch.tensor(target)), y)


@pytest.mark.parametrize("activation", ["linear", "sigmoid", "tanh", "softmax"])
def test_dense_layer(activation: str) -> None:
    """Output and gradients of a dense layer are torch's."""
    is_layer(
        reference.dense_forward,
        reference.dense_backward,
        lambda x, weights, bias, activation: ACTIVATIONS[activation](x @ weights + bias),
        normal((4, 3), (3, 5), 5),
        activation,
    )


@every_loss
def test_training(loss: str) -> None:
    """Three epochs of mini-batches leave the weights and the history that torch.optim.SGD leaves."""
    rng = np.random.default_rng(1)
    arrays, x, y = normal((2, 4), 4, (4, 3), 3), rng.normal(size=(7, 2)), targets(rng, loss, 7, 3)
    orders = np.array([rng.permutation(7) for _ in range(3)])
    model = reference.Sequential()
    model.add(reference.Dense(*arrays[:2], "tanh"))
    model.add(reference.Dense(*arrays[2:], OUTPUT[loss]))
    model.compile(loss)
    history = model.fit(x, y, 3, 3, 0.2, orders)
    leaves = [leaf(array) for array in arrays]

    def loss_of(batch: Any) -> torch.Tensor:
        hidden = torch.tanh(torch.tensor(x[batch]) @ leaves[0] + leaves[1])
        return LOSSES[loss](ACTIVATIONS[OUTPUT[loss]](hidden @ leaves[2] + leaves[3]), torch.tensor(y[batch]))

    expected = [np.dot(descend(leaves, loss_of, np.split(order, [3, 6]), 0.2), [3, 3, 1]) / 7 for order in orders]
    close([history, model.get_weights()], [np.array(expected), leaves])
