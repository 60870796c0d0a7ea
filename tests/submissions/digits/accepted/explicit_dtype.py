"""Convolution and dense layer are computed in float64."""

import functools

import numpy as np


def in_single(function):
    """Arguments and results in float64."""

    @functools.wraps(function)
    def wrapped(*args):
        results = function(*(np.asarray(a, dtype=np.float64) for a in args))
        if isinstance(results, tuple):
            return tuple(r.astype(np.float64) for r in results)
        return results.astype(np.float64)

    return wrapped


@in_single
def conv_forward(x, w, b):
    N, C, H, W = x.shape
    F, channels, K, _ = w.shape
    if channels != C:
        raise ValueError(f"the images have {C} channels, the filters {channels}")
    if K > H or K > W:
        raise ValueError(f"a {K}x{K} filter does not fit on {H}x{W} images")
    out = np.zeros((N, F, H - K + 1, W - K + 1))
    for p in range(K):
        for q in range(K):
            window = x[:, :, p : p + H - K + 1, q : q + W - K + 1]
            out += np.einsum("ncij,fc->nfij", window, w[:, :, p, q])
    return out + b[:, None, None]


@in_single
def conv_backward(dout, x, w, b):
    K = w.shape[2]
    rows, columns = dout.shape[2:]
    dx, dw = (np.zeros(x.shape), np.zeros(w.shape))
    for p in range(K):
        for q in range(K):
            window = x[:, :, p : p + rows, q : q + columns]
            dw[:, :, p, q] = np.einsum("nfij,ncij->fc", dout, window)
            dx[:, :, p : p + rows, q : q + columns] += np.einsum("nfij,fc->ncij", dout, w[:, :, p, q])
    return (dx, dw, dout.sum(axis=(0, 2, 3)))


def relu(x):
    return np.maximum(x, 0)


def relu_backward(dout, x):
    return dout * (x > 0)


def max_pool(x, size=2):
    N, C, H, W = x.shape
    out = np.zeros((N, C, H // size, W // size))
    for i in range(H // size):
        for j in range(W // size):
            out[:, :, i, j] = x[:, :, size * i : size * i + size, size * j : size * j + size].max(axis=(2, 3))
    return out


def max_pool_backward(dout, x, size=2):
    N, C = x.shape[:2]
    dx = np.zeros(x.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            place = np.s_[:, :, size * i : size * i + size, size * j : size * j + size]
            numbers = x[place].reshape(N, C, size * size)
            first = numbers.argmax(axis=2)
            chosen = np.arange(size * size) == first[:, :, None]
            dx[place] = (chosen * dout[:, :, i, j, None]).reshape(N, C, size, size)
    return dx


def flatten(x):
    return x.reshape(x.shape[0], -1)


def flatten_backward(dout, x):
    return dout.reshape(x.shape)


@in_single
def dense_forward(x, w, b):
    return x @ w + b


@in_single
def dense_backward(dout, x, w, b):
    return (dout @ w.T, x.T @ dout, dout.sum(axis=0))


def softmax_cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    right = shifted[np.arange(len(labels)), labels]
    return float(np.mean(np.log(np.exp(shifted).sum(axis=1)) - right))


def softmax_cross_entropy_backward(logits, labels):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    dlogits = e / e.sum(axis=1, keepdims=True)
    dlogits[np.arange(len(labels)), labels] -= 1
    return dlogits / len(labels)


def network(parameters, images):
    conv_w, conv_b, dense_w, dense_b = parameters
    maps = relu(conv_forward(images, conv_w, conv_b))
    return dense_forward(flatten(max_pool(maps)), dense_w, dense_b)


def network_loss(parameters, images, labels):
    return softmax_cross_entropy(network(parameters, images), labels)


def network_gradients(parameters, images, labels):
    conv_w, conv_b, dense_w, dense_b = parameters
    sums = conv_forward(images, conv_w, conv_b)
    maps = relu(sums)
    pooled = max_pool(maps)
    row = flatten(pooled)
    logits = dense_forward(row, dense_w, dense_b)
    dlogits = softmax_cross_entropy_backward(logits, labels)
    drow, ddense_w, ddense_b = dense_backward(dlogits, row, dense_w, dense_b)
    dpooled = flatten_backward(drow, pooled)
    dmaps = max_pool_backward(dpooled, maps)
    dsums = relu_backward(dmaps, sums)
    _, dconv_w, dconv_b = conv_backward(dsums, images, conv_w, conv_b)
    return [dconv_w, dconv_b, ddense_w, ddense_b]


def sgd_step(parameters, gradients, learning_rate):
    return [parameter - learning_rate * gradient for parameter, gradient in zip(parameters, gradients, strict=True)]


def accuracy(logits, labels):
    return float(np.mean(logits.argmax(axis=1) == labels))


def train(parameters, images, labels, orders, batch_size, learning_rate):
    history = np.zeros(len(orders))
    for e, order in enumerate(orders):
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            gradients = network_gradients(parameters, images[batch], labels[batch])
            parameters = sgd_step(parameters, gradients, learning_rate)
        history[e] = network_loss(parameters, images, labels)
    return (parameters, history)
