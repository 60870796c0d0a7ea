"""The reference of `rnn` against torch.nn.RNN, its gradients, and torch's clipping, in float64."""

import numpy as np
import pytest
import torch

from reference import rnn as reference

SIZES = [(2, 4, 3, 5, 1), (1, 6, 1, 2, 3), (3, 1, 2, 4, 2)]


def network(sizes):
    """Arrays of a network and the same as torch tensors that want gradients."""
    batch, steps, features, units, outputs = sizes
    rng = np.random.default_rng(0)
    arrays = {
        "x": rng.normal(size=(batch, steps, features)),
        "h0": rng.uniform(-1, 1, size=(batch, units)),
        "wx": rng.normal(size=(features, units)),
        "wh": rng.normal(size=(units, units)),
        "b": rng.normal(size=units),
        "wy": rng.normal(size=(units, outputs)),
        "by": rng.normal(size=outputs),
    }
    return arrays, {name: torch.tensor(value, requires_grad=True) for name, value in arrays.items()}


def torch_states(tensors):
    """torch's own recurrent layer with these weights."""
    features, units = tensors["wx"].shape
    cell = torch.nn.RNN(features, units, batch_first=True, dtype=torch.float64)
    weights = {
        "weight_ih_l0": tensors["wx"].T,
        "weight_hh_l0": tensors["wh"].T,
        "bias_ih_l0": tensors["b"],
        "bias_hh_l0": torch.zeros_like(tensors["b"]),
    }
    out, _ = torch.func.functional_call(cell, weights, (tensors["x"], tensors["h0"][None]))
    return out


def close(got, tensor):
    """Equal to a tensor in double precision."""
    np.testing.assert_allclose(got, tensor.detach().numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("sizes", SIZES)
def test_states(sizes):
    """All hidden states are those of torch.nn.RNN, and one step those of torch.nn.RNNCell."""
    arrays, tensors = network(sizes)
    names = ("x", "h0", "wx", "wh", "b")
    close(reference.rnn_forward(*(arrays[name] for name in names)), torch_states(tensors))
    step = reference.rnn_step(arrays["x"][:, 0], *(arrays[name] for name in names[1:]))
    close(step, torch_states({**tensors, "x": tensors["x"][:, :1]})[:, 0])


@pytest.mark.parametrize("sizes", SIZES)
def test_gradients_through_time(sizes):
    """dx, dh0, dwx, dwh and db are those of autograd, for a sequence and for a single step."""
    arrays, tensors = network(sizes)
    names = ("x", "h0", "wx", "wh", "b")
    out = torch_states(tensors)
    dh = np.random.default_rng(1).normal(size=out.shape)
    expected = torch.autograd.grad(out, [tensors[name] for name in names], torch.tensor(dh))
    for got, want in zip(reference.rnn_backward(dh, *(arrays[name] for name in names)), expected, strict=True):
        close(got, want)
    first = {**tensors, "x": tensors["x"][:, :1].detach().requires_grad_()}
    expected = torch.autograd.grad(torch_states(first), [first[name] for name in names], torch.tensor(dh[:, :1].copy()))
    arguments = [arrays["x"][:, 0], *(arrays[name] for name in names[1:])]
    for got, want in zip(reference.rnn_step_backward(dh[:, 0], *arguments), expected, strict=True):
        close(got, want.reshape(got.shape))


@pytest.mark.parametrize("sizes", SIZES)
def test_gradients_of_the_prediction_error(sizes):
    """Prediction, loss and the gradients of all weights are those of torch."""
    arrays, tensors = network(sizes)
    names = ("wx", "wh", "b", "wy", "by")
    weights = [arrays[name] for name in names]
    y = np.random.default_rng(2).normal(size=(sizes[0], sizes[4]))
    out = torch_states({**tensors, "h0": torch.zeros_like(tensors["h0"])})
    prediction = out[:, -1] @ tensors["wy"] + tensors["by"]
    loss = torch.nn.functional.mse_loss(prediction, torch.tensor(y))
    close(reference.predict(arrays["x"], *weights), prediction)
    close(reference.series_loss(arrays["x"], y, *weights), loss)
    expected = torch.autograd.grad(loss, [tensors[name] for name in names])
    for got, want in zip(reference.series_gradients(arrays["x"], y, *weights), expected, strict=True):
        close(got, want)


@pytest.mark.parametrize("limit", [0.5, 3.0, 100.0])
def test_clipping(limit):
    """Clipped gradients are torch's, up to the small number in torch's denominator."""
    rng = np.random.default_rng(3)
    gradients = [rng.normal(size=(2, 3)), rng.normal(size=4)]
    parameters = [torch.nn.Parameter(torch.zeros(g.shape, dtype=torch.float64)) for g in gradients]
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = torch.tensor(gradient)
    torch.nn.utils.clip_grad_norm_(parameters, limit)
    for got, parameter in zip(reference.clip_by_norm(gradients, limit), parameters, strict=True):
        np.testing.assert_allclose(got, parameter.grad.numpy(), rtol=1e-6)


def test_training_follows_gradient_descent():
    """Weights and losses of several clipped epochs are those of torch's SGD."""
    arrays, tensors = network((3, 4, 1, 2, 1))
    names = ("wx", "wh", "b", "wy", "by")
    y = np.random.default_rng(4).normal(size=(3, 1))
    optimizer = torch.optim.SGD([tensors[name] for name in names], lr=0.2)
    losses = []
    for _ in range(5):
        optimizer.zero_grad()
        out = torch_states({**tensors, "h0": torch.zeros_like(tensors["h0"])})
        loss = torch.nn.functional.mse_loss(out[:, -1] @ tensors["wy"] + tensors["by"], torch.tensor(y))
        loss.backward()
        torch.nn.utils.clip_grad_norm_([tensors[name] for name in names], 0.7)
        optimizer.step()
        losses.append(loss.item())
    start = [array.copy() for array in network((3, 4, 1, 2, 1))[0].values()][2:]
    trained, got = reference.train(arrays["x"], y, start, 0.2, 5, 0.7)
    np.testing.assert_allclose(got, losses, rtol=1e-5)
    for weight, name in zip(trained, names, strict=True):
        np.testing.assert_allclose(weight, tensors[name].detach().numpy(), rtol=1e-5, atol=1e-7)
