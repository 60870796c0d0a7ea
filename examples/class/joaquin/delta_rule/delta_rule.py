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
    return np.where(activation == "sigmoid", y * (1 - y), 1 - y**2)


def forward(x, w_hidden, w_output, activation="sigmoid"):
    s_oculta = w_hidden @ x
    oculta = sgm(s_oculta, activation)
    s_salida = w_output @ oculta
    salida = sgm(s_salida, activation)
    return s_oculta, oculta, s_salida, salida


def delta_salida(s_output, target, activation="sigmoid"):
    if len(target) != len(s_output):
        raise ValueError("largo de target")
    return 2 * (target - sgm(s_output, activation)) * sgm_prime(s_output, activation)


def delta_oculta(s_hidden, w_output, delta_output, activation="sigmoid"):
    return (w_output.T @ delta_output) * sgm_prime(s_hidden, activation)


def weight_step(delta, inputs, mu):
    return mu * np.outer(delta, inputs)


def step_in_order(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    s_oculta, oculta, s_salida, salida = forward(x, w_hidden, w_output, activation)
    d_salida = delta_salida(s_salida, target, activation)
    w_output = w_output + weight_step(d_salida, oculta, mu)
    d_oculta = delta_oculta(s_oculta, w_output, d_salida, activation)
    w_hidden = w_hidden + weight_step(d_oculta, x, mu)
    return w_hidden, w_output


def step_simultaneous(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    s_oculta, oculta, s_salida, salida = forward(x, w_hidden, w_output, activation)
    d_salida = delta_salida(s_salida, target, activation)
    d_oculta = delta_oculta(s_oculta, w_output, d_salida, activation)
    w_output = w_output + weight_step(d_salida, oculta, mu)
    w_hidden = w_hidden + weight_step(d_oculta, x, mu)
    return w_hidden, w_output
