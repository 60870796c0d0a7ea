"""Mistakes of the network as lists of matrices: each a wrong version of a reference function, with the hint a student reads."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.course.authoring import misconception
from reference import mlp as reference

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Arrays: TypeAlias = list[Floats]
Network: TypeAlias = tuple[Arrays, Arrays]
Gradient: TypeAlias = Callable[[Floats, Floats, Arrays, Arrays], Network]

SIGMA_PRIME_MISSING = "On its way back, the error of a hidden layer has one more factor: how steep was the sigmoid at each sum?"
SIGMA_PRIME_OF_OUTPUT = (
    "The sigmoid's slope is taken at the sum z. Is yours taken at z, or at an activation that has been through the sigmoid?"
)
UNTRANSPOSED = (
    "Unit j of the hidden layer collects the errors along row j of its matrix. Does your sum run along a row or down a column?"
)
SIGN = "The error is what was predicted minus what was asked for. Is yours the other way round?"
BIAS_OMITTED = "A sum has one more term than it has inputs. Which of the network's two lists have you not used?"
NEGATIVE_EXPONENT = (
    "Your largest score gets the smallest probability. Compare the sign of the exponent with the formula (erratum E11)."
)
OVERFLOW = (
    "e^1000 is too large for a float, and inf/inf is nan. Softmax stays the same when the same number is taken from all scores."
)
ROUNDED = "The numbers agree to four decimals only. Return them as computed; rounding is for printing."
LAST_BATCH_COUNT = "All batches but the last, smaller one are right. By how many examples is its sum divided?"


# --- layer_shapes ------------------------------------------------------------------------------------------------------------


@misconception(
    of="layer_shapes", hint="Rows are the units that a weight comes from, columns those it goes to. Compare with the slide's 4×5."
)
def transposed_shapes(sizes: Integers) -> tuple[Integers, Integers]:
    """(to, from) instead of (from, to)."""
    shapes, lengths = reference.layer_shapes(sizes)
    return shapes[:, ::-1], lengths


@misconception(
    of="layer_shapes", hint="The input layer does not compute anything, so it has no bias. How many bias vectors are left?"
)
def bias_for_the_inputs(sizes: Integers) -> tuple[Integers, Integers]:
    """A bias vector for the input layer, too."""
    return reference.layer_shapes(sizes)[0], sizes.copy()


@misconception(
    of="layer_shapes", hint="Four layers have three matrices between them. Does your loop reach the last pair of layers?"
)
def last_matrix_missing(sizes: Integers) -> tuple[Integers, Integers]:
    """The loop ends one pair too soon."""
    shapes, lengths = reference.layer_shapes(sizes)
    return shapes[:-1], lengths[:-1]


@misconception(
    of="layer_shapes",
    hint="The weights are right. A bias belongs to the units that a matrix leads to, not to those that it comes from.",
)
def biases_of_the_layer_before(sizes: Integers) -> tuple[Integers, Integers]:
    """Bias lengths from the rows of the matrices."""
    return reference.layer_shapes(sizes)[0], sizes[:-1].copy()


@misconception(
    of="layer_shapes", hint="A single layer gets an empty network. What does the docstring ask for with fewer than two layers?"
)
def one_layer_accepted(sizes: Integers) -> tuple[Integers, Integers]:
    """No error for a single layer."""
    return np.column_stack([sizes[:-1], sizes[1:]]), sizes[1:].copy()


# --- initialise --------------------------------------------------------------------------------------------------------------


def _filled(sizes: Integers, draws: Floats, scale: float, shift: float, order: str = "C") -> Network:
    """The network with weights shift + scale * u."""
    weights, biases = reference.initialise(sizes, draws)
    made = [shift + scale * (w + 3) / 6 for w in weights]
    if order == "F":
        made = [w.ravel().reshape(w.shape, order="F") for w in made]
    return made, biases


@misconception(of="initialise", hint="Your weights are the draws themselves, between 0 and 1. They are to lie between -3 and 3.")
def draws_taken_as_weights(sizes: Integers, draws: Floats) -> Network:
    """w = u."""
    return _filled(sizes, draws, 1.0, 0.0)


@misconception(of="initialise", hint="No weight of yours is negative. Which weight should the smallest draw, 0, become?")
def never_negative(sizes: Integers, draws: Floats) -> Network:
    """w = 3u."""
    return _filled(sizes, draws, 3.0, 0.0)


@misconception(of="initialise", hint="No weight of yours is positive. How long is the way from -3 to 3?")
def half_of_the_range(sizes: Integers, draws: Floats) -> Network:
    """w = -3 + 3u."""
    return _filled(sizes, draws, 3.0, -3.0)


@misconception(
    of="initialise",
    hint="The right numbers at the wrong places: the draws fill each matrix row after row, not column after column.",
)
def column_after_column(sizes: Integers, draws: Floats) -> Network:
    """The draws run down the columns."""
    return _filled(sizes, draws, 6.0, -3.0, order="F")


@misconception(
    of="initialise", hint="Your first matrix is right, the next one begins with the first draw again. Each draw is used once."
)
def draws_used_again(sizes: Integers, draws: Floats) -> Network:
    """Every matrix starts from the first draw."""
    weights, biases = reference.initialise(sizes, draws)
    return [(6 * draws[: w.size] - 3).reshape(w.shape) for w in weights], biases


@misconception(of="initialise", hint="The weights are right. What does the slide say that the biases start with?")
def biases_start_at_one(sizes: Integers, draws: Floats) -> Network:
    """Biases of 1."""
    weights, biases = reference.initialise(sizes, draws)
    return weights, [b + 1 for b in biases]


@misconception(of="initialise", hint="There are more draws than weights, and nobody hears about it. Count them before you begin.")
def draws_left_over_accepted(sizes: Integers, draws: Floats) -> Network:
    """No error when draws are left over."""
    shapes, _ = reference.layer_shapes(sizes)
    return reference.initialise(sizes, draws[: int(shapes.prod(axis=1).sum())])


@misconception(
    of="initialise", hint="The sizes of a matrix are the other way round: its rows are the units that the weights come from."
)
def matrices_transposed(sizes: Integers, draws: Floats) -> Network:
    """Matrices of (to, from)."""
    weights, biases = reference.initialise(sizes, draws)
    return [w.reshape(w.shape[::-1]) for w in weights], biases


# --- softmax -----------------------------------------------------------------------------------------------------------------


@misconception(of="softmax", name="negative_exponent", hint=NEGATIVE_EXPONENT)
def negative_exponent_softmax(scores: Floats) -> Floats:
    """e^-s, as in the slide's pseudocode (E11)."""
    return reference.softmax(-scores)


