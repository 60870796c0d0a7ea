"""Mistakes that people make in the topic `sequential`, each as a wrong version of a reference function or class."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.course.authoring import misconception
from reference import sequential as reference

Array = NDArray[np.floating[Any]]
Gradients = tuple[Array, Array, Array]
Orders = NDArray[np.integer[Any]] | None

NO_CLIP = "What is the logarithm of 0, and 1 divided by 0? The statement says what happens to probabilities first."
UNKNOWN_LOSS = "What happens to a name that is none of the three? Look at the branch that is left over."
NOT_A_MEAN = "Give it the same batch twice over: a mean should not change. What is the sum divided by?"
EXCHANGED = "Which argument is the output and which the target? The two are not alike in the formula."
SECOND_TERM = "An example of class 0 has a loss too. Which term of the formula speaks of it?"
PER_NUMBER = "For categorical cross-entropy a row is one example. What is the mean taken over?"
PER_ROW = "With two columns the mean runs over all numbers. What is the sum divided by?"

# --- loss_value --------------------------------------------------------------------------------------------------------------


@misconception(of="loss_value", name="summed_not_averaged", hint=NOT_A_MEAN)
def summed_not_averaged_value(loss: str, y_true: Array, y_pred: Array) -> float:
    """The sum over the batch."""
    return reference.loss_value(loss, y_true, y_pred) * (len(y_pred) if loss == "categorical_crossentropy" else y_pred.size)


@misconception(of="loss_value", hint="Compare with the slide: which logarithm gives 0.6931 for 2? (np.log10 gives 0.3010.)")
def log10_for_ln(loss: str, y_true: Array, y_pred: Array) -> float:
    """The logarithm to base 10 (erratum E7)."""
    return reference.loss_value(loss, y_true, y_pred) / (1.0 if loss == "mse" else float(np.log(10)))


@misconception(of="loss_value", hint="A loss is large when the prediction is bad. Which sign has the logarithm of a probability?")
def minus_sign_missing(loss: str, y_true: Array, y_pred: Array) -> float:
    """The cross-entropies without their minus."""
    return reference.loss_value(loss, y_true, y_pred) * (1 if loss == "mse" else -1)


@misconception(of="loss_value", name="second_term_missing", hint=SECOND_TERM)
def second_term_missing_value(loss: str, y_true: Array, y_pred: Array) -> float:
    """Binary cross-entropy without (1 - t) log(1 - y)."""
    if loss == "binary_crossentropy":
        return float(np.mean(-y_true * np.log(np.clip(y_pred, reference.EPS, 1 - reference.EPS))))
    return reference.loss_value(loss, y_true, y_pred)


@misconception(
    of="loss_value", hint="Your loss is half as large as it should be. Does the slide of scenario 3 have a 1/2 in front?"
)
def half_of_mse(loss: str, y_true: Array, y_pred: Array) -> float:
    """½ of the mean squared error."""
    return reference.loss_value(loss, y_true, y_pred) * (0.5 if loss == "mse" else 1)


@misconception(of="loss_value", hint="This is the root of the mean squared error. Does the formula take a root?")
def root_of_mse(loss: str, y_true: Array, y_pred: Array) -> float:
    """RMSE."""
    value = reference.loss_value(loss, y_true, y_pred)
    return float(np.sqrt(value)) if loss == "mse" else value


@misconception(of="loss_value", hint="This is the mean absolute error. What does the formula do with each difference?")
def absolute_error(loss: str, y_true: Array, y_pred: Array) -> float:
    """MAE."""
    return float(np.mean(np.abs(y_pred - y_true))) if loss == "mse" else reference.loss_value(loss, y_true, y_pred)


@misconception(of="loss_value", name="categorical_mean_of_all_numbers", hint=PER_NUMBER)
def categorical_mean_of_all_numbers_value(loss: str, y_true: Array, y_pred: Array) -> float:
    """Categorical cross-entropy divided by N*K."""
    return reference.loss_value(loss, y_true, y_pred) / (y_pred.shape[1] if loss == "categorical_crossentropy" else 1)


@misconception(of="loss_value", name="divided_by_rows_only", hint=PER_ROW)
def divided_by_rows_only_value(loss: str, y_true: Array, y_pred: Array) -> float:
    """mse and binary cross-entropy divided by N instead of N*K."""
    return reference.loss_value(loss, y_true, y_pred) * (1 if loss == "categorical_crossentropy" else y_pred.shape[1])


@misconception(of="loss_value", name="no_clip", hint=NO_CLIP)
def no_clip_value(loss: str, y_true: Array, y_pred: Array) -> float:
    """log 0 is computed."""
    if loss == "binary_crossentropy":
        return float(np.mean(-y_true * np.log(y_pred) - (1 - y_true) * np.log(1 - y_pred)))
    if loss == "categorical_crossentropy":
        return float(np.sum(-y_true * np.log(y_pred)) / len(y_pred))
    return reference.loss_value(loss, y_true, y_pred)


@misconception(of="loss_value", name="output_and_target_exchanged", hint=EXCHANGED)
def output_and_target_exchanged_value(loss: str, y_true: Array, y_pred: Array) -> float:
    """The logarithm of the target."""
    return reference.loss_value(loss, y_pred, y_true)


@misconception(of="loss_value", name="unknown_loss_accepted", hint=UNKNOWN_LOSS)
def unknown_loss_accepted_value(loss: str, y_true: Array, y_pred: Array) -> float:
    """Whatever is not known is categorical cross-entropy."""
    return reference.loss_value(loss if loss in reference.LOSSES else "categorical_crossentropy", y_true, y_pred)


# --- loss_gradient -----------------------------------------------------------------------------------------------------------


@misconception(of="loss_gradient", hint="The loss is a mean over the batch. Where is the 1/N in its derivative?")
def gradient_of_the_sum(loss: str, y_true: Array, y_pred: Array) -> Array:
    """Not divided by the number that the loss divides by."""
    return reference.loss_gradient(loss, y_true, y_pred) * (len(y_pred) if loss == "categorical_crossentropy" else y_pred.size)


@misconception(
    of="loss_gradient", hint="When an output is larger than its target, does the loss grow or fall with it? (See erratum E10.)"
)
def wrong_sign(loss: str, y_true: Array, y_pred: Array) -> Array:
    """target - output, as on the slide (erratum E10)."""
    return -reference.loss_gradient(loss, y_true, y_pred)


@misconception(of="loss_gradient", hint="Which factor comes in front when a square is derived?")
def factor_two_missing(loss: str, y_true: Array, y_pred: Array) -> Array:
    """(y - t) / NK for mse."""
    return reference.loss_gradient(loss, y_true, y_pred) * (0.5 if loss == "mse" else 1)


@misconception(
    of="loss_gradient",
    hint="y_pred - y_true is the gradient one step further back, at the sums z. Here the derivative with respect to y is asked for.",
)
def gradient_at_the_sums(loss: str, y_true: Array, y_pred: Array) -> Array:
    """(y - t) for the cross-entropies: already through sigmoid or softmax."""
    if loss == "mse":
        return reference.loss_gradient(loss, y_true, y_pred)
    return (y_pred - y_true) / (len(y_pred) if loss == "categorical_crossentropy" else y_pred.size)


@misconception(of="loss_gradient", name="second_term_missing", hint=SECOND_TERM)
def second_term_missing_gradient(loss: str, y_true: Array, y_pred: Array) -> Array:
    """-t/y for binary cross-entropy."""
    if loss == "binary_crossentropy":
        return -y_true / np.clip(y_pred, reference.EPS, 1 - reference.EPS) / y_pred.size
    return reference.loss_gradient(loss, y_true, y_pred)


@misconception(of="loss_gradient", hint="What is the derivative of log(1 - y) with respect to y? There is an inner derivative.")
def inner_derivative_missing(loss: str, y_true: Array, y_pred: Array) -> Array:
    """-t/y - (1-t)/(1-y)."""
    if loss == "binary_crossentropy":
        y = np.clip(y_pred, reference.EPS, 1 - reference.EPS)
        return (-y_true / y - (1 - y_true) / (1 - y)) / y_pred.size
    return reference.loss_gradient(loss, y_true, y_pred)


@misconception(of="loss_gradient", name="categorical_mean_of_all_numbers", hint=PER_NUMBER)
def categorical_mean_of_all_numbers_gradient(loss: str, y_true: Array, y_pred: Array) -> Array:
    """Categorical cross-entropy divided by N*K."""
    return reference.loss_gradient(loss, y_true, y_pred) / (y_pred.shape[1] if loss == "categorical_crossentropy" else 1)


@misconception(of="loss_gradient", name="divided_by_rows_only", hint=PER_ROW)
def divided_by_rows_only_gradient(loss: str, y_true: Array, y_pred: Array) -> Array:
    """mse and binary cross-entropy divided by N instead of N*K."""
    return reference.loss_gradient(loss, y_true, y_pred) * (1 if loss == "categorical_crossentropy" else y_pred.shape[1])


@misconception(of="loss_gradient", name="no_clip", hint=NO_CLIP)
def no_clip_gradient(loss: str, y_true: Array, y_pred: Array) -> Array:
    """Divided by 0."""
    if loss == "binary_crossentropy":
        return (-y_true / y_pred + (1 - y_true) / (1 - y_pred)) / y_pred.size
    if loss == "categorical_crossentropy":
        return -y_true / y_pred / len(y_pred)
    return reference.loss_gradient(loss, y_true, y_pred)


@misconception(of="loss_gradient", name="unknown_loss_accepted", hint=UNKNOWN_LOSS)
def unknown_loss_accepted_gradient(loss: str, y_true: Array, y_pred: Array) -> Array:
    """Whatever is not known is categorical cross-entropy."""
    return reference.loss_gradient(loss if loss in reference.LOSSES else "categorical_crossentropy", y_true, y_pred)


# --- dense_forward -----------------------------------------------------------------------------------------------------------


@misconception(of="dense_forward", hint="Your result is the one without biases. Which argument have you not used yet?")
def bias_omitted(x: Array, weights: Array, bias: Array, activation: str = "linear") -> Array:
    """h(x W)."""
    return reference.dense_forward(x, weights, np.zeros_like(bias), activation)


@misconception(of="dense_forward", name="activation_ignored", hint="These are the sums z. What makes the output y of them?")
def activation_ignored_forward(x: Array, weights: Array, bias: Array, activation: str = "linear") -> Array:
    """The sums are returned."""
    return reference.dense_forward(x, weights, bias)


@misconception(
    of="dense_forward", hint="Is the bias part of the sum, or of the output? Look at what the activation is applied to."
)
def bias_after_activation(x: Array, weights: Array, bias: Array, activation: str = "linear") -> Array:
    """h(x W) + b."""
    return reference.dense_forward(x, weights, np.zeros_like(bias), activation) + bias


@misconception(
    of="dense_forward",
    hint="weights[d, k] leads from input d to unit k. Which index of x meets which index of weights in your sum?",
)
def weights_transposed(x: Array, weights: Array, bias: Array, activation: str = "linear") -> Array:
    """x Wᵀ, which fits square layers only."""
    return reference.activate(x @ weights.T + bias, activation)


@misconception(of="dense_forward", hint="The activation is an argument: which of them does your result have?")
def always_sigmoid(x: Array, weights: Array, bias: Array, activation: str = "linear") -> Array:
    """Sigmoid whatever is asked for."""
    return reference.dense_forward(x, weights, bias, "sigmoid")


# --- dense_backward ------------------------------------------------------------------------------------------------------------


def _dz(dout: Array, x: Array, weights: Array, bias: Array, activation: str) -> Array:
    y = reference.dense_forward(x, weights, bias, activation)
    if activation == "softmax":
        dz: Array = y * (dout - np.sum(dout * y, axis=1, keepdims=True))
        return dz
    return dout * {"linear": np.ones_like(y), "sigmoid": y * (1 - y), "tanh": 1 - y * y}[activation]


def _through_sums(dz: Array, x: Array, weights: Array) -> Gradients:
    return dz @ weights.T, x.T @ dz, dz.sum(axis=0)


@misconception(
    of="dense_backward", hint="dout belongs to the outputs y, the sums come before. Which derivative stands between y and z?"
)
def activation_not_derived(dout: Array, x: Array, weights: Array, bias: Array, activation: str = "linear") -> Gradients:
    """dz = dout for every activation."""
    return _through_sums(dout, x, weights)


@misconception(
    of="dense_backward",
    hint="With softmax each output depends on every sum of its row. Your dz has the part of its own sum only.",
)
def softmax_own_sum_only(dout: Array, x: Array, weights: Array, bias: Array, activation: str = "linear") -> Gradients:
    """dout y (1 - y) for softmax."""
    if activation != "softmax":
        return reference.dense_backward(dout, x, weights, bias, activation)
    y = reference.dense_forward(x, weights, bias, activation)
    return _through_sums(dout * y * (1 - y), x, weights)


@misconception(
    of="dense_backward",
    hint="Softmax has a derivative as well. The layer does not know that cross-entropy follows: dout can be any gradient.",
)
def softmax_taken_for_linear(dout: Array, x: Array, weights: Array, bias: Array, activation: str = "linear") -> Gradients:
    """dz = dout for softmax only."""
    return reference.dense_backward(dout, x, weights, bias, "linear" if activation == "softmax" else activation)


@misconception(
    of="dense_backward",
    hint="Over which axis does softmax add up to 1? The sum in dz runs over the same one, for each example alone.",
)
def softmax_sum_over_batch(dout: Array, x: Array, weights: Array, bias: Array, activation: str = "linear") -> Gradients:
    """The sum in the softmax derivative over all numbers of the batch."""
    if activation != "softmax":
        return reference.dense_backward(dout, x, weights, bias, activation)
    y = reference.dense_forward(x, weights, bias, activation)
    return _through_sums(y * (dout - np.sum(dout * y)), x, weights)


@misconception(of="dense_backward", hint="y is already the sigmoid of z. In y (1 - y), is anything left to squash?")
def sigmoid_of_the_output(dout: Array, x: Array, weights: Array, bias: Array, activation: str = "linear") -> Gradients:
    """h'(y) instead of h'(z) for sigmoid and tanh."""
    if activation not in ("sigmoid", "tanh"):
        return reference.dense_backward(dout, x, weights, bias, activation)
    y = reference.activate(reference.dense_forward(x, weights, bias, activation), activation)
    return _through_sums(dout * (y * (1 - y) if activation == "sigmoid" else 1 - y * y), x, weights)


@misconception(
    of="dense_backward",
    hint="What is the derivative of tanh? Check it at z = 0, where tanh is steepest, and at a z of your choice.",
)
def tanh_not_squared(dout: Array, x: Array, weights: Array, bias: Array, activation: str = "linear") -> Gradients:
    """1 - y for tanh."""
    if activation != "tanh":
        return reference.dense_backward(dout, x, weights, bias, activation)
    return _through_sums(dout * (1 - reference.dense_forward(x, weights, bias, activation)), x, weights)


@misconception(
    of="dense_backward", name="divided_by_n_again", hint="The 1/N of the mean is in dout already. How often is it in your result?"
)
def divided_by_n_again_backward(dout: Array, x: Array, weights: Array, bias: Array, activation: str = "linear") -> Gradients:
    """dweights and dbias are means over the batch."""
    dx, dweights, dbias = reference.dense_backward(dout, x, weights, bias, activation)
    return dx, dweights / len(x), dbias / len(x)


@misconception(
    of="dense_backward",
    hint="One bias serves all examples of the batch. How many numbers should dbias have, and what adds up to each?",
)
def dbias_not_summed(dout: Array, x: Array, weights: Array, bias: Array, activation: str = "linear") -> Gradients:
    """dbias has a row for each example."""
    dx, dweights, _ = reference.dense_backward(dout, x, weights, bias, activation)
    return dx, dweights, _dz(dout, x, weights, bias, activation)


@misconception(
    of="dense_backward", hint="dx goes back through the activation too. Which gradient do you multiply with the weights?"
)
def dx_from_dout(dout: Array, x: Array, weights: Array, bias: Array, activation: str = "linear") -> Gradients:
    """dx = dout Wᵀ."""
    _, dweights, dbias = reference.dense_backward(dout, x, weights, bias, activation)
    return dout @ weights.T, dweights, dbias


@misconception(
    of="dense_backward",
    name="weights_not_transposed",
    hint="dx[n, d] adds up over the units k. Which axis of weights does your product add up over?",
)
def weights_not_transposed_backward(dout: Array, x: Array, weights: Array, bias: Array, activation: str = "linear") -> Gradients:
    """dx = dz W, which fits square layers only."""
    _, dweights, dbias = reference.dense_backward(dout, x, weights, bias, activation)
    return _dz(dout, x, weights, bias, activation) @ weights, dweights, dbias


@misconception(of="dense_backward", hint="Compare the order of your three results with the statement's.")
def results_in_another_order(dout: Array, x: Array, weights: Array, bias: Array, activation: str = "linear") -> Gradients:
    """(dweights, dbias, dx)."""
    dx, dweights, dbias = reference.dense_backward(dout, x, weights, bias, activation)
    return dweights, dbias, dx


# --- Dense ---------------------------------------------------------------------------------------------------------------------


@misconception(
    of="Dense", name="step_uphill", hint="A gradient shows where the loss grows. In which direction should the weights move?"
)
class StepUphill(reference.Dense):
    """W + η dW."""

    def step(self, learning_rate: float) -> None:
        """The wrong sign."""
        super().step(-learning_rate)


@misconception(
    of="Dense",
    name="learning_rate_ignored",
    hint="Your step has the length of the whole gradient. Which argument of step is not used?",
)
class LearningRateIgnored(reference.Dense):
    """W - dW."""

    def step(self, learning_rate: float) -> None:
        """Always with rate 1."""
        super().step(1.0)


@misconception(of="Dense", name="bias_not_moved", hint="The weights move. What else does a layer learn?")
class BiasNotMoved(reference.Dense):
    """Only the weights are updated."""

    def step(self, learning_rate: float) -> None:
        """The bias stays."""
        self.weights = self.weights - learning_rate * self.dweights


@misconception(of="Dense", name="step_replaces", hint="After the step only the change is left. What should it be added to?")
class StepReplaces(reference.Dense):
    """W = -η dW."""

    def step(self, learning_rate: float) -> None:
        """The old weights are lost."""
        self.weights, self.bias = -learning_rate * self.dweights, -learning_rate * self.dbias


@misconception(
    of="Dense",
    name="gradients_accumulate",
    hint="The second backward is right only after a new layer. What is left of the first one?",
)
class GradientsAccumulate(reference.Dense):
    """dweights and dbias are added up over the calls."""

    def backward(self, dout: Array) -> Array:
        """Adds to what was there."""
        old = getattr(self, "dweights", 0.0), getattr(self, "dbias", 0.0)
        dx = super().backward(dout)
        self.dweights, self.dbias = self.dweights + old[0], self.dbias + old[1]
        return dx


@misconception(of="Dense", name="first_batch_remembered", hint="Which x does the object hold when forward has been called twice?")
class FirstBatchRemembered(reference.Dense):
    """x is kept by the first forward only."""

    def forward(self, x: Array) -> Array:
        """Keeps x only when there is none yet."""
        first = getattr(self, "x", x)
        y = super().forward(x)
        self.x = first
        return y


@misconception(of="Dense", name="backward_returns_all", hint="backward returns dx alone. Where do dweights and dbias belong?")
class BackwardReturnsAll(reference.Dense):
    """(dx, dweights, dbias) is returned."""

    def backward(self, dout: Array) -> Any:
        """All three."""
        return super().backward(dout), self.dweights, self.dbias


@misconception(
    of="Dense", name="activation_not_passed_on", hint="The object knows its activation. Do forward and backward use it?"
)
class ActivationNotPassedOn(reference.Dense):
    """The layer is always linear."""

    def __init__(self, weights: Array, bias: Array, activation: str = "linear") -> None:
        super().__init__(weights, bias)


@misconception(
    of="Dense", name="divided_by_n_again", hint="The 1/N of the mean is in dout already. How often is it in your gradients?"
)
class DividedByNAgain(reference.Dense):
    """The gradients are means over the batch."""

    def backward(self, dout: Array) -> Array:
        """Divides by N."""
        dx = super().backward(dout)
        self.dweights, self.dbias = self.dweights / len(dout), self.dbias / len(dout)
        return dx


# --- Sequential ------------------------------------------------------------------------------------------------------------------


@misconception(
    of="Sequential",
    name="layers_reversed",
    hint="In which order does x meet the layers in your predict? Which one was added first?",
)
class LayersReversed(reference.Sequential):
    """predict goes through the layers from the last to the first."""

    def predict(self, x: Array) -> Array:
        """Backwards."""
        for layer in self.layers[::-1]:
            x = layer.forward(x)
        return x


@misconception(of="Sequential", name="added_in_front", hint="Where in the list does your add put the new layer?")
class AddedInFront(reference.Sequential):
    """add puts the layer at the beginning."""

    def add(self, layer: reference.Dense | reference.Scale) -> None:
        """In front."""
        self.layers.insert(0, layer)


@misconception(
    of="Sequential",
    name="every_layer_gets_x",
    hint="What does the second layer take as its input: x, or something that came in between?",
)
class EveryLayerGetsX(reference.Sequential):
    """Every layer is given x; the last one's output is returned."""

    def predict(self, x: Array) -> Array:
        """x for all."""
        output = x
        for layer in self.layers:
            output = layer.forward(x)
        return output


