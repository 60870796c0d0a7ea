"""Mistakes that people make in the topic `resnet`, each as a wrong version of a reference function."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.course.authoring import misconception
from reference import resnet as reference
from reference.conv import conv_backward, conv_forward

Array = NDArray[np.floating[Any]]
Gate = NDArray[np.bool_]
Five = tuple[Array, Array, Array, Array, Array]
Six = tuple[Array, Array, Array, Array, Array, Array]

AFTER_RELU = "Does the shortcut in the drawing arrive before or after the last ReLU? Follow a residual of -5 through yours."
NO_LAST_RELU = "Your result has negative numbers. What is the last thing that happens to z in the drawing?"
NO_HIDDEN_RELU = "Two layers without anything between them are one layer (lecture L2). What comes between the two in the drawing?"
NO_SKIP = "Your result is that of a plain block. Where does x enter the sum?"
ALWAYS_SKIP = "Your block is right with a skip connection. What does it do with skip=False?"
RELU_OF_RESIDUAL = "Can the residual that you add ever be negative? Count the ReLUs in the drawing."
RELU_OF_SHORTCUT = "Count the ReLUs in the drawing: does one of them stand on the shortcut?"
BROADCAST = "numpy stretches an axis of length 1 in silence when it adds. Compare the shapes yourself before you add."
MASK_FORGOTTEN = "Going back, you pass the last ReLU first. What does it do with the gradient where its input was negative?"
MASK_OF_RESIDUAL = "The last ReLU is open where ITS input is positive. Which number of the drawing goes into it?"
MASK_OF_INPUT = "You ask whether x is positive. Which number of the drawing goes into the last ReLU?"
HIDDEN_MASK = "There are two ReLUs in the block. Which one has your gradient not passed on its way to w1?"
MASK_OF_GRADIENT = "May a gradient be negative? Going back, a ReLU asks for the sign of what went into it on the way forward."
SKIP_GRADIENT = "x went into z by two ways. Which parts does dx have, and which of them is in yours?"
BRANCH_GRADIENT = "x went into z by two ways. Your dx has the part of the shortcut; is the other one added, or overwritten?"
UNMASKED = "The shortcut and the branch part at z, before the last ReLU. Which gradient arrives there: dout, or dz?"
SUMS_FOR_OUTPUTS = "dw1 is right, dw2 is not. What went into the second layer: s, or what the ReLU made of it?"
BIAS_IN_MASK = (
    "Some gradients are 0 in the wrong places. Compare the s and z of your backward pass with those of the forward pass."
)
ORDER = "Compare the order of your results with the statement's."
AVERAGED = "Is there a 1/N in the formulas? Whether the loss is a mean is already inside dout."
BIAS_SUM = "A bias is added to every example (and every pixel), so its gradient has its own shape. Over which axes do you add?"
STRIDE_OF_PROJECTION = "Print the shapes of P and of r for stride 2. Which numbers of x does the projection meet?"
CROPPED = "P has the right shape. Which pixels of x are in it: those at stride*i and stride*j, or the first ones?"
FIRST_NOT_SECOND = "Two things move by the stride of the block: which of the three convolutions does not?"


def _sums(x: Array, w1: Array, b1: Array, w2: Array, b2: Array) -> tuple[Array, Array, Array]:
    """The sum s, h and the residual r of a dense block."""
    s = x @ w1 + b1
    h = np.maximum(s, 0)
    return s, h, h @ w2 + b2


def _back(dz: Array, x: Array, w1: Array, w2: Array, h: Array, gate: Gate) -> Five:
    """The gradients of a dense branch for the gradient dz of its residual; dx is the branch's part."""
    ds = (dz @ w2.T) * gate
    return ds @ w1.T, x.T @ ds, ds.sum(axis=0), h.T @ dz, dz.sum(axis=0)


def _fits(x: Array, w2: Array, skip: bool) -> None:
    """Refuse what the reference refuses."""
    if skip and w2.shape[1] != x.shape[1]:
        raise ValueError("the residual has not the shape of x")


# --- residual_forward --------------------------------------------------------------------------------------------------------------


