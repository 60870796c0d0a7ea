"""Every sum a loop over plain numbers; lists are returned."""

import math


def rnn_step(x, h_prev, wx, wh, b):
    if len(x) != len(h_prev):
        raise ValueError(f"{len(x)} inputs, {len(h_prev)} states")
    D, H = len(wx), len(b)
    h = []
    for n in range(len(x)):
        row = []
        for j in range(H):
            s = float(b[j])
            for d in range(D):
                s += float(x[n][d]) * float(wx[d][j])
            for i in range(H):
                s += float(h_prev[n][i]) * float(wh[i][j])
            row.append(math.tanh(s))
        h.append(row)
    return h


def rnn_forward(x, h0, wx, wh, b):
    N, T = len(x), len(x[0])
    if N != len(h0):
        raise ValueError("number of sequences")
    h = [[] for _ in range(N)]
    for n in range(N):
        state = [h0[n]]
        for t in range(T):
            state = rnn_step([x[n][t]], state, wx, wh, b)
            h[n].append(state[0])
    return h


def zeros(*shape):
    return [zeros(*shape[1:]) for _ in range(shape[0])] if shape else 0.0


def rnn_step_backward(dh, x, h_prev, wx, wh, b):
    N, D, H = len(x), len(wx), len(b)
    h = rnn_step(x, h_prev, wx, wh, b)
    dx, dh_prev, dwx, dwh, db = zeros(N, D), zeros(N, H), zeros(D, H), zeros(H, H), zeros(H)
    for n in range(N):
        for j in range(H):
            ds = float(dh[n][j]) * (1 - h[n][j] ** 2)
            db[j] += ds
            for d in range(D):
                dx[n][d] += ds * float(wx[d][j])
                dwx[d][j] += ds * float(x[n][d])
            for i in range(H):
                dh_prev[n][i] += ds * float(wh[i][j])
                dwh[i][j] += ds * float(h_prev[n][i])
    return dx, dh_prev, dwx, dwh, db


def rnn_backward(dh, x, h0, wx, wh, b):
    N, T, D, H = len(x), len(x[0]), len(wx), len(b)
    h = rnn_forward(x, h0, wx, wh, b)
    dx, dh0, dwx, dwh, db = zeros(N, T, D), zeros(N, H), zeros(D, H), zeros(H, H), zeros(H)
    for n in range(N):
        back = [0.0] * H
        for t in reversed(range(T)):
            up = [float(dh[n][t][j]) + back[j] for j in range(H)]
            before = h[n][t - 1] if t else h0[n]
            (dx[n][t],), (back,), pwx, pwh, pb = rnn_step_backward([up], [x[n][t]], [before], wx, wh, b)
            for j in range(H):
                db[j] += pb[j]
                for d in range(D):
                    dwx[d][j] += pwx[d][j]
                for i in range(H):
                    dwh[i][j] += pwh[i][j]
        dh0[n] = back
    return dx, dh0, dwx, dwh, db


def flat(values):
    if hasattr(values, "__len__"):
        return [number for value in values for number in flat(value)]
    return [float(values)]


def scaled(values, factor):
    return [scaled(value, factor) for value in values] if hasattr(values, "__len__") else float(values) * factor


def clip_by_norm(gradients, limit):
    if limit <= 0:
        raise ValueError("limit")
    norm = math.sqrt(sum(v * v for v in flat(gradients)))
    return [scaled(g, min(1.0, limit / norm) if norm else 1.0) for g in gradients]


def windows(series, length):
    M = len(series) - length
    if M < 1 or length < 1:
        raise ValueError("too short")
    x = [[[float(series[m + t])] for t in range(length)] for m in range(M)]
    y = [[float(series[m + length])] for m in range(M)]
    return x, y


def predict(x, wx, wh, b, wy, by):
    h = rnn_forward(x, zeros(len(x), len(b)), wx, wh, b)
    H, K = len(b), len(by)
    return [[sum(h[n][-1][j] * float(wy[j][k]) for j in range(H)) + float(by[k]) for k in range(K)] for n in range(len(x))]


def series_gradients(x, y, wx, wh, b, wy, by):
    N, T, H, K = len(x), len(x[0]), len(b), len(by)
    h0 = zeros(N, H)
    h = rnn_forward(x, h0, wx, wh, b)
    p = predict(x, wx, wh, b, wy, by)
    dwy, dby, dh = zeros(H, K), zeros(K), zeros(N, T, H)
    for n in range(N):
        for k in range(K):
            e = 2 * (p[n][k] - float(y[n][k])) / (N * K)
            dby[k] += e
            for j in range(H):
                dwy[j][k] += h[n][-1][j] * e
                dh[n][-1][j] += float(wy[j][k]) * e
    _, _, dwx, dwh, db = rnn_backward(dh, x, h0, wx, wh, b)
    return dwx, dwh, db, dwy, dby


def moved(weight, gradient, rate):
    if hasattr(gradient, "__len__"):
        return [moved(w, g, rate) for w, g in zip(weight, gradient)]
    return float(weight) - rate * gradient


def train(x, y, weights, rate, epochs, limit):
    x, y = [[[float(v) for v in row] for row in seq] for seq in x], [[float(v) for v in row] for row in y]
    weights = [scaled(w, 1.0) for w in weights]
    losses = []
    for _ in range(epochs):
        p = predict(x, *weights)
        squares = [(p[n][k] - y[n][k]) ** 2 for n in range(len(y)) for k in range(len(y[0]))]
        losses.append(sum(squares) / len(squares))
        g = clip_by_norm(series_gradients(x, y, *weights), limit)
        weights = [moved(w, d, rate) for w, d in zip(weights, g)]
    return weights, losses
