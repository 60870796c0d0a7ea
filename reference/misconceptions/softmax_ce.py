"""Mistakes of softmax and cross-entropy: each a wrong version of a reference function, with the hint a student reads."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.course.authoring import misconception
from reference import softmax_ce as reference
from reference.softmax_ce import EPSILON

Floats: TypeAlias = NDArray[np.float64]
Labels: TypeAlias = NDArray[np.integer[Any]]

OVERFLOW = "e^1000 is too large for a float, and e^-1000 is 0. What may be subtracted from a row without changing its softmax?"
GLOBAL_MAX = "A row that lies far below the largest number of the batch becomes 0/0. Each row has a maximum of its own."
COLUMNS = "Your probabilities add up to 1 along the columns. Which index of the logits counts the classes?"
WHOLE_BATCH = "All numbers of the batch together add up to 1. Each row is an example of its own."
KEEPDIMS = "The sums of the rows are a vector of N numbers, and numpy lays it along the columns. What shape should they have?"
NEGATIVE_EXPONENT = "The largest logit gets the smallest probability. Look at the sign of the exponent (erratum E11)."
SOFTMAX_MISSING = "The logits are taken as if they were probabilities. Which function makes probabilities of them?"
SOFTMAX_TWICE = "Softmax seems to be applied twice. What comes in are logits; how often do they become probabilities?"
WHOLE_NUMBERS = "Your result has lost its decimals. Which dtype has the array that you fill, when what came in are whole numbers?"
ROUNDED = "The numbers agree to four decimals only. Return them as computed; rounding is for printing."
SUM_FOR_MEAN = "Your loss grows with the number of rows. Is it the sum or the mean?"
MEAN_OF_ALL = "Your loss is C times too small. By which number is the sum divided: of the rows, or of all numbers in the table?"
NOT_AVERAGED = "Each row has its loss here. The exercise asks for one number for the batch."
MINUS_MISSING = "Logarithms of probabilities are never above 0. Which sign stands in front of the sum?"
LOG10 = "Your numbers are right but for one factor, 2.302585: the slide does the same (erratum E7). Which logarithm is np.log?"
LOG2 = "Your numbers are right but for one factor, 1.442695. Which logarithm does the formula use?"
BINARY = (
    "The wrong classes have a term of their own in your sum, as in binary cross-entropy. Which classes does this formula keep?"
)
SQUARED = "This is the squared error. Cross-entropy takes logarithms (erratum E11)."
SHAPES = "One target for two rows gave a result: numpy used it for both. Compare the shapes first."


def _compared(one: Floats, other: Floats) -> None:
    """A mistake in the formula is no reason to accept targets of another shape."""
    if one.shape != other.shape:
        raise ValueError("shapes do not fit")


def _log(p: Floats) -> Floats:
    result: Floats = np.log(np.maximum(p, EPSILON))
    return result


def _naive(logits: Floats, shift: float | Floats = 0.0) -> Floats:
    """Powers over their sum, with `shift` subtracted first."""
    with np.errstate(all="ignore"):
        powers: Floats = np.exp(logits - shift)
        result: Floats = powers / powers.sum(axis=1, keepdims=True)
    return result


def _over_columns(logits: Floats) -> Floats:
    return reference.softmax(logits.T).T


def _over_batch(logits: Floats) -> Floats:
    return reference.softmax(logits.reshape(1, -1)).reshape(logits.shape)


def _without_keepdims(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max())
    result: Floats = powers / powers.sum(axis=1)
    return result


def _rows(p: Floats, target: Floats) -> Floats:
    """The losses of the rows, logarithms as they come."""
    with np.errstate(all="ignore"):
        return -np.asarray(np.sum(target * np.log(p), axis=1), dtype=np.float64)


def _gradient(p: Floats, target: Floats) -> Floats:
    _compared(p, target)
    return (p - target) / len(p)


# --- one_hot -----------------------------------------------------------------------------------------------------------------


@misconception(of="one_hot", hint="Your classes seem to begin with 1. The docstring counts them from 0, as numpy does.")
def counted_from_one(labels: Labels, classes: int) -> Floats:
    """The 1 stands one place too far left; label 0 wraps around."""
    reference.one_hot(labels, classes)
    return reference.one_hot((labels - 1) % classes, classes)


@misconception(
    of="one_hot", hint="Your table has as many columns as the largest label asks for. Which argument says how many there are?"
)
def classes_from_the_labels(labels: Labels, classes: int) -> Floats:
    """max(labels) + 1 columns."""
    reference.one_hot(labels, classes)
    return reference.one_hot(labels, int(labels.max()) + 1)


@misconception(of="one_hot", hint="Rows and columns are exchanged. Is each row one example, or one class?")
def classes_in_rows(labels: Labels, classes: int) -> Floats:
    """Shape (C, N)."""
    return reference.one_hot(labels, classes).T


@misconception(of="one_hot", hint="Whole columns are filled with 1. How do you tell numpy which row each label belongs to?")
def whole_columns(labels: Labels, classes: int) -> Floats:
    """target[:, labels] = 1."""
    target = reference.one_hot(labels, classes)
    target[:, labels] = 1
    return target


@misconception(of="one_hot", hint="You return True and False. The exercise asks for the numbers 1 and 0.")
def booleans_returned(labels: Labels, classes: int) -> NDArray[np.bool_]:
    """A comparison, not numbers."""
    result: NDArray[np.bool_] = reference.one_hot(labels, classes) == 1
    return result


@misconception(
    of="one_hot", hint="numpy counts negative places from the end, and -1 is the last class. Check the labels yourself first."
)
def labels_not_checked(labels: Labels, classes: int) -> Floats:
    """Rows of the identity: -1 wraps around, a label that is too large is an IndexError."""
    result: Floats = np.eye(classes)[labels]
    return result


@misconception(of="one_hot", hint="A label that is no class gets a row without a 1. The docstring asks for an exception.")
def unknown_labels_get_no_class(labels: Labels, classes: int) -> Floats:
    """A comparison with 0 … C - 1 that accepts any label."""
    result: Floats = (labels[:, None] == np.arange(classes)).astype(float)
    return result


# --- softmax -----------------------------------------------------------------------------------------------------------------


@misconception(of="softmax", name="max_not_subtracted", hint=OVERFLOW)
def max_not_subtracted_in_softmax(logits: Floats) -> Floats:
    """e^s / Σ e^s as it stands: inf/inf and 0/0."""
    return _naive(logits)


@misconception(of="softmax", name="global_max_subtracted", hint=GLOBAL_MAX)
def global_max_subtracted_in_softmax(logits: Floats) -> Floats:
    """The maximum of the whole batch is subtracted: rows underflow to 0/0."""
    return _naive(logits, float(logits.max()))


@misconception(of="softmax", name="over_columns", hint=COLUMNS)
def over_columns_in_softmax(logits: Floats) -> Floats:
    """The sum runs over the rows (axis 0)."""
    return _over_columns(logits)


@misconception(of="softmax", name="over_the_whole_batch", hint=WHOLE_BATCH)
def over_batch_in_softmax(logits: Floats) -> Floats:
    """One sum for all rows."""
    return _over_batch(logits)


@misconception(of="softmax", name="keepdims_missing", hint=KEEPDIMS)
def keepdims_missing_in_softmax(logits: Floats) -> Floats:
    """The sums are divided along the wrong axis; fits square batches only."""
    return _without_keepdims(logits)


@misconception(of="softmax", name="negative_exponent", hint=NEGATIVE_EXPONENT)
def negative_exponent_in_softmax(logits: Floats) -> Floats:
    """e^-s, as L3's pseudocode has it in the denominator, above and below."""
    return reference.softmax(-logits)


