"""The reference of `conv`: the lecture's numbers, the solution's results, the true gradients, the edges."""

import importlib.util
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import conv as reference

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = tomllib.loads((ROOT / "assignments/conv/examples.toml").read_text(encoding="utf-8"))
STEP = 1e-5


def load(path: str) -> ModuleType:
    """A file of the course as a module."""
    spec = importlib.util.spec_from_file_location(path.replace("/", "_").removesuffix(".py"), ROOT / path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


solution, checks = load("solutions/conv.py"), load("assignments/conv/checks.py")


def inputs(name: str) -> dict[str, Any]:
    """The arguments of a worked example, lists as arrays."""
    given = EXAMPLES[name]["inputs"].items()
    return {key: np.array(value, dtype=float) if isinstance(value, list) else value for key, value in given}


def results(name: str, got: Any) -> list[tuple[str, Any, np.ndarray]]:
    """Name, value and expectation of each result of a worked example."""
    expected = EXAMPLES[name]["expected"]
    if not isinstance(expected, dict):
        return [("O", got, np.array(expected, dtype=float))]
    assert len(got) == len(expected)
    return [(key, one, np.array(expected[key], dtype=float)) for key, one in zip(expected, got, strict=True)]


@st.composite
def layers(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of a convolutional layer whose filters fit."""
    size, stride, pad = draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(0, 2))
    height, width = (draw(st.integers(max(1, size - 2 * pad), 6)) for _ in range(2))
    batch, channels, filters = (draw(st.integers(1, 3)) for _ in range(3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return {
        "x": rng.normal(size=(batch, channels, height, width)),
        "w": rng.normal(size=(filters, channels, size, size)),
        "b": rng.normal(size=filters),
        "stride": stride,
        "pad": pad,
    }


def upstream(case: dict[str, Any]) -> np.ndarray:
    """A gradient of the loss with respect to the layer's output."""
    return np.random.default_rng(0).normal(size=reference.conv_forward(**case).shape)


def slopes(loss: Callable[[np.ndarray], float], at: np.ndarray) -> np.ndarray:
    """Central differences of `loss`, coordinate by coordinate."""
    found = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        move = np.zeros_like(at)
        move[index] = STEP
        found[index] = (loss(at + move) - loss(at - move)) / (2 * STEP)
    return found


@pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_example(name: str, module: Any) -> None:
    """Reference and solution give the slide's numbers."""
    got = getattr(module, EXAMPLES[name]["exercise"])(**inputs(name))
    for _, result, expected in results(name, got):
        np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize("name", EXAMPLES)
def test_explanation_ends_in_the_expected_number(name: str) -> None:
    """The arithmetic that a student reads is that of the worked example, at every element, and adds up."""
    explain = {"conv2d_valid": checks.slide_sum, "conv2d": checks.slide_sum}.get(EXAMPLES[name]["exercise"])
    explain = explain or (checks.forward_sum if EXAMPLES[name]["exercise"] == "conv_forward" else checks.backward_sum)
    got = getattr(reference, EXAMPLES[name]["exercise"])(**inputs(name))
    for result, _, expected in results(name, got):
        for index in np.ndindex(expected.shape):
            text = explain(inputs(name), result, index)
            if text == "0 (no window holds it)":
                assert expected[index] == 0
                continue
            terms, _, total = text.rpartition(" = ")
            assert float(total) == expected[index]
            assert re.fullmatch(r"[-+*. \d]+", terms)
            assert eval(terms) == expected[index]


@pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])
def test_laws_hold(module: Any) -> None:
    """What the rubric's properties ask for is so."""
    for name, cases, law in [
        ("conv2d_valid", checks.pick_kernels, checks.copies_the_image),
        ("conv2d", checks.with_and_without_stride, checks.skips_places),
        ("conv_forward", checks.two_biases, checks.each_filter_has_its_bias),
    ]:
        for case in cases(np.random.default_rng(0)):
            calls = case if isinstance(case, list) else [case]
            assert law(case, [getattr(module, name)(**call) for call in calls]) is None


def test_law_of_strides_is_not_stretched_by_huge_numbers() -> None:
    """Results beyond what the inputs can add up to break the law, though they agree with each other."""
    for case in checks.with_and_without_stride(np.random.default_rng(0)):
        results = [1e300 * reference.conv2d(**call) for call in case]
        assert "beyond" in checks.skips_places(case, results)


def test_explanation_is_written_as_on_the_slide() -> None:
    """The products are in the order of the slide, image first, whole numbers without a point."""
    assert checks.slide_sum(inputs("conv-valid"), "O", (0, 1)) == "2*1 + 1*0 + 3*2 + 1*1 = 9"


@given(layers())
@settings(max_examples=60, deadline=None)
def test_solution_agrees_on_layers(case: dict[str, Any]) -> None:
    """Forward and backward pass of the solution are the reference's."""
    np.testing.assert_allclose(solution.conv_forward(**case), reference.conv_forward(**case), rtol=1e-10, atol=1e-12)
    dout = upstream(case)
    for one, other in zip(solution.conv_backward(dout, **case), reference.conv_backward(dout, **case), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-12)