@misconception(of="Sequential", name="unknown_loss_compiled", hint="compile should look at the name before it keeps it.")
class UnknownLossCompiled(reference.Sequential):
    """Any name is accepted."""

    def compile(self, loss: str) -> None:
        """Keeps whatever comes."""
        self.loss = loss


@misconception(
    of="Sequential",
    name="always_mse",
    hint="The result is the one of «mse». Where does the model use the loss that was compiled?",
)
class AlwaysMse(reference.Sequential):
    """The compiled loss is not used."""

    def compile(self, loss: str) -> None:
        """Checks the name and forgets it."""
        super().compile(loss)
        self.loss = "mse"


@misconception(
    of="Sequential", name="loss_after_step", hint="Your weights are right. Was the loss computed before they moved, or after?"
)
class LossAfterStep(reference.Sequential):
    """train_on_batch returns the loss of the new weights."""

    def train_on_batch(self, x: Array, y: Array, learning_rate: float) -> float:
        """Evaluates after the step."""
        super().train_on_batch(x, y, learning_rate)
        return self.evaluate(x, y)


@misconception(of="Sequential", name="only_last_layer_learns", hint="The last layer moves. What becomes of the layers before it?")
class OnlyLastLayerLearns(reference.Sequential):
    """The gradient is not handed on."""

    def train_on_batch(self, x: Array, y: Array, learning_rate: float) -> float:
        """A step of the last layer."""
        output = self.predict(x)
        self.layers[-1].backward(reference.loss_gradient(self.loss, y, output))
        self.layers[-1].step(learning_rate)
        return reference.loss_value(self.loss, y, output)