@misconception(of="softmax", name="softmax_overflows", hint=OVERFLOW)
def softmax_overflows_alone(scores: Floats) -> Floats:
    """e^s / Σ e^s without the maximum taken off."""
    with np.errstate(over="ignore", invalid="ignore"):
        result: Floats = np.exp(scores) / np.exp(scores).sum()
    return result


@misconception(of="softmax", hint="Your results do not add up to 1. By what is each exponential to be divided?")
def divided_by_the_largest(scores: Floats) -> Floats:
    """e^s / max e^s."""
    result: Floats = np.exp(scores - scores.max())
    return result


@misconception(of="softmax", hint="This is each score's share of the sum. Softmax takes the shares of their exponentials.")
def shares_without_exponentials(scores: Floats) -> Floats:
    """s / Σ s."""
    result: Floats = scores / scores.sum()
    return result


@misconception(
    of="softmax",
    hint="This is the sigmoid of each score on its own. Softmax looks at all scores together: the results add up to 1.",
)
def sigmoid_for_softmax(scores: Floats) -> Floats:
    """The sigmoid of each score."""
    return reference.sigmoid(scores)


@misconception(
    of="softmax", hint="These are the logarithms of the probabilities. One step before them you had what is asked for."
)
def logarithm_of_softmax(scores: Floats) -> Floats:
    """ln softmax."""
    return np.asarray(np.log(reference.softmax(scores)))


@misconception(of="softmax", name="rounded", hint=ROUNDED)
def rounded_softmax(scores: Floats) -> Floats:
    """Rounded to four decimals."""
    return np.round(reference.softmax(scores), 4)


# --- forward -----------------------------------------------------------------------------------------------------------------


def _fits(x: Floats, weights: Arrays) -> None:
    """A mistake in the formula is no reason to accept an input of the wrong length."""
    if x.shape != (len(weights[0]),):
        raise ValueError(f"the network has {len(weights[0])} inputs, x has shape {x.shape}")


def _pass(
    x: Floats,
    weights: Arrays,
    biases: Arrays,
    hidden: Callable[[Any], Any] = reference.sigmoid,
    output: Callable[[Any], Any] = reference.softmax,
) -> tuple[Arrays, Arrays]:
    """A forward pass with other activations."""
    _fits(x, weights)
    zs: Arrays = []
    activations = [x.astype(float)]
    for w, b in zip(weights, biases, strict=True):
        zs.append(activations[-1] @ w + b)
        activations.append(hidden(zs[-1]) if len(zs) < len(weights) else output(zs[-1]))
    return zs, activations


def _same(z: Floats) -> Floats:
    return z.copy()


@misconception(of="forward", name="bias_omitted", hint=BIAS_OMITTED)
def bias_omitted_forward(x: Floats, weights: Arrays, biases: Arrays) -> tuple[Arrays, Arrays]:
    """z = a·W."""
    return _pass(x, weights, [np.zeros(len(b)) for b in biases])


