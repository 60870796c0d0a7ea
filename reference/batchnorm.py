"""Reference of the topic `batchnorm`: batch normalization of (N, D) and (N, C, H, W), its gradients, running statistics, inference.

Source: lecture L1, slide «BatchNorm Layers: Lidando con el “covariate shift”»; gradients, running averages and inference from Ioffe
and Szegedy, «Batch Normalization» (2015). Features or channels are axis 1; all other axes are averaged over.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
Gradients = tuple[Array, Array, Array]


def _others(x: Array) -> tuple[int, ...]:
    """All axes but that of features or channels."""
    return (0, *range(2, x.ndim))


def _along(x: Array, values: Array) -> Array:
    """One number for each feature or channel, in the shape that goes with x; numpy refuses another number of them."""
    return values.reshape(x.shape[1], *[1] * (x.ndim - 2))


def _axes(x: Array, count: int) -> None:
    if x.ndim != count:
        raise ValueError(f"x should have {count} axes, not the shape {x.shape}")


def _standardized(x: Array, eps: float) -> tuple[Array, Array]:
    """x̂ = (x - μ)/√(σ² + ε) and the standard deviation √(σ² + ε)."""
    centred = x - x.mean(axis=_others(x), keepdims=True)
    spread = np.sqrt(np.square(centred).mean(axis=_others(x), keepdims=True) + eps)
    return centred / spread, spread


def _forward(x: Array, gamma: Array, beta: Array, eps: float) -> Array:
    scale, shift = _along(x, gamma), _along(x, beta)
    return scale * _standardized(x, eps)[0] + shift


def _backward(dout: Array, x: Array, gamma: Array, eps: float) -> Gradients:
    """dx̂ without its components along 1 and x̂, which the standardization takes away, divided by the standard deviation."""
    others, (hat, spread) = _others(x), _standardized(x, eps)
    dhat = dout * _along(x, gamma)
    projected = dhat - dhat.mean(axis=others, keepdims=True) - hat * (dhat * hat).mean(axis=others, keepdims=True)
    return projected / spread, (dout * hat).sum(axis=others), dout.sum(axis=others)


def batchnorm_forward(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """O = γ ⊙ (x - μ)/√(σ² + ε) + β with μ, σ² over the N examples, σ² divided by N (L1 «BatchNorm Layers»).

    Raises:
        ValueError: x is not (N, D), or gamma or beta not (D,).
    """
    _axes(x, 2)
    return _forward(x, gamma, beta, eps)


def batchnorm_backward(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """dx = (I - 11ᵀ/N - x̂x̂ᵀ/N)(γ dout)/√(σ² + ε) for each feature, dγ = Σ dout x̂, dβ = Σ dout (Ioffe and Szegedy, §3)."""
    return _backward(dout, x, gamma, eps)


def running_statistics(x: Array, running_mean: Array, running_var: Array, momentum: float = 0.1) -> tuple[Array, Array]:
    """r + momentum·(b - r) with b the batch's mean, and its variance divided by m (PyTorch's running variance: by m - 1)."""
    mean = x.mean(axis=_others(x))
    variance = x.var(axis=_others(x))
    return running_mean + momentum * (mean - running_mean), running_var + momentum * (variance - running_var)


def batchnorm_inference(x: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, eps: float = 1e-5) -> Array:
    """O = a ⊙ (x - μ) + β with a = γ/√(σ² + ε) and the running μ, σ² (Ioffe and Szegedy, algorithm 2).

    Raises:
        ValueError: one of the vectors has not one number for each feature or channel.
    """
    slope: Array = _along(x, gamma) / np.sqrt(_along(x, running_var) + eps)
    return slope * (x - _along(x, running_mean)) + _along(x, beta)


def batchnorm_forward_spatial(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """O = γ ⊙ (x - μ)/√(σ² + ε) + β with μ, σ² of each channel over images, rows and columns (L1 «BatchNorm Layers»).

    Raises:
        ValueError: x is not (N, C, H, W), or gamma or beta not (C,).
    """
    _axes(x, 4)
    return _forward(x, gamma, beta, eps)


def batchnorm_backward_spatial(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """The gradients of `batchnorm_backward` with the N·H·W numbers of a channel in the place of the N numbers of a feature."""
    return _backward(dout, x, gamma, eps)


def fast_batchnorm_forward(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """As `batchnorm_forward`, which has no loops."""
    return batchnorm_forward(x, gamma, beta, eps)
