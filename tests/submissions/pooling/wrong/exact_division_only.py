"""The gradients are made as large as the windows reach, which is smaller than x where rows are left over."""

import numpy as np


def windows(x, size, stride):
    s = stride or size
    if size > x.shape[2] or size > x.shape[3]:
        raise ValueError("window does not fit")
    for i in range((x.shape[2] - size) // s + 1):
        for j in range((x.shape[3] - size) // s + 1):
            yield i, j, x[:, :, s * i : s * i + size, s * j : s * j + size]


def pool(x, size, stride, f):
    found = list(windows(x, size, stride))
    out = np.zeros((x.shape[0], x.shape[1], found[-1][0] + 1, found[-1][1] + 1))
    for i, j, window in found:
        out[:, :, i, j] = f(window, axis=(2, 3))
    return out


def max_pool(x, size, stride=None):
    return pool(x, size, stride, np.max)


def avg_pool(x, size, stride=None):
    return pool(x, size, stride, np.mean)


def empty(dout, size, stride):
    N, C, h, w = dout.shape
    return np.zeros((N, C, (h - 1) * stride + size, (w - 1) * stride + size))


def max_pool_backward(dout, x, size, stride=None):
    s = stride or size
    dx = empty(dout, size, s)
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, s * i : s * i + size, s * j : s * j + size]
        p, q = np.unravel_index(window.argmax(), window.shape)
        dx[n, c, s * i + p, s * j + q] += dout[n, c, i, j]
    return dx


def avg_pool_backward(dout, x, size, stride=None):
    s = stride or size
    dx = empty(dout, size, s)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            dx[:, :, s * i : s * i + size, s * j : s * j + size] += dout[:, :, i, j][:, :, None, None] / size**2
    return dx


def span(i, n, k):
    return slice(i * n // k, -(-(i + 1) * n // k))


def adaptive_avg_pool(x, size):
    if size < 1:
        raise ValueError("size")
    H, W = x.shape[2:]
    rows = [[x[:, :, span(i, H, size), span(j, W, size)].mean(axis=(2, 3)) for j in range(size)] for i in range(size)]
    return np.moveaxis(np.array(rows), (0, 1), (2, 3))


def adaptive_avg_pool_backward(dout, x, size):
    H, W = x.shape[2:]
    dx = np.zeros(x.shape)
    for i in range(size):
        for j in range(size):
            part = dx[:, :, span(i, H, size), span(j, W, size)]
            part += dout[:, :, i : i + 1, j : j + 1] / (part.shape[2] * part.shape[3])
    return dx
