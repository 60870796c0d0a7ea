"""Input and state side by side, one weight matrix for both; time first inside; gradients of the weights by einsum at the end."""

import numpy as np


def rnn_step(x, h_prev, wx, wh, b):
    if x.shape[0] != h_prev.shape[0]:
        raise ValueError("batch sizes differ")
    z = np.hstack((x, h_prev))
    return np.tanh(np.einsum("ni,ij->nj", z, np.vstack((wx, wh))) + b)


def rnn_forward(x, h0, wx, wh, b):
    out = []
    for x_t in np.moveaxis(x, 1, 0):
        out.append(rnn_step(x_t, out[-1] if out else h0, wx, wh, b))
    return np.moveaxis(np.array(out), 0, 1)


def rnn_step_backward(dh, x, h_prev, wx, wh, b):
    h = rnn_step(x, h_prev, wx, wh, b)
    ds = (1 - h) * (1 + h) * dh
    dz = np.einsum("nj,ij->ni", ds, np.vstack((wx, wh)))
    dw = np.einsum("ni,nj->ij", np.hstack((x, h_prev)), ds)
    D = x.shape[1]
    return [dz[:, :D], dz[:, D:], dw[:D], dw[D:], np.einsum("nj->j", ds)]


def rnn_backward(dh, x, h0, wx, wh, b):
    h = rnn_forward(x, h0, wx, wh, b)
    T = x.shape[1]
    prev = np.concatenate((h0[:, None, :], h[:, : T - 1]), axis=1)
    ds = np.zeros_like(h)
    nxt = 0
    for t in range(T)[::-1]:
        ds[:, t] = (dh[:, t] + nxt) / np.cosh(np.arctanh(h[:, t])) ** 2
        nxt = np.einsum("nj,ij->ni", ds[:, t], wh)
    dwx = np.einsum("ntd,nth->dh", x, ds)
    dwh = np.einsum("nti,ntj->ij", prev, ds)
    return np.einsum("nth,dh->ntd", ds, wx), nxt, dwx, dwh, np.einsum("nth->h", ds)


def clip_by_norm(gradients, limit):
    if limit <= 0:
        raise ValueError("limit")
    norm = np.linalg.norm([np.linalg.norm(g) for g in gradients])
    if norm <= limit:
        return [np.array(g) for g in gradients]
    return [g / norm * limit for g in gradients]


def windows(series, length):
    if not 1 <= length < len(series):
        raise ValueError("length")
    w = np.lib.stride_tricks.sliding_window_view(series, length + 1)
    return w[:, :-1, np.newaxis], w[:, -1:]


def predict(x, wx, wh, b, wy, by):
    h = np.zeros((x.shape[0], wh.shape[0]))
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, wx, wh, b)
    return np.einsum("nh,hk->nk", h, wy) + by


def series_gradients(x, y, wx, wh, b, wy, by):
    h0 = np.zeros((x.shape[0], wh.shape[0]))
    h = rnn_forward(x, h0, wx, wh, b)
    e = 2 * np.mean([h[:, -1] @ wy + by - y], axis=0) / np.prod(y.shape)
    dh = np.zeros_like(h)
    dh[:, -1] = e @ wy.T
    grads = rnn_backward(dh, x, h0, wx, wh, b)[2:]
    return (*grads, h[:, -1].T @ e, e.sum(0))


def train(x, y, weights, rate, epochs, limit):
    w = tuple(weights)
    losses = []
    for _ in range(epochs):
        losses.append(np.mean((predict(x, *w) - y) ** 2))
        g = clip_by_norm(series_gradients(x, y, *w), limit)
        w = tuple(a - rate * d for a, d in zip(w, g))
    return w, np.array(losses)
