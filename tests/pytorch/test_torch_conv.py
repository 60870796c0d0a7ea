"""The reference of `conv` against PyTorch in float64, forward and by autograd backward."""

from typing import Any

import pytest
import torch
from against_torch import close, is_layer, normal
from torch.nn.functional import conv2d

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


def layer(sizes: tuple[int, ...]) -> tuple[list[Any], int, int]:
    """x, w and b of a layer, and its stride and padding."""
    batch, channels, height, width, filters, size, stride, pad = sizes
    return normal((batch, channels, height, width), (filters, channels, size, size), filters), stride, pad


@every_layer
def test_layer(sizes: tuple[int, ...]) -> None:
    """conv_forward is torch's conv2d, and conv_backward gives what autograd gives for x, w and b."""
    arrays, stride, pad = layer(sizes)
    is_layer(reference.conv_forward, reference.conv_backward, conv2d, arrays, stride, pad)


@every_layer
def test_one_image(sizes: tuple[int, ...]) -> None:
    """conv2d of one image and one kernel is torch's, and so is conv2d_valid without padding."""
    (x, w, _), stride, pad = layer(sizes)
    image, kernel = x[0, 0], w[0, 0]
    tensors = torch.from_numpy(image)[None, None], torch.from_numpy(kernel)[None, None]
    close(reference.conv2d(image, kernel, stride, pad), conv2d(*tensors, stride=stride, padding=pad)[0, 0])
    if kernel.shape[0] <= min(image.shape):
        close(reference.conv2d_valid(image, kernel), conv2d(*tensors)[0, 0])
