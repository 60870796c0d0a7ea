import numpy as np

E = 1e-7


def activate(z, activation):
    table = {
        "linear": lambda: z,
        "sigmoid": lambda: np.exp(-np.logaddexp(0, -z)),
        "tanh": lambda: np.tanh(z),
        "softmax": lambda: np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True)),
    }
    if activation not in table:
        raise ValueError(activation)
    return table[activation]()


def back_through(y, dout, activation):
    if activation == "softmax":
        g = dout * y
        return g - y * g.sum(axis=1, keepdims=True)
    return {"linear": dout, "sigmoid": dout * (y - y * y), "tanh": dout * (1 + y) * (1 - y)}[activation]


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


def loss_value(loss, y_true, y_pred):
    if loss == "mse":
        return ((y_pred - y_true) ** 2).mean()
    if loss == "binary_crossentropy":
        # the probability that was given to what came
        return -np.log(np.clip(np.where(y_true == 1, y_pred, 1 - y_pred), E, 1)).mean()
    if loss == "categorical_crossentropy":
        return -np.log(np.clip((y_pred * y_true).sum(axis=1), E, 1)).mean()
    raise ValueError(loss)


def loss_gradient(loss, y_true, y_pred):
    if loss == "mse":
        return (y_pred - y_true) / (0.5 * y_pred.size)
    p = y_pred.clip(E, 1 - E)
    if loss == "binary_crossentropy":
        return np.where(y_true == 1, -1 / p, 1 / (1 - p)) / y_pred.size
    if loss == "categorical_crossentropy":
        return np.where(y_true == 1, -1 / p, 0.0) / len(y_pred)
    raise ValueError(loss)


def dense_forward(x, weights, bias, activation="linear"):
    return activate(np.einsum("nd,dk->nk", x, weights) + bias[None, :], activation)


def dense_backward(dout, x, weights, bias, activation="linear"):
    dz = dout
    return np.einsum("nk,dk->nd", dz, weights), np.einsum("nd,nk->dk", x, dz), np.einsum("nk->k", dz)


class Dense:
    def __init__(self, weights, bias, activation="linear"):
        self.weights = np.array(weights, dtype=float)
        self.bias = np.array(bias, dtype=float)
        self.activation = activation

    def get_weights(self):
        return [self.weights, self.bias]

    def forward(self, x):
        self.cache = (x, dense_forward(x, self.weights, self.bias, self.activation))
        return self.cache[1]

    def backward(self, dout):
        dx, self.dweights, self.dbias = dense_backward(dout, self.cache[0], self.weights, self.bias, self.activation)
        return dx

    def step(self, learning_rate):
        self.weights -= learning_rate * self.dweights
        self.bias -= learning_rate * self.dbias


class Sequential:
    def __init__(self, layers=(), loss=None):
        self.layers = list(layers)
        self.loss = None
        if loss is not None:
            self.compile(loss)

    def get_weights(self):
        return [array for layer in self.layers for array in layer.get_weights()]

    def add(self, layer):
        self.layers = [*self.layers, layer]

    def compile(self, loss):
        loss_value(loss, np.ones((1, 1)), np.ones((1, 1)))  # raises when it is unknown
        self.loss = loss

    def predict(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def evaluate(self, x, y):
        return loss_value(self.loss, y, self.predict(x))

    def train_on_batch(self, x, y, learning_rate):
        output = self.predict(x)
        loss, gradient = loss_value(self.loss, y, output), loss_gradient(self.loss, y, output)
        for layer in self.layers[::-1]:
            gradient = layer.backward(gradient)
            layer.step(learning_rate)
        return loss

    def fit(self, x, y, epochs, batch_size, learning_rate, orders=None):
        if orders is None:
            orders = [np.arange(len(x))] * epochs
        history = np.empty(epochs)
        for e, order in enumerate(orders):
            mixed_x, mixed_y = x[order], y[order]
            seen = 0.0
            for first in range(0, len(x), batch_size):
                part = slice(first, first + batch_size)
                seen += len(mixed_x[part]) * self.train_on_batch(mixed_x[part], mixed_y[part], learning_rate)
            history[e] = seen / len(x)
        return history
