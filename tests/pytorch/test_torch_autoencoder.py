"""The reference of `autoencoder` against torch layers, autograd and SGD, in float64."""

import numpy as np
import pytest
import torch

from reference import autoencoder as reference

SIZES = [(3, 5, 2), (1, 4, 3), (6, 3, 3)]


def network(sizes, seed=0):
    """A batch and weights, and a torch network with the same weights."""
    count, size, width = sizes
    rng = np.random.default_rng(seed)
    x = rng.uniform(size=(count, size))
    weights = [rng.normal(size=shape) for shape in ((size, width), (width,), (width, size), (size,))]
    encoder, decoder = torch.nn.Linear(size, width, dtype=torch.float64), torch.nn.Linear(width, size, dtype=torch.float64)
    with torch.no_grad():
        for parameter, weight in zip((*encoder.parameters(), *decoder.parameters()), weights, strict=True):
            parameter.copy_(torch.tensor(weight.T))
    return x, weights, torch.nn.Sequential(encoder, torch.nn.Tanh(), decoder, torch.nn.Sigmoid())


def close(got, tensor):
    """Equal to a tensor (of transposed weights) in double precision."""
    np.testing.assert_allclose(got, tensor.detach().numpy().T, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("sizes", SIZES)
def test_code_and_output(sizes):
    """Code and output are those of torch's layers."""
    x, (we, be, wd, bd), torch_network = network(sizes)
    code = reference.encode(x, we, be)
    close(code.T, torch_network[:2](torch.tensor(x)))
    close(reference.decode(code, wd, bd).T, torch_network(torch.tensor(x)))


@pytest.mark.parametrize("sizes", SIZES)
def test_loss_and_gradients(sizes):
    """Loss and gradients are those of torch's mse_loss and autograd."""
    x, weights, torch_network = network(sizes)
    target = torch.tensor(x)
    loss = torch.nn.functional.mse_loss(torch_network(target), target)
    close(reference.reconstruction_loss(x, *weights), loss)
    loss.backward()
    for got, parameter in zip(reference.gradients(x, *weights), torch_network.parameters(), strict=True):
        close(got, parameter.grad)


@pytest.mark.parametrize("sizes", SIZES)
def test_decoder_backward(sizes):
    """dcode, dw and db are autograd's."""
    x, (_, _, wd, bd), torch_network = network(sizes)
    rng = np.random.default_rng(1)
    code, dout = rng.normal(size=(sizes[0], sizes[2])), rng.normal(size=x.shape)
    leaf = torch.tensor(code, requires_grad=True)
    torch_network[2:](leaf).backward(torch.tensor(dout))
    dcode, dw, db = reference.decode_backward(dout, code, wd, bd)
    close(dcode.T, leaf.grad)
    close(dw, torch_network[2].weight.grad)
    close(db, torch_network[2].bias.grad)


def test_training_follows_sgd():
    """Weights and losses after several epochs of mini-batches are those of torch's SGD."""
    x, weights, torch_network = network((7, 4, 2))
    orders = np.array([np.random.default_rng(seed).permutation(7) for seed in range(3)])
    optimizer = torch.optim.SGD(torch_network.parameters(), lr=0.9)
    losses = []
    for order in orders:
        for rows in torch.tensor(order).split(3):
            batch = torch.tensor(x)[rows]
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(torch_network(batch), batch).backward()
            optimizer.step()
        losses.append(torch.nn.functional.mse_loss(torch_network(torch.tensor(x)), torch.tensor(x)).item())
    trained, got = reference.train(x, weights, 0.9, orders, 3)
    np.testing.assert_allclose(got, losses, rtol=1e-10)
    for weight, parameter in zip(trained, torch_network.parameters(), strict=True):
        close(weight, parameter)
