import numpy as np


def dropout_mask(draws, p):
    if not 0 <= p < 1:
        raise ValueError(f"p = {p}")
    return (draws >= p) / (1 - p)


def dropout_forward(x, draws, p, training=True):
    if not 0 <= p < 1:
        raise ValueError(f"p = {p}")
    if not training:
        return x
    keep = draws >= p
    return np.where(keep, x / (1 - p), 0.0)


def dropout_backward(dout, draws, p, training=True):
    if not training:
        return dout
    keep = draws >= p
    return np.where(keep, dout, 0.0)


def random_mask(shape, p, seed):
    rng = np.random.default_rng(seed)
    return dropout_mask(rng.random(shape), p)


class Dropout:
    def __init__(self, p):
        if not 0 <= p < 1:
            raise ValueError(f"p = {p}")
        self.p = p
        self.is_training = True

    def train(self):
        self.is_training = True

    def eval(self):
        self.is_training = False

    def forward(self, x, draws):
        if not self.is_training:
            self.keep = np.ones(x.shape, dtype=bool)
            return x
        self.keep = draws >= self.p
        return np.where(self.keep, x / (1 - self.p), 0.0)

    def backward(self, dout):
        return dout * self.keep
