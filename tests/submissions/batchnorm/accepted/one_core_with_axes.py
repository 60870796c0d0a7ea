"""One core for any number of axes, keepdims, np.var; images are moved to (N*H*W, C); chained compact formula."""

import numpy as np


def core(x, eps):
    mu = np.mean(x, axis=0, keepdims=True)
    var = np.var(x, axis=0, keepdims=True)
    return (x - mu) * (var + eps) ** -0.5, (var + eps) ** -0.5


def flat(x):
    return np.moveaxis(x, 1, -1).reshape(-1, x.shape[1])


def unflat(y, shape):
    n, c, h, w = shape
    return y.reshape(n, h, w, c).transpose(0, 3, 1, 2)


def check(c, *vectors):
    for v in vectors:
        if v.shape != (c,):
            raise ValueError("wrong length")


def batchnorm_forward(x, gamma, beta, eps=1e-5):
    if x.ndim != 2:
        raise ValueError("vectors, please")
    check(x.shape[1], gamma, beta)
    return core(x, eps)[0] * gamma + beta


def batchnorm_backward(dout, x, gamma, eps=1e-5):
    N = x.shape[0]
    xhat, inv = core(x, eps)
    dbeta = dout.sum(axis=0)
    dgamma = np.einsum("ij,ij->j", dout, xhat)
    dx = inv / N * gamma * (N * dout - dbeta - xhat * dgamma)
    return dx, dgamma, dbeta


def running_statistics(x, running_mean, running_var, momentum=0.1):
    y = flat(x) if x.ndim == 4 else x
    mean = running_mean * (1 - momentum)
    mean += momentum * y.mean(0)
    var = running_var * (1 - momentum)
    var += momentum * y.var(0)
    return mean, var


def batchnorm_inference(x, gamma, beta, running_mean, running_var, eps=1e-5):
    check(x.shape[1], gamma, beta, running_mean, running_var)
    y = flat(x) if x.ndim == 4 else x
    out = gamma * (y - running_mean) / np.sqrt(running_var + eps) + beta
    return unflat(out, x.shape) if x.ndim == 4 else out


def batchnorm_forward_spatial(x, gamma, beta, eps=1e-5):
    check(x.shape[1], gamma, beta)
    return unflat(batchnorm_forward(flat(x), gamma, beta, eps), x.shape)


def batchnorm_backward_spatial(dout, x, gamma, eps=1e-5):
    dx, dgamma, dbeta = batchnorm_backward(flat(dout), flat(x), gamma, eps)
    return [unflat(dx, x.shape), dgamma, dbeta]
