"""Everything in float64."""

import numpy as np

F = np.float64


def gradient_step(theta, gradient, rate):
    return np.asarray(theta, F) - F(rate) * np.asarray(gradient, F)


def batch_indices(order, batch_size):
    if batch_size < 1:
        raise ValueError("empty batches")
    return tuple(np.split(np.asarray(order, np.int32), range(batch_size, len(order), batch_size)))


def sgd_epoch(theta, xs, ys, rate, batch_size, order):
    theta = np.array(theta, F)
    for batch in batch_indices(order, batch_size):
        x, y = np.asarray(xs, F)[batch], np.asarray(ys, F)[batch]
        theta -= F(rate) * F(2) * np.mean((x @ theta - y)[:, None] * x, axis=0)
    return theta


def l2_penalty(weights, reg):
    return F(reg) / F(2) * np.sum(np.square(np.asarray(weights, F)))


def l2_gradient(weights, reg):
    return F(reg) * np.asarray(weights, F)


def weight_decay_step(theta, gradient, rate, reg):
    return gradient_step(theta, np.asarray(gradient, F) + l2_gradient(theta, reg), rate)


def momentum_step(theta, velocity, gradient, rate, momentum):
    velocity = F(momentum) * np.asarray(velocity, F) - F(rate) * np.asarray(gradient, F)
    return np.asarray(theta, F) + velocity, velocity


def adam_step(theta, gradient, m, v, t, rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    g = np.asarray(gradient, F)
    m = F(beta1) * np.asarray(m, F) + F(1 - beta1) * g
    v = F(beta2) * np.asarray(v, F) + F(1 - beta2) * g * g
    m_hat, v_hat = m / F(1 - beta1**t), v / F(1 - beta2**t)
    return np.asarray(theta, F) - F(rate) * m_hat / (np.sqrt(v_hat) + F(epsilon)), m, v


def rosenbrock(theta):
    x, y = np.asarray(theta, F)
    return np.square(F(1) - x) + F(100) * np.square(y - np.square(x))


def rosenbrock_gradient(theta):
    x, y = np.asarray(theta, F)
    return np.array([F(-2) * (F(1) - x) - F(400) * x * (y - x * x), F(200) * (y - x * x)], F)


def minimise(function, theta, method, rate, steps):
    if function == "quadratic":
        slope = lambda p: p * np.array([1, 10], F)
    elif function == "rosenbrock":
        slope = rosenbrock_gradient
    else:
        raise ValueError(function)
    path = np.zeros((steps + 1, 2), F)
    path[0] = theta
    velocity, m, v = np.zeros(2, F), np.zeros(2, F), np.zeros(2, F)
    for k in range(steps):
        g = slope(path[k])
        if method == "gradient_descent":
            path[k + 1] = gradient_step(path[k], g, rate)
        elif method == "momentum":
            path[k + 1], velocity = momentum_step(path[k], velocity, g, rate, 0.9)
        elif method == "adam":
            path[k + 1], m, v = adam_step(path[k], g, m, v, k + 1, rate)
        else:
            raise ValueError(method)
    return path
