"""The backward pass node by node of the computational graph, with a path through the mean of the squares; plain Python sums."""

import math

import numpy as np


def moments(values):
    n = len(values)
    mu = sum(values) / n
    return mu, sum((v - mu) ** 2 for v in values) / n


def batchnorm_forward(x, gamma, beta, eps=1e-5):
    N, D = x.shape
    if len(gamma) != D or len(beta) != D:
        raise ValueError(f"{D} features")
    out = np.empty_like(x, dtype=float)
    for d in range(D):
        mu, var = moments(x[:, d].tolist())
        for n in range(N):
            out[n, d] = gamma[d] * ((x[n, d] - mu) / math.sqrt(var + eps)) + beta[d]
    return out


def batchnorm_backward(dout, x, gamma, eps=1e-5):
    N, D = x.shape
    mu = x.mean(axis=0)
    xmu = x - mu
    sq = xmu**2
    var = 1.0 / N * np.sum(sq, axis=0)
    sqrtvar = np.sqrt(var + eps)
    ivar = 1.0 / sqrtvar
    xhat = xmu * ivar
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    divar = np.sum(dxhat * xmu, axis=0)
    dxmu1 = dxhat * ivar
    dsqrtvar = -1.0 / (sqrtvar**2) * divar
    dvar = 0.5 * 1.0 / np.sqrt(var + eps) * dsqrtvar
    dsq = 1.0 / N * np.ones((N, D)) * dvar
    dxmu2 = 2 * xmu * dsq
    dx1 = dxmu1 + dxmu2
    dmu = -1 * np.sum(dxmu1 + dxmu2, axis=0)
    dx2 = 1.0 / N * np.ones((N, D)) * dmu
    return dx1 + dx2, dgamma, dbeta


def running_statistics(x, running_mean, running_var, momentum=0.1):
    mean, var = running_mean.copy(), running_var.copy()
    for c in range(x.shape[1]):
        mu, v = moments(x[:, c].ravel().tolist())
        mean[c] -= momentum * (mean[c] - mu)
        var[c] -= momentum * (var[c] - v)
    return mean, var


def batchnorm_inference(x, gamma, beta, running_mean, running_var, eps=1e-5):
    C = x.shape[1]
    if any(v.shape != (C,) for v in (gamma, beta, running_mean, running_var)):
        raise ValueError(f"{C} channels")
    out = x.astype(float)
    for c in range(C):
        scale = gamma[c] / math.sqrt(running_var[c] + eps)
        out[:, c] = out[:, c] * scale + (beta[c] - running_mean[c] * scale)
    return out


def batchnorm_forward_spatial(x, gamma, beta, eps=1e-5):
    N, C, H, W = x.shape
    rows = x.transpose(0, 2, 3, 1).reshape(N * H * W, C)
    return batchnorm_forward(rows, gamma, beta, eps).reshape(N, H, W, C).transpose(0, 3, 1, 2)


def batchnorm_backward_spatial(dout, x, gamma, eps=1e-5):
    N, C, H, W = x.shape
    rows = x.transpose(0, 2, 3, 1).reshape(N * H * W, C)
    drows = dout.transpose(0, 2, 3, 1).reshape(N * H * W, C)
    dx, dgamma, dbeta = batchnorm_backward(drows, rows, gamma, eps)
    return dx.reshape(N, H, W, C).transpose(0, 3, 1, 2), dgamma, dbeta
