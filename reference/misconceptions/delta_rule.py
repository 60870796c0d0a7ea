"""Mistakes of the delta rule: each a wrong version of a reference function, with the hint a student reads."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.course.authoring import misconception
from reference import delta_rule as reference

Floats: TypeAlias = NDArray[np.float64]
Pair: TypeAlias = tuple[Floats, Floats]
Forward: TypeAlias = tuple[Floats, Floats, Floats, Floats]

SIGMA_PRIME_MISSING = "A delta has one more factor: how steep is the activation at this unit? Look for sgm' in the formula."
SIGMA_PRIME_OF_OUTPUT = (
    "Your sgm' already applies the activation to what it is given. Is it given the sum s, or the output y = sgm(s)?"
)
SUM_TAKEN_FOR_OUTPUT = "y(1 - y) wants the output y, and what you were given is the sum s. Which step lies between them?"
WRONG_SIGN = "The error is ε = d - sgm(s), target minus output. Does a target above your output give a positive delta?"
FACTOR_TWO = "The derivative of ε² brings a number in front. Compare with the slide's δ for the target 0: -1/4."
TANH_SQUARE = "Right for the sigmoid. For tanh, look once more at the derivative: is a power missing?"
ACTIVATION_IGNORED = (
    'With activation="tanh" you get the sigmoid\'s numbers. Does every place that needs the activation hear about it?'
)
MU_MISSING = "The step has the right direction but not the right length. Which letter of ΔW = μ δ X is not in your code?"
SUBTRACTED = "δ already carries the minus sign of gradient descent. Is the change added to the weights, or taken away?"
UPHILL = "The weights move the wrong way, and the error grows. Is your δ built from d - sgm(s), and is the change added to the weights?"
ROUNDED = "The numbers agree to four decimals only. Return them as computed; rounding is for printing."
TANH_EXPONENTIALS = "e^1000 is too large for a float and inf/inf is nan. numpy has a tanh that is safe everywhere."
UNKNOWN_ACCEPTED = "An activation called relu quietly gets the numbers of tanh. What should happen for a name that is neither?"
MEAN_OVER_OUTPUTS = (
    "Your deltas shrink when the network has more outputs. The lecture's error is a sum over the outputs, not a mean."
)
SWAPPED_STEP = "Both matrices look right but come in the other order. The docstring lists the hidden weights first."
DIVIDED_TWICE = (
    "The more outputs there are, the shorter your steps. The lecture's error is a sum over the outputs: count the divisions."
)
MISSING_IN_HIDDEN = (
    "The output weights move as they should, the hidden ones too far. Which factor of the hidden delta is not in your step?"
)
MISSING_IN_OUTPUT = "The hidden delta has its sgm'. Does the output delta have one too?"
ONLY_CHANGES = "These are the changes ΔW. The docstring asks for the new weights."


def _naive_tanh(s: Floats) -> Floats:
    with np.errstate(over="ignore", invalid="ignore"):
        result: Floats = (1 - np.exp(-2 * s)) / (1 + np.exp(-2 * s))
    return result


def _linear_tanh_slope(s: Floats, activation: str) -> Floats:
    return 1 - np.tanh(s) if activation == "tanh" else reference.sgm_prime(s, activation)


def _slope_of_sum_as_output(s: Floats, activation: str) -> Floats:
    return s * (1 - s) if activation == "sigmoid" else 1 - s**2


def _error(s_output: Floats, target: Floats, activation: str) -> Floats:
    """d - sgm(s), with the shapes compared: a mistake in the formula is no reason to accept a wrong number of targets."""
    if s_output.shape != target.shape:
        raise ValueError(f"one target for each output is needed: {s_output.shape} sums, {target.shape} targets")
    result: Floats = target - reference.sgm(s_output, activation)
    return result


def _deltas(
    x: Floats,
    target: Floats,
    w_hidden: Floats,
    w_output: Floats,
    mu: float,
    activation: str,
    in_order: bool,
    slopes: str = "right",
    factor: float = 1.0,
    sign: float = 1.0,
    rate: float | None = None,
) -> Pair:
    """A step with one thing changed: the factor in the output deltas, the slopes, the sign or the rate of the changes."""
    s_hidden, hidden, s_output, output = reference.forward(x, w_hidden, w_output, activation)
    slope_hidden, slope_output = {
        "right": lambda: (reference.sgm_prime(s_hidden, activation), reference.sgm_prime(s_output, activation)),
        "none": lambda: (np.ones_like(hidden), np.ones_like(output)),
        "none in the hidden layer": lambda: (np.ones_like(hidden), reference.sgm_prime(s_output, activation)),
        "none in the output layer": lambda: (reference.sgm_prime(s_hidden, activation), np.ones_like(output)),
        "of output": lambda: (reference.sgm_prime(hidden, activation), reference.sgm_prime(output, activation)),
        "not squared": lambda: (_linear_tanh_slope(s_hidden, activation), _linear_tanh_slope(s_output, activation)),
    }[slopes]()
    delta = factor * 2 * (target - output) * slope_output
    step = sign * (mu if rate is None else rate)
    new_output: Floats = w_output + step * np.outer(delta, hidden)
    back = (delta @ (new_output if in_order else w_output)) * slope_hidden
    new_hidden: Floats = w_hidden + step * np.outer(back, x)
    return new_hidden, new_output


# --- sgm_prime ---------------------------------------------------------------------------------------------------------------


@misconception(of="sgm_prime", hint="This is the activation itself. The exercise asks how steep it is at s.")
def activation_not_slope(s: Floats, activation: str = "sigmoid") -> Floats:
    """Returns sgm(s) instead of its derivative."""
    return reference.sgm(s, activation)


@misconception(of="sgm_prime", hint=SUM_TAKEN_FOR_OUTPUT)
def sum_taken_for_output(s: Floats, activation: str = "sigmoid") -> Floats:
    """s(1 - s) or 1 - s²: the sum s is treated as if it were the output."""
    return _slope_of_sum_as_output(s, activation)


@misconception(
    of="sgm_prime",
    name="sigma_prime_of_output",
    hint="The activation is applied twice before you take the slope. The argument s is the sum: one sgm is enough.",
)
def sigma_prime_of_output_slope(s: Floats, activation: str = "sigmoid") -> Floats:
    """sgm' at the output: sgm'(sgm(s))."""
    return reference.sgm_prime(reference.sgm(s, activation), activation)


@misconception(of="sgm_prime", name="tanh_not_squared", hint=TANH_SQUARE)
def tanh_not_squared_slope(s: Floats, activation: str = "sigmoid") -> Floats:
    """1 - tanh(s) for tanh."""
    return _linear_tanh_slope(s, activation)


@misconception(of="sgm_prime", name="activation_ignored", hint=ACTIVATION_IGNORED)
def activation_ignored_slope(s: Floats, activation: str = "sigmoid") -> Floats:
    """Always the sigmoid."""
    return reference.sgm_prime(s)


@misconception(
    of="sgm_prime",
    hint="Right in the middle, nan at s = -1000: e^1000 is too large for a float. Can the slope be had from the output y alone?",
)
def sigmoid_prime_overflows(s: Floats, activation: str = "sigmoid") -> Floats:
    """e^-s / (1 + e^-s)² as the slide derives it: inf/inf at -1000."""
    if activation != "sigmoid":
        return reference.sgm_prime(s, activation)
    with np.errstate(over="ignore", invalid="ignore"):
        result: Floats = np.exp(-s) / (1 + np.exp(-s)) ** 2
    return result


@misconception(
    of="sgm_prime",
    hint="Right in the middle, nan at s = +1000: e^1000 is too large for a float. Which sign of the exponent is safe for large s?",
)
def sigmoid_with_positive_exponent(s: Floats, activation: str = "sigmoid") -> Floats:
    """The sigmoid as e^s / (1 + e^s): inf/inf at +1000."""
    if activation != "sigmoid":
        return reference.sgm_prime(s, activation)
    with np.errstate(over="ignore", invalid="ignore"):
        y: Floats = np.exp(s) / (1 + np.exp(s))
        result: Floats = y * (1 - y)
    return result


@misconception(of="sgm_prime", name="tanh_from_exponentials", hint=TANH_EXPONENTIALS)
def tanh_from_exponentials_slope(s: Floats, activation: str = "sigmoid") -> Floats:
    """tanh as (1 - e^-2s) / (1 + e^-2s), the slide's formula: inf/inf at -1000."""
    return 1 - _naive_tanh(s) ** 2 if activation == "tanh" else reference.sgm_prime(s, activation)


