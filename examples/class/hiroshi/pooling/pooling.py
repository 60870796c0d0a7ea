"""Gather / scatter: one index array for all windows, used in both directions."""
import numpy as np


def index(x, size, stride):
    H, W = x.shape[2:]
    if size > H or size > W:
        raise ValueError(f"window {size}, image {H}x{W}")
    top = np.arange(0, H - size + 1, stride)
    left = np.arange(0, W - size + 1, stride)
    k = np.arange(size)
    rows = top[:, None, None, None] + k[:, None]
    cols = left[None, :, None, None] + k
    return np.broadcast_arrays(rows, cols)  # both (Ho, Wo, size, size)


def max_pool(x, size, stride=None):
    rows, cols = index(x, size, stride or size)
    return np.amax(x[:, :, rows, cols], axis=(4, 5))


def max_pool_backward(dout, x, size, stride=None):
    rows, cols = index(x, size, stride or size)
    seen = x[:, :, rows, cols].reshape(*dout.shape, -1)
    winner = seen.argmax(axis=-1)[..., None]
    share = np.zeros(seen.shape)
    np.put_along_axis(share, winner, dout[..., None], axis=-1)
    dx = np.zeros(x.shape)
    np.add.at(dx, (slice(None), slice(None), rows, cols), share.reshape(*dout.shape, size, size))
    return dx


def avg_pool(x, size, stride=None):
    rows, cols = index(x, size, stride or size)
    return x[:, :, rows, cols].mean(axis=(4, 5))


def avg_pool_backward(dout, x, size, stride=None):
    rows, cols = index(x, size, stride or size)
    dx = np.zeros(x.shape)
    share = np.broadcast_to(dout[..., None, None] / size**2, (*dout.shape, size, size))
    np.add.at(dx, (slice(None), slice(None), rows, cols), share)
    return dx


def cuts(n, k):
    return [(i * n // k, ((i + 1) * n + k - 1) // k) for i in range(k)]


def adaptive_avg_pool(x, size):
    if size < 1:
        raise ValueError("size must be 1 or more")
    # integral image: S[a, b] = sum of x[:a, :b]
    S = np.pad(x.cumsum(axis=2).cumsum(axis=3), ((0, 0), (0, 0), (1, 0), (1, 0)))
    out = np.zeros((*x.shape[:2], size, size))
    for i, (a, b) in enumerate(cuts(x.shape[2], size)):
        for j, (c, d) in enumerate(cuts(x.shape[3], size)):
            out[:, :, i, j] = (S[:, :, b, d] - S[:, :, a, d] - S[:, :, b, c] + S[:, :, a, c]) / ((b - a) * (d - c))
    return out


def adaptive_avg_pool_backward(dout, x, size):
    dx = np.zeros(x.shape)
    for i, (a, b) in enumerate(cuts(x.shape[2], size)):
        for j, (c, d) in enumerate(cuts(x.shape[3], size)):
            dx[:, :, a:b, c:d] += (dout[:, :, i, j] / ((b - a) * (d - c)))[:, :, None, None]
    return dx
