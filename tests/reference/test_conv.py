"""The reference of `conv`: drawn layers, true gradients, what the law of strides refuses, windows that do not fit evenly."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from topics import few, generators, is_derivative, sizes, some, topic, upstream

conv = topic("conv")
reference, checks, both = conv.reference, conv.checks, conv.both


@st.composite
def layers(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of a convolutional layer whose filters fit."""
    (size, stride), (pad,) = sizes(draw, 2, 3), sizes(draw, 1, 2, low=0)
    height, width = sizes(draw, 2, 6, low=max(1, size - 2 * pad))
    batch, channels, filters = sizes(draw, 3, 3)
    return checks.layer(draw(generators), batch, channels, height, width, filters, size, stride, pad)


@given(layers())
@some
def test_solution_agrees(case: dict[str, Any]) -> None:
    """Forward and backward pass of the solution are the reference's, and so are the convolutions of one image."""
    conv.agree("conv_forward", **case)
    conv.agree("conv_backward", upstream(reference.conv_forward, case), **case)
    image, kernel = case["x"][0, 0], case["w"][0, 0]
    conv.agree("conv2d", image, kernel, case["stride"], case["pad"])
    if kernel.shape[0] <= min(image.shape):
        conv.agree("conv2d_valid", image, kernel)


@given(layers())
@few
def test_backward_is_the_derivative_of_forward(case: dict[str, Any]) -> None:
    """dx, dw and db agree with central differences of the forward pass."""
    dout = upstream(reference.conv_forward, case)
    is_derivative(reference.conv_backward(dout, **case), reference.conv_forward, case, ("x", "w", "b"), dout)


@given(layers())
@few
def test_layer_is_a_sum_of_images(case: dict[str, Any]) -> None:
    """Each output channel is the sum of the channels' convolutions, and the bias."""
    x, w, b, stride, pad = case.values()
    out = reference.conv_forward(**case)
    for n, f in np.ndindex(out.shape[:2]):
        alone = sum(reference.conv2d(x[n, c], w[f, c], stride, pad) for c in range(x.shape[1])) + b[f]
        np.testing.assert_allclose(out[n, f], alone, rtol=1e-10, atol=1e-12)


def test_law_of_strides_is_not_stretched_by_huge_numbers() -> None:
    """Results beyond what the inputs can add up to break the law, though they agree with each other."""
    for case in checks.with_and_without_stride(np.random.default_rng(0)):
        results = [1e300 * reference.conv2d(**call) for call in case]
        assert "beyond" in checks.skips_places(case, results)
