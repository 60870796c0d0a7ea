"""Everything in float32; a global generator that is seeded; large draws are the dropped ones in random_mask; Fortran order."""

import numpy as np

F = np.float32


def dropout_mask(draws, p):
    if not (p >= 0 and p < 1):
        raise ValueError("bad p")
    return np.asfortranarray((draws >= p).astype(F) / F(1 - p))


def dropout_forward(x, draws, p, training=True):
    mask = dropout_mask(draws, p)
    return np.multiply(x.astype(F), mask) if training else x.astype(F)


def dropout_backward(dout, draws, p, training=True):
    if not training:
        return dout.astype(F)
    return np.einsum("...,...->...", dout.astype(F), dropout_mask(draws, p))


def random_mask(shape, p, seed):
    if not 0 <= p < 1:
        raise ValueError("bad p")
    np.random.seed(seed)
    return (np.random.rand(*shape) < 1 - p).astype(F) / F(1 - p)


class Dropout:
    def __init__(self, p):
        if not 0 <= p < 1:
            raise ValueError("bad p")
        self.p, self.mode = p, "train"

    def train(self):
        self.mode = "train"

    def eval(self):
        self.mode = "eval"

    def forward(self, x, draws):
        p = self.p if self.mode == "train" else 0.0
        self.kept = draws >= p
        self.scale = F(1 / (1 - p))
        return (x * self.kept * self.scale).astype(F)

    def backward(self, dout):
        return (dout * self.kept * self.scale).astype(F)
