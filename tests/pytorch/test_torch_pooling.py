"""The reference of `pooling` against PyTorch in float64, forward and by autograd backward."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from reference import pooling as reference

# images, channels, rows, columns, size, stride
WINDOWS = [(2, 3, 4, 6, 2, None), (1, 2, 5, 7, 3, 2), (2, 1, 5, 7, 2, None), (1, 2, 4, 5, 3, 1), (1, 1, 7, 6, 2, 3)]
ADAPTIVE = [(2, 3, 4, 6, 2), (1, 2, 5, 7, 3), (2, 1, 7, 4, 3), (3, 2, 3, 4, 1), (1, 1, 2, 3, 4)]
PAIRS = [("max_pool", functional.max_pool2d), ("avg_pool", functional.avg_pool2d)]
each_pool = pytest.mark.parametrize(("name", "torch_pool"), PAIRS, ids=["max", "avg"])


def compare(name: str, x: np.ndarray, arguments: tuple, torch_pool) -> None:
    """Forward and backward pass of the reference's function are torch's."""
    tensor = torch.from_numpy(x).requires_grad_()
    out = torch_pool(tensor, *arguments)
    np.testing.assert_allclose(getattr(reference, name)(x, *arguments), out.detach().numpy(), rtol=1e-12, atol=1e-12)
    dout = np.random.default_rng(1).normal(size=out.shape)
    out.backward(torch.from_numpy(dout))
    got = getattr(reference, f"{name}_backward")(dout, x, *arguments)
    np.testing.assert_allclose(got, tensor.grad.numpy(), rtol=1e-12, atol=1e-12)


@each_pool
@pytest.mark.parametrize("sizes", WINDOWS)
def test_pooling(name: str, torch_pool, sizes: tuple) -> None:
    """Max and average pooling, windows side by side, overlapping and apart, rows left over too."""
    *shape, size, stride = sizes
    compare(name, np.random.default_rng(0).normal(size=shape), (size, stride), torch_pool)


@pytest.mark.parametrize("sizes", ADAPTIVE)
def test_adaptive_pooling(sizes: tuple[int, ...]) -> None:
    """Adaptive average pooling, with sizes that do not divide and one larger than the image: rows go with H (erratum E4)."""
    *shape, size = sizes
    compare("adaptive_avg_pool", np.random.default_rng(0).normal(size=shape), (size,), functional.adaptive_avg_pool2d)


def test_first_of_equal_maxima() -> None:
    """Of equal maxima the reference's choice is torch's: the first."""
    compare("max_pool", np.ones((1, 2, 4, 4)), (2, None), functional.max_pool2d)
