"""The reference of the optimizers against torch.optim in float64."""

import numpy as np
import pytest
import torch

from reference import optimizers


def valley(theta):
    """Rosenbrock's function of a tensor."""
    return (1 - theta[0]) ** 2 + 100 * (theta[1] - theta[0] ** 2) ** 2


def bowl(theta):
    """The quadratic function of a tensor."""
    return 0.5 * (theta[0] ** 2 + 10 * theta[1] ** 2)


def torch_path(function, start, optimizer, steps):
    """Where a torch optimizer goes."""
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    moving, path = optimizer([theta]), [theta.detach().numpy().copy()]
    for _ in range(steps):
        moving.zero_grad()
        function(theta).backward()
        moving.step()
        path.append(theta.detach().numpy().copy())
    return np.array(path)


@pytest.mark.parametrize(("name", "function"), [("quadratic", bowl), ("rosenbrock", valley)])
@pytest.mark.parametrize(
    ("method", "rate", "optimizer"),
    [
        ("gradient_descent", 0.0008, lambda p: torch.optim.SGD(p, lr=0.0008)),
        ("momentum", 0.0004, lambda p: torch.optim.SGD(p, lr=0.0004, momentum=0.9)),
        ("adam", 0.05, lambda p: torch.optim.Adam(p, lr=0.05)),
    ],
)
def test_paths(name, function, method, rate, optimizer):
    """Forty steps of each method go the way of torch.optim."""
    got = optimizers.minimise(name, [-1.2, 1.0], method, rate, 40)
    np.testing.assert_allclose(got, torch_path(function, [-1.2, 1.0], optimizer, 40), rtol=1e-9)


def test_weight_decay():
    """One step of SGD with weight_decay."""
    rng = np.random.default_rng(0)
    start, gradient = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
    theta = torch.tensor(start, requires_grad=True)
    theta.grad = torch.tensor(gradient)
    torch.optim.SGD([theta], lr=0.3, weight_decay=0.7).step()
    np.testing.assert_allclose(optimizers.weight_decay_step(start, gradient, 0.3, 0.7), theta.detach().numpy(), rtol=1e-12)


def test_adam_with_other_constants():
    """Three steps with every constant given, a large epsilon among them."""
    rng = np.random.default_rng(1)
    start, gradients = rng.normal(size=4), rng.normal(size=(3, 4))
    theta = torch.tensor(start, requires_grad=True)
    moving = torch.optim.Adam([theta], lr=0.2, betas=(0.7, 0.95), eps=0.1)
    got, m, v = start, np.zeros(4), np.zeros(4)
    for t, gradient in enumerate(gradients, start=1):
        theta.grad = torch.tensor(gradient)
        moving.step()
        got, m, v = optimizers.adam_step(got, gradient, m, v, t, 0.2, 0.7, 0.95, 0.1)
    np.testing.assert_allclose(got, theta.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(v, moving.state[theta]["exp_avg_sq"].numpy(), rtol=1e-12)


def test_epoch():
    """An epoch of mini-batches on the mean squared error."""
    rng = np.random.default_rng(2)
    xs, ys, start, order = rng.normal(size=(7, 3)), rng.normal(size=7), rng.normal(size=3), rng.permutation(7)
    theta = torch.tensor(start, requires_grad=True)
    moving = torch.optim.SGD([theta], lr=0.1)
    for batch in (order[:3], order[3:6], order[6:]):
        moving.zero_grad()
        torch.nn.functional.mse_loss(torch.as_tensor(xs[batch]) @ theta, torch.as_tensor(ys[batch])).backward()
        moving.step()
    np.testing.assert_allclose(optimizers.sgd_epoch(start, xs, ys, 0.1, 3, order), theta.detach().numpy(), rtol=1e-12)


def test_gradients():
    """Penalty and Rosenbrock's function by autograd."""
    weights = torch.randn(3, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(3), requires_grad=True)
    (0.5 * 0.3 * (weights**2).sum()).backward()
    np.testing.assert_allclose(optimizers.l2_gradient(weights.detach().numpy(), 0.3), weights.grad.numpy(), rtol=1e-12)
    theta = torch.tensor([-0.7, 0.4], dtype=torch.float64, requires_grad=True)
    valley(theta).backward()
    np.testing.assert_allclose(optimizers.rosenbrock_gradient([-0.7, 0.4]), theta.grad.numpy(), rtol=1e-12)
