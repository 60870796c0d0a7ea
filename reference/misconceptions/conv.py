"""Mistakes that people make in the topic `conv`, each as a wrong version of a reference function."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.course.authoring import misconception
from reference import conv as reference

Array = NDArray[np.floating[Any]]
Gradients = tuple[Array, Array, Array]


def _pad(x: Array, pad: int) -> Array:
    padded: Array = np.pad(x, [(0, 0)] * (x.ndim - 2) + [(pad, pad)] * 2)
    return padded


def _loops(padded: Array, w: Array, b: Array, rows: int, columns: int, size: int, stride: int) -> Array:
    """A forward pass over a given number of windows, as a student's four loops would do it, past the edge too."""
    out = np.zeros((len(padded), len(w), rows, columns))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = stride * i, stride * j
        out[n, f, i, j] = np.sum(padded[n, :, top : top + size, left : left + size] * w[f]) + b[f]
    return out


def _image_loops(padded: Array, kernel: Array, rows: int, columns: int, stride: int) -> Array:
    out: Array = _loops(padded[None, None], kernel[None, None], np.zeros(1), rows, columns, len(kernel), stride)[0, 0]
    return out


def _count(length: int, size: int, stride: int) -> int:
    return (length - size) // stride + 1


def _scatter(dout: Array, x: Array, w: Array, stride: int, pad: int, add: bool = True) -> Array:
    """The padded dx, one window after the other, added up or assigned."""
    dpadded = np.zeros_like(_pad(x, pad))
    size = w.shape[2]
    for n, f, i, j in np.ndindex(*dout.shape):
        place = np.s_[n, :, stride * i : stride * i + size, stride * j : stride * j + size]
        part = dout[n, f, i, j] * w[f]
        dpadded[place] = dpadded[place] + part if add else part
    return dpadded


def _crop(dpadded: Array, x: Array, pad: int) -> Array:
    return dpadded[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]]


FLIPPED = "Compare with the slide: is the kernel laid on the image as it is printed, or is it turned around first?"
TRANSPOSED = "Follow one number of the kernel through your sum: does row p of the kernel meet row i+p of the image?"
ONE_ROW_SHORT = "Count how many places a kernel of 2 rows has on an image of 4 rows, and compare with the size of your result."
FROM_ONE = (
    "Your windows are one place too far down and to the right. Which pixel lies under the kernel's first number for O[0, 0]?"
)
TRUNCATED = "Your result holds whole numbers. Look at the dtype of the array that you fill: can it keep a decimal?"
EXCHANGED = "Try an image that is not square: which number of the shape counts the rows, and which the columns?"
TAKES_DTYPE = "An image of whole numbers loses the decimals of the kernel. Which dtype has the array that you fill?"
SQUARE_ONLY = "Rows and columns of the image are counted by two numbers. Do both of them enter the size of your result?"
CHECKED_EARLY = (
    "Padding can make a large kernel fit. Which image do you compare the kernel with, the one before padding or the one after?"
)
MATRIX_PRODUCT = "The numbers that lie on each other are multiplied one by one; that is another product than the one of matrices."
ONE_SIDE = "Draw the padded image of the slide: on how many sides are there zeros?"
PAD_IGNORED = "Your result is the one without padding. Where does `pad` enter your function?"
PAD_ONE = "Your result is right for one row of zeros. Try pad=0 and pad=2: what changes in your function?"
PAD_ONCE = "How many rows does the image have after padding, when zeros are added above and below?"
BORDER = "Compare the border of your padded image with the slide's: which numbers stand there?"
STRIDE_IGNORED = "Your result is the one of stride 1. Where does `stride` enter your function?"
STRIDE_SIZE_ONLY = "The size of your result is right. By how many places does your window move from one output to the next?"
EXACT_ONLY = (
    "What should happen to rows that are left over when the stride does not divide? The statement gives a rounded formula."
)
ROUNDED_UP = "Is there an output for a window that lies only partly on the image? Look at how the statement rounds the size."
BIAS_OMITTED = "Your result is right up to a constant in each channel. Which argument have you not used yet?"
BIAS_EVERY_CHANNEL = "The bias is in your sum more than once. How often does the formula add it to one output?"
FILTERS_FOR_SIZE = "Print the four numbers of w.shape: which one counts the filters, and which are the size of a filter?"
ONE_CHANNEL = "Each filter sees all channels of the image. Over which channels does your sum run?"
ONE_IMAGE = "Compare the results of two images of the batch: is every image of the batch treated?"


@misconception(of="conv2d_valid", hint=FLIPPED, name="flipped_kernel")
def flipped_kernel_valid(image: Array, kernel: Array) -> Array:
    """The kernel is rotated by 180° (true convolution, erratum E13)."""
    return reference.conv2d_valid(image, kernel[::-1, ::-1])


@misconception(of="conv2d_valid", hint=TRANSPOSED, name="transposed_kernel")
def transposed_kernel_valid(image: Array, kernel: Array) -> Array:
    """The indices of the kernel are exchanged."""
    return reference.conv2d_valid(image, kernel.T)


@misconception(of="conv2d_valid", hint=ONE_ROW_SHORT, name="one_row_short")
def one_row_short_valid(image: Array, kernel: Array) -> Array:
    """The output has the size (H-K) x (W-K) that the slide states (erratum E1)."""
    return reference.conv2d_valid(image, kernel)[:-1, :-1]


@misconception(of="conv2d_valid", hint=FROM_ONE, name="indices_from_one")
def indices_from_one_valid(image: Array, kernel: Array) -> Array:
    """p and q run from 1 while the arrays start at 0, in an output of (H-K) x (W-K) (errata E1 and E2 together)."""
    return reference.conv2d_valid(image, kernel)[1:, 1:]


@misconception(of="conv2d_valid", hint=TRUNCATED, name="output_truncated_to_int")
def output_truncated_to_int_valid(image: Array, kernel: Array) -> NDArray[np.int64]:
    """The output array is of integers."""
    return reference.conv2d_valid(image, kernel).astype(np.int64)


@misconception(of="conv2d_valid", hint=EXCHANGED, name="height_and_width_exchanged")
def height_and_width_exchanged_valid(image: Array, kernel: Array) -> Array:
    """The shape of the image is read as (W, H)."""
    reference.conv2d_valid(image, kernel)  # refuses what the reference refuses
    width, height = image.shape
    return _image_loops(image, kernel, _count(height, len(kernel), 1), _count(width, len(kernel), 1), 1)


@misconception(of="conv2d_valid", hint=SQUARE_ONLY, name="square_images_only")
def square_images_only_valid(image: Array, kernel: Array) -> Array:
    """The output has as many columns as rows."""
    reference.conv2d_valid(image, kernel)  # refuses what the reference refuses
    rows = _count(image.shape[0], len(kernel), 1)
    return _image_loops(image, kernel, rows, rows, 1)


@misconception(of="conv2d_valid", hint=TAKES_DTYPE, name="result_takes_dtype_of_image")
def result_takes_dtype_of_image_valid(image: Array, kernel: Array) -> NDArray[np.generic]:
    """The array to fill takes the dtype of the image: whole numbers truncate it."""
    return reference.conv2d_valid(image, kernel).astype(image.dtype)


@misconception(of="conv2d_valid", hint=MATRIX_PRODUCT, name="matrix_product")
def matrix_product_valid(image: Array, kernel: Array) -> Array:
    """Window and kernel are multiplied as matrices before the sum."""
    size = len(kernel)
    return reference.conv2d_valid(image, np.tile(kernel.sum(axis=1), (size, 1)))


@misconception(of="conv2d", hint=FLIPPED, name="flipped_kernel")
def flipped_kernel(image: Array, kernel: Array, stride: int = 1, pad: int = 0) -> Array:
    """The kernel is rotated by 180° (true convolution, erratum E13)."""
    return reference.conv2d(image, kernel[::-1, ::-1], stride, pad)


@misconception(of="conv2d", hint=TRANSPOSED, name="transposed_kernel")
def transposed_kernel(image: Array, kernel: Array, stride: int = 1, pad: int = 0) -> Array:
    """The indices of the kernel are exchanged."""
    return reference.conv2d(image, kernel.T, stride, pad)


@misconception(of="conv2d", hint=ONE_ROW_SHORT, name="one_row_short")
def one_row_short(image: Array, kernel: Array, stride: int = 1, pad: int = 0) -> Array:
    """The + 1 of the output size is left out (erratum E1)."""
    return reference.conv2d(image, kernel, stride, pad)[:-1, :-1]