@misconception(of="sgm_prime", hint=UNKNOWN_ACCEPTED)
def unknown_activation_accepted(s: Floats, activation: str = "sigmoid") -> Floats:
    """Everything that is not the sigmoid is taken for tanh."""
    return reference.sgm_prime(s, "sigmoid" if activation == "sigmoid" else "tanh")


@misconception(of="sgm_prime", name="rounded", hint=ROUNDED)
def rounded_slope(s: Floats, activation: str = "sigmoid") -> Floats:
    """Rounded to four decimals."""
    return np.round(reference.sgm_prime(s, activation), 4)


# --- forward -----------------------------------------------------------------------------------------------------------------


@misconception(of="forward", hint="The last layer passes its sum on unchanged. The outputs go through the activation as well.")
def linear_output(x: Floats, w_hidden: Floats, w_output: Floats, activation: str = "sigmoid") -> Forward:
    """No activation at the output."""
    s_hidden, hidden, s_output, _ = reference.forward(x, w_hidden, w_output, activation)
    return s_hidden, hidden, s_output, s_output.copy()


@misconception(of="forward", hint="The hidden layer passes its sum on unchanged. Where does the activation come in?")
def linear_hidden(x: Floats, w_hidden: Floats, w_output: Floats, activation: str = "sigmoid") -> Forward:
    """No activation in the hidden layer."""
    s_hidden: Floats = w_hidden @ x
    s_output: Floats = w_output @ s_hidden
    return s_hidden, s_hidden.copy(), s_output, reference.sgm(s_output, activation)


