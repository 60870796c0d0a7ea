import numpy as np


def check_p(p):
    if p < 0 or p >= 1:
        raise ValueError("p must be in [0, 1)")


def dropout_mask(draws, p):
    check_p(p)
    return (draws < p) / p


def dropout_forward(x, draws, p, training=True):
    check_p(p)
    if training:
        mask = (draws < p) / p  # p = keep prob
        return x * mask
    return x


def dropout_backward(dout, draws, p, training=True):
    if training:
        mask = (draws < p) / p
        return dout * mask
    return dout


def random_mask(shape, p, seed):
    check_p(p)
    return (np.random.default_rng(seed).random(shape) < p) / p


class Dropout:
    def __init__(self, p):
        check_p(p)
        self.p = p
        self.training = True
        self.mask = None

    def train(self):
        self.training = True

    def eval(self):
        self.training = False

    def forward(self, x, draws):
        if self.training:
            self.mask = (draws < self.p) / self.p
            return x * self.mask
        self.mask = 1.0
        return x

    def backward(self, dout):
        return dout * self.mask
