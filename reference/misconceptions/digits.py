"""Mistakes that people make in the topic `digits`, each as a wrong version of a reference function."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.course.authoring import misconception
from reference import digits as reference

Array = NDArray[np.floating[Any]]
Labels = NDArray[np.integer[Any]]
Gradients = tuple[Array, Array, Array]

DIVIDED_AGAIN = "The 1/N of the mean is in dout already. How often is it in your result?"
ORDER = "Compare the order of your three results with the statement's."
BIAS_OMITTED = "Your result is right up to a constant for each channel or unit. Which argument have you not used yet?"
CHANNELS_LAST = "Which index runs slowest in the row: the channel, or the place in the image? The statement's formula tells."
COLUMN_ORDER = "Follow the second number of the row back: does it stand beside the first one in the image, or below it?"
LAST_ROW_PARTIAL = "Is there a window that lies only partly on the image? Look at how the statement rounds the size."
EVERY_EQUAL = "When two numbers of a window are equally large, what do they receive together, and what was the window's gradient?"

# --- conv_forward --------------------------------------------------------------------------------------------------------------


def _convolution(x: Array, w: Array, b: Array, rows: int, columns: int, size: int) -> Array:
    """A convolution with a given number of places, as loops do it, past the edge too."""
    out = np.zeros((len(x), len(w), rows, columns))
    for n, f, i, j in np.ndindex(*out.shape):
        out[n, f, i, j] = np.sum(x[n, :, i : i + size, j : j + size] * w[f]) + b[f]
    return out


@misconception(of="conv_forward", hint="Is the kernel laid on the image as it is printed, or is it turned around first?")
def flipped_kernel(x: Array, w: Array, b: Array) -> Array:
    """The kernel is rotated by 180° (erratum E13)."""
    return reference.conv_forward(x, w[:, :, ::-1, ::-1], b)


@misconception(of="conv_forward", name="bias_omitted", hint=BIAS_OMITTED)
def bias_omitted_conv(x: Array, w: Array, b: Array) -> Array:
    """No bias."""
    return reference.conv_forward(x, w, np.zeros_like(b))


@misconception(
    of="conv_forward", hint="How often does the formula add the bias to one number of O? Count the channels of your loop."
)
def bias_for_every_channel(x: Array, w: Array, b: Array) -> Array:
    """The bias is inside the sum over the channels."""
    return reference.conv_forward(x, w, b * x.shape[1])


@misconception(
    of="conv_forward", hint="Count the places of a kernel of 2 rows on an image of 3 rows, and compare with your result."
)
def one_row_short(x: Array, w: Array, b: Array) -> Array:
    """(H-K) x (W-K) places (erratum E1)."""
    return reference.conv_forward(x, w, b)[:, :, :-1, :-1]


@misconception(of="conv_forward", hint="Try an image that is not square: which number of the shape counts the rows?")
def height_and_width_exchanged(x: Array, w: Array, b: Array) -> Array:
    """Rows and columns of the output are exchanged."""
    size = w.shape[2]
    return _convolution(x, w, b, x.shape[3] - size + 1, x.shape[2] - size + 1, size)


@misconception(
    of="conv_forward", hint="Print the four numbers of w.shape: which one counts the filters, and which are the size of one?"
)
def filters_for_kernel_size(x: Array, w: Array, b: Array) -> Array:
    """K is taken from w.shape[0]."""
    size = w.shape[0]
    return _convolution(x, w, b, x.shape[2] - size + 1, x.shape[3] - size + 1, size)


@misconception(of="conv_forward", hint="Each filter sees all channels of the image. Over which channels does your sum run?")
def first_channel_only(x: Array, w: Array, b: Array) -> Array:
    """Only channel 0 is used."""
    return reference.conv_forward(x[:, :1], w[:, :1], b)


@misconception(
    of="conv_forward", hint="Do the numbers of channels of images and filters fit? The statement says what to do when not."
)
def channels_not_compared(x: Array, w: Array, b: Array) -> Array:
    """numpy stretches a single channel over all of them."""
    return reference.conv_forward(x, np.broadcast_to(w, (len(w), x.shape[1], *w.shape[2:])), b)


# --- conv_backward ---------------------------------------------------------------------------------------------------------------


@misconception(of="conv_backward", hint="Windows overlap: what happens in dx to what an earlier place has put there?")
def assigned_not_accumulated(dout: Array, x: Array, w: Array, b: Array) -> Gradients:
    """dx is assigned (=) and not added to (+=)."""
    _, dw, db = reference.conv_backward(dout, x, w, b)
    dx, size = np.zeros_like(x), w.shape[2]
    for i, j in np.ndindex(*dout.shape[2:]):
        dx[:, :, i : i + size, j : j + size] = np.einsum("nf,fcpq->ncpq", dout[:, :, i, j], w)
    return dx, dw, db


@misconception(of="conv_backward", name="divided_by_n_again", hint=DIVIDED_AGAIN)
def divided_by_n_again_conv(dout: Array, x: Array, w: Array, b: Array) -> Gradients:
    """dw and db are means over the batch."""
    dx, dw, db = reference.conv_backward(dout, x, w, b)
    return dx, dw / len(x), db / len(x)


@misconception(
    of="conv_backward", hint="One bias serves every place of its channel, in every image. Over which axes does db add up?"
)
def db_of_the_batch_only(dout: Array, x: Array, w: Array, b: Array) -> Gradients:
    """db is summed over the images, averaged over the places."""
    dx, dw, _ = reference.conv_backward(dout, x, w, b)
    return dx, dw, dout.mean(axis=(2, 3)).sum(axis=0)


@misconception(
    of="conv_backward",
    hint="Follow one number of dout back: it goes to x[i+p, j+q] with the weight w[p, q]. Is yours turned around?",
)
def kernel_flipped_in_dx(dout: Array, x: Array, w: Array, b: Array) -> Gradients:
    """dx is made with the kernel turned around."""
    _, dw, db = reference.conv_backward(dout, x, w, b)
    return reference.conv_backward(dout, x, w[:, :, ::-1, ::-1], b)[0], dw, db


@misconception(of="conv_backward", hint="dw adds up over all images of the batch. How many of them do you visit?")
def last_image_only(dout: Array, x: Array, w: Array, b: Array) -> Gradients:
    """dw is overwritten by each image."""
    dx, _, db = reference.conv_backward(dout, x, w, b)
    return dx, reference.conv_backward(dout[-1:], x[-1:], w, b)[1], db


@misconception(of="conv_backward", name="results_in_another_order", hint=ORDER)
def results_in_another_order_conv(dout: Array, x: Array, w: Array, b: Array) -> Gradients:
    """(dw, db, dx)."""
    dx, dw, db = reference.conv_backward(dout, x, w, b)
    return dw, db, dx


# --- relu --------------------------------------------------------------------------------------------------------------------------


@misconception(of="relu", hint="What should become of a negative number?")
def absolute_value(x: Array) -> Array:
    """|x|."""
    return np.abs(x)


@misconception(of="relu", hint="Your result is 1 where the number itself should stay. That is the derivative.")
def step_function(x: Array) -> Array:
    """1 where x > 0."""
    return (x > 0).astype(x.dtype)


@misconception(of="relu", hint="Which of the two numbers, 0 and x, should win?")
def minimum_for_maximum(x: Array) -> Array:
    """min(0, x)."""
    return np.minimum(x, 0)


@misconception(of="relu_backward", hint="Some numbers of x were negative, and ReLU made them 0. What do they receive?")
def mask_forgotten(dout: Array, x: Array) -> Array:
    """dout passes everywhere."""
    return dout.copy()


@misconception(of="relu_backward", hint="Whose sign decides whether the gradient passes: that of dout, or that of x?")
def mask_of_dout(dout: Array, x: Array) -> Array:
    """dout where dout > 0."""
    return np.maximum(dout, 0)


@misconception(of="relu_backward", hint="Where x > 0, ReLU has the slope 1. By what do you multiply?")
def multiplied_by_the_output(dout: Array, x: Array) -> Array:
    """dout * relu(x)."""
    return dout * np.maximum(x, 0)


@misconception(of="relu_backward", hint="On which side of 0 does ReLU let a change through?")
def mask_inverted(dout: Array, x: Array) -> Array:
    """dout where x < 0."""
    return dout * (x < 0)


# --- max_pool ------------------------------------------------------------------------------------------------------------------------


@misconception(of="max_pool", hint="This is the mean of each window. Which number of the window is asked for?")
def mean_of_the_window(x: Array, size: int = 2) -> Array:
    """Average pooling."""
    out: Array = reference._windows(x, size).mean(axis=(4, 5))
    return out


@misconception(of="max_pool", hint="What is the largest of -3, -1 and -2? From which number does your search begin?")
def max_starts_at_zero(x: Array, size: int = 2) -> Array:
    """A window of negative numbers gives 0."""
    return np.maximum(reference.max_pool(x, size), 0)


@misconception(of="max_pool", hint=LAST_ROW_PARTIAL)
def partial_windows_too(x: Array, size: int = 2) -> Array:
    """The size is rounded up."""
    border = [(0, 0), (0, 0), *((0, -length % size) for length in x.shape[2:])]
    return reference.max_pool(np.pad(x, border, constant_values=-np.inf), size)


@misconception(of="max_pool", hint="By how many places does your window move? In this network the windows lie side by side.")
def windows_overlap(x: Array, size: int = 2) -> Array:
    """The window moves one place at a time."""
    out: Array = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3)).max(axis=(4, 5))
    return out


@misconception(of="max_pool", hint="Are the rows counted with the height and the columns with the width?")
def pool_height_and_width_exchanged(x: Array, size: int = 2) -> Array:
    """H and W of the output are exchanged."""
    return np.swapaxes(reference.max_pool(x, size), 2, 3)


@misconception(of="max_pool_backward", hint=EVERY_EQUAL)
def gradient_to_all_ties(dout: Array, x: Array, size: int = 2) -> Array:
    """Every number that equals the maximum gets the whole gradient."""
    windows = reference._windows(x, size)
    dx = np.zeros_like(x)
    largest = windows == windows.max(axis=(4, 5), keepdims=True)
    reference._windows(dx, size)[...] = largest * dout[..., None, None]
    return dx


@misconception(
    of="max_pool_backward", hint="Only one number of a window moved its output. Which ones receive the gradient in yours?"
)
def gradient_to_the_whole_window(dout: Array, x: Array, size: int = 2) -> Array:
    """All numbers of the window get the gradient."""
    dx = np.zeros_like(x)
    reference._windows(dx, size)[...] = dout[..., None, None]
    return dx


@misconception(
    of="max_pool_backward", hint="This is the gradient of average pooling. Who receives it when the maximum was taken?"
)
def gradient_of_the_mean(dout: Array, x: Array, size: int = 2) -> Array:
    """Each number of the window gets 1/K²."""
    dx = np.zeros_like(x)
    reference._windows(dx, size)[...] = dout[..., None, None] / size**2
    return dx


@misconception(of="max_pool_backward", hint="The largest number says where the gradient goes. Does its value matter as well?")
def multiplied_by_the_maximum(dout: Array, x: Array, size: int = 2) -> Array:
    """The maximum itself is used as its mask."""
    return reference.max_pool_backward(dout, x, size) * x


@misconception(
    of="max_pool_backward", hint="In a window of 2 x 2, which row and which column has place number 1? And place number 2?"
)
def place_in_window_transposed(dout: Array, x: Array, size: int = 2) -> Array:
    """Row and column of the maximum inside its window are exchanged."""
    dx, right = np.zeros_like(x), reference.max_pool_backward(dout, x, size)
    reference._windows(dx, size)[...] = np.swapaxes(reference._windows(right, size), 4, 5)
    return dx


# --- flatten, dense --------------------------------------------------------------------------------------------------------------------


@misconception(of="flatten", name="channels_last", hint=CHANNELS_LAST)
def channels_last_flatten(x: Array) -> Array:
    """The channels of a place stand together."""
    return np.moveaxis(x, 1, 3).reshape(len(x), -1)


@misconception(of="flatten", name="column_order", hint=COLUMN_ORDER)
def column_order_flatten(x: Array) -> Array:
    """Fortran order."""
    return x.reshape(len(x), -1, order="F")


@misconception(of="flatten", hint="One row for each image: how many rows does your result have for a batch of 2?")
def whole_batch_in_a_row(x: Array) -> Array:
    """All images in one vector."""
    return x.ravel()


@misconception(of="flatten_backward", hint="Which shape did the numbers have before they were flattened?")
def not_reshaped(dout: Array, x: Array) -> Array:
    """dout is returned as it is."""
    return dout.copy()


@misconception(of="flatten_backward", name="channels_last", hint=CHANNELS_LAST)
def channels_last_unflatten(dout: Array, x: Array) -> Array:
    """Read back as if the channels of a place stood together."""
    n, c, h, w = x.shape
    return np.moveaxis(dout.reshape(n, h, w, c), 3, 1)


@misconception(of="flatten_backward", name="column_order", hint=COLUMN_ORDER)
def column_order_unflatten(dout: Array, x: Array) -> Array:
    """Fortran order."""
    return dout.reshape(x.shape, order="F")


@misconception(of="dense_forward", name="bias_omitted", hint=BIAS_OMITTED)
def bias_omitted_dense(x: Array, w: Array, b: Array) -> Array:
    """No bias."""
    return reference.dense_forward(x, w, np.zeros_like(b))


@misconception(
    of="dense_forward", hint="w[d, k] leads from input d to unit k. Which index of x meets which index of w in your sum?"
)
def weights_transposed(x: Array, w: Array, b: Array) -> Array:
    """x Wᵀ, which fits square layers only."""
    return x @ w.T + b


@misconception(of="dense_forward", hint="This layer has no activation: its results may be negative.")
def relu_applied(x: Array, w: Array, b: Array) -> Array:
    """ReLU of the sums."""
    return np.maximum(reference.dense_forward(x, w, b), 0)


@misconception(of="dense_backward", name="divided_by_n_again", hint=DIVIDED_AGAIN)
def divided_by_n_again_dense(dout: Array, x: Array, w: Array, b: Array) -> Gradients:
    """dw and db are means over the batch."""
    dx, dw, db = reference.dense_backward(dout, x, w, b)
    return dx, dw / len(x), db / len(x)


@misconception(of="dense_backward", hint="dx[n, d] adds up over the units k. Which axis of w does your product add up over?")
def weights_not_transposed(dout: Array, x: Array, w: Array, b: Array) -> Gradients:
    """dx = dout W, which fits square layers only."""
    _, dw, db = reference.dense_backward(dout, x, w, b)
    return dout @ w, dw, db


@misconception(of="dense_backward", hint="dw has the shape of w. Which factor comes first in your product?")
def dw_transposed(dout: Array, x: Array, w: Array, b: Array) -> Gradients:
    """dw = doutᵀ x."""
    dx, dw, db = reference.dense_backward(dout, x, w, b)
    return dx, dw.T, db


@misconception(of="dense_backward", hint="One bias serves all images of the batch. What adds up to each number of db?")
def db_not_summed(dout: Array, x: Array, w: Array, b: Array) -> Gradients:
    """db has a row for each image."""
    dx, dw, _ = reference.dense_backward(dout, x, w, b)
    return dx, dw, dout.copy()


@misconception(of="dense_backward", name="results_in_another_order", hint=ORDER)
def results_in_another_order_dense(dout: Array, x: Array, w: Array, b: Array) -> Gradients:
    """(dw, db, dx)."""
    dx, dw, db = reference.dense_backward(dout, x, w, b)
    return dw, db, dx


# --- loss --------------------------------------------------------------------------------------------------------------------------------


def _softmax(logits: Array, shift: Any) -> Array:
    e = np.exp(logits - shift)
    p: Array = e / e.sum(axis=1, keepdims=True)
    return p


def _loss(p: Array, labels: Labels) -> float:
    return -float(np.mean(np.log(p[np.arange(len(labels)), labels])))


@misconception(
    of="softmax_cross_entropy",
    name="exponentials_overflow",
    hint="What is e^1000 to the computer? The statement subtracts something first.",
)
def exponentials_overflow_loss(logits: Array, labels: Labels) -> float:
    """No maximum is subtracted."""
    return _loss(_softmax(logits, 0.0), labels)


@misconception(
    of="softmax_cross_entropy",
    hint="A probability of e^-2000 is 0 to the computer, its logarithm is -2000. Can the logarithm be had without the probability?",
)
def logarithm_of_zero(logits: Array, labels: Labels) -> float:
    """The logarithm of a probability that has become 0."""
    return _loss(_softmax(logits, logits.max(axis=1, keepdims=True)), labels)


@misconception(
    of="softmax_cross_entropy",
    hint="Every row has a largest logit of its own. What remains of a row that is much smaller than another?",
)
def one_maximum_for_all(logits: Array, labels: Labels) -> float:
    """The maximum of the whole batch is subtracted."""
    shifted = logits - logits.max()
    return -float(np.mean(shifted[np.arange(len(labels)), labels] - np.log(np.exp(shifted).sum(axis=1))))


@misconception(
    of="softmax_cross_entropy", name="summed_not_averaged", hint="Give it the same images twice over: a mean should not change."
)
def summed_not_averaged(logits: Array, labels: Labels) -> float:
    """The sum over the images."""
    return reference.softmax_cross_entropy(logits, labels) * len(labels)


@misconception(of="softmax_cross_entropy", hint="Which logarithm gives 0.6931 for 2? (np.log10 gives 0.3010.)")
def log10_for_ln(logits: Array, labels: Labels) -> float:
    """The logarithm to base 10 (erratum E7)."""
    return reference.softmax_cross_entropy(logits, labels) / float(np.log(10))


@misconception(
    of="softmax_cross_entropy", hint="A loss is large when the right class has a small probability. Which sign has its logarithm?"
)
def minus_sign_missing(logits: Array, labels: Labels) -> float:
    """log p."""
    return -reference.softmax_cross_entropy(logits, labels)


@misconception(of="softmax_cross_entropy", hint="The probabilities of one image add up to 1. Over which axis do yours?")
def softmax_over_the_batch(logits: Array, labels: Labels) -> float:
    """Softmax down the columns."""
    return _loss(_softmax(logits.T, logits.max(axis=0)[:, None]).T, labels)


@misconception(
    of="softmax_cross_entropy_backward", hint="The loss is a mean over the images. Where is the 1/N in its derivative?"
)
def not_divided_by_n(logits: Array, labels: Labels) -> Array:
    """p - t."""
    return reference.softmax_cross_entropy_backward(logits, labels) * len(labels)


@misconception(
    of="softmax_cross_entropy_backward", hint="These are the probabilities. What changes at the place of the right class?"
)
def label_not_subtracted(logits: Array, labels: Labels) -> Array:
    """p / N."""
    return _softmax(logits, logits.max(axis=1, keepdims=True)) / len(labels)


@misconception(
    of="softmax_cross_entropy_backward",
    hint="When the right class gets a larger logit, the loss falls. Which sign has its derivative?",
)
def wrong_sign(logits: Array, labels: Labels) -> Array:
    """(t - p) / N."""
    return -reference.softmax_cross_entropy_backward(logits, labels)


@misconception(
    of="softmax_cross_entropy_backward",
    name="exponentials_overflow",
    hint="What is e^1000 to the computer? Subtract something first.",
)
def exponentials_overflow_gradient(logits: Array, labels: Labels) -> Array:
    """No maximum is subtracted."""
    p = _softmax(logits, 0.0)
    p[np.arange(len(labels)), labels] -= 1
    return p / len(labels)


@misconception(
    of="softmax_cross_entropy_backward", hint="The derivative of the loss passes through softmax once. How often does yours?"
)
def through_softmax_twice(logits: Array, labels: Labels) -> Array:
    """(p - t) times p (1 - p)."""
    p = _softmax(logits, logits.max(axis=1, keepdims=True))
    return reference.softmax_cross_entropy_backward(logits, labels) * p * (1 - p)


# --- network -----------------------------------------------------------------------------------------------------------------------------


@misconception(of="network", hint="Which layer stands between the convolution and the pooling?")
def relu_forgotten(parameters: list[Array], images: Array) -> Array:
    """The convolution goes into the pooling directly."""
    conv_w, conv_b, dense_w, dense_b = parameters
    pooled = reference.max_pool(reference.conv_forward(images, conv_w, conv_b))
    return reference.dense_forward(reference.flatten(pooled), dense_w, dense_b)


@misconception(of="network", hint="The rows of your result add up to 1. Does the network return probabilities or logits?")
def softmax_at_the_end(parameters: list[Array], images: Array) -> Array:
    """Probabilities instead of logits."""
    logits = reference.network(parameters, images)
    return _softmax(logits, logits.max(axis=1, keepdims=True))


@misconception(of="network", hint="The last layer has no activation: logits may be negative.")
def relu_at_the_end(parameters: list[Array], images: Array) -> Array:
    """ReLU of the logits."""
    return np.maximum(reference.network(parameters, images), 0)


@misconception(of="network", hint="How many numbers does an image have after the pooling, and how many go into your dense layer?")
def pooling_forgotten(parameters: list[Array], images: Array) -> Array:
    """Without pooling: the shapes do not fit."""
    conv_w, conv_b, dense_w, dense_b = parameters
    maps = reference.relu(reference.conv_forward(images, conv_w, conv_b))
    return reference.dense_forward(reference.flatten(maps), dense_w, dense_b)


@misconception(of="network", hint="In which order does flatten put the numbers? The dense layer's weights count on it.")
def flattened_channels_last(parameters: list[Array], images: Array) -> Array:
    """The channels of a place stand together."""
    conv_w, conv_b, dense_w, dense_b = parameters
    pooled = reference.max_pool(reference.relu(reference.conv_forward(images, conv_w, conv_b)))
    return reference.dense_forward(np.moveaxis(pooled, 1, 3).reshape(len(images), -1), dense_w, dense_b)


def _gradients(parameters: list[Array], images: Array, labels: Labels, mistake: str) -> list[Array]:
    """The reference's way back, with one mistake on it."""
    conv_w, conv_b, dense_w, dense_b = parameters
    sums = reference.conv_forward(images, conv_w, conv_b)
    maps = reference.relu(sums)
    pooled = reference.max_pool(maps)
    row = reference.flatten(pooled)
    dlogits = reference.softmax_cross_entropy_backward(reference.dense_forward(row, dense_w, dense_b), labels)
    drow, ddense_w, ddense_b = reference.dense_backward(dlogits, row, dense_w, dense_b)
    dpooled = reference.flatten_backward(drow, pooled)
    if mistake == "flatten order":
        n, c, h, w = pooled.shape
        dpooled = np.moveaxis(drow.reshape(n, h, w, c), 3, 1)
    dmaps = reference.max_pool_backward(dpooled, maps)
    if mistake == "whole window":
        reference._windows(dmaps, 2)[...] = dpooled[..., None, None]
    if mistake == "not reshaped":
        dmaps = reference.max_pool_backward(drow, maps)
    dsums = dmaps if mistake == "no mask" else reference.relu_backward(dmaps, sums)
    if mistake == "mask of the gradient":
        dsums = np.maximum(dmaps, 0)
    _, dconv_w, dconv_b = reference.conv_backward(dsums, images, conv_w, conv_b)
    return [dconv_w, dconv_b, ddense_w, ddense_b]


