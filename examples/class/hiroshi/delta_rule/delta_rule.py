"""delta rule without numpy tricks, only lists (I wanted to see every index)"""
from math import exp, tanh


def f(s, activation):
    if activation == "tanh":
        return tanh(s)
    if activation != "sigmoid":
        raise ValueError("activation")
    if s >= 0:
        return 1 / (1 + exp(-s))
    return exp(s) / (1 + exp(s))


def df(s, activation):
    y = f(s, activation)
    return 1 - y * y if activation == "tanh" else y * (1 - y)


def sgm_prime(s, activation="sigmoid"):
    if s.ndim > 1:
        return [sgm_prime(row, activation) for row in s]
    return [df(v, activation) for v in s.tolist()]


def matvec(m, v):
    if any(len(row) != len(v) for row in m):
        raise ValueError("matrix and vector do not fit")
    return [sum(a * b for a, b in zip(row, v)) for row in m]


def forward(x, w_hidden, w_output, activation="sigmoid"):
    s_hidden = matvec(w_hidden.tolist(), x.tolist())
    hidden = [f(s, activation) for s in s_hidden]
    s_output = matvec(w_output.tolist(), hidden)
    output = [f(s, activation) for s in s_output]
    return s_hidden, hidden, s_output, output


def output_delta(s_output, target, activation="sigmoid"):
    if len(s_output) != len(target):
        raise ValueError("target has the wrong length")
    return [2 * (float(d) - f(float(s), activation)) * df(float(s), activation) for s, d in zip(s_output, target)]


def hidden_delta(s_hidden, w_output, delta_output, activation="sigmoid"):
    columns = list(zip(*[list(map(float, row)) for row in w_output]))
    back = matvec(columns, [float(d) for d in delta_output])
    return [b * df(float(s), activation) for b, s in zip(back, s_hidden)]


def weight_step(delta, inputs, mu):
    return [[float(mu * d * v) for v in inputs] for d in delta]


def plus(w, dw):
    return [[float(a) + b for a, b in zip(r1, r2)] for r1, r2 in zip(w, dw)]


def step_in_order(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    s_hidden, hidden, s_output, _ = forward(x, w_hidden, w_output, activation)
    d_out = output_delta(s_output, target, activation)
    w_output = plus(w_output, weight_step(d_out, hidden, mu))
    d_hid = hidden_delta(s_hidden, w_output, d_out, activation)
    return plus(w_hidden, weight_step(d_hid, x, mu)), w_output


def step_simultaneous(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    s_hidden, hidden, s_output, _ = forward(x, w_hidden, w_output, activation)
    d_out = output_delta(s_output, target, activation)
    d_hid = hidden_delta(s_hidden, w_output, d_out, activation)
    return plus(w_hidden, weight_step(d_hid, x, mu)), plus(w_output, weight_step(d_out, hidden, mu))