@misconception(
    of="forward",
    hint="hidden is right, but the output layer seems to receive the sums of the hidden layer instead of its outputs.",
)
def sums_passed_on(x: Floats, w_hidden: Floats, w_output: Floats, activation: str = "sigmoid") -> Forward:
    """The output layer receives s_hidden instead of hidden."""
    s_hidden: Floats = w_hidden @ x
    s_output: Floats = w_output @ s_hidden
    return s_hidden, reference.sgm(s_hidden, activation), s_output, reference.sgm(s_output, activation)


@misconception(of="forward", name="activation_ignored", hint=ACTIVATION_IGNORED)
def activation_ignored_forward(x: Floats, w_hidden: Floats, w_output: Floats, activation: str = "sigmoid") -> Forward:
    """Always the sigmoid."""
    return reference.forward(x, w_hidden, w_output)


@misconception(of="forward", hint="activation reaches the hidden layer only. Does the output layer use the same one?")
def activation_ignored_at_output(x: Floats, w_hidden: Floats, w_output: Floats, activation: str = "sigmoid") -> Forward:
    """The output layer is always sigmoid."""
    s_hidden, hidden, s_output, _ = reference.forward(x, w_hidden, w_output, activation)
    return s_hidden, hidden, s_output, reference.sgm(s_output)


@misconception(of="forward", hint="The numbers are right, the order is not: for each layer the sum comes first, then its output.")
def sums_and_outputs_swapped(x: Floats, w_hidden: Floats, w_output: Floats, activation: str = "sigmoid") -> Forward:
    """Returns (hidden, s_hidden, output, s_output)."""
    s_hidden, hidden, s_output, output = reference.forward(x, w_hidden, w_output, activation)
    return hidden, s_hidden, output, s_output


@misconception(of="forward", hint="The numbers are right, the order is not: the hidden layer comes before the output layer.")
def layers_swapped(x: Floats, w_hidden: Floats, w_output: Floats, activation: str = "sigmoid") -> Forward:
    """Returns (s_output, output, s_hidden, hidden)."""
    s_hidden, hidden, s_output, output = reference.forward(x, w_hidden, w_output, activation)
    return s_output, output, s_hidden, hidden


@misconception(
    of="forward",
    name="transposed_weights",
    hint="Each ROW of a weight matrix belongs to one unit. Does your product run along the rows or down the columns?",
)
def transposed_weights_forward(x: Floats, w_hidden: Floats, w_output: Floats, activation: str = "sigmoid") -> Forward:
    """x·W instead of W·x: fits only when the matrices are square."""
    s_hidden: Floats = x @ w_hidden
    hidden = reference.sgm(s_hidden, activation)
    s_output: Floats = hidden @ w_output
    return s_hidden, hidden, s_output, reference.sgm(s_output, activation)


@misconception(of="forward", name="tanh_from_exponentials", hint=TANH_EXPONENTIALS)
def tanh_from_exponentials_forward(x: Floats, w_hidden: Floats, w_output: Floats, activation: str = "sigmoid") -> Forward:
    """tanh as (1 - e^-2s) / (1 + e^-2s), the slide's formula: inf/inf at -1000."""
    if activation != "tanh":
        return reference.forward(x, w_hidden, w_output, activation)
    s_hidden: Floats = w_hidden @ x
    hidden = _naive_tanh(s_hidden)
    s_output: Floats = w_output @ hidden
    return s_hidden, hidden, s_output, _naive_tanh(s_output)


@misconception(
    of="forward",
    hint="Right in the middle, nan for large sums: e^1000 is too large for a float. Which sign of the exponent is safe for large s?",
    name="sigmoid_with_positive_exponent",
)
def sigmoid_with_positive_exponent_forward(x: Floats, w_hidden: Floats, w_output: Floats, activation: str = "sigmoid") -> Forward:
    """The sigmoid as e^s / (1 + e^s): inf/inf at +1000."""
    if activation != "sigmoid":
        return reference.forward(x, w_hidden, w_output, activation)
    with np.errstate(over="ignore", invalid="ignore"):
        s_hidden: Floats = w_hidden @ x
        hidden: Floats = np.exp(s_hidden) / (1 + np.exp(s_hidden))
        s_output: Floats = w_output @ hidden
        output: Floats = np.exp(s_output) / (1 + np.exp(s_output))
    return s_hidden, hidden, s_output, output


@misconception(
    of="forward",
    name="shapes_not_compared",
    hint="An input with too few numbers gets an answer. Compare its length with the columns of w_hidden first.",
)
def shapes_not_compared_forward(x: Floats, w_hidden: Floats, w_output: Floats, activation: str = "sigmoid") -> Forward:
    """A loop over the input's own length: weights left over are ignored."""
    return reference.forward(x, w_hidden[:, : len(x)], w_output[:, : len(w_hidden)], activation)


