"""Everything in float32; equal maxima: the first in column order takes the gradient."""

import numpy as np

T = np.float32


def check(x, size):
    if size > x.shape[2] or size > x.shape[3]:
        raise ValueError("image smaller than the window")


def out_shape(x, size, stride):
    return x.shape[:2] + tuple((n - size) // stride + 1 for n in x.shape[2:])


def max_pool(x, size, stride=None):
    check(x, size)
    stride = stride or size
    out = np.full(out_shape(x, size, stride), -np.inf, dtype=T)
    rows, cols = out.shape[2:]
    for p in range(size):
        for q in range(size):
            out = np.maximum(out, x[:, :, p : p + stride * rows : stride, q : q + stride * cols : stride].astype(T))
    return out


def max_pool_backward(dout, x, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape, dtype=T)
    for n, c, i, j in np.ndindex(dout.shape):
        part = np.s_[n, c, i * stride : i * stride + size, j * stride : j * stride + size]
        q, p = divmod(int(np.argmax(x[part].T)), size)
        dx[part][p, q] += T(dout[n, c, i, j])
    return dx


def avg_pool(x, size, stride=None):
    check(x, size)
    stride = stride or size
    out = np.zeros(out_shape(x, size, stride), dtype=T)
    rows, cols = out.shape[2:]
    for p in range(size):
        for q in range(size):
            out += x[:, :, p : p + stride * rows : stride, q : q + stride * cols : stride].astype(T)
    return out / T(size * size)


def avg_pool_backward(dout, x, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape, dtype=T)
    rows, cols = dout.shape[2:]
    for p in range(size):
        for q in range(size):
            dx[:, :, p : p + stride * rows : stride, q : q + stride * cols : stride] += dout.astype(T) / T(size * size)
    return dx


def window(i, j, x, k):
    H, W = x.shape[2:]
    return np.s_[:, :, i * H // k : -(-(i + 1) * H // k), j * W // k : -(-(j + 1) * W // k)]


def adaptive_avg_pool(x, size):
    if not size >= 1:
        raise ValueError("size must be 1 or more")
    out = np.zeros(x.shape[:2] + (size, size), dtype=T)
    for i, j in np.ndindex(size, size):
        out[:, :, i, j] = x[window(i, j, x, size)].astype(T).mean((2, 3))
    return out


def adaptive_avg_pool_backward(dout, x, size):
    dx = np.zeros(x.shape, dtype=T)
    for i, j in np.ndindex(size, size):
        place = dx[window(i, j, x, size)]
        place += (dout[:, :, i, j] / (place.shape[2] * place.shape[3]))[..., None, None].astype(T)
    return dx
