import numpy as np
from numpy.typing import NDArray


def sgm(s, activation: str = "sigmoid"):
    if activation == "sigmoid":
        small = np.exp(-np.abs(s))
        return np.where(s >= 0, 1.0, small) / (1.0 + small)
    if activation == "tanh":
        return np.tanh(s)
    raise ValueError(f"activation must be 'sigmoid' or 'tanh', not {activation!r}")


def sgm_prime(s: NDArray[np.floating], activation: str = "sigmoid"):
    if activation == "sigmoid":
        return sgm(s) * (1 - sgm(s))
    if activation == "tanh":
        return 1 - np.tanh(s) ** 2
    raise ValueError("unknown activation")


def forward(x, w_hidden, w_output, activation: str = "sigmoid"):
    s_hidden = (w_hidden * x).sum(axis=1)
    hidden = sgm(s_hidden, activation)
    s_output = (w_output * hidden).sum(axis=1)
    return s_hidden, hidden, s_output, sgm(s_output, activation)


def output_delta(s_output, target, activation: str = "sigmoid"):
    eps = target - sgm(s_output, activation)
    return 2 * eps * sgm_prime(s_output, activation)


def hidden_delta(s_hidden, w_output, delta_output, activation: str = "sigmoid"):
    back = (w_output * delta_output[:, None]).sum(axis=0)
    return back * sgm_prime(s_hidden, activation)


def weight_step(delta, inputs, mu: float):
    return mu * np.outer(delta, inputs)


def step_in_order(x, target, w_hidden, w_output, mu: float, activation: str = "sigmoid"):
    s_hidden, hidden, s_output, _ = forward(x, w_hidden, w_output, activation)
    d_out = output_delta(s_output, target, activation)
    new_w_output = w_output + weight_step(d_out, hidden, mu)
    d_hid = hidden_delta(s_hidden, new_w_output, d_out, activation)
    return w_hidden + weight_step(d_hid, x, mu), new_w_output


def step_simultaneous(x, target, w_hidden, w_output, mu: float, activation: str = "sigmoid"):
    s_hidden, hidden, s_output, _ = forward(x, w_hidden, w_output, activation)
    d_out = output_delta(s_output, target, activation)
    w_output = w_output + weight_step(d_out, hidden, mu)
    d_hid = hidden_delta(s_hidden, w_output, d_out, activation)
    w_hidden = w_hidden + weight_step(d_hid, x, mu)
    return w_hidden, w_output
