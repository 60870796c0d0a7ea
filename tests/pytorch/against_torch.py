"""What the tests against PyTorch share: torch's layers and losses with their gradients by autograd, and descent with its optimizer."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch

Tensor = torch.Tensor
ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "linear": lambda z: z,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "softmax": lambda z: torch.softmax(z, dim=-1),
    "tanh": torch.tanh,
}


def leaf(array: Any) -> Tensor:
    """A tensor that asks for its gradient."""
    return torch.tensor(array, dtype=torch.float64, requires_grad=True)


def normal(*shapes: Any, seed: int = 0) -> list[Any]:
    """Normal numbers in arrays of these shapes."""
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


def close(got: Any, want: Any, rtol: float = 1e-10, atol: float = 1e-12) -> None:
    """Assert that numbers are those of a tensor; of each in a list."""
    if isinstance(want, list | tuple):
        for one, other in zip(got, want, strict=True):
            close(one, other, rtol, atol)
    else:
        np.testing.assert_allclose(got, want.detach().numpy() if isinstance(want, Tensor) else want, rtol=rtol, atol=atol)


def is_layer(forward: Any, backward: Any, of_torch: Callable[..., Tensor], arrays: list[Any], *others: Any) -> None:
    """Assert that forward(*arrays, *others) is torch's, and backward(dout, *arrays, *others) what autograd sends back to the arrays."""
    leaves = [leaf(array) for array in arrays]
    out = of_torch(*leaves, *others)
    close(forward(*arrays, *others), out)
    dout = np.random.default_rng(1).normal(size=out.shape)
    out.backward(torch.tensor(dout))
    found = backward(dout, *arrays, *others)
    close(found if isinstance(found, list | tuple) else [found], [one.grad for one in leaves])


def is_loss(value: Any, gradients: list[Any], of_torch: Callable[..., Tensor], *arrays: Any, rtol: float = 1e-10) -> None:
    """Assert that a loss is torch's, and that its gradients with respect to these arrays are autograd's."""
    leaves = [leaf(array) for array in arrays]
    loss = of_torch(*leaves)
    close(value, loss, rtol)
    loss.backward()
    close(gradients, [one.grad for one in leaves], rtol)


def descend(leaves: list[Tensor], loss: Callable[[Any], Tensor], batches: Iterable[Any], rate: float) -> list[float]:
    """Move the leaves by a step of torch's SGD for each batch; returns the loss of each before its step."""
    optimizer, losses = torch.optim.SGD(leaves, lr=rate), []
    for batch in batches:
        optimizer.zero_grad()
        value = loss(batch)
        value.backward()
        optimizer.step()
        losses.append(value.item())
    return losses
