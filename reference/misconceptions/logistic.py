"""Mistakes of logistic regression: each a wrong version of a reference function, with the hint a student reads."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.course.authoring import misconception
from reference import logistic as reference
from reference.logistic import EPSILON

Floats: TypeAlias = NDArray[np.float64]
Pair: TypeAlias = tuple[Floats, float]
Run: TypeAlias = tuple[Floats, float, Floats]

NOT_DIVIDED = "Your numbers are N times too large. The cost is a mean over the batch; what does that do to its gradient?"
DIVIDED_TWICE = (
    "Your numbers are N times too small. How often do you divide by the number of examples, here and in the functions before?"
)
SIGN = "The sign is turned around. Is a the first of the two in a - y, or y?"
SIGMOID_SLOPE = "There is one factor a(1 - a) too many. What happens to it on the slide, just before the box?"
DOUBLED = "Every number is twice too large. A factor 2 comes from the derivative of a square; is there a square in this loss?"
E8 = "Right for the label 1, turned around for the label 0: the slide's line before the box, where one sign is wrong."
SHAPES = "a has shape (N,), y has shape (N, 1): numpy makes a table of N x N numbers of that. Compare the shapes first."
CLASS_FOR_PROBABILITY = "You compare the class, 0 or 1, with the label. The formula wants the probability as the neuron gave it."
BIAS_OMITTED = "Your result is right when b is 0. Where does b come in?"
SWAPPED = "Both results look right but come in the other order. The docstring lists them."
ASCENT = "The cost grows with this step. The gradient points uphill; which way should w and b go?"
NO_ALPHA = "The direction is right but not the length of the step. Which argument is not in your code?"
BIAS_STAYS = "The weights are right, and b has not moved. It has a gradient too."
WHOLE_NUMBERS = "Your result has lost its decimals. Which dtype has the array that you fill, when what came in are whole numbers?"
ROUNDED = "The numbers agree to four decimals only. Return them as computed; rounding is for printing."


def _sums(x: Floats, w: Floats, b: float) -> Floats:
    """The sums z; ValueError where the shapes do not fit, as in the reference."""
    if w.shape != x.shape[1:]:
        raise ValueError("shapes do not fit")
    result: Floats = x @ w + b
    return result


def _compared(a: Floats, y: Floats) -> None:
    """A mistake in the formula is no reason to accept labels of another shape."""
    if a.shape != y.shape:
        raise ValueError("shapes do not fit")


def _log(p: Floats) -> Floats:
    result: Floats = np.log(np.maximum(p, EPSILON))
    return result


# --- forward -----------------------------------------------------------------------------------------------------------------


@misconception(of="forward", hint=BIAS_OMITTED)
def bias_omitted(x: Floats, w: Floats, b: float) -> Floats:
    """z = w·x."""
    return reference.forward(x, w, 0.0)


@misconception(of="forward", hint="These are the sums z. What does a neuron do with its sum before it says something?")
def sigmoid_missing(x: Floats, w: Floats, b: float) -> Floats:
    """Returns z."""
    return _sums(x, w, b)


@misconception(of="forward", hint="b looks as if it were added after the sigmoid. What exactly is inside σ( )?")
def bias_after_sigmoid(x: Floats, w: Floats, b: float) -> Floats:
    """σ(w·x) + b."""
    return reference.forward(x, w, 0.0) + b


@misconception(of="forward", hint="b is in your sum once for every feature. How often does the formula add it?")
def bias_for_every_feature(x: Floats, w: Floats, b: float) -> Floats:
    """b inside the sum over the features: z = Σ (w_j x_j + b)."""
    return reference.forward(x, w, b * x.shape[1])


@misconception(of="forward", hint="Your result is 1 minus the right one. Look at the sign of the exponent.")
def exponent_sign(x: Floats, w: Floats, b: float) -> Floats:
    """1 / (1 + e^z)."""
    return reference.forward(x, -w, -b)


@misconception(
    of="forward",
    hint="Right in the middle, nan at z = +1000: e^1000 is too large for a float. Which sign of the exponent is safe for large z?",
)
def sigmoid_overflows(x: Floats, w: Floats, b: float) -> Floats:
    """e^z / (1 + e^z): inf/inf at +1000."""
    with np.errstate(over="ignore", invalid="ignore"):
        power: Floats = np.exp(_sums(x, w, b))
        return power / (1 + power)


@misconception(
    of="forward", hint="Your results lie between -1 and 1. This neuron says probabilities; which activation is on the slide?"
)
def tanh_for_sigmoid(x: Floats, w: Floats, b: float) -> Floats:
    """tanh(z)."""
    result: Floats = np.tanh(_sums(x, w, b))
    return result


@misconception(of="forward", hint="You return the class, 0 or 1. The exercise asks how sure the neuron is.")
def class_returned(x: Floats, w: Floats, b: float) -> Floats:
    """1 where z > 0, else 0."""
    return (_sums(x, w, b) > 0).astype(float)


@misconception(
    of="forward",
    hint="Which number of x.shape counts the examples? Your product meets the columns of x where it should meet the rows.",
)
def rows_and_columns_exchanged(x: Floats, w: Floats, b: float) -> Floats:
    """xᵀ w, which fits a square x only."""
    return reference.forward(x.T, w, b)


@misconception(of="forward", hint="Three features and two weights gave a result here. What should happen when they do not fit?")
def shapes_not_compared(x: Floats, w: Floats, b: float) -> Floats:
    """Sums over as many features as both have."""
    count = min(x.shape[1], len(w))
    return reference.forward(x[:, :count], w[:count], b)


@misconception(of="forward", hint=ROUNDED)
def rounded(x: Floats, w: Floats, b: float) -> Floats:
    """Rounded to four decimals."""
    return np.round(reference.forward(x, w, b), 4)


# --- bce ---------------------------------------------------------------------------------------------------------------------


@misconception(of="bce", hint="Your loss grows with the number of examples. Is it the sum or the mean?")
def summed_not_averaged(a: Floats, y: Floats) -> float:
    """The sum over the batch."""
    return reference.bce(a, y) * len(a)


@misconception(of="bce", hint="Each example has its loss here. The exercise asks for one number for the batch.")
def not_averaged(a: Floats, y: Floats) -> Floats:
    """The losses of the examples."""
    _compared(a, y)
    return -(y * _log(a) + (1 - y) * _log(1 - a))


@misconception(of="bce", hint="A loss of probabilities is never negative. Which sign stands in front of the bracket?")
def minus_missing(a: Floats, y: Floats) -> float:
    """y log a + (1 - y) log(1 - a)."""
    return -reference.bce(a, y)


@misconception(
    of="bce", hint="Your numbers are right but for one factor, 2.302585. Which logarithm is np.log, and which np.log10?"
)
def log10_for_natural_log(a: Floats, y: Floats) -> float:
    """Logarithms to the base 10."""
    return reference.bce(a, y) / float(np.log(10))


@misconception(of="bce", hint="Your numbers are right but for one factor, 1.442695. Which logarithm does the formula use?")
def log2_for_natural_log(a: Floats, y: Floats) -> float:
    """Logarithms to the base 2."""
    return reference.bce(a, y) / float(np.log(2))


@misconception(
    of="bce", hint="The examples with the label 0 cost nothing in your loss. Which term of the formula speaks for them?"
)
def label_zero_ignored(a: Floats, y: Floats) -> float:
    """-y log a alone."""
    _compared(a, y)
    return -float(np.mean(y * _log(a)))


@misconception(of="bce", hint="Of which of the two is the logarithm taken: of what the neuron says, or of the label?")
def predictions_and_labels_exchanged(a: Floats, y: Floats) -> float:
    """-(a log y + (1 - a) log(1 - y))."""
    return reference.bce(y, a)


@misconception(
    of="bce",
    hint="The two terms subtract from each other in your sum. Follow the minus before the bracket: to how many terms does it belong?",
)
def minus_for_one_term_only(a: Floats, y: Floats) -> float:
    """-y log a + (1 - y) log(1 - a)."""
    _compared(a, y)
    return float(np.mean(-y * _log(a) + (1 - y) * _log(1 - a)))


@misconception(of="bce", hint="This is the squared error. Binary cross-entropy takes logarithms.")
def squared_error(a: Floats, y: Floats) -> float:
    """The mean of (a - y)²."""
    _compared(a, y)
    return float(np.mean((a - y) ** 2))


@misconception(of="bce", hint="log(0) is minus infinity, and 0 times that is nan. The docstring says what counts instead of 0.")
def log_of_zero(a: Floats, y: Floats) -> float:
    """No smallest number: 0 · log 0 = nan for a right and certain prediction."""
    _compared(a, y)
    with np.errstate(divide="ignore", invalid="ignore"):
        return -float(np.mean(y * np.log(a) + (1 - y) * np.log(1 - a)))


@misconception(
    of="bce", hint="A certain and wrong prediction costs infinitely much here. The docstring says what counts instead of 0."
)
def log_of_zero_when_wrong(a: Floats, y: Floats) -> float:
    """-log of the label's probability, without a smallest number."""
    _compared(a, y)
    with np.errstate(divide="ignore"):
        return -float(np.mean(np.log(np.where(y == 1, a, 1 - a))))


