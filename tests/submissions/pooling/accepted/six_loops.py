"""Plain Python loops over every index; the last of equal maxima takes the gradient."""

import numpy as np


def sizes(x, size, stride):
    s = stride if stride else size
    H, W = x.shape[2], x.shape[3]
    if size > H or size > W:
        raise ValueError("window too large")
    return s, (H - size) // s + 1, (W - size) // s + 1


def max_pool(x, size, stride=None):
    s, OH, OW = sizes(x, size, stride)
    N, C = x.shape[:2]
    out = np.zeros((N, C, OH, OW))
    for n in range(N):
        for c in range(C):
            for i in range(OH):
                for j in range(OW):
                    best = x[n, c, i * s, j * s]
                    for p in range(size):
                        for q in range(size):
                            if x[n, c, i * s + p, j * s + q] > best:
                                best = x[n, c, i * s + p, j * s + q]
                    out[n, c, i, j] = best
    return out


def max_pool_backward(dout, x, size, stride=None):
    s, OH, OW = sizes(x, size, stride)
    dx = np.zeros(x.shape)
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            for i in range(OH):
                for j in range(OW):
                    where, best = None, -np.inf
                    for p in range(size):
                        for q in range(size):
                            if x[n, c, i * s + p, j * s + q] >= best:
                                best = x[n, c, i * s + p, j * s + q]
                                where = (i * s + p, j * s + q)
                    dx[n, c, where[0], where[1]] += dout[n, c, i, j]
    return dx


def avg_pool(x, size, stride=None):
    s, OH, OW = sizes(x, size, stride)
    out = np.zeros((x.shape[0], x.shape[1], OH, OW))
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            for i in range(OH):
                for j in range(OW):
                    for p in range(size):
                        for q in range(size):
                            out[n, c, i, j] += x[n, c, i * s + p, j * s + q] / (size * size)
    return out


def avg_pool_backward(dout, x, size, stride=None):
    s, OH, OW = sizes(x, size, stride)
    dx = np.zeros(x.shape)
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            for i in range(OH):
                for j in range(OW):
                    for p in range(size):
                        for q in range(size):
                            dx[n, c, i * s + p, j * s + q] += dout[n, c, i, j] / (size * size)
    return dx


def bounds(i, length, k):
    start = i * length // k
    end = (i + 1) * length // k
    if end * k < (i + 1) * length:
        end += 1
    return range(start, end)


def adaptive_avg_pool(x, size):
    if size <= 0:
        raise ValueError("size must be positive")
    N, C, H, W = x.shape
    out = np.zeros((N, C, size, size))
    for n in range(N):
        for c in range(C):
            for i in range(size):
                for j in range(size):
                    values = [x[n, c, a, b] for a in bounds(i, H, size) for b in bounds(j, W, size)]
                    out[n, c, i, j] = sum(values) / len(values)
    return out


def adaptive_avg_pool_backward(dout, x, size):
    N, C, H, W = x.shape
    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for i in range(size):
                for j in range(size):
                    places = [(a, b) for a in bounds(i, H, size) for b in bounds(j, W, size)]
                    for a, b in places:
                        dx[n, c, a, b] += dout[n, c, i, j] / len(places)
    return dx
