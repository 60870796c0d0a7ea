"""einsum everywhere, results in Fortran order."""

import numpy as np

ACTIVATIONS = {
    "sigmoid": (lambda s: np.exp(-np.logaddexp(0.0, -s)), lambda y: y * (1.0 - y)),
    "tanh": (np.tanh, lambda y: 1.0 - np.square(y)),
}


def _functions(activation):
    if activation not in ACTIVATIONS:
        raise ValueError(activation)
    return ACTIVATIONS[activation]


def sgm_prime(s, activation="sigmoid"):
    f, slope_from_output = _functions(activation)
    return np.asfortranarray(slope_from_output(f(np.asarray(s, dtype=float))))


def forward(x, w_hidden, w_output, activation="sigmoid"):
    f, _ = _functions(activation)
    s_hidden = np.einsum("hd,d->h", w_hidden, x)
    hidden = f(s_hidden)
    s_output = np.einsum("jh,h->j", w_output, hidden)
    return [s_hidden, hidden, s_output, f(s_output)]


def output_delta(s_output, target, activation="sigmoid"):
    f, _ = _functions(activation)
    if np.shape(target) != np.shape(s_output):
        raise ValueError("target")
    return np.einsum(",j,j->j", 2.0, target - f(s_output), sgm_prime(s_output, activation))


def hidden_delta(s_hidden, w_output, delta_output, activation="sigmoid"):
    return np.einsum("ji,j,i->i", w_output, delta_output, sgm_prime(s_hidden, activation))


def weight_step(delta, inputs, mu):
    return np.asfortranarray(np.einsum("j,i,->ji", delta, inputs, mu))


def _step(x, target, w_hidden, w_output, mu, activation, in_order):
    s_hidden, hidden, s_output, _ = forward(x, w_hidden, w_output, activation)
    delta = output_delta(s_output, target, activation)
    new_output = w_output + weight_step(delta, hidden, mu)
    back = hidden_delta(s_hidden, new_output if in_order else w_output, delta, activation)
    return np.asfortranarray(w_hidden + weight_step(back, x, mu)), np.asfortranarray(new_output)


def step_in_order(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    return _step(x, target, w_hidden, w_output, mu, activation, True)


def step_simultaneous(x, target, w_hidden, w_output, mu, activation="sigmoid"):
    return _step(x, target, w_hidden, w_output, mu, activation, False)
