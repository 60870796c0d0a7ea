"""The reference of `batchnorm` against PyTorch in float64: forward, autograd, running statistics, inference."""

from typing import Any

import numpy as np
import pytest
import torch
from against_torch import close, is_layer, normal
from torch.nn.functional import batch_norm

from reference import batchnorm as reference

CASES = [((5, 3), 1e-5), ((3, 4), 0.1), ((2, 3, 4, 5), 1e-5), ((1, 2, 3, 4), 0.5)]
shapes = pytest.mark.parametrize(("shape", "eps"), CASES)


def drawn(shape: tuple[int, ...]) -> list[Any]:
    """x, gamma, beta, running mean and running variance."""
    x, *vectors = normal(shape, shape[1], shape[1], shape[1])
    return [2 * x + 1, *vectors, np.random.default_rng(1).uniform(0.5, 2.0, size=shape[1])]


@shapes
def test_training(shape: tuple[int, ...], eps: float) -> None:
    """Output and gradients are those of torch.nn.functional.batch_norm and autograd."""
    kind = "_spatial" if len(shape) == 4 else ""
    forward, backward = (getattr(reference, f"batchnorm_{way}{kind}") for way in ("forward", "backward"))
    is_layer(
        forward,
        lambda dout, x, gamma, _beta, eps: backward(dout, x, gamma, eps),
        lambda x, gamma, beta, eps: batch_norm(x, None, None, gamma, beta, training=True, eps=eps),
        drawn(shape)[:3],
        eps,
    )


@shapes
def test_running_statistics(shape: tuple[int, ...], eps: float) -> None:
    """The running mean is PyTorch's; the running variance differs by m/(m - 1) in the batch's part, as the docstring says."""
    x, _, _, mean, var = drawn(shape)
    theirs = torch.tensor(mean), torch.tensor(var)
    batch_norm(torch.from_numpy(x), *theirs, training=True, momentum=0.3, eps=eps)
    got_mean, got_var = reference.running_statistics(x, mean, var, 0.3)
    m = x.size / shape[1]
    close([got_mean, 0.7 * var + (got_var - 0.7 * var) * m / (m - 1)], theirs)


@shapes
def test_inference(shape: tuple[int, ...], eps: float) -> None:
    """The result with running statistics is PyTorch's in evaluation mode."""
    x, gamma, beta, mean, var = drawn(shape)
    tensors = [torch.from_numpy(values) for values in (x, mean, var, gamma, beta)]
    close(reference.batchnorm_inference(x, gamma, beta, mean, var, eps), batch_norm(*tensors, training=False, eps=eps))
