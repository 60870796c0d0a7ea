"""EPSILON is added where the docstring takes a maximum, in the loss and in its gradient, and Keras' clipped targets in KL."""

import numpy as np

EPSILON = 1e-7


def check_shapes(y_true, y_pred):
    if np.shape(y_true) != np.shape(y_pred):
        raise ValueError("shapes")


def mse(y_true, y_pred):
    check_shapes(y_true, y_pred)
    return np.mean(np.square(y_pred - y_true))


def mse_gradient(y_true, y_pred):
    check_shapes(y_true, y_pred)
    return 2.0 / y_pred.size * (y_pred - y_true)


def mae(y_true, y_pred):
    check_shapes(y_true, y_pred)
    return np.abs(y_true - y_pred).mean(axis=-1).mean()


def mae_gradient(y_true, y_pred):
    check_shapes(y_true, y_pred)
    return np.where(y_pred > y_true, 1.0, -1.0) / y_pred.size


def mape(y_true, y_pred):
    check_shapes(y_true, y_pred)
    return 100 * np.mean(np.abs(y_true - y_pred) / (np.abs(y_true) + EPSILON))


def mape_gradient(y_true, y_pred):
    check_shapes(y_true, y_pred)
    return 100 * np.sign(y_pred - y_true) / (np.abs(y_true) + EPSILON) / y_pred.size


def binary_cross_entropy(y_true, y_pred):
    check_shapes(y_true, y_pred)
    return -np.mean(y_true * np.log(y_pred + EPSILON) + (1 - y_true) * np.log(1 - y_pred + EPSILON))


def binary_cross_entropy_gradient(y_true, y_pred):
    check_shapes(y_true, y_pred)
    return ((1 - y_true) / (1 - y_pred + EPSILON) - y_true / (y_pred + EPSILON)) / y_pred.size


def categorical_cross_entropy(y_true, y_pred):
    check_shapes(y_true, y_pred)
    return np.mean(-np.sum(y_true * np.log(y_pred + EPSILON), axis=1))


def categorical_cross_entropy_gradient(y_true, y_pred):
    check_shapes(y_true, y_pred)
    return -(y_true / (y_pred + EPSILON)) / y_pred.shape[0]


def poisson(y_true, y_pred):
    check_shapes(y_true, y_pred)
    return np.mean(y_pred - y_true * np.log(y_pred + EPSILON))


def poisson_gradient(y_true, y_pred):
    check_shapes(y_true, y_pred)
    return (1 - y_true / (y_pred + EPSILON)) / y_pred.size


def kl_divergence(y_true, y_pred):
    check_shapes(y_true, y_pred)
    t, p = np.clip(y_true, EPSILON, 1), np.clip(y_pred, EPSILON, 1)
    return np.sum(t * np.log(t / p), axis=-1).mean()


def kl_divergence_gradient(y_true, y_pred):
    check_shapes(y_true, y_pred)
    return -y_true / np.clip(y_pred, EPSILON, 1) / len(y_pred)
