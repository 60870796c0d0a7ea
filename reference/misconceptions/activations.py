"""Mistakes of the activations: each a wrong version of a reference function, with the hint a student reads."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.course.authoring import misconception
from reference import activations as reference

Floats: TypeAlias = NDArray[np.floating[Any]]

ROUNDED = "The numbers agree to four decimals only. Return them as computed; rounding is for printing."
CUT_OFF = (
    "With whole numbers in, whole numbers come out: the decimals are cut off. Of what dtype is the array that you fill, or its "
    "model in zeros_like?"
)
TAKES_OUTPUT = "Your formula wants the output y of the activation, but what you are given is z. Which step lies between them?"
ACTIVATION_TWICE = "The activation is applied twice before the slope is taken. The argument is z itself: once is enough."
ACTIVATION_NOT_SLOPE = "This is the activation itself. The exercise asks how steep it is at z."
POSITIVE_EXPONENT = (
    "Right in the middle, nan at z = +1000: e^1000 is too large for a float. Which sign of the exponent is safe for large z?"
)
TANH_EXPONENTIALS = "e^1000 is too large for a float and inf/inf is nan. numpy has a tanh that is safe everywhere."
NO_MAXIMUM = (
    "e^1000 is too large for a float, and inf/inf is nan. Adding one number to a whole row does not change its softmax: which "
    "number keeps the exponents small?"
)


def _exp(z: Floats) -> Floats:
    with np.errstate(over="ignore"):
        result: Floats = np.exp(np.asarray(z, dtype=float))
    return result


def _fraction(above: Floats, below: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        result: Floats = above / below
    return result


def _cut_off(result: Floats, z: Floats) -> Floats:
    """The result put into an array of the dtype of z."""
    cut: Floats = result.astype(z.dtype)
    return cut


def _naive_softmax(z: Floats) -> Floats:
    above = _exp(z)
    return _fraction(above, above.sum(axis=-1, keepdims=True))


def _one_row(z: Floats) -> None:
    """A mistake in the formula is no reason to accept a batch."""
    if z.ndim != 1:
        raise ValueError(f"one row is needed, not {z.shape}")


def _alike(dout: Floats, z: Floats) -> None:
    """A mistake in the formula is no reason to accept another shape."""
    if dout.shape != z.shape:
        raise ValueError(f"dout {dout.shape}, z {z.shape}")


# --- sigmoid -----------------------------------------------------------------------------------------------------------------


@misconception(
    of="sigmoid", hint="Your curve falls where it should rise. Look at the sign of the exponent: is sigmoid(2) above 1/2?"
)
def mirrored_sigmoid(z: Floats) -> Floats:
    """1 / (1 + e^z): the minus of the exponent is missing."""
    return reference.sigmoid(-z)


@misconception(of="sigmoid", hint=POSITIVE_EXPONENT)
def sigmoid_with_positive_exponent(z: Floats) -> Floats:
    """e^z / (1 + e^z): inf/inf at +1000."""
    return _fraction(_exp(z), 1 + _exp(z))


@misconception(of="sigmoid", hint="In 1 / 1 + e^-z Python divides first, then adds. What has to be computed before the division?")
def parentheses_missing(z: Floats) -> Floats:
    """1 / 1 + e^-z."""
    result: Floats = 1 + _exp(-z)
    return result


@misconception(
    of="sigmoid", hint="A sigmoid lies between 0 and 1; yours reaches below 0. This looks like another row of the table."
)
def tanh_instead(z: Floats) -> Floats:
    """tanh(z)."""
    return reference.tanh(z)


@misconception(
    of="sigmoid", hint="This is a step: 0 or 1 and nothing between. The sigmoid has a soft slope; what is it at z = 0.1?"
)
def hard_threshold(z: Floats) -> Floats:
    """1 where z > 0."""
    return reference.relu_prime(z)


@misconception(of="sigmoid", hint=CUT_OFF)
def integer_buffer(z: Floats) -> Floats:
    """The result is written into zeros_like(z): whole numbers stay whole."""
    return _cut_off(reference.sigmoid(z), z)


@misconception(of="sigmoid", hint=ROUNDED)
def rounded(z: Floats) -> Floats:
    """Rounded to four decimals."""
    return np.round(reference.sigmoid(z), 4)


# --- sigmoid_prime -----------------------------------------------------------------------------------------------------------


@misconception(of="sigmoid_prime", name="takes_the_output", hint=TAKES_OUTPUT)
def takes_the_output_sigmoid(z: Floats) -> Floats:
    """z(1 - z): z is treated as if it were the output."""
    result: Floats = z * (1.0 - z)
    return result


@misconception(of="sigmoid_prime", name="activation_twice", hint=ACTIVATION_TWICE)
def activation_twice_sigmoid(z: Floats) -> Floats:
    """sigmoid'(sigmoid(z))."""
    return reference.sigmoid_prime(reference.sigmoid(z))