@misconception(of="conv2d", hint=ONE_SIDE, name="padding_on_one_side")
def padding_on_one_side(image: Array, kernel: Array, stride: int = 1, pad: int = 0) -> Array:
    """All 2P rows of zeros are below the image, all 2P columns on its right."""
    return reference.conv2d(np.pad(image, ((0, 2 * pad), (0, 2 * pad))), kernel, stride)


@misconception(of="conv2d", hint=PAD_IGNORED, name="padding_ignored")
def padding_ignored(image: Array, kernel: Array, stride: int = 1, pad: int = 0) -> Array:
    """The result is that of pad = 0."""
    return reference.conv2d(image, kernel, stride)


@misconception(of="conv2d", hint=PAD_ONE, name="padding_hard_coded_to_1")
def padding_hard_coded_to_1(image: Array, kernel: Array, stride: int = 1, pad: int = 0) -> Array:
    """The result is that of pad = 1."""
    return reference.conv2d(image, kernel, stride, 1)


@misconception(of="conv2d", hint=PAD_ONCE, name="padding_counted_once")
def padding_counted_once(image: Array, kernel: Array, stride: int = 1, pad: int = 0) -> Array:
    """The output size is computed with P instead of 2P."""
    reference.conv2d(image, kernel, stride, pad)  # refuses what the reference refuses
    rows, columns = (_count(length + pad, len(kernel), stride) for length in image.shape)
    return _image_loops(_pad(image, pad), kernel, rows, columns, stride)


@misconception(of="conv2d", hint=BORDER, name="padding_repeats_the_border")
def padding_repeats_the_border(image: Array, kernel: Array, stride: int = 1, pad: int = 0) -> Array:
    """The image is padded with its own border instead of zeros."""
    return reference.conv2d(np.pad(image, pad, mode="edge"), kernel, stride)


@misconception(of="conv2d", hint=STRIDE_IGNORED, name="stride_ignored")
def stride_ignored(image: Array, kernel: Array, stride: int = 1, pad: int = 0) -> Array:
    """The result is that of stride 1."""
    return reference.conv2d(image, kernel, 1, pad)


@misconception(of="conv2d", hint=STRIDE_SIZE_ONLY, name="stride_in_size_only")
def stride_in_size_only(image: Array, kernel: Array, stride: int = 1, pad: int = 0) -> Array:
    """The stride is in the output size, but the window moves by one."""
    rows, columns = reference.conv2d(image, kernel, stride, pad).shape
    return reference.conv2d(image, kernel, 1, pad)[:rows, :columns]


@misconception(of="conv2d", hint=EXCHANGED, name="height_and_width_exchanged")
def height_and_width_exchanged(image: Array, kernel: Array, stride: int = 1, pad: int = 0) -> Array:
    """The shape of the image is read as (W, H)."""
    reference.conv2d(image, kernel, stride, pad)  # refuses what the reference refuses
    width, height = (length + 2 * pad for length in image.shape)
    size = len(kernel)
    return _image_loops(_pad(image, pad), kernel, _count(height, size, stride), _count(width, size, stride), stride)


@misconception(of="conv2d", hint=SQUARE_ONLY, name="square_images_only")
def square_images_only(image: Array, kernel: Array, stride: int = 1, pad: int = 0) -> Array:
    """The output has as many columns as rows."""
    rows = len(reference.conv2d(image, kernel, stride, pad))
    return _image_loops(_pad(image, pad), kernel, rows, rows, stride)


@misconception(of="conv2d", hint=CHECKED_EARLY, name="kernel_compared_before_padding")
def kernel_compared_before_padding(image: Array, kernel: Array, stride: int = 1, pad: int = 0) -> Array:
    """A kernel that is larger than the image is refused even where it fits on the padded one."""
    if len(kernel) > min(image.shape):
        raise ValueError("the kernel is larger than the image")
    return reference.conv2d(image, kernel, stride, pad)


@misconception(of="conv2d", hint=EXACT_ONLY, name="exact_division_only")
def exact_division_only(image: Array, kernel: Array, stride: int = 1, pad: int = 0) -> Array:
    """A stride that does not divide is refused."""
    for length in image.shape:
        assert (length + 2 * pad - len(kernel)) % stride == 0
    return reference.conv2d(image, kernel, stride, pad)


@misconception(of="conv2d", hint=ROUNDED_UP, name="output_size_rounded_up")
def output_size_rounded_up(image: Array, kernel: Array, stride: int = 1, pad: int = 0) -> Array:
    """The output size is rounded up; a window that hangs over sees zeros."""
    more = [(pad, pad + -(length + 2 * pad - len(kernel)) % stride) for length in image.shape]
    return reference.conv2d(np.pad(image, more), kernel, stride)


