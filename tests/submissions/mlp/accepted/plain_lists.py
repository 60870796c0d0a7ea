"""math, loops and lists; no array is made anywhere."""

import math


def sigmoid(z):
    z = float(z)
    return 1 / (1 + math.exp(-z)) if z > -700 else 0.0


def layer_shapes(sizes):
    if len(sizes) < 2:
        raise ValueError("two layers at least")
    return [[int(a), int(b)] for a, b in zip(sizes[:-1], sizes[1:])], [int(n) for n in sizes[1:]]


def initialise(sizes, draws):
    shapes, lengths = layer_shapes(sizes)
    if sum(a * b for a, b in shapes) != len(draws):
        raise ValueError("draws")
    u = iter(draws)
    weights = [[[6 * (float(next(u)) - 0.5) for _ in range(b)] for _ in range(a)] for a, b in shapes]
    return weights, [[0.0] * n for n in lengths]


def softmax(scores):
    top = max(scores)
    e = [math.exp(s - top) for s in scores]
    return [v / math.fsum(e) for v in e]


def forward(x, weights, biases):
    if len(x) != len(weights[0]):
        raise ValueError("input")
    zs, activations = [], [[float(v) for v in x]]
    while len(zs) < len(weights):
        i = len(zs)
        z = [float(b) for b in biases[i]]
        for a, row in zip(activations[i], weights[i]):
            for k in range(len(z)):
                z[k] += a * float(row[k])
        zs.append(z)
        activations.append([sigmoid(v) for v in z])
    activations[-1] = softmax(zs[-1])
    return zs, activations


def cost_and_error(predicted, target):
    if len(predicted) != len(target):
        raise ValueError("target")
    cost = math.fsum(-t * math.log(max(p, 1e-7)) for p, t in zip(predicted, target) if t)
    return cost, [float(p) - float(t) for p, t in zip(predicted, target)]


def network_cost(x, target, weights, biases):
    return cost_and_error(forward(x, weights, biases)[1][-1], target)[0]


def previous_error(error, w, z):
    result = []
    for row, s in zip(w, z):
        y = sigmoid(s)
        result.append((y - y * y) * math.fsum(float(e) * float(v) for e, v in zip(error, row)))
    return result


def gradient_vector(x, target, weights, biases):
    zs, activations = forward(x, weights, biases)
    error = cost_and_error(activations.pop(), target)[1]
    err_weights, err_biases = [], []
    for w in reversed(list(weights)):
        a = activations.pop()
        err_biases.insert(0, error)
        err_weights.insert(0, [[v * e for e in error] for v in a])
        zs.pop()
        if zs:
            error = previous_error(error, w, zs[-1])
    return err_weights, err_biases


def train_step(xs, targets, weights, biases, rate):
    if len(xs) != len(targets):
        raise ValueError("as many targets as inputs")
    new_w = [[[float(v) for v in row] for row in w] for w in weights]
    new_b = [[float(v) for v in b] for b in biases]
    for x, t in zip(xs, targets):
        dw, db = gradient_vector(x, t, weights, biases)
        for i in range(len(new_w)):
            for j in range(len(new_w[i])):
                for k in range(len(new_b[i])):
                    new_w[i][j][k] -= rate / len(xs) * dw[i][j][k]
            for k in range(len(new_b[i])):
                new_b[i][k] -= rate / len(xs) * db[i][k]
    return new_w, new_b


def train(xs, targets, weights, biases, rate, batch_size, orders):
    if batch_size < 1:
        raise ValueError("batch_size")
    for order in orders:
        waiting = list(order)
        while waiting:
            batch, waiting = waiting[:batch_size], waiting[batch_size:]
            weights, biases = train_step([xs[n] for n in batch], [targets[n] for n in batch], weights, biases, rate)
    return weights, biases