@misconception(of="sigmoid_prime", name="activation_not_slope", hint=ACTIVATION_NOT_SLOPE)
def activation_not_slope_sigmoid(z: Floats) -> Floats:
    """sigmoid(z)."""
    return reference.sigmoid(z)


@misconception(
    of="sigmoid_prime",
    hint="Right in the middle, nan at z = -1000: e^1000 is too large for a float. Can the slope be had from sigmoid(z) alone?",
)
def sigmoid_prime_overflows(z: Floats) -> Floats:
    """e^-z / (1 + e^-z)² as the slide of L0 derives it: inf/inf at -1000."""
    return _fraction(_exp(-z), (1 + _exp(-z)) ** 2)


@misconception(of="sigmoid_prime", name="sigmoid_with_positive_exponent", hint=POSITIVE_EXPONENT)
def sigmoid_with_positive_exponent_slope(z: Floats) -> Floats:
    """y(1 - y) with y = e^z / (1 + e^z): nan at +1000."""
    y = _fraction(_exp(z), 1 + _exp(z))
    return y * (1 - y)


@misconception(of="sigmoid_prime", hint="This slope is right for tanh. For the sigmoid y, the table has y(1 - y).")
def slope_of_tanh(z: Floats) -> Floats:
    """1 - y² with the sigmoid y."""
    result: Floats = 1 - reference.sigmoid(z) ** 2
    return result


@misconception(of="sigmoid_prime", name="integer_buffer", hint=CUT_OFF)
def integer_buffer_sigmoid_prime(z: Floats) -> Floats:
    """The result is written into zeros_like(z)."""
    return _cut_off(reference.sigmoid_prime(z), z)


@misconception(of="sigmoid_prime", name="rounded", hint=ROUNDED)
def rounded_sigmoid_prime(z: Floats) -> Floats:
    """Rounded to four decimals."""
    return np.round(reference.sigmoid_prime(z), 4)


# --- tanh --------------------------------------------------------------------------------------------------------------------


@misconception(of="tanh", hint=TANH_EXPONENTIALS)
def tanh_from_exponentials(z: Floats) -> Floats:
    """(e^z - e^-z) / (e^z + e^-z), the slide's formula: inf/inf at ±1000."""
    return _fraction(_exp(z) - _exp(-z), _exp(z) + _exp(-z))


@misconception(
    of="tanh",
    hint="Right, but for z = -1000 e^(-2z) is too large for a float, and inf/inf is nan. numpy has a tanh that is safe everywhere.",
)
def tanh_from_one_exponential(z: Floats) -> Floats:
    """(1 - e^-2z) / (1 + e^-2z), the formula of L0: inf/inf at -1000."""
    return _fraction(1 - _exp(-2.0 * z), 1 + _exp(-2.0 * z))


@misconception(
    of="tanh", hint="Your curve rises half as fast: it is tanh(z/2). Which z belongs into the sigmoid if tanh is built from it?"
)
def half_the_argument(z: Floats) -> Floats:
    """2 sigmoid(z) - 1 = tanh(z/2)."""
    return reference.tanh(np.asarray(z) / 2)


@misconception(of="tanh", hint="tanh(0) is 0, and yours has no finite value there. Which of the two sums stands above the line?")
def upside_down(z: Floats) -> Floats:
    """(e^z + e^-z) / (e^z - e^-z)."""
    return _fraction(np.ones(np.shape(z)), reference.tanh(z))


@misconception(of="tanh", hint="Your curve falls where it should rise. Which exponential comes first above the line?")
def mirrored_tanh(z: Floats) -> Floats:
    """(e^-z - e^z) / (e^z + e^-z)."""
    return -reference.tanh(z)