@misconception(of="conv2d", hint=TRUNCATED, name="output_truncated_to_int")
def output_truncated_to_int(image: Array, kernel: Array, stride: int = 1, pad: int = 0) -> NDArray[np.int64]:
    """The output array is of integers."""
    return reference.conv2d(image, kernel, stride, pad).astype(np.int64)


@misconception(of="conv2d", hint=TAKES_DTYPE, name="result_takes_dtype_of_image")
def result_takes_dtype_of_image(image: Array, kernel: Array, stride: int = 1, pad: int = 0) -> NDArray[np.generic]:
    """The array to fill takes the dtype of the image: whole numbers truncate it."""
    return reference.conv2d(image, kernel, stride, pad).astype(image.dtype)


@misconception(of="conv2d", hint=MATRIX_PRODUCT, name="matrix_product")
def matrix_product(image: Array, kernel: Array, stride: int = 1, pad: int = 0) -> Array:
    """Window and kernel are multiplied as matrices before the sum."""
    size = len(kernel)
    return reference.conv2d(image, np.tile(kernel.sum(axis=1), (size, 1)), stride, pad)


@misconception(of="conv_forward", hint=FLIPPED, name="flipped_kernel")
def flipped_kernel_forward(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """The filters are rotated by 180° (true convolution, erratum E13)."""
    return reference.conv_forward(x, w[:, :, ::-1, ::-1], b, stride, pad)


@misconception(of="conv_forward", hint=ONE_ROW_SHORT, name="one_row_short")
def one_row_short_forward(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """The + 1 of the output size is left out (erratum E1)."""
    return reference.conv_forward(x, w, b, stride, pad)[:, :, :-1, :-1]


@misconception(of="conv_forward", hint=ONE_SIDE, name="padding_on_one_side")
def padding_on_one_side_forward(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """All 2P rows of zeros are below the images, all 2P columns on their right."""
    return reference.conv_forward(np.pad(x, ((0, 0), (0, 0), (0, 2 * pad), (0, 2 * pad))), w, b, stride)


@misconception(of="conv_forward", hint=PAD_IGNORED, name="padding_ignored")
def padding_ignored_forward(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """The result is that of pad = 0."""
    return reference.conv_forward(x, w, b, stride)


@misconception(of="conv_forward", hint=PAD_ONE, name="padding_hard_coded_to_1")
def padding_hard_coded_to_1_forward(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """The result is that of pad = 1."""
    return reference.conv_forward(x, w, b, stride, 1)


@misconception(of="conv_forward", hint=PAD_ONCE, name="padding_counted_once")
def padding_counted_once_forward(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """The output size is computed with P instead of 2P."""
    reference.conv_forward(x, w, b, stride, pad)  # refuses what the reference refuses
    rows, columns = (_count(length + pad, w.shape[2], stride) for length in x.shape[2:])
    return _loops(_pad(x, pad), w, b, rows, columns, w.shape[2], stride)


@misconception(
    of="conv_forward",
    hint="Print the shape of your padded x: have there been images or channels added that nobody asked for?",
    name="padding_on_every_axis",
)
def padding_on_every_axis(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """Zeros are also added along the axes of images and channels."""
    reference.conv_forward(x, w, b, stride, pad)  # refuses what the reference refuses
    padded = np.pad(x, pad)
    rows, columns = (_count(length, w.shape[2], stride) for length in padded.shape[2:])
    return _loops(padded[: len(x)], w, b, rows, columns, w.shape[2], stride)


@misconception(of="conv_forward", hint=STRIDE_IGNORED, name="stride_ignored")
def stride_ignored_forward(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """The result is that of stride 1."""
    return reference.conv_forward(x, w, b, 1, pad)


@misconception(of="conv_forward", hint=STRIDE_SIZE_ONLY, name="stride_in_size_only")
def stride_in_size_only_forward(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """The stride is in the output size, but the window moves by one."""
    rows, columns = reference.conv_forward(x, w, b, stride, pad).shape[2:]
    return reference.conv_forward(x, w, b, 1, pad)[:, :, :rows, :columns]


@misconception(of="conv_forward", hint=EXCHANGED, name="height_and_width_exchanged")
def height_and_width_exchanged_forward(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """The shape of x is read as (N, C, W, H)."""
    reference.conv_forward(x, w, b, stride, pad)  # refuses what the reference refuses
    width, height = (length + 2 * pad for length in x.shape[2:])
    size = w.shape[2]
    return _loops(_pad(x, pad), w, b, _count(height, size, stride), _count(width, size, stride), size, stride)


@misconception(of="conv_forward", hint=SQUARE_ONLY, name="square_images_only")
def square_images_only_forward(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """The output has as many columns as rows."""
    rows = reference.conv_forward(x, w, b, stride, pad).shape[2]
    return _loops(_pad(x, pad), w, b, rows, rows, w.shape[2], stride)


@misconception(of="conv_forward", hint=CHECKED_EARLY, name="kernel_compared_before_padding")
def kernel_compared_before_padding_forward(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """A filter that is larger than the images is refused even where it fits on the padded ones."""
    if w.shape[2] > min(x.shape[2:]):
        raise ValueError("the filters are larger than the images")
    return reference.conv_forward(x, w, b, stride, pad)


@misconception(of="conv_forward", hint=EXACT_ONLY, name="exact_division_only")
def exact_division_only_forward(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """A stride that does not divide is refused."""
    for length in x.shape[2:]:
        assert (length + 2 * pad - w.shape[2]) % stride == 0
    return reference.conv_forward(x, w, b, stride, pad)


@misconception(of="conv_forward", hint=ROUNDED_UP, name="output_size_rounded_up")
def output_size_rounded_up_forward(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """The output size is rounded up; a window that hangs over sees zeros."""
    more = [(pad, pad + -(length + 2 * pad - w.shape[2]) % stride) for length in x.shape[2:]]
    return reference.conv_forward(np.pad(x, [(0, 0), (0, 0), *more]), w, b, stride)


@misconception(of="conv_forward", hint=TRUNCATED, name="output_truncated_to_int")
def output_truncated_to_int_forward(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> NDArray[np.int64]:
    """The output array is of integers."""
    return reference.conv_forward(x, w, b, stride, pad).astype(np.int64)


@misconception(of="conv_forward", hint=BIAS_OMITTED, name="bias_omitted")
def bias_omitted(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """The bias is not added."""
    return reference.conv_forward(x, w, np.zeros_like(b), stride, pad)


@misconception(of="conv_forward", hint=BIAS_EVERY_CHANNEL, name="bias_added_for_every_channel")
def bias_added_for_every_channel(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """The bias is added inside the sum over the channels."""
    return reference.conv_forward(x, w, x.shape[1] * b, stride, pad)


@misconception(of="conv_forward", hint=FILTERS_FOR_SIZE, name="filters_for_kernel_size")
def filters_for_kernel_size(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """K is taken from w.shape[0], the number of filters."""
    reference.conv_forward(x, w, b, stride, pad)  # refuses what the reference refuses
    size = w.shape[0]
    padded = _pad(x, pad)
    return _loops(padded, w, b, _count(padded.shape[2], size, stride), _count(padded.shape[3], size, stride), size, stride)


@misconception(of="conv_forward", hint=ONE_CHANNEL, name="first_channel_only")
def first_channel_only(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """Only the first channel is convolved."""
    return reference.conv_forward(x[:, :1], w[:, :1], b, stride, pad)


@misconception(of="conv_forward", hint=ONE_IMAGE, name="first_image_only")
def first_image_only(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """Only the first image of the batch is convolved; the others stay zero."""
    out = reference.conv_forward(x, w, b, stride, pad)
    out[1:] = 0
    return out


@misconception(
    of="conv_backward",
    hint="Your function fails only when there is no padding. Try `a = [1, 2, 3]; p = 0; a[p:-p]` in Python.",
    name="padding_zero_empties_gradient",
)
def padding_zero_empties_gradient(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Gradients:
    """dx is cut out with [p:-p], which is empty for p = 0."""
    dpadded = _scatter(dout, x, w, stride, pad)
    _, dw, db = reference.conv_backward(dout, x, w, b, stride, pad)
    return dpadded[:, :, pad:-pad, pad:-pad], dw, db


@misconception(
    of="conv_backward",
    hint="When the stride leaves rows over, your dx has fewer rows than x. Do you take its shape from x, or compute it back from dout?",
    name="exact_division_only",
)
def exact_division_only_backward(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Gradients:
    """The size of dx is computed back from dout, (H'-1)·S + K - 2P, which is short where the stride does not divide."""
    _, dw, db = reference.conv_backward(dout, x, w, b, stride, pad)
    rows, columns = (stride * (length - 1) + w.shape[2] - 2 * pad for length in dout.shape[2:])
    return _scatter(dout, x, w, stride, pad)[:, :, pad : pad + rows, pad : pad + columns], dw, db


@misconception(
    of="conv_backward",
    hint="dx has the shape of x. Which rows and columns of your array belong to zeros that padding added?",
    name="gradient_still_padded",
)
def gradient_still_padded(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Gradients:
    """dx keeps the rows and columns of the padding."""
    _, dw, db = reference.conv_backward(dout, x, w, b, stride, pad)
    return _scatter(dout, x, w, stride, pad), dw, db


@misconception(
    of="conv_backward",
    hint="The gradients are right without padding. With padding, which image did the windows of the forward pass see?",
    name="padding_ignored",
)
def padding_ignored_backward(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Gradients:
    """The windows are taken from x without padding; those past the edge are left out."""
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    size = w.shape[2]
    for n, f, i, j in np.ndindex(*dout.shape):
        place = np.s_[n, :, stride * i : stride * i + size, stride * j : stride * j + size]
        rows, columns = x[place].shape[1:]
        dw[f, :, :rows, :columns] += dout[n, f, i, j] * x[place]
        dx[place] += dout[n, f, i, j] * w[f, :, :rows, :columns]
    return dx, dw, dout.sum(axis=(0, 2, 3))


@misconception(
    of="conv_backward",
    hint="The gradients are right for one row of zeros. Try pad=0 and pad=2: where does `pad` enter your function?",
    name="padding_hard_coded_to_1",
)
def padding_hard_coded_to_1_backward(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Gradients:
    """The windows are those of pad = 1; those past the edge are cut."""
    padded = _pad(x, 1)
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    size = w.shape[2]
    for n, f, i, j in np.ndindex(*dout.shape):
        place = np.s_[n, :, stride * i : stride * i + size, stride * j : stride * j + size]
        rows, columns = padded[place].shape[1:]
        dw[f, :, :rows, :columns] += dout[n, f, i, j] * padded[place]
        dpadded[place] += dout[n, f, i, j] * w[f, :, :rows, :columns]
    return _crop(dpadded, x, 1), dw, dout.sum(axis=(0, 2, 3))


@misconception(
    of="conv_backward",
    hint="dx and db are right, dw is not. Did the forward pass lay its windows on x, or on the padded x?",
    name="padding_ignored_in_dw",
)
def padding_ignored_in_dw(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Gradients:
    """dx is made on the padded image, dw on x itself, as if the padding were below and on the right."""
    dx, _, db = reference.conv_backward(dout, x, w, b, stride, pad)
    below = np.pad(x, ((0, 0), (0, 0), (0, 2 * pad), (0, 2 * pad)))
    return dx, reference.conv_backward(dout, below, w, b, stride)[1], db


@misconception(
    of="conv_backward",
    hint="The gradients are right for stride 1. With a larger one, which window belongs to dout[n, f, i, j]?",
    name="stride_ignored",
)
def stride_ignored_backward(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Gradients:
    """The windows move by one place."""
    dw = np.zeros_like(w)
    padded, size = _pad(x, pad), w.shape[2]
    for n, f, i, j in np.ndindex(*dout.shape):
        dw[f] += dout[n, f, i, j] * padded[n, :, i : i + size, j : j + size]
    return _crop(_scatter(dout, x, w, 1, pad), x, pad), dw, dout.sum(axis=(0, 2, 3))


@misconception(of="conv_backward", hint=EXCHANGED, name="height_and_width_exchanged")
def height_and_width_exchanged_backward(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Gradients:
    """The shape of dout is read as (N, F, W', H')."""
    dpadded, dw, db = np.zeros_like(_pad(x, pad)), np.zeros_like(w), np.zeros_like(b)
    padded, size = _pad(x, pad), w.shape[2]
    images, filters, columns, rows = dout.shape
    for n, f, i, j in np.ndindex(images, filters, rows, columns):
        place = np.s_[n, :, stride * i : stride * i + size, stride * j : stride * j + size]
        dw[f] += dout[n, f, i, j] * padded[place]
        dpadded[place] += dout[n, f, i, j] * w[f]
        db[f] += dout[n, f, i, j]
    return _crop(dpadded, x, pad), dw, db


@misconception(
    of="conv_backward",
    hint="dw and db are right, dx is not. Which number of the filter did x[k, l] meet when it went into O[i, j]?",
    name="kernel_flipped_in_dx",
)
def kernel_flipped_in_dx(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Gradients:
    """dx is made with the filters rotated by 180°."""
    _, dw, db = reference.conv_backward(dout, x, w, b, stride, pad)
    return reference.conv_backward(dout, x, w[:, :, ::-1, ::-1], b, stride, pad)[0], dw, db


@misconception(
    of="conv_backward",
    hint="Your dw has the right numbers in other places. Write out dw[0, 0, 0, 0]: which window does it see?",
    name="filter_gradient_flipped",
)
def filter_gradient_flipped(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Gradients:
    """dw is rotated by 180°."""
    dx, dw, db = reference.conv_backward(dout, x, w, b, stride, pad)
    return dx, dw[:, :, ::-1, ::-1], db


@misconception(
    of="conv_backward",
    hint="Look at the indices of w in dx: do p, the row, and q, the column, stand in the places that they have in the formula?",
    name="wrong_kernel_index",
)
def wrong_kernel_index(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Gradients:
    """Row and column of the filter are exchanged in dx."""
    _, dw, db = reference.conv_backward(dout, x, w, b, stride, pad)
    return reference.conv_backward(dout, x, w.swapaxes(2, 3), b, stride, pad)[0], dw, db


@misconception(
    of="conv_backward",
    hint="A pixel that lies under several windows has a part in several outputs. What does your loop do with the earlier parts?",
    name="assigned_not_accumulated",
)
def assigned_not_accumulated(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Gradients:
    """dx is assigned window by window, so that only the last window counts."""
    _, dw, db = reference.conv_backward(dout, x, w, b, stride, pad)
    return _crop(_scatter(dout, x, w, stride, pad, add=False), x, pad), dw, db


@misconception(
    of="conv_backward",
    hint="db has one number for each filter. Which axes of dout does the formula add up?",
    name="db_not_summed_over_batch",
)
def db_not_summed_over_batch(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Gradients:
    """db is summed over rows and columns only."""
    dx, dw, _ = reference.conv_backward(dout, x, w, b, stride, pad)
    return dx, dw, dout.sum(axis=(2, 3))


@misconception(
    of="conv_backward",
    hint="Is there a 1/N in the formulas of dw and db? Whether the loss is a mean is already inside dout.",
    name="averaged_over_batch",
)
def averaged_over_batch(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Gradients:
    """dw and db are divided by the number of images."""
    dx, dw, db = reference.conv_backward(dout, x, w, b, stride, pad)
    return dx, dw / len(x), db / len(x)


@misconception(
    of="conv_backward",
    hint="Every image of the batch has a part in dw. What is left of the first image's part at the end of your loop?",
    name="last_image_only",
)
def last_image_only(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Gradients:
    """dw and db hold the part of the last image only."""
    dx = reference.conv_backward(dout, x, w, b, stride, pad)[0]
    _, dw, db = reference.conv_backward(dout[-1:], x[-1:], w, b, stride, pad)
    return dx, dw, db


@misconception(of="conv_backward", hint=FILTERS_FOR_SIZE, name="filters_for_kernel_size")
def filters_for_kernel_size_backward(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Gradients:
    """K is taken from w.shape[0], the number of filters."""
    dpadded, dw = np.zeros_like(_pad(x, pad)), np.zeros_like(w)
    padded, size = _pad(x, pad), w.shape[0]
    for n, f, i, j in np.ndindex(*dout.shape):
        place = np.s_[n, :, stride * i : stride * i + size, stride * j : stride * j + size]
        dw[f] += dout[n, f, i, j] * padded[place]
        dpadded[place] += dout[n, f, i, j] * w[f]
    return _crop(dpadded, x, pad), dw, dout.sum(axis=(0, 2, 3))


@misconception(
    of="conv_backward",
    hint="Compare the order of your three results with the statement's.",
    name="results_in_another_order",
)
def results_in_another_order(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Gradients:
    """(dw, db, dx) is returned instead of (dx, dw, db)."""
    dx, dw, db = reference.conv_backward(dout, x, w, b, stride, pad)
    return dw, db, dx
