"""Layers with a cache; the loss as a mean of means; biases with keepdims and squeezed."""

import numpy as np


class Layer:
    def __init__(self, w, b, activation, slope):
        self.w, self.b, self.activation, self.slope = w, b, activation, slope

    def forward(self, x):
        self.x = x
        self.y = self.activation(np.matmul(x, self.w) + self.b)
        return self.y

    def backward(self, dy):
        ds = dy * self.slope(self.y)
        self.dw = np.tensordot(self.x, ds, axes=(0, 0))
        self.db = np.squeeze(ds.sum(axis=0, keepdims=True), axis=0)
        return np.matmul(ds, np.transpose(self.w))


def sigmoid(s):
    y = np.empty_like(s, dtype=float)
    p = s >= 0
    y[p] = 1 / (1 + np.exp(-s[p]))
    e = np.exp(s[~p])
    y[~p] = e / (1 + e)
    return y


def encoder(w, b):
    return Layer(w, b, np.tanh, lambda y: (1 - y) * (1 + y))


def decoder(w, b):
    return Layer(w, b, sigmoid, lambda y: y - y**2)


def pixels(images):
    low, high = int(images.min()), int(images.max())
    if low < 0 or high > 16:
        raise ValueError((low, high))
    return np.divide(images, 16).reshape(-1, images.shape[1] * images.shape[2])


def encode(x, w, b):
    return encoder(w, b).forward(x)


def decode(code, w, b):
    return decoder(w, b).forward(code)


def reconstruction_loss(x, we, be, wd, bd):
    return np.square(x - decode(encode(x, we, be), wd, bd)).mean(axis=1).mean()


def decode_backward(dout, code, w, b):
    layer = decoder(w, b)
    layer.forward(code)
    return layer.backward(dout), layer.dw, layer.db


def gradients(x, we, be, wd, bd):
    first, second = encoder(we, be), decoder(wd, bd)
    out = second.forward(first.forward(x))
    first.backward(second.backward(-2 * (x - out) / np.size(x)))
    return first.dw, first.db, second.dw, second.db


def train_step(x, weights, rate):
    new = [np.copy(w) for w in weights]
    for w, g in zip(new, gradients(x, *weights)):
        w -= rate * g
    return new


def train(x, weights, rate, permutations, batch_size):
    if batch_size < 1:
        raise ValueError("batch_size must be positive")
    weights = [np.copy(w) for w in weights]
    losses = np.empty(permutations.shape[0])
    for e in range(permutations.shape[0]):
        steps = int(np.ceil(x.shape[0] / batch_size))
        for i in range(steps):
            weights = train_step(x[permutations[e, i * batch_size : (i + 1) * batch_size]], weights, rate)
        losses[e] = reconstruction_loss(x, *weights)
    return weights, losses
