"""The reference of `resnet` against PyTorch in float64: dense blocks, projections, and the gradient at every block of a stack."""

import pytest
import torch
from against_torch import Tensor, close, is_layer, leaf, normal
from torch.nn.functional import conv2d, linear

from reference import resnet as reference

with_and_without_skip = pytest.mark.parametrize("skip", [True, False], ids=["skip", "plain"])


def dense(x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor, skip: bool) -> Tensor:
    """A dense block in torch's own layers."""
    residual = linear(torch.relu(linear(x, w1.T, b1)), w2.T, b2)
    return torch.relu(x + residual if skip else residual)


def projected(x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor, wp: Tensor, stride: int) -> Tensor:
    """A block with a projection in torch's own layers."""
    hidden = torch.relu(conv2d(x, w1, b1, stride=stride, padding=1))
    return torch.relu(conv2d(hidden, w2, b2, padding=1) + conv2d(x, wp, stride=stride))


@with_and_without_skip
@pytest.mark.parametrize(("examples", "width", "hidden"), [(3, 4, 5), (1, 2, 2), (5, 3, 1)])
def test_dense_block(examples: int, width: int, hidden: int, skip: bool) -> None:
    """Output and gradients of the dense block are torch's."""
    arrays = normal((examples, width), (width, hidden), hidden, (hidden, width), width)
    is_layer(reference.residual_forward, reference.residual_backward, dense, arrays, skip)


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize(("height", "width"), [(5, 4), (6, 7), (1, 3)])
def test_projected_block(height: int, width: int, stride: int) -> None:
    """Output and gradients of the block with a projection are torch's."""
    arrays = normal((2, 3, height, width), (4, 3, 3, 3), 4, (4, 4, 3, 3), 4, (4, 3, 1, 1))
    is_layer(reference.projection_forward, reference.projection_backward, projected, arrays, stride)


@with_and_without_skip
def test_norms_along_a_stack(skip: bool) -> None:
    """The norm of the gradient at every block's input is torch's."""
    x, dout, *weights = normal((3, 4), (3, 4), (5, 4, 6), (5, 6), (5, 6, 4), (5, 4))
    weights = [weight / 2 for weight in weights]
    h, inputs = leaf(x), []
    for block in zip(*weights, strict=True):
        h.retain_grad()
        inputs.append(h)
        h = dense(h, *map(torch.tensor, block), skip)
    h.backward(torch.tensor(dout))
    close(reference.gradient_norms(x, dout, *weights, skip), torch.stack([torch.linalg.vector_norm(one.grad) for one in inputs]))
