"""Mistakes of the losses: each a wrong version of a reference function, with the hint a student reads."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.course.authoring import misconception
from reference import losses as reference

Floats: TypeAlias = NDArray[np.float64]

EPSILON = reference.EPSILON

SUM = "Your loss grows with the number of elements. All of these losses are means: what is the sum divided by?"
SQUARED_SUM_ROWS = "The sum is divided by the number of rows. With several outputs in a row, how many elements are there in all?"
ALL_ELEMENTS = "A row with K classes is ONE example: the classes are added up, the mean goes over the rows only."
NOT_DIVIDED = "The loss is a mean, so each prediction has only an n-th part in it. Is your gradient divided by that n too?"
NOT_DIVIDED_ROWS = (
    "The loss is a mean over the rows, so each row has only an N-th part in it. Is your gradient divided by that N too?"
)
DIVIDED_TWICE = "Your gradient is n times too small. In how many places do you divide?"
WRONG_SIGN = (
    "The wrong way round: above its target, a prediction has a positive gradient. Prediction minus target, or the reverse (E10)?"
)
SHAPES = (
    "numpy stretches a row against a column to a whole table, so you got an answer for N × N pairs. Compare the shapes first."
)
LOG10 = "Your logarithm is to base 10, as in the number that L3 prints (erratum E7). The loss wants the natural one."
NO_CLIP = "log(0) is -inf, and 0 * log(0) is nan. What does the docstring do with a p of 0 before the logarithm?"
DIVIDED_BY_ZERO = "At p = 0 you divide by 0. Move p as in the loss before you use the formula."
OTHER_EPSILON = "Finite, but with another limit than the docstring's. Is EPSILON, given at the top of the file, in your formula?"
ZERO_WHERE_MOVED = (
    "Quite sure and quite wrong, but your gradient is 0: nothing would be learnt. Use the formula with the p that was moved."
)
EXCHANGED = "y_true comes first and y_pred second. Which of the two stands inside the logarithm?"
SIGN_OF_LOSS = (
    "Your loss is negative, and better predictions make it larger. log(p) is negative for p < 1: which sign stands before it?"
)
ROW_BY_ROW = "You return one number for each row. The loss of the batch is one number: their mean."
BEFORE_THE_ACTIVATION = (
    "p - t is the gradient with respect to what goes INTO the {0}. Here the derivative is taken with respect to p."
)
ROUNDED = "The numbers agree to four decimals only. Return them as computed; rounding is for printing."


def _pair(y_true: Any, y_pred: Any) -> tuple[Floats, Floats]:
    """Targets and predictions in float64: a mistake in the formula is no reason to accept shapes that differ."""
    target, prediction = np.asarray(y_true, dtype=np.float64), np.asarray(y_pred, dtype=np.float64)
    if target.shape != prediction.shape:
        raise ValueError(f"{target.shape} targets, {prediction.shape} predictions")
    return target, prediction


def _floats(*arrays: Any) -> tuple[Floats, ...]:
    return tuple(np.asarray(array, dtype=np.float64) for array in arrays)


def _log(p: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        result: Floats = np.log(p)
    return result


def _fraction(above: Any, below: Any) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        result: Floats = np.asarray(np.asarray(above, dtype=float) / below)
    return result


def _binary(t: Floats, p: Floats) -> Floats:
    """Binary cross-entropy of each element."""
    with np.errstate(invalid="ignore"):
        return -t * _log(p) - (1 - t) * _log(1 - p)


def _moved(p: Floats, epsilon: float = EPSILON) -> Floats:
    return np.clip(p, epsilon, 1 - epsilon)


def _inside(p: Floats) -> NDArray[np.bool_]:
    """Where clipping moves nothing."""
    result: NDArray[np.bool_] = (p >= EPSILON) & (p <= 1 - EPSILON)
    return result


# --- mse ---------------------------------------------------------------------------------------------------------------------


@misconception(of="mse", name="sum_instead_of_mean", hint=SUM)
def sum_instead_of_mean_mse(y_true: Floats, y_pred: Floats) -> float:
    """Σ (p - t)²."""
    return reference.mse(y_true, y_pred) * np.size(y_pred)


@misconception(of="mse", name="divided_by_rows", hint=SQUARED_SUM_ROWS)
def divided_by_rows_mse(y_true: Floats, y_pred: Floats) -> float:
    """1/N Σ (p - t)² with N rows."""
    return reference.mse(y_true, y_pred) * np.size(y_pred) / len(y_pred)


@misconception(
    of="mse", hint="Half of what it should be. The 1/2 belongs to another error, E = 1/2 Σ (o - t)² of L4; a mean has none."
)
def half(y_true: Floats, y_pred: Floats) -> float:
    """1/2 of the mean."""
    return reference.mse(y_true, y_pred) / 2


@misconception(of="mse", hint="You take the root of the mean. That is the RMSE; the MSE stays squared.")
def root_taken(y_true: Floats, y_pred: Floats) -> float:
    """The root mean squared error."""
    return float(np.sqrt(reference.mse(y_true, y_pred)))


@misconception(of="mse", hint="Errors of both signs cancel in your mean before they are squared. Which comes first?")
def mean_before_square(y_true: Floats, y_pred: Floats) -> float:
    """(mean of p - t)²."""
    target, prediction = _pair(y_true, y_pred)
    return float((prediction - target).mean() ** 2)


@misconception(
    of="mse",
    name="absolute_instead_of_square",
    hint="This is the mean absolute error. Which operation makes each difference positive in the MSE?",
)
def absolute_instead_of_square(y_true: Floats, y_pred: Floats) -> float:
    """The mean absolute error."""
    return reference.mae(y_true, y_pred)


@misconception(of="mse", name="shapes_not_compared", hint=SHAPES)
def shapes_not_compared_mse(y_true: Floats, y_pred: Floats) -> float:
    """No check of the shapes."""
    target, prediction = _floats(y_true, y_pred)
    return float(((prediction - target) ** 2).mean())


# --- mse_gradient ------------------------------------------------------------------------------------------------------------


@misconception(of="mse_gradient", name="wrong_sign", hint=WRONG_SIGN)
def wrong_sign_mse(y_true: Floats, y_pred: Floats) -> Floats:
    """2 (t - p) / n."""
    return -reference.mse_gradient(y_true, y_pred)


@misconception(of="mse_gradient", hint="Half of what it should be. The derivative of a square brings a number in front.")
def factor_two_missing(y_true: Floats, y_pred: Floats) -> Floats:
    """(p - t) / n."""
    return reference.mse_gradient(y_true, y_pred) / 2


@misconception(of="mse_gradient", name="not_divided", hint=NOT_DIVIDED)
def not_divided_mse(y_true: Floats, y_pred: Floats) -> Floats:
    """2 (p - t)."""
    return reference.mse_gradient(y_true, y_pred) * np.size(y_pred)


@misconception(of="mse_gradient", name="divided_twice", hint=DIVIDED_TWICE)
def divided_twice_mse(y_true: Floats, y_pred: Floats) -> Floats:
    """2 (p - t) / n²."""
    return reference.mse_gradient(y_true, y_pred) / np.size(y_pred)


@misconception(of="mse_gradient", name="divided_by_rows", hint=SQUARED_SUM_ROWS)
def divided_by_rows_mse_gradient(y_true: Floats, y_pred: Floats) -> Floats:
    """2 (p - t) / N with N rows."""
    return reference.mse_gradient(y_true, y_pred) * np.size(y_pred) / len(y_pred)


@misconception(of="mse_gradient", name="shapes_not_compared", hint=SHAPES)
def shapes_not_compared_mse_gradient(y_true: Floats, y_pred: Floats) -> Floats:
    """No check of the shapes."""
    target, prediction = _floats(y_true, y_pred)
    result: Floats = 2 * (prediction - target) / prediction.size
    return result


# --- mae ---------------------------------------------------------------------------------------------------------------------


@misconception(of="mae", name="sum_instead_of_mean", hint=SUM)
def sum_instead_of_mean_mae(y_true: Floats, y_pred: Floats) -> float:
    """Σ |p - t|."""
    return reference.mae(y_true, y_pred) * np.size(y_pred)


@misconception(of="mae", name="divided_by_rows", hint=SQUARED_SUM_ROWS)
def divided_by_rows_mae(y_true: Floats, y_pred: Floats) -> float:
    """1/N Σ |p - t| with N rows."""
    return reference.mae(y_true, y_pred) * np.size(y_pred) / len(y_pred)


@misconception(of="mae", hint="Errors of both signs cancel in your sum. What makes each of them positive?")
def absolute_value_missing(y_true: Floats, y_pred: Floats) -> float:
    """Mean of p - t."""
    target, prediction = _pair(y_true, y_pred)
    return float((prediction - target).mean())


@misconception(of="mae", hint="Errors of both signs cancel in your mean; then the bars come too late. Which comes first?")
def mean_before_absolute_value(y_true: Floats, y_pred: Floats) -> float:
    """|mean of p - t|."""
    target, prediction = _pair(y_true, y_pred)
    return float(abs((prediction - target).mean()))


@misconception(of="mae", hint="This is the mean squared error. In the MAE each difference counts as it is, without its sign.")
def square_instead_of_absolute(y_true: Floats, y_pred: Floats) -> float:
    """The mean squared error."""
    return reference.mse(y_true, y_pred)


# --- mae_gradient ------------------------------------------------------------------------------------------------------------


@misconception(of="mae_gradient", name="wrong_sign", hint=WRONG_SIGN)
def wrong_sign_mae(y_true: Floats, y_pred: Floats) -> Floats:
    """sign(t - p) / n."""
    return -reference.mae_gradient(y_true, y_pred)


@misconception(of="mae_gradient", name="not_divided", hint=NOT_DIVIDED)
def not_divided_mae(y_true: Floats, y_pred: Floats) -> Floats:
    """sign(p - t)."""
    return reference.mae_gradient(y_true, y_pred) * np.size(y_pred)


@misconception(of="mae_gradient", name="divided_by_rows", hint=SQUARED_SUM_ROWS)
def divided_by_rows_mae_gradient(y_true: Floats, y_pred: Floats) -> Floats:
    """sign(p - t) / N with N rows."""
    return reference.mae_gradient(y_true, y_pred) * np.size(y_pred) / len(y_pred)


@misconception(
    of="mae_gradient", hint="The slope of |x| does not depend on how large x is, only on its side of 0. What remains of p - t?"
)
def difference_instead_of_sign(y_true: Floats, y_pred: Floats) -> Floats:
    """(p - t) / n."""
    return reference.mse_gradient(y_true, y_pred) / 2


@misconception(of="mae_gradient", hint="Where p = t exactly you divide 0 by 0. Ask on which side of the target p lies instead.")
def quotient_at_the_corner(y_true: Floats, y_pred: Floats) -> Floats:
    """(p - t) / |p - t| / n: nan at p = t."""
    target, prediction = _pair(y_true, y_pred)
    return _fraction(prediction - target, np.abs(prediction - target)) / prediction.size


# --- mape --------------------------------------------------------------------------------------------------------------------


@misconception(of="mape", hint="These are shares, not per cent: off by a half is a loss of 50.")
def hundred_missing(y_true: Floats, y_pred: Floats) -> float:
    """Without the 100."""
    return reference.mape(y_true, y_pred) / 100


@misconception(of="mape", hint="A share of what? The error is compared with what should have come, not with what was predicted.")
def share_of_the_prediction(y_true: Floats, y_pred: Floats) -> float:
    """|p - t| / |p|."""
    target, prediction = _pair(y_true, y_pred)
    return float(100 * (np.abs(prediction - target) / np.maximum(np.abs(prediction), EPSILON)).mean())


@misconception(of="mape", hint="A negative target makes its error count negative. Look at the bars around t.")
def sign_of_the_target_kept(y_true: Floats, y_pred: Floats) -> float:
    """|p - t| / t."""
    target, prediction = _pair(y_true, y_pred)
    below = np.where(np.abs(target) < EPSILON, EPSILON, target)
    return float(100 * (np.abs(prediction - target) / below).mean())


@misconception(
    of="mape",
    hint="All negative targets count as EPSILON, so their errors are enormous. Take the absolute value before the maximum.",
)
def maximum_without_absolute_value(y_true: Floats, y_pred: Floats) -> float:
    """max(t, EPSILON) below the line."""
    target, prediction = _pair(y_true, y_pred)
    return float(100 * (np.abs(prediction - target) / np.maximum(target, EPSILON)).mean())


@misconception(
    of="mape", name="target_of_zero", hint="A target of 0 makes you divide by 0. What stands below the line in the docstring?"
)
def target_of_zero_mape(y_true: Floats, y_pred: Floats) -> float:
    """Division by |t|: inf at t = 0."""
    target, prediction = _pair(y_true, y_pred)
    return float(100 * _fraction(np.abs(prediction - target), np.abs(target)).mean())


@misconception(of="mape", name="sum_instead_of_mean", hint=SUM)
def sum_instead_of_mean_mape(y_true: Floats, y_pred: Floats) -> float:
    """100 Σ |p - t| / |t|."""
    return reference.mape(y_true, y_pred) * np.size(y_pred)


@misconception(
    of="mape", hint="You divide one sum by another. Each error is compared with its own target first; then comes the mean."
)
def sums_divided(y_true: Floats, y_pred: Floats) -> float:
    """100 Σ |p - t| / Σ |t|."""
    target, prediction = _pair(y_true, y_pred)
    return float(100 * np.abs(prediction - target).sum() / np.abs(target).sum())


# --- mape_gradient -----------------------------------------------------------------------------------------------------------


@misconception(
    of="mape_gradient", name="hundred_missing", hint="The loss is in per cent. What is the derivative of 100 times something?"
)
def hundred_missing_gradient(y_true: Floats, y_pred: Floats) -> Floats:
    """Without the 100."""
    return reference.mape_gradient(y_true, y_pred) / 100


@misconception(of="mape_gradient", name="wrong_sign", hint=WRONG_SIGN)
def wrong_sign_mape(y_true: Floats, y_pred: Floats) -> Floats:
    """The opposite."""
    return -reference.mape_gradient(y_true, y_pred)


@misconception(of="mape_gradient", name="not_divided", hint=NOT_DIVIDED)
def not_divided_mape(y_true: Floats, y_pred: Floats) -> Floats:
    """100 sign(p - t) / |t|."""
    return reference.mape_gradient(y_true, y_pred) * np.size(y_pred)


@misconception(
    of="mape_gradient",
    name="sign_of_the_target_kept",
    hint="For negative targets your gradient points the wrong way. Look at the bars around t.",
)
def sign_of_the_target_kept_gradient(y_true: Floats, y_pred: Floats) -> Floats:
    """100 sign(p - t) / (n t)."""
    return reference.mape_gradient(y_true, y_pred) * np.where(np.asarray(y_true) < 0, -1.0, 1.0)


@misconception(
    of="mape_gradient",
    hint="This is the gradient of the MAE in per cent. Each error counts as a share of its target: where is t?",
)
def target_forgotten(y_true: Floats, y_pred: Floats) -> Floats:
    """100 sign(p - t) / n."""
    return 100 * reference.mae_gradient(y_true, y_pred)


@misconception(
    of="mape_gradient",
    name="target_of_zero",
    hint="A target of 0 makes you divide by 0. What stands below the line in the docstring?",
)
def target_of_zero_gradient(y_true: Floats, y_pred: Floats) -> Floats:
    """Division by |t|: inf at t = 0."""
    target, prediction = _pair(y_true, y_pred)
    return _fraction(100 * np.sign(prediction - target), np.abs(target)) / prediction.size


# --- binary_cross_entropy ----------------------------------------------------------------------------------------------------


@misconception(of="binary_cross_entropy", name="no_clip", hint=NO_CLIP)
def no_clip_bce(y_true: Floats, y_pred: Floats) -> float:
    """log(0) is -inf, 0 * log(0) is nan."""
    return float(_binary(*_pair(y_true, y_pred)).mean())


@misconception(of="binary_cross_entropy", name="log10", hint=LOG10)
def log10_bce(y_true: Floats, y_pred: Floats) -> float:
    """Logarithm to base 10."""
    return float(reference.binary_cross_entropy(y_true, y_pred) / np.log(10))


@misconception(
    of="binary_cross_entropy", hint="Labels of 0 cost nothing in your loss. Which second term counts how wrong a «no» is?"
)
def only_the_yes_term(y_true: Floats, y_pred: Floats) -> float:
    """-t log p."""
    target, prediction = _pair(y_true, y_pred)
    return float(-(target * np.log(_moved(prediction))).mean())


@misconception(of="binary_cross_entropy", name="sign_of_loss", hint=SIGN_OF_LOSS)
def sign_of_loss_bce(y_true: Floats, y_pred: Floats) -> float:
    """Without the minus."""
    return -reference.binary_cross_entropy(y_true, y_pred)


@misconception(of="binary_cross_entropy", hint="The two terms work against each other. Both begin with a minus.")
def second_term_added(y_true: Floats, y_pred: Floats) -> float:
    """-t log p + (1 - t) log(1 - p)."""
    target, prediction = _pair(y_true, y_pred)
    p = _moved(prediction)
    return float((-target * np.log(p) + (1 - target) * np.log(1 - p)).mean())


@misconception(of="binary_cross_entropy", name="sum_instead_of_mean", hint=SUM)
def sum_instead_of_mean_bce(y_true: Floats, y_pred: Floats) -> float:
    """Sum over all elements."""
    return reference.binary_cross_entropy(y_true, y_pred) * np.size(y_pred)


@misconception(of="binary_cross_entropy", name="divided_by_rows", hint=SQUARED_SUM_ROWS)
def divided_by_rows_bce(y_true: Floats, y_pred: Floats) -> float:
    """1/N times the sum, with N rows."""
    return reference.binary_cross_entropy(y_true, y_pred) * np.size(y_pred) / len(y_pred)


@misconception(of="binary_cross_entropy", name="arguments_exchanged", hint=EXCHANGED)
def arguments_exchanged_bce(y_true: Floats, y_pred: Floats) -> float:
    """bce(p, t)."""
    return reference.binary_cross_entropy(y_pred, y_true)


@misconception(of="binary_cross_entropy", name="other_epsilon", hint=OTHER_EPSILON)
def other_epsilon_bce(y_true: Floats, y_pred: Floats) -> float:
    """Clipped at 1e-15."""
    target, prediction = _pair(y_true, y_pred)
    return float(_binary(target, _moved(prediction, 1e-15)).mean())


@misconception(of="binary_cross_entropy", name="shapes_not_compared", hint=SHAPES)
def shapes_not_compared_bce(y_true: Floats, y_pred: Floats) -> float:
    """No check of the shapes."""
    target, prediction = _floats(y_true, y_pred)
    return float(_binary(target, _moved(prediction)).mean())


@misconception(of="binary_cross_entropy", name="rounded", hint=ROUNDED)
def rounded_bce(y_true: Floats, y_pred: Floats) -> float:
    """Rounded to four decimals."""
    return round(reference.binary_cross_entropy(y_true, y_pred), 4)


# --- binary_cross_entropy_gradient -------------------------------------------------------------------------------------------


@misconception(of="binary_cross_entropy_gradient", name="before_the_activation", hint=BEFORE_THE_ACTIVATION.format("sigmoid"))
def before_the_sigmoid(y_true: Floats, y_pred: Floats) -> Floats:
    """(p - t) / n."""
    return reference.mse_gradient(y_true, y_pred) / 2


@misconception(
    of="binary_cross_entropy_gradient",
    hint="In log(1 - p) the p has a minus, and the chain rule brings it out. Which sign does the second term get?",
)
def inner_derivative_missing(y_true: Floats, y_pred: Floats) -> Floats:
    """-t/p - (1 - t)/(1 - p)."""
    target, prediction = _pair(y_true, y_pred)
    p = _moved(prediction)
    result: Floats = (-target / p - (1 - target) / (1 - p)) / p.size
    return result


@misconception(
    of="binary_cross_entropy_gradient",
    name="only_the_yes_term",
    hint="Labels of 0 have no gradient in your answer. What is the derivative of the second term?",
)
def only_the_yes_term_gradient(y_true: Floats, y_pred: Floats) -> Floats:
    """-t / p."""
    target, prediction = _pair(y_true, y_pred)
    result: Floats = -target / _moved(prediction) / prediction.size
    return result


@misconception(of="binary_cross_entropy_gradient", name="wrong_sign", hint=WRONG_SIGN)
def wrong_sign_bce(y_true: Floats, y_pred: Floats) -> Floats:
    """The opposite."""
    return -reference.binary_cross_entropy_gradient(y_true, y_pred)


@misconception(of="binary_cross_entropy_gradient", name="not_divided", hint=NOT_DIVIDED)
def not_divided_bce(y_true: Floats, y_pred: Floats) -> Floats:
    """Without the 1/n."""
    return reference.binary_cross_entropy_gradient(y_true, y_pred) * np.size(y_pred)


@misconception(of="binary_cross_entropy_gradient", name="divided_by_rows", hint=SQUARED_SUM_ROWS)
def divided_by_rows_bce_gradient(y_true: Floats, y_pred: Floats) -> Floats:
    """Divided by the number of rows."""
    return reference.binary_cross_entropy_gradient(y_true, y_pred) * np.size(y_pred) / len(y_pred)


@misconception(of="binary_cross_entropy_gradient", name="no_clip", hint=DIVIDED_BY_ZERO)
def no_clip_bce_gradient(y_true: Floats, y_pred: Floats) -> Floats:
    """0/0 and 1/0 at p = 0 and p = 1."""
    t, p = _pair(y_true, y_pred)
    return (_fraction(-t, p) + _fraction(1 - t, 1 - p)) / p.size


@misconception(of="binary_cross_entropy_gradient", name="zero_where_moved", hint=ZERO_WHERE_MOVED)
def zero_where_moved_bce(y_true: Floats, y_pred: Floats) -> Floats:
    """The derivative of the clipped loss: 0 outside [EPSILON, 1 - EPSILON]."""
    return np.where(_inside(np.asarray(y_pred)), reference.binary_cross_entropy_gradient(y_true, y_pred), 0.0)


# --- categorical_cross_entropy -----------------------------------------------------------------------------------------------


@misconception(of="categorical_cross_entropy", name="log10", hint=LOG10)
def log10_cce(y_true: Floats, y_pred: Floats) -> float:
    """Logarithm to base 10 (erratum E7)."""
    return float(reference.categorical_cross_entropy(y_true, y_pred) / np.log(10))


@misconception(of="categorical_cross_entropy", name="no_clip", hint=NO_CLIP)
def no_clip_cce(y_true: Floats, y_pred: Floats) -> float:
    """log(0) is -inf, 0 * log(0) is nan."""
    target, prediction = _pair(y_true, y_pred)
    with np.errstate(invalid="ignore"):
        return float(-(target * _log(prediction)).sum() / len(target))


@misconception(of="categorical_cross_entropy", name="mean_over_all_elements", hint=ALL_ELEMENTS)
def mean_over_all_elements_cce(y_true: Floats, y_pred: Floats) -> float:
    """Divided by N K."""
    return reference.categorical_cross_entropy(y_true, y_pred) * len(y_pred) / np.size(y_pred)


@misconception(
    of="categorical_cross_entropy",
    name="sum_instead_of_mean",
    hint="Your loss grows with the number of rows. What is the sum divided by?",
)
def sum_instead_of_mean_cce(y_true: Floats, y_pred: Floats) -> float:
    """Not divided by N."""
    return reference.categorical_cross_entropy(y_true, y_pred) * len(y_pred)


@misconception(of="categorical_cross_entropy", name="row_by_row", hint=ROW_BY_ROW)
def row_by_row(y_true: Floats, y_pred: Floats) -> Floats:
    """One number for each row."""
    target, prediction = _pair(y_true, y_pred)
    result: Floats = -(target * np.log(_moved(prediction))).sum(axis=1)
    return result


@misconception(of="categorical_cross_entropy", name="sign_of_loss", hint=SIGN_OF_LOSS)
def sign_of_loss_cce(y_true: Floats, y_pred: Floats) -> float:
    """Without the minus."""
    return -reference.categorical_cross_entropy(y_true, y_pred)


@misconception(of="categorical_cross_entropy", name="arguments_exchanged", hint=EXCHANGED)
def arguments_exchanged_cce(y_true: Floats, y_pred: Floats) -> float:
    """cce(p, t)."""
    return reference.categorical_cross_entropy(y_pred, y_true)


@misconception(
    of="categorical_cross_entropy",
    hint="Only the most probable true class counts in your loss. When the targets are probabilities, all classes do.",
)
def only_the_largest_target(y_true: Floats, y_pred: Floats) -> float:
    """-log p of the class argmax t."""
    target, prediction = _pair(y_true, y_pred)
    p = np.take_along_axis(_moved(prediction), target.argmax(axis=1)[:, None], axis=1)
    return float(-np.log(p).mean())


@misconception(
    of="categorical_cross_entropy",
    hint="You also count log(1 - p) of the other classes: this is the binary loss of each class. Which sum is on the slide?",
)
def binary_for_each_class(y_true: Floats, y_pred: Floats) -> float:
    """Binary cross-entropy of each class, added up."""
    target, prediction = _pair(y_true, y_pred)
    return float(_binary(target, _moved(prediction)).sum() / len(target))


@misconception(of="categorical_cross_entropy", name="other_epsilon", hint=OTHER_EPSILON)
def other_epsilon_cce(y_true: Floats, y_pred: Floats) -> float:
    """Clipped at 1e-15."""
    target, prediction = _pair(y_true, y_pred)
    return float(-(target * np.log(_moved(prediction, 1e-15))).sum() / len(target))


@misconception(
    of="categorical_cross_entropy",
    name="shapes_not_compared",
    hint="A row of class numbers is multiplied with every row of probabilities, and an answer comes out. Compare the shapes first.",
)
def shapes_not_compared_cce(y_true: Floats, y_pred: Floats) -> float:
    """No check of the shapes."""
    target, prediction = _floats(y_true, y_pred)
    return float(-(target * np.log(_moved(prediction))).sum() / len(prediction))


# --- categorical_cross_entropy_gradient --------------------------------------------------------------------------------------


@misconception(
    of="categorical_cross_entropy_gradient", name="before_the_activation", hint=BEFORE_THE_ACTIVATION.format("softmax")
)
def before_the_softmax(y_true: Floats, y_pred: Floats) -> Floats:
    """(p - t) / N."""
    target, prediction = _pair(y_true, y_pred)
    result: Floats = (prediction - target) / len(target)
    return result


@misconception(
    of="categorical_cross_entropy_gradient",
    name="before_the_activation_not_divided",
    hint=BEFORE_THE_ACTIVATION.format("softmax"),
)
def before_the_softmax_not_divided(y_true: Floats, y_pred: Floats) -> Floats:
    """p - t."""
    target, prediction = _pair(y_true, y_pred)
    result: Floats = prediction - target
    return result


@misconception(of="categorical_cross_entropy_gradient", name="not_divided", hint=NOT_DIVIDED_ROWS)
def not_divided_cce(y_true: Floats, y_pred: Floats) -> Floats:
    """-t / p."""
    return reference.categorical_cross_entropy_gradient(y_true, y_pred) * len(y_pred)


@misconception(of="categorical_cross_entropy_gradient", name="mean_over_all_elements", hint=ALL_ELEMENTS)
def mean_over_all_elements_cce_gradient(y_true: Floats, y_pred: Floats) -> Floats:
    """-t / (N K p)."""
    return reference.categorical_cross_entropy_gradient(y_true, y_pred) * len(y_pred) / np.size(y_pred)


@misconception(
    of="categorical_cross_entropy_gradient",
    name="sign_of_gradient",
    hint="A larger p of the right class makes the loss smaller. Which sign does its gradient have?",
)
def sign_of_gradient_cce(y_true: Floats, y_pred: Floats) -> Floats:
    """t / (N p)."""
    return -reference.categorical_cross_entropy_gradient(y_true, y_pred)


@misconception(
    of="categorical_cross_entropy_gradient", hint="This has the logarithm still in it. What is the derivative of log(p)?"
)
def logarithm_not_derived(y_true: Floats, y_pred: Floats) -> Floats:
    """-t log(p) / N."""
    target, prediction = _pair(y_true, y_pred)
    result: Floats = -target * np.log(_moved(prediction)) / len(target)
    return result


@misconception(of="categorical_cross_entropy_gradient", name="no_clip", hint=DIVIDED_BY_ZERO)
def no_clip_cce_gradient(y_true: Floats, y_pred: Floats) -> Floats:
    """1/0 and 0/0 at p = 0."""
    target, prediction = _pair(y_true, y_pred)
    return _fraction(-target, prediction) / len(target)


@misconception(of="categorical_cross_entropy_gradient", name="zero_where_moved", hint=ZERO_WHERE_MOVED)
def zero_where_moved_cce(y_true: Floats, y_pred: Floats) -> Floats:
    """The derivative of the clipped loss: 0 outside [EPSILON, 1 - EPSILON]."""
    return np.where(_inside(np.asarray(y_pred)), reference.categorical_cross_entropy_gradient(y_true, y_pred), 0.0)


# --- poisson -----------------------------------------------------------------------------------------------------------------


@misconception(
    of="poisson",
    hint="You treat p as the logarithm of the count, as PyTorch does by default. Here p is the count itself: no exponential.",
)
def takes_the_logarithm(y_true: Floats, y_pred: Floats) -> float:
    """e^p - t p."""
    target, prediction = _pair(y_true, y_pred)
    return float((np.exp(prediction) - target * prediction).mean())


@misconception(of="poisson", hint="Your loss has only the part with the logarithm. What keeps p from growing for ever?")
def prediction_forgotten(y_true: Floats, y_pred: Floats) -> float:
    """-t log p."""
    target, prediction = _pair(y_true, y_pred)
    return float(-(target * np.log(np.maximum(prediction, EPSILON))).mean())


@misconception(of="poisson", name="arguments_exchanged", hint=EXCHANGED)
def arguments_exchanged_poisson(y_true: Floats, y_pred: Floats) -> float:
    """t - p log t."""
    return reference.poisson(y_pred, y_true)


@misconception(of="poisson", hint="Counts should pull p up, but yours push it down. Look at the sign before t log(p).")
def logarithm_added(y_true: Floats, y_pred: Floats) -> float:
    """p + t log p."""
    return 2 * float(np.mean(y_pred)) - reference.poisson(y_true, y_pred)


@misconception(of="poisson", name="log10", hint=LOG10.replace(", as in the number that L3 prints (erratum E7)", ""))
def log10_poisson(y_true: Floats, y_pred: Floats) -> float:
    """Logarithm to base 10."""
    target, prediction = _pair(y_true, y_pred)
    return float((prediction - target * np.log10(np.maximum(prediction, EPSILON))).mean())


@misconception(of="poisson", name="sum_instead_of_mean", hint=SUM)
def sum_instead_of_mean_poisson(y_true: Floats, y_pred: Floats) -> float:
    """Sum over all elements."""
    return reference.poisson(y_true, y_pred) * np.size(y_pred)


@misconception(of="poisson", name="no_clip", hint=NO_CLIP)
def no_clip_poisson(y_true: Floats, y_pred: Floats) -> float:
    """log(0)."""
    target, prediction = _pair(y_true, y_pred)
    with np.errstate(invalid="ignore"):
        return float((prediction - target * _log(prediction)).mean())


# --- poisson_gradient --------------------------------------------------------------------------------------------------------


@misconception(of="poisson_gradient", hint="You derive only the part with the logarithm. What is the derivative of p itself?")
def one_missing(y_true: Floats, y_pred: Floats) -> Floats:
    """-t / p / n."""
    return reference.poisson_gradient(y_true, y_pred) - 1 / np.size(y_pred)


@misconception(of="poisson_gradient", name="wrong_sign", hint=WRONG_SIGN)
def wrong_sign_poisson(y_true: Floats, y_pred: Floats) -> Floats:
    """(t / p - 1) / n."""
    return -reference.poisson_gradient(y_true, y_pred)


@misconception(of="poisson_gradient", name="not_divided", hint=NOT_DIVIDED)
def not_divided_poisson(y_true: Floats, y_pred: Floats) -> Floats:
    """1 - t / p."""
    return reference.poisson_gradient(y_true, y_pred) * np.size(y_pred)


@misconception(of="poisson_gradient", hint="(p - t) / n misses a division: the derivative of log(p) is not 1.")
def derivative_of_the_logarithm_missing(y_true: Floats, y_pred: Floats) -> Floats:
    """(p - t) / n."""
    return reference.mse_gradient(y_true, y_pred) / 2


@misconception(of="poisson_gradient", name="no_clip", hint=DIVIDED_BY_ZERO)
def no_clip_poisson_gradient(y_true: Floats, y_pred: Floats) -> Floats:
    """1/0 and 0/0 at p = 0."""
    target, prediction = _pair(y_true, y_pred)
    return (1 - _fraction(target, prediction)) / prediction.size


# --- kl_divergence -----------------------------------------------------------------------------------------------------------


@misconception(
    of="kl_divergence",
    name="arguments_exchanged",
    hint="KL is not the same in both directions. The true distribution stands in front and above the line (the slide calls it p).",
)
def arguments_exchanged_kl(y_true: Floats, y_pred: Floats) -> float:
    """KL(p|t)."""
    return reference.kl_divergence(y_pred, y_true)


@misconception(
    of="kl_divergence",
    hint="For equal distributions your loss is not 0: this is the cross-entropy. Which part of KL does not depend on the prediction?",
)
def entropy_missing(y_true: Floats, y_pred: Floats) -> float:
    """-Σ t log p."""
    target, prediction = _pair(y_true, y_pred)
    return float(-(target * np.log(np.maximum(prediction, EPSILON))).sum() / len(target))


@misconception(of="kl_divergence", name="mean_over_all_elements", hint=ALL_ELEMENTS)
def mean_over_all_elements_kl(y_true: Floats, y_pred: Floats) -> float:
    """Divided by N K, the «mean» of many libraries."""
    return reference.kl_divergence(y_true, y_pred) * len(y_pred) / np.size(y_pred)


@misconception(
    of="kl_divergence", name="sum_instead_of_mean", hint="Your loss grows with the number of rows. What is the sum divided by?"
)
def sum_instead_of_mean_kl(y_true: Floats, y_pred: Floats) -> float:
    """Not divided by N."""
    return reference.kl_divergence(y_true, y_pred) * len(y_pred)


@misconception(of="kl_divergence", hint="A divergence is never negative, but yours is. Which of the two stands above the line?")
def fraction_upside_down(y_true: Floats, y_pred: Floats) -> float:
    """t log(p / t)."""
    return -reference.kl_divergence(y_true, y_pred)


@misconception(of="kl_divergence", name="log10", hint=LOG10.replace(", as in the number that L3 prints (erratum E7)", ""))
def log10_kl(y_true: Floats, y_pred: Floats) -> float:
    """Logarithm to base 10."""
    return float(reference.kl_divergence(y_true, y_pred) / np.log(10))


@misconception(
    of="kl_divergence",
    hint="0 * log(0) is nan for numpy, but t log(t) goes to 0 with t. Leave the classes with t = 0 out of the sum.",
)
def nan_for_targets_of_zero(y_true: Floats, y_pred: Floats) -> float:
    """t log(t / p) also where t = 0."""
    target, prediction = _pair(y_true, y_pred)
    with np.errstate(invalid="ignore"):
        return float((target * _log(target / np.maximum(prediction, EPSILON))).sum() / len(target))


@misconception(
    of="kl_divergence", name="no_clip", hint="A p of 0 makes t / p infinite. What does the docstring do with it first?"
)
def no_clip_kl(y_true: Floats, y_pred: Floats) -> float:
    """t / 0."""
    target, prediction = _pair(y_true, y_pred)
    ratio = np.where(target > 0, _fraction(target, prediction), 1.0)
    return float((target * _log(ratio)).sum() / len(target))


# --- kl_divergence_gradient --------------------------------------------------------------------------------------------------


@misconception(
    of="kl_divergence_gradient", hint="This is how the loss changes with the targets. But those are fixed: the predictions move."
)
def gradient_of_the_targets(y_true: Floats, y_pred: Floats) -> Floats:
    """(log(t / p) + 1) / N."""
    target, prediction = _pair(y_true, y_pred)
    result: Floats = (np.log(np.maximum(target, EPSILON) / np.maximum(prediction, EPSILON)) + 1) / len(target)
    return result


@misconception(
    of="kl_divergence_gradient",
    name="sign_of_gradient",
    hint="p stands below the line: a larger p makes the loss smaller. Which sign does its gradient have?",
)
def sign_of_gradient_kl(y_true: Floats, y_pred: Floats) -> Floats:
    """t / (N p)."""
    return -reference.kl_divergence_gradient(y_true, y_pred)


@misconception(of="kl_divergence_gradient", name="not_divided", hint=NOT_DIVIDED_ROWS)
def not_divided_kl(y_true: Floats, y_pred: Floats) -> Floats:
    """-t / p."""
    return reference.kl_divergence_gradient(y_true, y_pred) * len(y_pred)


@misconception(of="kl_divergence_gradient", name="mean_over_all_elements", hint=ALL_ELEMENTS)
def mean_over_all_elements_kl_gradient(y_true: Floats, y_pred: Floats) -> Floats:
    """-t / (N K p)."""
    return reference.kl_divergence_gradient(y_true, y_pred) * len(y_pred) / np.size(y_pred)


@misconception(of="kl_divergence_gradient", name="before_the_activation", hint=BEFORE_THE_ACTIVATION.format("softmax"))
def before_the_softmax_kl(y_true: Floats, y_pred: Floats) -> Floats:
    """(p - t) / N."""
    target, prediction = _pair(y_true, y_pred)
    result: Floats = (prediction - target) / len(target)
    return result


@misconception(of="kl_divergence_gradient", name="no_clip", hint=DIVIDED_BY_ZERO)
def no_clip_kl_gradient(y_true: Floats, y_pred: Floats) -> Floats:
    """1/0 at p = 0."""
    target, prediction = _pair(y_true, y_pred)
    return _fraction(-target, prediction) / len(target)
