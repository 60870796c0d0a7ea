"""Mistakes that people make in the topic `autoencoder`, each as a wrong version of a reference function."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.course.authoring import misconception
from reference import autoencoder as reference

Array: TypeAlias = NDArray[np.floating[Any]]
Whole: TypeAlias = NDArray[np.integer[Any]]
Gradients: TypeAlias = tuple[Array, Array, Array, Array]
Trained: TypeAlias = tuple[list[Array], Array]

BIAS_FORGOTTEN = "Your sum is right up to one number for each unit. Which argument have you not used yet?"
SLOPE_MISSING = "Between the output and its sum there is a sigmoid. How does its slope enter the chain rule?"
SUMMED = "Your result grows with the number of images and of pixels. Over how many numbers is the mean taken?"
IMAGES_ONLY = "The mean is taken over all numbers of x. How many are there in N images of D pixels?"
TIED = "Encoder and decoder have weights of their own. Is wd used at every place where the decoder is meant?"
MOVES_UPHILL = "With these weights the loss grows. In which direction does ΔW = -η ∂E/∂W go?"


def _transposed(we: Array) -> Array:
    return we.T


# --- pixels ----------------------------------------------------------------------------------------------------------------------


def _scaled(images: Whole, divisor: float) -> Array:
    return reference.pixels(images) * 16 / divisor


@misconception(of="pixels", hint="These images have another scale than photographs: which number stands for black?")
def divided_by_255(images: Whole) -> Array:
    """The scale of 8-bit images."""
    return _scaled(images, 255)


@misconception(
    of="pixels", hint="Every set of images should get the same scale. What happens to yours when none of them has a black pixel?"
)
def divided_by_the_largest(images: Whole) -> Array:
    """The divisor is the largest pixel of the images."""
    return _scaled(images, float(images.max()))


@misconception(of="pixels", hint="Your pixels go up to 16. Between which numbers should they lie?")
def not_scaled(images: Whole) -> Array:
    """The pixels are not divided."""
    return _scaled(images, 1)


@misconception(of="pixels", hint="Your result has only zeros and ones. What does // do with 8 // 16?")
def whole_division(images: Whole) -> Array:
    """images // 16."""
    return np.floor(reference.pixels(images))


@misconception(
    of="pixels",
    hint="The pixels are right, but in another order. Which pixel stands beside the first one: its right or its lower neighbour?",
)
def column_by_column(images: Whole) -> Array:
    """The image is read column by column."""
    return reference.pixels(images.swapaxes(1, 2))


@misconception(of="pixels", hint="All images stand in one row. How many rows should there be?")
def all_images_in_one_row(images: Whole) -> Array:
    """Everything is made one vector."""
    return reference.pixels(images).ravel()


# --- encode ----------------------------------------------------------------------------------------------------------------------


def _sum(x: Array, w: Array, b: Array) -> Array:
    s: Array = x @ w + b
    return s


@misconception(
    of="encode",
    hint="Your code can leave the range from -1 to 1. What stands around the sum in the formula?",
    name="tanh_forgotten",
)
def tanh_forgotten(x: Array, w: Array, b: Array) -> Array:
    """The sum is returned."""
    return _sum(x, w, b)


@misconception(of="encode", hint="Your code is never negative. Which activation has the encoder?")
def sigmoid_instead_of_tanh(x: Array, w: Array, b: Array) -> Array:
    """The encoder's activation is the sigmoid."""
    return reference.decode(x, w, b)


@misconception(of="encode", hint=BIAS_FORGOTTEN, name="bias_forgotten")
def bias_forgotten_encode(x: Array, w: Array, b: Array) -> Array:
    """b is not added."""
    return reference.encode(x, w, np.zeros_like(b))


@misconception(of="encode", hint="Is the bias inside the tanh, or added after it?")
def bias_after_tanh(x: Array, w: Array, b: Array) -> Array:
    """tanh(x·w) + b."""
    return reference.encode(x, w, np.zeros_like(b)) + b


