"""Regla delta - Ana"""

import numpy as np


def sgm(s, activation="sigmoid"):
    if activation == "sigmoid":
        small = np.exp(-np.abs(s))
        return np.where(s >= 0, 1.0, small) / (1.0 + small)
    if activation == "tanh":
        return np.tanh(s)
    raise ValueError("activation must be 'sigmoid' or 'tanh'")


def sgm_prime(s, activation="sigmoid"):
    if activation == "sigmoid":
        return sgm(s) * (1 - sgm(s))
    elif activation == "tanh":
        return 1 - np.tanh(s) ** 2
    raise ValueError(activation)


def forward(x, w_hidden, w_output, activation="sigmoid"):
    H, D = w_hidden.shape
    J, H2 = w_output.shape
    if len(x) != D or H != H2:
        raise ValueError("dimensiones no calzan")
    s_hidden = np.zeros(H)
    for i in range(H):
        for h in range(D):
            s_hidden[i] += w_hidden[i, h] * x[h]
    z = sgm(s_hidden, activation)
    s_output = np.zeros(J)
    for j in range(J):
        for i in range(H):
            s_output[j] += w_output[j, i] * z[i]
    return s_hidden, z, s_output, sgm(s_output, activation)


def output_delta(s_output, target, activation="sigmoid"):
    if len(s_output) != len(target):
        raise ValueError("falta algún target")
    delta = np.zeros(len(s_output))
    for j in range(len(s_output)):
        e = target[j] - sgm(s_output[j], activation)
        delta[j] = 2 * e * sgm_prime(s_output[j], activation)
    return delta


def hidden_delta(s_hidden, w_output, delta_output, activation="sigmoid"):
    delta = np.zeros(len(s_hidden))
    for i in range(len(s_hidden)):
        suma = 0
        for j in range(len(delta_output)):
            suma = suma + w_output[j, i] * delta_output[j]
        delta[i] = suma * sgm_prime(s_hidden[i], activation)
    return delta


def weight_step(delta, inputs, mu):
    dw = np.zeros((len(delta), len(inputs)))
    for j in range(len(delta)):
        for i in range(len(inputs)):
            dw[j, i] = mu * delta[j] * inputs[i]
    return dw


def step_in_order(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    s_h, z, s_o, y = forward(x, w_hidden, w_output, activation)
    d_o = output_delta(s_o, target, activation)
    w_output_new = w_output + weight_step(d_o, z, mu)
    d_h = hidden_delta(s_h, w_output_new, d_o, activation)
    w_hidden_new = w_hidden + weight_step(d_h, x, mu)
    return w_hidden_new, w_output_new


def step_simultaneous(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    s_h, z, s_o, y = forward(x, w_hidden, w_output, activation)
    d_o = output_delta(s_o, target, activation)
    d_h = hidden_delta(s_h, w_output, d_o, activation)  # pesos viejos!
    return w_hidden + weight_step(d_h, x, mu), w_output + weight_step(d_o, z, mu)