@misconception(
    of="network_gradients",
    hint="The way back passes through every layer of the way there. Which one stands between pooling and convolution?",
)
def relu_mask_forgotten(parameters: list[Array], images: Array, labels: Labels) -> list[Array]:
    """The gradient does not pass through ReLU."""
    return _gradients(parameters, images, labels, "no mask")


@misconception(
    of="network_gradients", hint="What decided in ReLU on the way there, decides on the way back too. Whose sign is it?"
)
def relu_mask_of_the_gradient(parameters: list[Array], images: Array, labels: Labels) -> list[Array]:
    """ReLU is applied to the gradient."""
    return _gradients(parameters, images, labels, "mask of the gradient")


@misconception(of="network_gradients", hint="Follow the gradient through the pooling: which number of a window receives it?")
def pooling_gradient_to_the_whole_window(parameters: list[Array], images: Array, labels: Labels) -> list[Array]:
    """Every number of a window gets its gradient."""
    return _gradients(parameters, images, labels, "whole window")


@misconception(of="network_gradients", hint="The gradient of the dense layer comes in rows. Which shape does the pooling need?")
def gradient_not_reshaped(parameters: list[Array], images: Array, labels: Labels) -> list[Array]:
    """flatten_backward is left out."""
    return _gradients(parameters, images, labels, "not reshaped")


@misconception(
    of="network_gradients",
    hint="On the way back the numbers must go to the places they came from. In which order did flatten take them?",
)
def gradient_reshaped_channels_last(parameters: list[Array], images: Array, labels: Labels) -> list[Array]:
    """The row is read back in another order."""
    return _gradients(parameters, images, labels, "flatten order")


@misconception(
    of="network_gradients",
    name="divided_by_n_again",
    hint="Each of your gradients is N times too small. In which layer does the 1/N belong?",
)
def divided_by_n_again_network(parameters: list[Array], images: Array, labels: Labels) -> list[Array]:
    """Divided by N once more at the end."""
    return [gradient / len(images) for gradient in reference.network_gradients(parameters, images, labels)]


@misconception(
    of="network_gradients", hint="The loss is a mean over the images. Are your gradients those of a mean, or of a sum?"
)
def gradient_of_the_sum(parameters: list[Array], images: Array, labels: Labels) -> list[Array]:
    """Not divided by N."""
    return [gradient * len(images) for gradient in reference.network_gradients(parameters, images, labels)]


@misconception(of="network_gradients", hint="In which order are the parameters in their list, and in which your gradients?")
def gradients_in_another_order(parameters: list[Array], images: Array, labels: Labels) -> list[Array]:
    """The dense layer's first, as they are computed."""
    dconv_w, dconv_b, ddense_w, ddense_b = reference.network_gradients(parameters, images, labels)
    return [ddense_w, ddense_b, dconv_w, dconv_b]


# --- training ----------------------------------------------------------------------------------------------------------------------------


@misconception(of="sgd_step", hint="A gradient shows where the loss grows. In which direction should the step go?")
def step_uphill(parameters: list[Array], gradients: list[Array], learning_rate: float) -> list[Array]:
    """θ + η g."""
    return reference.sgd_step(parameters, gradients, -learning_rate)


@misconception(of="sgd_step", hint="Your step has the length of the whole gradient. Which argument is not used?")
def learning_rate_ignored(parameters: list[Array], gradients: list[Array], learning_rate: float) -> list[Array]:
    """θ - g."""
    return reference.sgd_step(parameters, gradients, 1.0)


@misconception(of="sgd_step", hint="This is the change alone. What is it added to?")
def only_the_change(parameters: list[Array], gradients: list[Array], learning_rate: float) -> list[Array]:
    """-η g."""
    return [-learning_rate * gradient for gradient in gradients]


@misconception(of="sgd_step", hint="Some parameters stay as they are. How far does your loop go?")
def first_two_only(parameters: list[Array], gradients: list[Array], learning_rate: float) -> list[Array]:
    """Only the first layer moves."""
    return [*reference.sgd_step(parameters[:2], gradients[:2], learning_rate), *parameters[2:]]


@misconception(
    of="accuracy", hint="How many are right is one number, which share of all is another. Can your result be larger than 1?"
)
def counted_not_divided(logits: Array, labels: Labels) -> float:
    """The number of images that are read right."""
    return reference.accuracy(logits, labels) * len(labels)


@misconception(of="accuracy", hint="What are you dividing by: the images, or the classes?")
def divided_by_the_classes(logits: Array, labels: Labels) -> float:
    """The count over K."""
    return reference.accuracy(logits, labels) * (len(labels) / int(logits.shape[1]))


@misconception(of="accuracy", hint="This is the share of images that are read wrong.")
def error_rate(logits: Array, labels: Labels) -> float:
    """1 - accuracy."""
    return 1.0 - reference.accuracy(logits, labels)


@misconception(of="accuracy", hint="Your result is right times 100. The statement asks for a number from 0 to 1.")
def percent(logits: Array, labels: Labels) -> float:
    """In percent."""
    return 100.0 * reference.accuracy(logits, labels)


@misconception(of="accuracy", hint="For each image one class is chosen. Along which axis does your argmax look?")
def argmax_over_the_images(logits: Array, labels: Labels) -> float:
    """argmax(axis=0)."""
    best = np.argmax(logits, axis=0)
    count = min(len(best), len(labels))
    return float(np.mean(best[:count] == labels[:count]))


def _train(
    parameters: list[Array], images: Array, labels: Labels, orders: Labels, batch_size: int, learning_rate: float, mistake: str
) -> tuple[list[Array], Array]:
    """The reference's training with one mistake."""
    history: list[float] = []
    start = parameters
    for given in orders:
        order = {"as they come": np.arange(len(given)), "first order": orders[0]}.get(mistake, given)
        batches = [order[at : at + batch_size] for at in range(0, len(order), batch_size)]
        if mistake == "whole batches":
            batches = [batch for batch in batches if len(batch) == batch_size]
        if mistake == "one batch":
            batches = [order]
        before, losses = parameters, []
        for number, batch in enumerate(batches):
            answers = labels[batch] if mistake != "labels as they come" else labels[number * batch_size :][: len(batch)]
            at = start if mistake == "gradients at the start" else parameters
            losses.append(reference.network_loss(parameters, images[batch], answers))
            gradients = reference.network_gradients(at, images[batch], answers)
            stepped = reference.sgd_step(parameters, gradients, -learning_rate if mistake == "uphill" else learning_rate)
            if mistake == "dense layer first":
                gradients = reference.network_gradients([*parameters[:2], *stepped[2:]], images[batch], answers)
                stepped = [*reference.sgd_step(parameters[:2], gradients[:2], learning_rate), *stepped[2:]]
            parameters = stepped
        measured = before if mistake == "history before" else parameters
        mean = {"mean of batches": float(np.mean(losses)), "last batch": losses[-1]}
        history.append(mean.get(mistake, 0.0) or reference.network_loss(measured, images, labels))
    return parameters, np.array(history)