@misconception(
    of="softmax",
    hint="The exponents above and below the line differ in their sign: this is L3's line with the e^-y (erratum E11).",
)
def erratum_e11(logits: Floats) -> Floats:
    """e^s / Σ e^-s, literally L3's pseudocode."""
    with np.errstate(all="ignore"):
        result: Floats = np.exp(logits) / np.exp(-logits).sum(axis=1, keepdims=True)
    return result


@misconception(of="softmax", hint="Each number is squashed for itself. In softmax, each depends on all the others of its row.")
def sigmoid_for_softmax(logits: Floats) -> Floats:
    """The sigmoid of every logit."""
    result: Floats = np.exp(-np.logaddexp(0.0, -logits))
    return result


@misconception(
    of="softmax", hint="The largest number of every row is 1. By what are the powers divided: by the largest, or by their sum?"
)
def divided_by_the_largest(logits: Floats) -> Floats:
    """Powers over the largest power."""
    result: Floats = np.exp(logits - logits.max(axis=1, keepdims=True))
    return result


@misconception(of="softmax", hint="The logits themselves are divided by their sum. Where are the powers of e?")
def exponential_missing(logits: Floats) -> Floats:
    """s / Σ s."""
    result: Floats = logits / logits.sum(axis=1, keepdims=True)
    return result


