"""Plain Python loops over every index, no slices at all."""

import numpy as np


def pad_image(image, p):
    h, w = image.shape
    new = np.zeros((h + 2 * p, w + 2 * p))
    for i in range(h):
        for j in range(w):
            new[i + p, j + p] = image[i, j]
    return new


def conv2d_valid(image, kernel):
    H, W = image.shape
    K = kernel.shape[0]
    if H < K or W < K:
        raise ValueError("kernel too big")
    O = np.zeros((H - K + 1, W - K + 1))
    for i in range(H - K + 1):
        for j in range(W - K + 1):
            for p in range(K):
                for q in range(K):
                    O[i, j] += image[i + p, j + q] * kernel[p, q]
    return O


def conv2d(image, kernel, stride=1, pad=0):
    full = conv2d_valid(pad_image(image, pad), kernel)
    rows = (full.shape[0] - 1) // stride + 1
    cols = (full.shape[1] - 1) // stride + 1
    O = np.zeros((rows, cols))
    for i in range(rows):
        for j in range(cols):
            O[i, j] = full[i * stride, j * stride]
    return O


def conv_forward(x, w, b, stride=1, pad=0):
    N, C = x.shape[0], x.shape[1]
    F = w.shape[0]
    if w.shape[1] != C:
        raise ValueError("channels")
    batch = []
    for n in range(N):
        maps = []
        for f in range(F):
            total = 0
            for c in range(C):
                total = total + conv2d(x[n, c], w[f, c], stride, pad)
            maps.append(total + b[f])
        batch.append(maps)
    return np.array(batch)


def conv_backward(dout, x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, K, _ = w.shape
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    g = dout[n, f, i, j]
                    db[f] += g
                    for c in range(C):
                        for p in range(K):
                            for q in range(K):
                                k = stride * i + p - pad
                                l = stride * j + q - pad
                                if 0 <= k < H and 0 <= l < W:
                                    dx[n, c, k, l] += g * w[f, c, p, q]
                                    dw[f, c, p, q] += g * x[n, c, k, l]
    return dx, dw, db
