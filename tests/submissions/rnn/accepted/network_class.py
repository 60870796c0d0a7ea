"""A class with a cache; clipping with a small number in the denominator, as PyTorch has it."""

import numpy as np


class RNN:
    def __init__(self, wx, wh, b, wy=None, by=None):
        self.wx, self.wh, self.b, self.wy, self.by = wx, wh, b, wy, by

    def forward(self, x, h0):
        if x.shape[0] != h0.shape[0]:
            raise ValueError("batch")
        self.x = x
        self.h = np.zeros((x.shape[0], x.shape[1] + 1, len(self.b)))
        self.h[:, 0] = h0
        for t in range(x.shape[1]):
            self.h[:, t + 1] = np.tanh(np.dot(x[:, t], self.wx) + np.dot(self.h[:, t], self.wh) + self.b)
        return self.h[:, 1:]

    def backward(self, dh):
        dh = dh.copy()
        dx = np.zeros_like(self.x)
        self.dwx, self.dwh, self.db = 0, 0, 0
        for t in range(dh.shape[1] - 1, -1, -1):
            ds = dh[:, t] * (1 - np.square(self.h[:, t + 1]))
            dx[:, t] = np.dot(ds, self.wx.T)
            back = np.dot(ds, self.wh.T)
            if t > 0:
                dh[:, t - 1] += back
            self.dwx = self.dwx + np.dot(self.x[:, t].T, ds)
            self.dwh = self.dwh + np.dot(self.h[:, t].T, ds)
            self.db = self.db + ds.sum(axis=0, keepdims=True)[0]
        return dx, back


def rnn_step(x, h_prev, wx, wh, b):
    return RNN(wx, wh, b).forward(x[:, None], h_prev)[:, 0]


def rnn_forward(x, h0, wx, wh, b):
    return RNN(wx, wh, b).forward(x, h0)


def rnn_step_backward(dh, x, h_prev, wx, wh, b):
    dx, *rest = rnn_backward(dh[:, None], x[:, None], h_prev, wx, wh, b)
    return (dx[:, 0], *rest)


def rnn_backward(dh, x, h0, wx, wh, b):
    net = RNN(wx, wh, b)
    net.forward(x, h0)
    dx, dh0 = net.backward(dh)
    return dx, dh0, net.dwx, net.dwh, net.db


def clip_by_norm(gradients, limit):
    if limit <= 0:
        raise ValueError
    total = np.sqrt(sum((g**2).sum() for g in gradients))
    coefficient = min(limit / (total + 1e-6), 1.0)
    return [g * coefficient for g in gradients]


def windows(series, length):
    series = np.asarray(series, dtype=float)
    if length < 1 or len(series) < length + 1:
        raise ValueError("the series is too short")
    starts = np.arange(len(series) - length).reshape(-1, 1)
    x = series[starts + np.arange(length)]
    return np.expand_dims(x, 2), series[starts + length]


def predict(x, wx, wh, b, wy, by):
    net = RNN(wx, wh, b, wy, by)
    return net.forward(x, np.zeros((x.shape[0], len(b))))[:, -1, :] @ wy + by.reshape(1, -1)


def series_gradients(x, y, wx, wh, b, wy, by):
    net = RNN(wx, wh, b, wy, by)
    h = net.forward(x, np.zeros((x.shape[0], len(b))))
    error = h[:, -1] @ wy + by - y
    error = 2.0 / error.size * error
    dh = np.zeros_like(h)
    dh[:, -1] = error @ wy.T
    net.backward(dh)
    return net.dwx, net.dwh, net.db, h[:, -1].T @ error, error.sum(axis=0)


def train(x, y, weights, rate, epochs, limit):
    weights = [w.copy() for w in weights]
    losses = []
    for _ in range(epochs):
        losses.append(np.square(predict(x, *weights) - y).mean())
        for w, g in zip(weights, clip_by_norm(series_gradients(x, y, *weights), limit)):
            w -= rate * g
    return weights, losses
