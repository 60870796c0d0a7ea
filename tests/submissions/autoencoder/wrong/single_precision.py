"""Everything in float32."""

import numpy as np

F = np.float32


def pixels(images):
    if images.min() < 0 or images.max() > 16:
        raise ValueError("pixel out of range")
    return (images.astype(F) / F(16)).reshape(images.shape[0], -1)


def f(*arrays):
    return [np.asarray(a, F) for a in arrays]


def encode(x, w, b):
    x, w, b = f(x, w, b)
    return np.tanh(x.dot(w) + b)


def decode(code, w, b):
    code, w, b = f(code, w, b)
    return F(0.5) * (F(1) + np.tanh((code.dot(w) + b) * F(0.5)))


def reconstruction_loss(x, we, be, wd, bd):
    (x,) = f(x)
    return np.mean((decode(encode(x, we, be), wd, bd) - x) ** 2)


def decode_backward(dout, code, w, b):
    dout, code, w, b = f(dout, code, w, b)
    o = decode(code, w, b)
    ds = dout * o * (1 - o)
    return ds.dot(w.T), code.T.dot(ds), ds.sum(0)


def gradients(x, we, be, wd, bd):
    (x,) = f(x)
    code = encode(x, we, be)
    dout = (decode(code, wd, bd) - x) * F(2 / x.size)
    dcode, dwd, dbd = decode_backward(dout, code, wd, bd)
    dz = dcode * (1 - code**2)
    return x.T.dot(dz), dz.sum(0), dwd, dbd


def train_step(x, weights, rate):
    return [w - F(rate) * g for w, g in zip(f(*weights), gradients(x, *weights))]


def train(x, weights, rate, permutations, batch_size):
    if batch_size < 1:
        raise ValueError
    weights = f(*weights)
    losses = np.zeros(len(permutations), F)
    for e, order in enumerate(permutations):
        shuffled = x[order]
        for i in range(0, len(x), batch_size):
            weights = train_step(shuffled[i : i + batch_size], weights, rate)
        losses[e] = reconstruction_loss(x, *weights)
    return weights, losses
