"""The reference of `delta_rule` against PyTorch in float64: activations, deltas and the true gradient step by autograd."""

import numpy as np
import pytest
import torch

from reference import delta_rule as reference

ACTIVATIONS = {"sigmoid": torch.sigmoid, "tanh": torch.tanh}
both = pytest.mark.parametrize("activation", ACTIVATIONS)


def network() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """x, targets, hidden weights and output weights of a network of 3 inputs, 4 hidden units and 2 outputs."""
    rng = np.random.default_rng(0)
    return rng.normal(size=3), rng.uniform(size=2), rng.normal(size=(4, 3)), rng.normal(size=(2, 4))


def tensors(*arrays: np.ndarray) -> list[torch.Tensor]:
    """The arrays as leaves of a graph."""
    return [torch.from_numpy(array).requires_grad_() for array in arrays]


@both
def test_activation_and_slope(activation: str) -> None:
    """sgm and sgm' are torch's activation and its gradient, also at s = ±1000."""
    sums = np.concatenate([np.linspace(-5, 5, 21), [-1000.0, 1000.0]])
    (s,) = tensors(sums)
    out = ACTIVATIONS[activation](s)
    out.sum().backward()
    np.testing.assert_allclose(reference.sgm(sums, activation), out.detach().numpy(), rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(reference.sgm_prime(sums, activation), s.grad.numpy(), rtol=1e-9, atol=1e-12)


@both
def test_deltas(activation: str) -> None:
    """The deltas of both layers are -∂ε²/∂s."""
    x, target, w_hidden, w_output = network()
    sums = torch.from_numpy(w_hidden @ x).requires_grad_()
    s_output = torch.from_numpy(w_output) @ ACTIVATIONS[activation](sums)
    s_output.retain_grad()
    ((torch.from_numpy(target) - ACTIVATIONS[activation](s_output)) ** 2).sum().backward()
    delta = reference.output_delta(s_output.detach().numpy(), target, activation)
    np.testing.assert_allclose(delta, -s_output.grad.numpy(), rtol=1e-12)
    back = reference.hidden_delta(w_hidden @ x, w_output, delta, activation)
    np.testing.assert_allclose(back, -sums.grad.numpy(), rtol=1e-12)


@both
def test_simultaneous_step_is_a_step_of_sgd(activation: str) -> None:
    """step_simultaneous is one step of torch's SGD on ε²."""
    x, target, w_hidden, w_output = network()
    weights = tensors(w_hidden.copy(), w_output.copy())
    output = ACTIVATIONS[activation](weights[1] @ ACTIVATIONS[activation](weights[0] @ torch.from_numpy(x)))
    ((torch.from_numpy(target) - output) ** 2).sum().backward()
    torch.optim.SGD(weights, lr=0.3).step()
    for got, want in zip(reference.step_simultaneous(x, target, w_hidden, w_output, 0.3, activation), weights, strict=True):
        np.testing.assert_allclose(got, want.detach().numpy(), rtol=1e-12)
