"""One image after the other; the gradients of a batch are added up; lists are returned where arrays are asked for."""

import math

import numpy as np


def pixels(images):
    rows = []
    for image in images:
        row = []
        for line in image:
            for value in line:
                if not 0 <= value <= 16:
                    raise ValueError(f"pixel {value}")
                row.append(float(value) / 16)
        rows.append(row)
    return rows


def encode(x, w, b):
    return [[math.tanh(v) for v in np.dot(row, w) + b] for row in x]


def sigmoid(s):
    if s >= 0:
        return 1 / (1 + math.exp(-s))
    return math.exp(s) / (1 + math.exp(s))


def decode(code, w, b):
    return [[sigmoid(v) for v in np.dot(row, w) + b] for row in code]


def reconstruction_loss(x, we, be, wd, bd):
    total = 0.0
    for row, out in zip(x, decode(encode(x, we, be), wd, bd)):
        for a, o in zip(row, out):
            total += (o - float(a)) ** 2
    return total / (len(x) * len(x[0]))


def decode_backward(dout, code, w, b):
    dcode, dw, db = [], np.zeros(np.shape(w)), np.zeros(np.shape(b))
    for g, c, o in zip(dout, code, np.array(decode(code, w, b))):
        ds = g * o * (1 - o)
        dcode.append([float(np.dot(ds, line)) for line in w])
        dw += np.outer(c, ds)
        db += ds
    return dcode, dw.tolist(), db.tolist()


def gradients(x, we, be, wd, bd):
    dwe, dbe, dwd, dbd = (np.zeros(np.shape(w)) for w in (we, be, wd, bd))
    scale = 2 / (len(x) * len(x[0]))
    for row in x:
        c = np.tanh(row @ we + be)
        o = 1 / (1 + np.exp(-(c @ wd + bd)))
        ds = scale * (o - row) * o * (1 - o)
        dz = (wd @ ds) * (1 - c * c)
        dwe += row[:, None] * dz
        dbe += dz
        dwd += c[:, None] * ds
        dbd += ds
    return dwe, dbe, dwd, dbd


def train_step(x, weights, rate):
    return [(w - rate * g).tolist() for w, g in zip(weights, gradients(x, *weights))]


def train(x, weights, rate, permutations, batch_size):
    if batch_size < 1:
        raise ValueError("no images in a batch")
    weights = [np.array(w) for w in weights]
    losses = []
    for order in permutations:
        batch = []
        for place, n in enumerate(order):
            batch.append(n)
            if len(batch) == batch_size or place == len(order) - 1:
                for w, g in zip(weights, gradients(x[batch], *weights)):
                    w -= rate * g
                batch = []
        c = np.tanh(x @ weights[0] + weights[1])
        o = 1 / (1 + np.exp(-(c @ weights[2] + weights[3])))
        losses.append(float(((o - x) ** 2).mean()))
    return [w.tolist() for w in weights], losses
