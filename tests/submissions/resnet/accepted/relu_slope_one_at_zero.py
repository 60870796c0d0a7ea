"""The stub's helpers, masks with >=, results as a list, gradients added up in place in arrays of its own."""

import numpy as np


def relu(s):
    return np.maximum(s, 0)


def conv_forward(x, w, b, stride=1, pad=0):
    if x.shape[1] != w.shape[1] or len(b) != len(w):
        raise ValueError(f"shapes do not fit: x {x.shape}, w {w.shape}, b {b.shape}")
    K = w.shape[2]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows, columns = ((n - K) // stride + 1 for n in padded.shape[2:])
    out = np.zeros((len(x), len(w), rows, columns), np.result_type(x, w, b)) + b[:, None, None]
    for p in range(K):
        for q in range(K):
            met = padded[:, :, p : p + stride * rows : stride, q : q + stride * columns : stride]
            out += np.einsum("ncij,fc->nfij", met, w[:, :, p, q])
    return out


def conv_backward(dout, x, w, b, stride=1, pad=0):
    K = w.shape[2]
    H, W = x.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows, columns = dout.shape[2:]
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for p in range(K):
        for q in range(K):
            place = np.s_[:, :, p : p + stride * rows : stride, q : q + stride * columns : stride]
            dpadded[place] += np.einsum("nfij,fc->ncij", dout, w[:, :, p, q])
            dw[:, :, p, q] = np.einsum("nfij,ncij->fc", dout, padded[place])
    return dpadded[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))


def branch(x, w1, b1, w2, b2):
    s = x.dot(w1) + b1
    h = np.where(s >= 0, s, 0.0)
    return s, h, h.dot(w2) + b2


def residual_forward(x, w1, b1, w2, b2, skip=True):
    out = branch(x, w1, b1, w2, b2)[2]
    if skip:
        assert_same(out, x)
        out += x
    out[out < 0] = 0
    return out


def assert_same(a, b):
    if np.shape(a) != np.shape(b):
        raise ValueError(f"{np.shape(a)} and {np.shape(b)}")


def residual_backward(dout, x, w1, b1, w2, b2, skip=True):
    s, h, z = branch(x, w1, b1, w2, b2)
    z = z + skip * x if skip else z
    dz = np.where(z >= 0, dout, 0.0)
    ds = np.where(s >= 0, dz.dot(w2.T), 0.0)
    dx = dz.copy() if skip else np.zeros_like(x)
    dx += ds.dot(w1.T)
    return [dx, x.T.dot(ds), np.ones(len(x)).dot(ds), h.T.dot(dz), np.ones(len(x)).dot(dz)]


def projection_forward(x, w1, b1, w2, b2, wp, stride=1):
    h = relu(conv_forward(x, w1, b1, stride=stride, pad=1))
    r = conv_forward(h, w2, b2, pad=1)
    shortcut = conv_forward(x, wp, np.zeros_like(b2), stride=stride)
    assert_same(shortcut, r)
    return relu(shortcut + r)


def projection_backward(dout, x, w1, b1, w2, b2, wp, stride=1):
    s = conv_forward(x, w1, b1, stride, 1)
    h = relu(s)
    z = conv_forward(h, w2, b2, 1, 1) + conv_forward(x, wp, np.zeros_like(b2), stride, 0)
    dz = dout * (z >= 0)
    dh, dw2, db2 = conv_backward(dz, h, w2, b2, 1, 1)
    dh *= s >= 0
    dx, dw1, db1 = conv_backward(dh, x, w1, b1, stride, 1)
    more, dwp, _ = conv_backward(dz, x, wp, b2, stride, 0)
    dx += more
    return [dx, dw1, db1, dw2, db2, dwp]


def gradient_norms(x, dout, w1, b1, w2, b2, skip=True):
    def first_to_last(h, k):
        """The gradient at block k, and the norms from there on."""
        if k == len(w1):
            return dout, []
        block = w1[k], b1[k], w2[k], b2[k], skip
        later, norms = first_to_last(residual_forward(h, *block), k + 1)
        here = residual_backward(later, h, *block)[0]
        return here, [float(np.sqrt((here * here).sum())), *norms]

    return first_to_last(x, 0)[1]
