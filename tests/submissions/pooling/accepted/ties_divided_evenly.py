"""Masks of the maxima; equal maxima divide the gradient evenly."""

import numpy as np


def patches(x, size, stride):
    stride = size if stride is None else stride
    if min(x.shape[2:]) < size:
        raise ValueError(f"no {size}x{size} window in images of {x.shape[2]}x{x.shape[3]}")
    for i, top in enumerate(range(0, x.shape[2] - size + 1, stride)):
        for j, left in enumerate(range(0, x.shape[3] - size + 1, stride)):
            yield i, j, np.s_[:, :, top : top + size, left : left + size]


def pool(x, size, stride, f):
    cells = {(i, j): f(x[place], axis=(2, 3)) for i, j, place in patches(x, size, stride)}
    rows, cols = max(cells)
    return np.stack([np.stack([cells[i, j] for j in range(cols + 1)], axis=-1) for i in range(rows + 1)], axis=-2)


def max_pool(x, size, stride=None):
    return pool(x, size, stride, np.amax)


def avg_pool(x, size, stride=None):
    return pool(x, size, stride, np.mean)


def max_pool_backward(dout, x, size, stride=None):
    dx = np.zeros(x.shape)
    for i, j, place in patches(x, size, stride):
        mask = x[place] == x[place].max(axis=(2, 3), keepdims=True)
        dx[place] += mask / mask.sum(axis=(2, 3), keepdims=True) * dout[:, :, i : i + 1, j : j + 1]
    return dx


def avg_pool_backward(dout, x, size, stride=None):
    dx = np.zeros(x.shape)
    for i, j, place in patches(x, size, stride):
        dx[place] += np.ones((size, size)) / size / size * dout[:, :, i : i + 1, j : j + 1]
    return dx


def cut(length, k):
    edges = np.arange(k + 1) * length / k
    return np.floor(edges[:-1]).astype(int), np.ceil(edges[1:]).astype(int)


def adaptive_avg_pool(x, size):
    if size < 1:
        raise ValueError("size")
    rows = [x[:, :, a:b].mean(axis=2, keepdims=True) for a, b in zip(*cut(x.shape[2], size))]
    x = np.concatenate(rows, axis=2)
    return np.concatenate([x[..., a:b].mean(axis=3, keepdims=True) for a, b in zip(*cut(x.shape[3], size))], axis=3)


def adaptive_avg_pool_backward(dout, x, size):
    middle = np.zeros(x.shape[:2] + (x.shape[2], size))
    for i, (a, b) in enumerate(zip(*cut(x.shape[2], size))):
        middle[:, :, a:b] += dout[:, :, i : i + 1] / (b - a)
    dx = np.zeros(x.shape)
    for j, (a, b) in enumerate(zip(*cut(x.shape[3], size))):
        dx[..., a:b] += middle[..., j : j + 1] / (b - a)
    return dx