@misconception(of="forward", hint="Are the biases added to the sum, or to what has already been through the sigmoid?")
def bias_added_after_the_activation(x: Floats, weights: Arrays, biases: Arrays) -> tuple[Arrays, Arrays]:
    """a = sigmoid(a·W) + b."""
    _fits(x, weights)
    zs: Arrays = []
    activations = [x.astype(float)]
    for w, b in zip(weights, biases, strict=True):
        zs.append(activations[-1] @ w)
        last = len(zs) == len(weights)
        activations.append((reference.softmax(zs[-1]) if last else reference.sigmoid(zs[-1])) + b)
    return zs, activations


@misconception(
    of="forward", hint="The last layer of yours goes through the sigmoid. Which activation has the layer that predicts?"
)
def sigmoid_at_the_output(x: Floats, weights: Arrays, biases: Arrays) -> tuple[Arrays, Arrays]:
    """The sigmoid in the last layer, as in the slide's call propagacion_hacia_delante(…, sigmoid, sigmoid)."""
    return _pass(x, weights, biases, output=reference.sigmoid)


@misconception(
    of="forward", hint="The last activation is still the vector of scores: they do not add up to 1. One step is missing."
)
def scores_returned(x: Floats, weights: Arrays, biases: Arrays) -> tuple[Arrays, Arrays]:
    """No softmax at the end."""
    return _pass(x, weights, biases, output=_same)


@misconception(of="forward", hint="Hidden layers pass their sums on unchanged. Where does the sigmoid come in?")
def linear_hidden(x: Floats, weights: Arrays, biases: Arrays) -> tuple[Arrays, Arrays]:
    """No sigmoid in the hidden layers."""
    return _pass(x, weights, biases, hidden=_same)


@misconception(of="forward", hint="Softmax belongs to the last layer only. What do the layers in the middle use?")
def softmax_in_every_layer(x: Floats, weights: Arrays, biases: Arrays) -> tuple[Arrays, Arrays]:
    """Softmax in the hidden layers, too."""
    return _pass(x, weights, biases, hidden=reference.softmax)


@misconception(
    of="forward", hint="The activations of the hidden layers are right, but the next layer is computed from their sums instead."
)
def sums_passed_on(x: Floats, weights: Arrays, biases: Arrays) -> tuple[Arrays, Arrays]:
    """z of the next layer from z instead of a."""
    zs, activations = _pass(x, weights, biases, hidden=_same)
    return zs, [activations[0], *map(reference.sigmoid, zs[:-1]), activations[-1]]


@misconception(of="forward", name="negative_exponent", hint=NEGATIVE_EXPONENT)
def negative_exponent_forward(x: Floats, weights: Arrays, biases: Arrays) -> tuple[Arrays, Arrays]:
    """e^-s in softmax (E11)."""
    return _pass(x, weights, biases, output=negative_exponent_softmax.function)


@misconception(of="forward", name="softmax_overflows", hint=OVERFLOW)
def softmax_overflows_forward(x: Floats, weights: Arrays, biases: Arrays) -> tuple[Arrays, Arrays]:
    """Softmax without the maximum taken off."""
    return _pass(x, weights, biases, output=softmax_overflows_alone.function)


@misconception(
    of="forward", hint="The sums and activations of the layers are right, but the first activation is missing: x itself."
)
def input_not_kept(x: Floats, weights: Arrays, biases: Arrays) -> tuple[Arrays, Arrays]:
    """activations without x."""
    zs, activations = reference.forward(x, weights, biases)
    return zs, activations[1:]


@misconception(of="forward", hint="Both lists are right but come in the other order: first the sums, then the activations.")
def lists_swapped(x: Floats, weights: Arrays, biases: Arrays) -> tuple[Arrays, Arrays]:
    """(activations, zs)."""
    zs, activations = reference.forward(x, weights, biases)
    return activations, zs


@misconception(
    of="forward",
    hint="Each COLUMN of a weight matrix belongs to one unit of the next layer. Does your product run down the columns?",
)
def transposed_weights(x: Floats, weights: Arrays, biases: Arrays) -> tuple[Arrays, Arrays]:
    """W·a: fits only when the matrices are square."""
    return _pass(x, [w.T for w in weights], biases)


@misconception(
    of="forward",
    hint="The last pair of layers is left out. How many matrices has a network of L layers, and where does your loop end?",
)
def one_layer_too_few(x: Floats, weights: Arrays, biases: Arrays) -> tuple[Arrays, Arrays]:
    """The loop ends before the last layer."""
    zs, activations = reference.forward(x, weights, biases)
    return zs[:-1], activations[:-1]


@misconception(
    of="forward", hint="An input with too few numbers gets an answer. Compare its length with the rows of weights[0] first."
)
def input_length_not_compared(x: Floats, weights: Arrays, biases: Arrays) -> tuple[Arrays, Arrays]:
    """A loop over the input's own length: rows left over are ignored."""
    return reference.forward(x, [weights[0][: len(x)], *weights[1:]], biases)