@misconception(of="forward", name="unknown_activation_accepted", hint=UNKNOWN_ACCEPTED)
def unknown_activation_accepted_forward(x: Floats, w_hidden: Floats, w_output: Floats, activation: str = "sigmoid") -> Forward:
    """Everything that is not the sigmoid is taken for tanh."""
    return reference.forward(x, w_hidden, w_output, "sigmoid" if activation == "sigmoid" else "tanh")


@misconception(of="forward", name="rounded", hint=ROUNDED)
def rounded_forward(x: Floats, w_hidden: Floats, w_output: Floats, activation: str = "sigmoid") -> Forward:
    """Outputs rounded to four decimals."""
    s_hidden, hidden, s_output, output = reference.forward(x, w_hidden, w_output, activation)
    return s_hidden, np.round(hidden, 4), s_output, np.round(output, 4)


# --- output_delta ------------------------------------------------------------------------------------------------------------


@misconception(of="output_delta", name="sigma_prime_missing", hint=SIGMA_PRIME_MISSING)
def sigma_prime_missing_output(s_output: Floats, target: Floats, activation: str = "sigmoid") -> Floats:
    """δ = 2ε."""
    return 2 * _error(s_output, target, activation)


@misconception(
    of="output_delta",
    hint="d - y is the delta of cross-entropy. The squared error brings two more factors: one from the square, one from the activation.",
)
def cross_entropy_delta(s_output: Floats, target: Floats, activation: str = "sigmoid") -> Floats:
    """δ = d - y."""
    return _error(s_output, target, activation)


@misconception(of="output_delta", name="sigma_prime_of_output", hint=SIGMA_PRIME_OF_OUTPUT)
def sigma_prime_of_output_output(s_output: Floats, target: Floats, activation: str = "sigmoid") -> Floats:
    """δ = 2ε sgm'(y)."""
    y = reference.sgm(s_output, activation)
    return 2 * _error(s_output, target, activation) * reference.sgm_prime(y, activation)


@misconception(of="output_delta", name="sum_taken_for_output", hint=SUM_TAKEN_FOR_OUTPUT)
def sum_taken_for_output_output(s_output: Floats, target: Floats, activation: str = "sigmoid") -> Floats:
    """The slope as s(1 - s)."""
    return 2 * _error(s_output, target, activation) * _slope_of_sum_as_output(s_output, activation)


@misconception(of="output_delta", name="wrong_sign", hint=WRONG_SIGN)
def wrong_sign_output(s_output: Floats, target: Floats, activation: str = "sigmoid") -> Floats:
    """ε = y - d (erratum E10: one slide has the sign of ∂E/∂o the other way round)."""
    return -reference.output_delta(s_output, target, activation)


@misconception(of="output_delta", name="factor_two_missing", hint=FACTOR_TWO)
def factor_two_missing_output(s_output: Floats, target: Floats, activation: str = "sigmoid") -> Floats:
    """δ = ε sgm'(s)."""
    return reference.output_delta(s_output, target, activation) / 2


@misconception(
    of="output_delta", hint="The error here is linear, d - s. The lecture minimises the error after the activation: d - sgm(s)."
)
def linear_error(s_output: Floats, target: Floats, activation: str = "sigmoid") -> Floats:
    """ε = d - s, the error before the activation."""
    error = _error(s_output, target, activation) + reference.sgm(s_output, activation) - s_output
    return 2 * error * reference.sgm_prime(s_output, activation)


@misconception(of="output_delta", hint="Each delta carries its own error to the first power. Is the error squared in your code?")
def error_squared(s_output: Floats, target: Floats, activation: str = "sigmoid") -> Floats:
    """δ = 2ε² sgm'(s)."""
    error = _error(s_output, target, activation)
    return 2 * error**2 * reference.sgm_prime(s_output, activation)


@misconception(of="output_delta", name="mean_over_outputs", hint=MEAN_OVER_OUTPUTS)
def mean_over_outputs_output(s_output: Floats, target: Floats, activation: str = "sigmoid") -> Floats:
    """Divided by the number of outputs."""
    return reference.output_delta(s_output, target, activation) / len(s_output)


@misconception(of="output_delta", name="tanh_not_squared", hint=TANH_SQUARE)
def tanh_not_squared_output(s_output: Floats, target: Floats, activation: str = "sigmoid") -> Floats:
    """1 - tanh(s) as the slope of tanh."""
    return 2 * _error(s_output, target, activation) * _linear_tanh_slope(s_output, activation)


@misconception(of="output_delta", name="activation_ignored", hint=ACTIVATION_IGNORED)
def activation_ignored_output(s_output: Floats, target: Floats, activation: str = "sigmoid") -> Floats:
    """Always the sigmoid."""
    return reference.output_delta(s_output, target)


@misconception(
    of="output_delta",
    hint="The error uses the right activation, its slope is still the sigmoid's. Does sgm_prime hear about activation?",
)
def slope_ignores_activation(s_output: Floats, target: Floats, activation: str = "sigmoid") -> Floats:
    """ε with the right activation, sgm' always the sigmoid's."""
    return 2 * _error(s_output, target, activation) * reference.sgm_prime(s_output)


