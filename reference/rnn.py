"""The oracle of the topic rnn: Elman's recurrent network and its gradients through time (L4 «Recurrent neural network»).

The cell is one matrix product: h_t = tanh(z_t V) with z_t = [x_t, h_{t-1}, 1] and V the rows of Wx, Wh and b below each other. So the
gradient of all weights is Σ_t z_tᵀ ds_t, cut into its three parts. Results are float64 whatever the dtype of the inputs.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Gradients: TypeAlias = tuple[Floats, Floats, Floats, Floats, Floats]


def _floats(*values: ArrayLike) -> tuple[Floats, ...]:
    return tuple(np.asarray(value, dtype=np.float64) for value in values)


def _read(x: Floats, h_prev: Floats) -> Floats:
    """z = [x, h_prev, 1] for each sample; numpy joins no arrays of different numbers of rows (ValueError)."""
    return np.concatenate([x, h_prev, np.ones((len(x), 1))], axis=1)


def _below_each_other(wx: Floats, wh: Floats, b: Floats) -> Floats:
    return np.concatenate([wx, wh, b[None]])


def rnn_step(x: ArrayLike, h_prev: ArrayLike, wx: ArrayLike, wh: ArrayLike, b: ArrayLike) -> Floats:
    """h = tanh(x Wx + h_prev Wh + b) of shape (N, H) (Elman 1990; L4 «Recurrent neural network (temporal predictions)»).

    Raises:
        ValueError: x and h_prev differ in their number of rows.
    """
    inputs, state, *weights = _floats(x, h_prev, wx, wh, b)
    result: Floats = np.tanh(_read(inputs, state) @ _below_each_other(*weights))
    return result


def rnn_forward(x: ArrayLike, h0: ArrayLike, wx: ArrayLike, wh: ArrayLike, b: ArrayLike) -> Floats:
    """h of shape (N, T, H) with h_t = rnn_step(x_t, h_{t-1}), h_{-1} = h0 (L4 «Recurrent neural network (temporal predictions)»).

    Raises:
        ValueError: x and h0 differ in their number of sequences.
    """
    inputs, state, *weights = _floats(x, h0, wx, wh, b)
    stacked = _below_each_other(*weights)
    result = np.empty((*inputs.shape[:2], state.shape[1]))
    for t in range(inputs.shape[1]):
        state = np.tanh(_read(inputs[:, t], state) @ stacked)
        result[:, t] = state
    return result


def rnn_step_backward(dh: ArrayLike, x: ArrayLike, h_prev: ArrayLike, wx: ArrayLike, wh: ArrayLike, b: ArrayLike) -> Gradients:
    """(dx, dh_prev, dwx, dwh, db) of one step: a sequence of length 1 (chain rule; L4 «How does it actually work?»)."""
    upstream, inputs = _floats(dh, x)
    dx, dh_prev, dwx, dwh, db = rnn_backward(upstream[:, None], inputs[:, None], h_prev, wx, wh, b)
    return dx.reshape(inputs.shape), dh_prev, dwx, dwh, db


def rnn_backward(dh: ArrayLike, x: ArrayLike, h0: ArrayLike, wx: ArrayLike, wh: ArrayLike, b: ArrayLike) -> Gradients:
    """(dx, dh0, dwx, dwh, db) for the upstream gradients dh of all states (Werbos 1990; L4 «How does it actually work?»).

    dz_t = ds_t Vᵀ with ds_t = (dh_t + its part of dz_{t+1} for h_t) (1 - h_t²); dV = Σ_t z_tᵀ ds_t.
    """
    upstream, inputs, start, *weights = _floats(dh, x, h0, wx, wh, b)
    stacked = _below_each_other(*weights)
    features = inputs.shape[2]
    h = rnn_forward(x, h0, wx, wh, b)
    before = np.concatenate([start[:, None], h[:, :-1]], axis=1)
    ones = np.ones((*h.shape[:2], 1))
    ds, dz = np.empty(h.shape), np.empty((*h.shape[:2], len(stacked)))
    carried = np.zeros(start.shape)
    for t in range(h.shape[1] - 1, -1, -1):
        ds[:, t] = (upstream[:, t] + carried) * (1 - h[:, t]) * (1 + h[:, t])
        dz[:, t] = ds[:, t] @ stacked.T
        carried = dz[:, t, features:-1]
    total: Floats = np.einsum("nti,ntj->ij", np.concatenate([inputs, before, ones], axis=2), ds)
    return dz[:, :, :features], carried, total[:features], total[features:-1], total[-1]


def clip_by_norm(gradients: Sequence[ArrayLike], limit: float) -> list[Floats]:
    """All gradients times min(1, limit / norm), norm that of all numbers together (Pascanu, Mikolov and Bengio 2013).

    Raises:
        ValueError: limit is not above 0.
    """
    if not limit > 0:
        raise ValueError(f"limit must be above 0, not {limit}")
    arrays = _floats(*gradients)
    norm = float(np.linalg.norm(np.concatenate([array.ravel() for array in arrays])))
    return [array * (limit / max(norm, limit)) for array in arrays]


def windows(series: ArrayLike, length: int) -> tuple[Floats, Floats]:
    """x[m, t, 0] = series[m + t] and y[m, 0] = series[m + length] (L4 «Recurrent neural network (temporal predictions)»).

    Raises:
        ValueError: length is below 1, or no value follows the first window.
    """
    (values,) = _floats(series)
    count = len(values) - length
    if length < 1 or count < 1:
        raise ValueError(f"windows of {length} with a next value do not fit into a series of {len(values)}")
    places = np.arange(count)[:, None] + np.arange(length + 1)
    found = values[places]
    return found[:, :-1, None], found[:, -1:]


def predict(x: ArrayLike, wx: ArrayLike, wh: ArrayLike, b: ArrayLike, wy: ArrayLike, by: ArrayLike) -> Floats:
    """h_{T-1} Wy + by of shape (N, K), from the hidden state 0 (L4 «Escenario 3: Regresión», linear activation)."""
    inputs, recurrent, readout, bias = _floats(x, wh, wy, by)
    h = rnn_forward(inputs, np.zeros((len(inputs), len(recurrent))), wx, wh, b)
    result: Floats = np.einsum("nh,hk->nk", h[:, -1], readout) + bias
    return result


def series_loss(x: ArrayLike, y: ArrayLike, wx: ArrayLike, wh: ArrayLike, b: ArrayLike, wy: ArrayLike, by: ArrayLike) -> float:
    """Mean over all N·K numbers of (prediction - y)² (L4 «Escenario 3: Regresión»)."""
    (targets,) = _floats(y)
    return float(np.mean(np.square(predict(x, wx, wh, b, wy, by) - targets)))


def series_gradients(
    x: ArrayLike, y: ArrayLike, wx: ArrayLike, wh: ArrayLike, b: ArrayLike, wy: ArrayLike, by: ArrayLike
) -> Gradients:
    """(dwx, dwh, db, dwy, dby) of series_loss; only the last state has a gradient of its own (L4 «How does it actually work?»)."""
    inputs, targets, recurrent, readout, bias = _floats(x, y, wh, wy, by)
    start = np.zeros((len(inputs), len(recurrent)))
    h = rnn_forward(inputs, start, wx, wh, b)
    error = (h[:, -1] @ readout + bias - targets) * (2 / targets.size)
    dh = np.zeros(h.shape)
    dh[:, -1] = np.einsum("nk,hk->nh", error, readout)
    _, _, dwx, dwh, db = rnn_backward(dh, inputs, start, wx, wh, b)
    return dwx, dwh, db, np.einsum("nh,nk->hk", h[:, -1], error), error.sum(axis=0)


def train(
    x: ArrayLike, y: ArrayLike, weights: Sequence[ArrayLike], rate: float, epochs: int, limit: float
) -> tuple[list[Floats], Floats]:
    """(new weights, loss before each step) of `epochs` steps W - rate·(clipped gradient) (L4, ΔW = -η ∂E/∂W)."""
    current = list(_floats(*weights))
    losses = []
    for _ in range(epochs):
        losses.append(series_loss(x, y, *current))
        steps = clip_by_norm(list(series_gradients(x, y, *current)), limit)
        for place, step in enumerate(steps):
            current[place] = current[place] - rate * step
    return current, np.array(losses)
