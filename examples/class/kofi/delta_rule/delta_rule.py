import numpy as np


class Activation:
    def __init__(self, name):
        if name not in ("sigmoid", "tanh"):
            raise ValueError(f"I don't know {name}")
        self.name = name

    def value(self, s):
        if self.name == "sigmoid":
            return 1.0 / (1.0 + np.exp(-s))
        return np.tanh(s)

    def slope(self, s):
        if self.name == "sigmoid":
            return self.value(s) * (1 - self.value(s))
        return 1 - self.value(s)


def sgm_prime(s, activation="sigmoid"):
    return Activation(activation).slope(s)


def forward(x, w_hidden, w_output, activation="sigmoid"):
    act = Activation(activation)
    s_hidden = w_hidden.dot(x)
    hidden = act.value(s_hidden)
    s_output = w_output.dot(hidden)
    output = act.value(s_output)
    return s_hidden, hidden, s_output, output


def output_delta(s_output, target, activation="sigmoid"):
    if s_output.shape != target.shape:
        raise ValueError("target has wrong shape")
    act = Activation(activation)
    return 2 * (target - act.value(s_output)) * act.slope(s_output)


def hidden_delta(s_hidden, w_output, delta_output, activation="sigmoid"):
    return w_output.T.dot(delta_output) * Activation(activation).slope(s_hidden)


def weight_step(delta, inputs, mu):
    return mu * delta[:, np.newaxis] @ inputs[np.newaxis, :]


def step_in_order(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    s_hidden, hidden, s_output, _ = forward(x, w_hidden, w_output, activation)
    d = output_delta(s_output, target, activation)
    new_output = w_output + weight_step(d, hidden, mu)
    new_hidden = w_hidden + weight_step(hidden_delta(s_hidden, new_output, d, activation), x, mu)
    return new_hidden, new_output


def step_simultaneous(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    s_hidden, hidden, s_output, _ = forward(x, w_hidden, w_output, activation)
    d = output_delta(s_output, target, activation)
    new_hidden = w_hidden + weight_step(hidden_delta(s_hidden, w_output, d, activation), x, mu)
    new_output = w_output + weight_step(d, hidden, mu)
    return new_hidden, new_output
