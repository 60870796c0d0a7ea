"""The reference of `digits` against PyTorch in float64: layers, loss, the whole network, and a training with torch's own optimizer."""

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from reference import digits as reference


def parameter(array: Any) -> torch.Tensor:
    """A leaf that asks for its gradient."""
    return torch.tensor(array, dtype=torch.float64, requires_grad=True)


def check(got: Any, want: Any) -> None:
    """Equal up to rounding."""
    for one, other in zip(got, want, strict=True):
        np.testing.assert_allclose(one, other.detach().numpy(), rtol=1e-9, atol=1e-12)


def test_convolution() -> None:
    """Output and gradients of the convolution are torch's."""
    rng = np.random.default_rng(0)
    arrays = rng.normal(size=(3, 2, 5, 6)), rng.normal(size=(4, 2, 3, 3)), rng.normal(size=4)
    dout = rng.normal(size=(3, 4, 3, 4))
    leaves = [parameter(array) for array in arrays]
    out = functional.conv2d(*leaves)
    out.backward(torch.tensor(dout))
    check([reference.conv_forward(*arrays)], [out])
    check(reference.conv_backward(dout, *arrays), [leaf.grad for leaf in leaves])


def test_relu() -> None:
    """Output and gradient of ReLU are torch's."""
    rng = np.random.default_rng(1)
    x, dout = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    leaf = parameter(x)
    out = functional.relu(leaf)
    out.backward(torch.tensor(dout))
    check([reference.relu(x), reference.relu_backward(dout, x)], [out, leaf.grad])


@pytest.mark.parametrize(("height", "width", "size"), [(4, 6, 2), (5, 7, 2), (7, 6, 3)])
def test_pooling(height: int, width: int, size: int) -> None:
    """Output and gradient of max pooling are torch's, with rows and columns left over too."""
    rng = np.random.default_rng(2)
    x, dout = rng.normal(size=(2, 3, height, width)), rng.normal(size=(2, 3, height // size, width // size))
    leaf = parameter(x)
    out = functional.max_pool2d(leaf, size)
    out.backward(torch.tensor(dout))
    check([reference.max_pool(x, size), reference.max_pool_backward(dout, x, size)], [out, leaf.grad])


def test_flatten() -> None:
    """The order of the numbers is torch's."""
    x = np.random.default_rng(3).normal(size=(2, 3, 4, 5))
    check([reference.flatten(x)], [torch.flatten(torch.tensor(x), start_dim=1)])


def test_dense() -> None:
    """Output and gradients of the dense layer are torch's."""
    rng = np.random.default_rng(4)
    arrays = rng.normal(size=(4, 3)), rng.normal(size=(3, 5)), rng.normal(size=5)
    dout = rng.normal(size=(4, 5))
    leaves = [parameter(array) for array in arrays]
    out = leaves[0] @ leaves[1] + leaves[2]
    out.backward(torch.tensor(dout))
    check([reference.dense_forward(*arrays)], [out])
    check(reference.dense_backward(dout, *arrays), [leaf.grad for leaf in leaves])


@pytest.mark.parametrize("scale", [1.0, 1000.0])
def test_loss(scale: float) -> None:
    """Loss and gradient are torch's, for huge logits too."""
    rng = np.random.default_rng(5)
    logits, labels = scale * rng.normal(size=(6, 4)), rng.integers(4, size=6)
    leaf = parameter(logits)
    loss = functional.cross_entropy(leaf, torch.tensor(labels))
    loss.backward()
    check(
        [reference.softmax_cross_entropy(logits, labels), reference.softmax_cross_entropy_backward(logits, labels)],
        [loss, leaf.grad],
    )


def test_training() -> None:
    """Two epochs of mini-batches leave the parameters and the history that torch.optim.SGD leaves."""
    rng = np.random.default_rng(6)
    arrays = [rng.normal(size=(4, 1, 3, 3)), rng.normal(size=4), rng.normal(size=(36, 10)), rng.normal(size=10)]
    images, labels = rng.random(size=(13, 1, 8, 8)), rng.integers(10, size=13)
    orders = np.array([rng.permutation(13) for _ in range(2)])
    parameters, history = reference.train(arrays, images, labels, orders, 5, 0.05)

    leaves = [parameter(array) for array in arrays]
    optimizer = torch.optim.SGD(leaves, lr=0.05)
    x, t = torch.tensor(images), torch.tensor(labels)

    def loss(batch: Any) -> torch.Tensor:
        maps = functional.max_pool2d(functional.relu(functional.conv2d(x[batch], leaves[0], leaves[1])), 2)
        return functional.cross_entropy(torch.flatten(maps, start_dim=1) @ leaves[2] + leaves[3], t[batch])

    expected = []
    for order in orders:
        for batch in np.split(order, [5, 10]):
            optimizer.zero_grad()
            loss(batch).backward()
            optimizer.step()
        expected.append(loss(np.arange(13)).item())
    check(parameters, leaves)
    np.testing.assert_allclose(history, expected, rtol=1e-9)
