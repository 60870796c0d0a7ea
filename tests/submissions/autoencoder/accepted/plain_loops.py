"""One product after the other: three loops for each matrix product."""

import math

import numpy as np


def product(a, b):
    out = np.zeros((len(a), len(b[0])))
    for i in range(len(a)):
        for j in range(len(b[0])):
            for k in range(len(b)):
                out[i, j] += a[i][k] * b[k][j]
    return out


def pixels(images):
    if images.min() < 0 or images.max() > 16:
        raise ValueError("a pixel is a number from 0 to 16")
    return images.reshape(len(images), -1) / 16


def layer(x, w, b, activation):
    out = product(x, w)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = activation(out[i, j] + b[j])
    return out


def sigmoid(s):
    return (1 + math.tanh(s / 2)) / 2


def encode(x, w, b):
    return layer(x, w, b, math.tanh)


def decode(code, w, b):
    return layer(code, w, b, sigmoid)


def reconstruction_loss(x, we, be, wd, bd):
    output, total = decode(encode(x, we, be), wd, bd), 0.0
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            total += (output[i, j] - x[i, j]) ** 2
    return total / x.size


def sums(ds):
    out = np.zeros(ds.shape[1])
    for row in ds:
        for j in range(len(row)):
            out[j] += row[j]
    return out


def decode_backward(dout, code, w, b):
    output, ds = decode(code, w, b), np.zeros(dout.shape)
    for i in range(ds.shape[0]):
        for j in range(ds.shape[1]):
            ds[i, j] = dout[i, j] * output[i, j] * (1 - output[i, j])
    return product(ds, w.T), product(code.T, ds), sums(ds)


def gradients(x, we, be, wd, bd):
    code = encode(x, we, be)
    output, dout = decode(code, wd, bd), np.zeros(x.shape)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            dout[i, j] = 2 * (output[i, j] - x[i, j]) / x.size
    dz, dwd, dbd = decode_backward(dout, code, wd, bd)
    for i in range(dz.shape[0]):
        for j in range(dz.shape[1]):
            dz[i, j] *= 1 - code[i, j] ** 2
    return product(x.T, dz), sums(dz), dwd, dbd


def train_step(x, weights, rate):
    return [w - rate * g for w, g in zip(weights, gradients(x, *weights))]


def train(x, weights, rate, permutations, batch_size):
    if batch_size < 1:
        raise ValueError("no images in a batch")
    losses = []
    for order in permutations:
        for start in range(0, len(order), batch_size):
            weights = fast_step(x[order[start : start + batch_size]], weights, rate)
        code = np.tanh(x @ weights[0] + weights[1])
        losses.append(float(np.mean((1 / (1 + np.exp(-(code @ weights[2] + weights[3]))) - x) ** 2)))
    return weights, losses


def fast_step(x, weights, rate):
    we, be, wd, bd = weights
    code = np.tanh(x @ we + be)
    output = 1 / (1 + np.exp(-(code @ wd + bd)))
    ds = 2 * (output - x) / x.size * output * (1 - output)
    dz = ds @ wd.T * (1 - code**2)
    return [w - rate * g for w, g in zip(weights, (x.T @ dz, dz.sum(axis=0), code.T @ ds, ds.sum(axis=0)))]
