"""Reference of the topic `digits`: a convolutional network of five layers, its gradients and its training.

Source: lecture L1, «Convolución: Forwarding», «Pooling Layers: Max Pooling», «Funciones de activación: Sigmoid y Softmax» and «Cross
Entropy Loss», with 0-based indices; gradient descent with mini-batches as in L3.
"""

import math
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
Labels = NDArray[np.integer[Any]]
Gradients = tuple[Array, Array, Array]


def conv_forward(x: Array, w: Array, b: Array) -> Array:
    """O[n,f,i,j] = b[f] + Σ_cpq x[n,c,i+p,j+q] w[f,c,p,q] (L1 «Convolución: Forwarding», S = 1, P = 0).

    Raises:
        ValueError: x and w differ in the number of channels, or a filter is larger than the images.
    """
    windows = sliding_window_view(x, w.shape[2:], axis=(2, 3))  # raises ValueError where the filter is too large
    out: Array = np.tensordot(windows, w, axes=((1, 4, 5), (1, 2, 3))) + b  # and this where the channels differ
    return np.moveaxis(out, 3, 1)


def conv_backward(dout: Array, x: Array, w: Array, b: Array) -> Gradients:
    """(dx, dw, db) (L1 «Convolución: Forwarding», ∂L/∂I and ∂L/∂F): dx is the convolution of the padded dout with the turned filters."""
    border = [(0, 0), (0, 0), *((size - 1, size - 1) for size in w.shape[2:])]
    turned = np.swapaxes(np.flip(w, axis=(2, 3)), 0, 1)
    dx = conv_forward(np.pad(dout, border), turned, np.zeros(x.shape[1], dout.dtype))
    return dx, *_filter_gradients(dout, x, w)


def _filter_gradients(dout: Array, x: Array, w: Array) -> tuple[Array, Array]:
    """(dw, db) alone: nobody asks for the gradient of the images."""
    dw: Array = np.tensordot(dout, sliding_window_view(x, w.shape[2:], axis=(2, 3)), axes=((0, 2, 3), (0, 2, 3)))
    return dw, np.sum(dout, axis=(0, 2, 3))


def relu(x: Array) -> Array:
    """max(0, x) (L2 «Funciones comunes de activación»)."""
    result: Array = np.maximum(x, 0)
    return result


def relu_backward(dout: Array, x: Array) -> Array:
    """dout where x > 0; the subgradient 0 at 0 (erratum E12)."""
    return np.where(x > 0, dout, np.zeros_like(dout))


def _windows(x: Array, size: int) -> Array:
    """Side by side: shape (N, C, H//K, W//K, K, K), a view."""
    rows, columns = x.shape[2] // size, x.shape[3] // size
    cut = x[:, :, : rows * size, : columns * size]
    return np.swapaxes(cut.reshape(*x.shape[:2], rows, size, columns, size), 3, 4)


def max_pool(x: Array, size: int = 2) -> Array:
    """O[n,c,i,j] = max_pq x[n,c,Ki+p,Kj+q], 0 ≤ p, q < K (L1 «Pooling Layers: Max Pooling», erratum E3)."""
    out: Array = _windows(x, size).max(axis=(4, 5))
    return out


def max_pool_backward(dout: Array, x: Array, size: int = 2) -> Array:
    """dout[n,c,i,j] to the first largest number of window (i, j)."""
    windows = _windows(x, size)
    flat = windows.reshape(*windows.shape[:4], size * size)
    given = np.zeros_like(flat)
    np.put_along_axis(given, flat.argmax(axis=4)[..., None], dout[..., None], axis=4)
    dx = np.zeros_like(x)
    _windows(dx, size)[...] = given.reshape(windows.shape)
    return dx


def flatten(x: Array) -> Array:
    """O[n, (cH + i)W + j] = x[n,c,i,j]."""
    return np.reshape(x, (len(x), math.prod(x.shape[1:])))


def flatten_backward(dout: Array, x: Array) -> Array:
    """dx[n,c,i,j] = dout[n, (cH + i)W + j]."""
    return np.reshape(dout, x.shape)


def dense_forward(x: Array, w: Array, b: Array) -> Array:
    """O[n,k] = b[k] + Σ_d x[n,d] w[d,k]."""
    out: Array = np.dot(x, w) + b
    return out


def dense_backward(dout: Array, x: Array, w: Array, b: Array) -> Gradients:
    """(dx, dw, db): dout Wᵀ, xᵀ dout, Σ_n dout[n]."""
    return np.inner(dout, w), np.tensordot(x, dout, axes=(0, 0)), np.sum(dout, axis=0)


def _log_probabilities(logits: Array) -> Array:
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    result: Array = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    return result


def softmax_cross_entropy(logits: Array, labels: Labels) -> float:
    """-1/N Σ_n ln softmax(logits[n])[labels[n]], by log-sum-exp (L1 «Cross Entropy Loss», errata E7, E11)."""
    return -float(np.mean(np.take_along_axis(_log_probabilities(logits), labels[:, None], axis=1)))


def softmax_cross_entropy_backward(logits: Array, labels: Labels) -> Array:
    """(softmax(logits) - t) / N, t one-hot (L3, the backward pass)."""
    target = labels[:, None] == np.arange(logits.shape[1])
    dlogits: Array = (np.exp(_log_probabilities(logits)) - target) / len(labels)
    return dlogits


def network(parameters: list[Array], images: Array) -> Array:
    """convolution → ReLU → max pooling 2×2 → flatten → dense."""
    conv_w, conv_b, dense_w, dense_b = parameters
    maps = relu(conv_forward(images, conv_w, conv_b))
    return dense_forward(flatten(max_pool(maps)), dense_w, dense_b)


def network_loss(parameters: list[Array], images: Array, labels: Labels) -> float:
    """The mean cross-entropy of the network's logits."""
    return softmax_cross_entropy(network(parameters, images), labels)


def network_gradients(parameters: list[Array], images: Array, labels: Labels) -> list[Array]:
    """∂ network_loss / ∂ each parameter, by the chain rule through the layers."""
    conv_w, conv_b, dense_w, dense_b = parameters
    sums = conv_forward(images, conv_w, conv_b)
    maps = relu(sums)
    pooled = max_pool(maps)
    row = flatten(pooled)
    upstream = softmax_cross_entropy_backward(dense_forward(row, dense_w, dense_b), labels)
    upstream, ddense_w, ddense_b = dense_backward(upstream, row, dense_w, dense_b)
    upstream = max_pool_backward(flatten_backward(upstream, pooled), maps)
    return [*_filter_gradients(relu_backward(upstream, sums), images, conv_w), ddense_w, ddense_b]


def sgd_step(parameters: list[Array], gradients: list[Array], learning_rate: float) -> list[Array]:
    """θ - η ∂J/∂θ for each parameter."""
    return [parameters[place] - learning_rate * gradient for place, gradient in enumerate(gradients)]


def accuracy(logits: Array, labels: Labels) -> float:
    """The share of rows whose largest logit is at their label."""
    return np.count_nonzero(np.argmax(logits, axis=1) == labels) / len(labels)


def train(
    parameters: list[Array], images: Array, labels: Labels, orders: Labels, batch_size: int, learning_rate: float
) -> tuple[list[Array], Array]:
    """Mini-batch gradient descent; the history is the loss of all images after each epoch."""
    history = []
    for order in orders:
        for batch in np.split(order, range(batch_size, len(order), batch_size)):
            gradients = network_gradients(parameters, images[batch], labels[batch])
            parameters = sgd_step(parameters, gradients, learning_rate)
        history.append(network_loss(parameters, images, labels))
    return parameters, np.array(history)
