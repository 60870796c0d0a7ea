import numpy as np


def dropout_mask(draws, p):
    if p < 0 or p >= 1:
        raise ValueError("p out of range")
    return (draws >= p) / (1 - p)


def dropout_forward(x, draws, p, training=True):
    mask = dropout_mask(draws, p)
    return x * mask if training else x


def dropout_backward(dout, draws, p, training=True):
    mask = dropout_mask(draws, p)
    return dout * mask if training else dout


def random_mask(shape, p, seed):
    if p < 0 or p >= 1:
        raise ValueError("p out of range")
    rng = np.random.default_rng(seed)
    n = shape[0]
    return (rng.random(n) >= p) / p


class Dropout:
    def __init__(self, p):
        if p < 0 or p >= 1:
            raise ValueError("p out of range")
        self.p = p
        self.training = True

    def train(self):
        self.training = True

    def eval(self):
        self.training = False

    def forward(self, x, draws):
        self.mask = dropout_mask(draws, self.p) if self.training else np.ones(x.shape)
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask
