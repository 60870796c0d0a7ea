"""A class for each optimizer, as libraries have them; each keeps copies and moves those in place."""

import numpy as np


class SGD:
    def __init__(self, rate, decay=0.0):
        self.rate, self.decay = rate, decay

    def step(self, p, g):
        p -= self.rate * (g + self.decay * p)


class Momentum:
    def __init__(self, rate, alpha, velocity):
        self.rate, self.alpha, self.velocity = rate, alpha, velocity

    def step(self, p, g):
        self.velocity *= self.alpha
        self.velocity -= self.rate * g
        p += self.velocity


class Adam:
    def __init__(self, m, v, t=0, rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.m, self.v, self.t = m, v, t
        self.rate, self.beta1, self.beta2, self.epsilon = rate, beta1, beta2, epsilon

    def step(self, p, g):
        self.t += 1
        self.m *= self.beta1
        self.m += (1 - self.beta1) * g
        self.v *= self.beta2
        self.v += (1 - self.beta2) * np.square(g)
        m_hat = self.m / (1 - np.power(self.beta1, self.t))
        v_hat = self.v / (1 - np.power(self.beta2, self.t))
        p -= np.divide(self.rate * m_hat, v_hat**0.5 + self.epsilon)


def own(array):
    return np.array(array, dtype=np.float64)


def gradient_step(theta, gradient, rate):
    p = own(theta)
    SGD(rate).step(p, gradient)
    return p


def batch_indices(order, batch_size):
    if batch_size < 1:
        raise ValueError(batch_size)
    count = -(-len(order) // batch_size)
    return [order[k * batch_size :][:batch_size].copy() for k in range(count)]


def sgd_epoch(theta, xs, ys, rate, batch_size, order):
    p, optimizer = own(theta), SGD(rate)
    for batch in batch_indices(order, batch_size):
        residual = xs[batch].dot(p) - ys[batch]
        optimizer.step(p, np.average(2 * residual[:, np.newaxis] * xs[batch], axis=0))
    return p


def l2_penalty(weights, reg):
    return 0.5 * reg * np.linalg.norm(np.ravel(weights)) ** 2


def l2_gradient(weights, reg):
    return np.multiply(weights, reg)


def weight_decay_step(theta, gradient, rate, reg):
    p = own(theta)
    SGD(rate, reg).step(p, gradient)
    return p


def momentum_step(theta, velocity, gradient, rate, momentum):
    p, optimizer = own(theta), Momentum(rate, momentum, own(velocity))
    optimizer.step(p, gradient)
    return p, optimizer.velocity


def adam_step(theta, gradient, m, v, t, rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    p, optimizer = own(theta), Adam(own(m), own(v), t - 1, rate, beta1, beta2, epsilon)
    optimizer.step(p, gradient)
    return p, optimizer.m, optimizer.v


def rosenbrock(theta):
    return np.sum(100.0 * (theta[1:] - theta[:-1] ** 2.0) ** 2.0 + (1 - theta[:-1]) ** 2.0)


def rosenbrock_gradient(theta):
    g = np.zeros(2)
    g[0] = -400 * theta[0] * (theta[1] - theta[0] ** 2) - 2 * (1 - theta[0])
    g[1] = 200 * (theta[1] - theta[0] ** 2)
    return g


def minimise(function, theta, method, rate, steps):
    zeros = lambda: np.zeros(2)
    try:
        slope = {"quadratic": lambda p: np.array([p[0], 10 * p[1]]), "rosenbrock": rosenbrock_gradient}[function]
        optimizer = {
            "gradient_descent": lambda: SGD(rate),
            "momentum": lambda: Momentum(rate, 0.9, zeros()),
            "adam": lambda: Adam(zeros(), zeros(), rate=rate),
        }[method]()
    except KeyError as error:
        raise ValueError(f"unknown: {error}") from None
    p = own(theta)
    path = [p.copy()]
    while len(path) <= steps:
        optimizer.step(p, slope(p))
        path.append(p.copy())
    return np.vstack(path)
