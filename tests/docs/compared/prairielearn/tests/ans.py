import numpy as np


def affine_forward(x, w, b):
    if b.shape != (w.shape[1],):
        raise ValueError("b does not fit")
    return x @ w + b
