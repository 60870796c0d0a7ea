"""The same two functions for vectors and images by a tuple of axes; precision of x is kept; the derivative as a projection."""

import numpy as np


def layout(x, ndim, *vectors):
    if ndim and x.ndim != ndim:
        raise ValueError(f"{ndim} axes expected")
    shape = [1] * x.ndim
    shape[1] = x.shape[1]
    axes = tuple(a for a in range(x.ndim) if a != 1)
    if any(np.size(v) != x.shape[1] for v in vectors):
        raise ValueError("vectors and channels do not match")
    return axes, [np.reshape(v, shape).astype(x.dtype) for v in vectors]


def normal(x, axes, eps):
    centred = x - x.mean(axis=axes, keepdims=True)
    std = np.sqrt(np.mean(centred * centred, axis=axes, keepdims=True) + x.dtype.type(eps))
    return centred / std, std


def batchnorm_forward(x, gamma, beta, eps=1e-5, ndim=2):
    axes, (g, b) = layout(x, ndim, gamma, beta)
    xhat, _ = normal(x, axes, eps)
    return xhat * g + b


def batchnorm_backward(dout, x, gamma, eps=1e-5, ndim=2):
    axes, (g,) = layout(x, ndim, gamma)
    xhat, std = normal(x, axes, eps)
    dhat = dout * g
    dx = dhat - dhat.mean(axis=axes, keepdims=True)
    dx = dx - xhat * np.mean(dhat * xhat, axis=axes, keepdims=True)
    return dx / std, np.sum(dout * xhat, axis=axes), np.sum(dout, axis=axes)


def batchnorm_forward_spatial(x, gamma, beta, eps=1e-5):
    return np.asfortranarray(batchnorm_forward(x, gamma, beta, eps, ndim=4))


def batchnorm_backward_spatial(dout, x, gamma, eps=1e-5):
    return batchnorm_backward(dout, x, gamma, eps, ndim=4)


def running_statistics(x, running_mean, running_var, momentum=0.1):
    axes, _ = layout(x, 0, running_mean)
    old = 1 - momentum
    return old * running_mean + momentum * x.mean(axes), old * running_var + momentum * np.var(x, axes)


def batchnorm_inference(x, gamma, beta, running_mean, running_var, eps=1e-5):
    _, (g, b, mu, var) = layout(x, 0, gamma, beta, running_mean, running_var)
    return (x - mu) / np.sqrt(var + x.dtype.type(eps)) * g + b