@misconception(
    of="Sequential",
    name="backward_in_forward_order",
    hint="On the way back, which layer is the first to hear of the loss? The shapes tell as well.",
)
class BackwardInForwardOrder(reference.Sequential):
    """backward through the first layer first."""

    def train_on_batch(self, x: Array, y: Array, learning_rate: float) -> float:
        """The layers in the order of predict."""
        output = self.predict(x)
        upstream = reference.loss_gradient(self.loss, y, output)
        for layer in self.layers:
            upstream = layer.backward(upstream)
        for layer in self.layers:
            layer.step(learning_rate)
        return reference.loss_value(self.loss, y, output)


@misconception(
    of="Sequential",
    name="same_gradient_for_all",
    hint="The gradient of the loss belongs to the last output. What does the layer before the last one have to be given?",
)
class SameGradientForAll(reference.Sequential):
    """Every layer gets the gradient of the loss; what backward returns is not used."""

    def train_on_batch(self, x: Array, y: Array, learning_rate: float) -> float:
        """No chain."""
        output = self.predict(x)
        upstream = reference.loss_gradient(self.loss, y, output)
        for layer in self.layers[::-1]:
            layer.backward(upstream)
            layer.step(learning_rate)
        return reference.loss_value(self.loss, y, output)


@misconception(
    of="Sequential", name="loss_climbs", hint="After a step the loss should be smaller. In which direction does yours go?"
)
class LossClimbs(reference.Sequential):
    """A step along the gradient."""

    def train_on_batch(self, x: Array, y: Array, learning_rate: float) -> float:
        """The wrong sign."""
        return super().train_on_batch(x, y, -learning_rate)


