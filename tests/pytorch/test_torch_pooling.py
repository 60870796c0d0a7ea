"""The reference of `pooling` against PyTorch in float64, forward and by autograd backward."""

from typing import Any

import numpy as np
import pytest
from against_torch import is_layer, normal
from torch.nn import functional

from reference import pooling as reference

# images, channels, rows, columns, size, stride
WINDOWS = [(2, 3, 4, 6, 2, None), (1, 2, 5, 7, 3, 2), (2, 1, 5, 7, 2, None), (1, 2, 4, 5, 3, 1), (1, 1, 7, 6, 2, 3)]
ADAPTIVE = [(2, 3, 4, 6, 2), (1, 2, 5, 7, 3), (2, 1, 7, 4, 3), (3, 2, 3, 4, 1), (1, 1, 2, 3, 4)]


@pytest.mark.parametrize("kind", ["max", "avg"])
@pytest.mark.parametrize("sizes", WINDOWS)
def test_pooling(kind: str, sizes: tuple[Any, ...]) -> None:
    """Max and average pooling, windows side by side, overlapping and apart, rows left over too."""
    *shape, size, stride = sizes
    forward, backward = getattr(reference, f"{kind}_pool"), getattr(reference, f"{kind}_pool_backward")
    is_layer(forward, backward, getattr(functional, f"{kind}_pool2d"), normal(shape), size, stride)


@pytest.mark.parametrize("sizes", ADAPTIVE)
def test_adaptive_pooling(sizes: tuple[int, ...]) -> None:
    """Adaptive average pooling, with sizes that do not divide and one larger than the image: rows go with H (erratum E4)."""
    *shape, size = sizes
    forward, backward = reference.adaptive_avg_pool, reference.adaptive_avg_pool_backward
    is_layer(forward, backward, functional.adaptive_avg_pool2d, normal(shape), size)


def test_first_of_equal_maxima() -> None:
    """Of equal maxima the reference's choice is torch's: the first."""
    is_layer(reference.max_pool, reference.max_pool_backward, functional.max_pool2d, [np.ones((1, 2, 4, 4))], 2, None)