# --- decode ----------------------------------------------------------------------------------------------------------------------


@misconception(of="decode", hint="Your pixels can leave the range from 0 to 1. What stands around the sum in the formula?")
def sigmoid_forgotten(code: Array, w: Array, b: Array) -> Array:
    """The sum is returned."""
    return _sum(code, w, b)


@misconception(of="decode", hint="Your pixels can be negative. Which activation has the decoder?")
def tanh_instead_of_sigmoid(code: Array, w: Array, b: Array) -> Array:
    """The decoder's activation is tanh."""
    return reference.encode(code, w, b)


@misconception(of="decode", hint=BIAS_FORGOTTEN, name="bias_forgotten")
def bias_forgotten_decode(code: Array, w: Array, b: Array) -> Array:
    """b is not added."""
    return reference.decode(code, w, np.zeros_like(b))


@misconception(of="decode", hint="Put s = 1000 into your sigmoid. Which of its two forms has no e^1000?")
def sigmoid_overflows(code: Array, w: Array, b: Array) -> Array:
    """e^s / (1 + e^s), which is inf/inf = nan for large sums."""
    with np.errstate(all="ignore"):
        power = np.exp(_sum(code, w, b))
        result: Array = power / (1 + power)
    return result


@misconception(of="decode", hint="Your picture is the negative of the right one. Which sign has s in the exponent?")
def sign_of_the_exponent(code: Array, w: Array, b: Array) -> Array:
    """1 / (1 + e^s)."""
    return reference.decode(code, -w, -b)


# --- reconstruction_loss ---------------------------------------------------------------------------------------------------------


@misconception(of="reconstruction_loss", hint=SUMMED, name="summed_not_averaged")
def summed_not_averaged_loss(x: Array, we: Array, be: Array, wd: Array, bd: Array) -> float:
    """The squares are added up."""
    return reference.reconstruction_loss(x, we, be, wd, bd) * x.size


@misconception(of="reconstruction_loss", hint=IMAGES_ONLY, name="divided_by_images_only")
def divided_by_images_only_loss(x: Array, we: Array, be: Array, wd: Array, bd: Array) -> float:
    """The sum of the squares is divided by N."""
    return reference.reconstruction_loss(x, we, be, wd, bd) * float(x.shape[1])


@misconception(of="reconstruction_loss", hint="Your loss is half of the mean of the squares. Is there a 1/2 in the formula?")
def halved(x: Array, we: Array, be: Array, wd: Array, bd: Array) -> float:
    """Half the mean squared error."""
    return reference.reconstruction_loss(x, we, be, wd, bd) / 2


@misconception(of="reconstruction_loss", hint="Square your loss, and compare. Is there a root in the formula?")
def root_taken(x: Array, we: Array, be: Array, wd: Array, bd: Array) -> float:
    """The root of the mean squared error."""
    return float(np.sqrt(reference.reconstruction_loss(x, we, be, wd, bd)))


@misconception(of="reconstruction_loss", hint="What is done to each difference before the mean is taken?")
def absolute_instead_of_square(x: Array, we: Array, be: Array, wd: Array, bd: Array) -> float:
    """The mean of the absolute differences."""
    return float(np.mean(np.abs(reference.decode(reference.encode(x, we, be), wd, bd) - x)))


@misconception(of="reconstruction_loss", hint=TIED, name="tied_weights")
def tied_weights_loss(x: Array, we: Array, be: Array, wd: Array, bd: Array) -> float:
    """The decoder uses Weᵀ instead of Wd."""
    return reference.reconstruction_loss(x, we, be, _transposed(we), bd)


@misconception(
    of="reconstruction_loss",
    hint="Your decoder gets numbers that can leave the range from -1 to 1. What does it get from the encoder?",
)
def code_without_tanh(x: Array, we: Array, be: Array, wd: Array, bd: Array) -> float:
    """The decoder gets the encoder's sums."""
    return float(np.mean((reference.decode(_sum(x, we, be), wd, bd) - x) ** 2))


