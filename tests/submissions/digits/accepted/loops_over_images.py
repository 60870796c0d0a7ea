"""Loops over images and places, all filters at once: slower than need be, and right. Pooling before ReLU; ReLU has slope 1 at 0."""

import math

import numpy as np


def conv_forward(x, w, b):
    N, C, H, W = x.shape
    F, D, K, _ = w.shape
    if C != D or K > H or K > W:
        raise ValueError("filters do not fit")
    out = np.zeros((N, F, H - K + 1, W - K + 1))
    for n in range(N):
        for i in range(H - K + 1):
            for j in range(W - K + 1):
                out[n, :, i, j] = np.tensordot(w, x[n, :, i : i + K, j : j + K], axes=3) + b
    return out


def conv_backward(dout, x, w, b):
    K = w.shape[2]
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(b.shape)
    N, F, rows, cols = dout.shape
    for n in range(N):
        for i in range(rows):
            for j in range(cols):
                g = dout[n, :, i, j]
                dw += np.multiply.outer(g, x[n, :, i : i + K, j : j + K])
                dx[n, :, i : i + K, j : j + K] += np.tensordot(g, w, axes=1)
                db += g
    return dx, dw, db


def relu(x):
    return np.where(x >= 0, x, 0.0)


def relu_backward(dout, x):
    return np.where(x >= 0, dout, 0.0)


def max_pool(x, size=2):
    N, C, H, W = x.shape
    out = np.full((N, C, H // size, W // size), -np.inf)
    for p in range(size):
        for q in range(size):
            out = np.maximum(out, x[:, :, p : H // size * size : size, q : W // size * size : size])
    return out


def max_pool_backward(dout, x, size=2):
    dx = np.zeros(x.shape)
    top = max_pool(x, size)
    left = np.ones(dout.shape, dtype=bool)  # windows that have not given their gradient yet
    rows, cols = dout.shape[2] * size, dout.shape[3] * size
    for p in reversed(range(size)):
        for q in reversed(range(size)):
            here = left & (x[:, :, p:rows:size, q:cols:size] == top)
            dx[:, :, p:rows:size, q:cols:size] = dout * here
            left &= ~here
    return dx


def flatten(x):
    return x.reshape(len(x), x.size // len(x))


def flatten_backward(dout, x):
    dx = np.zeros(x.shape)
    for n in range(len(x)):
        dx[n].flat = dout[n]
    return dx


def dense_forward(x, w, b):
    out = np.zeros((len(x), len(b)))
    for n in range(len(x)):
        out[n] = x[n] @ w + b
    return out


def dense_backward(dout, x, w, b):
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(b.shape)
    for n in range(len(x)):
        dx[n] = w @ dout[n]
        dw += np.outer(x[n], dout[n])
        db += dout[n]
    return dx, dw, db


def probabilities(row):
    e = [math.exp(v - max(row)) for v in row]
    return np.array(e) / sum(e)


def softmax_cross_entropy(logits, labels):
    total = 0.0
    for row, label in zip(logits.astype(float), labels):
        m = max(row)
        total += math.log(sum(math.exp(v - m) for v in row)) - (row[label] - m)
    return total / len(labels)


def softmax_cross_entropy_backward(logits, labels):
    result = np.array([probabilities(row) for row in logits.astype(float)])
    for n, label in enumerate(labels):
        result[n, label] -= 1
    return result / len(labels)


def network(parameters, images):
    wc, bc, wd, bd = parameters
    return dense_forward(flatten(relu(max_pool(conv_forward(images, wc, bc)))), wd, bd)


def network_loss(parameters, images, labels):
    return softmax_cross_entropy(network(parameters, images), labels)


def network_gradients(parameters, images, labels):
    wc, bc, wd, bd = parameters
    sums = conv_forward(images, wc, bc)
    pooled = max_pool(sums)
    maps = relu(pooled)
    row = flatten(maps)
    d, dwd, dbd = dense_backward(softmax_cross_entropy_backward(dense_forward(row, wd, bd), labels), row, wd, bd)
    d = max_pool_backward(relu_backward(flatten_backward(d, maps), pooled), sums)
    _, dwc, dbc = conv_backward(d, images, wc, bc)
    return [dwc, dbc, dwd, dbd]


def sgd_step(parameters, gradients, learning_rate):
    return [p + (-learning_rate) * g for p, g in zip(parameters, gradients)]


def accuracy(logits, labels):
    return sum(row.argmax() == label for row, label in zip(logits, labels)) / len(labels)


def train(parameters, images, labels, orders, batch_size, learning_rate):
    history = []
    for order in orders:
        rest = list(order)
        while rest:
            batch, rest = rest[:batch_size], rest[batch_size:]
            gradients = network_gradients(parameters, images[batch], labels[batch])
            parameters = sgd_step(parameters, gradients, learning_rate)
        history.append(network_loss(parameters, images, labels))
    return parameters, np.array(history)
