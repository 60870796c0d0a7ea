import math

import numpy as np


def activate(z, activation):
    if activation == "linear":
        return z
    if activation == "sigmoid":
        return np.array([[0.5 * (1 + math.tanh(0.5 * v)) for v in row] for row in z])
    if activation == "tanh":
        return np.array([[math.tanh(v) for v in row] for row in z])
    if activation == "softmax":
        rows = []
        for row in z:
            e = [math.exp(v - max(row)) for v in row]
            rows.append([v / sum(e) for v in e])
        return np.array(rows)
    raise ValueError(activation)


class Scale:
    def __init__(self, factor):
        self.factor = np.array(factor, dtype=float)

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


def inside(p):
    return min(max(p, 1e-7), 1 - 1e-7)


def loss_value(loss, y_true, y_pred):
    N, K = y_pred.shape
    total = 0.0
    for n in range(N):
        for k in range(K):
            y, t = float(y_pred[n, k]), float(y_true[n, k])
            if loss == "mse":
                total += (y - t) ** 2 / (N * K)
            elif loss == "binary_crossentropy":
                total += (-t * math.log(inside(y)) - (1 - t) * math.log(1 - inside(y))) / (N * K)
            elif loss == "categorical_crossentropy":
                total += -t * math.log(inside(y)) / N
            else:
                raise ValueError(loss)
    return total


def loss_gradient(loss, y_true, y_pred):
    N, K = y_pred.shape
    gradient = np.zeros((N, K))
    for n in range(N):
        for k in range(K):
            y, t = float(y_pred[n, k]), float(y_true[n, k])
            if loss == "mse":
                gradient[n, k] = 2 * (y - t) / (N * K)
            elif loss == "binary_crossentropy":
                gradient[n, k] = (-t / inside(y) + (1 - t) / (1 - inside(y))) / (N * K)
            elif loss == "categorical_crossentropy":
                gradient[n, k] = -t / inside(y) / N
            else:
                raise ValueError(loss)
    return gradient


def dense_forward(x, weights, bias, activation="linear"):
    (N, D), (inputs, K) = x.shape, weights.shape
    if D != inputs:
        raise ValueError("x does not fit the weights")
    z = np.zeros((N, K))
    for n in range(N):
        for k in range(K):
            z[n, k] = bias[k]
            for d in range(D):
                z[n, k] += x[n, d] * weights[d, k]
    return activate(z, activation)


def dense_backward(dout, x, weights, bias, activation="linear"):
    y = dense_forward(x, weights, bias, activation)
    (N, D), K = x.shape, len(bias)
    dx, dweights, dbias = np.zeros((N, D)), np.zeros((D, K)), np.zeros(K)
    for n in range(N):
        for k in range(K):
            if activation == "sigmoid":
                dz = dout[n, k] * y[n, k] * (1 - y[n, k])
            elif activation == "tanh":
                dz = dout[n, k] * (1 - y[n, k] ** 2)
            elif activation == "softmax":
                dz = 0.0
                for j in range(K):
                    dz += dout[n, j] * y[n, j] * ((1.0 if j == k else 0.0) - y[n, k])
            else:
                dz = dout[n, k]
            dbias[k] += dz
            for d in range(D):
                dweights[d, k] += x[n, d] * dz
                dx[n, d] += weights[d, k] * dz
    return dx, dweights, dbias


class Dense:
    def __init__(self, weights, bias, activation="linear"):
        self.weights = np.array(weights, dtype=float)
        self.bias = np.array(bias, dtype=float)
        self.activation = activation

    def get_weights(self):
        return [self.weights, self.bias]

    def forward(self, x):
        self.memory = x.copy()
        return dense_forward(x, self.weights, self.bias, self.activation)

    def backward(self, dout):
        result = dense_backward(dout, self.memory, self.weights, self.bias, self.activation)
        self.dweights, self.dbias = result[1], result[2]
        return result[0]

    def step(self, learning_rate):
        for d in range(self.weights.shape[0]):
            for k in range(self.weights.shape[1]):
                self.weights[d, k] -= learning_rate * self.dweights[d, k]


class Sequential:
    def __init__(self, layers=(), loss=None):
        self.layers = list(layers)
        self.loss = None
        if loss is not None:
            self.compile(loss)

    def get_weights(self):
        return [array for layer in self.layers for array in layer.get_weights()]

    def add(self, layer):
        self.layers += [layer]

    def compile(self, loss):
        if loss == "mse" or loss == "binary_crossentropy" or loss == "categorical_crossentropy":
            self.loss = loss
        else:
            raise ValueError(loss)

    def predict(self, x):
        values = x
        for i in range(len(self.layers)):
            values = self.layers[i].forward(values)
        return values

    def evaluate(self, x, y):
        return loss_value(self.loss, y, self.predict(x))

    def train_on_batch(self, x, y, learning_rate):
        output = self.predict(x)
        gradient = loss_gradient(self.loss, y, output)
        for i in range(len(self.layers) - 1, -1, -1):
            gradient = self.layers[i].backward(gradient)
        for layer in self.layers:
            layer.step(learning_rate)
        return loss_value(self.loss, y, output)

    def fit(self, x, y, epochs, batch_size, learning_rate, orders=None):
        history = []
        for epoch in range(epochs):
            order = list(range(len(x))) if orders is None else list(orders[epoch])
            losses = []
            while order:
                batch, order = order[:batch_size], order[batch_size:]
                loss = self.train_on_batch(x[batch], y[batch], learning_rate)
                losses += [loss] * len(batch)
            history.append(sum(losses) / len(losses))
        return history
