import numpy as np


def dropout_mask(draws, p):
    if p < 0 or p >= 1:
        raise ValueError("p out of range")
    mask = np.zeros(draws.shape)
    mask[draws >= p] = 1 / (1 - p)
    return mask


def dropout_forward(x, draws, p, training=True):
    mask = dropout_mask(draws, p)
    return x * mask if training else x


def dropout_backward(dout, draws, p, training=True):
    mask = dropout_mask(draws, p)
    return dout * mask if training else dout


def random_mask(shape, p, seed):
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=shape)
    return dropout_mask(noise, p)


class Dropout:
    def __init__(self, p):
        dropout_mask(np.zeros(1), p)
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