@misconception(of="softmax", hint="These are logarithms of probabilities. The exercise asks for the probabilities.")
def logarithms_returned(logits: Floats) -> Floats:
    """log softmax."""
    result: Floats = logits - np.logaddexp.reduce(logits, axis=1)[:, None]
    return result


@misconception(of="softmax", hint="You return which class wins. The exercise asks for the probability of every class.")
def winner_returned(logits: Floats) -> Floats:
    """One-hot rows of the largest logit."""
    result: Floats = np.eye(logits.shape[1])[logits.argmax(axis=1)]
    return result


@misconception(of="softmax", name="rounded", hint=ROUNDED)
def rounded_softmax(logits: Floats) -> Floats:
    """Rounded to four decimals."""
    return np.round(reference.softmax(logits), 4)


@misconception(of="softmax", name="filled_into_integers", hint=WHOLE_NUMBERS)
def filled_into_integers_in_softmax(logits: Floats) -> NDArray[Any]:
    """An array like the logits is filled: integer logits cut the probabilities off."""
    return reference.softmax(logits).astype(logits.dtype)


# --- cross_entropy -----------------------------------------------------------------------------------------------------------


@misconception(of="cross_entropy", name="log10_for_natural_log", hint=LOG10)
def log10_in_cross_entropy(p: Floats, target: Floats) -> float:
    """Logarithms to the base 10, as on the slide (erratum E7)."""
    return reference.cross_entropy(p, target) / float(np.log(10))


@misconception(of="cross_entropy", name="log2_for_natural_log", hint=LOG2)
def log2_in_cross_entropy(p: Floats, target: Floats) -> float:
    """Logarithms to the base 2."""
    return reference.cross_entropy(p, target) / float(np.log(2))


@misconception(of="cross_entropy", name="summed_not_averaged", hint=SUM_FOR_MEAN)
def summed_in_cross_entropy(p: Floats, target: Floats) -> float:
    """The sum over the rows."""
    return reference.cross_entropy(p, target) * len(p)


@misconception(of="cross_entropy", name="mean_over_all_numbers", hint=MEAN_OF_ALL)
def mean_over_all_in_cross_entropy(p: Floats, target: Floats) -> float:
    """The mean over N · C numbers."""
    return float(reference.cross_entropy(p, target) / p.shape[1])


@misconception(of="cross_entropy", name="not_averaged", hint=NOT_AVERAGED)
def not_averaged_in_cross_entropy(p: Floats, target: Floats) -> Floats:
    """The losses of the rows."""
    _compared(p, target)
    return _rows(np.maximum(p, EPSILON), target)


