"""The oracle of the topic logistic: one sigmoid neuron with binary cross-entropy, lecture L0 «Backpropagation con Binary cross-entropy».

Vectorised and stable for every finite sum. Results are float64 whatever the dtype of the inputs.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]

EPSILON = 1e-7


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _pair(a: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """Predictions and labels as vectors of the same length; ValueError otherwise."""
    predictions, labels = _floats(a), _floats(y)
    if predictions.ndim != 1 or predictions.shape != labels.shape:
        raise ValueError(f"one label for each prediction is needed: {predictions.shape} predictions, {labels.shape} labels")
    return predictions, labels


def forward(x: ArrayLike, w: ArrayLike, b: float) -> Floats:
    """a = σ(xw + b) = e^(-log(1 + e^-z)), x (N, n), w (n,), a (N,). L0, «Backpropagation con Binary cross-entropy», Forward.

    The logarithm of a sum of exponentials does not overflow. ValueError when x has not as many columns as w has weights.
    """
    z = _floats(x) @ _floats(w) + b  # numpy's product refuses what does not fit
    result: Floats = np.exp(-np.logaddexp(0.0, -z))
    return result


def bce(a: ArrayLike, y: ArrayLike) -> float:
    """Mean of -(y log a + (1 - y) log(1 - a)), logarithms of at least EPSILON. L0, «Funciones objetivo: Loss function».

    ValueError when a and y differ in shape.
    """
    predictions, labels = _pair(a, y)
    both = np.log(np.maximum(np.stack([predictions, 1.0 - predictions]), EPSILON))
    return -float(np.mean(np.sum(np.stack([labels, 1.0 - labels]) * both, axis=0)))


def cost(x: ArrayLike, y: ArrayLike, w: ArrayLike, b: float) -> float:
    """bce(forward(x, w, b), y), what gradient descent makes small. L0, «Optimización de la Loss function», J(θ)."""
    return bce(forward(x, w, b), y)


def delta(a: ArrayLike, y: ArrayLike) -> Floats:
    """∂L/∂z = a - y of each example, shape (N,) (erratum E8). L0, «Backpropagation con Binary cross-entropy».

    ValueError when a and y differ in shape.
    """
    predictions, labels = _pair(a, y)
    return predictions - labels


def gradients(x: ArrayLike, y: ArrayLike, w: ArrayLike, b: float) -> tuple[Floats, float]:
    """dw = xᵀ(a - y)/N of shape (n,), db = mean(a - y) (erratum E9). L0, «Backpropagation con Binary cross-entropy».

    ValueError when the shapes do not fit.
    """
    d = delta(forward(x, w, b), y)
    dw: Floats = d @ _floats(x) / len(d)
    return dw, float(d.mean())


def step(x: ArrayLike, y: ArrayLike, w: ArrayLike, b: float, alpha: float) -> tuple[Floats, float]:
    """w - α dw and b - α db, both gradients at the given w and b. L0, «Backpropagation con Binary cross-entropy».

    ValueError when the shapes do not fit.
    """
    dw, db = gradients(x, y, w, b)
    return _floats(w) - alpha * dw, b - alpha * db


def train(x: ArrayLike, y: ArrayLike, w: ArrayLike, b: float, alpha: float, steps: int) -> tuple[Floats, float, Floats]:
    """(w, b, losses) after `steps` steps; losses (steps + 1,) begins with the given weights' cost. L0, «Gradiente Descendiente».

    The bias is carried as the weight of a feature that is always 1. ValueError when the shapes do not fit.
    """
    rows, labels, weights = _floats(x), _floats(y), _floats(w)
    start = cost(rows, labels, weights, b)
    extended = np.column_stack([rows, np.ones(len(rows))])
    theta = np.append(weights, b)
    losses = np.empty(steps + 1)
    losses[0] = start
    for t in range(steps):
        theta = theta - alpha * gradients(extended, labels, theta, 0.0)[0]
        losses[t + 1] = cost(extended, labels, theta, 0.0)
    return theta[:-1], float(theta[-1]), losses
