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
    # BEGIN SOLUTION
    K = w.shape[2]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows, columns = ((length - K) // stride + 1 for length in padded.shape[2:])
    out = np.zeros((len(x), len(w), rows, columns))
    for p in range(K):
        for q in range(K):
            met = padded[:, :, p : p + stride * (rows - 1) + 1 : stride, q : q + stride * (columns - 1) + 1 : stride]
            out += np.einsum("fc,ncij->nfij", w[:, :, p, q], met)
    return out + b[:, None, None]
    # END SOLUTION


def conv_backward(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> tuple[Array, Array, Array]:
    """Yours, from `conv`: (dx, dw, db)."""
    # BEGIN SOLUTION
    K = w.shape[2]
    rows, columns = dout.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for p in range(K):
        for q in range(K):
            place = np.s_[:, :, p : p + stride * (rows - 1) + 1 : stride, q : q + stride * (columns - 1) + 1 : stride]
            dw[:, :, p, q] = np.einsum("nfij,ncij->fc", dout, padded[place])
            dpadded[place] += np.einsum("nfij,fc->ncij", dout, w[:, :, p, q])
    return dpadded[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, dout.sum(axis=(0, 2, 3))
    # END SOLUTION


def batchnorm_forward_spatial(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """Yours, from `batchnorm`."""
    # BEGIN SOLUTION
    centred = x - x.mean(axis=(0, 2, 3), keepdims=True)
    xhat = centred / np.sqrt((centred**2).mean(axis=(0, 2, 3), keepdims=True) + eps)
    return xhat * gamma[:, None, None] + beta[:, None, None]
    # END SOLUTION


def batchnorm_backward_spatial(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> tuple[Array, Array, Array]:
    """Yours, from `batchnorm`: (dx, dgamma, dbeta)."""
    # BEGIN SOLUTION
    m = x.size // x.shape[1]
    centred = x - x.mean(axis=(0, 2, 3), keepdims=True)
    root = np.sqrt((centred**2).mean(axis=(0, 2, 3), keepdims=True) + eps)
    xhat = centred / root
    dbeta, dgamma = dout.sum(axis=(0, 2, 3)), (dout * xhat).sum(axis=(0, 2, 3))
    inner = dout - dbeta[:, None, None] / m - xhat * dgamma[:, None, None] / m
    return gamma[:, None, None] / root * inner, dgamma, dbeta
    # END SOLUTION


def batchnorm_inference(x: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, eps: float = 1e-5) -> Array:
    """Yours, from `batchnorm`. Here x is always of images."""
    # BEGIN SOLUTION
    xhat = (x - running_mean[:, None, None]) / np.sqrt(running_var[:, None, None] + eps)
    return xhat * gamma[:, None, None] + beta[:, None, None]
    # END SOLUTION


def running_statistics(x: Array, running_mean: Array, running_var: Array, momentum: float = 0.1) -> tuple[Array, Array]:
    """Yours, from `batchnorm`: the tuple (new_mean, new_var). Here x is always of images."""
    # BEGIN SOLUTION
    mean, var = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
    return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_var + momentum * var
    # END SOLUTION


def relu(z: Array) -> Array:
    """Yours, from `activations`."""
    # BEGIN SOLUTION
    return np.maximum(z, 0.0)
    # END SOLUTION


def max_pool(x: Array, size: int, stride: int | None = None) -> Array:
    """Yours, from `pooling`. The network's windows stand side by side."""
    # BEGIN SOLUTION
    S = size if stride is None else stride
    rows, columns = ((length - size) // S + 1 for length in x.shape[2:])
    out = np.zeros((*x.shape[:2], rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[:, :, i, j] = x[:, :, S * i : S * i + size, S * j : S * j + size].max(axis=(2, 3))
    return out
    # END SOLUTION


def max_pool_backward(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """Yours, from `pooling`."""
    # BEGIN SOLUTION
    S = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, S * i : S * i + size, S * j : S * j + size]
        p, q = divmod(int(window.argmax()), size)  # the first of equal maxima
        dx[n, c, S * i + p, S * j + q] += dout[n, c, i, j]
    return dx
    # END SOLUTION


def dropout_forward(x: Array, draws: Array, p: float, training: bool = True) -> Array:
    """Yours, from `dropout`."""
    # BEGIN SOLUTION
    return np.where(draws < p, 0.0, x / (1 - p)) if training else x.astype(float)
    # END SOLUTION


def softmax_ce_gradient(logits: Array, target: Array) -> Array:
    """Yours, from `softmax_ce` (it needs your `softmax`)."""
    # BEGIN SOLUTION
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True) - target) / len(logits)
    # END SOLUTION


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
    # BEGIN SOLUTION
    new_m = beta1 * m + (1 - beta1) * gradient
    new_v = beta2 * v + (1 - beta2) * gradient**2
    m_hat, v_hat = new_m / (1 - beta1**t), new_v / (1 - beta2**t)
    return theta - rate * m_hat / (np.sqrt(v_hat) + epsilon), new_m, new_v
    # END SOLUTION


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
    # BEGIN SOLUTION
    maps = relu(batchnorm_forward_spatial(conv_forward(images, p["w"], p["b"]), p["gamma"], p["beta"]))
    row = max_pool(maps, 2).reshape(len(images), -1)
    return dropout_forward(row, draws, drop) @ p["wd"] + p["bd"]
    # END SOLUTION


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
    # BEGIN SOLUTION
    maps = relu(batchnorm_inference(conv_forward(images, p["w"], p["b"]), p["gamma"], p["beta"], mean, var))
    return max_pool(maps, 2).reshape(len(images), -1) @ p["wd"] + p["bd"]
    # END SOLUTION


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
    # BEGIN SOLUTION
    sums = conv_forward(images, p["w"], p["b"])
    normal = batchnorm_forward_spatial(sums, p["gamma"], p["beta"])
    maps = relu(normal)
    pooled = max_pool(maps, 2)
    kept = dropout_forward(pooled.reshape(len(images), -1), draws, drop)

    dlogits = softmax_ce_gradient(kept @ p["wd"] + p["bd"], target)
    drow = dropout_forward(dlogits @ p["wd"].T, draws, drop)
    dmaps = max_pool_backward(drow.reshape(pooled.shape), maps, 2)
    dnormal = dmaps * (normal > 0)
    dsums, dgamma, dbeta = batchnorm_backward_spatial(dnormal, sums, p["gamma"])
    _, dw, db = conv_backward(dsums, images, p["w"], p["b"])
    return {"w": dw, "b": db, "gamma": dgamma, "beta": dbeta, "wd": kept.T @ dlogits, "bd": dlogits.sum(axis=0)}
    # END SOLUTION


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
    # BEGIN SOLUTION
    p = dict(p)
    m = {name: np.zeros(value.shape) for name, value in p.items()}
    v = {name: np.zeros(value.shape) for name, value in p.items()}
    mean, var = np.zeros(len(p["w"])), np.ones(len(p["w"]))
    t = 0
    for e, order in enumerate(orders):
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            t += 1
            slopes = gradients(p, images[batch], np.eye(len(p["bd"]))[labels[batch]], draws[e, batch], drop)
            mean, var = running_statistics(conv_forward(images[batch], p["w"], p["b"]), mean, var)
            for name, slope in slopes.items():
                p[name], m[name], v[name] = adam_step(p[name], slope, m[name], v[name], t, rate)
    return p, mean, var
    # END SOLUTION


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