@misconception(of="cross_entropy", name="minus_missing", hint=MINUS_MISSING)
def minus_missing_in_cross_entropy(p: Floats, target: Floats) -> float:
    """Σ t log p."""
    return -reference.cross_entropy(p, target)


@misconception(of="cross_entropy", name="wrong_classes_counted", hint=BINARY)
def wrong_classes_counted_in_cross_entropy(p: Floats, target: Floats) -> float:
    """-Σ t log p + (1 - t) log(1 - p)."""
    _compared(p, target)
    return -float(np.mean(np.sum(target * _log(p) + (1 - target) * _log(1 - p), axis=1)))


@misconception(of="cross_entropy", hint="Of which of the two is the logarithm taken: of what the network says, or of the target?")
def outputs_and_targets_exchanged(p: Floats, target: Floats) -> float:
    """-Σ p log t."""
    return reference.cross_entropy(target, p)


@misconception(of="cross_entropy", name="squared_error", hint=SQUARED)
def squared_error_in_cross_entropy(p: Floats, target: Floats) -> float:
    """The mean over the rows of Σ (p - t)², as L3 names the loss (erratum E11)."""
    _compared(p, target)
    return float(np.mean(np.sum((p - target) ** 2, axis=1)))


@misconception(of="cross_entropy", hint="This is 1 minus the right probability. Cross-entropy takes its logarithm.")
def logarithm_missing(p: Floats, target: Floats) -> float:
    """The mean of 1 - p of the right class."""
    _compared(p, target)
    return 1.0 - float(np.mean(np.sum(target * p, axis=1)))


@misconception(
    of="cross_entropy", hint="log(0) is minus infinity, and 0 times that is nan. The docstring says what counts instead of 0."
)
def log_of_zero(p: Floats, target: Floats) -> float:
    """No smallest probability: 0 · log 0 = nan for a wrong class."""
    _compared(p, target)
    return float(np.mean(_rows(p, target)))


@misconception(
    of="cross_entropy",
    hint="A right class with probability 0 costs infinitely much here. The docstring says what counts instead of 0.",
)
def log_of_zero_of_the_right_class(p: Floats, target: Floats) -> float:
    """-log of the right class's probability, without a smallest one."""
    _compared(p, target)
    with np.errstate(divide="ignore"):
        return -float(np.mean(np.log(np.sum(p * target, axis=1))))


@misconception(of="cross_entropy", name="one_target_for_all", hint=SHAPES)
def one_target_for_all_in_cross_entropy(p: Floats, target: Floats) -> float:
    """The shapes are not compared."""
    return float(np.mean(_rows(np.maximum(p, EPSILON), target)))


# --- softmax_ce_loss ---------------------------------------------------------------------------------------------------------


@misconception(of="softmax_ce_loss", name="max_not_subtracted", hint=OVERFLOW)
def max_not_subtracted_in_loss(logits: Floats, target: Floats) -> float:
    """-log of e^s / Σ e^s as it stands: nan."""
    _compared(logits, target)
    return float(np.mean(_rows(_naive(logits), target)))


@misconception(
    of="softmax_ce_loss",
    hint="log(e^1000 + …) is infinite, although the logarithm itself is near 1000. What may be taken out of it first?",
)
def logarithm_of_powers_overflows(logits: Floats, target: Floats) -> float:
    """log Σ e^s - s without a maximum: ±inf."""
    _compared(logits, target)
    with np.errstate(all="ignore"):
        return float(np.mean(np.log(np.exp(logits).sum(axis=1)) - np.sum(target * logits, axis=1)))


@misconception(
    of="softmax_ce_loss",
    name="log_of_zero",
    hint="e^-1000 is 0 as a float, and then the logarithm meets 0. Resolve log(a/b) before a becomes too small.",
)
def log_of_zero_in_loss(logits: Floats, target: Floats) -> float:
    """-log(softmax), with the maximum subtracted: log 0 for a right class without a chance."""
    _compared(logits, target)
    return -float(np.mean(_logarithms(np.sum(target * reference.softmax(logits), axis=1))))


