"""Mistakes that people make with batch normalization, each as a wrong version of a reference function."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.course.authoring import misconception
from reference import batchnorm as reference

Array = NDArray[np.floating[Any]]
Gradients = tuple[Array, Array, Array]
Axes = tuple[int, ...]

EPS_OUTSIDE = (
    "While eps is small you are nearly right; try eps = 1. Where does eps stand in the formula: beside the root, or under it?"
)
EPS_MISSING = (
    "While eps is small you are nearly right, but a feature without variance fails. Which letter of the formula is missing?"
)
UNBIASED = "Your variance is a little too large, most of all for small batches. By what does the slide divide the sum of squares?"
RUNNING_UNBIASED = "That is what PyTorch keeps. By what does the slide divide the sum of squares?"
OVER_VARIANCE = "Variance is measured in squares. What has to be done to it before x can be divided by it?"
PER_EXAMPLE = (
    "Your mean and variance belong to an example. Print their shape: how many features are there, and how many examples?"
)
ALL_TOGETHER = "You have one mean for everything. How many means does the slide have?"
BETA_FIRST = "Multiplying and adding do not commute. Which of the two does the slide do first?"
EXCHANGED = "One of gamma and beta multiplies, the other is added. Which is which on the slide?"
IGNORED = "Your output has mean 0 and spread 1 always. Which two arguments have you not used yet?"
NOT_CENTRED = "What is the mean of each feature of your output? What does the formula do with x before dividing?"
SQUARES = "Far from zero E[x²] and (E[x])² share nearly all of their digits. How many are left of the difference, and is there another way?"
PER_PIXEL = "Print the shape of your mean. A channel has one mean: which axes have to disappear?"
PER_IMAGE = "Each of your images has means of its own. Over which axes does the slide's sum run: i, k, l?"
NOT_MOVED = "reshape(-1, C) cuts the numbers in the order in which they lie in memory. Which axis has to be the last one before?"
ALONG_WIDTH = "numpy matches shapes from the right: with which axis of (N, C, H, W) does it match (C,)?"
SWAPPED = "Two of your gradients are right, but stand in each other's place. In which order does the docstring list them?"
MEAN_TERM = "Add 1 to a whole feature: O does not change. Do the numbers of each column of your dx add up to 0?"
VARIANCE_TERM = "x moves the variance, too, and all examples are divided by it. Which term of dx comes from there?"
CONSTANTS = "The mean and the variance are made of x. In how many ways does one number of x reach the output?"
NOT_DIVIDED = "One example moves the mean by how much, when the batch has N of them?"
GAMMA_MISSING = "Your dx does not depend on gamma. What is xhat multiplied by on the way to O?"
ROOT_MISSING = "Your dx does not become smaller when x is spread more widely. What is x divided by on its way to xhat?"
SIGN = "Compare your third term with the docstring's: in which direction does the variance pull?"
DGAMMA_OF_X = "What is gamma multiplied by in the forward pass: x, or what has become of it by then?"
AVERAGED = "gamma and beta act on every example. Do the parts add up, or are they averaged?"
KEEPDIMS = "The numbers are right, the shape is not: gamma has one axis. Where does the other one come from?"
MOMENTUM = (
    "Try momentum = 0: should the average stay as it is, or be replaced? Which of the two does the statement weight by momentum?"
)
STD_KEPT = "The mean is right. Is it the variance that you keep, or its root?"
REPLACED = "Your result does not depend on the statistics so far. Where do they enter?"
NOT_WEIGHTED = "With momentum = 1 the batch should replace the average. What is left of the old one in your result?"
OF_BATCH = "What does your function give for a batch of one example? At inference, which mean and variance are there to use?"
NOT_ALL_PLACES = "How many numbers does a channel have in a batch of images? Not as many as there are images."


def _others(x: Array) -> Axes:
    return (0, *range(2, x.ndim))


def _along(x: Array, values: Array) -> Array:
    """One number for each feature or channel; what has another length is left as it is, and does not fit."""
    return values.reshape(-1, *[1] * (x.ndim - 2)) if values.shape == (x.shape[1],) else values


def _checked(x: Array, gamma: Array, beta: Array) -> None:
    """Refuses what the reference refuses."""
    (reference.batchnorm_forward if x.ndim == 2 else reference.batchnorm_forward_spatial)(x, gamma, beta)


def _moments(x: Array, axes: Axes | None) -> tuple[Array, Array]:
    return x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)


def _forward(
    x: Array,
    gamma: Array,
    beta: Array,
    eps: float,
    axes: Axes | None = None,
    root: Callable[[Array, float], Array] = lambda var, eps: np.sqrt(var + eps),
) -> Array:
    """Normalization with a choice of what to average over and what to divide by."""
    _checked(x, gamma, beta)
    mu, var = _moments(x, _others(x) if axes is None else axes)
    with np.errstate(all="ignore"):
        return np.asarray((x - mu) / root(var, eps) * _along(x, gamma) + _along(x, beta))


def _eps_outside(var: Array, eps: float) -> Array:
    return np.asarray(np.sqrt(var) + eps)


def _eps_missing(var: Array, eps: float) -> Array:
    return np.asarray(np.sqrt(var))


def _over_variance(var: Array, eps: float) -> Array:
    return np.asarray(var + eps)


def _backward(
    dout: Array,
    x: Array,
    gamma: Array,
    eps: float,
    root: Callable[[Array, float], Array] = lambda var, eps: np.sqrt(var + eps),
    mean_term: float = 1.0,
    variance_term: float = 1.0,
    count: float | None = None,
) -> Gradients:
    """The gradients with a choice of what to divide by, and with factors for the second and the third term of dx."""
    axes = _others(x)
    mu, var = _moments(x, axes)
    m = x.size / x.shape[1] if count is None else count
    with np.errstate(all="ignore"):
        divisor = root(var, eps)
        hat = (x - mu) / divisor
        dbeta, dgamma = dout.sum(axis=axes), (dout * hat).sum(axis=axes)
        terms = dout - mean_term * _along(x, dbeta) / m - variance_term * hat * _along(x, dgamma) / m
        return np.asarray(_along(x, gamma) / divisor * terms), dgamma, dbeta


def _folded(x: Array) -> Array:
    """reshape(-1, C) without moving the channels to the last axis."""
    return x.reshape(-1, x.shape[1])


# --- vectors, forward


@misconception(of="batchnorm_forward", hint=EPS_OUTSIDE)
def eps_outside_root(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """Divided by sqrt(var) + eps."""
    return _forward(x, gamma, beta, eps, root=_eps_outside)


@misconception(of="batchnorm_forward", hint=EPS_MISSING)
def eps_missing(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """Divided by sqrt(var)."""
    return _forward(x, gamma, beta, eps, root=_eps_missing)


@misconception(of="batchnorm_forward", hint=OVER_VARIANCE)
def divided_by_variance(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """Divided by var + eps, without the root."""
    return _forward(x, gamma, beta, eps, root=_over_variance)


@misconception(of="batchnorm_forward", hint=UNBIASED)
def unbiased_variance(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """The sum of squares is divided by N - 1."""
    n = x.shape[0]
    with np.errstate(all="ignore"):
        factor = np.float64(n) / (n - 1)
        return _forward(x, gamma, beta, eps, root=lambda var, eps: np.sqrt(var * factor + eps))


@misconception(of="batchnorm_forward", hint=PER_EXAMPLE)
def statistics_per_example(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """Mean and variance over the features of each example (axis=1)."""
    return _forward(x, gamma, beta, eps, axes=(1,))


@misconception(of="batchnorm_forward", hint=PER_EXAMPLE)
def axis_one_without_keepdims(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """mean(axis=1) without keepdims: fits square batches only."""
    _checked(x, gamma, beta)
    return np.asarray((x - x.mean(axis=1)) / np.sqrt(x.var(axis=1) + eps) * gamma + beta)


@misconception(of="batchnorm_forward", hint=ALL_TOGETHER)
def statistics_of_everything(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """One mean and one variance for all features together."""
    return _forward(x, gamma, beta, eps, axes=(0, 1))


@misconception(of="batchnorm_forward", hint=BETA_FIRST)
def beta_before_gamma(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """beta is added before gamma multiplies."""
    return _forward(x, gamma, beta * gamma, eps)


@misconception(of="batchnorm_forward", hint=EXCHANGED)
def gamma_and_beta_exchanged(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """beta multiplies, gamma is added."""
    _checked(x, gamma, beta)
    return _forward(x, beta, gamma, eps)


@misconception(of="batchnorm_forward", hint=IGNORED)
def gamma_and_beta_ignored(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """xhat is returned."""
    _checked(x, gamma, beta)
    return _forward(x, np.ones_like(gamma), np.zeros_like(beta), eps)


@misconception(of="batchnorm_forward", hint=NOT_CENTRED)
def mean_not_subtracted(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """x itself is divided by the root."""
    _checked(x, gamma, beta)
    return np.asarray(x / np.sqrt(x.var(axis=0) + eps) * gamma + beta)


@misconception(of="batchnorm_forward", hint=SQUARES)
def variance_as_difference_of_squares(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """var = E[x²] - E[x]², which loses its digits far from zero."""
    _checked(x, gamma, beta)
    mu = x.mean(axis=0)
    with np.errstate(invalid="ignore"):
        return np.asarray((x - mu) / np.sqrt((x**2).mean(axis=0) - mu**2 + eps) * gamma + beta)


# --- vectors, backward


@misconception(of="batchnorm_backward", hint=SWAPPED)
def dgamma_dbeta_swapped(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """dbeta stands where dgamma should, and the other way round."""
    dx, dgamma, dbeta = _backward(dout, x, gamma, eps)
    return dx, dbeta, dgamma


@misconception(of="batchnorm_backward", hint=MEAN_TERM)
def mean_term_missing(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """dx without what comes through the mean."""
    return _backward(dout, x, gamma, eps, mean_term=0.0)


@misconception(of="batchnorm_backward", hint=VARIANCE_TERM)
def variance_term_missing(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """dx without what comes through the variance."""
    return _backward(dout, x, gamma, eps, variance_term=0.0)


@misconception(of="batchnorm_backward", hint=CONSTANTS)
def statistics_taken_for_constants(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """dx = gamma / root * dout: mean and variance are taken for constants."""
    return _backward(dout, x, gamma, eps, mean_term=0.0, variance_term=0.0)


@misconception(of="batchnorm_backward", hint=SIGN)
def variance_term_added(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """The third term of dx has the wrong sign."""
    return _backward(dout, x, gamma, eps, variance_term=-1.0)


@misconception(of="batchnorm_backward", hint=NOT_DIVIDED)
def sums_not_divided(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """dbeta and dgamma enter dx without 1/N."""
    return _backward(dout, x, gamma, eps, count=1.0)


@misconception(of="batchnorm_backward", hint=GAMMA_MISSING)
def gamma_missing(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """dx without gamma."""
    return _backward(dout, x, np.ones_like(gamma), eps)


@misconception(of="batchnorm_backward", hint=ROOT_MISSING)
def root_missing(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """dx is not divided by the root."""
    dx, dgamma, dbeta = _backward(dout, x, gamma, eps)
    return dx * np.sqrt(x.var(axis=0) + eps), dgamma, dbeta


@misconception(of="batchnorm_backward", hint=DGAMMA_OF_X)
def dgamma_of_x(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """dgamma = sum of dout * x."""
    dx, _, dbeta = _backward(dout, x, gamma, eps)
    return dx, (dout * x).sum(axis=0), dbeta


@misconception(of="batchnorm_backward", hint=AVERAGED)
def gradients_averaged(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """dgamma and dbeta are means instead of sums."""
    dx, dgamma, dbeta = _backward(dout, x, gamma, eps)
    return dx, dgamma / len(x), dbeta / len(x)


@misconception(of="batchnorm_backward", hint=KEEPDIMS)
def dgamma_keeps_its_axis(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """dgamma and dbeta have the shape (1, D)."""
    dx, dgamma, dbeta = _backward(dout, x, gamma, eps)
    return dx, dgamma[None], dbeta[None]


@misconception(of="batchnorm_backward", hint=PER_EXAMPLE, name="statistics_per_example")
def statistics_per_example_backward(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """All sums run over the features of an example (axis=1)."""
    mu, var = _moments(x, (1,))
    root = np.sqrt(var + eps)
    hat = (x - mu) / root
    g = dout * gamma
    dx = (g - g.mean(axis=1, keepdims=True) - hat * (g * hat).mean(axis=1, keepdims=True)) / root
    return np.asarray(dx), (dout * hat).sum(axis=1), dout.sum(axis=1)


@misconception(of="batchnorm_backward", hint=EPS_OUTSIDE, name="eps_outside_root")
def eps_outside_root_backward(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """Divided by sqrt(var) + eps."""
    return _backward(dout, x, gamma, eps, root=_eps_outside)


@misconception(of="batchnorm_backward", hint=EPS_MISSING, name="eps_missing")
def eps_missing_backward(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """Divided by sqrt(var)."""
    return _backward(dout, x, gamma, eps, root=_eps_missing)


@misconception(of="batchnorm_backward", hint=UNBIASED, name="unbiased_variance")
def unbiased_variance_backward(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """The sum of squares is divided by N - 1."""
    n = len(x)
    with np.errstate(all="ignore"):
        factor = np.float64(n) / (n - 1)
        return _backward(dout, x, gamma, eps, root=lambda var, eps: np.sqrt(var * factor + eps))


# --- running statistics


def _running(x: Array, running_mean: Array, running_var: Array, momentum: float, var: Array) -> tuple[Array, Array]:
    old = 1 - momentum
    return old * running_mean + momentum * x.mean(axis=_others(x)), old * running_var + momentum * var


@misconception(of="running_statistics", hint=MOMENTUM)
def momentum_weights_the_old(x: Array, running_mean: Array, running_var: Array, momentum: float = 0.1) -> tuple[Array, Array]:
    """momentum is the weight of the old average (Keras' convention)."""
    return _running(x, running_mean, running_var, 1 - momentum, x.var(axis=_others(x)))


@misconception(of="running_statistics", hint=RUNNING_UNBIASED, name="unbiased_variance")
def unbiased_variance_running(x: Array, running_mean: Array, running_var: Array, momentum: float = 0.1) -> tuple[Array, Array]:
    """The variance is divided by m - 1 (PyTorch's running variance)."""
    return _running(x, running_mean, running_var, momentum, x.var(axis=_others(x), ddof=1))


@misconception(of="running_statistics", hint=STD_KEPT)
def standard_deviation_kept(x: Array, running_mean: Array, running_var: Array, momentum: float = 0.1) -> tuple[Array, Array]:
    """The standard deviation enters the running variance."""
    return _running(x, running_mean, running_var, momentum, x.std(axis=_others(x)))


@misconception(of="running_statistics", hint=REPLACED)
def batch_replaces_the_average(x: Array, running_mean: Array, running_var: Array, momentum: float = 0.1) -> tuple[Array, Array]:
    """The batch's mean and variance are returned."""
    return _running(x, running_mean, running_var, 1.0, x.var(axis=_others(x)))


@misconception(of="running_statistics", hint=NOT_WEIGHTED)
def old_average_not_weighted(x: Array, running_mean: Array, running_var: Array, momentum: float = 0.1) -> tuple[Array, Array]:
    """The batch is added to an average that keeps its full weight."""
    return running_mean + momentum * x.mean(axis=_others(x)), running_var + momentum * x.var(axis=_others(x))


@misconception(of="running_statistics", hint=PER_PIXEL)
def statistics_per_place(x: Array, running_mean: Array, running_var: Array, momentum: float = 0.1) -> tuple[Array, Array]:
    """Mean and variance over axis 0 only: right for vectors, not for images."""
    mean, var = x.mean(axis=0), x.var(axis=0)
    return np.asarray((1 - momentum) * running_mean + momentum * mean), np.asarray((1 - momentum) * running_var + momentum * var)


@misconception(of="running_statistics", hint="Your results are right, but in which order does the docstring list them?")
def mean_and_var_swapped(x: Array, running_mean: Array, running_var: Array, momentum: float = 0.1) -> tuple[Array, Array]:
    """The variance is returned first."""
    mean, var = reference.running_statistics(x, running_mean, running_var, momentum)
    return var, mean


# --- inference


def _inference(
    x: Array,
    gamma: Array,
    beta: Array,
    mean: Array,
    var: Array,
    eps: float,
    root: Callable[[Array, float], Array] = lambda var, eps: np.sqrt(var + eps),
) -> Array:
    reference.batchnorm_inference(x, gamma, beta, mean, var, eps)  # refuses what the reference refuses
    spread = root(_along(x, var), eps)
    return np.asarray((x - _along(x, mean)) / spread * _along(x, gamma) + _along(x, beta))


@misconception(of="batchnorm_inference", hint=OF_BATCH)
def batch_statistics_at_inference(
    x: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, eps: float = 1e-5
) -> Array:
    """The batch's own mean and variance are used."""
    reference.batchnorm_inference(x, gamma, beta, running_mean, running_var, eps)  # refuses what the reference refuses
    return _forward(x, gamma, beta, eps)


@misconception(of="batchnorm_inference", hint=EPS_OUTSIDE, name="eps_outside_root")
def eps_outside_root_inference(
    x: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, eps: float = 1e-5
) -> Array:
    """Divided by sqrt(running_var) + eps."""
    return _inference(x, gamma, beta, running_mean, running_var, eps, root=_eps_outside)


@misconception(of="batchnorm_inference", hint=EPS_MISSING, name="eps_missing")
def eps_missing_inference(
    x: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, eps: float = 1e-5
) -> Array:
    """Divided by sqrt(running_var)."""
    return _inference(x, gamma, beta, running_mean, running_var, eps, root=_eps_missing)


@misconception(of="batchnorm_inference", hint=OVER_VARIANCE, name="divided_by_variance")
def divided_by_variance_inference(
    x: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, eps: float = 1e-5
) -> Array:
    """Divided by running_var + eps, without the root."""
    return _inference(x, gamma, beta, running_mean, running_var, eps, root=_over_variance)


@misconception(of="batchnorm_inference", hint=BETA_FIRST, name="beta_before_gamma")
def beta_before_gamma_inference(
    x: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, eps: float = 1e-5
) -> Array:
    """beta is added before gamma multiplies."""
    return _inference(x, gamma, np.asarray(beta * gamma), running_mean, running_var, eps)


@misconception(of="batchnorm_inference", hint=IGNORED, name="gamma_and_beta_ignored")
def gamma_and_beta_ignored_inference(
    x: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, eps: float = 1e-5
) -> Array:
    """xhat is returned."""
    return _inference(x, np.ones_like(gamma), np.zeros_like(beta), running_mean, running_var, eps)


@misconception(of="batchnorm_inference", hint=ALONG_WIDTH)
def matched_with_the_last_axis(
    x: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, eps: float = 1e-5
) -> Array:
    """No axes are added to the vectors: right for (N, D), along the width for (N, C, H, W)."""
    return np.asarray((x - running_mean) / np.sqrt(running_var + eps) * gamma + beta)


# --- images, forward


@misconception(of="batchnorm_forward_spatial", hint=PER_PIXEL)
def statistics_per_pixel(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """Mean and variance over the images only (axis=0), one for each pixel."""
    return _forward(x, gamma, beta, eps, axes=(0,))


@misconception(of="batchnorm_forward_spatial", hint=PER_IMAGE)
def statistics_per_image(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """Mean and variance over rows and columns of each image (instance normalization)."""
    return _forward(x, gamma, beta, eps, axes=(2, 3))


@misconception(of="batchnorm_forward_spatial", hint=PER_IMAGE, name="statistics_per_example")
def statistics_per_example_spatial(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """Mean and variance over all channels, rows and columns of each image (layer normalization)."""
    return _forward(x, gamma, beta, eps, axes=(1, 2, 3))


@misconception(of="batchnorm_forward_spatial", hint=ALL_TOGETHER, name="statistics_of_everything")
def statistics_of_everything_spatial(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """One mean and one variance for all channels together."""
    return _forward(x, gamma, beta, eps, axes=(0, 1, 2, 3))


@misconception(of="batchnorm_forward_spatial", hint=NOT_MOVED)
def channels_not_moved(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """reshape(-1, C) without moving the channels to the last axis."""
    _checked(x, gamma, beta)
    return reference.batchnorm_forward(_folded(x), gamma, beta, eps).reshape(x.shape)


@misconception(of="batchnorm_forward_spatial", hint=ALONG_WIDTH, name="matched_with_the_last_axis")
def matched_with_the_last_axis_spatial(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """gamma and beta are matched with the columns."""
    mu, var = _moments(x, _others(x))
    return np.asarray((x - mu) / np.sqrt(var + eps) * gamma + beta)


@misconception(of="batchnorm_forward_spatial", hint=UNBIASED, name="unbiased_variance")
def unbiased_variance_spatial(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """The sum of squares is divided by N*H*W - 1."""
    m = x.size // x.shape[1]
    return _forward(x, gamma, beta, eps, root=lambda var, eps: np.sqrt(var * m / (m - 1) + eps))


@misconception(of="batchnorm_forward_spatial", hint=EPS_OUTSIDE, name="eps_outside_root")
def eps_outside_root_spatial(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """Divided by sqrt(var) + eps."""
    return _forward(x, gamma, beta, eps, root=_eps_outside)


@misconception(of="batchnorm_forward_spatial", hint=EPS_MISSING, name="eps_missing")
def eps_missing_spatial(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """Divided by sqrt(var)."""
    return _forward(x, gamma, beta, eps, root=_eps_missing)


@misconception(of="batchnorm_forward_spatial", hint=BETA_FIRST, name="beta_before_gamma")
def beta_before_gamma_spatial(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """beta is added before gamma multiplies."""
    return _forward(x, gamma, beta * gamma, eps)


# --- images, backward


@misconception(of="batchnorm_backward_spatial", hint=NOT_ALL_PLACES)
def divided_by_images_only(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """The sums in dx are divided by N instead of N*H*W."""
    return _backward(dout, x, gamma, eps, count=float(len(x)))


@misconception(of="batchnorm_backward_spatial", hint=PER_PIXEL, name="statistics_per_pixel")
def statistics_per_pixel_backward(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """All sums run over the images only (axis=0): dgamma has the shape (C, H, W)."""
    mu, var = _moments(x, (0,))
    root = np.sqrt(var + eps)
    hat = (x - mu) / root
    g = dout * _along(x, gamma)
    dx = (g - g.mean(axis=0) - hat * (g * hat).mean(axis=0)) / root
    return np.asarray(dx), (dout * hat).sum(axis=0), dout.sum(axis=0)


@misconception(of="batchnorm_backward_spatial", hint=NOT_MOVED, name="channels_not_moved")
def channels_not_moved_backward(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """reshape(-1, C) without moving the channels to the last axis."""
    dx, dgamma, dbeta = reference.batchnorm_backward(_folded(dout), _folded(x), gamma, eps)
    return dx.reshape(x.shape), dgamma, dbeta


@misconception(of="batchnorm_backward_spatial", hint=SWAPPED, name="dgamma_dbeta_swapped")
def dgamma_dbeta_swapped_spatial(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """dbeta stands where dgamma should, and the other way round."""
    dx, dgamma, dbeta = _backward(dout, x, gamma, eps)
    return dx, dbeta, dgamma


@misconception(of="batchnorm_backward_spatial", hint=MEAN_TERM, name="mean_term_missing")
def mean_term_missing_spatial(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """dx without what comes through the mean."""
    return _backward(dout, x, gamma, eps, mean_term=0.0)


@misconception(of="batchnorm_backward_spatial", hint=VARIANCE_TERM, name="variance_term_missing")
def variance_term_missing_spatial(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """dx without what comes through the variance."""
    return _backward(dout, x, gamma, eps, variance_term=0.0)


@misconception(of="batchnorm_backward_spatial", hint=CONSTANTS, name="statistics_taken_for_constants")
def statistics_taken_for_constants_spatial(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """dx = gamma / root * dout: mean and variance are taken for constants."""
    return _backward(dout, x, gamma, eps, mean_term=0.0, variance_term=0.0)


@misconception(of="batchnorm_backward_spatial", hint=EPS_OUTSIDE, name="eps_outside_root")
def eps_outside_root_backward_spatial(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """Divided by sqrt(var) + eps."""
    return _backward(dout, x, gamma, eps, root=_eps_outside)


@misconception(of="batchnorm_backward_spatial", hint=EPS_MISSING, name="eps_missing")
def eps_missing_backward_spatial(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> Gradients:
    """Divided by sqrt(var)."""
    return _backward(dout, x, gamma, eps, root=_eps_missing)
