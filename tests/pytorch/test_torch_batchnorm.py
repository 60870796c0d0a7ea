"""The reference of `batchnorm` against PyTorch in float64: forward, autograd, running statistics, inference."""

import numpy as np
import pytest
import torch

from reference import batchnorm as reference

CASES = [((5, 3), 1e-5), ((3, 4), 0.1), ((2, 3, 4, 5), 1e-5), ((1, 2, 3, 4), 0.5)]
shapes = pytest.mark.parametrize(("shape", "eps"), CASES)


def drawn(shape: tuple[int, ...]) -> tuple[np.ndarray, ...]:
    """dout, x, gamma, beta, running mean and running variance."""
    rng = np.random.default_rng(0)
    vectors = (rng.normal(size=shape[1]) for _ in range(3))
    return rng.normal(size=shape), rng.normal(size=shape) * 2 + 1, *vectors, rng.uniform(0.5, 2.0, size=shape[1])


def suffix(shape: tuple[int, ...]) -> str:
    """The ending of the functions' names."""
    return "_spatial" if len(shape) == 4 else ""


@shapes
def test_training(shape: tuple[int, ...], eps: float) -> None:
    """Output and gradients are those of torch.nn.functional.batch_norm and autograd."""
    dout, x, gamma, beta, *_ = drawn(shape)
    tensors = [torch.tensor(values, requires_grad=True) for values in (x, gamma, beta)]
    out = torch.nn.functional.batch_norm(tensors[0], None, None, tensors[1], tensors[2], training=True, eps=eps)
    out.backward(torch.from_numpy(dout))
    got = getattr(reference, f"batchnorm_forward{suffix(shape)}")(x, gamma, beta, eps)
    np.testing.assert_allclose(got, out.detach().numpy(), rtol=1e-10, atol=1e-12)
    gradients = getattr(reference, f"batchnorm_backward{suffix(shape)}")(dout, x, gamma, eps)
    for gradient, tensor in zip(gradients, tensors, strict=True):
        assert tensor.grad is not None
        np.testing.assert_allclose(gradient, tensor.grad.numpy(), rtol=1e-9, atol=1e-11)


@shapes
def test_running_statistics(shape: tuple[int, ...], eps: float) -> None:
    """The running mean is PyTorch's; the running variance differs by m/(m - 1) in the batch's part, as the docstring says."""
    _, x, _, _, mean, var = drawn(shape)
    theirs = torch.tensor(mean), torch.tensor(var)
    torch.nn.functional.batch_norm(torch.from_numpy(x), *theirs, training=True, momentum=0.3, eps=eps)
    got_mean, got_var = reference.running_statistics(x, mean, var, 0.3)
    np.testing.assert_allclose(got_mean, theirs[0].numpy(), rtol=1e-12)
    m = x.size / shape[1]
    np.testing.assert_allclose(0.7 * var + (got_var - 0.7 * var) * m / (m - 1), theirs[1].numpy(), rtol=1e-12)


@shapes
def test_inference(shape: tuple[int, ...], eps: float) -> None:
    """The result with running statistics is PyTorch's in evaluation mode."""
    _, x, gamma, beta, mean, var = drawn(shape)
    tensors = [torch.from_numpy(values) for values in (x, mean, var, gamma, beta)]
    out = torch.nn.functional.batch_norm(*tensors, training=False, eps=eps)
    np.testing.assert_allclose(reference.batchnorm_inference(x, gamma, beta, mean, var, eps), out.numpy(), rtol=1e-11, atol=1e-12)