@misconception(of="bce", hint="log(a) is safe now. There is a second logarithm in the formula; when is what stands in it 0?")
def second_logarithm_unprotected(a: Floats, y: Floats) -> float:
    """Only a is kept away from 0, not 1 - a."""
    _compared(a, y)
    with np.errstate(divide="ignore", invalid="ignore"):
        return -float(np.mean(y * _log(a) + (1 - y) * np.log(1 - a)))


@misconception(of="bce", name="column_of_labels_accepted", hint=SHAPES)
def column_of_labels_accepted_in_loss(a: Floats, y: Floats) -> float:
    """The mean of the table that numpy makes of (N,) and (N, 1)."""
    return -float(np.mean(y * _log(a) + (1 - y) * _log(1 - a)))


# --- delta -------------------------------------------------------------------------------------------------------------------


@misconception(of="delta", name="sign_turned", hint=SIGN)
def sign_turned_in_delta(a: Floats, y: Floats) -> Floats:
    """y - a."""
    return -reference.delta(a, y)


@misconception(of="delta", hint=E8)
def erratum_e8(a: Floats, y: Floats) -> Floats:
    """-y(1 - a) - a(1 - y), as the slide expands it."""
    _compared(a, y)
    return -y * (1 - a) - a * (1 - y)


@misconception(of="delta", name="sigmoid_slope_kept", hint=SIGMOID_SLOPE)
def sigmoid_slope_kept_in_delta(a: Floats, y: Floats) -> Floats:
    """(a - y) a (1 - a), half the delta of the squared error."""
    return reference.delta(a, y) * a * (1 - a)


