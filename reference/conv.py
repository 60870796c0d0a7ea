"""Reference of the topic `conv`: cross-correlation of images with filters, and its gradients.

Source: lecture L1, slides «Convolución (Correlación)», «Padding y Striding» and «Convolución: Forwarding», with 0-based
indices and output size floor((H + 2P - K) / S) + 1.
"""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]


def _windows(x: Array, size: int, stride: int, pad: int) -> Array:
    """All windows of the last two axes, zero-padded: shape (..., H', W', K, K), a read-only view."""
    if stride < 1 or pad < 0:
        raise ValueError(f"stride must be at least 1 and pad at least 0, not {stride} and {pad}")
    padded = np.pad(x, [(0, 0)] * (x.ndim - 2) + [(pad, pad)] * 2)
    if size > min(padded.shape[-2:]):
        raise ValueError(f"a {size}x{size} kernel is larger than the padded image of {padded.shape[-2]}x{padded.shape[-1]}")
    windows: Array = sliding_window_view(padded, (size, size), axis=(-2, -1))
    return windows[..., ::stride, ::stride, :, :]


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
    windows = _windows(image.astype(dtype), kernel.shape[0], stride, pad)
    result: Array = np.einsum("ijpq,pq->ij", windows, kernel.astype(dtype))
    return result


def conv_forward(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """O[n,f,i,j] = b[f] + Σ_cpq x'[n,c,Si+p,Sj+q] w[f,c,p,q] of shape (N,F,H',W') (L1 «Convolución: Forwarding»).

    Raises:
        ValueError: x and w differ in the number of channels, or a filter is larger than the padded image.
    """
    if x.shape[1] != w.shape[1]:
        raise ValueError(f"x has {x.shape[1]} channels and w has {w.shape[1]}")
    windows = _windows(x, w.shape[2], stride, pad)
    result: Array = np.einsum("ncijpq,fcpq->nfij", windows, w) + b[:, None, None]
    return result


def conv_backward(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> tuple[Array, Array, Array]:
    """(dx, dw, db) for the upstream gradient dout of `conv_forward` (L1 «Convolución: Forwarding», ∂L/∂I and ∂L/∂F).

    dw[f,c,p,q] = Σ_nij dout[n,f,i,j] x'[n,c,Si+p,Sj+q];  db[f] = Σ_nij dout[n,f,i,j];
    dx'[n,c,Si+p,Sj+q] += Σ_f dout[n,f,i,j] w[f,c,p,q], and dx is dx' without its padding.

    Raises:
        ValueError: x and w differ in the number of channels, or a filter is larger than the padded image.
    """
    if x.shape[1] != w.shape[1]:
        raise ValueError(f"x has {x.shape[1]} channels and w has {w.shape[1]}")
    height, width = x.shape[2:]
    rows, columns = dout.shape[2:]
    size = w.shape[2]
    dw: Array = np.einsum("nfij,ncijpq->fcpq", dout, _windows(x, size, stride, pad))
    dpadded = np.zeros((*x.shape[:2], height + 2 * pad, width + 2 * pad), np.result_type(dout, w))
    for p in range(size):
        for q in range(size):
            dpadded[:, :, p : p + stride * rows : stride, q : q + stride * columns : stride] += np.einsum(
                "nfij,fc->ncij", dout, w[:, :, p, q]
            )
    return dpadded[:, :, pad : pad + height, pad : pad + width], dw, dout.sum(axis=(0, 2, 3))
