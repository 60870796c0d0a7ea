"""The layer keeps the draws and calls the functions; masks come from RandomState.binomial; everything is flattened first."""

import numpy as np


class BadProbability(ValueError):
    pass


def keep_probability(p):
    keep = 1.0 - p
    if keep <= 0 or keep > 1:
        raise BadProbability(p)
    return keep


def dropout_mask(draws, p):
    keep = keep_probability(p)
    return np.array([0.0 if u < p else 1.0 / keep for u in draws.ravel()]).reshape(draws.shape)


def dropout_forward(x, draws, p, training=True):
    keep = keep_probability(p)
    if training:
        values = [0.0 if u < p else value / keep for value, u in zip(x.flat, draws.flat)]
        return np.asarray(values).reshape(x.shape)
    return x.copy()


def dropout_backward(dout, draws, p, training=True):
    return dropout_forward(dout, draws, p, training)


def random_mask(shape, p, seed):
    keep = keep_probability(p)
    return np.random.RandomState(seed).binomial(1, keep, size=shape) / keep


class Dropout:
    training = True

    def __init__(self, p):
        keep_probability(p)
        self.p = p

    def train(self):
        self.training = True

    def eval(self):
        self.training = False

    def forward(self, x, draws):
        self.context = (draws, self.p, self.training)
        return dropout_forward(x, *self.context)

    def backward(self, dout):
        return dropout_backward(dout, *self.context)
