"""Loops and lists, math instead of numpy; results are lists."""

import math


def each(function, *arrays):
    if getattr(arrays[0], "ndim", None) == 0 or isinstance(arrays[0], (int, float)):
        return function(*map(float, arrays))
    return [each(function, *items) for items in zip(*arrays)]


def gradient_step(theta, gradient, rate):
    return each(lambda p, g: p - rate * g, theta, gradient)


def batch_indices(order, batch_size):
    if batch_size <= 0:
        raise ValueError("batch_size")
    batches, current = [], []
    for n in order:
        current.append(int(n))
        if len(current) == batch_size:
            batches.append(current)
            current = []
    return batches + [current] if current else batches


def sgd_epoch(theta, xs, ys, rate, batch_size, order):
    theta = [float(p) for p in theta]
    for batch in batch_indices(order, batch_size):
        errors = [math.fsum(float(a) * p for a, p in zip(xs[n], theta)) - float(ys[n]) for n in batch]
        gradient = [2 * math.fsum(e * float(xs[n][d]) for e, n in zip(errors, batch)) / len(batch) for d in range(len(theta))]
        theta = gradient_step(theta, gradient, rate)
    return theta


def flat(weights):
    if getattr(weights, "ndim", None) == 0 or isinstance(weights, (int, float)):
        return [float(weights)]
    return [w for item in weights for w in flat(item)]


def l2_penalty(weights, reg):
    return reg * math.fsum(w * w for w in flat(weights)) / 2


def l2_gradient(weights, reg):
    return each(lambda w: reg * w, weights)


def weight_decay_step(theta, gradient, rate, reg):
    return each(lambda p, g: (1 - rate * reg) * p - rate * g, theta, gradient)


def momentum_step(theta, velocity, gradient, rate, momentum):
    velocity = each(lambda v, g: momentum * v - rate * g, velocity, gradient)
    return [each(lambda p, v: p + v, theta, velocity), velocity]


def adam_step(theta, gradient, m, v, t, rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    m = each(lambda a, g: a + (1 - beta1) * (g - a), m, gradient)
    v = each(lambda a, g: a + (1 - beta2) * (g * g - a), v, gradient)
    theta = each(
        lambda p, a, b: p - rate * (a / (1 - beta1**t)) / (math.sqrt(b / (1 - beta2**t)) + epsilon),
        theta,
        m,
        v,
    )
    return theta, m, v


def rosenbrock(theta):
    x, y = map(float, theta)
    return math.pow(1 - x, 2) + 100 * math.pow(y - x * x, 2)


def rosenbrock_gradient(theta):
    x, y = map(float, theta)
    return [2 * x - 2 + 400 * x * (x * x - y), 200 * (y - x * x)]


def minimise(function, theta, method, rate, steps):
    slope = {"quadratic": lambda p: [p[0], 10 * p[1]], "rosenbrock": rosenbrock_gradient}.get(function)
    if slope is None:
        raise ValueError(function)
    path = [[float(p) for p in theta]]
    if method == "gradient_descent":
        for _ in range(steps):
            path.append(gradient_step(path[-1], slope(path[-1]), rate))
    elif method == "momentum":
        velocity = [0.0, 0.0]
        for _ in range(steps):
            new, velocity = momentum_step(path[-1], velocity, slope(path[-1]), rate, 0.9)
            path.append(new)
    elif method == "adam":
        m = v = [0.0, 0.0]
        for t in range(steps):
            new, m, v = adam_step(path[-1], slope(path[-1]), m, v, t + 1, rate=rate)
            path.append(new)
    else:
        raise ValueError(method)
    return path
