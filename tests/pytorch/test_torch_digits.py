"""The reference of `digits` against PyTorch in float64: layers, loss, the whole network, and a training with torch's own optimizer."""

from typing import Any

import numpy as np
import pytest
import torch
from against_torch import close, descend, is_layer, is_loss, leaf, normal
from torch.nn import functional

from reference import digits as reference


def test_convolution() -> None:
    """Output and gradients of the convolution are torch's."""
    arrays = normal((3, 2, 5, 6), (4, 2, 3, 3), 4)
    is_layer(reference.conv_forward, reference.conv_backward, functional.conv2d, arrays)


def test_relu() -> None:
    """Output and gradient of ReLU are torch's."""
    is_layer(reference.relu, reference.relu_backward, functional.relu, normal((3, 4)))


@pytest.mark.parametrize(("height", "width", "size"), [(4, 6, 2), (5, 7, 2), (7, 6, 3)])
def test_pooling(height: int, width: int, size: int) -> None:
    """Output and gradient of max pooling are torch's, with rows and columns left over too."""
    is_layer(reference.max_pool, reference.max_pool_backward, functional.max_pool2d, normal((2, 3, height, width)), size)


def test_flatten() -> None:
    """The order of the numbers is torch's, there and back."""
    is_layer(reference.flatten, reference.flatten_backward, lambda x: torch.flatten(x, start_dim=1), normal((2, 3, 4, 5)))


def test_dense() -> None:
    """Output and gradients of the dense layer are torch's."""
    is_layer(reference.dense_forward, reference.dense_backward, lambda x, w, b: x @ w + b, normal((4, 3), (3, 5), 5))


@pytest.mark.parametrize("scale", [1.0, 1000.0])
def test_loss(scale: float) -> None:
    """Loss and gradient are torch's, for huge logits too."""
    logits, labels = scale * normal((6, 4))[0], np.random.default_rng(5).integers(4, size=6)
    is_loss(
        reference.softmax_cross_entropy(logits, labels),
        [reference.softmax_cross_entropy_backward(logits, labels)],
        lambda leaf: functional.cross_entropy(leaf, torch.tensor(labels)),
        logits,
    )


def test_training() -> None:
    """Two epochs of mini-batches leave the parameters and the history that torch.optim.SGD leaves."""
    rng = np.random.default_rng(6)
    arrays = normal((4, 1, 3, 3), 4, (36, 10), 10)
    images, labels = rng.random(size=(13, 1, 8, 8)), rng.integers(10, size=13)
    orders = np.array([rng.permutation(13) for _ in range(2)])
    leaves = [leaf(array) for array in arrays]

    def loss(batch: Any) -> torch.Tensor:
        maps = functional.relu(functional.conv2d(torch.tensor(images[batch]), leaves[0], leaves[1]))
        logits = torch.flatten(functional.max_pool2d(maps, 2), start_dim=1) @ leaves[2] + leaves[3]
        return functional.cross_entropy(logits, torch.tensor(labels[batch]))

    expected = []
    for order in orders:
        descend(leaves, loss, np.split(order, [5, 10]), 0.05)
        expected.append(loss(np.arange(13)).item())
    parameters, history = reference.train(arrays, images, labels, orders, 5, 0.05)
    close(parameters, leaves)
    close(history, expected)