@misconception(of="output_delta", name="rounded", hint=ROUNDED)
def rounded_output(s_output: Floats, target: Floats, activation: str = "sigmoid") -> Floats:
    """Rounded to four decimals."""
    return np.round(reference.output_delta(s_output, target, activation), 4)


@misconception(
    of="output_delta",
    hint="With one target for three outputs your code answers instead of complaining: numpy stretches the one. Compare the shapes first.",
)
def shapes_not_compared(s_output: Floats, target: Floats, activation: str = "sigmoid") -> Floats:
    """No check of the shapes: a single target is broadcast to all outputs."""
    return 2 * (target - reference.sgm(s_output, activation)) * reference.sgm_prime(s_output, activation)


# --- hidden_delta ------------------------------------------------------------------------------------------------------------


@misconception(of="hidden_delta", name="sigma_prime_missing", hint=SIGMA_PRIME_MISSING)
def sigma_prime_missing_hidden(s_hidden: Floats, w_output: Floats, delta_output: Floats, activation: str = "sigmoid") -> Floats:
    """δ_i = Σ_j w_ji δ_j."""
    result: Floats = delta_output @ w_output
    return result


@misconception(of="hidden_delta", name="sigma_prime_of_output", hint=SIGMA_PRIME_OF_OUTPUT)
def sigma_prime_of_output_hidden(s_hidden: Floats, w_output: Floats, delta_output: Floats, activation: str = "sigmoid") -> Floats:
    """sgm' at the hidden output instead of the hidden sum."""
    return reference.hidden_delta(reference.sgm(s_hidden, activation), w_output, delta_output, activation)


@misconception(of="hidden_delta", name="sum_taken_for_output", hint=SUM_TAKEN_FOR_OUTPUT)
def sum_taken_for_output_hidden(s_hidden: Floats, w_output: Floats, delta_output: Floats, activation: str = "sigmoid") -> Floats:
    """The slope as s(1 - s)."""
    result: Floats = (delta_output @ w_output) * _slope_of_sum_as_output(s_hidden, activation)
    return result


@misconception(
    of="hidden_delta",
    name="transposed_weights",
    hint="Going back, hidden unit i collects over the outputs j. Which index of w_output[j, i] does your sum run over?",
)
def transposed_weights_hidden(s_hidden: Floats, w_output: Floats, delta_output: Floats, activation: str = "sigmoid") -> Floats:
    """W·δ instead of Wᵀ·δ: fits only when W is square."""
    result: Floats = (w_output @ delta_output) * reference.sgm_prime(s_hidden, activation)
    return result


@misconception(
    of="hidden_delta",
    hint="All hidden units get the same sum of deltas. Through what does each output delta travel on its way back?",
)
def weights_forgotten(s_hidden: Floats, w_output: Floats, delta_output: Floats, activation: str = "sigmoid") -> Floats:
    """δ_i = (Σ_j δ_j) sgm'(s_i)."""
    return np.sum(delta_output) * reference.sgm_prime(s_hidden, activation)


@misconception(
    of="hidden_delta", name="wrong_sign", hint="The output deltas bring the sign along. Is there another minus on the way back?"
)
def wrong_sign_hidden(s_hidden: Floats, w_output: Floats, delta_output: Floats, activation: str = "sigmoid") -> Floats:
    """One minus too many."""
    return -reference.hidden_delta(s_hidden, w_output, delta_output, activation)


@misconception(of="hidden_delta", hint="Twice too much: the 2 of the squared error is already inside the output deltas.")
def factor_two_again(s_hidden: Floats, w_output: Floats, delta_output: Floats, activation: str = "sigmoid") -> Floats:
    """2 (Σ_j w_ji δ_j) sgm'(s_i)."""
    return 2 * reference.hidden_delta(s_hidden, w_output, delta_output, activation)


@misconception(
    of="hidden_delta",
    name="mean_over_outputs",
    hint="A hidden unit adds up what comes back from all outputs. Do you take the mean?",
)
def mean_over_outputs_hidden(s_hidden: Floats, w_output: Floats, delta_output: Floats, activation: str = "sigmoid") -> Floats:
    """Mean instead of sum over the outputs."""
    return reference.hidden_delta(s_hidden, w_output, delta_output, activation) / len(delta_output)


@misconception(
    of="hidden_delta",
    hint="Only one output reaches the hidden units. Does your loop over j overwrite the sum, or return too early?",
)
def last_output_only(s_hidden: Floats, w_output: Floats, delta_output: Floats, activation: str = "sigmoid") -> Floats:
    """= instead of += in the loop over the outputs."""
    result: Floats = w_output[-1] * delta_output[-1] * reference.sgm_prime(s_hidden, activation)
    return result


