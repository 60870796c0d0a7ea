"""Every sum is a loop; the convolutions are written out again, and no given helper is used."""

from math import sqrt

import numpy as np


def dense(x, w, b):
    y = np.zeros((x.shape[0], w.shape[1]))
    for n in range(x.shape[0]):
        for j in range(w.shape[1]):
            total = b[j]
            for i in range(w.shape[0]):
                total += x[n, i] * w[i, j]
            y[n, j] = total
    return y


def positive(s):
    out = np.zeros(s.shape)
    for index in np.ndindex(s.shape):
        if s[index] > 0:
            out[index] = s[index]
    return out


def only_where(s, gradient):
    out = np.zeros(s.shape)
    for index in np.ndindex(s.shape):
        if s[index] > 0:
            out[index] = gradient[index]
    return out


def residual_forward(x, w1, b1, w2, b2, skip=True):
    r = dense(positive(dense(x, w1, b1)), w2, b2)
    if skip and r.shape != x.shape:
        raise ValueError("cannot add")
    if skip:
        for index in np.ndindex(x.shape):
            r[index] = r[index] + x[index]
    return positive(r)


def dense_gradient(dy, x, w):
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(w.shape[1])
    for n in range(x.shape[0]):
        for j in range(w.shape[1]):
            db[j] += dy[n, j]
            for i in range(w.shape[0]):
                dx[n, i] += dy[n, j] * w[i, j]
                dw[i, j] += dy[n, j] * x[n, i]
    return dx, dw, db


def residual_backward(dout, x, w1, b1, w2, b2, skip=True):
    s = dense(x, w1, b1)
    h = positive(s)
    z = dense(h, w2, b2)
    if skip:
        z = z + x
    dz = only_where(z, dout)
    dh, dw2, db2 = dense_gradient(dz, h, w2)
    dx, dw1, db1 = dense_gradient(only_where(s, dh), x, w1)
    if skip:
        for n in range(x.shape[0]):
            for d in range(x.shape[1]):
                dx[n, d] += dz[n, d]
    return dx, dw1, db1, dw2, db2


def products(x, w, stride, pad):
    N, C, H, W = x.shape
    F, _, K, _ = w.shape
    for n in range(N):
        for f in range(F):
            for i in range((H + 2 * pad - K) // stride + 1):
                for j in range((W + 2 * pad - K) // stride + 1):
                    for p in range(K):
                        for q in range(K):
                            k, m = stride * i + p - pad, stride * j + q - pad
                            if 0 <= k < H and 0 <= m < W:
                                for c in range(C):
                                    yield (n, f, i, j), (n, c, k, m), (f, c, p, q)


def conv(x, w, b, stride, pad):
    H, W = ((n + 2 * pad - w.shape[2]) // stride + 1 for n in x.shape[2:])
    out = np.zeros((len(x), len(w), H, W))
    for f in range(len(w)):
        out[:, f] = b[f]
    for o, i, k in products(x, w, stride, pad):
        out[o] += x[i] * w[k]
    return out


def conv_gradient(dout, x, w, stride, pad):
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(len(w))
    for o, i, k in products(x, w, stride, pad):
        dx[i] += dout[o] * w[k]
        dw[k] += dout[o] * x[i]
    for n, f, i, j in np.ndindex(dout.shape):
        db[f] += dout[n, f, i, j]
    return dx, dw, db


def projection_forward(x, w1, b1, w2, b2, wp, stride=1):
    if len(wp) != len(w2):
        raise ValueError("filters")
    out = conv(positive(conv(x, w1, b1, stride, 1)), w2, b2, 1, 1)
    for n, f, i, j in np.ndindex(out.shape):
        for c in range(x.shape[1]):
            out[n, f, i, j] += wp[f, c, 0, 0] * x[n, c, stride * i, stride * j]
    return positive(out)


def projection_backward(dout, x, w1, b1, w2, b2, wp, stride=1):
    s = conv(x, w1, b1, stride, 1)
    h = positive(s)
    dz = only_where(conv(h, w2, b2, 1, 1) + conv(x, wp, 0 * b2, stride, 0), dout)
    dh, dw2, db2 = conv_gradient(dz, h, w2, 1, 1)
    dx, dw1, db1 = conv_gradient(only_where(s, dh), x, w1, stride, 1)
    dwp = np.zeros(wp.shape)
    for n, f, i, j in np.ndindex(dz.shape):
        for c in range(x.shape[1]):
            dx[n, c, stride * i, stride * j] += dz[n, f, i, j] * wp[f, c, 0, 0]
            dwp[f, c, 0, 0] += dz[n, f, i, j] * x[n, c, stride * i, stride * j]
    return dx, dw1, db1, dw2, db2, dwp


def gradient_norms(x, dout, w1, b1, w2, b2, skip=True):
    inputs = [x]
    for block in zip(w1, b1, w2, b2):
        inputs.append(residual_forward(inputs[-1], *block, skip))
    norms, g = [], dout
    for k in range(len(w1) - 1, -1, -1):
        g = residual_backward(g, inputs[k], w1[k], b1[k], w2[k], b2[k], skip)[0]
        norms.insert(0, sqrt(sum(float(v) * float(v) for v in g.ravel())))
    return np.array(norms)