@given(layers())
@settings(max_examples=60, deadline=None)
def test_solution_agrees_on_images(case: dict[str, Any]) -> None:
    """The solution's convolution of one image is the reference's."""
    image, kernel, stride, pad = case["x"][0, 0], case["w"][0, 0], case["stride"], case["pad"]
    one, other = (module.conv2d(image, kernel, stride, pad) for module in (solution, reference))
    np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-12)
    if kernel.shape[0] <= min(image.shape):
        one, other = (module.conv2d_valid(image, kernel) for module in (solution, reference))
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-12)


@given(layers())
@settings(max_examples=25, deadline=None)
def test_backward_is_the_derivative_of_forward(case: dict[str, Any]) -> None:
    """dx, dw and db agree with central differences of the forward pass."""
    dout = upstream(case)
    for name, gradient in zip(("x", "w", "b"), reference.conv_backward(dout, **case), strict=True):
        numeric = slopes(
            lambda value, name=name: float(np.sum(dout * reference.conv_forward(**{**case, name: value}))), case[name]
        )
        np.testing.assert_allclose(gradient, numeric, rtol=1e-6, atol=1e-8)


@given(layers())
@settings(max_examples=25, deadline=None)
def test_layer_is_a_sum_of_images(case: dict[str, Any]) -> None:
    """Each output channel is the sum of the channels' convolutions, and the bias."""
    x, w, b, stride, pad = case.values()
    out = reference.conv_forward(**case)
    for n, f in np.ndindex(out.shape[:2]):
        alone = sum(reference.conv2d(x[n, c], w[f, c], stride, pad) for c in range(x.shape[1])) + b[f]
        np.testing.assert_allclose(out[n, f], alone, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])
def test_left_over_rows_are_not_used(module: Any) -> None:
    """When the stride does not divide, the size is rounded down."""
    assert module.conv2d(np.ones((6, 8)), np.ones((3, 3)), 2, 0).shape == (2, 3)


@pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])
def test_unreached_pixels_have_no_gradient(module: Any) -> None:
    """A row that no window reaches has gradient 0."""
    x, w, b = np.ones((1, 1, 4, 4)), np.ones((1, 1, 3, 3)), np.zeros(1)
    dx, _, _ = module.conv_backward(np.ones((1, 1, 1, 1)), x, w, b, 2, 0)
    np.testing.assert_array_equal(dx[0, 0, 3], np.zeros(4))


@pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])
def test_without_padding_dx_is_all_there(module: Any) -> None:
    """With pad = 0 nothing is cut from dx."""
    x, w, b = np.ones((1, 1, 3, 4)), np.ones((1, 1, 1, 1)), np.zeros(1)
    dx, _, _ = module.conv_backward(np.full((1, 1, 3, 4), 2.0), x, w, b, 1, 0)
    np.testing.assert_array_equal(dx, 2 * x)


@pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])
def test_padding_makes_a_large_kernel_fit(module: Any) -> None:
    """A kernel that is larger than the image is fine as long as it fits on the padded one."""
    assert module.conv2d(np.ones((1, 2)), np.ones((3, 3)), 1, 1).shape == (1, 2)


@pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])
def test_whole_numbers_give_floats(module: Any) -> None:
    """An image of integers keeps the decimals of the kernel."""
    np.testing.assert_array_equal(module.conv2d(np.array([[1, 2]]), np.array([[0.5]])), [[0.5, 1.0]])


@pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])
def test_refusals(module: Any) -> None:
    """A kernel that does not fit and another number of channels are refused."""
    with pytest.raises(ValueError, match=r"larger|fit"):
        module.conv2d_valid(np.ones((3, 2)), np.ones((3, 3)))
    with pytest.raises(ValueError, match=r"larger|fit"):
        module.conv2d(np.ones((1, 5)), np.ones((4, 4)), 1, 1)
    with pytest.raises(ValueError, match=r"larger|fit"):
        module.conv_forward(np.ones((1, 1, 1, 5)), np.ones((1, 1, 4, 4)), np.ones(1), 1, 1)
    for channels in (1, 2):
        with pytest.raises(ValueError, match=r"channels|shape"):
            module.conv_forward(np.ones((1, 3, 4, 4)), np.ones((1, channels, 2, 2)), np.ones(1))


def test_single_precision_stays_single() -> None:
    """float32 in, float32 out."""
    x, w, b = (np.ones(shape, np.float32) for shape in ((1, 1, 3, 3), (1, 1, 2, 2), (1,)))
    out = reference.conv_forward(x, w, b, 1, 1)
    assert {a.dtype for a in (out, *reference.conv_backward(out, x, w, b, 1, 1))} == {np.dtype(np.float32)}
