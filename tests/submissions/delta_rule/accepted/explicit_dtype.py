"""Column vectors and matrix products, all in float64."""

import numpy as np

F = np.float64


def col(v):
    return np.asarray(v, F).reshape(-1, 1)


def act(s, activation):
    if activation == "sigmoid":
        return F(0.5) * (F(1) + np.tanh(s / F(2)))
    if activation == "tanh":
        return np.tanh(s)
    raise ValueError("activation?")


def sgm_prime(s, activation="sigmoid"):
    y = act(np.asarray(s, F), activation)
    return y * (1 - y) if activation == "sigmoid" else 1 - y * y


def forward(x, w_hidden, w_output, activation="sigmoid"):
    sh = np.asarray(w_hidden, F) @ col(x)
    h = act(sh, activation)
    so = np.asarray(w_output, F) @ h
    return tuple(v.ravel() for v in (sh, h, so, act(so, activation)))


def output_delta(s_output, target, activation="sigmoid"):
    s, d = col(s_output), col(target)
    if s.shape != d.shape:
        raise ValueError("one target each")
    return (2 * (d - act(s, activation)) * sgm_prime(s, activation)).ravel()


def hidden_delta(s_hidden, w_output, delta_output, activation="sigmoid"):
    back = np.asarray(w_output, F).T @ col(delta_output)
    return (back * sgm_prime(col(s_hidden), activation)).ravel()


def weight_step(delta, inputs, mu):
    return F(mu) * (col(delta) @ col(inputs).T)


def step_in_order(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    sh, h, so, _ = forward(x, w_hidden, w_output, activation)
    d = output_delta(so, target, activation)
    w2 = np.asarray(w_output, F) + weight_step(d, h, mu)
    w1 = np.asarray(w_hidden, F) + weight_step(hidden_delta(sh, w2, d, activation), x, mu)
    return w1, w2


def step_simultaneous(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    sh, h, so, _ = forward(x, w_hidden, w_output, activation)
    d = output_delta(so, target, activation)
    w1 = np.asarray(w_hidden, F) + weight_step(hidden_delta(sh, w_output, d, activation), x, mu)
    w2 = np.asarray(w_output, F) + weight_step(d, h, mu)
    return w1, w2
