"""Everything in float64, whatever came in."""

import numpy as np

F = np.float64


def cast(*arrays):
    return [np.asarray(a, dtype=F) for a in arrays]


def rnn_step(x, h_prev, wx, wh, b):
    x, h_prev, wx, wh, b = cast(x, h_prev, wx, wh, b)
    if len(x) != len(h_prev):
        raise ValueError("one state per sample")
    return np.tanh(x.dot(wx) + h_prev.dot(wh) + b)


def rnn_forward(x, h0, wx, wh, b):
    x, h, wx, wh, b = cast(x, h0, wx, wh, b)
    N, T, _ = x.shape
    H = wh.shape[0]
    out = np.empty((N, T, H), dtype=F)
    for t in range(T):
        h = rnn_step(x[:, t, :], h, wx, wh, b)
        out[:, t, :] = h
    return out


def rnn_step_backward(dh, x, h_prev, wx, wh, b):
    dh, x, h_prev, wx, wh, b = cast(dh, x, h_prev, wx, wh, b)
    h = rnn_step(x, h_prev, wx, wh, b)
    ds = dh * (1 - h * h)
    return ds.dot(wx.T), ds.dot(wh.T), x.T.dot(ds), h_prev.T.dot(ds), np.sum(ds, axis=0)


def rnn_backward(dh, x, h0, wx, wh, b):
    dh, x, h0, wx, wh, b = cast(dh, x, h0, wx, wh, b)
    h = rnn_forward(x, h0, wx, wh, b)
    dx, dh_next = np.zeros_like(x), np.zeros_like(h0)
    dwx, dwh, db = np.zeros_like(wx), np.zeros_like(wh), np.zeros_like(b)
    for t in range(x.shape[1] - 1, -1, -1):
        before = h0 if t == 0 else h[:, t - 1]
        dx[:, t], dh_next, a, c, d = rnn_step_backward(dh[:, t] + dh_next, x[:, t], before, wx, wh, b)
        dwx += a
        dwh += c
        db += d
    return dx, dh_next, dwx, dwh, db


def clip_by_norm(gradients, limit):
    if limit <= 0:
        raise ValueError("limit must be positive")
    gradients = cast(*gradients)
    norm = np.sqrt(sum(np.sum(g * g, dtype=F) for g in gradients), dtype=F)
    scale = F(limit) / norm if norm > limit else F(1)
    return [g * scale for g in gradients]


def windows(series, length):
    (series,) = cast(series)
    if length < 1 or length >= len(series):
        raise ValueError("no window fits")
    M = len(series) - length
    x = np.stack([series[m : m + length] for m in range(M)])
    return x.reshape(M, length, 1), series[length:].reshape(M, 1)


def predict(x, wx, wh, b, wy, by):
    h = rnn_forward(x, np.zeros((len(x), len(wh)), F), wx, wh, b)
    return h[:, -1].dot(np.asarray(wy, F)) + np.asarray(by, F)


def series_gradients(x, y, wx, wh, b, wy, by):
    x, y, wx, wh, b, wy, by = cast(x, y, wx, wh, b, wy, by)
    h0 = np.zeros((len(x), len(wh)), F)
    h = rnn_forward(x, h0, wx, wh, b)
    last = h[:, -1]
    dpred = F(2) * (last.dot(wy) + by - y) / F(y.size)
    dh = np.zeros_like(h)
    dh[:, -1] = dpred.dot(wy.T)
    _, _, dwx, dwh, db = rnn_backward(dh, x, h0, wx, wh, b)
    return dwx, dwh, db, last.T.dot(dpred), dpred.sum(axis=0)


def train(x, y, weights, rate, epochs, limit):
    x, y = cast(x, y)
    weights = cast(*weights)
    losses = np.zeros(epochs, F)
    for e in range(epochs):
        losses[e] = np.mean((predict(x, *weights) - y) ** 2)
        grads = clip_by_norm(series_gradients(x, y, *weights), limit)
        weights = [w - F(rate) * g for w, g in zip(weights, grads)]
    return weights, losses