@misconception(of="hidden_delta", name="tanh_not_squared", hint=TANH_SQUARE)
def tanh_not_squared_hidden(s_hidden: Floats, w_output: Floats, delta_output: Floats, activation: str = "sigmoid") -> Floats:
    """1 - tanh(s) as the slope of tanh."""
    result: Floats = (delta_output @ w_output) * _linear_tanh_slope(s_hidden, activation)
    return result


@misconception(of="hidden_delta", name="activation_ignored", hint=ACTIVATION_IGNORED)
def activation_ignored_hidden(s_hidden: Floats, w_output: Floats, delta_output: Floats, activation: str = "sigmoid") -> Floats:
    """Always the sigmoid."""
    return reference.hidden_delta(s_hidden, w_output, delta_output)


@misconception(of="hidden_delta", name="rounded", hint=ROUNDED)
def rounded_hidden(s_hidden: Floats, w_output: Floats, delta_output: Floats, activation: str = "sigmoid") -> Floats:
    """Rounded to four decimals."""
    return np.round(reference.hidden_delta(s_hidden, w_output, delta_output, activation), 4)


# --- weight_step -------------------------------------------------------------------------------------------------------------


@misconception(of="weight_step", hint="Rows and columns are exchanged: one row for each delta, one column for each input.")
def transposed_step(delta: Floats, inputs: Floats, mu: float) -> Floats:
    """outer(inputs, delta)."""
    result: Floats = mu * np.outer(inputs, delta)
    return result


@misconception(of="weight_step", name="mu_missing", hint=MU_MISSING)
def mu_missing_step(delta: Floats, inputs: Floats, mu: float) -> Floats:
    """δ Xᵀ without μ."""
    result: Floats = np.outer(delta, inputs)
    return result


@misconception(
    of="weight_step",
    hint="Your change is the same for every unit. The input is the last factor of the chain rule only: what does each unit bring along?",
)
def delta_missing(delta: Floats, inputs: Floats, mu: float) -> Floats:
    """μ X for every unit: ∂s/∂w = x is taken for ∂L/∂w (erratum E9)."""
    result: Floats = mu * np.outer(np.ones_like(delta), inputs)
    return result


@misconception(of="weight_step", name="wrong_sign", hint=SUBTRACTED)
def wrong_sign_step(delta: Floats, inputs: Floats, mu: float) -> Floats:
    """-μ δ Xᵀ."""
    return -reference.weight_step(delta, inputs, mu)


@misconception(
    of="weight_step", name="factor_two_again", hint="Twice too much: the 2 of the squared error is already inside delta."
)
def factor_two_again_step(delta: Floats, inputs: Floats, mu: float) -> Floats:
    """2 μ δ Xᵀ."""
    return 2 * reference.weight_step(delta, inputs, mu)


@misconception(
    of="weight_step",
    hint="Every weight has its own delta and its own input. * multiplies element by element; here each delta meets each input.",
)
def elementwise_product(delta: Floats, inputs: Floats, mu: float) -> Floats:
    """μ δ * X: element by element."""
    return mu * np.asarray(delta) * np.asarray(inputs)


@misconception(
    of="weight_step", hint="One number where a whole matrix is due: δᵀX adds everything up, δXᵀ is a table of all products."
)
def inner_product(delta: Floats, inputs: Floats, mu: float) -> Floats:
    """μ δᵀ X: a scalar product."""
    return np.asarray(mu * np.dot(delta, inputs))


@misconception(of="weight_step", hint="No division is needed: the rule is for one example, not a mean over the inputs.")
def divided_by_inputs(delta: Floats, inputs: Floats, mu: float) -> Floats:
    """Divided by the number of inputs."""
    return reference.weight_step(delta, inputs, mu) / len(inputs)


@misconception(
    of="weight_step",
    hint="With whole-number inputs the changes lose everything after the point. Which dtype has the array you fill?",
)
def truncated_to_int(delta: Floats, inputs: Floats, mu: float) -> NDArray[np.generic]:
    """The array to fill takes the dtype of the inputs."""
    return reference.weight_step(delta, inputs, mu).astype(np.asarray(inputs).dtype)


@misconception(of="weight_step", name="rounded", hint=ROUNDED)
def rounded_step(delta: Floats, inputs: Floats, mu: float) -> Floats:
    """Rounded to four decimals."""
    return np.round(reference.weight_step(delta, inputs, mu), 4)


# --- step_in_order -----------------------------------------------------------------------------------------------------------


