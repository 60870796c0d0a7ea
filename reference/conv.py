"""Reference of the topic `conv`: cross-correlation of images with filters, and its gradients.

Source: lecture L1, slides «Convolución (Correlación)», «Padding y Striding» and «Convolución: Forwarding», with 0-based
indices and output size floor((H + 2P - K) / S) + 1.
"""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]


def _padded(x: Array, pad: int) -> Array:
    """The last two axes with `pad` zeros on both sides."""
    *front, height, width = x.shape
    result: Array = np.zeros((*front, height + 2 * pad, width + 2 * pad), x.dtype)
    result[..., pad : pad + height, pad : pad + width] = x
    return result


def _windows(padded: Array, size: int, stride: int) -> Array:
    """All windows of the last two axes: shape (..., H', W', K, K), a read-only view; numpy refuses a window that is too large."""
    windows: Array = sliding_window_view(padded, (size, size), axis=(-2, -1))
    return windows[..., ::stride, ::stride, :, :]


def _as_columns(windows: Array, length: int) -> Array:
    """The windows of one image, (C, H', W', K, K), as the columns of a matrix: shape (CKK, H'W'); numpy refuses another length."""
    _, rows, columns, *_ = windows.shape
    return windows.transpose(0, 3, 4, 1, 2).reshape(length, rows * columns)


def conv2d_valid(image: Array, kernel: Array) -> Array:
    """O[i,j] = Σ_pq I[i+p, j+q] F[p,q] of shape (H-K+1, W-K+1) (L1 «Convolución: Ejemplo»).

    Raises:
        ValueError: the kernel is larger than the image.
    """
    return conv2d(image, kernel)


def conv2d(image: Array, kernel: Array, stride: int = 1, pad: int = 0) -> Array:
    """O[i,j] = Σ_pq I'[Si+p, Sj+q] F[p,q], I' the image with P zeros around (L1 «Convolución con padding y striding»).

    Raises:
        ValueError: the kernel is larger than the padded image.
    """
    dtype = np.result_type(image, kernel, np.float32)
    windows = _windows(_padded(image.astype(dtype), pad), len(kernel), stride)
    result: Array = np.einsum("ijpq,pq->ij", windows, kernel.astype(dtype))
    return result


def conv_forward(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """O[n,f,i,j] = b[f] + Σ_cpq x'[n,c,Si+p,Sj+q] w[f,c,p,q] of shape (N,F,H',W') (L1 «Convolución: Forwarding»).

    Raises:
        ValueError: x and w differ in the number of channels, or a filter is larger than the padded image.
    """
    _, channels, size, _ = w.shape
    filters = w.reshape(len(w), channels * size * size)
    windows = _windows(_padded(x, pad), size, stride)
    count, _, rows, columns, *_ = windows.shape
    out = np.empty((count, len(w), rows * columns), np.result_type(x, w))
    for place, image in enumerate(windows):  # one image at a time: the columns of all take much memory
        out[place] = filters @ _as_columns(image, filters.shape[1])
    return out.reshape(count, len(w), rows, columns) + b[:, None, None]


def conv_backward(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> tuple[Array, Array, Array]:
    """(dx, dw, db) for the upstream gradient dout of `conv_forward` (L1 «Convolución: Forwarding», ∂L/∂I and ∂L/∂F).

    dw[f,c,p,q] = Σ_nij dout[n,f,i,j] x'[n,c,Si+p,Sj+q];  db[f] = Σ_nij dout[n,f,i,j];
    dx'[n,c,Si+p,Sj+q] += Σ_f dout[n,f,i,j] w[f,c,p,q], and dx is dx' without its padding.
    """
    count, channels, height, width = x.shape
    rows, columns = dout.shape[2:]
    *_, size = w.shape
    padded = _padded(x, pad)
    windows = _windows(padded, size, stride)
    filters = w.reshape(len(w), channels * size * size)
    dfilters = np.zeros(filters.shape, np.result_type(dout, x))
    dpadded = np.zeros(padded.shape, np.result_type(dout, w))
    for place, upstream in enumerate(dout.reshape(count, len(w), rows * columns)):
        dfilters += upstream @ _as_columns(windows[place], filters.shape[1]).T
        dwindows = (filters.T @ upstream).reshape(channels, size, size, rows, columns)
        for p in range(size):
            for q in range(size):
                dpadded[place, :, p : p + stride * rows : stride, q : q + stride * columns : stride] += dwindows[:, p, q]
    return dpadded[:, :, pad : pad + height, pad : pad + width], dfilters.reshape(w.shape), dout.sum(axis=(0, 2, 3))


def fast_conv_forward(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """As `conv_forward`, whose only loop is over the images."""
    return conv_forward(x, w, b, stride, pad)