@misconception(of="train", hint="The images are taken as they come. Which argument says another order?")
def orders_ignored(
    parameters: list[Array], images: Array, labels: Labels, orders: Labels, batch_size: int, learning_rate: float
) -> tuple[list[Array], Array]:
    """Always 0..N-1."""
    return _train(parameters, images, labels, orders, batch_size, learning_rate, "as they come")


@misconception(of="train", hint="Which row of orders belongs to the second epoch?")
def first_order_in_every_epoch(
    parameters: list[Array], images: Array, labels: Labels, orders: Labels, batch_size: int, learning_rate: float
) -> tuple[list[Array], Array]:
    """orders[0] is used throughout."""
    return _train(parameters, images, labels, orders, batch_size, learning_rate, "first order")


@misconception(of="train", hint="5 images in batches of 2: what becomes of the last one?")
def last_batch_dropped(
    parameters: list[Array], images: Array, labels: Labels, orders: Labels, batch_size: int, learning_rate: float
) -> tuple[list[Array], Array]:
    """N // batch_size batches."""
    return _train(parameters, images, labels, orders, batch_size, learning_rate, "whole batches")


@misconception(of="train", hint="When the images change places, what must happen to their labels?")
def labels_not_reordered(
    parameters: list[Array], images: Array, labels: Labels, orders: Labels, batch_size: int, learning_rate: float
) -> tuple[list[Array], Array]:
    """The labels are taken as they come."""
    return _train(parameters, images, labels, orders, batch_size, learning_rate, "labels as they come")


