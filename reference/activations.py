"""Reference of the topic `activations`: sigmoid, tanh, ReLU and softmax with their derivatives, all as functions of z.

Source: lecture L2, «Funciones comunes de activación» and «Activación Softmax». Exponents are never positive, so nothing overflows.
Single precision stays single, everything else becomes float64.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.floating[Any]]


def _floats(z: ArrayLike) -> Array:
    """z as floats: float32 as it is, whole numbers as float64."""
    array = np.asarray(z)
    result: Array = array.astype(np.result_type(array, np.float32))
    return result


def sigmoid(z: ArrayLike) -> Array:
    """σ(z) = 1/(1 + e^-z) = e^(-log(1 + e^-z)), any shape (L2, «Funciones comunes de activación»)."""
    result: Array = np.exp(-np.logaddexp(0, -_floats(z)))
    return result


def sigmoid_prime(z: ArrayLike) -> Array:
    """σ'(z) = σ(z)(1 - σ(z)) = e^-|z| / (1 + e^-|z|)², an even function, any shape (L2, «Funciones comunes de activación»)."""
    small = np.exp(-np.abs(_floats(z)))
    result: Array = small / (1 + small) ** 2
    return result


def tanh(z: ArrayLike) -> Array:
    """tanh(z) = (e^z - e^-z)/(e^z + e^-z), any shape (L2, «Funciones comunes de activación»)."""
    result: Array = np.tanh(_floats(z))
    return result


def tanh_prime(z: ArrayLike) -> Array:
    """tanh'(z) = 4/(e^z + e^-z)² = 4 e^-2|z| / (1 + e^-2|z|)², any shape (L2, «Funciones comunes de activación»)."""
    small = np.exp(-2 * np.abs(_floats(z)))
    result: Array = 4 * small / (1 + small) ** 2
    return result


def relu(z: ArrayLike) -> Array:
    """relu(z) = max(0, z), any shape, range [0, ∞) (L2, «Funciones comunes de activación», erratum E12)."""
    result: Array = np.maximum(_floats(z), 0)
    return result


def relu_prime(z: ArrayLike) -> Array:
    """relu'(z) = 1 for z > 0 and 0 for z ≤ 0; at 0 any number of [0, 1] is as good (L2, erratum E12). Any shape."""
    floats = _floats(z)
    result: Array = (floats > 0).astype(floats.dtype)
    return result


def softmax(z: ArrayLike) -> Array:
    """y_i = e^(z_i - log Σ_j e^(z_j)) over the last axis, with the row's maximum taken out of the logarithm (L2, «Activación Softmax»)."""
    floats = _floats(z)
    shifted = floats - floats.max(axis=-1, keepdims=True)
    result: Array = np.exp(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))
    return result


def softmax_jacobian(z: ArrayLike) -> Array:
    """J = diag(y) - y yᵀ of shape (K, K) for z of shape (K,) (L2, «Funciones comunes de activación», last row).

    Raises:
        ValueError: z is not a vector.
    """
    if np.ndim(z) != 1:
        raise ValueError(f"z must be a vector, its shape is {np.shape(z)}")
    y = softmax(z)
    result: Array = np.diag(y) - np.outer(y, y)
    return result


def softmax_backward(dout: ArrayLike, z: ArrayLike) -> Array:
    """dz = y ∘ (dout - (dout · y)) row by row, the product dout · J without J; shape (N, K) (derived from L2, last row of the table).

    Raises:
        ValueError: dout and z differ in shape.
    """
    upstream, y = _floats(dout), softmax(z)
    if upstream.shape != y.shape:
        raise ValueError(f"dout has shape {upstream.shape}, z has shape {y.shape}")
    result: Array = y * (upstream - np.einsum("...k,...k->...", upstream, y)[..., None])
    return result
