import numpy as np


def dropout_mask(draws, p):
    if p < 0 or p >= 1:
        raise ValueError("p out of range")
    return (draws >= p).astype(float)


def dropout_forward(x, draws, p, training=True):
    if p < 0 or p >= 1:
        raise ValueError("p out of range")
    if training:
        return x * (draws >= p)
    return x


def dropout_backward(dout, draws, p, training=True):
    if training:
        return dout * (draws >= p)
    return dout


def random_mask(shape, p, seed):
    rng = np.random.default_rng(seed)
    return dropout_mask(rng.random(shape), p)


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
        if self.training:
            self.mask = draws >= self.p
        else:
            self.mask = np.ones(x.shape)
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask
