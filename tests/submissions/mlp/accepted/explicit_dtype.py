"""Everything in float64, column vectors, biases as one more row of the weights."""

import numpy as np

F = np.float64


def sigmoid(z):
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, F(1), small) / (F(1) + small)


def layer_shapes(sizes):
    if len(sizes) < 2:
        raise ValueError(sizes)
    return np.stack([sizes[:-1], sizes[1:]], axis=1), sizes[1:]


def initialise(sizes, draws):
    shapes, lengths = layer_shapes(sizes)
    weights, rest = [], F(6) * np.asarray(draws, F) - F(3)
    for a, b in shapes:
        head, rest = rest[: a * b], rest[a * b :]
        weights.append(head.reshape(a, b))
    if rest.size:
        raise ValueError("too many draws")
    return weights, [np.zeros(n, F) for n in lengths]


def softmax(scores):
    scores = np.asarray(scores, F)
    e = np.exp(scores - scores.max())
    return e / e.sum()


def augmented(weights, biases):
    return [np.vstack([np.asarray(w, F), np.asarray(b, F)]) for w, b in zip(weights, biases)]


def forward(x, weights, biases):
    zs, activations = [], [np.asarray(x, F)]
    for w in augmented(weights, biases):
        zs.append(np.append(activations[-1], F(1)) @ w)
        activations.append(sigmoid(zs[-1]))
    activations[-1] = softmax(zs[-1])
    return zs, activations


def cost_and_error(predicted, target):
    if np.shape(predicted) != np.shape(target):
        raise ValueError("shapes")
    predicted, target = np.asarray(predicted, F), np.asarray(target, F)
    cost = -np.sum(target * np.log(np.maximum(predicted, F(1e-7))))
    return cost, predicted - target


def network_cost(x, target, weights, biases):
    return cost_and_error(forward(x, weights, biases)[1][-1], target)[0]


def previous_error(error, w, z):
    a = sigmoid(np.asarray(z, F))
    return (np.asarray(w, F) @ np.asarray(error, F)[:, None]).ravel() * (a * (F(1) - a))


def gradient_vector(x, target, weights, biases):
    zs, activations = forward(x, weights, biases)
    _, error = cost_and_error(activations[-1], target)
    full = [None] * len(weights)
    for i in range(len(weights) - 1, -1, -1):
        full[i] = np.append(activations[i], F(1))[:, None] * error[None, :]
        if i > 0:
            error = previous_error(error, weights[i], zs[i - 1])
    return [g[:-1] for g in full], [g[-1] for g in full]


def train_step(xs, targets, weights, biases, rate):
    if len(xs) != len(targets):
        raise ValueError("lengths")
    every = [gradient_vector(x, t, weights, biases) for x, t in zip(xs, targets)]
    step = F(rate)
    new_weights = [np.asarray(w, F) - step * np.mean([g[0][i] for g in every], axis=0) for i, w in enumerate(weights)]
    new_biases = [np.asarray(b, F) - step * np.mean([g[1][i] for g in every], axis=0) for i, b in enumerate(biases)]
    return new_weights, new_biases


def train(xs, targets, weights, biases, rate, batch_size, orders):
    if batch_size < 1:
        raise ValueError(batch_size)
    for order in orders:
        for start in range(0, len(order), batch_size):
            weights, biases = train_step(
                xs[order[start : start + batch_size]], targets[order[start : start + batch_size]], weights, biases, rate
            )
    return weights, biases
