"""The textbook sigmoid warns of an overflow at -1000 and still is 0 there; tanh' as 1/cosh², which ends at 1/inf = 0."""

import numpy as np


def sigmoid(s):
    return 1.0 / (1.0 + np.exp(-s))


def sgm(s, activation):
    if activation not in ("sigmoid", "tanh"):
        raise ValueError("activation must be sigmoid or tanh")
    return sigmoid(s) if activation == "sigmoid" else 2.0 * sigmoid(2.0 * s) - 1.0


def sgm_prime(s, activation="sigmoid"):
    if activation == "tanh":
        return 1.0 / np.cosh(s) ** 2
    return sgm(s, activation) * sgm(-s, activation)


def forward(x, w_hidden, w_output, activation="sigmoid"):
    s1 = np.dot(w_hidden, x)
    z = sgm(s1, activation)
    s2 = np.dot(w_output, z)
    return s1, z, s2, sgm(s2, activation)


def output_delta(s_output, target, activation="sigmoid"):
    if len(target) != len(s_output):
        raise ValueError("as many targets as outputs, please")
    error = np.subtract(target, sgm(s_output, activation))
    return 2.0 * error * sgm_prime(s_output, activation)


def hidden_delta(s_hidden, w_output, delta_output, activation="sigmoid"):
    total = np.zeros(len(s_hidden))
    for row, delta in zip(w_output, delta_output):
        total += row * delta
    return total * sgm_prime(s_hidden, activation)


def weight_step(delta, inputs, mu):
    return mu * delta[:, None] * inputs[None, :]


def step_in_order(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    w_hidden, w_output = w_hidden.copy(), w_output.copy()
    s1, z, s2, _ = forward(x, w_hidden, w_output, activation)
    delta = output_delta(s2, target, activation)
    w_output += weight_step(delta, z, mu)
    w_hidden += weight_step(hidden_delta(s1, w_output, delta, activation), x, mu)
    return w_hidden, w_output


def step_simultaneous(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    s1, z, s2, _ = forward(x, w_hidden, w_output, activation)
    delta = output_delta(s2, target, activation)
    return (
        w_hidden + weight_step(hidden_delta(s1, w_output, delta, activation), x, mu),
        w_output + weight_step(delta, z, mu),
    )
