"""Shared by all four functions of conv.py."""

import numpy as np


def out_size(n, k, stride, pad):
    if k > n + 2 * pad:
        raise ValueError(f"window {k} is larger than {n} + 2*{pad}")
    return (n + 2 * pad - k) // stride + 1


def zero_border(x, pad):
    """Zeros around the last two axes."""
    shape = x.shape[:-2] + (x.shape[-2] + 2 * pad, x.shape[-1] + 2 * pad)
    big = np.zeros(shape)
    inside(big, pad)[...] = x
    return big


def inside(big, pad):
    return big[..., pad : big.shape[-2] - pad, pad : big.shape[-1] - pad]


def tap(big, p, q, stride, rows, cols):
    """What kernel place (p, q) sees at all window positions at once: a view."""
    return big[..., p : p + stride * (rows - 1) + 1 : stride, q : q + stride * (cols - 1) + 1 : stride]