@misconception(of="forward", name="rounded", hint=ROUNDED)
def rounded_forward(x: Floats, weights: Arrays, biases: Arrays) -> tuple[Arrays, Arrays]:
    """Activations rounded to four decimals."""
    zs, activations = reference.forward(x, weights, biases)
    return zs, [np.round(a, 4) for a in activations]


# --- cost_and_error ----------------------------------------------------------------------------------------------------------


@misconception(
    of="cost_and_error",
    hint="Your cost is 0.434 times the right one. Which base has your logarithm? The slide's number falls into the same trap (E7).",
)
def logarithm_to_base_10(predicted: Floats, target: Floats) -> tuple[float, Floats]:
    """log10, as the slide's 0.259637311 (E7)."""
    cost, error = reference.cost_and_error(predicted, target)
    return cost / float(np.log(10)), error


@misconception(of="cost_and_error", name="target_minus_predicted", hint=SIGN)
def target_minus_predicted_alone(predicted: Floats, target: Floats) -> tuple[float, Floats]:
    """error = t - p."""
    cost, error = reference.cost_and_error(predicted, target)
    return cost, -error


@misconception(
    of="cost_and_error",
    hint="Twice the right error: 2(x - y) is the derivative of the squared error. Which cost does the network have?",
)
def factor_two_of_the_squared_error(predicted: Floats, target: Floats) -> tuple[float, Floats]:
    """error = 2(p - t)."""
    cost, error = reference.cost_and_error(predicted, target)
    return cost, 2 * error


@misconception(
    of="cost_and_error",
    hint="Your cost is a sum of squares. The network is trained with cross-entropy: look for a logarithm (erratum E11).",
)
def squared_error_as_cost(predicted: Floats, target: Floats) -> tuple[float, Floats]:
    """cost = Σ(p - t)²."""
    _, error = reference.cost_and_error(predicted, target)
    return float(error @ error), error


@misconception(of="cost_and_error", hint="Your cost is negative. A probability is below 1: which sign has its logarithm?")
def cost_without_its_minus(predicted: Floats, target: Floats) -> tuple[float, Floats]:
    """cost = Σ t ln p."""
    cost, error = reference.cost_and_error(predicted, target)
    return -cost, error


@misconception(
    of="cost_and_error", hint="Your cost shrinks when there are more classes. It is a sum over the classes, not a mean."
)
def mean_over_classes(predicted: Floats, target: Floats) -> tuple[float, Floats]:
    """cost / C."""
    cost, error = reference.cost_and_error(predicted, target)
    return cost / len(error), error


@misconception(
    of="cost_and_error",
    hint="Classes that were not asked for add something, too, as in yes-or-no questions. Here their target of 0 silences them.",
)
def binary_cross_entropy(predicted: Floats, target: Floats) -> tuple[float, Floats]:
    """-Σ t ln p + (1-t) ln(1-p)."""
    cost, error = reference.cost_and_error(predicted, target)
    return cost - float((1 - target) @ np.log(1 - predicted)), error


@misconception(of="cost_and_error", hint="0 * ln 0 is nan for a computer. Which classes can you leave out of the sum?")
def zero_times_log_zero(predicted: Floats, target: Floats) -> tuple[float, Floats]:
    """-Σ t ln p over all classes."""
    _, error = reference.cost_and_error(predicted, target)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(-(target * np.log(predicted)).sum()), error


@misconception(
    of="cost_and_error",
    hint="This is the derivative with respect to the probability. The one with respect to the score is shorter.",
)
def slope_in_the_probability(predicted: Floats, target: Floats) -> tuple[float, Floats]:
    """error = -t/p."""
    cost, error = reference.cost_and_error(predicted, target)
    asked = target != 0
    error[~asked] = 0.0
    error[asked] = -target[asked] / predicted[asked]
    return cost, error


@misconception(
    of="cost_and_error",
    hint="With a target of whole numbers your error has no decimals left. Which dtype has the array that you fill?",
)
def error_cut_to_integers(predicted: Floats, target: Floats) -> tuple[float, Any]:
    """The error is filled into an array of the target's dtype."""
    cost, error = reference.cost_and_error(predicted, target)
    return cost, error.astype(target.dtype)


@misconception(
    of="cost_and_error", hint="One target for three classes gets an answer: numpy repeats it silently. Compare the shapes first."
)
def shapes_not_compared(predicted: Floats, target: Floats) -> tuple[float, Floats]:
    """numpy's broadcasting."""
    return reference.cost_and_error(predicted, np.broadcast_to(target, predicted.shape))


# --- previous_error ----------------------------------------------------------------------------------------------------------


@misconception(of="previous_error", name="sigma_prime_missing", hint=SIGMA_PRIME_MISSING)
def sigma_prime_missing_alone(error: Floats, w: Floats, z: Floats) -> Floats:
    """error · Wᵀ."""
    result: Floats = error @ w.T
    return result


@misconception(of="previous_error", name="sigma_prime_of_output", hint=SIGMA_PRIME_OF_OUTPUT)
def sigma_prime_of_output_alone(error: Floats, w: Floats, z: Floats) -> Floats:
    """sigmoid'(sigmoid(z))."""
    return reference.previous_error(error, w, reference.sigmoid(z))