@misconception(of="delta", hint="This is the delta of the squared error. Which loss is derived here?")
def delta_of_squared_error(a: Floats, y: Floats) -> Floats:
    """2 (a - y) a (1 - a)."""
    return 2 * reference.delta(a, y) * a * (1 - a)


@misconception(of="delta", name="factor_two", hint=DOUBLED)
def factor_two_in_delta(a: Floats, y: Floats) -> Floats:
    """2 (a - y)."""
    return 2 * reference.delta(a, y)


@misconception(of="delta", hint="This is how the loss changes with a. The chain rule goes one step further back, to z.")
def stopped_at_a(a: Floats, y: Floats) -> Floats:
    """∂L/∂a = -y/a + (1 - y)/(1 - a)."""
    _compared(a, y)
    return -y / a + (1 - y) / (1 - a)


@misconception(
    of="delta",
    hint="Each example has its own delta, of its own loss. Where does the mean over the batch come in: here, or later?",
)
def divided_in_delta(a: Floats, y: Floats) -> Floats:
    """(a - y) / N."""
    return reference.delta(a, y) / len(a)


@misconception(of="delta", hint="Your deltas have lost their sign. Which way should z move for each label?")
def sign_lost(a: Floats, y: Floats) -> Floats:
    """|a - y|."""
    return np.abs(reference.delta(a, y))


