"""Reference of the topic `losses`: seven losses of (y_true, y_pred) and their gradients with respect to y_pred.

Source: lectures L0 «Funciones objetivo: Loss function», L1 «Divergencia KL (Kullback-Leibler)» and L4 «Función de Costo: Selección»;
what the slides only name (MAE, MAPE, Poisson) is as in Keras (https://keras.io/api/losses/), and so are the means and EPSILON.
Everything is computed in float64. Gradients at a clipped prediction are the formula's there, not 0.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]

EPSILON = 1e-7  # Keras' backend.epsilon()


def _pair(y_true: ArrayLike, y_pred: ArrayLike) -> tuple[Floats, Floats]:
    """Targets and predictions in float64.

    Raises:
        ValueError: their shapes differ.
    """
    target, prediction = np.asarray(y_true, dtype=np.float64), np.asarray(y_pred, dtype=np.float64)
    if target.shape != prediction.shape:
        raise ValueError(f"y_true has shape {target.shape}, y_pred has shape {prediction.shape}")
    return target, prediction


def mse(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """1/n Σ (p - t)² over all elements (L0, «Funciones objetivo: Loss function»). ValueError when shapes differ."""
    target, prediction = _pair(y_true, y_pred)
    difference = (prediction - target).ravel()
    return float(difference @ difference) / difference.size


def mse_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> Floats:
    """2 (p - t) / n, shape of y_pred. ValueError when shapes differ."""
    target, prediction = _pair(y_true, y_pred)
    result: Floats = (prediction - target) * (2 / prediction.size)
    return result


def mae(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """1/n Σ |p - t| over all elements (L4, «Función de Costo: Selección»). ValueError when shapes differ."""
    target, prediction = _pair(y_true, y_pred)
    return float(np.abs(prediction - target).mean())


def mae_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> Floats:
    """sign(p - t) / n, 0 at p = t, where all of [-1/n, 1/n] is as good. ValueError when shapes differ."""
    target, prediction = _pair(y_true, y_pred)
    result: Floats = np.sign(prediction - target) / prediction.size
    return result


def mape(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """100/n Σ |p - t| / max(|t|, ε) over all elements (L4; Keras' MeanAbsolutePercentageError). ValueError when shapes differ."""
    target, prediction = _pair(y_true, y_pred)
    return float(100 * np.abs((prediction - target) / np.maximum(np.abs(target), EPSILON)).mean())


def mape_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> Floats:
    """100 sign(p - t) / (n max(|t|, ε)), 0 at p = t. ValueError when shapes differ."""
    target, _ = _pair(y_true, y_pred)
    result: Floats = 100 / np.maximum(np.abs(target), EPSILON) * mae_gradient(y_true, y_pred)
    return result


def binary_cross_entropy(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """-1/n Σ t log p + (1 - t) log(1 - p), p clipped to [ε, 1 - ε] (L0; L1 «Binary Cross Entropy Loss»; L4 «Escenario 1»).

    ValueError when shapes differ.
    """
    target, prediction = _pair(y_true, y_pred)
    p = np.clip(prediction, EPSILON, 1 - EPSILON)
    no = np.log1p(-p)
    return float(-(no + target * (np.log(p) - no)).mean())


def binary_cross_entropy_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> Floats:
    """(p - t) / (p (1 - p) n), p clipped to [ε, 1 - ε] (L0, «Backpropagation con Binary cross-entropy», ∂L/∂a).

    ValueError when shapes differ.
    """
    target, prediction = _pair(y_true, y_pred)
    p = np.clip(prediction, EPSILON, 1 - EPSILON)
    result: Floats = (p - target) / (p * (1 - p) * p.size)
    return result


def categorical_cross_entropy(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """-1/N Σ_i Σ_k t log p for shape (N, K), p at least ε (L0; L1 «Cross Entropy Loss»; L4 «Escenario 2»).

    Natural logarithm (erratum E7). ValueError when shapes differ.
    """
    target, prediction = _pair(y_true, y_pred)
    logarithms = np.log(np.maximum(prediction, EPSILON))
    return float(-np.einsum("nk,nk->", target, logarithms) / len(target))


def categorical_cross_entropy_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> Floats:
    """-t / (N p) for shape (N, K), p at least ε. ValueError when shapes differ."""
    target, prediction = _pair(y_true, y_pred)
    result: Floats = target / (-len(target) * np.maximum(prediction, EPSILON))
    return result


def poisson(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """1/n Σ p - t log max(p, ε) over all elements (L4; Keras' Poisson). ValueError when shapes differ."""
    target, prediction = _pair(y_true, y_pred)
    return float(prediction.mean() - (target * np.log(np.maximum(prediction, EPSILON))).mean())


def poisson_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> Floats:
    """(1 - t / max(p, ε)) / n, shape of y_pred. ValueError when shapes differ."""
    target, prediction = _pair(y_true, y_pred)
    p = np.maximum(prediction, EPSILON)
    result: Floats = (p - target) / (p * p.size)
    return result


def kl_divergence(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """1/N (Σ t log t - Σ t log p) for shape (N, K), 0 log 0 = 0, p at least ε (L1, «Divergencia KL (Kullback-Leibler)», second line).

    ValueError when shapes differ.
    """
    target, prediction = _pair(y_true, y_pred)
    own = target * np.log(np.maximum(target, np.finfo(np.float64).tiny))
    cross = target * np.log(np.maximum(prediction, EPSILON))
    return float((own - cross).sum() / len(target))


def kl_divergence_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> Floats:
    """-t / (N p) for shape (N, K), p at least ε (L1, «Divergencia KL (Kullback-Leibler)»). ValueError when shapes differ."""
    target, prediction = _pair(y_true, y_pred)
    result: Floats = target / (-len(target) * np.maximum(prediction, EPSILON))
    return result