class _Fit(reference.Sequential):
    """fit in pieces that a mistake can replace."""

    def batches(self, order: Array, batch_size: int) -> list[Any]:
        """The rows of each batch."""
        return [order[start : start + batch_size] for start in range(0, len(order), batch_size)]

    def order(self, orders: Orders, epoch: int, count: int) -> Any:
        """The order of an epoch."""
        return np.arange(count) if orders is None else orders[epoch]

    def summary(self, losses: Sequence[float], sizes: Sequence[int], x: Array, y: Array) -> float:
        """What an epoch leaves in the history."""
        return float(np.average(losses, weights=sizes))

    def fit(self, x: Array, y: Array, epochs: int, batch_size: int, learning_rate: float, orders: Orders = None) -> Array:
        """As the reference."""
        history = []
        for epoch in range(epochs):
            batches = self.batches(self.order(orders, epoch, len(x)), batch_size)
            losses = [self.train_on_batch(x[batch], y[batch], learning_rate) for batch in batches]
            history.append(self.summary(losses, [len(batch) for batch in batches], x, y))
        return np.array(history)


@misconception(
    of="Sequential", name="orders_ignored", hint="The batches are taken as the examples come. Which argument says another order?"
)
class OrdersIgnored(_Fit):
    """Always 0..N-1."""

    def order(self, orders: Orders, epoch: int, count: int) -> Any:
        """As they come."""
        return np.arange(count)


