"""Capstone: a network of your own layers reads digits.

First come twelve functions that you have written already, each for its topic. Put yours in their places: copy the function (and what it
needs), or hand in your `conv.py` beside this file and write `from conv import conv_forward, conv_backward`. They earn nothing here, but
all else stands on them: where one is wrong, finish its topic first.

Then come four functions that are new. They call your layers and nothing else computes. The network:

    images → convolution → batch norm → ReLU → max pooling (size 2) → flatten → dropout → dense → logits

Its parameters are a dict p of six arrays, for F filters of K x K, C channels, D numbers after `flatten` and 10 classes:

    p["w"] (F, C, K, K), p["b"] (F,)             the convolution's (stride 1, no padding)
    p["gamma"] (F,), p["beta"] (F,)              the batch norm's
    p["wd"] (D, 10), p["bd"] (10,)               the dense layer's: logits = row @ wd + bd
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
Labels = NDArray[np.integer]
Parameters = dict[str, Array]


# --- yours, from earlier topics: copy them here ------------------------------------------------------------------------------------


def conv_forward(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """Yours, from `conv`. The network leaves stride and pad at 1 and 0."""
    raise NotImplementedError("conv_forward: Yours, from `conv`. The network leaves stride and pad at 1 and 0.")


def conv_backward(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> tuple[Array, Array, Array]:
    """Yours, from `conv`: (dx, dw, db)."""
    raise NotImplementedError("conv_backward: Yours, from `conv`: (dx, dw, db).")


def batchnorm_forward_spatial(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """Yours, from `batchnorm`."""
    raise NotImplementedError("batchnorm_forward_spatial: Yours, from `batchnorm`.")


def batchnorm_backward_spatial(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> tuple[Array, Array, Array]:
    """Yours, from `batchnorm`: (dx, dgamma, dbeta)."""
    raise NotImplementedError("batchnorm_backward_spatial: Yours, from `batchnorm`: (dx, dgamma, dbeta).")


def batchnorm_inference(x: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, eps: float = 1e-5) -> Array:
    """Yours, from `batchnorm`. Here x is always of images."""
    raise NotImplementedError("batchnorm_inference: Yours, from `batchnorm`. Here x is always of images.")


def running_statistics(x: Array, running_mean: Array, running_var: Array, momentum: float = 0.1) -> tuple[Array, Array]:
    """Yours, from `batchnorm`: the tuple (new_mean, new_var). Here x is always of images."""
    raise NotImplementedError(
        "running_statistics: Yours, from `batchnorm`: the tuple (new_mean, new_var). Here x is always of images."
    )


def relu(z: Array) -> Array:
    """Yours, from `activations`."""
    raise NotImplementedError("relu: Yours, from `activations`.")


def max_pool(x: Array, size: int, stride: int | None = None) -> Array:
    """Yours, from `pooling`. The network's windows stand side by side."""
    raise NotImplementedError("max_pool: Yours, from `pooling`. The network's windows stand side by side.")


