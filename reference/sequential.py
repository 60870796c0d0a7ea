"""Reference of the topic `sequential`: losses, a dense layer and a model of layers, trained by gradient descent.

Source: lecture L4, slides «Librerías para redes: Keras» (create, add, compile, fit), «Función de Costo: Selección» with its three
scenarios, and the chain rule of «How does it actually work?» to «Example 2». What the slides leave open is as in Keras: the mean over
all numbers, the history as the mean over an epoch's examples.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
EPS = 1e-7
LOSSES = ("mse", "binary_crossentropy", "categorical_crossentropy")


def activate(z: Array, activation: str) -> Array:
    """h(z): linear, sigmoid 1/(1+e^-z), tanh, or softmax of each row.

    Raises:
        ValueError: the activation is unknown.
    """
    if activation == "softmax":
        shifted = z - np.max(z, axis=1, keepdims=True)
        result: Array = np.exp(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))
        return result
    if activation == "sigmoid":
        return (1 + np.tanh(z / 2)) / 2
    if activation == "tanh":
        tanh: Array = np.tanh(z)
        return tanh
    if activation == "linear":
        return z
    raise ValueError(f"unknown activation {activation!r}")


def _inside(y_pred: Array) -> Array:
    return np.minimum(np.maximum(y_pred, EPS), 1 - EPS)


def loss_value(loss: str, y_true: Array, y_pred: Array) -> float:
    """J: 1/NK Σ (y-t)²; 1/NK Σ -t ln y - (1-t) ln(1-y); -1/N Σ t ln y (L4 «Escenario 1» to «Escenario 3»).

    Raises:
        ValueError: the loss is unknown.
    """
    if loss == "mse":
        error = np.ravel(y_pred - y_true)
        return float(error @ error) / error.size
    y = _inside(y_pred)
    if loss == "binary_crossentropy":
        return -float(np.vdot(y_true, np.log(y)) + np.vdot(1 - y_true, np.log1p(-y))) / y_pred.size
    if loss == "categorical_crossentropy":
        return -float(np.vdot(y_true, np.log(y))) / len(y_pred)
    raise ValueError(f"unknown loss {loss!r}")


def loss_gradient(loss: str, y_true: Array, y_pred: Array) -> Array:
    """∂J/∂y: 2(y-t)/NK; (y-t)/(y(1-y))/NK; -t/y/N (L4 «How does it actually work?»: ∂E/∂O, with the sign O - y).

    Raises:
        ValueError: the loss is unknown.
    """
    if loss == "mse":
        return np.multiply(2 / y_pred.size, y_pred - y_true)
    y = _inside(y_pred)
    if loss == "binary_crossentropy":
        return (y - y_true) / (y * (1 - y)) / y_pred.size
    if loss == "categorical_crossentropy":
        return np.negative(y_true) / (y * len(y_pred))
    raise ValueError(f"unknown loss {loss!r}")


def dense_forward(x: Array, weights: Array, bias: Array, activation: str = "linear") -> Array:
    """y = h(x W + b) (L4 «How do these networks work?»).

    Raises:
        ValueError: x does not fit the weights, or the activation is unknown.
    """
    return activate(np.dot(x, weights) + bias, activation)


def dense_backward(dout: Array, x: Array, weights: Array, bias: Array, activation: str = "linear") -> tuple[Array, Array, Array]:
    """(dx, dW, db) by the chain rule ∂E/∂W = ∂E/∂O ∂O/∂net ∂net/∂W (L4 «Example», «Example 2»).

    ∂O/∂net is the Jacobian of each example, diag(h') or, for softmax, diag(y) - y yᵀ.

    Raises:
        ValueError: x does not fit the weights, or the activation is unknown.
    """
    y = dense_forward(x, weights, bias, activation)
    units = np.eye(y.shape[1])
    if activation == "softmax":
        jacobian = y[:, :, None] * (units - y[:, None, :])
    else:
        slope = {"linear": np.ones_like(y), "sigmoid": y - y * y, "tanh": (1 - y) * (1 + y)}[activation]
        jacobian = slope[:, :, None] * units
    dz = np.squeeze(dout[:, None] @ jacobian, axis=1)
    return np.inner(dz, weights), np.tensordot(x, dz, axes=(0, 0)), np.ones(len(dz), dz.dtype) @ dz


class Scale:
    """y[n,k] = factor[k] x[n,k]."""

    x: Array
    dfactor: Array

    def __init__(self, factor: Array) -> None:
        self.factor: Array = np.array(factor, dtype=float)

    def get_weights(self) -> list[Array]:
        """[factor]."""
        return [self.factor]

    def forward(self, x: Array) -> Array:
        """The output for x."""
        self.x = x
        return x * self.factor

    def backward(self, dout: Array) -> Array:
        """The gradient of x."""
        self.dfactor = np.einsum("nk,nk->k", dout, self.x)
        return dout * self.factor

    def step(self, learning_rate: float) -> None:
        """factor ← factor - η dfactor."""
        self.factor = self.factor - learning_rate * self.dfactor


class Dense:
    """A dense layer with its state (L4: `Dense(5, activation='sigmoid')`, here with given weights)."""

    x: Array
    dweights: Array
    dbias: Array

    def __init__(self, weights: Array, bias: Array, activation: str = "linear") -> None:
        self.weights: Array = np.array(weights, dtype=float)
        self.bias: Array = np.array(bias, dtype=float)
        self.activation = activation

    def get_weights(self) -> list[Array]:
        """[weights, bias]."""
        return [self.weights, self.bias]

    def forward(self, x: Array) -> Array:
        """h(x W + b); x is remembered."""
        self.x = x
        return dense_forward(x, self.weights, self.bias, self.activation)

    def backward(self, dout: Array) -> Array:
        """∂J/∂x for the latest x; keeps dweights and dbias."""
        dx, self.dweights, self.dbias = dense_backward(dout, self.x, self.weights, self.bias, self.activation)
        return dx

    def step(self, learning_rate: float) -> None:
        """W ← W - η dW, b ← b - η db (L4: ΔW = -η ∂E/∂W)."""
        self.weights = self.weights - learning_rate * self.dweights
        self.bias = self.bias - learning_rate * self.dbias


class Sequential:
    """Layers one after the other, and a loss (L4 «Librerías para redes: Keras»)."""

    def __init__(self, layers: Sequence[Dense | Scale] = (), loss: str | None = None) -> None:
        self.layers: list[Dense | Scale] = list(layers)
        self.loss = ""
        if loss is not None:
            self.compile(loss)

    def get_weights(self) -> list[Array]:
        """The learned numbers of all layers."""
        return [array for layer in self.layers for array in layer.get_weights()]

    def add(self, layer: Dense | Scale) -> None:
        """One more layer at the end."""
        self.layers.append(layer)

    def compile(self, loss: str) -> None:
        """Choose the loss.

        Raises:
            ValueError: the loss is unknown.
        """
        if loss not in LOSSES:
            raise ValueError(f"unknown loss {loss!r}")
        self.loss = loss

    def predict(self, x: Array) -> Array:
        """The last layer's output for x."""
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def evaluate(self, x: Array, y: Array) -> float:
        """The loss for x and y."""
        return loss_value(self.loss, y, self.predict(x))

    def train_on_batch(self, x: Array, y: Array, learning_rate: float) -> float:
        """One step of gradient descent; the loss before it."""
        output = self.predict(x)
        upstream = loss_gradient(self.loss, y, output)
        for layer in reversed(self.layers):  # each layer's gradient is taken before its numbers move
            upstream = layer.backward(upstream)
            layer.step(learning_rate)
        return loss_value(self.loss, y, output)

    def fit(
        self,
        x: Array,
        y: Array,
        epochs: int,
        batch_size: int,
        learning_rate: float,
        orders: NDArray[np.integer[Any]] | None = None,
    ) -> Array:
        """The history of an epoch is the mean over its examples of the losses before each batch's step (as in Keras)."""
        if orders is None:
            orders = np.tile(np.arange(len(x)), (epochs, 1))
        history = []
        for order in orders[:epochs]:
            batches = [order[start : start + batch_size] for start in range(0, len(order), batch_size)]
            losses = [self.train_on_batch(x[batch], y[batch], learning_rate) for batch in batches]
            history.append(np.average(losses, weights=[len(batch) for batch in batches]))
        return np.array(history)
