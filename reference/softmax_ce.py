"""The oracle of the topic softmax_ce: softmax, cross-entropy, both in one and its gradient, lectures L0 to L3.

Vectorised; everything rests on the logarithm of the sum of exponentials, which is exact for every finite logit. Results are float64
whatever the dtype of the inputs. Targets are one-hot rows.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]

EPSILON = 1e-7


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _pair(values: ArrayLike, target: ArrayLike, name: str) -> tuple[Floats, Floats]:
    """Two matrices of the same shape; ValueError otherwise."""
    one, other = _floats(values), _floats(target)
    if one.shape != other.shape:
        raise ValueError(f"{name} has shape {one.shape}, but target has shape {other.shape}")
    return one, other


def _log_softmax(logits: Floats) -> Floats:
    """log p = s - log Σ e^s, rows; numpy adds up in the logarithm, so that nothing overflows."""
    total: Floats = np.logaddexp.reduce(logits, axis=1)
    return logits - total[:, None]


def one_hot(labels: ArrayLike, classes: int) -> Floats:
    """Rows of the identity matrix, (N, classes). L3, «Antes de empezar». ValueError for a label outside of 0 … classes - 1."""
    places = np.asarray(labels)
    if places.min() < 0 or places.max() >= classes:
        raise ValueError(f"labels run from 0 to {classes - 1}, but these from {places.min()} to {places.max()}")
    result: Floats = np.eye(classes)[places]
    return result


def softmax(logits: ArrayLike) -> Floats:
    """p = e^(s - log Σ e^s) of every row, (N, C). L2, «Activación Softmax» (erratum E11: e^y, not e^-y)."""
    result: Floats = np.exp(_log_softmax(_floats(logits)))
    return result


def cross_entropy(p: ArrayLike, target: ArrayLike) -> float:
    """Mean over the rows of -Σ t log max(p, EPSILON), natural logarithm (erratum E7). L1, «Cross Entropy Loss».

    ValueError when p and target differ in shape.
    """
    probabilities, wanted = _pair(p, target, "p")
    return -float(np.vdot(wanted, np.log(np.maximum(probabilities, EPSILON)))) / len(wanted)


def softmax_ce_loss(logits: ArrayLike, target: ArrayLike) -> float:
    """Mean over the rows of -Σ t log softmax(s), exact for every finite logit. L0, «Funciones objetivo: Loss function».

    ValueError when logits and target differ in shape.
    """
    sums, wanted = _pair(logits, target, "logits")
    return -float(np.vdot(wanted, _log_softmax(sums))) / len(wanted)


def softmax_ce_gradient(logits: ArrayLike, target: ArrayLike) -> Floats:
    """(softmax(s) - t) / N, (N, C). L3, backward pass, error of the output layer. ValueError when the shapes differ."""
    sums, wanted = _pair(logits, target, "logits")
    result: Floats = (softmax(sums) - wanted) / len(wanted)
    return result


def penalised_loss(logits: ArrayLike, target: ArrayLike, weights: ArrayLike, reg: float) -> float:
    """softmax_ce_loss + reg ‖W‖², Frobenius norm. Goodfellow, Bengio and Courville, Deep Learning, 7.1.1, without the 1/2.

    ValueError when the shapes differ or reg is negative.
    """
    if reg < 0:
        raise ValueError(f"reg must not be negative, but is {reg}")
    return softmax_ce_loss(logits, target) + reg * float(np.linalg.norm(_floats(weights)) ** 2)
