"""The reference of `autoencoder` against torch layers, autograd and SGD, in float64."""

from typing import Any

import numpy as np
import pytest
import torch
from against_torch import close, descend, is_layer, is_loss, leaf, normal
from torch.nn.functional import mse_loss

from reference import autoencoder as reference

every_size = pytest.mark.parametrize("sizes", [(3, 5, 2), (1, 4, 3), (6, 3, 3)])


def network(count: int, size: int, width: int) -> tuple[Any, list[Any]]:
    """A batch, and weights for it."""
    return np.random.default_rng(0).uniform(size=(count, size)), normal((size, width), width, (width, size), size)


def encode(x: Any, we: Any, be: Any) -> Any:
    """The code."""
    return torch.tanh(torch.nn.functional.linear(x, we.T, be))


def decode(code: Any, wd: Any, bd: Any) -> Any:
    """The output for a code."""
    return torch.sigmoid(torch.nn.functional.linear(code, wd.T, bd))


def loss_of(x: Any, we: Any, be: Any, wd: Any, bd: Any) -> Any:
    """The error of the reconstruction."""
    return mse_loss(decode(encode(x, we, be), wd, bd), x)


@every_size
def test_code(sizes: tuple[int, int, int]) -> None:
    """The code is that of torch's layer."""
    x, (we, be, *_) = network(*sizes)
    close(reference.encode(x, we, be), encode(*map(torch.tensor, (x, we, be))))


@every_size
def test_decoder(sizes: tuple[int, int, int]) -> None:
    """Output, dcode, dw and db are torch's."""
    _, (_, _, wd, bd) = network(*sizes)
    is_layer(reference.decode, reference.decode_backward, decode, [*normal((sizes[0], sizes[2]), seed=1), wd, bd])


@every_size
def test_loss_and_gradients(sizes: tuple[int, int, int]) -> None:
    """Loss and gradients are those of torch's mse_loss and autograd."""
    x, weights = network(*sizes)
    loss, gradients = reference.reconstruction_loss(x, *weights), reference.gradients(x, *weights)
    is_loss(loss, gradients, lambda *leaves: loss_of(torch.tensor(x), *leaves), *weights)


def test_training_follows_sgd() -> None:
    """Weights and losses after several epochs of mini-batches are those of torch's SGD."""
    x, weights = network(7, 4, 2)
    orders = np.array([np.random.default_rng(seed).permutation(7) for seed in range(3)])
    leaves, images, losses = [leaf(weight) for weight in weights], torch.tensor(x), []
    for order in orders:
        descend(leaves, lambda rows: loss_of(images[rows], *leaves), torch.tensor(order).split(3), 0.9)
        losses.append(loss_of(images, *leaves).item())
    trained, got = reference.train(x, weights, 0.9, orders, 3)
    close(got, losses)
    close(trained, leaves)
