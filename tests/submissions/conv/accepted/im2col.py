"""The windows as columns of a matrix, the convolution as one matrix product; the gradients come back by col2im."""

import numpy as np


def im2col(x, K, stride, pad):
    N, C, H, W = x.shape
    OH = (H + 2 * pad - K) // stride + 1
    OW = (W + 2 * pad - K) // stride + 1
    if OH < 1 or OW < 1:
        raise ValueError(f"filter {K}x{K} does not fit into {H}x{W} with padding {pad}")
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    col = np.zeros((N, C, K, K, OH, OW))
    for p in range(K):
        for q in range(K):
            col[:, :, p, q] = xp[:, :, p : p + stride * OH : stride, q : q + stride * OW : stride]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(N * OH * OW, -1), OH, OW


def col2im(col, shape, K, stride, pad):
    N, C, H, W = shape
    OH = (H + 2 * pad - K) // stride + 1
    OW = (W + 2 * pad - K) // stride + 1
    col = col.reshape(N, OH, OW, C, K, K).transpose(0, 3, 4, 5, 1, 2)
    img = np.zeros((N, C, H + 2 * pad + stride - 1, W + 2 * pad + stride - 1))
    for p in range(K):
        for q in range(K):
            img[:, :, p : p + stride * OH : stride, q : q + stride * OW : stride] += col[:, :, p, q]
    return img[:, :, pad : H + pad, pad : W + pad]


def conv_forward(x, w, b, stride=1, pad=0):
    if x.shape[1] != w.shape[1]:
        raise ValueError("number of channels differs")
    F, _, K, _ = w.shape
    col, OH, OW = im2col(x, K, stride, pad)
    out = col @ w.reshape(F, -1).T + b
    return out.reshape(x.shape[0], OH, OW, F).transpose(0, 3, 1, 2)


def conv2d(image, kernel, stride=1, pad=0):
    return conv_forward(image[None, None], kernel[None, None], np.zeros(1), stride, pad)[0, 0]


def conv2d_valid(image, kernel):
    return conv2d(image, kernel)


def conv_backward(dout, x, w, b, stride=1, pad=0):
    F, C, K, _ = w.shape
    col, _, _ = im2col(x, K, stride, pad)
    dflat = dout.transpose(0, 2, 3, 1).reshape(-1, F)
    dw = (dflat.T @ col).reshape(F, C, K, K)
    dx = col2im(dflat @ w.reshape(F, -1), x.shape, K, stride, pad)
    return dx, dw, dflat.sum(axis=0)