def _logarithms(p: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        result: Floats = np.log(p)
    return result


@misconception(
    of="softmax_ce_loss",
    hint="Your loss never exceeds 16.1: softmax and `cross_entropy`, one after the other. Resolve log(a/b), then no limit is needed.",
)
def limited_probability(logits: Floats, target: Floats) -> float:
    """cross_entropy(softmax(logits)): log of at least 1e-7."""
    return reference.cross_entropy(reference.softmax(logits), target)


@misconception(of="softmax_ce_loss", name="global_max_subtracted", hint=GLOBAL_MAX)
def global_max_subtracted_in_loss(logits: Floats, target: Floats) -> float:
    """-log of a softmax with the maximum of the whole batch subtracted."""
    _compared(logits, target)
    return float(np.mean(_rows(_naive(logits, float(logits.max())), target)))


@misconception(of="softmax_ce_loss", name="over_columns", hint=COLUMNS)
def over_columns_in_loss(logits: Floats, target: Floats) -> float:
    """Softmax over the rows (axis 0)."""
    return reference.cross_entropy(_over_columns(logits), target)


@misconception(of="softmax_ce_loss", name="over_the_whole_batch", hint=WHOLE_BATCH)
def over_batch_in_loss(logits: Floats, target: Floats) -> float:
    """One softmax for all rows."""
    return reference.cross_entropy(_over_batch(logits), target)


@misconception(of="softmax_ce_loss", name="negative_exponent", hint=NEGATIVE_EXPONENT)
def negative_exponent_in_loss(logits: Floats, target: Floats) -> float:
    """Softmax of -s."""
    return reference.softmax_ce_loss(-logits, target)


@misconception(of="softmax_ce_loss", name="softmax_missing", hint=SOFTMAX_MISSING)
def softmax_missing_in_loss(logits: Floats, target: Floats) -> float:
    """cross_entropy(logits)."""
    return reference.cross_entropy(logits, target)


@misconception(of="softmax_ce_loss", name="softmax_twice", hint=SOFTMAX_TWICE)
def softmax_twice_in_loss(logits: Floats, target: Floats) -> float:
    """The loss of the softmax's softmax."""
    return reference.softmax_ce_loss(reference.softmax(logits), target)


@misconception(of="softmax_ce_loss", name="summed_not_averaged", hint=SUM_FOR_MEAN)
def summed_in_loss(logits: Floats, target: Floats) -> float:
    """The sum over the rows."""
    return reference.softmax_ce_loss(logits, target) * len(logits)


@misconception(of="softmax_ce_loss", name="mean_over_all_numbers", hint=MEAN_OF_ALL)
def mean_over_all_in_loss(logits: Floats, target: Floats) -> float:
    """The mean over N · C numbers."""
    return float(reference.softmax_ce_loss(logits, target) / logits.shape[1])


@misconception(of="softmax_ce_loss", name="not_averaged", hint=NOT_AVERAGED)
def not_averaged_in_loss(logits: Floats, target: Floats) -> Floats:
    """The losses of the rows."""
    _compared(logits, target)
    return np.array([reference.softmax_ce_loss(s[None], t[None]) for s, t in zip(logits, target, strict=True)])


@misconception(of="softmax_ce_loss", name="minus_missing", hint=MINUS_MISSING)
def minus_missing_in_loss(logits: Floats, target: Floats) -> float:
    """Σ t log p."""
    return -reference.softmax_ce_loss(logits, target)


@misconception(of="softmax_ce_loss", name="log10_for_natural_log", hint=LOG10)
def log10_in_loss(logits: Floats, target: Floats) -> float:
    """Logarithms to the base 10."""
    return reference.softmax_ce_loss(logits, target) / float(np.log(10))


@misconception(of="softmax_ce_loss", name="wrong_classes_counted", hint=BINARY)
def wrong_classes_counted_in_loss(logits: Floats, target: Floats) -> float:
    """-Σ t log p + (1 - t) log(1 - p)."""
    _compared(logits, target)
    p = reference.softmax(logits)
    return -float(np.mean(np.sum(target * _log(p) + (1 - target) * _log(1 - p), axis=1)))


@misconception(
    of="softmax_ce_loss", hint="The logit of the right class is not subtracted. What becomes of the numerator of log(a/b)?"
)
def right_logit_missing(logits: Floats, target: Floats) -> float:
    """log Σ e^s alone."""
    _compared(logits, target)
    return float(np.mean(np.logaddexp.reduce(logits, axis=1)))


@misconception(
    of="softmax_ce_loss", hint="The maximum is subtracted inside the powers, but it does not come back outside of the logarithm."
)
def maximum_not_added_back(logits: Floats, target: Floats) -> float:
    """log Σ e^(s - m) - s."""
    return reference.softmax_ce_loss(logits, target) - float(np.mean(logits.max(axis=1)))


@misconception(of="softmax_ce_loss", name="one_target_for_all", hint=SHAPES)
def one_target_for_all_in_loss(logits: Floats, target: Floats) -> float:
    """The shapes are not compared."""
    return reference.softmax_ce_loss(logits, np.broadcast_to(target, logits.shape))


# --- softmax_ce_gradient -----------------------------------------------------------------------------------------------------


@misconception(
    of="softmax_ce_gradient",
    hint="Your gradient is N times too large. The loss is a mean over the rows; what does that do to its gradient?",
)
def not_divided_by_n(logits: Floats, target: Floats) -> Floats:
    """p - t."""
    return reference.softmax_ce_gradient(logits, target) * len(logits)


@misconception(
    of="softmax_ce_gradient", hint="Your gradient is C times too small. The loss is a mean over the rows, not over all numbers."
)
def divided_by_all_numbers(logits: Floats, target: Floats) -> Floats:
    """(p - t) / (N C)."""
    result: Floats = reference.softmax_ce_gradient(logits, target) / logits.shape[1]
    return result


@misconception(
    of="softmax_ce_gradient", hint="Your gradient is N times too small. How often is it divided by the number of rows?"
)
def divided_by_n_twice(logits: Floats, target: Floats) -> Floats:
    """(p - t) / N²."""
    return reference.softmax_ce_gradient(logits, target) / len(logits)


@misconception(of="softmax_ce_gradient", hint="The sign is turned around. Is the output the first of the two, or the target?")
def sign_turned(logits: Floats, target: Floats) -> Floats:
    """(t - p) / N."""
    return -reference.softmax_ce_gradient(logits, target)


@misconception(
    of="softmax_ce_gradient",
    hint="There is one factor p(1 - p) too many. L3 says of softmax that the error is not multiplied by the derivative of the activation.",
)
def activation_slope_kept(logits: Floats, target: Floats) -> Floats:
    """(p - t) p (1 - p) / N."""
    p = reference.softmax(logits)
    return reference.softmax_ce_gradient(logits, target) * p * (1 - p)


@misconception(
    of="softmax_ce_gradient",
    hint="The factor 2 belongs to the squared error of the slide beside it (erratum E11). Which loss is derived here?",
)
def factor_two(logits: Floats, target: Floats) -> Floats:
    """2 (p - t) / N."""
    return 2 * reference.softmax_ce_gradient(logits, target)


@misconception(
    of="softmax_ce_gradient",
    hint="This is how the loss changes with the probabilities. The chain rule goes one step further back, to the logits.",
)
def stopped_at_the_probabilities(logits: Floats, target: Floats) -> Floats:
    """-t / p / N."""
    _compared(logits, target)
    with np.errstate(all="ignore"):
        return -target / reference.softmax(logits) / len(logits)


@misconception(
    of="softmax_ce_gradient",
    hint="Only the right classes have a gradient here. When a wrong logit grows, does the loss stay as it is?",
)
def right_class_only(logits: Floats, target: Floats) -> Floats:
    """(p - 1) / N at the right class, 0 elsewhere."""
    return reference.softmax_ce_gradient(logits, target) * target


@misconception(of="softmax_ce_gradient", hint="These are the probabilities, divided by N. What happens at the right class?")
def target_not_subtracted(logits: Floats, target: Floats) -> Floats:
    """p / N."""
    _compared(logits, target)
    return reference.softmax(logits) / len(logits)


@misconception(of="softmax_ce_gradient", name="softmax_missing", hint=SOFTMAX_MISSING)
def softmax_missing_in_gradient(logits: Floats, target: Floats) -> Floats:
    """(s - t) / N."""
    return _gradient(logits, target)


@misconception(of="softmax_ce_gradient", name="softmax_twice", hint=SOFTMAX_TWICE)
def softmax_twice_in_gradient(logits: Floats, target: Floats) -> Floats:
    """The softmax's softmax."""
    return _gradient(reference.softmax(reference.softmax(logits)), target)


@misconception(of="softmax_ce_gradient", name="max_not_subtracted", hint=OVERFLOW)
def max_not_subtracted_in_gradient(logits: Floats, target: Floats) -> Floats:
    """With e^s / Σ e^s as it stands: nan."""
    return _gradient(_naive(logits), target)


@misconception(of="softmax_ce_gradient", name="global_max_subtracted", hint=GLOBAL_MAX)
def global_max_subtracted_in_gradient(logits: Floats, target: Floats) -> Floats:
    """With the maximum of the whole batch subtracted."""
    return _gradient(_naive(logits, float(logits.max())), target)


@misconception(of="softmax_ce_gradient", name="over_columns", hint=COLUMNS)
def over_columns_in_gradient(logits: Floats, target: Floats) -> Floats:
    """Softmax over the rows (axis 0)."""
    return _gradient(_over_columns(logits), target)


@misconception(of="softmax_ce_gradient", name="over_the_whole_batch", hint=WHOLE_BATCH)
def over_batch_in_gradient(logits: Floats, target: Floats) -> Floats:
    """One softmax for all rows."""
    return _gradient(_over_batch(logits), target)


@misconception(of="softmax_ce_gradient", name="keepdims_missing", hint=KEEPDIMS)
def keepdims_missing_in_gradient(logits: Floats, target: Floats) -> Floats:
    """The sums are divided along the wrong axis; fits square batches only."""
    return _gradient(_without_keepdims(logits), target)


@misconception(of="softmax_ce_gradient", name="negative_exponent", hint=NEGATIVE_EXPONENT)
def negative_exponent_in_gradient(logits: Floats, target: Floats) -> Floats:
    """Softmax of -s."""
    return _gradient(reference.softmax(-logits), target)


@misconception(of="softmax_ce_gradient", name="one_target_for_all", hint=SHAPES)
def one_target_for_all_in_gradient(logits: Floats, target: Floats) -> Floats:
    """The shapes are not compared."""
    return (reference.softmax(logits) - target) / len(logits)


# --- penalised_loss ----------------------------------------------------------------------------------------------------------


def _penalised(logits: Floats, target: Floats, penalty: float, reg: float) -> float:
    """The loss with another penalty; a negative rate is refused all the same."""
    if reg < 0:
        raise ValueError("reg is negative")
    return reference.softmax_ce_loss(logits, target) + penalty


@misconception(
    of="penalised_loss", hint="The penalty comes in with its full weight, whatever reg is. Which argument has not been used?"
)
def penalty_not_multiplied(logits: Floats, target: Floats, weights: Floats, reg: float) -> float:
    """Σ W² without reg."""
    return _penalised(logits, target, float(np.sum(weights**2)), reg)


@misconception(
    of="penalised_loss", hint="Your penalty is half of the right one. Some books have a factor 1/2; does the docstring?"
)
def penalty_halved(logits: Floats, target: Floats, weights: Floats, reg: float) -> float:
    """reg/2 Σ W²."""
    return _penalised(logits, target, reg * float(np.sum(weights**2)) / 2, reg)


@misconception(of="penalised_loss", hint="The penalty is missing: this is the loss alone.")
def penalty_missing(logits: Floats, target: Floats, weights: Floats, reg: float) -> float:
    """The loss without a penalty."""
    return _penalised(logits, target, 0.0, reg)


@misconception(of="penalised_loss", hint="Your penalty adds up the weights without their sign. L2 stands for the squares.")
def absolute_values(logits: Floats, target: Floats, weights: Floats, reg: float) -> float:
    """reg Σ |W|, the L1 penalty."""
    return _penalised(logits, target, reg * float(np.sum(np.abs(weights))), reg)


@misconception(
    of="penalised_loss", hint="Your penalty holds the length of the weights, which is a square root. Compare with the formula."
)
def norm_not_squared(logits: Floats, target: Floats, weights: Floats, reg: float) -> float:
    """reg ‖W‖."""
    return _penalised(logits, target, reg * float(np.linalg.norm(weights)), reg)


@misconception(
    of="penalised_loss",
    hint="Your penalty takes the sum of the weights first and squares it then. Which comes first in the formula?",
)
def sum_squared(logits: Floats, target: Floats, weights: Floats, reg: float) -> float:
    """reg (Σ W)²."""
    return _penalised(logits, target, reg * float(np.sum(weights)) ** 2, reg)


@misconception(of="penalised_loss", hint="Your penalty is a mean over the weights. The formula has a sum.")
def mean_of_squares(logits: Floats, target: Floats, weights: Floats, reg: float) -> float:
    """reg times the mean of W²."""
    return _penalised(logits, target, reg * float(np.mean(weights**2)), reg)


@misconception(
    of="penalised_loss",
    hint="Your penalty shrinks when the batch grows. The loss is averaged over the rows; is the penalty, too?",
)
def penalty_divided_by_n(logits: Floats, target: Floats, weights: Floats, reg: float) -> float:
    """The penalty is divided by the number of rows."""
    return _penalised(logits, target, reg * float(np.sum(weights**2)) / len(logits), reg)


@misconception(of="penalised_loss", hint="Large weights make your loss smaller. Is a penalty added, or taken away?")
def penalty_subtracted(logits: Floats, target: Floats, weights: Floats, reg: float) -> float:
    """- reg Σ W²."""
    return _penalised(logits, target, -reg * float(np.sum(weights**2)), reg)


@misconception(of="penalised_loss", hint="This is the penalty alone. To what is it added?")
def loss_missing(logits: Floats, target: Floats, weights: Floats, reg: float) -> float:
    """reg Σ W² alone."""
    return reg * float(np.sum(weights**2)) + 0 * _penalised(logits, target, 0.0, reg)


@misconception(of="penalised_loss", name="summed_not_averaged", hint=SUM_FOR_MEAN)
def summed_in_penalised(logits: Floats, target: Floats, weights: Floats, reg: float) -> float:
    """The sum over the rows, and the penalty."""
    return len(logits) * _penalised(logits, target, 0.0, reg) + reg * float(np.sum(weights**2))


@misconception(of="penalised_loss", hint="A negative reg rewards large weights. The docstring asks for an exception.")
def negative_rate_accepted(logits: Floats, target: Floats, weights: Floats, reg: float) -> float:
    """reg is not looked at."""
    return reference.softmax_ce_loss(logits, target) + reg * float(np.sum(weights**2))
