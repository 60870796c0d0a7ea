"""Attention and layer norm. Complete the six functions below; `softmax_rows` is used by the others."""

import numpy as np


def softmax_rows(scores):
    """
    Turn every row into probabilities.

    Parameters
    ----------
    scores : ndarray of shape (t, s)
        May be as large as 1e5; -inf stands for what has no chance, and no row has nothing else.

    Returns
    -------
    p : ndarray of shape (t, s)
    """
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def attend(queries, keys, values, visible=None):
    """
    Scaled dot-product attention.

    Parameters
    ----------
    queries : ndarray of shape (t, d)
    keys : ndarray of shape (s, d)
    values : ndarray of shape (s, e)
    visible : ndarray of bool, shape (t, s), optional
        True where a query may look. By default, everywhere.

    Returns
    -------
    mixed : ndarray of shape (t, e)
    weights : ndarray of shape (t, s)
        softmax(queries keysᵀ / √d), where what is not visible weighs 0.
    """
    scores = queries @ keys.T / np.sqrt(queries.shape[1])
    if visible is not None:
        scores = np.where(visible, scores, -np.inf)
    weights = softmax_rows(scores)
    return weights @ values, weights


def causal(t):
    """
    Who may look where in a text: nobody ahead.

    Parameters
    ----------
    t : int

    Returns
    -------
    visible : ndarray of bool, shape (t, t)
        Row i is True up to and with column i.
    """
    visible = np.zeros((t, t), dtype=bool)
    for i in range(t):
        visible[i, : i + 1] = True
    return visible


def layer_norm(x, gain, shift, eps=1e-5):
    """
    Bring every row to mean 0 and variance 1, then multiply by `gain` and add `shift`.

    Parameters
    ----------
    x : ndarray of shape (n, d)
    gain, shift : ndarray of shape (d,)
    eps : float
        Added to the variance (divided by d), under the root.

    Returns
    -------
    out : ndarray of shape (n, d)
    cache : anything that your `layer_norm_backward` wants to know
    """
    root = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    normed = (x - x.mean(axis=1, keepdims=True)) / root
    return normed * gain + shift, (normed, root, gain)


def layer_norm_backward(dout, cache):
    """
    The gradients of a loss, given its gradient with respect to the output of `layer_norm`.

    Parameters
    ----------
    dout : ndarray of shape (n, d)
    cache : what your `layer_norm` returned

    Returns
    -------
    dx : ndarray of shape (n, d)
    dgain, dshift : ndarray of shape (d,)
    """
    normed, root, gain = cache
    dnormed = dout * gain
    along = (dnormed * normed).mean(axis=1, keepdims=True)
    dx = dnormed / root
    return dx, (dout * normed).sum(axis=0), dout.sum(axis=0)


def attend_backward(dmixed, queries, keys, values):
    """
    The gradients of `attend` (where everything is visible), given that of `mixed`.

    Parameters
    ----------
    dmixed : ndarray of shape (t, e)
    queries, keys, values : as for `attend`

    Returns
    -------
    dqueries, dkeys, dvalues : ndarray, each of the shape of what it is the gradient of
    """
    _mixed, weights = attend(queries, keys, values)
    dweights = dmixed @ values.T
    dscores = weights * (dweights - (dweights * weights).sum(axis=1, keepdims=True)) / np.sqrt(queries.shape[1])
    return dscores @ keys, dscores.T @ queries, weights.T @ dmixed