def max_pool_backward(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """Yours, from `pooling`."""
    raise NotImplementedError("max_pool_backward: Yours, from `pooling`.")


def dropout_forward(x: Array, draws: Array, p: float, training: bool = True) -> Array:
    """Yours, from `dropout`."""
    raise NotImplementedError("dropout_forward: Yours, from `dropout`.")


def softmax_ce_gradient(logits: Array, target: Array) -> Array:
    """Yours, from `softmax_ce` (it needs your `softmax`)."""
    raise NotImplementedError("softmax_ce_gradient: Yours, from `softmax_ce` (it needs your `softmax`).")


def adam_step(
    theta: Array,
    gradient: Array,
    m: Array,
    v: Array,
    t: int,
    rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> tuple[Array, Array, Array]:
    """Yours, from `optimizers`: (new_theta, new_m, new_v)."""
    raise NotImplementedError("adam_step: Yours, from `optimizers`: (new_theta, new_m, new_v).")


# --- new: the network --------------------------------------------------------------------------------------------------------------


def forward(p: Parameters, images: Array, draws: Array, drop: float) -> Array:
    """The whole network in training: from images to logits.

    Batch norm takes the mean and the variance of this batch, and dropout drops where draws < drop.

    Args:
        p: the six parameters, see the top of the file.
        images: shape (N, C, H, W).
        draws: shape (N, D), for the dropout of the flattened maps.
        drop: the probability of dropping, 0 <= drop < 1.

    Returns:
        logits, shape (N, 10) (the checks also have other numbers of classes).

    Example: two images of 2 x 2, one filter [[[[1]]]], b = [0], gamma = [1], beta = [0], wd = [[1, -1]], bd = [0, 0.5], nothing
        dropped. images[0] = [[0, 0], [0, 4]], images[1] = [[0, 4], [4, 4]]: mean 2, variance 4, so that batch norm makes -1 of
        each 0 and 1 of each 4 (nearly, for eps). ReLU and pooling leave 1 of either image: logits = [[1, -0.5], [1, -0.5]].
    """
    raise NotImplementedError("forward: The whole network in training: from images to logits.")


def predict(p: Parameters, mean: Array, var: Array, images: Array) -> Array:
    """The whole network when it is used: from images to logits, each image by itself.

    Batch norm takes the running statistics, and nothing is dropped or scaled.

    Args:
        p: the six parameters.
        mean, var: shape (F,), the running statistics.
        images: shape (N, C, H, W).

    Returns:
        logits, shape (N, 10): the largest of a row says which digit the network reads.

    Example: `forward`'s network and images with mean = [0] and var = [1]: batch norm leaves all numbers nearly as they are, and
        pooling leaves 4 of either image: logits = [[4, -3.5], [4, -3.5]].
    """
    raise NotImplementedError("predict: The whole network when it is used: from images to logits, each image by itself.")


def gradients(p: Parameters, images: Array, target: Array, draws: Array, drop: float) -> Parameters:
    """The gradients of the mean cross-entropy of `forward`'s logits with respect to the six parameters.

    Go forward and keep what each layer was given; then go back from the loss, layer by layer. Dropout hands back to each number
    what it did to it: `dropout_forward` with the same draws is its own way back. ReLU lets through where its input was positive.

    Args:
        p, images, draws, drop: as in `forward`.
        target: shape (N, 10), one 1 in each row, for its digit.

    Returns:
        a dict with the keys of p: each gradient has the shape of its parameter.
    """
    raise NotImplementedError(
        "gradients: The gradients of the mean cross-entropy of `forward`'s logits with respect to the six parameters."
    )


def train(
    p: Parameters, images: Array, labels: Labels, orders: Labels, draws: Array, batch_size: int, drop: float, rate: float
) -> tuple[Parameters, Array, Array]:
    """Training with Adam: epochs of mini-batches in given orders.

    Epoch e takes the images (and their labels, and their rows of draws[e]) in the order orders[e], `batch_size` at a time; the last
    batch may be smaller. For each batch, at the present parameters:

        1. the gradients of the batch;
        2. `running_statistics` of what the convolution gives for the batch (momentum 0.1; they begin at mean 0 and variance 1);
        3. one `adam_step` for each parameter. m and v begin at 0, t counts the batches of all epochs, from 1.

    Args:
        p: where to begin; the given arrays are left as they are.
        images, labels: shapes (N, C, H, W) and (N,), labels from 0 to 9 (or as many as p["bd"] has).
        orders: shape (epochs, N), each row a permutation of 0..N-1.
        draws: shape (epochs, N, D): image n has the row draws[e, n] in epoch e.
        drop: the probability of dropping. rate: Adam's.

    Returns:
        (p, mean, var): the parameters after the last step, and the running statistics.
    """
    raise NotImplementedError("train: Training with Adam: epochs of mini-batches in given orders.")


if __name__ == "__main__":
    # This runs when you start the file yourself, never when it is graded: your network learns to read.
    print(relu(np.array([-1, 2])))  # should print [0. 2.]
    with np.load(Path(__file__).with_name("digits.npz")) as data:
        images, labels = data["images"][:, None] / 16, data["labels"].astype(np.int64)
    rng = np.random.default_rng(0)
    p = {"w": rng.normal(size=(8, 1, 3, 3)) / 3, "b": np.zeros(8), "gamma": np.ones(8), "beta": np.zeros(8)}
    p |= {"wd": 0.1 * rng.normal(size=(72, 10)), "bd": np.zeros(10)}
    for epochs in (1, 2, 4):
        orders = np.array([rng.permutation(200) for _ in range(epochs)])
        trained, mean, var = train(p, images[:200], labels[:200], orders, rng.uniform(size=(epochs, 200, 72)), 20, 0.2, 0.02)
        right = predict(trained, mean, var, images[200:400]).argmax(axis=1) == labels[200:400]
        print(f"after {epochs} epochs it reads {right.mean():.0%} of 200 digits that it has not seen")
