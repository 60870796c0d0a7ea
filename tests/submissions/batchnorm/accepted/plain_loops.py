"""One number after the other: loops over features and examples, no sum of numpy's."""

import math

import numpy as np


def statistics(column, eps):
    mu = 0.0
    for value in column:
        mu += value
    mu /= len(column)
    var = 0.0
    for value in column:
        var += (value - mu) ** 2
    var /= len(column)
    return mu, var, 1 / math.sqrt(var + eps)


def refuse_unless(fits):
    if not fits:
        raise ValueError("the shapes do not fit")


def batchnorm_forward(x, gamma, beta, eps=1e-5):
    refuse_unless(x.ndim == 2 and gamma.shape == beta.shape == (x.shape[1],))
    out = np.zeros(x.shape)
    for j in range(x.shape[1]):
        mu, _var, scale = statistics(x[:, j], eps)
        for i in range(x.shape[0]):
            out[i, j] = gamma[j] * (x[i, j] - mu) * scale + beta[j]
    return out


def batchnorm_backward(dout, x, gamma, eps=1e-5):
    count, features = x.shape
    dx, dgamma, dbeta = np.zeros(x.shape), np.zeros(features), np.zeros(features)
    for j in range(features):
        mu, _var, scale = statistics(x[:, j], eps)
        for i in range(count):
            dbeta[j] += dout[i, j]
            dgamma[j] += dout[i, j] * (x[i, j] - mu) * scale
        for i in range(count):
            xhat = (x[i, j] - mu) * scale
            dx[i, j] = gamma[j] * scale * (dout[i, j] - dbeta[j] / count - xhat * dgamma[j] / count)
    return dx, dgamma, dbeta


def rows_of(x):
    rows = []
    for image in x:
        for i in range(x.shape[2]):
            for j in range(x.shape[3]):
                rows.append(image[:, i, j])
    return np.array(rows)


def images_of(rows, shape):
    out, place = np.zeros(shape), 0
    for n in range(shape[0]):
        for i in range(shape[2]):
            for j in range(shape[3]):
                out[n, :, i, j] = rows[place]
                place += 1
    return out


def running_statistics(x, running_mean, running_var, momentum=0.1):
    rows = x if x.ndim == 2 else rows_of(x)
    mean, var = np.zeros(rows.shape[1]), np.zeros(rows.shape[1])
    for j in range(rows.shape[1]):
        mu, spread, _scale = statistics(rows[:, j], 1.0)
        mean[j] = (1 - momentum) * running_mean[j] + momentum * mu
        var[j] = (1 - momentum) * running_var[j] + momentum * spread
    return mean, var


def batchnorm_inference(x, gamma, beta, running_mean, running_var, eps=1e-5):
    refuse_unless(gamma.shape == beta.shape == running_mean.shape == running_var.shape == (x.shape[1],))
    rows = x if x.ndim == 2 else rows_of(x)
    out = np.zeros(rows.shape)
    for i in range(rows.shape[0]):
        for j in range(rows.shape[1]):
            out[i, j] = gamma[j] * (rows[i, j] - running_mean[j]) / math.sqrt(running_var[j] + eps) + beta[j]
    return out if x.ndim == 2 else images_of(out, x.shape)


def batchnorm_forward_spatial(x, gamma, beta, eps=1e-5):
    refuse_unless(x.ndim == 4)
    return images_of(batchnorm_forward(rows_of(x), gamma, beta, eps), x.shape)


def batchnorm_backward_spatial(dout, x, gamma, eps=1e-5):
    dx, dgamma, dbeta = batchnorm_backward(rows_of(dout), rows_of(x), gamma, eps)
    return images_of(dx, x.shape), dgamma, dbeta