@misconception(
    of="tanh", hint="tanh lies between -1 and 1, and at z = 0 it is 0. Yours is the sigmoid, another row of the table."
)
def sigmoid_instead(z: Floats) -> Floats:
    """sigmoid(z)."""
    return reference.sigmoid(z)


@misconception(of="tanh", name="integer_buffer", hint=CUT_OFF)
def integer_buffer_tanh(z: Floats) -> Floats:
    """The result is written into zeros_like(z)."""
    return _cut_off(reference.tanh(z), z)


@misconception(of="tanh", name="rounded", hint=ROUNDED)
def rounded_tanh(z: Floats) -> Floats:
    """Rounded to four decimals."""
    return np.round(reference.tanh(z), 4)


# --- tanh_prime --------------------------------------------------------------------------------------------------------------


@misconception(of="tanh_prime", hint="Nearly: try z = -1, where the slope must be the same as at z = 1. Is a power missing?")
def tanh_not_squared(z: Floats) -> Floats:
    """1 - tanh(z)."""
    result: Floats = 1 - reference.tanh(z)
    return result


@misconception(of="tanh_prime", name="takes_the_output", hint=TAKES_OUTPUT)
def takes_the_output_tanh(z: Floats) -> Floats:
    """1 - z²."""
    result: Floats = 1.0 - z**2
    return result


@misconception(of="tanh_prime", name="activation_twice", hint=ACTIVATION_TWICE)
def activation_twice_tanh(z: Floats) -> Floats:
    """1 - tanh(tanh(z))²."""
    return reference.tanh_prime(reference.tanh(z))


@misconception(of="tanh_prime", name="activation_not_slope", hint=ACTIVATION_NOT_SLOPE)
def activation_not_slope_tanh(z: Floats) -> Floats:
    """tanh(z)."""
    return reference.tanh(z)


@misconception(
    of="tanh_prime", hint="At z = 0 the tanh rises as fast as z itself, so the slope is 1. Which number stands above the line?"
)
def four_missing(z: Floats) -> Floats:
    """1 / (e^z + e^-z)²."""
    return reference.tanh_prime(z) / 4


@misconception(
    of="tanh_prime", hint="At z = 0 your slope is 2, and the tanh never rises that fast. What happens to the sum below the line?"
)
def sum_not_squared(z: Floats) -> Floats:
    """4 / (e^z + e^-z)."""
    return _fraction(np.full(np.shape(z), 4.0), _exp(z) + _exp(-z))


@misconception(of="tanh_prime", hint="y(1 - y) is the slope of the sigmoid. Look at the row of tanh.")
def slope_of_sigmoid(z: Floats) -> Floats:
    """y(1 - y) with y = tanh(z)."""
    y = reference.tanh(z)
    return y * (1 - y)


@misconception(of="tanh_prime", name="tanh_from_exponentials", hint=TANH_EXPONENTIALS)
def tanh_from_exponentials_slope(z: Floats) -> Floats:
    """1 - t² with t from exponentials: nan at ±1000."""
    result: Floats = 1 - _fraction(_exp(z) - _exp(-z), _exp(z) + _exp(-z)) ** 2
    return result


@misconception(of="tanh_prime", name="integer_buffer", hint=CUT_OFF)
def integer_buffer_tanh_prime(z: Floats) -> Floats:
    """The result is written into zeros_like(z)."""
    return _cut_off(reference.tanh_prime(z), z)


@misconception(of="tanh_prime", name="rounded", hint=ROUNDED)
def rounded_tanh_prime(z: Floats) -> Floats:
    """Rounded to four decimals."""
    return np.round(reference.tanh_prime(z), 4)


# --- relu --------------------------------------------------------------------------------------------------------------------


@misconception(of="relu", hint="Negative numbers come out positive. What is max(0, -2)?")
def absolute_value(z: Floats) -> Floats:
    """|z|."""
    result: Floats = np.abs(z)
    return result


@misconception(of="relu", hint="You keep the negative numbers and drop the positive ones. Which is larger, 0 or 3?")
def keeps_the_negative(z: Floats) -> Floats:
    """min(0, z)."""
    result: Floats = np.minimum(z, 0)
    return result


@misconception(
    of="relu", hint="Negative numbers still shine through a little: this is the leaky ReLU. On the slide they become 0."
)
def leaky(z: Floats) -> Floats:
    """z / 100 for negative z."""
    result: Floats = np.where(np.asarray(z) > 0, z, 0.01 * z)
    return result