@misconception(
    of="Sequential",
    name="first_order_in_every_epoch",
    hint="The first epoch is right. Which row of orders belongs to the second?",
)
class FirstOrderInEveryEpoch(_Fit):
    """orders[0] is used throughout."""

    def order(self, orders: Orders, epoch: int, count: int) -> Any:
        """The first one."""
        return super().order(orders, 0, count)


@misconception(of="Sequential", name="last_batch_dropped", hint="7 examples in batches of 3: what becomes of the last one?")
class LastBatchDropped(_Fit):
    """N // batch_size batches."""

    def batches(self, order: Array, batch_size: int) -> list[Any]:
        """Whole batches only."""
        return [batch for batch in super().batches(order, batch_size) if len(batch) == batch_size]


@misconception(
    of="Sequential",
    name="batches_weigh_the_same",
    hint="Your weights are right. A small last batch has a say in your history as large as a whole one.",
)
class BatchesWeighTheSame(_Fit):
    """The history is the mean of the batches' losses."""

    def summary(self, losses: Sequence[float], sizes: Sequence[int], x: Array, y: Array) -> float:
        """Without weights."""
        return float(np.mean(losses))


@misconception(
    of="Sequential",
    name="last_loss_kept",
    hint="Your weights are right. Does your history hold all batches of an epoch, or only one?",
)
class LastLossKept(_Fit):
    """The history is the loss of the last batch."""

    def summary(self, losses: Sequence[float], sizes: Sequence[int], x: Array, y: Array) -> float:
        """The last one."""
        return losses[-1]


