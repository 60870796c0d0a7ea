"""The weights that came in are returned."""

import numpy as np


def rnn_step(x, h_prev, wx, wh, b):
    if x.shape[0] != h_prev.shape[0]:
        raise ValueError("x and h_prev must have the same number of rows")
    return np.tanh(x @ wx + h_prev @ wh + b)


def rnn_forward(x, h0, wx, wh, b):
    N, T, D = x.shape
    h = np.zeros((N, T, h0.shape[1]))
    prev = h0
    for t in range(T):
        prev = rnn_step(x[:, t], prev, wx, wh, b)
        h[:, t] = prev
    return h


def rnn_step_backward(dh, x, h_prev, wx, wh, b):
    h = rnn_step(x, h_prev, wx, wh, b)
    ds = dh * (1 - h**2)
    dx = ds @ wx.T
    dh_prev = ds @ wh.T
    dwx = x.T @ ds
    dwh = h_prev.T @ ds
    db = ds.sum(axis=0)
    return dx, dh_prev, dwx, dwh, db


def rnn_backward(dh, x, h0, wx, wh, b):
    N, T, D = x.shape
    h = rnn_forward(x, h0, wx, wh, b)
    dx = np.zeros_like(x)
    dwx, dwh, db = np.zeros_like(wx), np.zeros_like(wh), np.zeros_like(b)
    dh_next = np.zeros_like(h0)
    for t in reversed(range(T)):
        h_prev = h[:, t - 1] if t > 0 else h0
        up = dh[:, t] + dh_next
        dx_t, dh_next, dwx_t, dwh_t, db_t = rnn_step_backward(up, x[:, t], h_prev, wx, wh, b)
        dx[:, t] = dx_t
        dwx += dwx_t
        dwh += dwh_t
        db += db_t
    return dx, dh_next, dwx, dwh, db


def clip_by_norm(gradients, limit):
    if limit <= 0:
        raise ValueError("limit must be positive")
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    if norm > limit:
        gradients = [g * limit / norm for g in gradients]
    return gradients


def windows(series, length):
    n = len(series) - length
    if length < 1 or n < 1:
        raise ValueError("the series is too short")
    x = np.array([series[i : i + length] for i in range(n)])[:, :, None]
    y = np.array([series[i + length] for i in range(n)])[:, None]
    return x, y


def predict(x, wx, wh, b, wy, by):
    h0 = np.zeros((len(x), len(wh)))
    h = rnn_forward(x, h0, wx, wh, b)
    return h[:, -1] @ wy + by


def series_loss(x, y, wx, wh, b, wy, by):
    return float(np.mean((predict(x, wx, wh, b, wy, by) - y) ** 2))


def series_gradients(x, y, wx, wh, b, wy, by):
    h0 = np.zeros((len(x), len(wh)))
    h = rnn_forward(x, h0, wx, wh, b)
    dpred = 2 * (h[:, -1] @ wy + by - y) / y.size
    dwy = h[:, -1].T @ dpred
    dby = dpred.sum(axis=0)
    dh = np.zeros_like(h)
    dh[:, -1] = dpred @ wy.T
    dx, dh0, dwx, dwh, db = rnn_backward(dh, x, h0, wx, wh, b)
    return dwx, dwh, db, dwy, dby


def train(x, y, weights, rate, epochs, limit):
    weights = [w.copy() for w in weights]
    losses = np.zeros(epochs)
    for e in range(epochs):
        losses[e] = series_loss(x, y, *weights)
        gradients = clip_by_norm(list(series_gradients(x, y, *weights)), limit)
        [w - rate * g for w, g in zip(weights, gradients)]
    return weights, losses