@misconception(of="reconstruction_loss", hint="With which picture is the output compared: with a mean, or with its own input?")
def compared_with_the_mean_image(x: Array, we: Array, be: Array, wd: Array, bd: Array) -> float:
    """The target is the mean of the images."""
    return float(np.mean((reference.decode(reference.encode(x, we, be), wd, bd) - x.mean(axis=0)) ** 2))


# --- decode_backward -------------------------------------------------------------------------------------------------------------


def _decode_backward(ds: Array, code: Array, w: Array) -> tuple[Array, Array, Array]:
    """From the gradients of the sums."""
    return ds @ w.T, code.T @ ds, ds.sum(axis=0)


@misconception(of="decode_backward", hint=SLOPE_MISSING, name="sigmoid_derivative_missing")
def sigmoid_derivative_missing_layer(dout: Array, code: Array, w: Array, b: Array) -> tuple[Array, Array, Array]:
    """ds = dout."""
    return _decode_backward(dout, code, w)


@misconception(
    of="decode_backward", hint="The slope is o (1 - o) with the output o. Does your o pass through the sigmoid once, or twice?"
)
def derivative_at_the_output(dout: Array, code: Array, w: Array, b: Array) -> tuple[Array, Array, Array]:
    """The sigmoid is applied to the output again."""
    o = reference.decode(reference.decode(code, w, b), np.eye(len(b)), np.zeros_like(b))
    return _decode_backward(dout * o * (1 - o), code, w)


@misconception(of="decode_backward", hint="Your slope is that of another activation. What is the derivative of the sigmoid?")
def tanh_derivative(dout: Array, code: Array, w: Array, b: Array) -> tuple[Array, Array, Array]:
    """The slope is 1 - o²."""
    return _decode_backward(dout * (1 - reference.decode(code, w, b) ** 2), code, w)


@misconception(of="decode_backward", hint="Your gradients are the same for every dout. Where does the gradient from above enter?")
def upstream_ignored(dout: Array, code: Array, w: Array, b: Array) -> tuple[Array, Array, Array]:
    """ds = o (1 - o)."""
    return reference.decode_backward(np.ones_like(dout), code, w, b)


@misconception(of="decode_backward", hint="dw and db are too small by a whole number. Is there a division in their formulas?")
def averaged_over_batch(dout: Array, code: Array, w: Array, b: Array) -> tuple[Array, Array, Array]:
    """dw and db are divided by N."""
    dcode, dw, db = reference.decode_backward(dout, code, w, b)
    return dcode, dw / len(code), db / len(code)


@misconception(
    of="decode_backward",
    hint="b has one number for each pixel, and was added in every image. What shape has your db, and what is to be added up?",
)
def db_not_summed(dout: Array, code: Array, w: Array, b: Array) -> tuple[Array, Array, Array]:
    """db is ds, of shape (N, D)."""
    dcode, dw, _ = reference.decode_backward(dout, code, w, b)
    o = reference.decode(code, w, b)
    return dcode, dw, dout * o * (1 - o)


@misconception(of="decode_backward", hint="Compare the order of your three results with the statement's.")
def results_in_another_order(dout: Array, code: Array, w: Array, b: Array) -> tuple[Array, Array, Array]:
    """(dw, db, dcode) is returned."""
    dcode, dw, db = reference.decode_backward(dout, code, w, b)
    return dw, db, dcode


# --- gradients -------------------------------------------------------------------------------------------------------------------


def _slope_of_tanh(code: Array) -> Array:
    slope: Array = 1 - code**2
    return slope


def _slope_of_sigmoid(output: Array) -> Array:
    return output * (1 - output)