@misconception(
    of="relu", hint="The outputs are 0 and 1 only. This is the slope of relu; relu itself keeps the positive numbers as they are."
)
def slope_instead(z: Floats) -> Floats:
    """1 where z > 0."""
    return reference.relu_prime(z)


@misconception(of="relu", hint="Above 1 your outputs stop growing. Only the sigmoid is limited to 1; relu goes on.")
def clipped_at_one(z: Floats) -> Floats:
    """min(1, max(0, z))."""
    result: Floats = np.clip(z, 0, 1)
    return result


@misconception(
    of="relu", hint="np.max(z, 0) looks for the largest number along axis 0. Which numpy function compares element by element?"
)
def maximum_along_an_axis(z: Floats) -> Floats:
    """np.max(z, 0): the second argument is an axis."""
    result: Floats = np.max(z, 0)
    return result


# --- relu_prime --------------------------------------------------------------------------------------------------------------


@misconception(of="relu_prime", hint="True and False are no numbers to compute with: turn them into 1.0 and 0.0.")
def booleans(z: Floats) -> NDArray[np.bool_]:
    """z > 0, an array of True and False."""
    result: NDArray[np.bool_] = np.asarray(z) > 0
    return result


@misconception(of="relu_prime", name="activation_not_slope", hint=ACTIVATION_NOT_SLOPE)
def activation_not_slope_relu(z: Floats) -> Floats:
    """relu(z)."""
    return reference.relu(z)


@misconception(of="relu_prime", hint="For negative z your slope is -1, but relu is flat there.")
def sign_function(z: Floats) -> Floats:
    """-1, 0 or 1."""
    result: Floats = np.sign(z) + 0.0
    return result


@misconception(of="relu_prime", hint="For negative z your slope is a little above 0: this is the leaky ReLU. relu is flat there.")
def slope_of_leaky(z: Floats) -> Floats:
    """1/100 for negative z."""
    result: Floats = np.where(np.asarray(z) > 0, 1.0, 0.01)
    return result


@misconception(of="relu_prime", hint="Where z is exactly 0 you divide 0 by 0. Ask on which side of 0 z lies instead.")
def quotient_at_zero(z: Floats) -> Floats:
    """relu(z) / z: nan at 0."""
    return _fraction(reference.relu(z), z)


@misconception(of="relu_prime", hint="0 and 1 are in each other's place: where does relu rise, left or right of 0?")
def sides_exchanged(z: Floats) -> Floats:
    """1 where z < 0."""
    return reference.relu_prime(-z)


# --- softmax -----------------------------------------------------------------------------------------------------------------


@misconception(of="softmax", hint=NO_MAXIMUM)
def no_maximum_subtracted(z: Floats) -> Floats:
    """e^z / Σ e^z: overflows."""
    return _naive_softmax(z)


@misconception(
    of="softmax",
    hint="The largest number of the whole batch is subtracted. A row far below it becomes 0/0: which number belongs to each row?",
)
def global_maximum_subtracted(z: Floats) -> Floats:
    """z.max() of the whole batch: rows far below it underflow to 0/0."""
    return _naive_softmax(z - z.max())


@misconception(of="softmax", name="rounded", hint=ROUNDED)
def rounded_softmax(z: Floats) -> Floats:
    """Rounded to four decimals."""
    return np.round(reference.softmax(z), 4)


@misconception(of="softmax", hint="The whole batch adds up to 1 instead of every row. Along which axis does the sum run?")
def whole_batch(z: Floats) -> Floats:
    """One sum for all rows."""
    return reference.softmax(z.ravel()).reshape(z.shape)


@misconception(of="softmax", hint="Your columns add up to 1, not your rows. Along which axis does the sum run?")
def columns_instead_of_rows(z: Floats) -> Floats:
    """Sum over axis 0."""
    return reference.softmax(z.T).T


@misconception(
    of="softmax",
    hint="The sums of the rows lie across the batch: with N sums and K columns numpy cannot tell what belongs together. See keepdims.",
)
def keepdims_missing(z: Floats) -> Floats:
    """The row sums without keepdims: column j is divided by the sum of row j where that fits at all."""
    above = np.exp(z - z.max(axis=-1, keepdims=True))
    result: Floats = above / above.sum(axis=-1)
    return result


