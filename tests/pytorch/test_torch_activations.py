"""The activations against PyTorch in float64: values and autograd."""

from typing import Any

import numpy as np
import pytest
import torch

from reference import activations as reference

ELEMENTWISE = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}
SHAPES = [(7,), (3, 5), (4, 4), (1, 6)]


def draw(*shape: int, scale: float = 3.0) -> Any:
    """Normal numbers, always the same for a shape."""
    return np.random.default_rng(sum(shape)).normal(scale=scale, size=shape)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_elementwise(name: str, shape: tuple[int, ...]) -> None:
    """Value and derivative of sigmoid, tanh and ReLU."""
    z = draw(*shape)
    tensor = torch.tensor(z, requires_grad=True)
    out = ELEMENTWISE[name](tensor)
    out.sum().backward()
    np.testing.assert_allclose(getattr(reference, name)(z), out.detach().numpy(), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(getattr(reference, f"{name}_prime")(z), tensor.grad.numpy(), rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("shape", SHAPES)
def test_softmax(shape: tuple[int, ...]) -> None:
    """Softmax over the last axis."""
    z = draw(*shape)
    np.testing.assert_allclose(reference.softmax(z), torch.softmax(torch.tensor(z), dim=-1).numpy(), rtol=1e-12)


@pytest.mark.parametrize("length", [1, 2, 5])
def test_softmax_jacobian(length: int) -> None:
    """The Jacobian is autograd's."""
    z = draw(length)
    want = torch.autograd.functional.jacobian(lambda t: torch.softmax(t, dim=-1), torch.tensor(z))
    np.testing.assert_allclose(reference.softmax_jacobian(z), want.numpy(), rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("shape", [(3, 5), (4, 4), (1, 6)])
def test_softmax_backward(shape: tuple[int, int]) -> None:
    """The backward pass is autograd's."""
    z, dout = draw(*shape), draw(*shape, scale=1.0)
    tensor = torch.tensor(z, requires_grad=True)
    torch.softmax(tensor, dim=-1).backward(torch.tensor(dout))
    np.testing.assert_allclose(reference.softmax_backward(dout, z), tensor.grad.numpy(), rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_far_out(name: str) -> None:
    """Values and derivatives at ±1000 and at ±30."""
    z = np.array([-1000.0, -30.0, 30.0, 1000.0])
    tensor = torch.tensor(z, requires_grad=True)
    out = ELEMENTWISE[name](tensor)
    out.sum().backward()
    np.testing.assert_allclose(getattr(reference, name)(z), out.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(getattr(reference, f"{name}_prime")(z), tensor.grad.numpy(), atol=1e-14)


def test_softmax_far_out() -> None:
    """Softmax and its gradient for rows near 1000 and -1000."""
    z = np.array([[1000.0, 999.0, 998.5], [-1000.0, -1001.0, -999.0]])
    dout = draw(2, 3)
    tensor = torch.tensor(z, requires_grad=True)
    out = torch.softmax(tensor, dim=-1)
    out.backward(torch.tensor(dout))
    np.testing.assert_allclose(reference.softmax(z), out.detach().numpy(), rtol=1e-10)
    np.testing.assert_allclose(reference.softmax_backward(dout, z), tensor.grad.numpy(), rtol=1e-9, atol=1e-14)