@misconception(
    of="previous_error", hint="a(1 - a) wants the activation a, and z is a sum that has not been through the sigmoid yet."
)
def sum_taken_for_activation(error: Floats, w: Floats, z: Floats) -> Floats:
    """z(1 - z)."""
    result: Floats = (error @ w.T) * z * (1 - z)
    return result


@misconception(
    of="previous_error", hint="You multiply by the sigmoid itself. The formula has its slope, sigmoid(z) (1 - sigmoid(z))."
)
def activation_for_its_slope(error: Floats, w: Floats, z: Floats) -> Floats:
    """sigmoid(z) instead of sigmoid'(z)."""
    result: Floats = (error @ w.T) * reference.sigmoid(z)
    return result


@misconception(of="previous_error", name="untransposed", hint=UNTRANSPOSED)
def untransposed_alone(error: Floats, w: Floats, z: Floats) -> Floats:
    """error · W: fits only when W is square."""
    return reference.previous_error(error, w.T, z)


@misconception(
    of="previous_error",
    hint="The error comes back with the other sign. The minus of gradient descent is taken later, when the weights move.",
)
def sent_back_with_a_minus(error: Floats, w: Floats, z: Floats) -> Floats:
    """-(error · Wᵀ) sigmoid'(z)."""
    return -reference.previous_error(error, w, z)


@misconception(
    of="previous_error",
    hint="Finite in the middle, nan at z = -1000: e^1000 is too large for a float. The given sigmoid is safe everywhere.",
)
def slope_from_exponentials(error: Floats, w: Floats, z: Floats) -> Floats:
    """e^-z / (1 + e^-z)²: inf/inf at -1000."""
    with np.errstate(over="ignore", invalid="ignore"):
        result: Floats = (error @ w.T) * np.exp(-z) / (1 + np.exp(-z)) ** 2
    return result


# --- gradient_vector ---------------------------------------------------------------------------------------------------------


def _backward(
    x: Floats,
    target: Floats,
    weights: Arrays,
    biases: Arrays,
    back: Callable[[Floats, Floats, Floats, Floats], Floats] = lambda e, w, z, a: reference.previous_error(e, w, z),
    output: Callable[[Floats, Floats], Floats] = lambda p, t: p - t,
    forward: Callable[[Floats, Arrays, Arrays], tuple[Arrays, Arrays]] = reference.forward,
) -> Network:
    """The backward pass with another error at the output, another way back, or another forward pass."""
    zs, activations = forward(x, weights, biases)
    if target.shape != activations[-1].shape:
        raise ValueError("the target does not fit")
    errors = [output(activations[-1], target)]
    for i in range(len(weights) - 1, 0, -1):
        errors.insert(0, back(errors[0], weights[i], zs[i - 1], activations[i]))
    return [np.outer(a, e) for a, e in zip(activations[:-1], errors, strict=True)], errors


@misconception(of="gradient_vector", name="sigma_prime_missing", hint=SIGMA_PRIME_MISSING)
def sigma_prime_missing_gradient(x: Floats, target: Floats, weights: Arrays, biases: Arrays) -> Network:
    """No sigmoid' on the way back."""
    return _backward(x, target, weights, biases, back=lambda e, w, z, a: e @ w.T)


@misconception(of="gradient_vector", name="sigma_prime_of_output", hint=SIGMA_PRIME_OF_OUTPUT)
def sigma_prime_of_output_gradient(x: Floats, target: Floats, weights: Arrays, biases: Arrays) -> Network:
    """sigmoid' at the activation."""
    return _backward(x, target, weights, biases, back=lambda e, w, z, a: reference.previous_error(e, w, a))


@misconception(of="gradient_vector", name="untransposed", hint=UNTRANSPOSED)
def untransposed_gradient(x: Floats, target: Floats, weights: Arrays, biases: Arrays) -> Network:
    """error · W: fits only when W is square."""
    return _backward(x, target, weights, biases, back=lambda e, w, z, a: reference.previous_error(e, w.T, z))


@misconception(of="gradient_vector", name="target_minus_predicted", hint=SIGN)
def target_minus_predicted_gradient(x: Floats, target: Floats, weights: Arrays, biases: Arrays) -> Network:
    """Everything with the other sign."""
    return _backward(x, target, weights, biases, output=lambda p, t: t - p)


@misconception(
    of="gradient_vector",
    hint="The error of the last layer has a factor too many. Softmax and cross-entropy together leave only predicted - target.",
)
def slope_at_the_output_too(x: Floats, target: Floats, weights: Arrays, biases: Arrays) -> Network:
    """(p - t) p(1 - p) at the output."""
    return _backward(x, target, weights, biases, output=lambda p, t: (p - t) * p * (1 - p))