@misconception(of="delta", name="class_for_probability", hint=CLASS_FOR_PROBABILITY)
def class_for_probability_in_delta(a: Floats, y: Floats) -> Floats:
    """The class less the label, as a perceptron learns."""
    return reference.delta((a > 0.5).astype(float), y)


@misconception(of="delta", name="filled_into_integers", hint=WHOLE_NUMBERS)
def filled_into_integers_in_delta(a: Floats, y: Floats) -> NDArray[Any]:
    """An array like y is filled: integer labels cut the deltas off."""
    return reference.delta(a, y).astype(y.dtype)


@misconception(of="delta", name="column_of_labels_accepted", hint=SHAPES)
def column_of_labels_accepted_in_delta(a: Floats, y: Floats) -> Floats:
    """The table that numpy makes of (N,) and (N, 1)."""
    return a - y


# --- gradients ---------------------------------------------------------------------------------------------------------------


@misconception(of="gradients", name="not_divided_by_n", hint=NOT_DIVIDED)
def not_divided_in_gradients(x: Floats, y: Floats, w: Floats, b: float) -> Pair:
    """Sums instead of means."""
    dw, db = reference.gradients(x, y, w, b)
    return dw * len(x), db * len(x)


@misconception(of="gradients", name="divided_by_n_twice", hint=DIVIDED_TWICE)
def divided_twice_in_gradients(x: Floats, y: Floats, w: Floats, b: float) -> Pair:
    """Means divided by N again."""
    dw, db = reference.gradients(x, y, w, b)
    return dw / len(x), db / len(x)


@misconception(of="gradients", hint="dw is a mean, and db is a sum. Both belong to the same cost.")
def bias_gradient_not_divided(x: Floats, y: Floats, w: Floats, b: float) -> Pair:
    """db without 1/N."""
    dw, db = reference.gradients(x, y, w, b)
    return dw, db * len(x)


@misconception(of="gradients", hint="db still holds a number for each example. There is one bias for all of them.")
def bias_gradient_not_summed(x: Floats, y: Floats, w: Floats, b: float) -> tuple[Floats, Floats]:
    """db = a - y as an array."""
    return reference.gradients(x, y, w, b)[0], reference.delta(reference.forward(x, w, b), y)


@misconception(of="gradients", name="sign_turned", hint=SIGN)
def sign_turned_in_gradients(x: Floats, y: Floats, w: Floats, b: float) -> Pair:
    """Built from y - a."""
    dw, db = reference.gradients(x, y, w, b)
    return -dw, -db


@misconception(
    of="gradients",
    hint="This is ∂z/∂w, how the sum changes with the weight (erratum E9). The chain rule has another factor: how the loss changes with z.",
)
def erratum_e9(x: Floats, y: Floats, w: Floats, b: float) -> Pair:
    """∂L/∂w = x and ∂L/∂b = 1, as the slide has it, averaged."""
    reference.gradients(x, y, w, b)
    return np.asarray(np.mean(x, axis=0), dtype=np.float64), 1.0


@misconception(of="gradients", name="sigmoid_slope_kept", hint=SIGMOID_SLOPE)
def sigmoid_slope_kept_in_gradients(x: Floats, y: Floats, w: Floats, b: float) -> Pair:
    """Built from (a - y) a (1 - a)."""
    a = reference.forward(x, w, b)
    d = reference.delta(a, y) * a * (1 - a)
    return d @ x / len(x), float(d.mean())


@misconception(of="gradients", name="erratum_e8", hint=E8)
def erratum_e8_in_gradients(x: Floats, y: Floats, w: Floats, b: float) -> Pair:
    """Built from -y(1 - a) - a(1 - y)."""
    a = reference.forward(x, w, b)
    _compared(a, y)
    d = -y * (1 - a) - a * (1 - y)
    return d @ x / len(x), float(d.mean())