@misconception(of="softmax", hint="A batch works, a single row of shape (K,) does not. Which axis is the last one in both cases?")
def batches_only(z: Floats) -> Floats:
    """axis=1, which a vector does not have."""
    above = np.exp(z - np.max(z, axis=1, keepdims=True))
    result: Floats = above / above.sum(axis=1, keepdims=True)
    return result


@misconception(of="softmax", hint="Your rows do not add up to 1: the exponentials still have to be divided by their sum.")
def not_normalised(z: Floats) -> Floats:
    """e^(z - max)."""
    result: Floats = np.exp(z - z.max(axis=-1, keepdims=True))
    return result


@misconception(
    of="softmax", hint="The numbers are divided by their sum, but where are the exponentials? A probability is never negative."
)
def no_exponential(z: Floats) -> Floats:
    """z / Σ z."""
    return _fraction(z, z.sum(axis=-1, keepdims=True))


@misconception(
    of="softmax",
    hint="The largest z gets the smallest probability. Look at the sign of the exponent (the slide of L3 has it wrong: E11).",
)
def negative_exponent(z: Floats) -> Floats:
    """e^-z / Σ e^-z, as L3 prints it (erratum E11)."""
    return reference.softmax(-z)


@misconception(
    of="softmax",
    hint="Dividing by the largest number changes the differences between the numbers. Which operation leaves them as they are?",
)
def divided_by_the_maximum(z: Floats) -> Floats:
    """The exponents are kept small by division: softmax(z / max z)."""
    return _naive_softmax(_fraction(z, z.max(axis=-1, keepdims=True)))


@misconception(
    of="softmax", hint="Each number is treated by itself. A softmax looks at the whole row: what do your rows add up to?"
)
def sigmoid_of_each(z: Floats) -> Floats:
    """sigmoid(z)."""
    return reference.sigmoid(z)


# --- softmax_jacobian --------------------------------------------------------------------------------------------------------


@misconception(
    of="softmax_jacobian", hint="y(1 - y) says how y_i moves with its own z_i. It moves with all others too: that makes a matrix."
)
def diagonal_as_a_vector(z: Floats) -> Floats:
    """y(1 - y), shape (K,)."""
    _one_row(z)
    y = reference.softmax(z)
    return y * (1 - y)


@misconception(
    of="softmax_jacobian",
    hint="The diagonal is right. When z_j grows, the other probabilities make room: what stands beside the diagonal?",
)
def diagonal_only(z: Floats) -> Floats:
    """diag(y(1 - y)): zeros beside the diagonal."""
    _one_row(z)
    y = reference.softmax(z)
    result: Floats = np.diag(y * (1 - y))
    return result


@misconception(of="softmax_jacobian", hint="When z_j grows, the others lose probability. Which sign do they have in the matrix?")
def sign_beside_the_diagonal(z: Floats) -> Floats:
    """+y_i y_j beside the diagonal."""
    return np.abs(reference.softmax_jacobian(z))


@misconception(
    of="softmax_jacobian",
    hint="All your numbers are negative, though y_i grows with its own z_i. What does δ_ij add on the diagonal?",
)
def delta_missing(z: Floats) -> Floats:
    """-y_i y_j everywhere."""
    _one_row(z)
    y = reference.softmax(z)
    result: Floats = -np.outer(y, y)
    return result


@misconception(
    of="softmax_jacobian",
    hint="Beside the diagonal two different probabilities meet. Which index has the y inside the parentheses?",
)
def same_index_twice(z: Floats) -> Floats:
    """y_i (δ_ij - y_i)."""
    _one_row(z)
    y = reference.softmax(z)
    result: Floats = np.diag(y) - (y**2)[:, None]
    return result


@misconception(of="softmax_jacobian", name="takes_the_output", hint=TAKES_OUTPUT)
def takes_the_output_jacobian(z: Floats) -> Floats:
    """z_i (δ_ij - z_j)."""
    _one_row(z)
    result: Floats = np.diag(z + 0.0) - np.outer(z, z)
    return result


@misconception(of="softmax_jacobian", name="activation_twice", hint=ACTIVATION_TWICE)
def activation_twice_jacobian(z: Floats) -> Floats:
    """The Jacobian at softmax(z)."""
    return reference.softmax_jacobian(reference.softmax(z))


