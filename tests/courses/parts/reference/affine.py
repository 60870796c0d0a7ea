"""The reference of the affine topic; what a person reads has none."""

import numpy as np


def affine(x, w, b):
    """See the stub."""
    return np.einsum("nd,dm->nm", x, w) + b


def leaky(x):
    """See the stub."""
    return np.maximum(x, 0) + np.minimum(x, 0) * 0.01


def centred(x):
    """See the stub."""
    return x - np.sum(x) / len(x)