@misconception(of="gradients", name="factor_two", hint=DOUBLED)
def factor_two_in_gradients(x: Floats, y: Floats, w: Floats, b: float) -> Pair:
    """Built from 2 (a - y)."""
    dw, db = reference.gradients(x, y, w, b)
    return 2 * dw, 2 * db


@misconception(
    of="gradients", hint="dw has a number for each example, but each weight needs one. Over which index does the sum run?"
)
def summed_over_features(x: Floats, y: Floats, w: Floats, b: float) -> Pair:
    """The mean over the features instead of the examples."""
    d = reference.delta(reference.forward(x, w, b), y)
    return np.asarray(np.mean(d[:, None] * x, axis=1), dtype=np.float64), float(d.mean())


@misconception(
    of="gradients", hint="Only one example of the batch arrives in your result. Does each turn of the loop add, or start anew?"
)
def last_example_only(x: Floats, y: Floats, w: Floats, b: float) -> Pair:
    """Assigned in the loop, not added up; divided by N in the end."""
    d = reference.delta(reference.forward(x, w, b), y)
    return np.asarray(d[-1] * x[-1] / len(x), dtype=np.float64), float(d[-1] / len(x))


@misconception(of="gradients", name="class_for_probability", hint=CLASS_FOR_PROBABILITY)
def class_for_probability_in_gradients(x: Floats, y: Floats, w: Floats, b: float) -> Pair:
    """Built from the class less the label."""
    d = reference.delta((reference.forward(x, w, b) > 0.5).astype(float), y)
    return d @ x / len(x), float(d.mean())


@misconception(
    of="gradients", name="bias_omitted", hint="Your gradients are those of a neuron with b = 0. Does b reach the forward pass?"
)
def bias_omitted_in_gradients(x: Floats, y: Floats, w: Floats, b: float) -> Pair:
    """The forward pass without the bias."""
    return reference.gradients(x, y, w, 0.0)


@misconception(
    of="gradients", hint="dw is a row of a matrix here, as on the slide for one example. It should have the shape of w."
)
def weights_gradient_as_matrix(x: Floats, y: Floats, w: Floats, b: float) -> Pair:
    """dw of shape (1, n)."""
    dw, db = reference.gradients(x, y, w, b)
    return dw[None, :], db


@misconception(of="gradients", name="filled_into_integers", hint=WHOLE_NUMBERS)
def filled_into_integers_in_gradients(x: Floats, y: Floats, w: Floats, b: float) -> tuple[NDArray[Any], float]:
    """An array like a row of x is filled: integer features cut dw off."""
    dw, db = reference.gradients(x, y, w, b)
    return dw.astype(x.dtype), db


@misconception(of="gradients", name="results_swapped", hint=SWAPPED)
def results_swapped_in_gradients(x: Floats, y: Floats, w: Floats, b: float) -> tuple[float, Floats]:
    """Returns (db, dw)."""
    dw, db = reference.gradients(x, y, w, b)
    return db, dw


# --- step --------------------------------------------------------------------------------------------------------------------


@misconception(of="step", name="step_uphill", hint=ASCENT)
def step_uphill_in_step(x: Floats, y: Floats, w: Floats, b: float, alpha: float) -> Pair:
    """w + α dw."""
    return reference.step(x, y, w, b, -alpha)


@misconception(of="step", name="alpha_missing", hint=NO_ALPHA)
def alpha_missing_in_step(x: Floats, y: Floats, w: Floats, b: float, alpha: float) -> Pair:
    """w - dw."""
    return reference.step(x, y, w, b, 1.0)


@misconception(of="step", name="bias_stays", hint=BIAS_STAYS)
def bias_stays_in_step(x: Floats, y: Floats, w: Floats, b: float, alpha: float) -> Pair:
    """Only w moves."""
    return reference.step(x, y, w, b, alpha)[0], b


@misconception(
    of="step", hint="The gradient of b is taken where w already is the new one. Compute both before either of them moves."
)
def weights_moved_first(x: Floats, y: Floats, w: Floats, b: float, alpha: float) -> Pair:
    """db at the new w."""
    new_w, _ = reference.step(x, y, w, b, alpha)
    return new_w, b - alpha * reference.gradients(x, y, new_w, b)[1]


