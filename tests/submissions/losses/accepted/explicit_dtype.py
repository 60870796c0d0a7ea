"""Everything in float64; losses as numpy scalars and arrays without axes."""

import numpy as np

T = np.float64
EPSILON = T(1e-7)


def both(y_true, y_pred):
    t, p = np.array(y_true, dtype=T), np.array(y_pred, dtype=T)
    if t.shape != p.shape:
        raise ValueError("y_true and y_pred must have one shape")
    return t, p


def mse(y_true, y_pred):
    t, p = both(y_true, y_pred)
    return np.mean((p - t) ** 2)


def mse_gradient(y_true, y_pred):
    t, p = both(y_true, y_pred)
    return (p - t) * T(2 / p.size)


def mae(y_true, y_pred):
    t, p = both(y_true, y_pred)
    return np.array(np.mean(np.abs(p - t)))


def mae_gradient(y_true, y_pred):
    t, p = both(y_true, y_pred)
    return np.sign(p - t) / T(p.size)


def mape(y_true, y_pred):
    t, p = both(y_true, y_pred)
    return np.mean(100 * np.abs(p - t) / np.maximum(np.abs(t), EPSILON))


def mape_gradient(y_true, y_pred):
    t, p = both(y_true, y_pred)
    return 100 * mae_gradient(t, p) / np.maximum(np.abs(t), EPSILON)


def binary_cross_entropy(y_true, y_pred):
    t, p = both(y_true, y_pred)
    p = np.clip(p, EPSILON, 1 - EPSILON)
    return np.mean(np.where(t == 1, -np.log(p), np.where(t == 0, -np.log(1 - p), -t * np.log(p) - (1 - t) * np.log(1 - p))))


def binary_cross_entropy_gradient(y_true, y_pred):
    t, p = both(y_true, y_pred)
    p = np.clip(p, EPSILON, 1 - EPSILON)
    return (p - t) / (p * (1 - p)) / T(p.size)


def categorical_cross_entropy(y_true, y_pred):
    t, p = both(y_true, y_pred)
    return -np.einsum("nk,nk", t, np.log(np.clip(p, EPSILON, 1 - EPSILON))) / T(len(p))


def categorical_cross_entropy_gradient(y_true, y_pred):
    t, p = both(y_true, y_pred)
    return -t / np.clip(p, EPSILON, 1 - EPSILON) / T(len(p))


def poisson(y_true, y_pred):
    t, p = both(y_true, y_pred)
    return np.mean(p - t * np.log(np.maximum(p, EPSILON)))


def poisson_gradient(y_true, y_pred):
    t, p = both(y_true, y_pred)
    p = np.maximum(p, EPSILON)
    return (p - t) / p / T(p.size)


def kl_divergence(y_true, y_pred):
    t, p = both(y_true, y_pred)
    some = t > 0
    return np.sum(t[some] * np.log(t[some] / np.maximum(p, EPSILON)[some])) / T(len(p))


def kl_divergence_gradient(y_true, y_pred):
    t, p = both(y_true, y_pred)
    return -t / np.maximum(p, EPSILON) / T(len(p))
