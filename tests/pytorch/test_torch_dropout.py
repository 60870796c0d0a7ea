"""The reference of `dropout` against PyTorch in float64: the same factor, the same gradient, nothing at inference."""

import numpy as np
import pytest
import torch

from reference import dropout as reference

PROBABILITIES = [0.0, 0.2, 0.5, 0.75]


def passes(p: float, training: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """PyTorch's x (without zeros), output, upstream gradient and gradient."""
    torch.manual_seed(0)
    x = (torch.rand(4, 3, 5, 6, dtype=torch.float64) + 0.1).requires_grad_()
    out = torch.nn.functional.dropout(x, p, training)
    dout = torch.randn_like(out)
    out.backward(dout)
    assert x.grad is not None
    return x.detach().numpy(), out.detach().numpy(), dout.numpy(), x.grad.numpy()


def draws_of(out: np.ndarray, p: float) -> np.ndarray:
    """Draws that drop what PyTorch dropped."""
    return np.where(out == 0, p / 2, (1 + p) / 2)


@pytest.mark.parametrize("p", PROBABILITIES)
def test_training(p: float) -> None:
    """With PyTorch's mask, output and gradient are PyTorch's."""
    x, out, dout, dx = passes(p, training=True)
    np.testing.assert_allclose(reference.dropout_forward(x, draws_of(out, p), p), out, rtol=1e-14)
    np.testing.assert_allclose(reference.dropout_backward(dout, draws_of(out, p), p), dx, rtol=1e-14)


@pytest.mark.parametrize("p", PROBABILITIES)
def test_inference(p: float) -> None:
    """At inference both are the identity."""
    x, out, dout, dx = passes(p, training=False)
    draws = np.zeros(x.shape)
    np.testing.assert_array_equal(reference.dropout_forward(x, draws, p, training=False), out)
    np.testing.assert_array_equal(reference.dropout_backward(dout, draws, p, training=False), dx)


@pytest.mark.parametrize("p", PROBABILITIES)
def test_p_is_the_probability_of_dropping(p: float) -> None:
    """PyTorch drops as often as the reference does for the same p."""
    dropped = float((torch.nn.functional.dropout(torch.ones(200_000, dtype=torch.float64), p) == 0).double().mean())
    assert np.mean(reference.random_mask((200_000,), p, 1) == 0) == pytest.approx(dropped, abs=0.01)


@pytest.mark.parametrize("p", PROBABILITIES)
def test_layer(p: float) -> None:
    """The layer's modes are those of torch.nn.Dropout."""
    module, layer = torch.nn.Dropout(p), reference.Dropout(p)
    x = np.random.default_rng(0).random((3, 4)) + 0.1
    out = module(torch.from_numpy(x)).numpy()
    np.testing.assert_allclose(layer.forward(x, draws_of(out, p)), out, rtol=1e-14)
    module.eval()
    layer.eval()
    np.testing.assert_array_equal(layer.forward(x, draws_of(out, p)), module(torch.from_numpy(x)).numpy())