@misconception(
    of="step", hint="The gradient of w is taken where b already is the new one. Compute both before either of them moves."
)
def bias_moved_first(x: Floats, y: Floats, w: Floats, b: float, alpha: float) -> Pair:
    """dw at the new b."""
    _, new_b = reference.step(x, y, w, b, alpha)
    return np.asarray(w - alpha * reference.gradients(x, y, w, new_b)[0], dtype=np.float64), new_b


@misconception(of="step", name="erratum_e8", hint=E8)
def erratum_e8_in_step(x: Floats, y: Floats, w: Floats, b: float, alpha: float) -> Pair:
    """Built from -y(1 - a) - a(1 - y)."""
    dw, db = erratum_e8_in_gradients.function(x, y, w, b)
    return np.asarray(w - alpha * dw, dtype=np.float64), b - alpha * db


@misconception(of="step", name="sigmoid_slope_kept", hint=SIGMOID_SLOPE)
def sigmoid_slope_kept_in_step(x: Floats, y: Floats, w: Floats, b: float, alpha: float) -> Pair:
    """Built from (a - y) a (1 - a)."""
    dw, db = sigmoid_slope_kept_in_gradients.function(x, y, w, b)
    return np.asarray(w - alpha * dw, dtype=np.float64), b - alpha * db


@misconception(of="step", name="not_divided_by_n", hint=NOT_DIVIDED)
def not_divided_in_step(x: Floats, y: Floats, w: Floats, b: float, alpha: float) -> Pair:
    """Sums instead of means."""
    return reference.step(x, y, w, b, alpha * len(x))


@misconception(of="step", name="divided_by_n_twice", hint=DIVIDED_TWICE)
def divided_twice_in_step(x: Floats, y: Floats, w: Floats, b: float, alpha: float) -> Pair:
    """Means divided by N again."""
    return reference.step(x, y, w, b, alpha / len(x))


@misconception(
    of="step", hint="w and b move after every example here. One step uses the gradient of the whole batch, taken at one place."
)
def moved_after_every_example(x: Floats, y: Floats, w: Floats, b: float, alpha: float) -> Pair:
    """A step of α/N for each example, one after the other."""
    new_w, new_b = np.asarray(w, dtype=np.float64), b
    for i in range(len(x)):
        new_w, new_b = reference.step(x[i : i + 1], y[i : i + 1], new_w, new_b, alpha / len(x))
    return new_w, new_b


@misconception(of="step", hint="These are the changes. The exercise asks for the new weights and the new bias.")
def changes_returned(x: Floats, y: Floats, w: Floats, b: float, alpha: float) -> Pair:
    """-α dw and -α db."""
    new_w, new_b = reference.step(x, y, w, b, alpha)
    return np.asarray(new_w - w, dtype=np.float64), new_b - b


@misconception(of="step", name="results_swapped", hint=SWAPPED)
def results_swapped_in_step(x: Floats, y: Floats, w: Floats, b: float, alpha: float) -> tuple[float, Floats]:
    """Returns (new_b, new_w)."""
    new_w, new_b = reference.step(x, y, w, b, alpha)
    return new_b, new_w


# --- train -------------------------------------------------------------------------------------------------------------------


@misconception(
    of="train",
    hint="Every step leads away from the start, and not from where the last one ended. Which w does your loop hand to `step`?",
)
def every_step_from_the_start(x: Floats, y: Floats, w: Floats, b: float, alpha: float, steps: int) -> Run:
    """step() is called with the given weights each time."""
    new_w, new_b = reference.step(x, y, w, b, alpha) if steps else (w, b)
    after = reference.cost(x, y, new_w, new_b)
    return new_w, new_b, np.array([reference.cost(x, y, w, b)] + [after] * steps)