def _gradients(
    x: Array,
    weights: tuple[Array, Array, Array, Array],
    *,
    target: Array | None = None,
    inner: Callable[[Array], Array] = _slope_of_tanh,
    outer: Callable[[Array], Array] = _slope_of_sigmoid,
    back: Array | None = None,
) -> Gradients:
    """The gradients with another target, other slopes, or other weights `back` from the outputs to the code."""
    we, be, wd, bd = weights
    code = reference.encode(x, we, be)
    output = reference.decode(code, wd, bd)
    ds = 2 * (output - (x if target is None else target)) / x.size * outer(output)
    dz = ds @ (wd.T if back is None else back) * inner(code)
    return x.T @ dz, dz.sum(axis=0), code.T @ ds, ds.sum(axis=0)


def _times(factor: float, found: Gradients) -> Gradients:
    dwe, dbe, dwd, dbd = (factor * gradient for gradient in found)
    return dwe, dbe, dwd, dbd


@misconception(of="gradients", hint="Everything is half of what it should be. What is the derivative of (output - x)^2?")
def factor_two_missing(x: Array, we: Array, be: Array, wd: Array, bd: Array) -> Gradients:
    """The 2 of the square is missing."""
    return _times(0.5, reference.gradients(x, we, be, wd, bd))


@misconception(of="gradients", hint=SUMMED, name="summed_not_averaged")
def summed_not_averaged(x: Array, we: Array, be: Array, wd: Array, bd: Array) -> Gradients:
    """The gradients of the sum of the squares."""
    return _times(float(x.size), reference.gradients(x, we, be, wd, bd))


@misconception(of="gradients", hint=IMAGES_ONLY, name="divided_by_images_only")
def divided_by_images_only(x: Array, we: Array, be: Array, wd: Array, bd: Array) -> Gradients:
    """The division is by N, not by N·D."""
    return _times(float(x.shape[1]), reference.gradients(x, we, be, wd, bd))


@misconception(of="gradients", hint="Your gradients are too small, the more so the larger the batch. How often do you divide?")
def divided_by_images_twice(x: Array, we: Array, be: Array, wd: Array, bd: Array) -> Gradients:
    """The gradients of the mean are divided by N once more."""
    return _times(1 / len(x), reference.gradients(x, we, be, wd, bd))


@misconception(
    of="gradients",
    hint="Your gradients point the other way. The derivative of (output - x)^2 with respect to the output: which minus which?",
)
def sign_of_the_error(x: Array, we: Array, be: Array, wd: Array, bd: Array) -> Gradients:
    """x - output (erratum E10)."""
    return _times(-1.0, reference.gradients(x, we, be, wd, bd))


@misconception(of="gradients", hint=SLOPE_MISSING, name="sigmoid_derivative_missing")
def sigmoid_derivative_missing(x: Array, we: Array, be: Array, wd: Array, bd: Array) -> Gradients:
    """The decoder's slope is missing."""
    return _gradients(x, (we, be, wd, bd), outer=np.ones_like)


@misconception(
    of="gradients", hint="dwd and dbd are right. What stands between the code and the encoder's sum, and what is its slope?"
)
def tanh_derivative_missing(x: Array, we: Array, be: Array, wd: Array, bd: Array) -> Gradients:
    """dz = dcode."""
    return _gradients(x, (we, be, wd, bd), inner=np.ones_like)


@misconception(of="gradients", hint="dwd and dbd are right. Which activation has the encoder, and what is its slope?")
def sigmoid_derivative_in_encoder(x: Array, we: Array, be: Array, wd: Array, bd: Array) -> Gradients:
    """dz = dcode · code (1 - code)."""
    return _gradients(x, (we, be, wd, bd), inner=_slope_of_sigmoid)


@misconception(of="gradients", hint=TIED, name="tied_weights")
def tied_weights(x: Array, we: Array, be: Array, wd: Array, bd: Array) -> Gradients:
    """The decoder uses Weᵀ instead of Wd."""
    return _gradients(x, (we, be, _transposed(we), bd))


@misconception(
    of="gradients",
    hint="dwd and dbd are right. Through which weights did the code reach the output, the encoder's or the decoder's?",
)
def back_through_the_encoder(x: Array, we: Array, be: Array, wd: Array, bd: Array) -> Gradients:
    """dcode = ds · We."""
    return _gradients(x, (we, be, wd, bd), back=we)