@misconception(of="train", hint="How many steps does an epoch of yours take? Which argument says how many it should be?")
def batch_size_ignored(
    parameters: list[Array], images: Array, labels: Labels, orders: Labels, batch_size: int, learning_rate: float
) -> tuple[list[Array], Array]:
    """All images in one batch."""
    return _train(parameters, images, labels, orders, batch_size, learning_rate, "one batch")


@misconception(of="train", name="training_uphill", hint="Does the loss fall with your steps? A gradient shows where it grows.")
def training_uphill(
    parameters: list[Array], images: Array, labels: Labels, orders: Labels, batch_size: int, learning_rate: float
) -> tuple[list[Array], Array]:
    """A step along the gradient."""
    return _train(parameters, images, labels, orders, batch_size, learning_rate, "uphill")


@misconception(
    of="train", hint="The second batch should see what the first one has taught. At which parameters is its gradient taken?"
)
def gradients_at_the_start(
    parameters: list[Array], images: Array, labels: Labels, orders: Labels, batch_size: int, learning_rate: float
) -> tuple[list[Array], Array]:
    """All gradients belong to the parameters that were given."""
    return _train(parameters, images, labels, orders, batch_size, learning_rate, "gradients at the start")


@misconception(
    of="train",
    hint="All gradients of a batch belong to the same parameters. Does the dense layer move before the convolution's gradient is taken?",
)
def dense_layer_moved_first(
    parameters: list[Array], images: Array, labels: Labels, orders: Labels, batch_size: int, learning_rate: float
) -> tuple[list[Array], Array]:
    """The convolution's gradient is taken with the new dense weights."""
    return _train(parameters, images, labels, orders, batch_size, learning_rate, "dense layer first")


