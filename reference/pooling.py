"""Reference of the topic `pooling`: max, average and adaptive average pooling of (N, C, H, W) batches, and their gradients.

Source: lecture L1, slides «Pooling Layers: Max Pooling», «… Average Pooling» and «… Adaptive Average Pooling», with 0-based
indices, a free stride, output size floor((H - K) / S) + 1, and rows taken from H and columns from W.
"""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]


def _windows(x: Array, size: int, stride: int | None) -> Array:
    """All windows of x: shape (N, C, H', W', K, K), a read-only view; numpy refuses a window that is larger than the image."""
    step = stride or size
    windows: Array = sliding_window_view(x, (size, size), axis=(2, 3))
    return windows[:, :, ::step, ::step]


def max_pool(x: Array, size: int, stride: int | None = None) -> Array:
    """O[n,c,i,j] = max_pq x[n,c,Si+p,Sj+q], 0 ≤ p,q < K (L1 «Max Pooling: Example»).

    Raises:
        ValueError: the window is larger than the image.
    """
    result: Array = _windows(x, size, stride).max(axis=(4, 5))
    return result


def max_pool_backward(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """dx[n,c,k,l] = Σ dout[n,c,i,j] over the windows whose (first) maximum is at (k,l) (derived from L1 «Max Pooling»).

    Raises:
        ValueError: the window is larger than the image.
    """
    step = stride or size
    windows = _windows(x, size, stride)
    p, q = np.divmod(windows.reshape(*windows.shape[:4], size * size).argmax(axis=-1), size)
    n, c, i, j = np.indices(dout.shape)
    dx = np.zeros(x.shape, dout.dtype)
    np.add.at(dx, (n, c, step * i + p, step * j + q), dout)
    return dx


def avg_pool(x: Array, size: int, stride: int | None = None) -> Array:
    """O[n,c,i,j] = 1/K² Σ_pq x[n,c,Si+p,Sj+q] (L1 «Average Pooling: Example»).

    Raises:
        ValueError: the window is larger than the image.
    """
    result: Array = _windows(x, size, stride).mean(axis=(4, 5))
    return result


def avg_pool_backward(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """dx[n,c,k,l] = Σ dout[n,c,i,j]/K² over the windows that contain (k,l) (derived from L1 «Average Pooling»)."""
    step = stride or size
    rows, columns = dout.shape[2:]
    dx = np.zeros(x.shape, dout.dtype)
    for p in range(size):
        for q in range(size):
            dx[:, :, p : p + step * rows : step, q : q + step * columns : step] += dout / size**2
    return dx


def _averaging(length: int, size: int, dtype: Any) -> Array:
    """The matrix A of shape (k, length) with A @ v = the means of v over floor(i·length/k) … ceil((i+1)·length/k) - 1."""
    if size < 1:
        raise ValueError(f"size must be at least 1, not {size}")
    i = np.arange(size)[:, None]
    start, end = i * length // size, -((i + 1) * -length // size)
    place = np.arange(length)
    return (((start <= place) & (place < end)) / (end - start)).astype(dtype)


def adaptive_avg_pool(x: Array, size: int) -> Array:
    """O = A_H x A_Wᵀ per image and channel, shape (N,C,k,k): adaptive windows are separable (L1 «Adaptive Average: Example»).

    Raises:
        ValueError: size is smaller than 1.
    """
    dtype = np.result_type(x, np.float32)
    return _averaging(x.shape[2], size, dtype) @ x @ _averaging(x.shape[3], size, dtype).T


def adaptive_avg_pool_backward(dout: Array, x: Array, size: int) -> Array:
    """dx = A_Hᵀ dout A_W per image and channel, shape of x (derived from L1 «Adaptive Average Pooling»)."""
    return _averaging(x.shape[2], size, dout.dtype).T @ dout @ _averaging(x.shape[3], size, dout.dtype)


def fast_max_pool(x: Array, size: int, stride: int | None = None) -> Array:
    """As `max_pool`, which has no loops."""
    return max_pool(x, size, stride)
