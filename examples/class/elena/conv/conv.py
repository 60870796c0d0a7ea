import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

# everything in float32, like PyTorch does it


def windows(x, K, stride):
    """(..., H, W) -> (..., Ho, Wo, K, K)"""
    v = sliding_window_view(x, (K, K), axis=(-2, -1))  # ValueError if K is too big
    return v[..., ::stride, ::stride, :, :]


def padded(x, pad):
    spec = [(0, 0)] * (x.ndim - 2) + [(pad, pad), (pad, pad)]
    return np.pad(np.asarray(x, dtype=np.float32), spec)


def conv2d_valid(image, kernel):
    return conv2d(image, kernel)


def conv2d(image, kernel, stride=1, pad=0):
    v = windows(padded(image, pad), len(kernel), stride)
    return np.einsum("ijpq,pq->ij", v, kernel.astype(np.float32))


def conv_forward(x, w, b, stride=1, pad=0):
    v = windows(padded(x, pad), w.shape[-1], stride)
    y = np.einsum("ncijpq,fcpq->nfij", v, w.astype(np.float32))
    return y + b.astype(np.float32)[:, None, None]


def conv_backward(dout, x, w, b, stride=1, pad=0):
    dout = dout.astype(np.float32)
    xp = padded(x, pad)
    K = w.shape[-1]
    db = np.einsum("nfij->f", dout)
    dw = np.einsum("nfij,ncijpq->fcpq", dout, windows(xp, K, stride))

    # put stride-1 zeros between the entries of dout, then a full convolution with the turned filter
    N, F, Ho, Wo = dout.shape
    Hp, Wp = xp.shape[-2:]
    spread = np.zeros((N, F, Hp + K - 1, Wp + K - 1), dtype=np.float32)
    spread[:, :, K - 1 : K - 1 + Ho * stride : stride, K - 1 : K - 1 + Wo * stride : stride] = dout
    v = windows(spread, K, 1)
    dxp = np.einsum("nfklpq,fcpq->nckl", v, w[:, :, ::-1, ::-1].astype(np.float32))
    H, W = x.shape[-2:]
    return dxp[:, :, pad : pad + H, pad : pad + W], dw, db
