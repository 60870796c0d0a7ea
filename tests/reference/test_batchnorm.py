"""The reference of `batchnorm`: the examples, the solution's results, the true gradients, the laws of normalization, extremes."""

import importlib.util
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import batchnorm as reference

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = tomllib.loads((ROOT / "assignments/batchnorm/examples.toml").read_text(encoding="utf-8"))
STEP = 1e-5


def load(path: str) -> ModuleType:
    """A file of the course as a module."""
    spec = importlib.util.spec_from_file_location(path.replace("/", "_").removesuffix(".py"), ROOT / path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


solution, checks = load("solutions/batchnorm.py"), load("assignments/batchnorm/checks.py")
both = pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])
kinds = pytest.mark.parametrize("kind", ["", "_spatial"], ids=["vectors", "images"])


def inputs(name: str) -> dict[str, Any]:
    """The arguments of a worked example, lists as arrays."""
    given = EXAMPLES[name]["inputs"].items()
    return {key: np.array(value, dtype=float) if isinstance(value, list) else value for key, value in given}


def expected(name: str) -> list[tuple[str, np.ndarray]]:
    """The results of a worked example and their names."""
    found = EXAMPLES[name]["expected"]
    results = found if isinstance(found, dict) else {"O": found}
    return [(key, np.array(value, dtype=float)) for key, value in results.items()]


def as_list(results: Any) -> list[np.ndarray]:
    """One result or several, as a list."""
    return list(results) if isinstance(results, tuple) else [results]


@st.composite
def batches(draw: st.DrawFn, axes: int) -> dict[str, Any]:
    """The arguments of a forward pass; batches of one example and constant features among them."""
    shape = tuple(draw(st.integers(1, 4)) for _ in range(axes))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    x = rng.normal(size=shape) * 2 + 1
    if draw(st.booleans()):
        x[:, 0] = 3.0
    eps = draw(st.sampled_from([1e-5, 1e-3, 0.5]))
    return {"x": x, "gamma": rng.normal(size=shape[1]), "beta": rng.normal(size=shape[1]), "eps": eps}


any_batch = st.integers(0, 1).flatmap(lambda images: batches(4 if images else 2))


