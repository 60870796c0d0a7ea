"""The reference of the network as lists of matrices against PyTorch in float64."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from against_torch import close, descend, is_loss, leaf, normal
from torch.nn.functional import cross_entropy

from reference import mlp

every_size = pytest.mark.parametrize("sizes", [(4, 5, 3, 2), (3, 2), (2, 1, 4), (3, 3, 3)])


def drawn(sizes: tuple[int, ...], count: int) -> tuple[Any, Any, list[Any], list[Any]]:
    """Examples, their classes, and a network."""
    rng = np.random.default_rng(0)
    weights = [rng.uniform(-3, 3, size=pair) for pair in pairwise(sizes)]
    return rng.normal(size=(count, sizes[0])), rng.integers(sizes[-1], size=count), weights, normal(*sizes[1:])


def scores(xs: Any, network: Any) -> torch.Tensor:
    """The scores of a torch network with sigmoid hidden layers; `network` has its weights first, then its biases."""
    values, half = torch.as_tensor(xs), len(network) // 2
    for i, (w, b) in enumerate(zip(network[:half], network[half:], strict=True)):
        values = (torch.sigmoid(values) if i else values) @ w + b
    return values


@every_size
def test_forward(sizes: tuple[int, ...]) -> None:
    """The last activation is torch's softmax of the scores."""
    xs, _, weights, biases = drawn(sizes, 1)
    want = torch.softmax(scores(xs, [*map(torch.tensor, (*weights, *biases))]), dim=-1)[0]
    close(mlp.forward(xs[0], weights, biases)[1][-1], want)


@every_size
def test_gradient_vector(sizes: tuple[int, ...]) -> None:
    """The gradient vector is what autograd finds for the cross-entropy."""
    xs, classes, weights, biases = drawn(sizes, 1)
    question = xs[0], np.eye(sizes[-1])[classes[0]], weights, biases
    err_weights, err_biases = mlp.gradient_vector(*question)
    is_loss(
        mlp.network_cost(*question),
        [*err_weights, *err_biases],
        lambda *network: cross_entropy(scores(xs, network), torch.as_tensor(classes)),
        *weights,
        *biases,
    )


@every_size
def test_train_is_torch_sgd(sizes: tuple[int, ...]) -> None:
    """Two epochs of mini-batches end where torch.optim.SGD ends."""
    xs, classes, weights, biases = drawn(sizes, 7)
    orders = np.array([np.random.default_rng(seed).permutation(7) for seed in (1, 2)])
    leaves = [leaf(array) for array in (*weights, *biases)]
    batches = [batch for order in orders for batch in np.split(order, [3, 6])]
    descend(leaves, lambda batch: cross_entropy(scores(xs[batch], leaves), torch.as_tensor(classes[batch])), batches, 0.6)
    new_weights, new_biases = mlp.train(xs, np.eye(sizes[-1])[classes], weights, biases, 0.6, 3, orders)
    close([*new_weights, *new_biases], leaves)


def test_softmax_far_out() -> None:
    """Scores of ±1000."""
    s = np.array([1000.0, 999.0, -1000.0])
    close(mlp.softmax(s), torch.softmax(torch.as_tensor(s), dim=0))


def test_previous_error() -> None:
    """The error sent back is autograd's derivative with respect to the sums."""
    error, w, z = normal(2, (3, 2), 3)
    sums = leaf(z)
    (torch.sigmoid(sums) @ torch.as_tensor(w) @ torch.as_tensor(error)).backward()
    close(mlp.previous_error(error, w, z), sums.grad)