@misconception(
    of="gradient_vector",
    name="factor_two_of_the_squared_error",
    hint="Everything is twice too large: 2(x - y) belongs to the squared error. Which error have softmax and cross-entropy?",
)
def factor_two_gradient(x: Floats, target: Floats, weights: Arrays, biases: Arrays) -> Network:
    """2(p - t) at the output."""
    return _backward(x, target, weights, biases, output=lambda p, t: 2 * (p - t))


@misconception(of="gradient_vector", name="bias_omitted", hint=BIAS_OMITTED)
def bias_omitted_gradient(x: Floats, target: Floats, weights: Arrays, biases: Arrays) -> Network:
    """A forward pass without biases."""
    return _backward(x, target, weights, biases, forward=bias_omitted_forward.function)


@misconception(
    of="gradient_vector",
    hint="The lists are right but come in the order of the backward pass. The layer next to the input stands first.",
)
def last_layer_first(x: Floats, target: Floats, weights: Arrays, biases: Arrays) -> Network:
    """Both lists reversed."""
    err_weights, err_biases = reference.gradient_vector(x, target, weights, biases)
    return err_weights[::-1], err_biases[::-1]


@misconception(
    of="gradient_vector",
    hint="The derivatives of the hidden weights are made with the sums of the layer before. The weights were multiplied by something else.",
)
def sums_for_activations(x: Floats, target: Floats, weights: Arrays, biases: Arrays) -> Network:
    """err_weights[i] from zs instead of activations."""
    zs, _ = reference.forward(x, weights, biases)
    _, errors = reference.gradient_vector(x, target, weights, biases)
    return [np.outer(a, e) for a, e in zip([x, *zs[:-1]], errors, strict=True)], errors


@misconception(
    of="gradient_vector", hint="Your matrices stand the other way round: row = unit the weight comes from, as in weights[i]."
)
def gradients_transposed(x: Floats, target: Floats, weights: Arrays, biases: Arrays) -> Network:
    """errorᵀ · a."""
    err_weights, err_biases = reference.gradient_vector(x, target, weights, biases)
    return [d.T for d in err_weights], err_biases


@misconception(
    of="gradient_vector",
    hint="The last layer is right; the layers before it get an error that has not been through the weights of every layer in between.",
)
def error_not_carried_on(x: Floats, target: Floats, weights: Arrays, biases: Arrays) -> Network:
    """The error of each hidden layer is the sum of the next layer's error, without its weights."""
    return _backward(x, target, weights, biases, back=lambda e, w, z, a: reference.previous_error(e, np.ones_like(w), z))


@misconception(
    of="gradient_vector",
    name="lists_swapped",
    hint="Both lists are right but come in the other order: first those of the weights, then those of the biases.",
)
def lists_swapped_gradient(x: Floats, target: Floats, weights: Arrays, biases: Arrays) -> tuple[Arrays, Arrays]:
    """(err_biases, err_weights)."""
    err_weights, err_biases = reference.gradient_vector(x, target, weights, biases)
    return err_biases, err_weights


# --- train_step --------------------------------------------------------------------------------------------------------------


def _moved(weights: Arrays, biases: Arrays, gradients: Network, step: float, bias_step: float | None = None) -> Network:
    return (
        [w - step * d for w, d in zip(weights, gradients[0], strict=True)],
        [b - (step if bias_step is None else bias_step) * d for b, d in zip(biases, gradients[1], strict=True)],
    )


def _sum(xs: Floats, targets: Floats, weights: Arrays, biases: Arrays, gradient: Gradient = reference.gradient_vector) -> Network:
    """The gradient vectors of all examples, added up."""
    if len(xs) != len(targets):
        raise ValueError("as many targets as inputs, please")
    every = [gradient(x, t, weights, biases) for x, t in zip(xs, targets, strict=True)]
    return (
        [np.sum([one[0][i] for one in every], axis=0) for i in range(len(weights))],
        [np.sum([one[1][i] for one in every], axis=0) for i in range(len(weights))],
    )


@misconception(
    of="train_step",
    hint="Your steps are too short, the more so the more examples there are. How often do you divide by N?",
)
def divided_by_n_twice(xs: Floats, targets: Floats, weights: Arrays, biases: Arrays, rate: float) -> Network:
    """η/N²."""
    return _moved(weights, biases, _sum(xs, targets, weights, biases), rate / len(xs) ** 2)


@misconception(
    of="train_step", hint="Your steps grow with the number of examples. The slide multiplies by a rate that is shared among them."
)
def not_divided_by_n(xs: Floats, targets: Floats, weights: Arrays, biases: Arrays, rate: float) -> Network:
    """η times the sum."""
    return _moved(weights, biases, _sum(xs, targets, weights, biases), rate)


@misconception(
    of="train_step",
    hint="The weights move as they should, the biases move too far. Are both lists divided by the number of examples?",
)
def biases_not_divided_by_n(xs: Floats, targets: Floats, weights: Arrays, biases: Arrays, rate: float) -> Network:
    """η/N for the weights, η for the biases."""
    return _moved(weights, biases, _sum(xs, targets, weights, biases), rate / len(xs), rate)


