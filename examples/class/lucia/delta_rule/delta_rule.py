import numpy as np


def sgm(s, activation="sigmoid"):
    if activation == "sigmoid":
        small = np.exp(-np.abs(s))
        return np.where(s >= 0, 1.0, small) / (1.0 + small)
    if activation == "tanh":
        return np.tanh(s)
    raise ValueError(f"activation must be 'sigmoid' or 'tanh', not {activation!r}")


def sgm_prime(s, activation="sigmoid"):
    # derivada como aparece en la lámina
    if activation == "sigmoid":
        return np.exp(-s) / (1 + np.exp(-s)) ** 2
    if activation == "tanh":
        return 1 - np.tanh(s) ** 2
    raise ValueError("activation")


def forward(x, w_hidden, w_output, activation="sigmoid"):
    s_hidden = np.array([np.sum(w * x) for w in w_hidden])
    hidden = sgm(s_hidden, activation)
    s_output = np.array([np.sum(w * hidden) for w in w_output])
    output = sgm(s_output, activation)
    return s_hidden, hidden, s_output, output


def output_delta(s_output, target, activation="sigmoid"):
    if s_output.shape != target.shape:
        raise ValueError
    e = target - sgm(s_output, activation)
    return e * sgm_prime(s_output, activation)


def hidden_delta(s_hidden, w_output, delta_output, activation="sigmoid"):
    delta = []
    for i in range(len(s_hidden)):
        delta.append(np.sum(w_output[:, i] * delta_output))
    return np.array(delta) * sgm_prime(s_hidden, activation)


def weight_step(delta, inputs, mu):
    return np.array([mu * d * inputs for d in delta])


def step_in_order(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    s_hidden, hidden, s_output, output = forward(x, w_hidden, w_output, activation)
    delta_o = output_delta(s_output, target, activation)
    w_output = w_output + weight_step(delta_o, hidden, mu)
    delta_h = hidden_delta(s_hidden, w_output, delta_o, activation)
    w_hidden = w_hidden + weight_step(delta_h, x, mu)
    return w_hidden, w_output


def step_simultaneous(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    s_hidden, hidden, s_output, output = forward(x, w_hidden, w_output, activation)
    delta_o = output_delta(s_output, target, activation)
    delta_h = hidden_delta(s_hidden, w_output, delta_o, activation)
    return w_hidden + weight_step(delta_h, x, mu), w_output + weight_step(delta_o, hidden, mu)
