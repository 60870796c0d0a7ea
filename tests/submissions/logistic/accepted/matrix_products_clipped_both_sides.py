"""Matrix products; the textbook sigmoid warns of an overflow at -1000 and still is 0 there; clipped to [1e-7, 1 - 1e-7]."""

import numpy as np


def forward(x, w, b):
    return 1.0 / (1.0 + np.exp(-(x @ w + b)))


def bce(a, y):
    if a.shape != y.shape:
        raise ValueError("shapes")
    a = np.clip(a.astype(np.float64), 1e-7, 1 - 1e-7)
    return -np.mean(y * np.log(a) + (1 - y) * np.log(1 - a))


def cost(x, y, w, b):
    return bce(forward(x, w, b), y)


def delta(a, y):
    if a.shape != y.shape:
        raise ValueError("shapes")
    return a - y


def gradients(x, y, w, b):
    d = delta(forward(x, w, b), y)
    return x.T @ d / len(y), d.mean()


def step(x, y, w, b, alpha):
    dw, db = gradients(x, y, w, b)
    return w - alpha * dw, b - alpha * db


def train(x, y, w, b, alpha, steps):
    losses = np.zeros(steps + 1)
    for t in range(steps):
        losses[t] = cost(x, y, w, b)
        w, b = step(x, y, w, b, alpha)
    losses[steps] = cost(x, y, w, b)
    return w, b, losses