@misconception(
    of="Sequential", name="losses_added_up", hint="Your weights are right. What must the sum of an epoch's losses be divided by?"
)
class LossesAddedUp(_Fit):
    """The history is the sum of the batches' losses."""

    def summary(self, losses: Sequence[float], sizes: Sequence[int], x: Array, y: Array) -> float:
        """Not divided."""
        return float(np.sum(losses))


@misconception(
    of="Sequential",
    name="evaluated_after_epoch",
    hint="Your weights are right. The history asks for the losses on the way, not for the one at the end of the epoch.",
)
class EvaluatedAfterEpoch(_Fit):
    """The history is the loss of all examples after the epoch."""

    def summary(self, losses: Sequence[float], sizes: Sequence[int], x: Array, y: Array) -> float:
        """With the weights at the end."""
        return self.evaluate(x, y)


@misconception(
    of="Sequential",
    name="batch_size_ignored",
    hint="How many steps does an epoch of your fit take? Which argument says how many it should be?",
)
class BatchSizeIgnored(_Fit):
    """All examples in one batch."""

    def batches(self, order: Array, batch_size: int) -> list[Any]:
        """One batch."""
        return [order]


@misconception(
    of="Sequential", name="targets_not_reordered", hint="When the rows of x change places, what must happen to the rows of y?"
)
class TargetsNotReordered(_Fit):
    """x is taken in the given order, y as it comes."""

    def fit(self, x: Array, y: Array, epochs: int, batch_size: int, learning_rate: float, orders: Orders = None) -> Array:
        """The targets of other examples."""
        history = []
        for epoch in range(epochs):
            mixed, losses, sizes = x[self.order(orders, epoch, len(x))], [], []
            for start in range(0, len(x), batch_size):
                batch = slice(start, start + batch_size)
                losses.append(self.train_on_batch(mixed[batch], y[batch], learning_rate))
                sizes.append(len(mixed[batch]))
            history.append(self.summary(losses, sizes, x, y))
        return np.array(history)