@misconception(of="train", hint="Your parameters are right. Is your history taken at the beginning of an epoch, or at its end?")
def history_before_the_epoch(
    parameters: list[Array], images: Array, labels: Labels, orders: Labels, batch_size: int, learning_rate: float
) -> tuple[list[Array], Array]:
    """The loss before each epoch."""
    return _train(parameters, images, labels, orders, batch_size, learning_rate, "history before")


@misconception(
    of="train",
    hint="Your parameters are right. The history asks for the loss of all images at the end of the epoch, not on the way.",
)
def history_of_the_batches(
    parameters: list[Array], images: Array, labels: Labels, orders: Labels, batch_size: int, learning_rate: float
) -> tuple[list[Array], Array]:
    """The mean of the batches' losses on the way."""
    return _train(parameters, images, labels, orders, batch_size, learning_rate, "mean of batches")


@misconception(
    of="train", hint="Your parameters are right. Whose loss is in your history: that of all images, or that of the last batch?"
)
def history_of_the_last_batch(
    parameters: list[Array], images: Array, labels: Labels, orders: Labels, batch_size: int, learning_rate: float
) -> tuple[list[Array], Array]:
    """The last batch's loss on the way."""
    return _train(parameters, images, labels, orders, batch_size, learning_rate, "last batch")
