"""The reference of `rnn` against torch.nn.RNN, its gradients, and torch's clipping, in float64."""

from typing import Any

import numpy as np
import pytest
import torch
from against_torch import Tensor, close, is_layer, is_loss, leaf, normal

from reference import rnn as reference

every_size = pytest.mark.parametrize("sizes", [(2, 4, 3, 5, 1), (1, 6, 1, 2, 3), (3, 1, 2, 4, 2)])


def network(batch: int, steps: int, features: int, units: int, outputs: int) -> tuple[Any, Any, list[Any], list[Any]]:
    """Sequences, initial states, the weights of the cell and those of the readout."""
    x, h0, *weights = normal(
        (batch, steps, features), (batch, units), (features, units), (units, units), units, (units, outputs), outputs
    )
    return x, h0, weights[:3], weights[3:]


def states(x: Tensor, h0: Tensor, wx: Tensor, wh: Tensor, b: Tensor) -> Tensor:
    """All hidden states of torch's own recurrent layer with these weights."""
    cell = torch.nn.RNN(*wx.shape, batch_first=True, dtype=torch.float64)
    weights = {"weight_ih_l0": wx.T, "weight_hh_l0": wh.T, "bias_ih_l0": b, "bias_hh_l0": torch.zeros_like(b)}
    out, _ = torch.func.functional_call(cell, weights, (x, h0[None]))
    return out


def predict(x: Any, wx: Tensor, wh: Tensor, b: Tensor, wy: Tensor, by: Tensor) -> Tensor:
    """What is read out of the last state."""
    return states(torch.tensor(x), torch.zeros(len(x), len(wh), dtype=torch.float64), wx, wh, b)[:, -1] @ wy + by


@every_size
def test_states_and_gradients_through_time(sizes: tuple[int, ...]) -> None:
    """All hidden states are those of torch.nn.RNN; dx, dh0, dwx, dwh and db are those of autograd."""
    x, h0, cell, _ = network(*sizes)
    is_layer(reference.rnn_forward, reference.rnn_backward, states, [x, h0, *cell])


@every_size
def test_single_step(sizes: tuple[int, ...]) -> None:
    """One step and its gradients are those of a sequence of one."""
    x, h0, cell, _ = network(*sizes)
    one_step = [x[:, 0], h0, *cell]
    is_layer(reference.rnn_step, reference.rnn_step_backward, lambda x, *rest: states(x[:, None], *rest)[:, 0], one_step)


@every_size
def test_gradients_of_the_prediction_error(sizes: tuple[int, ...]) -> None:
    """Prediction, loss and the gradients of all weights are those of torch."""
    x, _, cell, readout = network(*sizes)
    weights, (y,) = [*cell, *readout], normal((sizes[0], sizes[4]), seed=2)
    close(reference.predict(x, *weights), predict(x, *map(torch.tensor, weights)))
    loss, gradients = reference.series_loss(x, y, *weights), reference.series_gradients(x, y, *weights)
    is_loss(loss, gradients, lambda *leaves: torch.nn.functional.mse_loss(predict(x, *leaves), torch.tensor(y)), *weights)


@pytest.mark.parametrize("limit", [0.5, 3.0, 100.0])
def test_clipping(limit: float) -> None:
    """Clipped gradients are torch's, up to the small number in torch's denominator."""
    gradients = normal((2, 3), 4)
    parameters = [leaf(np.zeros(g.shape)) for g in gradients]
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = torch.tensor(gradient)
    torch.nn.utils.clip_grad_norm_(parameters, limit)
    close(reference.clip_by_norm(gradients, limit), [parameter.grad for parameter in parameters], rtol=1e-6)


def test_training_follows_gradient_descent() -> None:
    """Weights and losses of several clipped epochs are those of torch's SGD."""
    x, _, cell, readout = network(3, 4, 1, 2, 1)
    weights, (y,) = [*cell, *readout], normal((3, 1), seed=4)
    leaves, losses = [leaf(weight) for weight in weights], []
    optimizer = torch.optim.SGD(leaves, lr=0.2)
    for _ in range(5):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(predict(x, *leaves), torch.tensor(y))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(leaves, 0.7)
        optimizer.step()
        losses.append(loss.item())
    close(reference.train(x, y, weights, 0.2, 5, 0.7), [leaves, np.array(losses)], rtol=1e-5, atol=1e-7)
