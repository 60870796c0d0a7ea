"""The new weights are kept under other names, and every step begins at the old ones."""

import numpy as np

EPS = 1e-7


def forward(x, w, b):
    z = np.dot(x, w) + b
    return np.where(z > 0, 1 / (1 + np.exp(-np.abs(z))), 1 - 1 / (1 + np.exp(-np.abs(z))))


def bce(a, y):
    if a.shape != y.shape:
        raise ValueError("a and y differ in shape")
    loss = 0
    for p, t in zip(a, y):
        loss -= t * np.log(max(p, EPS)) + (1 - t) * np.log(max(1 - p, EPS))
    return loss / len(a)


def cost(x, y, w, b):
    return bce(forward(x, w, b), y)


def delta(a, y):
    if a.shape != y.shape:
        raise ValueError("a and y differ in shape")
    return a - y


def gradients(x, y, w, b):
    m = x.shape[0]
    dz = delta(forward(x, w, b), y)
    dw = np.dot(x.T, dz) / m
    db = np.sum(dz) / m
    return dw, db


def step(x, y, w, b, alpha):
    dw, db = gradients(x, y, w, b)
    w = w - alpha * dw
    b = b - alpha * db
    return w, b


def train(x, y, w, b, alpha, steps):
    new_w, new_b = w, b
    losses = [cost(x, y, w, b)]
    for i in range(steps):
        new_w, new_b = step(x, y, w, b, alpha)
        losses.append(cost(x, y, new_w, new_b))
    return new_w, new_b, np.array(losses)
