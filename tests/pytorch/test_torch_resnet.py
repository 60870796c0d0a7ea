"""The reference of `resnet` against PyTorch in float64: dense blocks, projections, and the gradient at every block of a stack."""

import numpy as np
import pytest
import torch

from reference import resnet as reference


def leaf(value: np.ndarray) -> torch.Tensor:
    """A tensor whose gradient is wanted."""
    return torch.tensor(value, dtype=torch.float64, requires_grad=True)


def dense(x: torch.Tensor, w1: torch.Tensor, b1: torch.Tensor, w2: torch.Tensor, b2: torch.Tensor, skip: bool) -> torch.Tensor:
    """A dense block in torch's own layers."""
    residual = torch.nn.functional.linear(torch.relu(torch.nn.functional.linear(x, w1.T, b1)), w2.T, b2)
    return torch.relu(x + residual if skip else residual)


def check(module_out: np.ndarray, gradients: tuple[np.ndarray, ...], out: torch.Tensor, dout: np.ndarray, leaves: list) -> None:
    """Outputs and gradients agree."""
    np.testing.assert_allclose(module_out, out.detach().numpy(), rtol=1e-10, atol=1e-12)
    out.backward(torch.tensor(dout))
    for got, want in zip(gradients, leaves, strict=True):
        np.testing.assert_allclose(got, want.grad.numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("skip", [True, False], ids=["skip", "plain"])
@pytest.mark.parametrize(("examples", "width", "hidden"), [(3, 4, 5), (1, 2, 2), (5, 3, 1)])
def test_dense_block(examples: int, width: int, hidden: int, skip: bool) -> None:
    """Output and gradients of the dense block are torch's."""
    rng = np.random.default_rng(examples)
    arrays = [rng.normal(size=shape) for shape in ((examples, width), (width, hidden), hidden, (hidden, width), width)]
    dout = rng.normal(size=(examples, width))
    leaves = [leaf(value) for value in arrays]
    found = reference.residual_backward(dout, *arrays, skip)
    check(reference.residual_forward(*arrays, skip), found, dense(*leaves, skip), dout, leaves)


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize(("height", "width"), [(5, 4), (6, 7), (1, 3)])
def test_projected_block(height: int, width: int, stride: int) -> None:
    """Output and gradients of the block with a projection are torch's."""
    rng = np.random.default_rng(height * stride)
    shapes = ((2, 3, height, width), (4, 3, 3, 3), (4,), (4, 4, 3, 3), (4,), (4, 3, 1, 1))
    arrays = [rng.normal(size=shape) for shape in shapes]
    leaves = [leaf(value) for value in arrays]
    x, w1, b1, w2, b2, wp = leaves
    conv = torch.nn.functional.conv2d
    hidden = torch.relu(conv(x, w1, b1, stride=stride, padding=1))
    out = torch.relu(conv(hidden, w2, b2, padding=1) + conv(x, wp, stride=stride))
    dout = rng.normal(size=tuple(out.shape))
    found = reference.projection_backward(dout, *arrays, stride)
    check(reference.projection_forward(*arrays, stride), found, out, dout, leaves)


@pytest.mark.parametrize("skip", [True, False], ids=["skip", "plain"])
def test_norms_along_a_stack(skip: bool) -> None:
    """The norm of the gradient at every block's input is torch's."""
    rng = np.random.default_rng(0)
    x, dout = rng.normal(size=(2, 3, 4))
    w1, b1, w2, b2 = (rng.normal(size=shape) / 2 for shape in ((5, 4, 6), (5, 6), (5, 6, 4), (5, 4)))
    h, inputs = leaf(x), []
    for block in zip(w1, b1, w2, b2, strict=True):
        h.retain_grad()
        inputs.append(h)
        h = dense(h, *map(torch.tensor, block), skip)
    h.backward(torch.tensor(dout))
    want = [float(torch.linalg.vector_norm(one.grad)) for one in inputs]
    np.testing.assert_allclose(reference.gradient_norms(x, dout, w1, b1, w2, b2, skip), want, rtol=1e-10)
