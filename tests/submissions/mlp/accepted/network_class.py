"""A class that copies the network and moves it in place; the clip of the logarithm as many books have it."""

import numpy as np


class Network:
    def __init__(self, weights, biases):
        self.w = [np.array(w, dtype=float) for w in weights]
        self.b = [np.array(b, dtype=float) for b in biases]
        self.depth = len(self.w)

    def __call__(self, x):
        self.z, self.a = [], [np.array(x, dtype=float)]
        for i in range(self.depth):
            self.z.append(np.dot(self.a[i], self.w[i]) + self.b[i])
            if i < self.depth - 1:
                self.a.append(sigmoid(self.z[i]))
            else:
                self.a.append(softmax(self.z[i]))
        return self.a[-1]

    def gradient(self, x, target):
        error = cost_and_error(self(x), target)[1]
        gw, gb = {}, {}
        for i in range(self.depth)[::-1]:
            gw[i], gb[i] = np.outer(self.a[i], error), error
            if i != 0:
                error = previous_error(error, self.w[i], self.z[i - 1])
        return [gw[i] for i in range(self.depth)], [gb[i] for i in range(self.depth)]

    def learn(self, xs, targets, rate):
        total_w, total_b = [0.0] * self.depth, [0.0] * self.depth
        for n in range(len(xs)):
            gw, gb = self.gradient(xs[n], targets[n])
            for i in range(self.depth):
                total_w[i] = total_w[i] + gw[i]
                total_b[i] = total_b[i] + gb[i]
        for i in range(self.depth):
            self.w[i] -= rate / len(xs) * total_w[i]
            self.b[i] -= rate / len(xs) * total_b[i]

    def lists(self):
        return self.w, self.b


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def layer_shapes(sizes):
    _, *rest = n = list(map(int, sizes))
    if not rest:
        raise ValueError("one layer is no network")
    return [(n[i], n[i + 1]) for i in range(len(n) - 1)], [n[i + 1] for i in range(len(n) - 1)]


def initialise(sizes, draws):
    shapes, lengths = layer_shapes(sizes)
    draws = list(draws)
    if len(draws) != sum(a * b for a, b in shapes):
        raise ValueError("draws")
    weights = []
    for a, b in shapes:
        w = np.empty((a, b))
        for j in range(a):
            for k in range(b):
                w[j, k] = (draws.pop(0) * 2 - 1) * 3
        weights.append(w)
    return weights, [np.zeros((n,)) for n in lengths]


def softmax(scores):
    shifted = scores - np.amax(scores)
    return np.exp(shifted) / np.sum(np.exp(shifted))


def forward(x, weights, biases):
    net = Network(weights, biases)
    net(x)
    return net.z, net.a


def cost_and_error(predicted, target):
    if predicted.shape != target.shape:
        raise ValueError(f"{predicted.shape} {target.shape}")
    return float(-np.sum(target * np.log(np.clip(predicted, 1e-7, 1.0)))), predicted - target


def network_cost(x, target, weights, biases):
    return cost_and_error(forward(x, weights, biases)[1][-1], target)[0]


def previous_error(error, w, z):
    return np.dot(w, error) * sigmoid(z) * (1 - sigmoid(z))


def gradient_vector(x, target, weights, biases):
    return Network(weights, biases).gradient(x, target)


def train_step(xs, targets, weights, biases, rate):
    if len(xs) != len(targets):
        raise ValueError("lengths")
    net = Network(weights, biases)
    net.learn(xs, targets, rate)
    return net.lists()


def train(xs, targets, weights, biases, rate, batch_size, orders):
    if batch_size <= 0:
        raise ValueError("batch_size")
    net = Network(weights, biases)
    for order in orders:
        for start in np.arange(0, len(xs), batch_size):
            batch = order[start : start + batch_size]
            net.learn(xs[batch], targets[batch], rate)
    return net.lists()
