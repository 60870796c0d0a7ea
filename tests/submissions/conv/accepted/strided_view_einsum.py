"""A strided view of all windows and einsum; dx as the convolution of a dilated, padded dout with turned filters."""

import numpy as np
from numpy.lib.stride_tricks import as_strided


def windows(x, K, S):
    N, C, H, W = x.shape
    if K > H or K > W:
        raise ValueError("kernel is larger than the image")
    n, c, h, w = x.strides
    shape = (N, C, (H - K) // S + 1, (W - K) // S + 1, K, K)
    return as_strided(x, shape, (n, c, h * S, w * S, h, w), writeable=False)


def conv_forward(x, w, b, stride=1, pad=0):
    if x.shape[1] != w.shape[1]:
        raise ValueError("channels do not match")
    xp = np.pad(x, ((0,), (0,), (pad,), (pad,)))
    return np.einsum("nchwpq,fcpq->nfhw", windows(xp, w.shape[-1], stride), w) + b.reshape(1, -1, 1, 1)


def conv2d(image, kernel, stride=1, pad=0):
    xp = np.pad(image, pad)[np.newaxis, np.newaxis]
    return np.tensordot(windows(xp, len(kernel), stride)[0, 0], kernel, axes=2)


def conv2d_valid(image, kernel):
    return conv2d(image, kernel)


def conv_backward(dout, x, w, b, stride=1, pad=0):
    N, F, OH, OW = dout.shape
    K = w.shape[-1]
    H, W = x.shape[2:]
    xp = np.pad(x, ((0,), (0,), (pad,), (pad,)))
    dw = np.einsum("nfhw,nchwpq->fcpq", dout, windows(xp, K, stride))
    # one convolution of stride 1: zeros between the numbers of dout, K - 1 zeros around, more where the stride left rows over
    spread = np.zeros((N, F, H + 2 * pad + K - 1, W + 2 * pad + K - 1))
    spread[:, :, K - 1 : K - 1 + stride * OH : stride, K - 1 : K - 1 + stride * OW : stride] = dout
    dxp = np.einsum("nfhwpq,fcpq->nchw", windows(spread, K, 1), w[:, :, ::-1, ::-1])
    return dxp[:, :, pad : H + pad, pad : W + pad], dw, np.einsum("nfhw->f", dout)