@misconception(of="gradients", hint="Your gradients would make every picture white. With what should the output be compared?")
def target_forgotten(x: Array, we: Array, be: Array, wd: Array, bd: Array) -> Gradients:
    """dout = 2 output / (N·D)."""
    return _gradients(x, (we, be, wd, bd), target=np.zeros_like(x))


@misconception(
    of="gradients",
    hint="Your gradients would make every picture the same. With what should the output of each image be compared?",
)
def target_is_the_mean_image(x: Array, we: Array, be: Array, wd: Array, bd: Array) -> Gradients:
    """The target is the mean of the images."""
    return _gradients(x, (we, be, wd, bd), target=np.broadcast_to(x.mean(axis=0), x.shape))


@misconception(
    of="gradients",
    hint="dbe is right, dwe is not. What did we multiply on the way forward: the image, or what came out at the end?",
)
def output_instead_of_input(x: Array, we: Array, be: Array, wd: Array, bd: Array) -> Gradients:
    """dwe = outputᵀ · dz."""
    _, dbe, dwd, dbd = reference.gradients(x, we, be, wd, bd)
    code = reference.encode(x, we, be)
    output = reference.decode(code, wd, bd)
    dcode, _, _ = reference.decode_backward(2 * (output - x) / x.size, code, wd, bd)
    return output.T @ (dcode * (1 - code**2)), dbe, dwd, dbd


# --- train_step ------------------------------------------------------------------------------------------------------------------


@misconception(of="train_step", hint=MOVES_UPHILL, name="gradient_added")
def gradient_added_step(x: Array, weights: list[Array], rate: float) -> list[Array]:
    """weight + rate · gradient."""
    return list(reference.train_step(x, weights, -rate))


@misconception(
    of="train_step",
    hint="Your step is too short, the more so the more images there are. Is the mean inside the gradient already?",
)
def step_divided_by_images(x: Array, weights: list[Array], rate: float) -> list[Array]:
    """rate / N."""
    return list(reference.train_step(x, weights, rate / len(x)))


@misconception(of="train_step", hint="Your step has the same length for every rate. Where does the rate enter?")
def rate_ignored(x: Array, weights: list[Array], rate: float) -> list[Array]:
    """The rate is 1."""
    return list(reference.train_step(x, weights, 1.0))


@misconception(
    of="train_step", hint="Two of the four weights do not move. Has the encoder nothing to learn?", name="only_the_decoder_learns"
)
def only_the_decoder_learns(x: Array, weights: list[Array], rate: float) -> list[Array]:
    """we and be stay as they are."""
    return [*weights[:2], *reference.train_step(x, weights, rate)[2:]]


@misconception(of="train_step", hint="The encoder's new weights do not fit. Were all gradients computed before any weight moved?")
def decoder_moved_first(x: Array, weights: list[Array], rate: float) -> list[Array]:
    """The encoder's gradients are computed with the new decoder."""
    decoder = reference.train_step(x, weights, rate)[2:]
    encoder = reference.train_step(x, [*weights[:2], *decoder], rate)[:2]
    return [*encoder, *decoder]


# --- train -----------------------------------------------------------------------------------------------------------------------


def _train(
    x: Array,
    weights: list[Array],
    orders: Whole,
    batch_size: int,
    step: Callable[[Array, list[Array]], list[Array]],
    loss: Callable[[list[Array], list[Array], Array], float] | None = None,
) -> Trained:
    """Training with another `step(batch, weights)`, and another `loss(before, after, last batch)` of an epoch."""
    if batch_size < 1:
        raise ValueError(batch_size)
    current, losses = list(weights), np.zeros(len(orders))
    for epoch, order in enumerate(orders):
        before, batch = current, x
        for start in range(0, len(order), batch_size):
            batch = x[order[start : start + batch_size]]
            current = step(batch, current)
        losses[epoch] = loss(before, current, batch) if loss else reference.reconstruction_loss(x, *current)
    return current, losses


