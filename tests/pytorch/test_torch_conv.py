"""The reference of `conv` against PyTorch in float64, forward and by autograd backward."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from reference import conv as reference

# images, channels, rows, columns, filters, kernel, stride, padding; the last strides leave rows and columns over
LAYERS = [
    (2, 3, 5, 4, 4, 3, 1, 0),
    (1, 2, 4, 6, 3, 3, 1, 2),
    (3, 1, 6, 4, 2, 2, 2, 1),
    (1, 2, 1, 3, 2, 3, 1, 1),
    (2, 2, 5, 4, 3, 2, 2, 1),
    (1, 1, 8, 6, 2, 2, 3, 0),
]
every_layer = pytest.mark.parametrize("sizes", LAYERS)


def layer(sizes: tuple[int, ...]) -> tuple[list[np.ndarray], int, int]:
    """x, w and b of a layer, and its stride and padding."""
    batch, channels, height, width, filters, size, stride, pad = sizes
    rng = np.random.default_rng(sizes)
    shapes = [(batch, channels, height, width), (filters, channels, size, size), (filters,)]
    return [rng.normal(size=shape) for shape in shapes], stride, pad


@every_layer
def test_forward(sizes: tuple[int, ...]) -> None:
    """conv_forward is torch's conv2d."""
    arrays, stride, pad = layer(sizes)
    want = functional.conv2d(*map(torch.from_numpy, arrays), stride=stride, padding=pad)
    np.testing.assert_allclose(reference.conv_forward(*arrays, stride, pad), want.numpy(), rtol=1e-12, atol=1e-12)


@every_layer
def test_backward(sizes: tuple[int, ...]) -> None:
    """conv_backward gives what autograd gives for x, w and b."""
    arrays, stride, pad = layer(sizes)
    tensors = [torch.from_numpy(array).requires_grad_() for array in arrays]
    out = functional.conv2d(*tensors, stride=stride, padding=pad)
    dout = np.random.default_rng(1).normal(size=out.shape)
    out.backward(torch.from_numpy(dout))
    for got, tensor in zip(reference.conv_backward(dout, *arrays, stride, pad), tensors, strict=True):
        np.testing.assert_allclose(got, tensor.grad.numpy(), rtol=1e-12, atol=1e-12)


@every_layer
def test_one_image(sizes: tuple[int, ...]) -> None:
    """conv2d of one image and one kernel is torch's, and so is conv2d_valid without padding."""
    (x, w, _), stride, pad = layer(sizes)
    image, kernel = x[0, 0], w[0, 0]
    tensors = torch.from_numpy(image)[None, None], torch.from_numpy(kernel)[None, None]
    want = functional.conv2d(*tensors, stride=stride, padding=pad)[0, 0].numpy()
    np.testing.assert_allclose(reference.conv2d(image, kernel, stride, pad), want, rtol=1e-12, atol=1e-12)
    if kernel.shape[0] <= min(image.shape):
        want = functional.conv2d(*tensors)[0, 0].numpy()
        np.testing.assert_allclose(reference.conv2d_valid(image, kernel), want, rtol=1e-12, atol=1e-12)
