"""No numpy in the arithmetic: math, loops and lists."""

import math


def _one(s, activation):
    if activation == "tanh":
        return math.tanh(s)
    if activation == "sigmoid":
        return 1 / (1 + math.exp(-s)) if s > -700 else 0.0
    raise ValueError("no such activation: " + activation)


def _slope(s, activation):
    y = _one(s, activation)
    return y - y * y if activation == "sigmoid" else (1 - y) * (1 + y)


def sgm_prime(s, activation="sigmoid"):
    if getattr(s, "ndim", 1) == 2:
        return [[_slope(float(value), activation) for value in row] for row in s]
    return [_slope(float(value), activation) for value in s]


def _layer(weights, values, activation):
    sums = []
    for row in weights:
        if len(row) != len(values):
            raise ValueError("row and input differ in length")
        sums.append(math.fsum(float(a) * float(b) for a, b in zip(row, values)))
    return sums, [_one(s, activation) for s in sums]


def forward(x, w_hidden, w_output, activation="sigmoid"):
    s_hidden, hidden = _layer(w_hidden, x, activation)
    s_output, output = _layer(w_output, hidden, activation)
    return s_hidden, hidden, s_output, output


def output_delta(s_output, target, activation="sigmoid"):
    if len(s_output) != len(target):
        raise ValueError("lengths differ")
    return [2 * (float(d) - _one(float(s), activation)) * _slope(float(s), activation) for s, d in zip(s_output, target)]


def hidden_delta(s_hidden, w_output, delta_output, activation="sigmoid"):
    result = []
    for i, s in enumerate(s_hidden):
        back = sum(float(w_output[j][i]) * float(delta_output[j]) for j in range(len(delta_output)))
        result.append(back * _slope(float(s), activation))
    return result


def weight_step(delta, inputs, mu):
    return [[mu * float(d) * float(v) for v in inputs] for d in delta]


def _add(weights, change):
    return [[float(w) + c for w, c in zip(row, changes)] for row, changes in zip(weights, change)]


def step_in_order(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    s_hidden, hidden, s_output, _ = forward(x, w_hidden, w_output, activation)
    delta = output_delta(s_output, target, activation)
    new_output = _add(w_output, weight_step(delta, hidden, mu))
    back = hidden_delta(s_hidden, new_output, delta, activation)
    return _add(w_hidden, weight_step(back, x, mu)), new_output


def step_simultaneous(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    s_hidden, hidden, s_output, _ = forward(x, w_hidden, w_output, activation)
    delta = output_delta(s_output, target, activation)
    back = hidden_delta(s_hidden, w_output, delta, activation)
    return [_add(w_hidden, weight_step(back, x, mu)), _add(w_output, weight_step(delta, hidden, mu))]
