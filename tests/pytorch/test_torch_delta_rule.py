"""The reference of `delta_rule` against PyTorch in float64: activations, deltas and the true gradient step by autograd."""

from typing import Any

import numpy as np
import pytest
import torch
from against_torch import ACTIVATIONS, close, descend, is_layer, leaf, normal

from reference import delta_rule as reference

both = pytest.mark.parametrize("activation", ["sigmoid", "tanh"])


def network() -> list[Any]:
    """x, targets, hidden weights and output weights of a network of 3 inputs, 4 hidden units and 2 outputs."""
    return normal(3, 2, (4, 3), (2, 4))


@both
def test_activation_and_slope(activation: str) -> None:
    """sgm and sgm' are torch's activation and its gradient, also at s = ±1000."""
    sums = np.concatenate([np.linspace(-5, 5, 21), [-1000.0, 1000.0]])
    is_layer(
        lambda s: reference.sgm(s, activation),
        lambda dout, s: dout * reference.sgm_prime(s, activation),
        ACTIVATIONS[activation],
        [sums],
    )


@both
def test_deltas(activation: str) -> None:
    """The deltas of both layers are -∂ε²/∂s."""
    x, target, w_hidden, w_output = network()
    sums = leaf(w_hidden @ x)
    s_output = torch.from_numpy(w_output) @ ACTIVATIONS[activation](sums)
    s_output.retain_grad()
    ((torch.from_numpy(target) - ACTIVATIONS[activation](s_output)) ** 2).sum().backward()
    delta = reference.output_delta(s_output.detach().numpy(), target, activation)
    close(delta, -s_output.grad)
    close(reference.hidden_delta(w_hidden @ x, w_output, delta, activation), -sums.grad)


@both
def test_simultaneous_step_is_a_step_of_sgd(activation: str) -> None:
    """step_simultaneous is one step of torch's SGD on ε²."""
    x, target, *weights = network()
    leaves = [leaf(weight) for weight in weights]

    def error(_batch: Any) -> torch.Tensor:
        output = ACTIVATIONS[activation](leaves[1] @ ACTIVATIONS[activation](leaves[0] @ torch.from_numpy(x)))
        return ((torch.from_numpy(target) - output) ** 2).sum()

    descend(leaves, error, range(1), 0.3)
    close(reference.step_simultaneous(x, target, *weights, 0.3, activation), leaves)
