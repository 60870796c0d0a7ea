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
        self.out = dropout_forward(x, draws, self.p, self.training)
        return self.out

    def backward(self, dout):
        dx = dout.copy()
        dx[self.out == 0] = 0
        if self.training:
            dx = dx / (1 - self.p)
        return dx
