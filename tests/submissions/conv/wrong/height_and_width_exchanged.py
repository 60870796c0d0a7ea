import numpy as np


def conv2d_valid(image, kernel):
    return conv2d(image, kernel)


def conv2d(image, kernel, stride=1, pad=0):
    width, height = image.shape
    size = kernel.shape[0]
    if size > width + 2 * pad or size > height + 2 * pad:
        raise ValueError("kernel does not fit")
    padded = np.pad(image, pad)
    rows = (height + 2 * pad - size) // stride + 1
    cols = (width + 2 * pad - size) // stride + 1
    out = np.zeros((rows, cols))
    for r in range(rows):
        for c in range(cols):
            patch = padded[r * stride : r * stride + size, c * stride : c * stride + size]
            out[r, c] = np.sum(patch * kernel)
    return out


def conv_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, D, K, _ = w.shape
    if C != D:
        raise ValueError("different channels")
    if K > H + 2 * pad or K > W + 2 * pad:
        raise ValueError("filter does not fit")
    xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    out = np.zeros((N, F, (H + 2 * pad - K) // stride + 1, (W + 2 * pad - K) // stride + 1))
    for p in range(K):
        for q in range(K):
            view = xp[:, :, p : p + stride * out.shape[2] : stride, q : q + stride * out.shape[3] : stride]
            out += np.einsum("nchw,fc->nfhw", view, w[:, :, p, q])
    return out + b[None, :, None, None]


def conv_backward(dout, x, w, b, stride=1, pad=0):
    H, W = x.shape[2:]
    OH, OW = dout.shape[2:]
    K = w.shape[2]
    xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for p in range(K):
        for q in range(K):
            s = np.s_[:, :, p : p + stride * OH : stride, q : q + stride * OW : stride]
            dw[:, :, p, q] = np.einsum("nfhw,nchw->fc", dout, xp[s])
            dxp[s] += np.einsum("nfhw,fc->nchw", dout, w[:, :, p, q])
    return dxp[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))
