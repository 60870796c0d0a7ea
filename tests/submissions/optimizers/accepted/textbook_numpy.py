"""The textbook, in numpy."""

import numpy as np


def gradient_step(theta, gradient, rate):
    return theta - rate * gradient


def batch_indices(order, batch_size):
    if batch_size < 1:
        raise ValueError("batch_size must be positive")
    return [order[i : i + batch_size] for i in range(0, len(order), batch_size)]


def sgd_epoch(theta, xs, ys, rate, batch_size, order):
    for idx in batch_indices(order, batch_size):
        xb, yb = xs[idx], ys[idx]
        error = xb @ theta - yb
        grad = 2 / len(idx) * xb.T @ error
        theta = gradient_step(theta, grad, rate)
    return theta


def l2_penalty(weights, reg):
    return 0.5 * reg * np.sum(weights**2)


def l2_gradient(weights, reg):
    return reg * weights


def weight_decay_step(theta, gradient, rate, reg):
    return theta - rate * (gradient + reg * theta)


def momentum_step(theta, velocity, gradient, rate, momentum):
    velocity = momentum * velocity - rate * gradient
    return theta + velocity, velocity


def adam_step(theta, gradient, m, v, t, rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    theta = theta - rate * m_hat / (np.sqrt(v_hat) + epsilon)
    return theta, m, v


def quadratic_gradient(theta):
    x, y = theta
    return np.array([x, 10 * y])


def rosenbrock(theta):
    x, y = theta
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def rosenbrock_gradient(theta):
    x, y = theta
    return np.array([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)])


def minimise(function, theta, method, rate, steps):
    if function == "quadratic":
        grad = quadratic_gradient
    elif function == "rosenbrock":
        grad = rosenbrock_gradient
    else:
        raise ValueError(f"unknown function {function}")
    path = [theta]
    velocity, m, v = np.zeros(2), np.zeros(2), np.zeros(2)
    for t in range(1, steps + 1):
        g = grad(theta)
        if method == "gradient_descent":
            theta = gradient_step(theta, g, rate)
        elif method == "momentum":
            theta, velocity = momentum_step(theta, velocity, g, rate, 0.9)
        elif method == "adam":
            theta, m, v = adam_step(theta, g, m, v, t, rate)
        else:
            raise ValueError(f"unknown method {method}")
        path.append(theta)
    return np.array(path)