def _down(rate: float) -> Callable[[Array, list[Array]], list[Array]]:
    return lambda batch, weights: list(reference.train_step(batch, weights, rate))


@misconception(
    of="train", hint="Your batches hold the images in their own order. Which argument says in what order they are used?"
)
def permutation_ignored(x: Array, weights: list[Array], rate: float, permutations: Whole, batch_size: int) -> Trained:
    """The images are used in the order of x."""
    orders = np.tile(np.arange(len(x)), (len(permutations), 1))
    return _train(x, weights, orders, batch_size, _down(rate))


@misconception(of="train", hint="The first epoch is right. Does every epoch have an order of its own?")
def first_permutation_every_epoch(x: Array, weights: list[Array], rate: float, permutations: Whole, batch_size: int) -> Trained:
    """permutations[0] in every epoch."""
    return _train(x, weights, permutations[[0] * len(permutations)], batch_size, _down(rate))


@misconception(of="train", hint="Some images are never used. What happens to those that do not fill a whole batch?")
def last_batch_left_out(x: Array, weights: list[Array], rate: float, permutations: Whole, batch_size: int) -> Trained:
    """Only full batches are used."""
    full = len(x) // batch_size * batch_size if batch_size > 0 else 0
    return _train(x, weights, permutations[:, :full], batch_size, _down(rate))


@misconception(of="train", hint="Your epoch has one step only. How many batches do N images make?")
def one_step_an_epoch(x: Array, weights: list[Array], rate: float, permutations: Whole, batch_size: int) -> Trained:
    """Every epoch is one step with all images."""
    if batch_size < 1:
        raise ValueError(batch_size)
    return _train(x, weights, permutations, len(x), _down(rate))


@misconception(of="train", hint="You make the right number of steps. Which images does each of them see?")
def all_images_in_every_step(x: Array, weights: list[Array], rate: float, permutations: Whole, batch_size: int) -> Trained:
    """Every step uses all images instead of its batch."""
    return _train(x, weights, permutations, batch_size, lambda batch, now: list(reference.train_step(x, now, rate)))


@misconception(
    of="train", hint="After many batches you are where the last one led from the start. From which weights does each step go on?"
)
def every_batch_from_the_start(x: Array, weights: list[Array], rate: float, permutations: Whole, batch_size: int) -> Trained:
    """Every step starts from the weights that were given."""
    return _train(x, weights, permutations, batch_size, lambda batch, now: list(reference.train_step(batch, weights, rate)))


@misconception(of="train", hint="The weights are right, the losses are not. Over which images is the loss of an epoch taken?")
def loss_of_the_last_batch(x: Array, weights: list[Array], rate: float, permutations: Whole, batch_size: int) -> Trained:
    """losses[e] is that of the last batch only."""
    return _train(
        x, weights, permutations, batch_size, _down(rate), lambda before, now, batch: reference.reconstruction_loss(batch, *now)
    )


@misconception(
    of="train", hint="The weights are right, the losses are one epoch late. With which weights is the loss of an epoch taken?"
)
def loss_before_the_epoch(x: Array, weights: list[Array], rate: float, permutations: Whole, batch_size: int) -> Trained:
    """losses[e] is that of the weights before the epoch."""
    return _train(
        x, weights, permutations, batch_size, _down(rate), lambda before, now, batch: reference.reconstruction_loss(x, *before)
    )


@misconception(of="train", hint=MOVES_UPHILL, name="gradient_added")
def gradient_added(x: Array, weights: list[Array], rate: float, permutations: Whole, batch_size: int) -> Trained:
    """weight + rate · gradient."""
    return _train(x, weights, permutations, batch_size, _down(-rate))


@misconception(of="train", hint="The weights that you return are the ones that came in. Are the new ones kept somewhere?")
def weights_stay(x: Array, weights: list[Array], rate: float, permutations: Whole, batch_size: int) -> Trained:
    """The given weights are returned, with the losses of a training."""
    return list(weights), _train(x, weights, permutations, batch_size, _down(rate))[1]
