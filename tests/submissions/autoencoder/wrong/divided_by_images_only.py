"""The mean is taken over the images only."""

import numpy as np


def pixels(images):
    if images.min() < 0 or images.max() > 16:
        raise ValueError("pixels must lie between 0 and 16")
    return images.reshape(len(images), -1) / 16


def encode(x, w, b):
    return np.tanh(x @ w + b)


def decode(code, w, b):
    s = code @ w + b
    return 1 / (1 + np.exp(-s))


def reconstruction_loss(x, we, be, wd, bd):
    output = decode(encode(x, we, be), wd, bd)
    return np.sum((output - x) ** 2) / len(x)


def decode_backward(dout, code, w, b):
    o = decode(code, w, b)
    ds = dout * o * (1 - o)
    return ds @ w.T, code.T @ ds, ds.sum(axis=0)


def gradients(x, we, be, wd, bd):
    code = encode(x, we, be)
    output = decode(code, wd, bd)
    dout = 2 * (output - x) / len(x)
    dcode, dwd, dbd = decode_backward(dout, code, wd, bd)
    dz = dcode * (1 - code**2)
    return x.T @ dz, dz.sum(axis=0), dwd, dbd


def train_step(x, weights, rate):
    g = gradients(x, *weights)
    return [weights[i] - rate * g[i] for i in range(4)]


def train(x, weights, rate, permutations, batch_size):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    weights = list(weights)
    losses = np.zeros(len(permutations))
    for e in range(len(permutations)):
        order = permutations[e]
        for start in range(0, len(x), batch_size):
            batch = x[order[start : start + batch_size]]
            weights = train_step(batch, weights, rate)
        losses[e] = reconstruction_loss(x, *weights)
    return weights, losses
