"""Loop over the K*K places of the kernel instead of over the pixels; see helpers.py"""

import numpy as np

from helpers import inside, out_size, tap, zero_border


def conv2d_valid(image, kernel):
    return conv2d(image, kernel, stride=1, pad=0)


def conv2d(image, kernel, stride=1, pad=0):
    k = kernel.shape[0]
    rows = out_size(image.shape[0], k, stride, pad)
    cols = out_size(image.shape[1], k, stride, pad)
    big = zero_border(image, pad)
    out = np.zeros((rows, cols))
    for p in range(k):
        for q in range(k):
            out += kernel[p, q] * tap(big, p, q, stride, rows, cols)
    return out


def conv_forward(x, w, b, stride=1, pad=0):
    if x.shape[1] != w.shape[1]:
        raise ValueError("channels of x and w")
    k = w.shape[2]
    rows = out_size(x.shape[2], k, stride, pad)
    cols = out_size(x.shape[3], k, stride, pad)
    big = zero_border(x, pad)
    out = np.zeros((x.shape[0], w.shape[0], rows, cols))
    for p in range(k):
        for q in range(k):
            out += np.tensordot(tap(big, p, q, stride, rows, cols), w[:, :, p, q], axes=(1, 1)).transpose(0, 3, 1, 2)
    return out + b.reshape(1, -1, 1, 1)


def conv_backward(dout, x, w, b, stride=1, pad=0):
    k = w.shape[2]
    rows, cols = dout.shape[2:]
    big = zero_border(x, pad)
    dbig = np.zeros_like(big)
    dw = np.zeros(w.shape)
    for p in range(k):
        for q in range(k):
            seen = tap(big, p, q, stride, rows, cols)
            dw[:, :, p, q] = np.tensordot(dout, seen, axes=((0, 2, 3), (0, 2, 3)))
            view = tap(dbig, p, q, stride, rows, cols)
            view += np.tensordot(dout, w[:, :, p, q], axes=(1, 0)).transpose(0, 3, 1, 2)
    return inside(dbig, pad).copy(), dw, dout.sum(axis=3).sum(axis=2).sum(axis=0)
