import numpy as np


def dropout_mask(draws, p):
    if p < 0 or p >= 1:
        raise ValueError("p must be in [0, 1)")
    # slide: I / p, otherwise
    return (draws >= p) / p if p > 0 else np.ones_like(draws)


def dropout_forward(x, draws, p, training=True):
    if not training:
        return x
    return x * dropout_mask(draws, p)


def dropout_backward(dout, draws, p, training=True):
    if not training:
        return dout
    return dout * dropout_mask(draws, p)


def random_mask(shape, p, seed):
    rng = np.random.default_rng(seed)
    return dropout_mask(rng.random(shape), p)


class Dropout:
    def __init__(self, p):
        if p < 0 or p >= 1:
            raise ValueError("p must be in [0, 1)")
        self.p = p
        self.training = True

    def train(self):
        self.training = True

    def eval(self):
        self.training = False

    def forward(self, x, draws):
        self.mask = dropout_mask(draws, self.p) if self.training else np.ones_like(x)
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask
