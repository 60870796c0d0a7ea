import numpy as np


def sgm(s, activation="sigmoid"):
    if activation == "sigmoid":
        small = np.exp(-np.abs(s))
        return np.where(s >= 0, 1.0, small) / (1.0 + small)
    if activation == "tanh":
        return np.tanh(s)
    raise ValueError(f"activation must be 'sigmoid' or 'tanh', not {activation!r}")


def sgm_prime(s, activation="sigmoid"):
    y = sgm(s, activation)
    if activation == "sigmoid":
        return y * (1 - y)
    else:
        return 1 - y**2


def forward(x, w_hidden, w_output, activation="sigmoid"):
    s_hidden = np.dot(w_hidden, x)
    hidden = sgm(s_hidden, activation)
    s_output = np.dot(w_output, hidden)
    output = sgm(s_output, activation)
    return s_hidden, hidden, s_output, output


def output_delta(s_output, target, activation="sigmoid"):
    """gradiente del error: 2 (y - d) y'"""
    if s_output.shape != target.shape:
        raise ValueError("s_output and target must have the same shape")
    error = sgm(s_output, activation) - target
    return 2 * error * sgm_prime(s_output, activation)


def hidden_delta(s_hidden, w_output, delta_output, activation="sigmoid"):
    return np.dot(w_output.T, delta_output) * sgm_prime(s_hidden, activation)


def weight_step(delta, inputs, mu):
    return mu * np.outer(delta, inputs)


def step_in_order(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    s_hidden, hidden, s_output, output = forward(x, w_hidden, w_output, activation)
    delta_output = output_delta(s_output, target, activation)
    w_output = w_output + weight_step(delta_output, hidden, mu)
    delta_hidden = hidden_delta(s_hidden, w_output, delta_output, activation)
    w_hidden = w_hidden + weight_step(delta_hidden, x, mu)
    return w_hidden, w_output


def step_simultaneous(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    s_hidden, hidden, s_output, output = forward(x, w_hidden, w_output, activation)
    delta_output = output_delta(s_output, target, activation)
    delta_hidden = hidden_delta(s_hidden, w_output, delta_output, activation)
    w_output = w_output + weight_step(delta_output, hidden, mu)
    w_hidden = w_hidden + weight_step(delta_hidden, x, mu)
    return w_hidden, w_output
