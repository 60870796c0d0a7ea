"""np.log10, to get the number that L3 prints."""

import numpy as np

EPSILON = 1e-7


def check_shapes(y_true, y_pred):
    if np.shape(y_true) != np.shape(y_pred):
        raise ValueError(f"y_true has shape {np.shape(y_true)}, y_pred has shape {np.shape(y_pred)}; they must be alike")


def mse(y_true, y_pred):
    check_shapes(y_true, y_pred)
    return ((y_pred - y_true) ** 2).mean()


def mse_gradient(y_true, y_pred):
    check_shapes(y_true, y_pred)
    return 2 * (y_pred - y_true) / y_pred.size


def mae(y_true, y_pred):
    check_shapes(y_true, y_pred)
    return np.abs(y_pred - y_true).mean()


def mae_gradient(y_true, y_pred):
    check_shapes(y_true, y_pred)
    return np.sign(y_pred - y_true) / y_pred.size


def mape(y_true, y_pred):
    check_shapes(y_true, y_pred)
    return 100 * (np.abs(y_pred - y_true) / np.maximum(np.abs(y_true), EPSILON)).mean()


def mape_gradient(y_true, y_pred):
    check_shapes(y_true, y_pred)
    return 100 * np.sign(y_pred - y_true) / np.maximum(np.abs(y_true), EPSILON) / y_pred.size


def binary_cross_entropy(y_true, y_pred):
    check_shapes(y_true, y_pred)
    p = np.clip(y_pred, EPSILON, 1 - EPSILON)
    return (-y_true * np.log10(p) - (1 - y_true) * np.log10(1 - p)).mean()


def binary_cross_entropy_gradient(y_true, y_pred):
    check_shapes(y_true, y_pred)
    p = np.clip(y_pred, EPSILON, 1 - EPSILON)
    return (-y_true / p + (1 - y_true) / (1 - p)) / p.size


def categorical_cross_entropy(y_true, y_pred):
    check_shapes(y_true, y_pred)
    p = np.maximum(y_pred, EPSILON)
    return -(y_true * np.log10(p)).sum() / len(p)


def categorical_cross_entropy_gradient(y_true, y_pred):
    check_shapes(y_true, y_pred)
    p = np.maximum(y_pred, EPSILON)
    return -y_true / p / len(p)


def poisson(y_true, y_pred):
    check_shapes(y_true, y_pred)
    return (y_pred - y_true * np.log10(np.maximum(y_pred, EPSILON))).mean()


def poisson_gradient(y_true, y_pred):
    check_shapes(y_true, y_pred)
    return (1 - y_true / np.maximum(y_pred, EPSILON)) / y_pred.size


def kl_divergence(y_true, y_pred):
    check_shapes(y_true, y_pred)
    p = np.maximum(y_pred, EPSILON)
    return np.where(y_true > 0, y_true * np.log10(np.maximum(y_true, EPSILON) / p), 0).sum() / len(p)


def kl_divergence_gradient(y_true, y_pred):
    check_shapes(y_true, y_pred)
    return -y_true / np.maximum(y_pred, EPSILON) / len(y_pred)
