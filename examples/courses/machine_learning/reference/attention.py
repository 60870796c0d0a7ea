"""What `attention` should return: query by query, and by whole Jacobians."""

import numpy as np


def softmax_rows(scores):
    """Row by row, from the logarithm of the sum."""
    top = scores.max(axis=1)
    total = top + np.log(np.exp(scores - top[:, np.newaxis]).sum(axis=1))
    return np.exp(scores - total[:, np.newaxis])


def attend(queries, keys, values, visible=None):
    """Scores by einsum; hidden ones are put in as -inf."""
    scores = np.einsum("td,sd->ts", queries, keys) * queries.shape[1] ** -0.5
    if visible is not None:
        scores[~visible] = -np.inf
    weights = softmax_rows(scores)
    return np.einsum("ts,se->te", weights, values), weights


def causal(t):
    """Columns compared with rows."""
    return np.arange(t) <= np.arange(t)[:, np.newaxis]


def layer_norm(x, gain, shift, eps=1e-5):
    """The cache holds the arguments."""
    centred = x - x.sum(axis=1, keepdims=True) / x.shape[1]
    scale = ((centred**2).sum(axis=1, keepdims=True) / x.shape[1] + eps) ** -0.5
    return gain * centred * scale + shift, {"centred": centred, "scale": scale, "gain": gain}


def layer_norm_backward(dout, cache):
    """Step by step backwards: through the product, the scale, the centring."""
    centred, scale, gain = cache["centred"], cache["scale"], cache["gain"]
    dscale = np.einsum("nd,d,nd->n", dout, gain, centred)[:, np.newaxis]
    dcentred = dout * gain * scale - dscale * scale**3 * centred / dout.shape[1]
    dx = dcentred - dcentred.sum(axis=1, keepdims=True) / dout.shape[1]
    return dx, np.einsum("nd,nd,nk->d", dout, centred, scale), np.einsum("nd->d", dout)


def attend_backward(dmixed, queries, keys, values):
    """The Jacobian of each row's softmax: diag(p) - p pᵀ."""
    _mixed, p = attend(queries, keys, values)
    jacobians = np.einsum("ti,ij->tij", p, np.eye(p.shape[1])) - np.einsum("ti,tj->tij", p, p)
    dscores = np.einsum("tij,te,je->ti", jacobians, dmixed, values) * queries.shape[1] ** -0.5
    return dscores @ keys, dscores.T @ queries, p.T @ dmixed