@misconception(of="residual_forward", hint=AFTER_RELU)
def skip_added_after_relu(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """The shortcut is added to relu(r), after the last ReLU."""
    _fits(x, w2, skip)
    out: Array = np.maximum(_sums(x, w1, b1, w2, b2)[2], 0)
    return x + out if skip else out


@misconception(of="residual_forward", hint=NO_LAST_RELU)
def last_relu_forgotten(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """The sum is returned as it is."""
    _fits(x, w2, skip)
    r = _sums(x, w1, b1, w2, b2)[2]
    return x + r if skip else r


@misconception(of="residual_forward", hint=NO_HIDDEN_RELU)
def hidden_relu_forgotten(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """There is no ReLU between the two layers."""
    _fits(x, w2, skip)
    r = (x @ w1 + b1) @ w2 + b2
    out: Array = np.maximum(x + r if skip else r, 0)
    return out


@misconception(of="residual_forward", hint=RELU_OF_RESIDUAL)
def residual_cut_before_addition(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """A third ReLU cuts the residual before the addition: relu(x + relu(r))."""
    _fits(x, w2, skip)
    r = np.maximum(_sums(x, w1, b1, w2, b2)[2], 0)
    out: Array = np.maximum(x + r if skip else r, 0)
    return out


@misconception(of="residual_forward", hint=NO_SKIP)
def skip_forgotten(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """The block is plain whatever skip says."""
    _fits(x, w2, skip)
    return reference.residual_forward(x, w1, b1, w2, b2, False)


@misconception(of="residual_forward", hint=ALWAYS_SKIP)
def skip_argument_ignored(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """The shortcut is added whatever skip says."""
    return reference.residual_forward(x, w1, b1, w2, b2)


@misconception(of="residual_forward", hint="Your s has no b1 in it: try a block with b1 = [10, 10, …]. What should change?")
def hidden_bias_forgotten(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """The bias of the first layer is not added."""
    return reference.residual_forward(x, w1, np.zeros_like(b1), w2, b2, skip)


@misconception(of="residual_forward", hint="One argument does nothing in your function yet: change b2, and look at the result.")
def second_bias_forgotten(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """The bias of the second layer is not added."""
    return reference.residual_forward(x, w1, b1, w2, np.zeros_like(b2), skip)


@misconception(
    of="residual_forward",
    hint="Look at the sign in the drawing where the shortcut meets the residual: how do the two come together?",
)
def shortcut_multiplied(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """The residual is multiplied with x instead of added to it."""
    _fits(x, w2, skip)
    r = _sums(x, w1, b1, w2, b2)[2]
    out: Array = np.maximum(x * r if skip else r, 0)
    return out


@misconception(of="residual_forward", hint=BROADCAST)
def shapes_not_compared(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """A residual of one column is stretched by broadcasting."""
    r = _sums(x, w1, b1, w2, b2)[2]
    out: Array = np.maximum(x + r if skip else r, 0)
    return out


# --- residual_backward -------------------------------------------------------------------------------------------------------------


def _skip_gradient_forgotten(dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Five:
    s, h, r = _sums(x, w1, b1, w2, b2)
    return _back(dout * ((x + r if skip else r) > 0), x, w1, w2, h, s > 0)


@misconception(of="residual_backward", hint=SKIP_GRADIENT)
def skip_gradient_forgotten(dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Five:
    """dx has the branch's part only."""
    return _skip_gradient_forgotten(dout, x, w1, b1, w2, b2, skip)


@misconception(of="residual_backward", hint=BRANCH_GRADIENT)
def branch_gradient_overwritten(dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Five:
    """dx is the shortcut's part; the branch's is overwritten."""
    found = reference.residual_backward(dout, x, w1, b1, w2, b2, skip)
    z = x + _sums(x, w1, b1, w2, b2)[2] if skip else x
    return (dout * (z > 0) if skip else found[0], *found[1:])


@misconception(of="residual_backward", hint=ALWAYS_SKIP, name="skip_argument_ignored")
def skip_argument_ignored_backward(dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Five:
    """The shortcut is there whatever skip says."""
    return reference.residual_backward(dout, x, w1, b1, w2, b2)


@misconception(of="residual_backward", hint=NO_SKIP, name="skip_forgotten")
def skip_forgotten_backward(dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Five:
    """The block is plain whatever skip says, in the recomputed sum too."""
    return reference.residual_backward(dout, x, w1, b1, w2, b2, False)


@misconception(of="residual_backward", hint=MASK_FORGOTTEN)
def last_mask_forgotten(dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Five:
    """dz is dout: the last ReLU is not passed."""
    s, h, _ = _sums(x, w1, b1, w2, b2)
    found = _back(dout, x, w1, w2, h, s > 0)
    return (found[0] + dout if skip else found[0], *found[1:])


def _mask_of_residual(dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Five:
    s, h, r = _sums(x, w1, b1, w2, b2)
    dz = dout * (r > 0)
    found = _back(dz, x, w1, w2, h, s > 0)
    return (found[0] + dz if skip else found[0], *found[1:])


@misconception(of="residual_backward", hint=MASK_OF_RESIDUAL)
def last_mask_of_residual(dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Five:
    """The last ReLU is taken to be open where r, instead of z = x + r, is positive."""
    return _mask_of_residual(dout, x, w1, b1, w2, b2, skip)


@misconception(of="residual_backward", hint=MASK_OF_INPUT)
def last_mask_of_input(dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Five:
    """The last ReLU is taken to be open where x is positive."""
    s, h, r = _sums(x, w1, b1, w2, b2)
    dz = dout * ((x if skip else r) > 0)
    found = _back(dz, x, w1, w2, h, s > 0)
    return (found[0] + dz if skip else found[0], *found[1:])


def _after_relu(dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Five:
    s, h, r = _sums(x, w1, b1, w2, b2)
    found = _back(dout * (r > 0), x, w1, w2, h, s > 0)
    return (found[0] + dout if skip else found[0], *found[1:])


@misconception(of="residual_backward", hint=AFTER_RELU, name="skip_added_after_relu")
def skip_added_after_relu_backward(dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Five:
    """The gradients of x + relu(r)."""
    return _after_relu(dout, x, w1, b1, w2, b2, skip)


@misconception(of="residual_backward", hint=UNMASKED)
def skip_gradient_unmasked(dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Five:
    """The shortcut's part of dx is dout instead of dz."""
    found = _skip_gradient_forgotten(dout, x, w1, b1, w2, b2, skip)
    return (found[0] + dout if skip else found[0], *found[1:])


@misconception(of="residual_backward", hint=HIDDEN_MASK)
def hidden_mask_forgotten(dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Five:
    """ds is dh: the ReLU between the layers is not passed."""
    _, h, r = _sums(x, w1, b1, w2, b2)
    dz = dout * ((x + r if skip else r) > 0)
    found = _back(dz, x, w1, w2, h, np.ones(h.shape, np.bool_))
    return (found[0] + dz if skip else found[0], *found[1:])


@misconception(of="residual_backward", hint=MASK_OF_GRADIENT)
def relu_of_the_gradient(dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Five:
    """Going back, ReLU is applied to the gradients: negative ones become 0."""
    _, h, _ = _sums(x, w1, b1, w2, b2)
    dz = np.maximum(dout, 0)
    found = _back(dz, x, w1, w2, h, dz @ w2.T > 0)
    return (found[0] + dz if skip else found[0], *found[1:])


@misconception(of="residual_backward", hint=SUMS_FOR_OUTPUTS)
def sums_instead_of_hidden(dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Five:
    """dw2 is made with s instead of h = relu(s)."""
    s, _, r = _sums(x, w1, b1, w2, b2)
    dx, dw1, db1, _, db2 = reference.residual_backward(dout, x, w1, b1, w2, b2, skip)
    return dx, dw1, db1, s.T @ (dout * ((x + r if skip else r) > 0)), db2


@misconception(of="residual_backward", hint=BIAS_IN_MASK)
def hidden_bias_forgotten_in_s(dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Five:
    """s, h and z are computed again without b1."""
    return reference.residual_backward(dout, x, w1, np.zeros_like(b1), w2, b2, skip)


@misconception(of="residual_backward", hint=BIAS_SUM)
def bias_gradient_not_summed(dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Five:
    """db1 and db2 keep one row for each example."""
    s, _, r = _sums(x, w1, b1, w2, b2)
    dz = dout * ((x + r if skip else r) > 0)
    dx, dw1, _, dw2, _ = reference.residual_backward(dout, x, w1, b1, w2, b2, skip)
    return dx, dw1, (dz @ w2.T) * (s > 0), dw2, dz


@misconception(of="residual_backward", hint=AVERAGED)
def averaged_over_batch(dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Five:
    """The gradients of weights and biases are divided by the number of examples."""
    found = reference.residual_backward(dout, x, w1, b1, w2, b2, skip)
    dx, dw1, db1, dw2, db2 = found
    return dx, dw1 / len(x), db1 / len(x), dw2 / len(x), db2 / len(x)


@misconception(
    of="residual_backward", hint="Compare the shapes in dz @ w2.T: w2 leads from M to D. Which way does the gradient go?"
)
def weights_not_transposed(dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Five:
    """The gradient goes back through w2 and w1 without .T; that fits square matrices only."""
    s, h, r = _sums(x, w1, b1, w2, b2)
    dz = dout * ((x + r if skip else r) > 0)
    found = _back(dz, x, w1.T, w2.T, h, s > 0)
    return (found[0] + dz if skip else found[0], *found[1:])


@misconception(of="residual_backward", hint=ORDER)
def results_in_another_order(dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Five:
    """(dw1, db1, dw2, db2, dx) is returned."""
    found = reference.residual_backward(dout, x, w1, b1, w2, b2, skip)
    return (*found[1:], found[0])


# --- projection_forward ------------------------------------------------------------------------------------------------------------


def _maps(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, stride: int) -> tuple[Array, Array, Array]:
    """The sum s, h and the residual r of a convolutional branch."""
    s = conv_forward(x, w1, b1, stride, 1)
    h = np.maximum(s, 0)
    return s, h, conv_forward(h, w2, b2, 1, 1)


def _project(x: Array, wp: Array, stride: int, pad: int = 0) -> Array:
    return conv_forward(x, wp, np.zeros(len(wp), wp.dtype), stride, pad)


def _same_filters(w2: Array, wp: Array) -> None:
    """Refuse what the reference refuses."""
    if len(wp) != len(w2):
        raise ValueError("another number of filters")


def _finish(shortcut: Array, residual: Array) -> Array:
    out: Array = np.maximum(shortcut + residual, 0)
    return out


@misconception(of="projection_forward", hint=AFTER_RELU, name="skip_added_after_relu")
def skip_added_after_relu_projection(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1) -> Array:
    """The shortcut is added to relu(r), after the last ReLU."""
    _same_filters(w2, wp)
    out: Array = _project(x, wp, stride) + np.maximum(_maps(x, w1, b1, w2, b2, stride)[2], 0)
    return out


@misconception(of="projection_forward", hint=NO_LAST_RELU, name="last_relu_forgotten")
def last_relu_forgotten_projection(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1) -> Array:
    """The sum is returned as it is."""
    _same_filters(w2, wp)
    return _project(x, wp, stride) + _maps(x, w1, b1, w2, b2, stride)[2]


@misconception(of="projection_forward", hint=NO_HIDDEN_RELU, name="hidden_relu_forgotten")
def hidden_relu_forgotten_projection(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1) -> Array:
    """There is no ReLU between the two convolutions."""
    _same_filters(w2, wp)
    return _finish(_project(x, wp, stride), conv_forward(conv_forward(x, w1, b1, stride, 1), w2, b2, 1, 1))


@misconception(of="projection_forward", hint=RELU_OF_RESIDUAL, name="residual_cut_before_addition")
def residual_cut_before_addition_projection(
    x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1
) -> Array:
    """A third ReLU cuts the residual before the addition."""
    _same_filters(w2, wp)
    return _finish(_project(x, wp, stride), np.maximum(_maps(x, w1, b1, w2, b2, stride)[2], 0))


@misconception(of="projection_forward", hint=RELU_OF_SHORTCUT, name="shortcut_cut_before_addition")
def shortcut_cut_before_addition_projection(
    x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1
) -> Array:
    """The projection passes a ReLU of its own."""
    _same_filters(w2, wp)
    return _finish(np.maximum(_project(x, wp, stride), 0), _maps(x, w1, b1, w2, b2, stride)[2])


@misconception(of="projection_forward", hint=NO_SKIP, name="skip_forgotten")
def skip_forgotten_projection(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1) -> Array:
    """The shortcut is not added at all."""
    _same_filters(w2, wp)
    residual = _maps(x, w1, b1, w2, b2, stride)[2]
    return _finish(np.zeros_like(residual), residual)


@misconception(
    of="projection_forward",
    hint="Your result is right where the shapes of x and r differ. What does the statement say of blocks where they are equal?",
)
def identity_where_it_fits(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1) -> Array:
    """Where the shapes are equal, x itself is added instead of its projection."""
    _same_filters(w2, wp)
    residual = _maps(x, w1, b1, w2, b2, stride)[2]
    return _finish(x if x.shape == residual.shape else _project(x, wp, stride), residual)


@misconception(
    of="projection_forward",
    hint="How often is x in your sum where its shape is that of r? There is one shortcut, and it is projected.",
)
def identity_and_projection(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1) -> Array:
    """Where the shapes are equal, both x and its projection are added."""
    _same_filters(w2, wp)
    residual = _maps(x, w1, b1, w2, b2, stride)[2]
    shortcut = _project(x, wp, stride)
    return _finish(shortcut + x if x.shape == residual.shape else shortcut, residual)


@misconception(of="projection_forward", hint=STRIDE_OF_PROJECTION)
def projection_without_stride(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1) -> Array:
    """The projection has stride 1, so that the shapes do not fit."""
    _same_filters(w2, wp)
    return _finish(_project(x, wp, 1), _maps(x, w1, b1, w2, b2, stride)[2])


@misconception(of="projection_forward", hint=CROPPED)
def projection_cropped(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1) -> Array:
    """The projection has stride 1 and is cropped to the shape of r."""
    _same_filters(w2, wp)
    residual = _maps(x, w1, b1, w2, b2, stride)[2]
    rows, columns = residual.shape[2:]
    return _finish(_project(x, wp, 1)[:, :, :rows, :columns], residual)


@misconception(
    of="projection_forward", hint="How many rows of zeros does a 1 x 1 filter need around the image to meet every pixel once?"
)
def projection_padded(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1) -> Array:
    """The projection has pad 1 like the 3 x 3 convolutions."""
    _same_filters(w2, wp)
    residual = _maps(x, w1, b1, w2, b2, stride)[2]
    return _finish(_project(x, wp, stride, 1), residual)


@misconception(of="projection_forward", hint="Your result is that of stride 1. Where does `stride` enter your function?")
def stride_ignored(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1) -> Array:
    """The whole block has stride 1."""
    return reference.projection_forward(x, w1, b1, w2, b2, wp, 1)


@misconception(of="projection_forward", hint=FIRST_NOT_SECOND)
def stride_in_second_convolution(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1) -> Array:
    """The second convolution has the stride instead of the first."""
    _same_filters(w2, wp)
    h = np.maximum(conv_forward(x, w1, b1, 1, 1), 0)
    return _finish(_project(x, wp, stride), conv_forward(h, w2, b2, stride, 1))


@misconception(of="projection_forward", hint=FIRST_NOT_SECOND)
def stride_in_both_convolutions(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1) -> Array:
    """Both 3 x 3 convolutions have the stride."""
    _same_filters(w2, wp)
    h = np.maximum(conv_forward(x, w1, b1, stride, 1), 0)
    return _finish(_project(x, wp, stride), conv_forward(h, w2, b2, stride, 1))


@misconception(
    of="projection_forward",
    hint="Your result is right up to a constant in each channel. Which bias do you hand to the projection?",
)
def bias_added_twice(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1) -> Array:
    """The projection adds b2 once more."""
    return reference.projection_forward(x, w1, b1, w2, 2 * b2, wp, stride)


@misconception(
    of="projection_forward", hint="Some argument does nothing in your function yet: change b1 and b2, and look at the result."
)
def biases_forgotten(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1) -> Array:
    """b1 and b2 are not added."""
    return reference.projection_forward(x, w1, np.zeros_like(b1), w2, np.zeros_like(b2), wp, stride)


@misconception(of="projection_forward", hint=BROADCAST, name="shapes_not_compared")
def shapes_not_compared_projection(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1) -> Array:
    """A projection of one channel is stretched by broadcasting."""
    return _finish(_project(x, wp, stride), _maps(x, w1, b1, w2, b2, stride)[2])


# --- projection_backward -----------------------------------------------------------------------------------------------------------


def _back_maps(
    dz: Array, dshort: Array, x: Array, w1: Array, w2: Array, wp: Array, stride: int, h: Array, gate: Gate, move: int = 0
) -> Six:
    """The gradients of a block for the gradients dz of its residual and dshort of its shortcut (stride `move`, 0: the block's)."""
    dh, dw2, db2 = conv_backward(dz, h, w2, np.zeros(len(w2)), 1, 1)
    dx, dw1, db1 = conv_backward(dh * gate, x, w1, np.zeros(len(w1)), stride, 1)
    part, dwp, _ = _back_projection(dshort, x, wp, move or stride)
    return dx + part, dw1, db1, dw2, db2, dwp


def _back_projection(dout: Array, x: Array, w: Array, stride: int) -> tuple[Array, Array, Array]:
    """`conv_backward` of a 1 x 1 filter that takes a dout with too few rows or columns, as the stub's does."""
    rows, columns = dout.shape[2:]
    place = np.s_[:, :, : stride * rows : stride, : stride * columns : stride]
    dx = np.zeros_like(x)
    dx[place] = np.einsum("nfij,fc->ncij", dout, w[:, :, 0, 0])
    return dx, np.einsum("nfij,ncij->fc", dout, x[place])[:, :, None, None], dout.sum(axis=(0, 2, 3))


def _gates(
    dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int
) -> tuple[Array, Array, Gate, Array]:
    """dz, h, [s > 0] and the residual of a block."""
    s, h, r = _maps(x, w1, b1, w2, b2, stride)
    return dout * (_project(x, wp, stride) + r > 0), h, s > 0, r


@misconception(of="projection_backward", hint=SKIP_GRADIENT, name="skip_gradient_forgotten")
def skip_gradient_forgotten_projection(
    dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1
) -> Six:
    """dx has the branch's part only."""
    dz, h, gate, _ = _gates(dout, x, w1, b1, w2, b2, wp, stride)
    dwp = reference.projection_backward(dout, x, w1, b1, w2, b2, wp, stride)[5]
    return (*_back_maps(dz, np.zeros_like(dz), x, w1, w2, wp, stride, h, gate)[:5], dwp)


@misconception(of="projection_backward", hint=BRANCH_GRADIENT, name="branch_gradient_overwritten")
def branch_gradient_overwritten_projection(
    dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1
) -> Six:
    """dx is the shortcut's part; the branch's is overwritten."""
    dz = _gates(dout, x, w1, b1, w2, b2, wp, stride)[0]
    found = reference.projection_backward(dout, x, w1, b1, w2, b2, wp, stride)
    return (_back_projection(dz, x, wp, stride)[0], *found[1:])


@misconception(
    of="projection_backward",
    hint="dwp is 0 everywhere in your result, so the projection would never learn. Which two arrays met in P?",
)
def projection_gradient_missing(
    dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1
) -> Six:
    """dwp is left at 0."""
    found = reference.projection_backward(dout, x, w1, b1, w2, b2, wp, stride)
    return (*found[:5], np.zeros_like(wp))


@misconception(
    of="projection_backward", hint="The shortcut of this block is no identity. Through what does dz go on its way back to x?"
)
def identity_gradient(dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1) -> Six:
    """dz itself is added to dx, as if the shortcut were the identity; that fits equal shapes only."""
    dz, h, gate, _ = _gates(dout, x, w1, b1, w2, b2, wp, stride)
    found = _back_maps(dz, np.zeros_like(dz), x, w1, w2, wp, stride, h, gate)[:5]
    dwp = reference.projection_backward(dout, x, w1, b1, w2, b2, wp, stride)[5]
    return (found[0] + dz, *found[1:], dwp)


@misconception(
    of="projection_backward",
    hint="Your dx and dwp are right for stride 1. Which pixels of x did the projection meet, and where does its gradient go?",
    name="projection_without_stride",
)
def projection_without_stride_backward(
    dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1
) -> Six:
    """The gradient goes back through a projection of stride 1, to the first rows and columns of x."""
    dz, h, gate, _ = _gates(dout, x, w1, b1, w2, b2, wp, stride)
    return _back_maps(dz, dz, x, w1, w2, wp, stride, h, gate, move=1)


@misconception(of="projection_backward", hint=MASK_FORGOTTEN, name="last_mask_forgotten")
def last_mask_forgotten_projection(
    dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1
) -> Six:
    """dz is dout: the last ReLU is not passed."""
    _, h, gate, _ = _gates(dout, x, w1, b1, w2, b2, wp, stride)
    return _back_maps(dout, dout, x, w1, w2, wp, stride, h, gate)


@misconception(of="projection_backward", hint=MASK_OF_RESIDUAL, name="last_mask_of_residual")
def last_mask_of_residual_projection(
    dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1
) -> Six:
    """The last ReLU is taken to be open where r, instead of z = P + r, is positive."""
    _, h, gate, r = _gates(dout, x, w1, b1, w2, b2, wp, stride)
    dz = dout * (r > 0)
    return _back_maps(dz, dz, x, w1, w2, wp, stride, h, gate)


@misconception(of="projection_backward", hint=AFTER_RELU, name="skip_added_after_relu")
def skip_added_after_relu_projection_backward(
    dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1
) -> Six:
    """The gradients of P + relu(r)."""
    _, h, gate, r = _gates(dout, x, w1, b1, w2, b2, wp, stride)
    return _back_maps(dout * (r > 0), dout, x, w1, w2, wp, stride, h, gate)


@misconception(of="projection_backward", hint=UNMASKED, name="skip_gradient_unmasked")
def skip_gradient_unmasked_projection(
    dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1
) -> Six:
    """dout, not dz, goes back through the projection."""
    dz, h, gate, _ = _gates(dout, x, w1, b1, w2, b2, wp, stride)
    return _back_maps(dz, dout, x, w1, w2, wp, stride, h, gate)


@misconception(of="projection_backward", hint=HIDDEN_MASK, name="hidden_mask_forgotten")
def hidden_mask_forgotten_projection(
    dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1
) -> Six:
    """ds is dh: the ReLU between the convolutions is not passed."""
    dz, h, gate, _ = _gates(dout, x, w1, b1, w2, b2, wp, stride)
    return _back_maps(dz, dz, x, w1, w2, wp, stride, h, np.ones_like(gate))


@misconception(of="projection_backward", hint=MASK_OF_GRADIENT, name="relu_of_the_gradient")
def relu_of_the_gradient_projection(
    dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1
) -> Six:
    """Going back, ReLU is applied to the gradients: negative ones become 0."""
    _, h, _, _ = _gates(dout, x, w1, b1, w2, b2, wp, stride)
    dz = np.maximum(dout, 0)
    dh = conv_backward(dz, h, w2, b2, 1, 1)[0]
    return _back_maps(dz, dz, x, w1, w2, wp, stride, h, dh > 0)


@misconception(of="projection_backward", hint=SUMS_FOR_OUTPUTS, name="sums_instead_of_hidden")
def sums_instead_of_hidden_projection(
    dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1
) -> Six:
    """dw2 is made with s instead of h = relu(s)."""
    dz, _, gate, _ = _gates(dout, x, w1, b1, w2, b2, wp, stride)
    return _back_maps(dz, dz, x, w1, w2, wp, stride, _maps(x, w1, b1, w2, b2, stride)[0], gate)


@misconception(of="projection_backward", hint=BIAS_IN_MASK)
def biases_forgotten_in_sums(
    dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1
) -> Six:
    """s and z are computed again without b1 and b2."""
    return reference.projection_backward(dout, x, w1, np.zeros_like(b1), w2, np.zeros_like(b2), wp, stride)


@misconception(of="projection_backward", hint=BIAS_IN_MASK, name="bias_added_twice")
def bias_added_twice_backward(
    dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1
) -> Six:
    """z is computed again with b2 in the projection, too."""
    return reference.projection_backward(dout, x, w1, b1, w2, 2 * b2, wp, stride)


@misconception(of="projection_backward", hint=ORDER, name="results_in_another_order")
def results_in_another_order_projection(
    dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1
) -> Six:
    """(dx, dw1, dw2, dwp, db1, db2) is returned: weights first, then biases."""
    dx, dw1, db1, dw2, db2, dwp = reference.projection_backward(dout, x, w1, b1, w2, b2, wp, stride)
    return dx, dw1, dw2, dwp, db1, db2


# --- gradient_norms ----------------------------------------------------------------------------------------------------------------

Forward = Callable[..., Array]
Backward = Callable[..., Five]


def _gradients(
    x: Array,
    dout: Array,
    w1: Array,
    b1: Array,
    w2: Array,
    b2: Array,
    skip: bool,
    forward: Forward = reference.residual_forward,
    backward: Backward = reference.residual_backward,
) -> list[Five]:
    """The gradients of every block of a stack, first block first."""
    inputs, found = [], []
    for k in range(len(w1)):
        inputs.append(x)
        x = forward(x, w1[k], b1[k], w2[k], b2[k], skip)
    for k in reversed(range(len(w1))):
        found.append(backward(dout, inputs[k], w1[k], b1[k], w2[k], b2[k], skip))
        dout = found[-1][0]
    return found[::-1]


def _norms(gradients: list[Array]) -> Array:
    return np.array([np.linalg.norm(g) for g in gradients])


@misconception(
    of="gradient_norms", hint="Which block does norms[0] belong to? The gradient meets the blocks in the other order than x did."
)
def norms_last_block_first(x: Array, dout: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """norms[0] is the last block's."""
    return reference.gradient_norms(x, dout, w1, b1, w2, b2, skip)[::-1]


@misconception(of="gradient_norms", hint="Is |dout| in your list? norms[k] is measured after the gradient has passed block k.")
def norms_one_block_late(x: Array, dout: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """norms[k] is that of the gradient before it passes block k: the last one is |dout|."""
    norms = reference.gradient_norms(x, dout, w1, b1, w2, b2, skip)
    return np.append(norms[1:], np.linalg.norm(dout))


@misconception(
    of="gradient_norms", hint="Count your numbers: one for each block. Is |dout| the norm of a gradient that has passed a block?"
)
def norm_of_dout_included(x: Array, dout: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """|dout| is the last of L + 1 norms."""
    return np.append(reference.gradient_norms(x, dout, w1, b1, w2, b2, skip), np.linalg.norm(dout))


@misconception(
    of="gradient_norms",
    hint="The statement asks how large the gradient is that is handed on from block to block. Of which gradient do you take the norm?",
)
def norm_of_weight_gradient(x: Array, dout: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """The norms are those of dw1."""
    return _norms([found[1] for found in _gradients(x, dout, w1, b1, w2, b2, skip)])


@misconception(
    of="gradient_norms",
    hint="norms has the length of an arrow: 3 and 4 give 5. What is the last step after adding up the squares?",
)
def norms_squared(x: Array, dout: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """The square root is forgotten."""
    norms: Array = reference.gradient_norms(x, dout, w1, b1, w2, b2, skip) ** 2
    return norms


@misconception(
    of="gradient_norms", hint="Your numbers are right for one example. What does your norm do with an array of several rows?"
)
def norm_of_the_matrix(x: Array, dout: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """The largest singular value is taken: np.linalg.norm(g, 2) of a matrix."""
    return np.array([np.linalg.norm(found[0], 2) for found in _gradients(x, dout, w1, b1, w2, b2, skip)])


@misconception(
    of="gradient_norms", hint="Each block has its own input on the way forward. Which one do you hand to its backward pass?"
)
def x_for_every_block(x: Array, dout: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """Every backward pass gets x instead of the block's own input."""
    norms = []
    for k in reversed(range(len(w1))):
        dout = reference.residual_backward(dout, x, w1[k], b1[k], w2[k], b2[k], skip)[0]
        norms.append(np.linalg.norm(dout))
    return np.array(norms[::-1])


@misconception(
    of="gradient_norms", hint="Your list of inputs is one block late: what goes into block 0, and what comes out of it?"
)
def outputs_for_inputs(x: Array, dout: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """Every backward pass gets the block's output instead of its input."""
    norms, outputs = [], []
    for k in range(len(w1)):
        x = reference.residual_forward(x, w1[k], b1[k], w2[k], b2[k], skip)
        outputs.append(x)
    for k in reversed(range(len(w1))):
        dout = reference.residual_backward(dout, outputs[k], w1[k], b1[k], w2[k], b2[k], skip)[0]
        norms.append(np.linalg.norm(dout))
    return np.array(norms[::-1])


@misconception(
    of="gradient_norms",
    hint="The gradient that arrives at block k has passed all later blocks. Which gradient do you hand to each block?",
)
def dout_for_every_block(x: Array, dout: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """Every block gets dout instead of the gradient of the block after it."""
    norms = []
    for k in range(len(w1)):
        norms.append(np.linalg.norm(reference.residual_backward(dout, x, w1[k], b1[k], w2[k], b2[k], skip)[0]))
        x = reference.residual_forward(x, w1[k], b1[k], w2[k], b2[k], skip)
    return np.array(norms)


@misconception(of="gradient_norms", hint=ALWAYS_SKIP, name="skip_argument_ignored")
def skip_argument_ignored_stack(x: Array, dout: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """All blocks have skip connections whatever skip says."""
    return reference.gradient_norms(x, dout, w1, b1, w2, b2)


@misconception(
    of="gradient_norms",
    hint="Your blocks are all plain. Does `skip` reach the forward AND the backward pass of every block?",
    name="skip_forgotten",
)
def skip_forgotten_stack(x: Array, dout: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """No block has a skip connection whatever skip says."""
    return reference.gradient_norms(x, dout, w1, b1, w2, b2, False)


@misconception(
    of="gradient_norms",
    hint="Your residual_backward forgets a part of dx; mend it, and this one follows.",
    name="skip_gradient_forgotten",
)
def skip_gradient_forgotten_stack(x: Array, dout: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """The gradient takes no shortcut."""
    found = _gradients(x, dout, w1, b1, w2, b2, skip, backward=_skip_gradient_forgotten)
    return _norms([gradients[0] for gradients in found])


@misconception(
    of="gradient_norms",
    hint="Your blocks add the shortcut after the last ReLU; mend them, and this one follows.",
    name="skip_added_after_relu",
)
def skip_added_after_relu_stack(x: Array, dout: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """The blocks are x + relu(r)."""

    def forward(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool) -> Array:
        out: Array = np.maximum(_sums(x, w1, b1, w2, b2)[2], 0)
        return x + out if skip else out

    return _norms([gradients[0] for gradients in _gradients(x, dout, w1, b1, w2, b2, skip, forward, _after_relu)])


@misconception(
    of="gradient_norms",
    hint="Your residual_backward asks the wrong number whether the last ReLU is open; mend it, and this one follows.",
    name="last_mask_of_residual",
)
def last_mask_of_residual_stack(x: Array, dout: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """The last ReLU of every block is taken to be open where r is positive."""
    return _norms([gradients[0] for gradients in _gradients(x, dout, w1, b1, w2, b2, skip, backward=_mask_of_residual)])