@misconception(of="train", hint="The gradient stays the one of the start. It changes when w and b change.")
def gradient_of_the_start(x: Floats, y: Floats, w: Floats, b: float, alpha: float, steps: int) -> Run:
    """The gradients are computed once, before the loop."""
    dw, db = reference.gradients(x, y, w, b)
    path = [(np.asarray(w - t * alpha * dw, dtype=np.float64), b - t * alpha * db) for t in range(steps + 1)]
    return *path[-1], np.array([reference.cost(x, y, *place) for place in path])


@misconception(of="train", hint="Your function begins with weights of its own. Start from the w and b that are given.")
def starts_from_zero(x: Floats, y: Floats, w: Floats, b: float, alpha: float, steps: int) -> Run:
    """The given weights are not used."""
    return reference.train(x, y, np.zeros(len(w)), 0.0, alpha, steps)


@misconception(of="train", hint="One loss is missing at the front: the cost before the first step.")
def first_loss_missing(x: Floats, y: Floats, w: Floats, b: float, alpha: float, steps: int) -> Run:
    """Losses after each step only."""
    new_w, new_b, losses = reference.train(x, y, w, b, alpha, steps)
    return new_w, new_b, losses[1:]


@misconception(of="train", hint="One loss is missing at the end: the cost after the last step.")
def last_loss_missing(x: Floats, y: Floats, w: Floats, b: float, alpha: float, steps: int) -> Run:
    """Losses before each step only."""
    new_w, new_b, losses = reference.train(x, y, w, b, alpha, steps)
    return new_w, new_b, losses[:-1]


@misconception(
    of="train",
    hint="Each loss belongs to the weights before the step, so the first comes twice and the last never. When do you compute it?",
)
def losses_one_step_late(x: Floats, y: Floats, w: Floats, b: float, alpha: float, steps: int) -> Run:
    """The cost is computed before the step whose loss it should be."""
    new_w, new_b, losses = reference.train(x, y, w, b, alpha, steps)
    return new_w, new_b, np.append(losses[:1], losses[:-1])


@misconception(of="train", hint="Count the turns of your loop for steps = 1 and steps = 2: one is missing.")
def one_step_too_few(x: Floats, y: Floats, w: Floats, b: float, alpha: float, steps: int) -> Run:
    """steps - 1 steps."""
    return reference.train(x, y, w, b, alpha, max(steps - 1, 0))


@misconception(of="train", hint="Count the turns of your loop for steps = 0 and steps = 1: there is one too many.")
def one_step_too_many(x: Floats, y: Floats, w: Floats, b: float, alpha: float, steps: int) -> Run:
    """steps + 1 steps."""
    return reference.train(x, y, w, b, alpha, steps + 1)


@misconception(of="train", name="step_uphill", hint=ASCENT)
def step_uphill_in_train(x: Floats, y: Floats, w: Floats, b: float, alpha: float, steps: int) -> Run:
    """Gradient ascent."""
    return reference.train(x, y, w, b, -alpha, steps)


@misconception(of="train", name="bias_stays", hint=BIAS_STAYS)
def bias_stays_in_train(x: Floats, y: Floats, w: Floats, b: float, alpha: float, steps: int) -> Run:
    """Only w is trained."""
    new_w = np.asarray(w, dtype=np.float64)
    losses = [reference.cost(x, y, new_w, b)]
    for _ in range(steps):
        new_w = reference.step(x, y, new_w, b, alpha)[0]
        losses.append(reference.cost(x, y, new_w, b))
    return new_w, b, np.array(losses)


@misconception(of="train", name="not_divided_by_n", hint=NOT_DIVIDED)
def not_divided_in_train(x: Floats, y: Floats, w: Floats, b: float, alpha: float, steps: int) -> Run:
    """Steps along sums instead of means."""
    return reference.train(x, y, w, b, alpha * len(x), steps)


@misconception(of="train", name="divided_by_n_twice", hint=DIVIDED_TWICE)
def divided_twice_in_train(x: Floats, y: Floats, w: Floats, b: float, alpha: float, steps: int) -> Run:
    """Steps along means divided by N again."""
    return reference.train(x, y, w, b, alpha / len(x), steps)
