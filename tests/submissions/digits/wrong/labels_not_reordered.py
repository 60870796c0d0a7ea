import numpy as np


def columns(x, K):
    N, C, H, W = x.shape
    OH, OW = H - K + 1, W - K + 1
    if OH < 1 or OW < 1:
        raise ValueError("filter larger than the image")
    col = np.empty((N, OH, OW, C, K, K), dtype=x.dtype)
    for i in range(OH):
        for j in range(OW):
            col[:, i, j] = x[:, :, i : i + K, j : j + K]
    return col.reshape(N * OH * OW, C * K * K), OH, OW


def conv_forward(x, w, b):
    F, C, K, _ = w.shape
    if C != x.shape[1]:
        raise ValueError("channels differ")
    col, OH, OW = columns(x, K)
    return (col @ w.reshape(F, -1).T + b).reshape(-1, OH, OW, F).transpose(0, 3, 1, 2)


def conv_backward(dout, x, w, b):
    F, C, K, _ = w.shape
    N = x.shape[0]
    col, OH, OW = columns(x, K)
    flat = dout.transpose(0, 2, 3, 1).reshape(-1, F)
    dcol = (flat @ w.reshape(F, -1)).reshape(N, OH, OW, C, K, K)
    dx = np.zeros_like(x)
    for i in range(OH):
        for j in range(OW):
            dx[:, :, i : i + K, j : j + K] += dcol[:, i, j]
    return dx, (flat.T @ col).reshape(w.shape), flat.sum(axis=0)


def relu(x):
    return x * (x > 0)


def relu_backward(dout, x):
    dx = dout.copy()
    dx[x <= 0] = 0
    return dx


def blocks(x, size):
    N, C, H, W = x.shape
    x = x[:, :, : H // size * size, : W // size * size]
    return x.reshape(N, C, H // size, size, W // size, size)


def max_pool(x, size=2):
    return blocks(x, size).max(axis=5).max(axis=3)


def max_pool_backward(dout, x, size=2):
    parts = blocks(x, size)
    largest = parts == parts.max(axis=(3, 5), keepdims=True)
    shared = largest / largest.sum(axis=(3, 5), keepdims=True)
    inner = (shared * dout[:, :, :, None, :, None]).reshape(*x.shape[:2], dout.shape[2] * size, dout.shape[3] * size)
    dx = np.zeros(x.shape)
    dx[:, :, : inner.shape[2], : inner.shape[3]] = inner
    return dx


def flatten(x):
    return np.stack([image.ravel() for image in x])


def flatten_backward(dout, x):
    return np.stack([row.reshape(x.shape[1:]) for row in dout])


def dense_forward(x, w, b):
    return np.einsum("nd,dk->nk", x, w) + b


def dense_backward(dout, x, w, b):
    return np.einsum("nk,dk->nd", dout, w), np.einsum("nk,nd->dk", dout, x), np.einsum("nk->k", dout)


def log_softmax(logits):
    return logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)


def softmax_cross_entropy(logits, labels):
    target = np.eye(logits.shape[1])[labels]
    return -np.sum(target * log_softmax(logits)) / len(target)


def softmax_cross_entropy_backward(logits, labels):
    target = np.eye(logits.shape[1])[labels]
    return (np.exp(log_softmax(logits)) - target) / len(target)


def network(parameters, images):
    return run(parameters, images)[-1]


def run(parameters, images):
    sums = conv_forward(images, *parameters[:2])
    maps = relu(sums)
    pooled = max_pool(maps)
    row = flatten(pooled)
    return sums, maps, pooled, row, dense_forward(row, *parameters[2:])


def network_loss(parameters, images, labels):
    return softmax_cross_entropy(network(parameters, images), labels)


def network_gradients(parameters, images, labels):
    sums, maps, pooled, row, logits = run(parameters, images)
    back, dw, db = dense_backward(softmax_cross_entropy_backward(logits, labels), row, *parameters[2:])
    back = max_pool_backward(flatten_backward(back, pooled), maps)
    _, dfilters, dbiases = conv_backward(relu_backward(back, sums), images, *parameters[:2])
    return [dfilters, dbiases, dw, db]


def sgd_step(parameters, gradients, learning_rate):
    new = []
    for k in range(len(parameters)):
        new.append(parameters[k] - learning_rate * gradients[k])
    return new


def accuracy(logits, labels):
    right = 0
    for row, label in zip(logits, labels):
        right += int(np.argmax(row) == label)
    return right / len(labels)


def train(parameters, images, labels, orders, batch_size, learning_rate):
    epochs, N = orders.shape
    history = np.empty(epochs)
    for e in range(epochs):
        mixed, answers = images[orders[e]], labels
        for k in range(0, N, batch_size):
            gradients = network_gradients(parameters, mixed[k : k + batch_size], answers[k : k + batch_size])
            parameters = sgd_step(parameters, gradients, learning_rate)
        history[e] = network_loss(parameters, images, labels)
    return parameters, history