def passes(module: Any, case: dict[str, Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The forward and the backward pass for a case's number of axes."""
    kind = "_spatial" if case["x"].ndim == 4 else ""
    return getattr(module, f"batchnorm_forward{kind}"), getattr(module, f"batchnorm_backward{kind}")


def upstream(case: dict[str, Any]) -> dict[str, Any]:
    """The arguments of the backward pass."""
    dout = np.random.default_rng(0).normal(size=case["x"].shape)
    return {"dout": dout, "x": case["x"], "gamma": case["gamma"], "eps": case["eps"]}


@both
@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_example(name: str, module: Any) -> None:
    """Reference and solution give the numbers worked out by hand."""
    got = as_list(getattr(module, EXAMPLES[name]["exercise"])(**inputs(name)))
    for (_, want), have in zip(expected(name), got, strict=True):
        np.testing.assert_allclose(have, want, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", EXAMPLES)
def test_explanation_ends_in_the_expected_number(name: str) -> None:
    """The arithmetic that a student reads leads to the worked example's number at every element of every result."""
    explain = {
        "running_statistics": checks.slide_running,
        "batchnorm_inference": checks.slide_inference,
    }.get(EXAMPLES[name]["exercise"], checks.slide_backward if "backward" in name else checks.slide_forward)
    for result, numbers in expected(name):
        for index in np.ndindex(numbers.shape):
            said = explain(inputs(name), result, index).rpartition(" = ")[2]
            assert float(said) == pytest.approx(numbers[index], abs=1e-5)


@pytest.mark.parametrize(
    ("name", "result", "index", "text"),
    [
        ("batchnorm-forward", "O", (0, 0), "(0 - 4) / sqrt(8 + 1) * 3 + 1 = -3"),
        ("batchnorm-forward-spatial", "O", (1, 1, 0, 1), "(5 - 2) / sqrt(3 + 1) * 4 + (-1) = 5"),
        ("batchnorm-inference", "O", (0, 0), "(5 - 2) / sqrt(8 + 1) * 3 + 1 = 4"),
        ("batchnorm-backward", "dbeta", (0,), "(-1) + 2 + (-1) + 8 = 8"),
        ("batchnorm-backward", "dx", (0, 1), "2 / sqrt(3 + 1) * (0 - 4/4 - (-0.5)*8/4) = 0"),
        ("running-statistics", "var", (0,), "0.75*1 + 0.25*8 = 2.75"),
    ],
)
def test_explanation_is_written_as_arithmetic(name: str, result: str, index: tuple[int, ...], text: str) -> None:
    """The numbers are those of the formula, whole ones without a point."""
    explain = {"batchnorm-inference": checks.slide_inference, "running-statistics": checks.slide_running}.get(
        name, checks.slide_backward if "backward" in name else checks.slide_forward
    )
    assert explain(inputs(name), result, index) == text


@given(any_batch)
@settings(max_examples=60, deadline=None)
def test_solution_agrees(case: dict[str, Any]) -> None:
    """Forward and backward pass of the solution are the reference's, for vectors and images."""
    for mine, theirs, arguments in zip(passes(solution, case), passes(reference, case), [case, upstream(case)], strict=True):
        for have, want in zip(as_list(mine(**arguments)), as_list(theirs(**arguments)), strict=True):
            np.testing.assert_allclose(have, want, rtol=1e-9, atol=1e-9)


@given(any_batch, st.floats(0.0, 1.0))
@settings(max_examples=40, deadline=None)
def test_solution_agrees_on_statistics(case: dict[str, Any], momentum: float) -> None:
    """Running statistics and inference of the solution are the reference's."""
    x, mean, var = case["x"], case["beta"], case["gamma"] ** 2
    for have, want in zip(
        solution.running_statistics(x, mean, var, momentum), reference.running_statistics(x, mean, var, momentum), strict=True
    ):
        np.testing.assert_allclose(have, want, rtol=1e-12, atol=1e-12)
    arguments = {**case, "eps": 0.1, "running_mean": mean, "running_var": var}
    np.testing.assert_allclose(solution.batchnorm_inference(**arguments), reference.batchnorm_inference(**arguments), rtol=1e-10)


@kinds
def test_backward_is_the_derivative(kind: str) -> None:
    """dx, dgamma and dbeta agree with central differences of the forward pass."""
    rng = np.random.default_rng(0)
    shape = (4, 3) if not kind else (2, 3, 2, 2)
    case = {"x": rng.normal(size=shape), "gamma": rng.normal(size=3), "beta": rng.normal(size=3), "eps": 1e-3}
    forward, backward = passes(reference, case)
    dout = rng.normal(size=shape)
    gradients = backward(dout, case["x"], case["gamma"], case["eps"])
    for name, gradient in zip(("x", "gamma", "beta"), gradients, strict=True):
        numeric = np.zeros_like(case[name])
        for index in np.ndindex(numeric.shape):
            move = np.zeros_like(numeric)
            move[index] = STEP
            moved = forward(**{**case, name: case[name] + move}) - forward(**{**case, name: case[name] - move})
            numeric[index] = np.sum(dout * moved) / (2 * STEP)
        np.testing.assert_allclose(gradient, numeric, rtol=1e-6, atol=1e-7)


@both
@kinds
def test_laws_of_the_rubric_hold(module: Any, kind: str) -> None:
    """Every feature has mean beta and spread |gamma|, and its gradients add up to 0, for other seeds of the rubric too."""
    forward, backward = getattr(module, f"batchnorm_forward{kind}"), getattr(module, f"batchnorm_backward{kind}")
    for seed in range(3):
        rng = np.random.default_rng(seed)
        case = next((checks.images if kind else checks.vectors)(rng))
        assert checks.standardized(case, [forward(**case)]) is None
        case = next((checks.images_backward if kind else checks.vectors_backward)(rng))
        assert checks.ignores_shifts(case, [backward(**case)]) is None


def test_laws_refuse_what_is_wrong() -> None:
    """Zeros, huge numbers and x itself do not pass for normalized, nor do zeros for a gradient."""
    case = next(checks.vectors(np.random.default_rng(0)))
    for wrong in (np.zeros_like(case["x"]), np.full_like(case["x"], 1e300), case["x"]):
        assert "should have the" in checks.standardized(case, [wrong])
    case = next(checks.vectors_backward(np.random.default_rng(0)))
    assert "0 everywhere" in checks.ignores_shifts(case, [(np.zeros_like(case["x"]), 0, 0)])
    assert "adds up to" in checks.ignores_shifts(case, [(np.full_like(case["x"], 1e300), 0, 0)])


@both
def test_inference_looks_at_no_neighbours(module: Any) -> None:
    """The rubric's law of inference holds, and x itself does not obey it."""
    (case,) = checks.alone_and_together(np.random.default_rng(0))
    assert checks.looks_at_no_neighbours(case, [module.batchnorm_inference(**call) for call in case]) is None
    assert "should give beta" in checks.looks_at_no_neighbours(case, [call["x"] for call in case])
    assert "alone" in checks.looks_at_no_neighbours(
        case, [reference.batchnorm_forward(c["x"], c["gamma"], c["beta"]) for c in case]
    )


@both
def test_images_of_one_pixel_are_vectors(module: Any) -> None:
    """(N, C, 1, 1) gives what (N, C) gives."""
    rng = np.random.default_rng(0)
    x, gamma, beta = rng.normal(size=(5, 3)), rng.normal(size=3), rng.normal(size=3)
    as_image = module.batchnorm_forward_spatial(x[:, :, None, None], gamma, beta)
    np.testing.assert_allclose(as_image[:, :, 0, 0], module.batchnorm_forward(x, gamma, beta), rtol=1e-12)


@both
def test_no_variance(module: Any) -> None:
    """A constant feature becomes beta, and its gradient stays finite; a batch of one has dx = 0."""
    x, ones = np.array([[3.0], [3.0]]), np.ones(1)
    np.testing.assert_array_equal(module.batchnorm_forward(x, ones, 7 * ones), [[7], [7]])
    dx, dgamma, dbeta = module.batchnorm_backward(np.array([[1.0], [3.0]]), x, ones, 0.25)
    np.testing.assert_allclose(dx, [[-2], [2]])
    assert (dgamma.item(), dbeta.item()) == (0, 4)
    np.testing.assert_array_equal(module.batchnorm_backward(ones[None], x[:1], ones)[0], [[0]])


@both
def test_far_from_zero(module: Any) -> None:
    """Ten million added to x changes the result by rounding only."""
    rng = np.random.default_rng(0)
    x, ones = rng.normal(size=(6, 2)), np.ones(2)
    far = module.batchnorm_forward(x + 1e7, ones, ones)
    np.testing.assert_allclose(far, module.batchnorm_forward(x, ones, ones), atol=1e-7)


@both
def test_running_variance_is_the_biased_one(module: Any) -> None:
    """With momentum 1 the average becomes the batch's variance, divided by m."""
    x = np.array([[0.0], [2.0]])
    assert module.running_statistics(x, np.zeros(1), np.ones(1), 1.0)[1].item() == 1.0


@both
def test_refusals(module: Any) -> None:
    """Vectors for images and images for vectors are refused, and gamma, beta and statistics of another length."""
    x, images, two, three = np.ones((4, 3)), np.ones((2, 3, 4, 5)), np.ones(2), np.ones(3)
    for refused in (
        lambda: module.batchnorm_forward(x, two, three),
        lambda: module.batchnorm_forward(x, three, two),
        lambda: module.batchnorm_forward(np.ones((2, 3, 4, 3)), three, three),
        lambda: module.batchnorm_forward_spatial(images, np.ones(5), three),
        lambda: module.batchnorm_forward_spatial(x, three, three),
        lambda: module.batchnorm_inference(images, three, three, np.ones(5), three),
    ):
        with pytest.raises(ValueError, match=r"shape"):
            refused()
