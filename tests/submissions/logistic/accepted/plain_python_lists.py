"""Nothing of numpy: loops over lists, results as lists of numbers."""

import math


def sigmoid(z):
    if z < 0:
        return 1 - sigmoid(-z)
    return 1 / (1 + math.exp(-z))


def forward(x, w, b):
    result = []
    for row in x:
        if len(row) != len(w):
            raise ValueError("a weight for each feature")
        result.append(sigmoid(sum(float(v) * float(k) for v, k in zip(row, w)) + b))
    return result


def bce(a, y):
    if len(a) != len(y) or any(getattr(label, "ndim", 0) for label in y):
        raise ValueError("a label for each prediction")
    total = 0.0
    for p, label in zip(a, y):
        total -= math.log(max(float(p if label == 1 else 1 - p), 1e-7))
    return total / len(a)


def cost(x, y, w, b):
    return bce(forward(x, w, b), y)


def delta(a, y):
    if len(a) != len(y) or any(getattr(label, "ndim", 0) for label in y):
        raise ValueError("a label for each prediction")
    return [float(p) - float(label) for p, label in zip(a, y)]


def gradients(x, y, w, b):
    d = delta(forward(x, w, b), y)
    n = len(d)
    return [sum(di * float(row[j]) for di, row in zip(d, x)) / n for j in range(len(w))], sum(d) / n


def step(x, y, w, b, alpha):
    dw, db = gradients(x, y, w, b)
    return [float(wj) - alpha * g for wj, g in zip(w, dw)], b - alpha * db


def train(x, y, w, b, alpha, steps):
    w = [float(v) for v in w]
    losses = [cost(x, y, w, b)]
    for _ in range(steps):
        w, b = step(x, y, w, b, alpha)
        losses.append(cost(x, y, w, b))
    return w, b, losses
