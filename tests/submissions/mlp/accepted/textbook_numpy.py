"""The textbook: one example at a time, numpy for the layers."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def layer_shapes(sizes):
    if len(sizes) < 2:
        raise ValueError("at least two layers")
    shapes = [(sizes[i], sizes[i + 1]) for i in range(len(sizes) - 1)]
    return shapes, list(sizes[1:])


def initialise(sizes, draws):
    shapes, lengths = layer_shapes(sizes)
    weights, biases, k = [], [], 0
    for rows, cols in shapes:
        weights.append(-3 + 6 * draws[k : k + rows * cols].reshape(rows, cols))
        k += rows * cols
    if k != len(draws):
        raise ValueError("wrong number of draws")
    for n in lengths:
        biases.append(np.zeros(n))
    return weights, biases


def softmax(scores):
    e = np.exp(scores - np.max(scores))
    return e / e.sum()


def forward(x, weights, biases):
    a = np.array(x, dtype=float)
    zs, activations = [], [a]
    for i in range(len(weights)):
        z = np.dot(a, weights[i]) + biases[i]
        zs.append(z)
        a = sigmoid(z) if i < len(weights) - 1 else softmax(z)
        activations.append(a)
    return zs, activations


def cost_and_error(predicted, target):
    if predicted.shape != target.shape:
        raise ValueError("shapes do not match")
    mask = target > 0
    cost = -np.sum(target[mask] * np.log(predicted[mask] + 1e-7))
    return cost, predicted - target


def network_cost(x, target, weights, biases):
    return cost_and_error(forward(x, weights, biases)[1][-1], target)[0]


def previous_error(error, w, z):
    s = sigmoid(z)
    return np.dot(error, w.T) * s * (1 - s)


def gradient_vector(x, target, weights, biases):
    zs, activations = forward(x, weights, biases)
    _, error = cost_and_error(activations[-1], target)
    n = len(weights)
    err_w, err_b = [None] * n, [None] * n
    for i in range(n - 1, -1, -1):
        err_b[i] = error
        err_w[i] = np.outer(activations[i], error)
        if i > 0:
            error = previous_error(error, weights[i], zs[i - 1])
    return err_w, err_b


def train_step(xs, targets, weights, biases, rate):
    if len(xs) != len(targets):
        raise ValueError("every input needs a target")
    N = len(xs)
    total_w = [np.zeros_like(w) for w in weights]
    total_b = [np.zeros_like(b) for b in biases]
    for x, t in zip(xs, targets):
        gw, gb = gradient_vector(x, t, weights, biases)
        for i in range(len(weights)):
            total_w[i] += gw[i]
            total_b[i] += gb[i]
    new_w = [w - rate / N * g for w, g in zip(weights, total_w)]
    new_b = [b - rate / N * g for b, g in zip(biases, total_b)]
    return new_w, new_b


def train(xs, targets, weights, biases, rate, batch_size, orders):
    if batch_size < 1:
        raise ValueError(batch_size)
    for order in orders:
        for start in range(0, len(order), batch_size):
            idx = order[start : start + batch_size]
            weights, biases = train_step(xs[idx], targets[idx], weights, biases, rate)
    return weights, biases
