"""Mistakes of optimizers: each a wrong version of a reference function, with the hint a student reads."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.course.authoring import misconception
from reference import optimizers as reference

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Pair: TypeAlias = tuple[Floats, Floats]
Triple: TypeAlias = tuple[Floats, Floats, Floats]

UPHILL = "The step leads uphill: the gradient points where the cost grows. Which way should theta go?"
RATE_MISSING = "The direction is right, the length is not: which argument of the function is not in your code?"
LAST_BATCH_DROPPED = (
    "With 7 examples and batches of 3, one example never takes part. What is left over makes a last, smaller batch."
)
ORDER_IGNORED = "The examples are taken as they stand. The argument order says which come first."
LAST_BATCH_COUNT = "All is right until the last, smaller batch. By how many examples is its sum divided?"
REG_MISSING = "The penalty is the same for every reg. Where does its strength come in?"
NO_HALF = "Twice the right number. The penalty has a convention in front of the sum: look at the formula once more."


# --- gradient_step -----------------------------------------------------------------------------------------------------------


@misconception(of="gradient_step", name="uphill", hint=UPHILL)
def uphill_step(theta: Floats, gradient: Floats, rate: float) -> Floats:
    """θ + η g."""
    return reference.gradient_step(theta, gradient, -rate)


@misconception(of="gradient_step", name="rate_missing", hint=RATE_MISSING)
def rate_missing_step(theta: Floats, gradient: Floats, rate: float) -> Floats:
    """θ - g."""
    return reference.gradient_step(theta, gradient, 1.0)


@misconception(of="gradient_step", hint="This is the change. The docstring asks for where theta is after it.")
def only_the_change(theta: Floats, gradient: Floats, rate: float) -> Floats:
    """-η g."""
    result: Floats = -rate * gradient
    return result


@misconception(
    of="gradient_step",
    hint="Your step is short when there are many parameters. Each parameter moves by its own derivative, there is nothing to divide.",
)
def divided_by_the_number_of_parameters(theta: Floats, gradient: Floats, rate: float) -> Floats:
    """θ - η g / size."""
    return reference.gradient_step(theta, gradient, rate / gradient.size)


@misconception(
    of="gradient_step",
    hint="All parameters move by the rate alone. How large each derivative is should matter, not only its sign.",
)
def sign_of_the_gradient(theta: Floats, gradient: Floats, rate: float) -> Floats:
    """θ - η sign(g)."""
    return reference.gradient_step(theta, np.sign(gradient), rate)


# --- batch_indices -----------------------------------------------------------------------------------------------------------


def _counted(batch_size: int) -> None:
    """A mistake in the slices is no reason to accept a batch of 0 examples."""
    if batch_size < 1:
        raise ValueError("a batch has at least one example")


@misconception(of="batch_indices", name="last_batch_dropped", hint=LAST_BATCH_DROPPED)
def last_batch_dropped_indices(order: Integers, batch_size: int) -> list[Integers]:
    """Only full batches."""
    return [batch for batch in reference.batch_indices(order, batch_size) if len(batch) == batch_size]


@misconception(of="batch_indices", name="order_ignored", hint=ORDER_IGNORED)
def order_ignored_indices(order: Integers, batch_size: int) -> list[Integers]:
    """0, 1, 2, …"""
    return reference.batch_indices(np.arange(len(order)), batch_size)


@misconception(of="batch_indices", hint="batch_size is how many examples a batch has. You make batch_size batches.")
def size_taken_for_number_of_batches(order: Integers, batch_size: int) -> list[Integers]:
    """np.array_split(order, batch_size)."""
    _counted(batch_size)
    return [part for part in np.array_split(order, batch_size) if len(part)]


@misconception(
    of="batch_indices",
    hint="Where the batch size divides the examples, your list ends with an empty batch. When does the last one begin?",
)
def empty_last_batch(order: Integers, batch_size: int) -> list[Integers]:
    """range(N // batch_size + 1): an empty batch when nothing is left over."""
    _counted(batch_size)
    return [order[k * batch_size : (k + 1) * batch_size] for k in range(len(order) // batch_size + 1)]


@misconception(
    of="batch_indices", hint="Your last batch is filled up with examples that it has had already. It may simply be smaller."
)
def last_batch_filled_up(order: Integers, batch_size: int) -> list[Integers]:
    """The last batch goes on from the beginning."""
    _counted(batch_size)
    starts = range(0, len(order), batch_size)
    return [np.take(order, range(start, start + batch_size), mode="wrap") for start in starts]


@misconception(
    of="batch_indices", hint="Neighbouring batches share examples. By how much does the start move from one batch to the next?"
)
def windows_that_overlap(order: Integers, batch_size: int) -> list[Integers]:
    """The start moves by one."""
    _counted(batch_size)
    return [order[start : start + batch_size] for start in range(max(1, len(order) - batch_size + 1))]


@misconception(of="batch_indices", hint="The right examples, but sorted inside of each batch. Their order is to be kept.")
def sorted_batches(order: Integers, batch_size: int) -> list[Integers]:
    """Each batch sorted."""
    return [np.sort(batch) for batch in reference.batch_indices(order, batch_size)]


# --- sgd_epoch ---------------------------------------------------------------------------------------------------------------


def _epoch(
    theta: Floats,
    xs: Floats,
    ys: Floats,
    rate: float,
    batches: list[Any],
    share: Callable[[int], float] = lambda m: 2.0 / m,
) -> Floats:
    """A step for each batch with another factor before the sum."""
    here = theta.astype(float)
    for batch in batches:
        error = xs[batch] @ here - ys[batch]
        here = here - rate * share(len(batch)) * (error @ xs[batch])
    return here


@misconception(of="sgd_epoch", name="uphill", hint=UPHILL)
def uphill_epoch(theta: Floats, xs: Floats, ys: Floats, rate: float, batch_size: int, order: Integers) -> Floats:
    """θ + η g."""
    return reference.sgd_epoch(theta, xs, ys, -rate, batch_size, order)


@misconception(of="sgd_epoch", hint="Your steps are half as long. What does the derivative of a square bring in front?")
def factor_two_missing(theta: Floats, xs: Floats, ys: Floats, rate: float, batch_size: int, order: Integers) -> Floats:
    """1/m Σ instead of 2/m Σ."""
    return reference.sgd_epoch(theta, xs, ys, rate / 2, batch_size, order)


@misconception(
    of="sgd_epoch", hint="Your steps grow with the size of the batch. The cost is a mean over its examples, not a sum."
)
def sum_instead_of_mean(theta: Floats, xs: Floats, ys: Floats, rate: float, batch_size: int, order: Integers) -> Floats:
    """2 Σ."""
    return _epoch(theta, xs, ys, rate, reference.batch_indices(order, batch_size), lambda m: 2.0)


@misconception(
    of="sgd_epoch", hint="Your steps are too short: a batch divides by the number of its own examples, not by that of all."
)
def divided_by_all_examples(theta: Floats, xs: Floats, ys: Floats, rate: float, batch_size: int, order: Integers) -> Floats:
    """2/N Σ with the N of the whole set."""
    return _epoch(theta, xs, ys, rate, reference.batch_indices(order, batch_size), lambda m: 2.0 / len(xs))


@misconception(of="sgd_epoch", name="last_batch_divided_by_batch_size", hint=LAST_BATCH_COUNT)
def last_batch_divided_by_batch_size(
    theta: Floats, xs: Floats, ys: Floats, rate: float, batch_size: int, order: Integers
) -> Floats:
    """2/batch_size Σ in the last, smaller batch."""
    return _epoch(theta, xs, ys, rate, reference.batch_indices(order, batch_size), lambda m: 2.0 / batch_size)


@misconception(of="sgd_epoch", name="last_batch_dropped", hint=LAST_BATCH_DROPPED)
def last_batch_dropped_epoch(theta: Floats, xs: Floats, ys: Floats, rate: float, batch_size: int, order: Integers) -> Floats:
    """Only full batches."""
    return _epoch(theta, xs, ys, rate, last_batch_dropped_indices.function(order, batch_size))


@misconception(of="sgd_epoch", name="order_ignored", hint=ORDER_IGNORED)
def order_ignored_epoch(theta: Floats, xs: Floats, ys: Floats, rate: float, batch_size: int, order: Integers) -> Floats:
    """0, 1, 2, …"""
    return reference.sgd_epoch(theta, xs, ys, rate, batch_size, np.arange(len(order)))


@misconception(
    of="sgd_epoch",
    hint="Every batch computes its gradient at the theta of the beginning. Which theta does the second batch meet?",
)
def gradients_at_the_first_theta(theta: Floats, xs: Floats, ys: Floats, rate: float, batch_size: int, order: Integers) -> Floats:
    """All gradients at the θ that was given."""
    steps = [_epoch(theta, xs, ys, rate, [batch]) - theta for batch in reference.batch_indices(order, batch_size)]
    return np.asarray(theta + np.sum(steps, axis=0))


@misconception(
    of="sgd_epoch", hint="Rows of xs come in the order of the batch, numbers of ys do not: each example gets another one's y."
)
def ys_not_reordered(theta: Floats, xs: Floats, ys: Floats, rate: float, batch_size: int, order: Integers) -> Floats:
    """xs[batch] with ys[start:stop]."""
    return reference.sgd_epoch(theta, xs[order], ys, rate, batch_size, np.arange(len(order)))


@misconception(
    of="sgd_epoch", hint="The first batch is used, then the function returns. An epoch ends when every example has taken part."
)
def first_batch_only(theta: Floats, xs: Floats, ys: Floats, rate: float, batch_size: int, order: Integers) -> Floats:
    """return inside of the loop."""
    return _epoch(theta, xs, ys, rate, reference.batch_indices(order, batch_size)[:1])


# --- l2_penalty and l2_gradient ----------------------------------------------------------------------------------------------


@misconception(of="l2_penalty", name="reg_missing", hint=REG_MISSING)
def reg_missing_penalty(weights: Floats, reg: float) -> float:
    """½ Σ w²."""
    return reference.l2_penalty(weights, 1.0)


@misconception(of="l2_penalty", name="half_missing", hint=NO_HALF)
def half_missing_penalty(weights: Floats, reg: float) -> float:
    """λ Σ w²."""
    return reference.l2_penalty(weights, 2 * reg)


@misconception(of="l2_penalty", hint="This is the length of the vector of weights. The penalty takes its square.")
def root_of_the_sum(weights: Floats, reg: float) -> float:
    """λ/2 ‖w‖."""
    return 0.5 * reg * float(np.sqrt((weights**2).sum()))


@misconception(of="l2_penalty", hint="Your penalty shrinks when there are more weights. It is a sum, not a mean.")
def mean_of_squares(weights: Floats, reg: float) -> float:
    """λ/2 mean w²."""
    return reference.l2_penalty(weights, reg) / weights.size


@misconception(of="l2_penalty", hint="Absolute values make the L1 penalty. What does L2 do with each weight?")
def absolute_values(weights: Floats, reg: float) -> float:
    """λ Σ |w|."""
    return reg * float(np.abs(weights).sum())


@misconception(
    of="l2_penalty", hint="Positive and negative weights cancel each other. Square each weight before you add them up."
)
def square_of_the_sum(weights: Floats, reg: float) -> float:
    """λ/2 (Σ w)²."""
    return 0.5 * reg * float(weights.sum()) ** 2


@misconception(
    of="l2_gradient",
    name="reg_missing",
    hint="The gradient is the same for every reg. Where does the strength of the penalty come in?",
)
def reg_missing_gradient(weights: Floats, reg: float) -> Floats:
    """w."""
    return weights.astype(float)


@misconception(
    of="l2_gradient", hint="Twice the right gradient. The penalty has 1/2 in front: what is left of the 2 that the square brings?"
)
def two_not_cancelled(weights: Floats, reg: float) -> Floats:
    """2λ w."""
    return reference.l2_gradient(weights, 2 * reg)


@misconception(of="l2_gradient", hint="Half of the right gradient. The derivative of a square brings a 2, which meets the 1/2.")
def half_of_the_gradient(weights: Floats, reg: float) -> Floats:
    """λ/2 w."""
    return reference.l2_gradient(weights, reg / 2)


@misconception(of="l2_gradient", hint="Your gradient has another sign. Does a positive weight make the penalty grow or fall?")
def downhill_already(weights: Floats, reg: float) -> Floats:
    """-λ w."""
    return -reference.l2_gradient(weights, reg)


@misconception(
    of="l2_gradient",
    hint="A constant times the sign of each weight is the gradient of the L1 penalty. How does the slope of w² depend on w?",
)
def sign_of_the_weights(weights: Floats, reg: float) -> Floats:
    """λ sign(w)."""
    return np.asarray(reg * np.sign(weights))


@misconception(of="l2_gradient", hint="This is the square of each weight. The exercise asks for its derivative.")
def squares_for_the_gradient(weights: Floats, reg: float) -> Floats:
    """λ/2 w²."""
    return np.asarray(0.5 * reg * weights**2)


# --- weight_decay_step -------------------------------------------------------------------------------------------------------


def _decayed(theta: Floats, gradient: Floats, step: float, shrink: float) -> Floats:
    return np.asarray(theta - step * gradient - shrink * theta)


@misconception(
    of="weight_decay_step", name="reg_missing", hint="Your step is the same for every reg. Where does the penalty come in?"
)
def reg_missing_decay(theta: Floats, gradient: Floats, rate: float, reg: float) -> Floats:
    """θ - η(g + θ)."""
    return _decayed(theta, gradient, rate, rate)


@misconception(of="weight_decay_step", hint="This is plain gradient descent. What does the penalty add to the gradient?")
def penalty_left_out(theta: Floats, gradient: Floats, rate: float, reg: float) -> Floats:
    """θ - η g."""
    return _decayed(theta, gradient, rate, 0.0)


@misconception(
    of="weight_decay_step", hint="Weights shrink too fast. The penalty's gradient goes through the rate as the other one does."
)
def decay_without_the_rate(theta: Floats, gradient: Floats, rate: float, reg: float) -> Floats:
    """θ - η g - λ θ."""
    return _decayed(theta, gradient, rate, reg)


@misconception(
    of="weight_decay_step", hint="Large weights grow even larger. Which sign does the penalty's gradient have in the step?"
)
def weights_that_grow(theta: Floats, gradient: Floats, rate: float, reg: float) -> Floats:
    """θ - η(g - λ θ)."""
    return _decayed(theta, gradient, rate, -rate * reg)


@misconception(
    of="weight_decay_step", hint="The penalty pulls twice too hard. Its gradient is reg * theta: the 1/2 has met the 2."
)
def two_in_the_decay(theta: Floats, gradient: Floats, rate: float, reg: float) -> Floats:
    """θ - η(g + 2λ θ)."""
    return _decayed(theta, gradient, rate, 2 * rate * reg)


@misconception(
    of="weight_decay_step",
    hint="Nearly right: you shrink the weights after the step. Both gradients belong to the theta before it.",
)
def shrunk_after_the_step(theta: Floats, gradient: Floats, rate: float, reg: float) -> Floats:
    """(1 - ηλ)(θ - η g)."""
    return np.asarray((1 - rate * reg) * (theta - rate * gradient))


@misconception(
    of="weight_decay_step",
    hint="You add the penalty, one number, to every derivative. Each weight has its own derivative of the penalty.",
)
def penalty_added_to_the_gradient(theta: Floats, gradient: Floats, rate: float, reg: float) -> Floats:
    """θ - η(g + λ/2 Σ θ²)."""
    return reference.gradient_step(theta, gradient + reference.l2_penalty(theta, reg), rate)


# --- momentum_step -----------------------------------------------------------------------------------------------------------


def _pushed(theta: Floats, faster: Floats) -> Pair:
    return np.asarray(theta + faster), faster


@misconception(of="momentum_step", name="uphill", hint=UPHILL)
def uphill_momentum(theta: Floats, velocity: Floats, gradient: Floats, rate: float, momentum: float) -> Pair:
    """v' = αv + ηg, θ + v'."""
    return reference.momentum_step(theta, velocity, gradient, -rate, momentum)


@misconception(
    of="momentum_step",
    hint="Your velocity has neither the rate nor the minus in it, as in some libraries. Here velocity is the step itself.",
)
def velocity_of_the_libraries(theta: Floats, velocity: Floats, gradient: Floats, rate: float, momentum: float) -> Pair:
    """v' = αv + g, θ - ηv'."""
    faster: Floats = momentum * velocity + gradient
    return np.asarray(theta - rate * faster), faster


@misconception(
    of="momentum_step",
    hint="This is a running mean of gradients: your gradient counts (1 - momentum). Does the formula have that factor?",
)
def running_mean(theta: Floats, velocity: Floats, gradient: Floats, rate: float, momentum: float) -> Pair:
    """v' = αv - (1 - α)ηg."""
    return reference.momentum_step(theta, velocity, gradient, (1 - momentum) * rate, momentum)


@misconception(of="momentum_step", hint="The new velocity is right, but theta still moves by the old one.")
def moved_by_the_old_velocity(theta: Floats, velocity: Floats, gradient: Floats, rate: float, momentum: float) -> Pair:
    """θ + v."""
    return np.asarray(theta + velocity), reference.momentum_step(theta, velocity, gradient, rate, momentum)[1]


@misconception(
    of="momentum_step", hint="theta is right, but the velocity comes back as it was given. The next step needs the new one."
)
def velocity_not_renewed(theta: Floats, velocity: Floats, gradient: Floats, rate: float, momentum: float) -> Pair:
    """Returns the old v."""
    return reference.momentum_step(theta, velocity, gradient, rate, momentum)[0], velocity.copy()


@misconception(
    of="momentum_step", hint="The velocity never slows down: all of the last step is taken again. How much of it should be?"
)
def momentum_missing(theta: Floats, velocity: Floats, gradient: Floats, rate: float, momentum: float) -> Pair:
    """v' = v - ηg."""
    return reference.momentum_step(theta, velocity, gradient, rate, 1.0)


@misconception(of="momentum_step", hint="The last step does not count at all: this is plain gradient descent.")
def velocity_forgotten(theta: Floats, velocity: Floats, gradient: Floats, rate: float, momentum: float) -> Pair:
    """v' = -ηg."""
    return reference.momentum_step(theta, velocity, gradient, rate, 0.0)


@misconception(
    of="momentum_step",
    hint="theta looks one step ahead: that is Nesterov's momentum. Here theta moves by the new velocity, no further.",
)
def nesterov(theta: Floats, velocity: Floats, gradient: Floats, rate: float, momentum: float) -> Pair:
    """θ + αv' - ηg."""
    _, faster = reference.momentum_step(theta, velocity, gradient, rate, momentum)
    return np.asarray(theta + momentum * faster - rate * gradient), faster


@misconception(
    of="momentum_step",
    name="results_swapped",
    hint="Both results are right but come in the other order: first theta, then the velocity.",
)
def results_swapped_momentum(theta: Floats, velocity: Floats, gradient: Floats, rate: float, momentum: float) -> Pair:
    """(v', θ')."""
    return reference.momentum_step(theta, velocity, gradient, rate, momentum)[::-1]


# --- adam_step ---------------------------------------------------------------------------------------------------------------


def _adam(
    theta: Floats,
    gradient: Floats,
    m: Floats,
    v: Floats,
    t: float,
    rate: float,
    beta1: float,
    beta2: float,
    step: Callable[[Floats, Floats], Floats],
    correct: tuple[bool, bool] = (True, True),
) -> Triple:
    """Adam with another step from (m_hat, v_hat), or without the correction of m or of v."""
    mean: Floats = beta1 * m + (1 - beta1) * gradient
    square: Floats = beta2 * v + (1 - beta2) * gradient**2
    m_hat = mean / (1 - beta1**t) if correct[0] else mean
    v_hat = square / (1 - beta2**t) if correct[1] else square
    with np.errstate(all="ignore"):
        return np.asarray(theta - rate * step(m_hat, v_hat)), mean, square


def _usual(epsilon: float) -> Callable[[Floats, Floats], Floats]:
    return lambda m_hat, v_hat: np.asarray(m_hat / (np.sqrt(v_hat) + epsilon))


@misconception(
    of="adam_step",
    hint="In the first steps yours goes too far or not far enough: both means start from 0. What makes up for that?",
)
def no_correction(
    theta: Floats,
    gradient: Floats,
    m: Floats,
    v: Floats,
    t: int,
    rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> Triple:
    """m and v as they are."""
    return _adam(theta, gradient, m, v, t, rate, beta1, beta2, _usual(epsilon), (False, False))


@misconception(of="adam_step", hint="The mean of the gradient is corrected, the mean of its square is not. Both start from 0.")
def only_m_corrected(
    theta: Floats,
    gradient: Floats,
    m: Floats,
    v: Floats,
    t: int,
    rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> Triple:
    """v as it is."""
    return _adam(theta, gradient, m, v, t, rate, beta1, beta2, _usual(epsilon), (True, False))


@misconception(of="adam_step", hint="The mean of the square is corrected, the mean of the gradient is not. Both start from 0.")
def only_v_corrected(
    theta: Floats,
    gradient: Floats,
    m: Floats,
    v: Floats,
    t: int,
    rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> Triple:
    """m as it is."""
    return _adam(theta, gradient, m, v, t, rate, beta1, beta2, _usual(epsilon), (False, True))


@misconception(of="adam_step", hint="The correction is that of the next step. t is 1 in the first step already.")
def t_counted_from_zero(
    theta: Floats,
    gradient: Floats,
    m: Floats,
    v: Floats,
    t: int,
    rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> Triple:
    """β^(t+1)."""
    return _adam(theta, gradient, m, v, t + 1, rate, beta1, beta2, _usual(epsilon))


@misconception(of="adam_step", hint="Your correction is the same in every step. What happens to beta as t grows?")
def correction_without_t(
    theta: Floats,
    gradient: Floats,
    m: Floats,
    v: Floats,
    t: int,
    rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> Triple:
    """1 - β instead of 1 - β^t."""
    return _adam(theta, gradient, m, v, 1, rate, beta1, beta2, _usual(epsilon))


@misconception(of="adam_step", hint="beta1 and beta2 have changed places: which of them belongs to the mean of the squares?")
def betas_swapped(
    theta: Floats,
    gradient: Floats,
    m: Floats,
    v: Floats,
    t: int,
    rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> Triple:
    """β₂ for m, β₁ for v."""
    return _adam(theta, gradient, m, v, t, rate, beta2, beta1, _usual(epsilon))


@misconception(
    of="adam_step",
    hint="v is to be a mean of squares, and yours may be negative. What happens to the gradient before it goes into v?",
)
def gradient_not_squared(
    theta: Floats,
    gradient: Floats,
    m: Floats,
    v: Floats,
    t: int,
    rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> Triple:
    """v' = β₂v + (1 - β₂)g."""
    square: Floats = beta2 * v + (1 - beta2) * gradient
    mean: Floats = beta1 * m + (1 - beta1) * gradient
    with np.errstate(all="ignore"):
        step = mean / (1 - beta1**t) / (np.sqrt(square / (1 - beta2**t)) + epsilon)
    return np.asarray(theta - rate * step), mean, square


@misconception(
    of="adam_step",
    hint="You divide by v_hat itself. Its root has the unit of a gradient, so that the step has the length of the rate.",
)
def root_missing(
    theta: Floats,
    gradient: Floats,
    m: Floats,
    v: Floats,
    t: int,
    rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> Triple:
    """m̂ / (v̂ + ε)."""
    return _adam(theta, gradient, m, v, t, rate, beta1, beta2, lambda a, b: np.asarray(a / (b + epsilon)))


@misconception(of="adam_step", hint="Right while epsilon is tiny. Does epsilon stand inside of the root or beside it?")
def epsilon_inside_the_root(
    theta: Floats,
    gradient: Floats,
    m: Floats,
    v: Floats,
    t: int,
    rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> Triple:
    """m̂ / √(v̂ + ε)."""
    return _adam(theta, gradient, m, v, t, rate, beta1, beta2, lambda a, b: np.asarray(a / np.sqrt(b + epsilon)))


@misconception(
    of="adam_step", hint="Right while epsilon is tiny. Is epsilon added to the root of v_hat, or of the v before its correction?"
)
def epsilon_beside_the_uncorrected_root(
    theta: Floats,
    gradient: Floats,
    m: Floats,
    v: Floats,
    t: int,
    rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> Triple:
    """η √(1-β₂ᵗ)/(1-β₁ᵗ) m / (√v + ε), the paper's shorter form with another epsilon."""
    return _adam(theta, gradient, m, v, t, rate, beta1, beta2, _usual(epsilon / float(np.sqrt(1 - beta2**t))))


@misconception(of="adam_step", hint="A parameter without gradient becomes nan: 0/0. Which small number prevents that?")
def epsilon_missing(
    theta: Floats,
    gradient: Floats,
    m: Floats,
    v: Floats,
    t: int,
    rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> Triple:
    """m̂ / √v̂."""
    return _adam(theta, gradient, m, v, t, rate, beta1, beta2, _usual(0.0))


@misconception(of="adam_step", hint="theta is right, but m and v come back corrected: the next step would correct them again.")
def corrected_means_returned(
    theta: Floats,
    gradient: Floats,
    m: Floats,
    v: Floats,
    t: int,
    rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> Triple:
    """(θ', m̂, v̂)."""
    new, mean, square = reference.adam_step(theta, gradient, m, v, t, rate, beta1, beta2, epsilon)
    return new, mean / (1 - beta1**t), square / (1 - beta2**t)


@misconception(of="adam_step", name="uphill", hint=UPHILL)
def uphill_adam(
    theta: Floats,
    gradient: Floats,
    m: Floats,
    v: Floats,
    t: int,
    rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> Triple:
    """θ + step."""
    return reference.adam_step(theta, gradient, m, v, t, -rate, beta1, beta2, epsilon)


@misconception(of="adam_step", hint="The gradient itself makes the step; its running mean m is computed and never used.")
def step_without_the_mean(
    theta: Floats,
    gradient: Floats,
    m: Floats,
    v: Floats,
    t: int,
    rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> Triple:
    """g / (√v̂ + ε), RMSProp's step."""
    return _adam(theta, gradient, m, v, t, rate, beta1, beta2, lambda a, b: np.asarray(gradient / (np.sqrt(b) + epsilon)))


# --- rosenbrock and its gradient ---------------------------------------------------------------------------------------------


@misconception(of="rosenbrock", hint="The valley's wall has a factor in front. Compare your number at (-1.2, 1) with 24.2.")
def hundred_missing(theta: Floats) -> float:
    """(1 - x)² + (y - x²)²."""
    x, y = theta
    return float((1 - x) ** 2 + (y - x**2) ** 2)


@misconception(of="rosenbrock", hint="x and y have changed places: which of them is squared inside of the brackets?")
def coordinates_swapped(theta: Floats) -> float:
    """f(y, x)."""
    return reference.rosenbrock(theta[::-1])


@misconception(of="rosenbrock", hint="Inside of the second bracket stands x squared: the floor of the valley is bent.")
def straight_valley(theta: Floats) -> float:
    """(1 - x)² + 100 (y - x)²."""
    x, y = theta
    return float((1 - x) ** 2 + 100 * (y - x) ** 2)


@misconception(of="rosenbrock", hint="A term of yours can be negative. Both brackets are squared.")
def bracket_not_squared(theta: Floats) -> float:
    """(1 - x)² + 100 (y - x²)."""
    x, y = theta
    return float((1 - x) ** 2 + 100 * (y - x**2))


@misconception(
    of="rosenbrock",
    hint="The 100 stands in front of the second square. Is yours squared, too?",
)
def hundred_inside_the_square(theta: Floats) -> float:
    """(1 - x)² + (100 (y - x²))²."""
    x, y = theta
    return float((1 - x) ** 2 + (100 * (y - x**2)) ** 2)


def _slopes(dx: Any, dy: Any) -> Floats:
    return np.array([dx, dy], dtype=float)


@misconception(
    of="rosenbrock_gradient",
    hint="df/dy is right. Inside of the second bracket stands x squared: what does the chain rule make of it?",
)
def inner_derivative_missing(theta: Floats) -> Floats:
    """-2(1 - x) - 200(y - x²)."""
    x, y = theta
    return _slopes(-2 * (1 - x) - 200 * (y - x**2), 200 * (y - x**2))


@misconception(of="rosenbrock_gradient", hint="df/dy is right. Which sign does the derivative of (1 - x) bring?")
def sign_of_the_first_bracket(theta: Floats) -> Floats:
    """+2(1 - x) - …"""
    x, y = theta
    return _slopes(2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2))


@misconception(
    of="rosenbrock_gradient", hint="df/dy is right. Which sign does the derivative of (y - x²) with respect to x bring?"
)
def sign_of_the_second_bracket(theta: Floats) -> Floats:
    """… + 400x(y - x²)."""
    x, y = theta
    return _slopes(-2 * (1 - x) + 400 * x * (y - x**2), 200 * (y - x**2))


@misconception(of="rosenbrock_gradient", hint="df/dy is right. The first bracket of the function depends on x as well.")
def first_bracket_forgotten(theta: Floats) -> Floats:
    """-400x(y - x²)."""
    x, y = theta
    return _slopes(-400 * x * (y - x**2), 200 * (y - x**2))


@misconception(
    of="rosenbrock_gradient",
    hint="Everything is half as large as it should be. What does the derivative of a square bring in front?",
)
def two_of_the_squares_missing(theta: Floats) -> Floats:
    """Half of the gradient."""
    return reference.rosenbrock_gradient(theta) / 2


@misconception(of="rosenbrock_gradient", hint="Both derivatives are right but come in the other order: first df/dx, then df/dy.")
def derivatives_swapped(theta: Floats) -> Floats:
    """(df/dy, df/dx)."""
    return reference.rosenbrock_gradient(theta)[::-1].copy()


@misconception(
    of="rosenbrock_gradient",
    hint="This points downhill already. The gradient points where the function grows; the minus comes with the step.",
)
def gradient_negated(theta: Floats) -> Floats:
    """-∇f."""
    return -reference.rosenbrock_gradient(theta)


# --- minimise ----------------------------------------------------------------------------------------------------------------


@misconception(of="minimise", hint="The path has one row too few: the start itself is row 0.")
def start_not_in_the_path(function: str, theta: Floats, method: str, rate: float, steps: int) -> Floats:
    """Without row 0."""
    return reference.minimise(function, theta, method, rate, steps)[1:]


@misconception(
    of="minimise", hint="Only the place at the end comes back. The docstring asks for the whole path, a row for each step."
)
def only_the_end(function: str, theta: Floats, method: str, rate: float, steps: int) -> Floats:
    """The last row."""
    last: Floats = reference.minimise(function, theta, method, rate, steps)[-1]
    return last


@misconception(
    of="minimise",
    hint="All rows of the path are the same: the list holds one array many times, and that array moves. Keep a copy of each place.",
)
def one_array_many_times(function: str, theta: Floats, method: str, rate: float, steps: int) -> Floats:
    """path.append(theta) with theta changed in place."""
    path = reference.minimise(function, theta, method, rate, steps)
    return np.repeat(path[-1:], len(path), axis=0)


@misconception(of="minimise", hint="Every step uses the gradient of the start. It has to be computed where theta is now.")
def gradient_of_the_start(function: str, theta: Floats, method: str, rate: float, steps: int) -> Floats:
    """The gradient is computed once, before the loop."""
    path = reference.minimise(function, theta, method, rate, steps).copy()
    gradient = (reference.quadratic_gradient if function == "quadratic" else reference.rosenbrock_gradient)(theta)
    here, velocity, m, v = theta, np.zeros(2), np.zeros(2), np.zeros(2)
    for t in range(1, steps + 1):
        if method == "adam":
            here, m, v = reference.adam_step(here, gradient, m, v, t, rate)
        else:
            here, velocity = reference.momentum_step(here, velocity, gradient, rate, 0.9 if method == "momentum" else 0.0)
        path[t] = here
    return path


def _run(function: str, theta: Floats, method: str, rate: float, steps: int, number: Callable[[int], int], keep: bool) -> Floats:
    """A run of Adam with another number of each step, or without memory; other methods as they are."""
    path = reference.minimise(function, theta, method, rate, steps).copy()
    gradient = reference.quadratic_gradient if function == "quadratic" else reference.rosenbrock_gradient
    m, v = np.zeros(2), np.zeros(2)
    for k in range(1, steps + 1) if method == "adam" else ():
        path[k], new_m, new_v = reference.adam_step(path[k - 1], gradient(path[k - 1]), m, v, number(k), rate)
        m, v = (new_m, new_v) if keep else (m, v)
    return path


@misconception(
    of="minimise", hint="Gradient descent and momentum are right; Adam is told the same t in every step. t grows by 1."
)
def t_never_grows(function: str, theta: Floats, method: str, rate: float, steps: int) -> Floats:
    """t = 1 in every step of Adam."""
    return _run(function, theta, method, rate, steps, lambda k: 1, True)


@misconception(
    of="minimise",
    hint="Gradient descent and momentum are right; Adam forgets m and v after each step. Keep what adam_step returns.",
)
def adam_forgets(function: str, theta: Floats, method: str, rate: float, steps: int) -> Floats:
    """m = v = 0 in every step of Adam."""
    return _run(function, theta, method, rate, steps, lambda k: k, False)


@misconception(
    of="minimise", hint="With momentum you get the path of plain gradient descent. Is the velocity kept from step to step?"
)
def velocity_not_kept(function: str, theta: Floats, method: str, rate: float, steps: int) -> Floats:
    """The velocity is 0 in every step."""
    return reference.minimise(function, theta, "gradient_descent" if method == "momentum" else method, rate, steps)


@misconception(of="minimise", hint="Whatever the method, you get the path of gradient descent. Does your loop look at method?")
def method_ignored(function: str, theta: Floats, method: str, rate: float, steps: int) -> Floats:
    """Gradient descent for all three."""
    known = method in ("gradient_descent", "momentum", "adam")
    return reference.minimise(function, theta, "gradient_descent" if known else method, rate, steps)


@misconception(of="minimise", hint="Rosenbrock's valley gets the path of the bowl. Does your loop look at function?")
def function_ignored(function: str, theta: Floats, method: str, rate: float, steps: int) -> Floats:
    """The quadratic function for both."""
    return reference.minimise("quadratic" if function == "rosenbrock" else function, theta, method, rate, steps)


@misconception(of="minimise", hint="A method that nobody knows quietly runs as Adam. What should happen in the last else?")
def unknown_method_accepted(function: str, theta: Floats, method: str, rate: float, steps: int) -> Floats:
    """else: Adam."""
    known = method in ("gradient_descent", "momentum")
    return reference.minimise(function, theta, method if known else "adam", rate, steps)


@misconception(of="minimise", hint="A function that nobody knows quietly becomes Rosenbrock's. What should happen in the else?")
def unknown_function_accepted(function: str, theta: Floats, method: str, rate: float, steps: int) -> Floats:
    """else: Rosenbrock."""
    return reference.minimise(function if function == "quadratic" else "rosenbrock", theta, method, rate, steps)
