"""np.where, a copy that is changed in place, draws compared with `>`; the layer stores the scaled mask."""

import numpy as np


def check(p):
    if p < 0 or p >= 1:
        raise ValueError("p must be in [0, 1)")


def dropout_mask(draws, p):
    check(p)
    return np.where(draws > p, 1.0, 0.0) / (1.0 - p)


def dropout_forward(x, draws, p, training=True):
    check(p)
    if not training:
        return x
    out = x.astype(float) / (1 - p)
    out[draws < p] = 0.0
    return out


def dropout_backward(dout, draws, p, training=True):
    if training:
        dx = dout.copy() / (1 - p)
        dx[draws < p] = 0.0
        return dx
    return dout


def random_mask(shape, p, seed):
    rng = np.random.default_rng(seed)
    return dropout_mask(rng.uniform(0.0, 1.0, size=shape), p)


class Dropout:
    def __init__(self, p):
        check(p)
        self.p = p
        self.training = True

    def train(self):
        self.training = True

    def eval(self):
        self.training = False

    def forward(self, x, draws):
        if not self.training:
            self.mask = None
            return x
        self.mask = dropout_mask(draws, self.p)
        return x * self.mask

    def backward(self, dout):
        if self.mask is None:
            return dout
        return dout * self.mask
