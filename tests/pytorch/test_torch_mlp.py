"""The reference of the network as lists of matrices against PyTorch in float64."""

import numpy as np
import pytest
import torch

from reference import mlp

SIZES = [(4, 5, 3, 2), (3, 2), (2, 1, 4), (3, 3, 3)]


def drawn(sizes, count, seed=0):
    """A network and examples: arrays, and the same as tensors that ask for their gradients."""
    rng = np.random.default_rng(seed)
    weights = [rng.uniform(-3, 3, size=pair) for pair in zip(sizes[:-1], sizes[1:], strict=True)]  # noqa: RUF007
    biases = [rng.normal(size=n) for n in sizes[1:]]
    xs, classes = rng.normal(size=(count, sizes[0])), rng.integers(sizes[-1], size=count)
    tensors = [torch.tensor(array, requires_grad=True) for array in (*weights, *biases)]
    return xs, classes, weights, biases, tensors


def scores(xs, tensors):
    """The scores of a torch network with sigmoid hidden layers."""
    half = len(tensors) // 2
    values = torch.as_tensor(xs)
    for i, (w, b) in enumerate(zip(tensors[:half], tensors[half:], strict=True)):
        values = values @ w + b
        if i < half - 1:
            values = torch.sigmoid(values)
    return values


@pytest.mark.parametrize("sizes", SIZES)
def test_forward(sizes):
    """The last activation is torch's softmax of the scores."""
    xs, _, weights, biases, tensors = drawn(sizes, 1)
    got = mlp.forward(xs[0], weights, biases)[1][-1]
    np.testing.assert_allclose(got, torch.softmax(scores(xs, tensors), dim=-1)[0].detach().numpy(), rtol=1e-12)


@pytest.mark.parametrize("sizes", SIZES)
def test_gradient_vector(sizes):
    """The gradient vector is what autograd finds for the cross-entropy."""
    xs, classes, weights, biases, tensors = drawn(sizes, 1)
    loss = torch.nn.functional.cross_entropy(scores(xs, tensors), torch.as_tensor(classes))
    loss.backward()
    target = np.eye(sizes[-1])[classes[0]]
    err_weights, err_biases = mlp.gradient_vector(xs[0], target, weights, biases)
    np.testing.assert_allclose(mlp.network_cost(xs[0], target, weights, biases), loss.item(), rtol=1e-12)
    for got, tensor in zip([*err_weights, *err_biases], tensors, strict=True):
        np.testing.assert_allclose(got, tensor.grad.numpy(), rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("sizes", SIZES)
def test_train_is_torch_sgd(sizes):
    """Two epochs of mini-batches end where torch.optim.SGD ends."""
    xs, classes, weights, biases, tensors = drawn(sizes, 7)
    orders = np.array([np.random.default_rng(seed).permutation(7) for seed in (1, 2)])
    optimizer = torch.optim.SGD(tensors, lr=0.6)
    for order in orders:
        for start in range(0, 7, 3):
            batch = order[start : start + 3]
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(scores(xs[batch], tensors), torch.as_tensor(classes[batch])).backward()
            optimizer.step()
    new_weights, new_biases = mlp.train(xs, np.eye(sizes[-1])[classes], weights, biases, 0.6, 3, orders)
    for got, tensor in zip([*new_weights, *new_biases], tensors, strict=True):
        np.testing.assert_allclose(got, tensor.detach().numpy(), rtol=1e-10, atol=1e-13)


def test_softmax_far_out():
    """Scores of ±1000."""
    s = np.array([1000.0, 999.0, -1000.0])
    np.testing.assert_allclose(mlp.softmax(s), torch.softmax(torch.as_tensor(s), dim=0).numpy(), rtol=1e-12)


def test_previous_error():
    """The error sent back is autograd's derivative with respect to the sums."""
    rng = np.random.default_rng(5)
    error, w, z = rng.normal(size=2), rng.normal(size=(3, 2)), rng.normal(size=3)
    sums = torch.tensor(z, requires_grad=True)
    (torch.sigmoid(sums) @ torch.as_tensor(w) @ torch.as_tensor(error)).backward()
    np.testing.assert_allclose(mlp.previous_error(error, w, z), sums.grad.numpy(), rtol=1e-12)
