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
    return y * (1 - y) if activation == "sigmoid" else 1 - y * y


def forward(x, w_hidden, w_output, activation="sigmoid"):
    s1 = w_hidden @ x
    y1 = sgm(s1, activation)
    s2 = w_output @ y1
    y2 = sgm(s2, activation)
    return s1, y1, s2, y2


def output_delta(s_output, target, activation="sigmoid"):
    y = sgm(s_output, activation)
    if y.shape != target.shape:
        raise ValueError("shapes")
    # derivative of (d - y)^2
    return 2 * (target - y)


def hidden_delta(s_hidden, w_output, delta_output, activation="sigmoid"):
    # error of the hidden layer = weights^T * error of the output
    return w_output.T @ delta_output


def weight_step(delta, inputs, mu):
    return mu * np.outer(delta, inputs)


def step_in_order(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    s1, y1, s2, y2 = forward(x, w_hidden, w_output, activation)
    d2 = output_delta(s2, target, activation)
    new_w_output = w_output + weight_step(d2, y1, mu)
    d1 = hidden_delta(s1, new_w_output, d2, activation)
    new_w_hidden = w_hidden + weight_step(d1, x, mu)
    return new_w_hidden, new_w_output


def step_simultaneous(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    s1, y1, s2, y2 = forward(x, w_hidden, w_output, activation)
    d2 = output_delta(s2, target, activation)
    d1 = hidden_delta(s1, w_output, d2, activation)
    new_w_hidden = w_hidden + weight_step(d1, x, mu)
    new_w_output = w_output + weight_step(d2, y1, mu)
    return new_w_hidden, new_w_output
