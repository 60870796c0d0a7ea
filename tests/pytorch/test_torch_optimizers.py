"""The reference of the optimizers against torch.optim in float64."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from against_torch import Tensor, close, descend, is_loss, leaf, normal

from reference import optimizers as reference


def valley(theta: Tensor) -> Tensor:
    """Rosenbrock's function."""
    return (1 - theta[0]) ** 2 + 100 * (theta[1] - theta[0] ** 2) ** 2


def bowl(theta: Tensor) -> Tensor:
    """The quadratic function."""
    return 0.5 * (theta[0] ** 2 + 10 * theta[1] ** 2)


@pytest.mark.parametrize(("name", "function"), [("quadratic", bowl), ("rosenbrock", valley)])
@pytest.mark.parametrize(
    ("method", "rate", "optimizer"),
    [
        ("gradient_descent", 0.0008, lambda p: torch.optim.SGD(p, lr=0.0008)),
        ("momentum", 0.0004, lambda p: torch.optim.SGD(p, lr=0.0004, momentum=0.9)),
        ("adam", 0.05, lambda p: torch.optim.Adam(p, lr=0.05)),
    ],
)
def test_paths(name: str, function: Callable[[Tensor], Tensor], method: str, rate: float, optimizer: Any) -> None:
    """Forty steps of each method go the way of torch.optim."""
    theta = leaf([-1.2, 1.0])
    moving, path = optimizer([theta]), [theta.detach().numpy().copy()]
    for _ in range(40):
        moving.zero_grad()
        function(theta).backward()
        moving.step()
        path.append(theta.detach().numpy().copy())
    close(reference.minimise(name, [-1.2, 1.0], method, rate, 40), np.array(path), rtol=1e-9)


def test_weight_decay() -> None:
    """One step of SGD with weight_decay."""
    start, gradient = normal((2, 3), (2, 3))
    theta = leaf(start)
    theta.grad = torch.tensor(gradient)
    torch.optim.SGD([theta], lr=0.3, weight_decay=0.7).step()
    close(reference.weight_decay_step(start, gradient, 0.3, 0.7), theta)


def test_adam_with_other_constants() -> None:
    """Three steps with every constant given, a large epsilon among them."""
    start, gradients = normal(4, (3, 4))
    theta = leaf(start)
    moving = torch.optim.Adam([theta], lr=0.2, betas=(0.7, 0.95), eps=0.1)
    got, m, v = start, np.zeros(4), np.zeros(4)
    for t, gradient in enumerate(gradients, start=1):
        theta.grad = torch.tensor(gradient)
        moving.step()
        got, m, v = reference.adam_step(got, gradient, m, v, t, 0.2, 0.7, 0.95, 0.1)
    close([got, v], [theta, moving.state[theta]["exp_avg_sq"]])


def test_epoch() -> None:
    """An epoch of mini-batches on the mean squared error."""
    xs, ys, start = normal((7, 3), 7, 3)
    theta, order = leaf(start), np.random.default_rng(2).permutation(7)

    def loss(batch: Any) -> Tensor:
        return torch.nn.functional.mse_loss(torch.as_tensor(xs[batch]) @ theta, torch.as_tensor(ys[batch]))

    descend([theta], loss, np.split(order, [3, 6]), 0.1)
    close(reference.sgd_epoch(start, xs, ys, 0.1, 3, order), theta)


def test_gradients() -> None:
    """Penalty and Rosenbrock's function by autograd."""
    weights, theta = normal((3, 2))[0], np.array([-0.7, 0.4])
    penalty, gradient = reference.l2_penalty(weights, 0.3), reference.l2_gradient(weights, 0.3)
    is_loss(penalty, [gradient], lambda w: 0.5 * 0.3 * (w**2).sum(), weights)
    is_loss(reference.rosenbrock(theta), [reference.rosenbrock_gradient(theta)], valley, theta)