@misconception(of="train_step", hint="The network moves uphill, and the cost grows. Is the gradient added or taken away?")
def gradient_added(xs: Floats, targets: Floats, weights: Arrays, biases: Arrays, rate: float) -> Network:
    """W + η/N Σ."""
    return _moved(weights, biases, _sum(xs, targets, weights, biases), -rate / len(xs))


@misconception(of="train_step", hint="The weights learn, the biases never move. The network has two lists.")
def biases_never_move(xs: Floats, targets: Floats, weights: Arrays, biases: Arrays, rate: float) -> Network:
    """Only the weights are updated."""
    return _moved(weights, biases, _sum(xs, targets, weights, biases), rate / len(xs), 0.0)


@misconception(
    of="train_step", hint="The direction is right, the length is not: which argument of the function is not in your code?"
)
def rate_ignored(xs: Floats, targets: Floats, weights: Arrays, biases: Arrays, rate: float) -> Network:
    """A rate of 1."""
    return _moved(weights, biases, _sum(xs, targets, weights, biases), 1 / len(xs))


@misconception(
    of="train_step",
    hint="The network moves after each example, so that the next one meets another network. First add everything up, then move once.",
)
def moved_after_each_example(xs: Floats, targets: Floats, weights: Arrays, biases: Arrays, rate: float) -> Network:
    """One step of η/N for each example, one after the other."""
    _sum(xs, targets, weights, biases)
    network = (weights, biases)
    for x, target in zip(xs, targets, strict=True):
        network = _moved(*network, reference.gradient_vector(x, target, *network), rate / len(xs))
    return network


@misconception(
    of="train_step",
    hint="Only the last example seems to count. Are the gradient vectors added up, or does each replace the one before?",
)
def only_the_last_example(xs: Floats, targets: Floats, weights: Arrays, biases: Arrays, rate: float) -> Network:
    """= where += belongs."""
    _sum(xs, targets, weights, biases)
    return _moved(weights, biases, reference.gradient_vector(xs[-1], targets[-1], weights, biases), rate / len(xs))


@misconception(of="train_step", hint="These are the gradients. The docstring asks for the new weights and biases.")
def gradients_returned(xs: Floats, targets: Floats, weights: Arrays, biases: Arrays, rate: float) -> Network:
    """η/N Σ itself."""
    zeros = [np.zeros(w.shape) for w in weights], [np.zeros(b.shape) for b in biases]
    return _moved(*zeros, _sum(xs, targets, weights, biases), -rate / len(xs))


@misconception(
    of="train_step", hint="The third input has no target, and nobody hears about it. Compare the numbers of rows first."
)
def targets_not_counted(xs: Floats, targets: Floats, weights: Arrays, biases: Arrays, rate: float) -> Network:
    """zip stops at the shorter of both."""
    count = min(len(xs), len(targets))
    return reference.train_step(xs[:count], targets[:count], weights, biases, rate)


@misconception(of="train_step", name="sigma_prime_missing", hint=SIGMA_PRIME_MISSING)
def sigma_prime_missing_step(xs: Floats, targets: Floats, weights: Arrays, biases: Arrays, rate: float) -> Network:
    """A gradient without sigmoid'."""
    return _moved(weights, biases, _sum(xs, targets, weights, biases, sigma_prime_missing_gradient.function), rate / len(xs))


@misconception(
    of="train_step",
    hint="Each layer goes back through weights that have moved already. All gradients belong to the network that made the forward pass.",
)
def moved_during_the_backward_pass(xs: Floats, targets: Floats, weights: Arrays, biases: Arrays, rate: float) -> Network:
    """The last matrix moves before the error goes back through it (compare E5)."""
    right_weights, _ = reference.train_step(xs, targets, weights, biases, rate)

    def gradient(x: Floats, target: Floats, _w: Arrays, _b: Arrays) -> Network:
        zs, activations = reference.forward(x, weights, biases)
        errors = [activations[-1] - target]
        for i in range(len(weights) - 1, 0, -1):
            errors.insert(0, reference.previous_error(errors[0], right_weights[i], zs[i - 1]))
        return [np.outer(a, e) for a, e in zip(activations[:-1], errors, strict=True)], errors

    return _moved(weights, biases, _sum(xs, targets, weights, biases, gradient), rate / len(xs))


# --- train -------------------------------------------------------------------------------------------------------------------


def _batches(order: Integers, batch_size: int) -> list[Integers]:
    if batch_size < 1:
        raise ValueError("a batch has at least one example")
    return [order[start : start + batch_size] for start in range(0, len(order), batch_size)]


def _train(
    xs: Floats, targets: Floats, network: Network, rate: float, batches: list[Any], share: Callable[[int], float] = float
) -> Network:
    """A step for each batch, divided by share(number of its examples)."""
    for batch in batches:
        network = reference.train_step(xs[batch], targets[batch], *network, rate * len(batch) / share(len(batch)))
    return network


