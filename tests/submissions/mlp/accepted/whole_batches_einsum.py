"""Whole batches as matrices; one example is a batch of one. einsum, tuples where the docstrings say lists."""

import numpy as np


def sigmoid(z):
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def layer_shapes(sizes):
    sizes = [int(n) for n in sizes]
    if len(sizes) <= 1:
        raise ValueError("no layers to connect")
    return list(zip(sizes, sizes[1:])), sizes[1:]


def initialise(sizes, draws):
    shapes, lengths = layer_shapes(sizes)
    ends = np.cumsum([a * b for a, b in shapes])
    if ends[-1] != len(draws):
        raise ValueError("one draw for each weight")
    w = np.interp(draws, [0, 1], [-3, 3])
    return tuple(part.reshape(s) for part, s in zip(np.split(w, ends), shapes)), tuple(map(np.zeros, lengths))


def softmax(scores):
    e = np.exp(scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True))
    return e


def batch_forward(X, weights, biases):
    zs, acts = [], [X]
    last = len(weights) - 1
    for i, (w, b) in enumerate(zip(weights, biases)):
        zs.append(np.einsum("nj,jk->nk", acts[-1], w) + b[None, :])
        acts.append((softmax if i == last else sigmoid)(zs[-1]))
    return zs, acts


def forward(x, weights, biases):
    if len(x) != len(weights[0]):
        raise ValueError("wrong input")
    zs, acts = batch_forward(x[None, :], weights, biases)
    return tuple(z[0] for z in zs), tuple(a[0] for a in acts)


def cost_and_error(predicted, target):
    if predicted.shape != target.shape:
        raise ValueError("shapes")
    return -np.log(max(predicted[np.argmax(target)], 1e-7)), predicted - target


def network_cost(x, target, weights, biases):
    return cost_and_error(forward(x, weights, biases)[1][-1], target)[0]


def previous_error(error, w, z):
    return np.einsum("...k,jk->...j", error, w) * sigmoid(z) * sigmoid(-z)


def batch_gradient(X, T, weights, biases):
    if len(X) != len(T) or T.shape[1] != len(biases[-1]):
        raise ValueError("inputs and targets")
    zs, acts = batch_forward(X, weights, biases)
    E = acts[-1] - T
    dws, dbs = [], []
    for i in reversed(range(len(weights))):
        dws.append(np.einsum("nj,nk->jk", acts[i], E))
        dbs.append(np.einsum("nk->k", E))
        if i:
            E = previous_error(E, weights[i], zs[i - 1])
    return dws[::-1], dbs[::-1]


def gradient_vector(x, target, weights, biases):
    return batch_gradient(x[None], target[None], weights, biases)


def train_step(xs, targets, weights, biases, rate):
    dws, dbs = batch_gradient(xs, targets, weights, biases)
    return (
        tuple(w - rate * d / len(xs) for w, d in zip(weights, dws)),
        tuple(b - rate * d / len(xs) for b, d in zip(biases, dbs)),
    )


def train(xs, targets, weights, biases, rate, batch_size, orders):
    if not batch_size > 0:
        raise ValueError("batch_size")
    for order in orders:
        shuffled, wanted = xs[order], targets[order]
        for chunk, aims in zip(
            np.split(shuffled, range(batch_size, len(xs), batch_size)), np.split(wanted, range(batch_size, len(xs), batch_size))
        ):
            weights, biases = train_step(chunk, aims, weights, biases, rate)
    return weights, biases
