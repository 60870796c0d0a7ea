import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def _win(x, size, stride):
    s = stride or size
    return sliding_window_view(x, (size, size), axis=(2, 3))[:, :, ::s, ::s]


def max_pool(x, size, stride=None):
    return _win(x, size, stride).max(axis=(-1, -2))


def max_pool_backward(dout, x, size, stride=None):
    s = stride or size
    v = _win(x, size, stride)
    best = v.reshape(*v.shape[:4], -1).argmax(axis=-1)
    n, c, i, j = np.indices(dout.shape)
    dx = np.zeros(x.shape)
    np.add.at(dx, (n, c, i * s + best // size, j * s + best % size), dout)
    return dx


def avg_pool(x, size, stride=None):
    return _win(x, size, stride).mean(axis=(-1, -2))


def avg_pool_backward(dout, x, size, stride=None):
    s = stride or size
    dx = np.zeros(x.shape)
    view = sliding_window_view(dx, (size, size), axis=(2, 3), writeable=True)[:, :, ::s, ::s]
    for p in range(size):
        for q in range(size):
            view[..., p, q] += dout / size**2
    return dx


def _bounds(n, k):
    i = np.arange(k)
    return i * n // k, -(-(i + 1) * n // k)


def _matrix(n, k):
    """(k, n) matrix that averages: A @ column"""
    A = np.zeros((k, n))
    for row, a, b in zip(A, *_bounds(n, k)):
        row[a:b] = 1 / (b - a)
    return A


def adaptive_avg_pool(x, size):
    if size <= 0:
        raise ValueError("size must be positive")
    return np.einsum("ia,ncab,jb->ncij", _matrix(x.shape[2], size), x, _matrix(x.shape[3], size))


def adaptive_avg_pool_backward(dout, x, size):
    return np.einsum("ia,ncij,jb->ncab", _matrix(x.shape[2], size), dout, _matrix(x.shape[3], size))
