"""Only Python's own math, one number at a time, and lists as results."""

import math


def each(function, z):
    if z.ndim == 0:
        return function(float(z))
    return [each(function, row) for row in z]


def logistic(x):
    if x < 0:
        e = math.exp(x)
        return e / (1 + e)
    return 1 / (1 + math.exp(-x))


def sigmoid(z):
    return each(logistic, z)


def sigmoid_prime(z):
    return each(lambda x: logistic(x) * logistic(-x), z)


def tanh(z):
    return each(math.tanh, z)


def tanh_prime(z):
    return each(lambda x: (1 - math.tanh(x)) * (1 + math.tanh(x)), z)


def relu(z):
    return each(lambda x: x if x > 0 else 0.0, z)


def relu_prime(z):
    return each(lambda x: 1.0 if x >= 0 else 0.0, z)


def softmax(z):
    if z.ndim > 1:
        return [softmax(row) for row in z]
    top = max(z)
    powers = [math.exp(x - top) for x in z]
    return [float(power / sum(powers)) for power in powers]


def softmax_jacobian(z):
    if z.ndim != 1:
        raise ValueError("one row, please")
    y = softmax(z)
    return [[y[i] - y[i] * y[j] if i == j else -y[i] * y[j] for j in range(len(y))] for i in range(len(y))]


def softmax_backward(dout, z):
    if dout.shape != z.shape:
        raise ValueError("dout and z differ in shape")
    result = []
    for d, row in zip(dout, z):
        J = softmax_jacobian(row)
        result.append([float(sum(d[i] * J[i][j] for i in range(len(d)))) for j in range(len(d))])
    return result
