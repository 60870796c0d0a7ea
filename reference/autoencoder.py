"""The oracle of the topic autoencoder: one tanh layer, one sigmoid layer, mean squared error (L4 «Autoencoder»).

A layer is one matrix product with the bias as its last row: [x 1] · [W; b]. So the gradient of a layer is [x 1]ᵀ · ds, cut into its two
parts, and sigmoid(s) = (1 + tanh(s/2)) / 2 cannot overflow. Results are float64 whatever the dtype of the inputs.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]


def _floats(*values: ArrayLike) -> tuple[Floats, ...]:
    return tuple(np.asarray(value, dtype=np.float64) for value in values)


def _with_ones(x: Floats) -> Floats:
    return np.column_stack([x, np.ones(len(x))])


def _sums(x: ArrayLike, w: ArrayLike, b: ArrayLike) -> Floats:
    """[x 1] · [W; b]."""
    inputs, weight, bias = _floats(x, w, b)
    result: Floats = _with_ones(inputs) @ np.vstack([weight, bias])
    return result


def _layer_gradients(inputs: Floats, ds: Floats) -> tuple[Floats, Floats]:
    """dW and db of a layer from the gradients of its sums."""
    both: Floats = _with_ones(inputs).T @ ds
    return both[:-1], both[-1]


def pixels(images: ArrayLike) -> Floats:
    """x[n, W·i + j] = images[n, i, j] / 16 of shape (N, H·W) (L4 «How do these networks work?»).

    Raises:
        ValueError: a pixel is below 0 or above 16.
    """
    (values,) = _floats(images)
    if values.min() < 0 or values.max() > 16:
        raise ValueError("pixels lie between 0 and 16")
    count, height, width = values.shape
    return values.reshape(count, height * width) / 16


def encode(x: ArrayLike, w: ArrayLike, b: ArrayLike) -> Floats:
    """tanh(x W + b) of shape (N, H) (L4 «Autoencoder (dimensional reduction)»)."""
    return np.tanh(_sums(x, w, b))


def decode(code: ArrayLike, w: ArrayLike, b: ArrayLike) -> Floats:
    """sigmoid(code W + b) of shape (N, D) (L4 «Autoencoder (dimensional reduction)»)."""
    return (1 + np.tanh(_sums(code, w, b) / 2)) / 2


def reconstruction_loss(x: ArrayLike, we: ArrayLike, be: ArrayLike, wd: ArrayLike, bd: ArrayLike) -> float:
    """Mean over all N·D numbers of (output - x)² (L4 «Escenario 3: Regresión»)."""
    (targets,) = _floats(x)
    return float(np.mean(np.square(decode(encode(targets, we, be), wd, bd) - targets)))


def decode_backward(dout: ArrayLike, code: ArrayLike, w: ArrayLike, b: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """(dcode, dw, db) of decode for the upstream gradient dout (chain rule; L4 «How does it actually work?»)."""
    upstream, inputs, weight = _floats(dout, code, w)
    slope = (1 - np.tanh(_sums(code, w, b) / 2) ** 2) / 4
    ds = upstream * slope
    return np.einsum("nd,hd->nh", ds, weight), *_layer_gradients(inputs, ds)


def gradients(x: ArrayLike, we: ArrayLike, be: ArrayLike, wd: ArrayLike, bd: ArrayLike) -> tuple[Floats, Floats, Floats, Floats]:
    """(dwe, dbe, dwd, dbd) of reconstruction_loss (chain rule; L4 «How does it actually work?»)."""
    (inputs,) = _floats(x)
    code = encode(inputs, we, be)
    dout = (decode(code, wd, bd) - inputs) * (2 / inputs.size)
    dcode, dwd, dbd = decode_backward(dout, code, wd, bd)
    return *_layer_gradients(inputs, dcode * (1 - code) * (1 + code)), dwd, dbd


def train_step(x: ArrayLike, weights: Sequence[ArrayLike], rate: float) -> list[Floats]:
    """[we, be, wd, bd] after one step W - rate·gradient (L4 «How does it actually work?», ΔW = -η ∂E/∂W)."""
    we, be, wd, bd = _floats(*weights)
    dwe, dbe, dwd, dbd = gradients(x, we, be, wd, bd)
    return [we - rate * dwe, be - rate * dbe, wd - rate * dwd, bd - rate * dbd]


def train(
    x: ArrayLike, weights: Sequence[ArrayLike], rate: float, permutations: ArrayLike, batch_size: int
) -> tuple[list[Floats], Floats]:
    """(new weights, loss of all images after each epoch) of mini-batch steps in the order of `permutations` (L4 «Keras», fit).

    Raises:
        ValueError: batch_size is below 1.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, not {batch_size}")
    (images,) = _floats(x)
    current, losses = list(_floats(*weights)), []
    for order in np.asarray(permutations):
        for step in range(-(-len(order) // batch_size)):
            current = train_step(images[order[step * batch_size : (step + 1) * batch_size]], current, rate)
        losses.append(reconstruction_loss(images, *current))
    return current, np.array(losses)
