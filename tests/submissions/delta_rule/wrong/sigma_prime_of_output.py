"""sgm_prime is given the output y instead of the sum in the output delta."""

import numpy as np


def sgm(s, activation="sigmoid"):
    if activation == "sigmoid":
        return 0.5 * (1 + np.tanh(0.5 * s))
    if activation == "tanh":
        return np.tanh(s)
    raise ValueError(activation)


def sgm_prime(s, activation="sigmoid"):
    y = sgm(s, activation)
    return 1 - y**2 if activation == "tanh" else y * (1 - y)


def forward(x, w_hidden, w_output, activation="sigmoid"):
    s_hidden = w_hidden @ x
    hidden = sgm(s_hidden, activation)
    s_output = w_output @ hidden
    output = sgm(s_output, activation)
    return s_hidden, hidden, s_output, output


def output_delta(s_output, target, activation="sigmoid"):
    y = sgm(s_output, activation)
    return 2 * (target - y) * sgm_prime(y, activation)


def hidden_delta(s_hidden, w_output, delta_output, activation="sigmoid"):
    return (w_output.T @ delta_output) * sgm_prime(s_hidden, activation)


def weight_step(delta, inputs, mu):
    return mu * np.outer(delta, inputs)


def step_in_order(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    s_hidden, hidden, s_output, output = forward(x, w_hidden, w_output, activation)
    delta_o = output_delta(s_output, target, activation)
    new_output = w_output + weight_step(delta_o, hidden, mu)
    delta_h = hidden_delta(s_hidden, new_output, delta_o, activation)
    new_hidden = w_hidden + weight_step(delta_h, x, mu)
    return new_hidden, new_output


def step_simultaneous(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    s_hidden, hidden, s_output, output = forward(x, w_hidden, w_output, activation)
    delta_o = output_delta(s_output, target, activation)
    delta_h = hidden_delta(s_hidden, w_output, delta_o, activation)
    new_output = w_output + weight_step(delta_o, hidden, mu)
    new_hidden = w_hidden + weight_step(delta_h, x, mu)
    return new_hidden, new_output