@misconception(
    of="step_in_order",
    hint="Your hidden delta uses the old output weights. In this exercise, as in the slide's 3μ/128, they have moved already.",
)
def updated_after_hidden_delta(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """All deltas with the old weights: the simultaneous step."""
    return reference.step_simultaneous(x, target, w_hidden, w_output, mu, activation)


@misconception(
    of="step_in_order",
    hint="The output deltas are computed once, before any weight moves. Do you run the forward pass again in between?",
)
def forward_run_again(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """After the output weights moved, forward pass and output deltas are computed anew for the hidden layer."""
    _, new_output = reference.step_in_order(x, target, w_hidden, w_output, mu, activation)
    s_hidden, _, s_output, _ = reference.forward(x, w_hidden, new_output, activation)
    delta = reference.output_delta(s_output, target, activation)
    back = reference.hidden_delta(s_hidden, new_output, delta, activation)
    return w_hidden + reference.weight_step(back, x, mu), new_output


@misconception(
    of="step_in_order", hint="The hidden layer moves before the output layer here. The slide adjusts the output weights first."
)
def hidden_layer_first(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """Hidden weights first; the output weights then use the new hidden outputs."""
    new_hidden, _ = reference.step_simultaneous(x, target, w_hidden, w_output, mu, activation)
    _, hidden, s_output, _ = reference.forward(x, new_hidden, w_output, activation)
    return new_hidden, w_output + reference.weight_step(reference.output_delta(s_output, target, activation), hidden, mu)


@misconception(of="step_in_order", name="sigma_prime_missing", hint=SIGMA_PRIME_MISSING)
def sigma_prime_missing_in_order(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """No sgm' in either delta."""
    return _deltas(x, target, w_hidden, w_output, mu, activation, in_order=True, slopes="none")


@misconception(of="step_in_order", name="sigma_prime_missing_in_hidden_layer", hint=MISSING_IN_HIDDEN)
def sigma_prime_missing_in_hidden_layer_in_order(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """No sgm' in the hidden delta."""
    return _deltas(x, target, w_hidden, w_output, mu, activation, in_order=True, slopes="none in the hidden layer")


@misconception(of="step_in_order", name="sigma_prime_missing_in_output_layer", hint=MISSING_IN_OUTPUT)
def sigma_prime_missing_in_output_layer_in_order(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """No sgm' in the output delta."""
    return _deltas(x, target, w_hidden, w_output, mu, activation, in_order=True, slopes="none in the output layer")


@misconception(of="step_in_order", name="sigma_prime_of_output", hint=SIGMA_PRIME_OF_OUTPUT)
def sigma_prime_of_output_in_order(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """sgm' at the outputs instead of the sums, in both layers."""
    return _deltas(x, target, w_hidden, w_output, mu, activation, in_order=True, slopes="of output")


@misconception(of="step_in_order", name="step_subtracted", hint=UPHILL)
def step_subtracted_in_order(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """W - ΔW."""
    return _deltas(x, target, w_hidden, w_output, mu, activation, in_order=True, sign=-1.0)


@misconception(of="step_in_order", name="tanh_not_squared", hint=TANH_SQUARE)
def tanh_not_squared_in_order(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """1 - tanh(s) as the slope of tanh, in both layers."""
    return _deltas(x, target, w_hidden, w_output, mu, activation, in_order=True, slopes="not squared")


@misconception(of="step_in_order", name="factor_two_missing", hint=FACTOR_TWO)
def factor_two_missing_in_order(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """δ = ε sgm'(s)."""
    return _deltas(x, target, w_hidden, w_output, mu, activation, in_order=True, factor=0.5)


@misconception(of="step_in_order", name="mean_over_outputs", hint=MEAN_OVER_OUTPUTS)
def mean_over_outputs_in_order(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """Gradient of the mean squared error over the outputs."""
    return _deltas(x, target, w_hidden, w_output, mu, activation, in_order=True, factor=1 / len(target))


@misconception(of="step_in_order", name="divided_by_outputs_twice", hint=DIVIDED_TWICE)
def divided_by_outputs_twice_in_order(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """The mean over the outputs is taken in the error and once more in the deltas."""
    return _deltas(x, target, w_hidden, w_output, mu, activation, in_order=True, factor=1 / len(target) ** 2)


@misconception(of="step_in_order", name="mu_missing", hint=MU_MISSING)
def mu_missing_in_order(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """W + δ Xᵀ."""
    return _deltas(x, target, w_hidden, w_output, mu, activation, in_order=True, rate=1.0)


@misconception(of="step_in_order", name="activation_ignored", hint=ACTIVATION_IGNORED)
def activation_ignored_in_order(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """Always the sigmoid."""
    return reference.step_in_order(x, target, w_hidden, w_output, mu)


@misconception(of="step_in_order", name="results_swapped", hint=SWAPPED_STEP)
def results_swapped_in_order(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """Returns (new_w_output, new_w_hidden)."""
    new_hidden, new_output = reference.step_in_order(x, target, w_hidden, w_output, mu, activation)
    return new_output, new_hidden


@misconception(of="step_in_order", name="changes_returned", hint=ONLY_CHANGES)
def changes_returned_in_order(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """Returns ΔW of both layers."""
    new_hidden, new_output = reference.step_in_order(x, target, w_hidden, w_output, mu, activation)
    return new_hidden - w_hidden, new_output - w_output


# --- step_simultaneous -------------------------------------------------------------------------------------------------------


@misconception(
    of="step_simultaneous",
    hint="Your hidden delta already sees the new output weights. For the true gradient, all deltas come before any weight moves.",
)
def updated_before_hidden_delta(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """The hidden delta with the new output weights: the step in order."""
    return reference.step_in_order(x, target, w_hidden, w_output, mu, activation)


@misconception(
    of="step_simultaneous",
    name="hidden_layer_first",
    hint="The output weights move with new hidden outputs here. For the true gradient, both layers use the same forward pass.",
)
def hidden_layer_first_simultaneous(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """Hidden weights first; the output weights then use the new hidden outputs."""
    new_hidden, _ = reference.step_simultaneous(x, target, w_hidden, w_output, mu, activation)
    _, hidden, s_output, _ = reference.forward(x, new_hidden, w_output, activation)
    return new_hidden, w_output + reference.weight_step(reference.output_delta(s_output, target, activation), hidden, mu)


@misconception(of="step_simultaneous", name="sigma_prime_missing", hint=SIGMA_PRIME_MISSING)
def sigma_prime_missing_simultaneous(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """No sgm' in either delta."""
    return _deltas(x, target, w_hidden, w_output, mu, activation, in_order=False, slopes="none")


@misconception(of="step_simultaneous", name="sigma_prime_missing_in_hidden_layer", hint=MISSING_IN_HIDDEN)
def sigma_prime_missing_in_hidden_layer_simultaneous(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """No sgm' in the hidden delta."""
    return _deltas(x, target, w_hidden, w_output, mu, activation, in_order=False, slopes="none in the hidden layer")


@misconception(of="step_simultaneous", name="sigma_prime_missing_in_output_layer", hint=MISSING_IN_OUTPUT)
def sigma_prime_missing_in_output_layer_simultaneous(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """No sgm' in the output delta."""
    return _deltas(x, target, w_hidden, w_output, mu, activation, in_order=False, slopes="none in the output layer")


@misconception(of="step_simultaneous", name="sigma_prime_of_output", hint=SIGMA_PRIME_OF_OUTPUT)
def sigma_prime_of_output_simultaneous(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """sgm' at the outputs instead of the sums, in both layers."""
    return _deltas(x, target, w_hidden, w_output, mu, activation, in_order=False, slopes="of output")


@misconception(of="step_simultaneous", name="step_subtracted", hint=UPHILL)
def step_subtracted_simultaneous(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """W - ΔW."""
    return _deltas(x, target, w_hidden, w_output, mu, activation, in_order=False, sign=-1.0)


@misconception(of="step_simultaneous", name="tanh_not_squared", hint=TANH_SQUARE)
def tanh_not_squared_simultaneous(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """1 - tanh(s) as the slope of tanh, in both layers."""
    return _deltas(x, target, w_hidden, w_output, mu, activation, in_order=False, slopes="not squared")


@misconception(of="step_simultaneous", name="factor_two_missing", hint=FACTOR_TWO)
def factor_two_missing_simultaneous(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """δ = ε sgm'(s)."""
    return _deltas(x, target, w_hidden, w_output, mu, activation, in_order=False, factor=0.5)


@misconception(of="step_simultaneous", name="mean_over_outputs", hint=MEAN_OVER_OUTPUTS)
def mean_over_outputs_simultaneous(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """Gradient of the mean squared error over the outputs."""
    return _deltas(x, target, w_hidden, w_output, mu, activation, in_order=False, factor=1 / len(target))


@misconception(of="step_simultaneous", name="divided_by_outputs_twice", hint=DIVIDED_TWICE)
def divided_by_outputs_twice_simultaneous(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """The mean over the outputs is taken in the error and once more in the deltas."""
    return _deltas(x, target, w_hidden, w_output, mu, activation, in_order=False, factor=1 / len(target) ** 2)


@misconception(of="step_simultaneous", name="mu_missing", hint=MU_MISSING)
def mu_missing_simultaneous(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """W + δ Xᵀ."""
    return _deltas(x, target, w_hidden, w_output, mu, activation, in_order=False, rate=1.0)


@misconception(of="step_simultaneous", name="activation_ignored", hint=ACTIVATION_IGNORED)
def activation_ignored_simultaneous(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """Always the sigmoid."""
    return reference.step_simultaneous(x, target, w_hidden, w_output, mu)


@misconception(of="step_simultaneous", name="results_swapped", hint=SWAPPED_STEP)
def results_swapped_simultaneous(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """Returns (new_w_output, new_w_hidden)."""
    new_hidden, new_output = reference.step_simultaneous(x, target, w_hidden, w_output, mu, activation)
    return new_output, new_hidden


@misconception(of="step_simultaneous", name="changes_returned", hint=ONLY_CHANGES)
def changes_returned_simultaneous(
    x: Floats, target: Floats, w_hidden: Floats, w_output: Floats, mu: float, activation: str = "sigmoid"
) -> Pair:
    """Returns ΔW of both layers."""
    new_hidden, new_output = reference.step_simultaneous(x, target, w_hidden, w_output, mu, activation)
    return new_hidden - w_hidden, new_output - w_output
