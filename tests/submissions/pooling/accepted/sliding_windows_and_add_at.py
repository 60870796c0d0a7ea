"""sliding_window_view, argmax over flat windows, np.add.at; an integral image for the adaptive means. Fortran order."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def view(x, size, stride):
    stride = stride or size
    if size > x.shape[-1] or size > x.shape[-2]:
        raise ValueError("the window does not fit")
    return sliding_window_view(x, (size, size), axis=(-2, -1))[..., ::stride, ::stride, :, :]


def max_pool(x, size, stride=None):
    return np.asfortranarray(view(x, size, stride).max((-1, -2)))


def avg_pool(x, size, stride=None):
    return np.einsum("...pq->...", view(x, size, stride).astype(float)) / size**2


def scatter(x, index, values):
    flat = np.bincount(np.ravel(index), weights=np.ravel(values), minlength=x.size)
    return np.asfortranarray(flat.reshape(x.shape))


def places(x, size, stride):
    return view(np.arange(x.size).reshape(x.shape), size, stride)


def max_pool_backward(dout, x, size, stride=None):
    shape = dout.shape + (size * size,)
    winner = view(x, size, stride).reshape(shape).argmax(-1)
    index = np.take_along_axis(places(x, size, stride).reshape(shape), winner[..., None], -1)
    return scatter(x, index, dout)


def avg_pool_backward(dout, x, size, stride=None):
    index = places(x, size, stride)
    return scatter(x, index, np.broadcast_to(dout[..., None, None] / size**2, index.shape))


def edges(n, k):
    i = np.arange(k)
    return i * n // k, ((i + 1) * n + k - 1) // k


def adaptive_avg_pool(x, size):
    if size < 1:
        raise ValueError("the output has at least one row")
    total = np.zeros(x.shape[:2] + (x.shape[2] + 1, x.shape[3] + 1))
    total[:, :, 1:, 1:] = x.cumsum(2, dtype=float).cumsum(3)
    p0, pf = edges(x.shape[2], size)
    q0, qf = edges(x.shape[3], size)
    at = lambda p, q: total[:, :, p[:, None], q]
    return (at(pf, qf) - at(p0, qf) - at(pf, q0) + at(p0, q0)) / np.outer(pf - p0, qf - q0)


def adaptive_avg_pool_backward(dout, x, size):
    p0, pf = edges(x.shape[2], size)
    q0, qf = edges(x.shape[3], size)
    g = dout / np.outer(pf - p0, qf - q0)
    corners = np.zeros(x.shape[:2] + (x.shape[2] + 1, x.shape[3] + 1))
    every = np.s_[:, :]
    for p, q, sign in [(p0, q0, 1), (p0, qf, -1), (pf, q0, -1), (pf, qf, 1)]:
        np.add.at(corners, every + (p[:, None], q), sign * g)
    return corners.cumsum(2).cumsum(3)[:, :, :-1, :-1]
