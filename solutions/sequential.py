"""A Sequential model as in Keras: fill in the losses, the dense layer and the model, in the order of this file.

Lecture L4, slides «Librerías para redes: Keras» and «Función de Costo: Selección». When all is filled in, Keras' four steps work:

    model = Sequential()                                              # 1) create the object
    model.add(Dense(weights, bias, "sigmoid"))                        # 2) define the architecture (add layers)
    model.compile("mse")                                              # 3) compile
    history = model.fit(x, y, epochs=100, batch_size=32, learning_rate=0.1)   # 4) train

Everywhere N is the number of examples of a batch: x has a row for each example. `activate` and `Scale` are finished; look at them.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]

LOSSES = ("mse", "binary_crossentropy", "categorical_crossentropy")
EPS = 1e-7  # probabilities are kept this far from 0 and 1 before a logarithm or a division


def activate(z: Array, activation: str) -> Array:
    """The activation of the sums z, shape (N, K): "linear", "sigmoid", "tanh" or "softmax" (of each row). Finished, nothing to do."""
    if activation == "linear":
        return z
    if activation == "sigmoid":
        return 0.5 * (1.0 + np.tanh(0.5 * z))  # equals 1 / (1 + e^-z) and never overflows
    if activation == "tanh":
        return np.tanh(z)
    if activation == "softmax":
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)
    raise ValueError(f"unknown activation {activation!r}")


class Scale:
    """A finished layer, to look at and to try a model with: y[n, k] = factor[k] * x[n, k]. Nothing to do.

    Every layer has these methods: `forward` remembers what `backward` will need, `backward` takes the gradient of the loss with
    respect to the layer's output, keeps the gradient of the layer's own numbers and returns the one of its input, and `step` moves
    the layer's numbers against their gradient.
    """

    def __init__(self, factor: Array) -> None:
        self.factor = np.array(factor, dtype=float)

    def get_weights(self) -> list[Array]:
        """The numbers that the layer learns."""
        return [self.factor]

    def forward(self, x: Array) -> Array:
        """The output for x, shape (N, K)."""
        self.x = x
        return x * self.factor

    def backward(self, dout: Array) -> Array:
        """The gradient of x for dout, the gradient of the output."""
        self.dfactor = np.sum(dout * self.x, axis=0)
        return dout * self.factor

    def step(self, learning_rate: float) -> None:
        """A step of gradient descent."""
        self.factor = self.factor - learning_rate * self.dfactor


def loss_value(loss: str, y_true: Array, y_pred: Array) -> float:
    """The loss J of a batch: how far the outputs are from the targets, as one number.

    Lecture L4, slides «Escenario 1: Clasificación Binaria», «Escenario 2: Clasificación Multiclase», «Escenario 3: Regresión».
    With N rows, K columns, y = y_pred[n, k] and t = y_true[n, k]:

        "mse"                        1/(N*K) * sum over n and k of  (y - t)²
        "binary_crossentropy"        1/(N*K) * sum over n and k of  -t log(y) - (1 - t) log(1 - y)
        "categorical_crossentropy"     1/N   * sum over n and k of  -t log(y)

    The slides have K = 1 for the first two (one output unit); with more, the mean is over all numbers, as in Keras. In the third,
    a row is one example with K probabilities, so the mean is over the N rows. The logarithm is the natural one.
    For the two cross-entropies y is first clipped to [EPS, 1 - EPS], so that a probability of 0 or 1 gives a large loss and not inf.

    Args:
        loss: one of LOSSES.
        y_true: the targets, shape (N, K); 0 or 1 for "binary_crossentropy", rows of zeros with one 1 for "categorical_crossentropy".
        y_pred: the outputs, shape (N, K): any numbers for "mse", probabilities for the cross-entropies.

    Returns:
        J, a number. The arguments are not changed.

    Raises:
        ValueError: `loss` is none of LOSSES.

    Example:
        "mse":  y_true = [[0], [4]], y_pred = [[1], [2]]       J = ((1 - 0)² + (2 - 4)²) / 2 = 2.5
        "binary_crossentropy":  y_true = [[1], [0]], y_pred = [[0.5], [0.25]]
                                                               J = (-log 0.5 - log 0.75) / 2 = 0.490415
        "categorical_crossentropy":  y_true = [[1, 0, 0], [0, 1, 0]], y_pred = [[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]]
                                                               J = (-log 0.5 - log 0.8) / 2 = 0.458145
    """
    # BEGIN SOLUTION
    if loss == "mse":
        return float(np.mean((y_pred - y_true) ** 2))
    y = np.clip(y_pred, EPS, 1 - EPS)
    if loss == "binary_crossentropy":
        return float(np.mean(-y_true * np.log(y) - (1 - y_true) * np.log(1 - y)))
    if loss == "categorical_crossentropy":
        N = y_pred.shape[0]
        return float(np.sum(-y_true * np.log(y)) / N)
    raise ValueError(f"unknown loss {loss!r}")
    # END SOLUTION


def loss_gradient(loss: str, y_true: Array, y_pred: Array) -> Array:
    """The gradient of the loss with respect to the outputs: ∂J/∂y for every number of y_pred.

    It is where backpropagation begins: the factor ∂E/∂O of the chain rule (lecture L4, slides «How does it actually work?»; the
    slide writes it as y - O, with y the target; the derivative of ½(O - y)² is O - y). Derive each line of `loss_value`:

        "mse"                        2 (y - t) / (N*K)
        "binary_crossentropy"        (-t / y + (1 - t) / (1 - y)) / (N*K)
        "categorical_crossentropy"   -t / y / N

    For the two cross-entropies y is first clipped to [EPS, 1 - EPS], as in `loss_value`, so that nothing is divided by 0.

    Args:
        loss: one of LOSSES.
        y_true: the targets, shape (N, K), as for `loss_value`.
        y_pred: the outputs, shape (N, K), as for `loss_value`.

    Returns:
        ∂J/∂y_pred, shape (N, K). The arguments are not changed.

    Raises:
        ValueError: `loss` is none of LOSSES.

    Example (the inputs of the example of `loss_value`):
        "mse":                       [[2*(1 - 0)/2], [2*(2 - 4)/2]]           = [[1], [-2]]
        "binary_crossentropy":       [[-1/0.5/2], [1/(1 - 0.25)/2]]           = [[-1], [0.6667]]
        "categorical_crossentropy":  [[-1/0.5/2, 0, 0], [0, -1/0.8/2, 0]]     = [[-1, 0, 0], [0, -0.625, 0]]
    """
    # BEGIN SOLUTION
    N = y_pred.shape[0]
    if loss == "mse":
        return 2 * (y_pred - y_true) / y_pred.size
    y = np.clip(y_pred, EPS, 1 - EPS)
    if loss == "binary_crossentropy":
        return (-y_true / y + (1 - y_true) / (1 - y)) / y_pred.size
    if loss == "categorical_crossentropy":
        return -y_true / y / N
    raise ValueError(f"unknown loss {loss!r}")
    # END SOLUTION


def dense_forward(x: Array, weights: Array, bias: Array, activation: str = "linear") -> Array:
    """Forward pass of a dense layer: every output unit adds up all inputs, each times its weight, and its bias.

        z[n, k] = bias[k] + sum over d = 0..D-1 of  x[n, d] * weights[d, k]          y = activate(z, activation)

    Lecture L4, slide «How do these networks work?» (x_j = S(Σ_i W_ji x_i); Keras keeps the weights as inputs x units, so weights[d, k]
    leads from input d to unit k).

    Args:
        x: shape (N, D).
        weights: shape (D, K).
        bias: shape (K,).
        activation: one of those that `activate` knows.

    Returns:
        y, shape (N, K). The arguments are not changed.

    Raises:
        ValueError: x has not D columns (numpy's own error for shapes that do not fit is one), or the activation is unknown
            (`activate` raises it).

    Example:
        x = [[1, 2]], weights = [[1, 0, -1], [0.5, 1, 1]], bias = [0, 1, -1], "linear"
        z = [[1*1 + 2*0.5 + 0, 1*0 + 2*1 + 1, 1*-1 + 2*1 + -1]] = [[2, 3, 0]], and y is the same; with "sigmoid" y[0, 2] = 0.5
    """
    # BEGIN SOLUTION
    return activate(x @ weights + bias, activation)
    # END SOLUTION


def dense_backward(dout: Array, x: Array, weights: Array, bias: Array, activation: str = "linear") -> tuple[Array, Array, Array]:
    """Backward pass of a dense layer: the gradients of x, weights and bias.

    dout is the gradient of the loss with respect to the layer's output y = dense_forward(x, weights, bias, activation). The chain
    rule of lecture L4 («Example» and «Example 2») in two factors. First through the activation, from y back to the sums z; the
    derivatives can all be written with y:

        "linear"     dz = dout
        "sigmoid"    dz = dout * y * (1 - y)
        "tanh"       dz = dout * (1 - y²)
        "softmax"    dz[n, k] = y[n, k] * (dout[n, k] - sum over j of dout[n, j] * y[n, j])      every output depends on every sum

    Then through the sums:

        dx[n, d]       = sum over k of  dz[n, k] * weights[d, k]
        dweights[d, k] = sum over n of  x[n, d] * dz[n, k]
        dbias[k]       = sum over n of  dz[n, k]

    Nothing is divided by N here: the 1/N of the mean is already in dout, it comes from `loss_gradient`.

    Args:
        dout: shape (N, K).
        x: shape (N, D).
        weights: shape (D, K).
        bias: shape (K,).
        activation: as in `dense_forward`.

    Returns:
        (dx, dweights, dbias), with the shapes of x, weights and bias, in this order. The arguments are not changed.

    Example ("sigmoid"; x = [[1, 2]], weights = [[2], [-1]], bias = [0], dout = [[-0.5]]):
        z = 1*2 + 2*-1 + 0 = 0,  y = 0.5,  dz = -0.5 * 0.5 * (1 - 0.5) = -0.125
        dx = [[-0.125*2, -0.125*-1]] = [[-0.25, 0.125]]
        dweights = [[1*-0.125], [2*-0.125]] = [[-0.125], [-0.25]]
        dbias = [-0.125]
    """
    # BEGIN SOLUTION
    y = dense_forward(x, weights, bias, activation)
    if activation == "sigmoid":
        dz = dout * y * (1 - y)
    elif activation == "tanh":
        dz = dout * (1 - y**2)
    elif activation == "softmax":
        dz = y * (dout - np.sum(dout * y, axis=1, keepdims=True))
    else:
        dz = dout
    return dz @ weights.T, x.T @ dz, dz.sum(axis=0)
    # END SOLUTION


class Dense:
    """A dense layer: weights, bias and activation, and what its backward pass has to remember. `Scale` is a model for it.

    Attributes (the names are read by others, keep them):
        weights, bias: shape (D, K) and (K,), what the layer learns.
        dweights, dbias: their gradients, of the last `backward`.
    """

    def __init__(self, weights: Array, bias: Array, activation: str = "linear") -> None:
        self.weights = np.array(weights, dtype=float)  # a copy: the layer changes its own numbers only
        self.bias = np.array(bias, dtype=float)
        self.activation = activation

    def get_weights(self) -> list[Array]:
        """The numbers that the layer learns."""
        return [self.weights, self.bias]

    def forward(self, x: Array) -> Array:
        """The layer's output for x: `dense_forward` with the layer's own weights, bias and activation.

        Shapes: x (N, D) → y (N, K). Also keeps in the object what `backward` will need. `backward` always follows the latest `forward`.

        Example: Dense([[1], [1]], [0.5]).forward([[1, 2]]) = [[1*1 + 2*1 + 0.5]] = [[3.5]]   (the lists stand for arrays)
        """
        # BEGIN SOLUTION
        self.x = x
        return dense_forward(x, self.weights, self.bias, self.activation)
        # END SOLUTION

    def backward(self, dout: Array) -> Array:
        """The gradient of the loss with respect to x, for dout, the one with respect to the latest forward's output.

        Shapes: dout (N, K) → dx (N, D). It is `dense_backward` with the x of the latest `forward`. Keeps the gradients of weights and
        bias as self.dweights and self.dbias: those of this call alone, nothing is added to what was there before. Changes no weight.
        """
        # BEGIN SOLUTION
        dx, self.dweights, self.dbias = dense_backward(dout, self.x, self.weights, self.bias, self.activation)
        return dx
        # END SOLUTION

    def step(self, learning_rate: float) -> None:
        """A step of gradient descent with the gradients of the latest `backward`. Returns nothing.

            weights ← weights - learning_rate * dweights          bias ← bias - learning_rate * dbias

        (L4: ΔW = -η ∂E/∂W.) Example: weights 2, dweights 3, learning_rate 0.1:  2 - 0.1*3 = 1.7
        """
        # BEGIN SOLUTION
        self.weights = self.weights - learning_rate * self.dweights
        self.bias = self.bias - learning_rate * self.dbias
        # END SOLUTION


class Sequential:
    """A model: layers one after the other, and a loss.

    Attributes:
        layers: a list; any objects with the methods of `Scale`.
        loss: the name given to `compile`; None before.
    """

    def __init__(self, layers: "list | tuple" = (), loss: str | None = None) -> None:
        """Sequential() is an empty model. Sequential([first, second], "mse") saves the steps `add` and `compile`."""
        self.layers = list(layers)
        self.loss = None
        if loss is not None:
            self.compile(loss)

    def get_weights(self) -> list[Array]:
        """The learned numbers of all layers, one list."""
        return [array for layer in self.layers for array in layer.get_weights()]

    def add(self, layer: "Dense | Scale") -> None:
        """Put one more layer at the end of self.layers. Returns nothing."""
        # BEGIN SOLUTION
        self.layers.append(layer)
        # END SOLUTION

    def compile(self, loss: str) -> None:
        """Choose the loss: keep its name as self.loss. Returns nothing.

        Raises:
            ValueError: `loss` is none of LOSSES ("binary_crossentropy" is, "crossentropy" is not).
        """
        # BEGIN SOLUTION
        if loss not in LOSSES:
            raise ValueError(f"unknown loss {loss!r}; there are {', '.join(LOSSES)}")
        self.loss = loss
        # END SOLUTION

    def predict(self, x: Array) -> Array:
        """The model's output for x: through all layers, the first layer first.

        Each layer takes what the one before it gave. Needs no `compile`. A model without layers gives x itself.

        Example (layers Scale([2, 3]), Scale([10, 100])):  x = [[1, 1]] → [[2, 3]] → [[20, 300]]
        """
        # BEGIN SOLUTION
        for layer in self.layers:
            x = layer.forward(x)
        return x
        # END SOLUTION

    def evaluate(self, x: Array, y: Array) -> float:
        """The loss of the model on x with the targets y: `loss_value` of what it predicts. Learns nothing."""
        # BEGIN SOLUTION
        return loss_value(self.loss, y, self.predict(x))
        # END SOLUTION

    def train_on_batch(self, x: Array, y: Array, learning_rate: float) -> float:
        """One step of gradient descent on one batch: forward, loss, backward, step.

            output = predict(x)
            loss_value and loss_gradient for the targets y and this output
            backward through the layers, the last layer first: what a layer returns goes to the layer before it
            one `step` of every layer

        Args:
            x: shape (N, D). y: the targets, of the output's shape. learning_rate: η.

        Returns:
            The loss that the batch had *before* the step.

        Example (one layer Scale([2]), "mse", x = [[3]], y = [[5]], learning_rate = 0.1):
            output 2*3 = 6, loss (6 - 5)² = 1, its gradient 2*(6 - 5) = 2, dfactor = 2*3 = 6, the new factor is 2 - 0.1*6 = 1.4;
            returns 1
        """
        # BEGIN SOLUTION
        output = self.predict(x)
        loss = loss_value(self.loss, y, output)
        gradient = loss_gradient(self.loss, y, output)
        for layer in reversed(self.layers):
            gradient = layer.backward(gradient)
        for layer in self.layers:
            layer.step(learning_rate)
        return loss
        # END SOLUTION

    def fit(
        self, x: Array, y: Array, epochs: int, batch_size: int, learning_rate: float, orders: NDArray[np.integer] | None = None
    ) -> Array:
        """Train for some epochs; in each, all examples are used once, in batches.

        Epoch e takes the examples (rows of x, and the same rows of y) in the order orders[e]: the first `batch_size` of them make
        the first batch, the next `batch_size` the second, and so on; when there are fewer left, the last batch is smaller.
        Every batch is one `train_on_batch`.

        Args:
            x: shape (N, D). y: shape (N, K).
            epochs: how many. batch_size: B, at least 1. learning_rate: η.
            orders: shape (epochs, N), integers: each row is a permutation of 0..N-1. None: as they come, 0..N-1 in every epoch.

        Returns:
            The history, shape (epochs,): for each epoch the mean of its N examples' losses, each as it was in the forward pass of
            its own batch, before that batch's step. A batch's loss is a mean over its examples, so it counts as many times
            as the batch has examples: (sum over batches of loss * size of the batch) / N. x and y are not changed.

        Example (N = 3, batch_size = 2, orders[0] = [2, 0, 1]): the batches of the first epoch are examples 2 and 0, then example 1
            alone; when their losses are 4 and 1, history[0] = (4*2 + 1*1) / 3 = 3
        """
        # BEGIN SOLUTION
        N = len(x)
        history = np.zeros(epochs)
        for e in range(epochs):
            order = np.arange(N) if orders is None else orders[e]
            for start in range(0, N, batch_size):
                batch = order[start : start + batch_size]
                history[e] += self.train_on_batch(x[batch], y[batch], learning_rate) * len(batch) / N
        return history
        # END SOLUTION


if __name__ == "__main__":
    # Try your functions here: this runs when you start the file yourself, never when it is graded.
    print(loss_value("mse", np.array([[0], [4]]), np.array([[1], [2]])))  # should print 2.5