@misconception(of="softmax_jacobian", name="no_maximum_subtracted", hint=NO_MAXIMUM)
def no_maximum_subtracted_jacobian(z: Floats) -> Floats:
    """y from e^z / Σ e^z: overflows."""
    _one_row(z)
    y = _naive_softmax(z)
    result: Floats = np.diag(y) - np.outer(y, y)
    return result


@misconception(
    of="softmax_jacobian", hint="A batch of rows gets an answer, though a Jacobian belongs to one row. Look at z.ndim first."
)
def batch_accepted(z: Floats) -> Floats:
    """A batch is taken for one long row."""
    y = reference.softmax(z).ravel()
    result: Floats = np.diag(y) - np.outer(y, y)
    return result


# --- softmax_backward --------------------------------------------------------------------------------------------------------


@misconception(
    of="softmax_backward",
    hint="dout meets only the diagonal y(1 - y). Each z_j moves all outputs of its row: what do the others pass on?",
)
def diagonal_of_the_jacobian(dout: Floats, z: Floats) -> Floats:
    """dout y(1 - y)."""
    _alike(dout, z)
    y = reference.softmax(z)
    return dout * y * (1 - y)


@misconception(
    of="softmax_backward",
    hint="softmax(z) minus the other argument is the gradient of cross-entropy with a softmax. Here dout is any gradient, not the targets.",
)
def dout_taken_for_targets(dout: Floats, z: Floats) -> Floats:
    """y - dout."""
    _alike(dout, z)
    return reference.softmax(z) - dout


@misconception(of="softmax_backward", hint="Every row has a sum of its own. Over which axis do you add up dout * y?")
def sum_over_the_batch(dout: Floats, z: Floats) -> Floats:
    """One sum for all rows."""
    _alike(dout, z)
    y = reference.softmax(z)
    result: Floats = y * (dout - (dout * y).sum())
    return result


@misconception(of="softmax_backward", hint="In the sum, each dout counts as much as its probability. Is there a y in it?")
def sum_without_probabilities(dout: Floats, z: Floats) -> Floats:
    """y (dout - Σ dout)."""
    _alike(dout, z)
    result: Floats = reference.softmax(z) * (dout - dout.sum(axis=-1, keepdims=True))
    return result


@misconception(of="softmax_backward", hint="Right inside the parentheses. Which factor stands before them?")
def factor_in_front_missing(dout: Floats, z: Floats) -> Floats:
    """dout - Σ dout y."""
    _alike(dout, z)
    result: Floats = dout - (dout * reference.softmax(z)).sum(axis=-1, keepdims=True)
    return result


@misconception(
    of="softmax_backward",
    hint="The whole row cannot gain at once: your dz should add up to 0 in every row. Look at the sign of the sum.",
)
def sum_added(dout: Floats, z: Floats) -> Floats:
    """y (dout + Σ dout y)."""
    _alike(dout, z)
    y = reference.softmax(z)
    result: Floats = y * (dout + (dout * y).sum(axis=-1, keepdims=True))
    return result


@misconception(
    of="softmax_backward",
    hint="Your dz shrinks with the size of the batch. Where a mean is taken, dout has the 1/N in it already.",
)
def divided_by_the_batch(dout: Floats, z: Floats) -> Floats:
    """dz / N."""
    return reference.softmax_backward(dout, z) / len(z)


@misconception(of="softmax_backward", name="takes_the_output", hint=TAKES_OUTPUT)
def takes_the_output_backward(dout: Floats, z: Floats) -> Floats:
    """z (dout - Σ dout z)."""
    _alike(dout, z)
    result: Floats = z * (dout - (dout * z).sum(axis=-1, keepdims=True))
    return result


@misconception(of="softmax_backward", name="no_maximum_subtracted", hint=NO_MAXIMUM)
def no_maximum_subtracted_backward(dout: Floats, z: Floats) -> Floats:
    """y from e^z / Σ e^z: overflows."""
    _alike(dout, z)
    y = _naive_softmax(z)
    result: Floats = y * (dout - (dout * y).sum(axis=-1, keepdims=True))
    return result


@misconception(
    of="softmax_backward", hint="A dout with too few numbers is stretched over all rows by numpy. Compare the shapes first."
)
def shapes_not_compared(dout: Floats, z: Floats) -> Floats:
    """No check of the shapes: one row of dout is broadcast to all rows of z."""
    y = reference.softmax(z)
    result: Floats = y * (dout - (dout * y).sum(axis=-1, keepdims=True))
    return result
