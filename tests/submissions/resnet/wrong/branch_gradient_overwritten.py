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


def residual_forward(x, w1, b1, w2, b2, skip=True):
    out = relu(x @ w1 + b1) @ w2 + b2
    if skip:
        if out.shape != x.shape:
            raise ValueError("shapes do not match")
        out = out + x
    return relu(out)


def residual_backward(dout, x, w1, b1, w2, b2, skip=True):
    s = x @ w1 + b1
    h = relu(s)
    z = h @ w2 + b2
    if skip:
        z = z + x
    dz = dout.copy()
    dz[z <= 0] = 0
    dh = dz @ w2.T
    dh[s <= 0] = 0
    dx = dh @ w1.T
    if skip:
        dx = dz
    return dx, x.T @ dh, dh.sum(0), h.T @ dz, dz.sum(0)


def projection_forward(x, w1, b1, w2, b2, wp, stride=1):
    if w2.shape[0] != wp.shape[0]:
        raise ValueError("wp")
    out = relu(conv_forward(x, w1, b1, stride, 1))
    out = conv_forward(out, w2, b2, 1, 1)
    shortcut = conv_forward(x, wp, np.zeros(wp.shape[0]), stride, 0)
    return relu(out + shortcut)


def projection_backward(dout, x, w1, b1, w2, b2, wp, stride=1):
    zeros = np.zeros(wp.shape[0])
    s = conv_forward(x, w1, b1, stride, 1)
    h = relu(s)
    z = conv_forward(h, w2, b2, 1, 1) + conv_forward(x, wp, zeros, stride, 0)
    dz = dout * (z > 0)
    dh, dw2, db2 = conv_backward(dz, h, w2, b2, 1, 1)
    dx, dw1, db1 = conv_backward(dh * (s > 0), x, w1, b1, stride, 1)
    dx, dwp, _ = conv_backward(dz, x, wp, zeros, stride, 0)
    return dx, dw1, db1, dw2, db2, dwp


def gradient_norms(x, dout, w1, b1, w2, b2, skip=True):
    inputs = [x]
    for k in range(len(w1) - 1):
        inputs.append(residual_forward(inputs[-1], w1[k], b1[k], w2[k], b2[k], skip))
    norms = np.zeros(len(w1))
    grad = dout
    for k in range(len(w1) - 1, -1, -1):
        grad = residual_backward(grad, inputs[k], w1[k], b1[k], w2[k], b2[k], skip)[0]
        norms[k] = np.linalg.norm(grad)
    return norms