@misconception(of="train", name="last_batch_divided_by_batch_size", hint=LAST_BATCH_COUNT)
def last_batch_divided_by_batch_size(
    xs: Floats, targets: Floats, weights: Arrays, biases: Arrays, rate: float, batch_size: int, orders: Integers
) -> Network:
    """η / batch_size in the last, smaller batch."""
    batches = [batch for order in orders for batch in _batches(order, batch_size)]
    return _train(xs, targets, (weights, biases), rate, batches, lambda count: float(batch_size))


@misconception(
    of="train", hint="Your steps are too short. A batch divides by the number of its own examples, not by the number of all."
)
def divided_by_all_examples(
    xs: Floats, targets: Floats, weights: Arrays, biases: Arrays, rate: float, batch_size: int, orders: Integers
) -> Network:
    """η / N with the N of the whole set."""
    batches = [batch for order in orders for batch in _batches(order, batch_size)]
    return _train(xs, targets, (weights, biases), rate, batches, lambda count: float(len(xs)))


@misconception(
    of="train",
    hint="With 5 examples and batches of 2, one example never takes part. What is left over makes a last, smaller batch.",
)
def last_batch_dropped(
    xs: Floats, targets: Floats, weights: Arrays, biases: Arrays, rate: float, batch_size: int, orders: Integers
) -> Network:
    """Only full batches."""
    batches = [batch for order in orders for batch in _batches(order, batch_size) if len(batch) == batch_size]
    return _train(xs, targets, (weights, biases), rate, batches)


@misconception(of="train", hint="The examples are taken in the order in which they stand. orders says which come first.")
def order_ignored(
    xs: Floats, targets: Floats, weights: Arrays, biases: Arrays, rate: float, batch_size: int, orders: Integers
) -> Network:
    """0, 1, 2, … in every epoch."""
    batches = [batch for order in orders for batch in _batches(np.arange(len(order)), batch_size)]
    return _train(xs, targets, (weights, biases), rate, batches)


@misconception(of="train", hint="The first epoch is right. Every epoch has an order of its own: the next row of orders.")
def first_order_in_every_epoch(
    xs: Floats, targets: Floats, weights: Arrays, biases: Arrays, rate: float, batch_size: int, orders: Integers
) -> Network:
    """orders[0] again and again."""
    batches = [batch for _ in orders for batch in _batches(orders[0], batch_size)]
    return _train(xs, targets, (weights, biases), rate, batches)


@misconception(of="train", hint="The first row of orders is trained with, then training ends. How many epochs are there?")
def one_epoch_only(
    xs: Floats, targets: Floats, weights: Arrays, biases: Arrays, rate: float, batch_size: int, orders: Integers
) -> Network:
    """return inside of the loop over epochs."""
    return _train(xs, targets, (weights, biases), rate, _batches(orders[0], batch_size))


@misconception(
    of="train",
    hint="The inputs are put into the order of the batch, their targets are not: each input learns another one's class.",
)
def targets_not_reordered(
    xs: Floats, targets: Floats, weights: Arrays, biases: Arrays, rate: float, batch_size: int, orders: Integers
) -> Network:
    """xs[batch] with targets[start:stop]."""
    network = (weights, biases)
    for order in orders:
        for batch, place in zip(_batches(order, batch_size), _batches(np.arange(len(order)), batch_size), strict=True):
            network = reference.train_step(xs[batch], targets[place], *network, rate)
    return network


@misconception(
    of="train",
    hint="Every batch starts from the network that was given at first, so that only the last one counts. Keep what a step returns.",
)
def always_from_the_first_network(
    xs: Floats, targets: Floats, weights: Arrays, biases: Arrays, rate: float, batch_size: int, orders: Integers
) -> Network:
    """train_step(…, weights, biases) with the given network each time."""
    return _train(xs, targets, (weights, biases), rate, _batches(orders[-1], batch_size)[-1:])


@misconception(of="train", hint="You make one step an epoch, with all examples. An epoch makes one step for each batch.")
def batches_ignored(
    xs: Floats, targets: Floats, weights: Arrays, biases: Arrays, rate: float, batch_size: int, orders: Integers
) -> Network:
    """The whole set in one step."""
    _batches(orders[0], batch_size)
    return _train(xs, targets, (weights, biases), rate, list(orders))


@misconception(of="train", hint="batch_size is how many examples a batch has. You make batch_size batches.")
def size_taken_for_number_of_batches(
    xs: Floats, targets: Floats, weights: Arrays, biases: Arrays, rate: float, batch_size: int, orders: Integers
) -> Network:
    """np.array_split(order, batch_size)."""
    _batches(orders[0], batch_size)
    batches = [batch for order in orders for batch in np.array_split(order, batch_size) if len(batch)]
    return _train(xs, targets, (weights, biases), rate, batches)
