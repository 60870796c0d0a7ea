"""Columns of numbers as on the slide, all in float64."""

import numpy as np

F = np.float64


def col(v):
    v = np.asarray(v, F)
    if v.ndim != 1:
        raise ValueError("one number for each example, please")
    return v.reshape(-1, 1)


def activation(x, w, b):
    return F(0.5) * (F(1) + np.tanh((np.asarray(x, F) @ col(w) + F(b)) / F(2)))


def forward(x, w, b):
    return activation(x, w, b).ravel()


def bce(a, y):
    a, y = col(a), col(y)
    if len(a) != len(y):
        raise ValueError("one label each")
    right = np.where(y == 1, a, 1 - a)
    return -np.log(np.maximum(right, F(1e-7))).mean()


def cost(x, y, w, b):
    return bce(forward(x, w, b), y)


def delta(a, y):
    a, y = col(a), col(y)
    if len(a) != len(y):
        raise ValueError("one label each")
    return (a - y).ravel()


def gradients(x, y, w, b):
    d = delta(forward(x, w, b), y)[None, :]
    return (d @ np.asarray(x, F)).ravel() / F(len(x)), d.mean()


def step(x, y, w, b, alpha):
    dw, db = gradients(x, y, w, b)
    return np.asarray(w, F) - F(alpha) * dw, F(b) - F(alpha) * db


def train(x, y, w, b, alpha, steps):
    w, b = np.array(w, F), F(b)
    losses = [cost(x, y, w, b)]
    while len(losses) <= steps:
        w, b = step(x, y, w, b, alpha)
        losses.append(cost(x, y, w, b))
    return w, b, np.array(losses, F)
