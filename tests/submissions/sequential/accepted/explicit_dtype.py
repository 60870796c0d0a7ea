"""Weights, outputs and gradients are kept in float64."""

import numpy as np

LOSSES = ("mse", "binary_crossentropy", "categorical_crossentropy")
EPS = 1e-7


def activate(z, activation):
    if activation == "linear":
        return z
    if activation == "sigmoid":
        return 0.5 * (1.0 + np.tanh(0.5 * z))
    if activation == "tanh":
        return np.tanh(z)
    if activation == "softmax":
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)
    raise ValueError(f"unknown activation {activation!r}")


class Scale:
    def __init__(self, factor):
        self.factor = np.array(factor, dtype=np.float64)

    def get_weights(self):
        return [self.factor]

    def forward(self, x):
        self.x = x
        return x * self.factor

    def backward(self, dout):
        self.dfactor = np.sum(dout * self.x, axis=0)
        return dout * self.factor

    def step(self, learning_rate):
        self.factor = self.factor - learning_rate * self.dfactor


def loss_value(loss, y_true, y_pred):
    if loss == "mse":
        return float(np.mean((y_pred - y_true) ** 2))
    y = np.clip(y_pred, EPS, 1 - EPS)
    if loss == "binary_crossentropy":
        return float(np.mean(-y_true * np.log(y) - (1 - y_true) * np.log(1 - y)))
    if loss == "categorical_crossentropy":
        N = y_pred.shape[0]
        return np.float64(np.sum(-y_true * np.log(y)) / N)
    raise ValueError(f"unknown loss {loss!r}")


def loss_gradient(loss, y_true, y_pred):
    N = y_pred.shape[0]
    if loss == "mse":
        return 2 * (y_pred - y_true) / y_pred.size
    y = np.clip(y_pred, EPS, 1 - EPS)
    if loss == "binary_crossentropy":
        return (-y_true / y + (1 - y_true) / (1 - y)) / y_pred.size
    if loss == "categorical_crossentropy":
        return -y_true / y / N
    raise ValueError(f"unknown loss {loss!r}")


def dense_forward(x, weights, bias, activation="linear"):
    x, weights, bias = (a.astype(np.float64) for a in (x, weights, bias))
    return activate(x @ weights + bias, activation)


def dense_backward(dout, x, weights, bias, activation="linear"):
    y = dense_forward(x, weights, bias, activation)
    if activation == "sigmoid":
        dz = dout * y * (1 - y)
    elif activation == "tanh":
        dz = dout * (1 - y**2)
    elif activation == "softmax":
        dz = y * (dout - np.sum(dout * y, axis=1, keepdims=True))
    else:
        dz = dout
    dz = dz.astype(np.float64)
    return dz @ weights.T.astype(np.float64), x.T.astype(np.float64) @ dz, dz.sum(axis=0)


class Dense:
    def __init__(self, weights, bias, activation="linear"):
        self.weights = np.array(weights, dtype=np.float64)
        self.bias = np.array(bias, dtype=np.float64)
        self.activation = activation

    def get_weights(self):
        return [self.weights, self.bias]

    def forward(self, x):
        self.x = x
        return dense_forward(x, self.weights, self.bias, self.activation)

    def backward(self, dout):
        dx, self.dweights, self.dbias = dense_backward(dout, self.x, self.weights, self.bias, self.activation)
        return dx

    def step(self, learning_rate):
        self.weights = self.weights - learning_rate * self.dweights
        self.bias = self.bias - learning_rate * self.dbias


class Sequential:
    def __init__(self, layers=(), loss=None):
        self.layers = list(layers)
        self.loss = None
        if loss is not None:
            self.compile(loss)

    def get_weights(self):
        return [array for layer in self.layers for array in layer.get_weights()]

    def add(self, layer):
        self.layers.append(layer)

    def compile(self, loss):
        if loss not in LOSSES:
            raise ValueError(f"unknown loss {loss!r}; there are {', '.join(LOSSES)}")
        self.loss = loss

    def predict(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def evaluate(self, x, y):
        return loss_value(self.loss, y, self.predict(x))

    def train_on_batch(self, x, y, learning_rate):
        output = self.predict(x)
        loss = loss_value(self.loss, y, output)
        gradient = loss_gradient(self.loss, y, output)
        for layer in reversed(self.layers):
            gradient = layer.backward(gradient)
        for layer in self.layers:
            layer.step(learning_rate)
        return loss

    def fit(self, x, y, epochs, batch_size, learning_rate, orders=None):
        N = len(x)
        history = np.zeros(epochs)
        for e in range(epochs):
            order = np.arange(N) if orders is None else orders[e]
            for start in range(0, N, batch_size):
                batch = order[start : start + batch_size]
                history[e] += self.train_on_batch(x[batch], y[batch], learning_rate) * len(batch) / N
        return history
