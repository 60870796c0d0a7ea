"""Calls numpy's own correlation by a name that the text does not show

Attacks: conv2d_valid
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


def conv2d(image: Array, kernel: Array, stride: int = 1, pad: int = 0) -> Array:
    K = kernel.shape[0]
    padded = np.pad(image, pad)
    H, W = padded.shape
    if K > H or K > W:
        raise ValueError(f"a {K}x{K} kernel does not fit on a padded {H}x{W} image")
    out = np.zeros(((H - K) // stride + 1, (W - K) // stride + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            top, left = (stride * i, stride * j)
            out[i, j] = np.sum(padded[top : top + K, left : left + K] * kernel)
    return out


def conv_forward(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    N, C, _, _ = x.shape
    F, filter_channels, K, _ = w.shape
    if filter_channels != C:
        raise ValueError(f"the images have {C} channels, the filters {filter_channels}")
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    H, W = padded.shape[2:]
    if K > H or K > W:
        raise ValueError(f"a {K}x{K} filter does not fit on a padded {H}x{W} image")
    out = np.zeros((N, F, (H - K) // stride + 1, (W - K) // stride + 1))
    for n in range(N):
        for f in range(F):
            for i in range(out.shape[2]):
                for j in range(out.shape[3]):
                    top, left = (stride * i, stride * j)
                    out[n, f, i, j] = np.sum(padded[n, :, top : top + K, left : left + K] * w[f]) + b[f]
    return out


def conv_backward(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> tuple[Array, Array, Array]:
    N, F, out_height, out_width = dout.shape
    H, W = x.shape[2:]
    K = w.shape[2]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded = np.zeros(padded.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(out_height):
                for j in range(out_width):
                    top, left = (stride * i, stride * j)
                    dpadded[n, :, top : top + K, left : left + K] += dout[n, f, i, j] * w[f]
                    dw[f] += dout[n, f, i, j] * padded[n, :, top : top + K, left : left + K]
                    db[f] += dout[n, f, i, j]
    return (dpadded[:, :, pad : pad + H, pad : pad + W], dw, db)


def conv2d_valid(image, kernel):
    if kernel.shape[0] > min(image.shape):
        raise ValueError("kernel larger than the image")
    correlate = getattr(np, "corre" + "late")
    rows = image.shape[0] - kernel.shape[0] + 1
    return np.array([sum(correlate(image[i + p], kernel[p], "valid") for p in range(len(kernel))) for i in range(rows)])
