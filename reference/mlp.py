"""The oracle of the topic mlp: sigmoid hidden layers, softmax and cross-entropy, whole batches as matrices. Lecture L3.

Vectorised over examples and stable for every finite sum. Results are float64 whatever the dtype of the inputs.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Network: TypeAlias = tuple[list[Floats], list[Floats]]


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _lists(weights: Sequence[ArrayLike], biases: Sequence[ArrayLike]) -> Network:
    return [_floats(w) for w in weights], [_floats(b) for b in biases]


def sigmoid(z: ArrayLike) -> Floats:
    """1/(1+e^-z) as (1 + tanh(z/2))/2, which overflows nowhere. L3, `sigmoid`."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * _floats(z))))


def _slope(z: Floats) -> Floats:
    """sigmoid'(z) = e^-|z| / (1 + e^-|z|)², even in z and exact far out. L3, `derivative_sigmoid`."""
    small = np.exp(-np.abs(z))
    return np.asarray(small / (1.0 + small) ** 2)


def layer_shapes(sizes: ArrayLike) -> tuple[Integers, Integers]:
    """Shapes (L-1, 2) of the weight matrices and lengths (L-1,) of the biases. L3, «Representación red como listas».

    ValueError for fewer than two layers.
    """
    units: Integers = np.asarray(sizes, dtype=np.int64)
    if units.size < 2:
        raise ValueError(f"a network has at least two layers, not {units.size}")
    return np.column_stack([units[:-1], units[1:]]), units[1:]


def initialise(sizes: ArrayLike, draws: ArrayLike) -> Network:
    """Weights -3 + 6u from the draws u in their order, row after row and layer after layer; biases 0. L3, same slide.

    ValueError when there are not as many draws as weights.
    """
    shapes, lengths = layer_shapes(sizes)
    uniform = _floats(draws)
    parts = np.split(6.0 * uniform - 3.0, np.cumsum(shapes.prod(axis=1))[:-1])
    return list(map(np.reshape, parts, shapes)), list(map(np.zeros, lengths))  # reshape refuses what is left over or missing


def softmax(scores: ArrayLike) -> Floats:
    """e^s_c / Σ e^s_c' over the last axis, as e^(s_c - ln Σ e^s_c'). L3, «Softmax» (erratum E11: the exponent is +s)."""
    s = _floats(scores)
    return np.asarray(np.exp(s - np.logaddexp.reduce(s, axis=-1, keepdims=True)))


def _forward(xs: Floats, weights: list[Floats], biases: list[Floats]) -> tuple[list[Floats], list[Floats]]:
    """Sums and activations of a batch (N, sizes[0]), a row for each example."""
    zs: list[Floats] = []
    activations = [xs]
    for i, w in enumerate(weights):
        zs.append(activations[i] @ w + biases[i])
        activations.append(sigmoid(zs[i]))
    activations[-1] = softmax(zs[-1])
    return zs, activations


def forward(x: ArrayLike, weights: Sequence[ArrayLike], biases: Sequence[ArrayLike]) -> tuple[list[Floats], list[Floats]]:
    """(zs, activations) of one example: L-1 sums a·W + b and L activations, x first. L3, `propagacion hacia delante`.

    ValueError when x does not fit weights[0].
    """
    zs, activations = _forward(_floats(x)[None, :], *_lists(weights, biases))
    return [z.ravel() for z in zs], [a.ravel() for a in activations]


def cost_and_error(predicted: ArrayLike, target: ArrayLike) -> tuple[float, Floats]:
    """-Σ t ln p and p - t, both for one example. L3, «Representación v. gradiente como listas» (E7: natural logarithm).

    Where t = 0 the term is 0 for every p. ValueError when the shapes differ.
    """
    p, t = _floats(predicted), _floats(target)
    if p.shape != t.shape:
        raise ValueError(f"predicted has shape {p.shape}, target {t.shape}")
    asked = t != 0
    return float(-(t[asked] @ np.log(p[asked]))), p - t


def network_cost(x: ArrayLike, target: ArrayLike, weights: Sequence[ArrayLike], biases: Sequence[ArrayLike]) -> float:
    """The cross-entropy of one example: `cost_and_error` of the last activation."""
    _, (*_, predicted) = forward(x, weights, biases)
    cost, _ = cost_and_error(predicted, target)
    return cost


def previous_error(error: ArrayLike, w: ArrayLike, z: ArrayLike) -> Floats:
    """(error · Wᵀ) ⊙ sigmoid'(z) for W of (J, K), error (K,) or (N, K), z (J,) or (N, J). L3, `vector_gradiente_softmax`."""
    return np.asarray((_floats(error) @ _floats(w).T) * _slope(_floats(z)))


def _gradient(xs: Floats, targets: Floats, weights: list[Floats], biases: list[Floats]) -> Network:
    """Derivatives of the cost summed over a batch: dW_i = a_iᵀ E_i, db_i = Σ_n E_i."""
    zs, activations = _forward(xs, weights, biases)
    if targets.shape != activations[-1].shape:
        raise ValueError(f"the network predicts {activations[-1].shape}, the targets have shape {targets.shape}")
    errors = [activations[-1] - targets]
    for i in range(len(weights) - 1, 0, -1):
        errors.insert(0, previous_error(errors[0], weights[i], zs[i - 1]))
    return [activations[i].T @ e for i, e in enumerate(errors)], [e.sum(axis=0) for e in errors]


def gradient_vector(x: ArrayLike, target: ArrayLike, weights: Sequence[ArrayLike], biases: Sequence[ArrayLike]) -> Network:
    """(err_weights, err_biases) of one example, in the order of the layers. L3, `vector_gradiente_softmax`.

    ValueError when x or target does not fit.
    """
    return _gradient(_floats(x)[None, :], _floats(target)[None, :], *_lists(weights, biases))


def train_step(
    xs: ArrayLike, targets: ArrayLike, weights: Sequence[ArrayLike], biases: Sequence[ArrayLike], rate: float
) -> Network:
    """W - η/N Σ_n dW_n and b - η/N Σ_n db_n for N examples in rows. L3, `propagacion_hacia_detrás_softmax`.

    ValueError when xs, targets and the network do not fit.
    """
    x, t = _floats(xs), _floats(targets)
    ws, bs = _lists(weights, biases)
    dws, dbs = _gradient(x, t, ws, bs)
    step = rate / len(x)
    return [w - step * dws[i] for i, w in enumerate(ws)], [b - step * dbs[i] for i, b in enumerate(bs)]


def train(
    xs: ArrayLike,
    targets: ArrayLike,
    weights: Sequence[ArrayLike],
    biases: Sequence[ArrayLike],
    rate: float,
    batch_size: int,
    orders: ArrayLike,
) -> Network:
    """One epoch for each row of orders (epochs, N), a step for each slice of batch_size; the last may be smaller. L3, «batches».

    ValueError (of range, which refuses a step of 0) when batch_size is below 1.
    """
    x, t, rows = _floats(xs), _floats(targets), np.asarray(orders, dtype=np.int64)
    network = _lists(weights, biases)
    for row in rows:
        for batch in np.split(row, range(batch_size, len(row), max(batch_size, 0))):
            network = train_step(x[batch], t[batch], *network, rate)
    return network
