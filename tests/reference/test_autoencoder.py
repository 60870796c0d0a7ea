"""The reference of `autoencoder`: the worked examples, the solution's results, the true gradients, the digits, the edges."""

import importlib.util
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worked import worked

from reference import autoencoder as reference

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "assignments/autoencoder"
EXAMPLES = worked("autoencoder")
STEP = 1e-6
WEIGHTS = ("we", "be", "wd", "bd")


def load(path: str) -> ModuleType:
    """A file of the course as a module."""
    spec = importlib.util.spec_from_file_location(path.replace("/", "_").removesuffix(".py"), ROOT / path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


solution, checks = load("solutions/autoencoder.py"), load("assignments/autoencoder/checks.py")
both = pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])


def inputs(name: str) -> dict[str, Any]:
    """The arguments of a worked example."""
    return EXAMPLES[name].inputs


def results(name: str, got: Any) -> list[tuple[str, Any, np.ndarray]]:
    """Name, value and expectation of each result of a worked example."""
    expected = EXAMPLES[name].expected
    if not isinstance(expected, dict):
        return [("", got, np.asarray(expected))]
    assert len(got) == len(expected)
    return [(key, one, np.asarray(expected[key])) for key, one in zip(expected, got, strict=True)]


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Any]:
    """A batch and the weights of an autoencoder of any size."""
    count, size, width = (draw(st.integers(1, 5)) for _ in range(3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return checks.network(rng, count, size, width)


def slopes(loss: Callable[[np.ndarray], float], at: np.ndarray) -> np.ndarray:
    """Central differences of `loss`, coordinate by coordinate."""
    found = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        move = np.zeros_like(at)
        move[index] = STEP
        found[index] = (loss(at + move) - loss(at - move)) / (2 * STEP)
    return found


def same(one: Any, other: Any) -> None:
    """Both results, or lists of results, agree."""
    for a, b in zip(*((r if isinstance(r, tuple | list) else [r]) for r in (one, other)), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-11)


@both
@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_example(name: str, module: Any) -> None:
    """Reference and solution give the example's numbers at their printed precision."""
    got = getattr(module, EXAMPLES[name].exercise)(**inputs(name))
    for _, result, expected in results(name, got):
        np.testing.assert_allclose(result, expected, rtol=0, atol=EXAMPLES[name].atol or 1e-9)


@pytest.mark.parametrize("name", EXAMPLES)
def test_explanation_ends_in_the_expected_number(name: str) -> None:
    """The arithmetic that a student reads leads to each expected number, and adds up to it within its rounding."""
    explain = {
        "pixels": checks.sixteenths,
        "encode": checks.sum_of_layer,
        "decode": checks.sum_of_layer,
        "reconstruction_loss": checks.mean_of_squares,
        "decode_backward": checks.sum_of_decoder,
        "gradients": checks.sum_of_network,
        "train_step": checks.slide_step,
    }[EXAMPLES[name].exercise]
    got = getattr(reference, EXAMPLES[name].exercise)(**inputs(name))
    for result, _, expected in results(name, got):
        for index in np.ndindex(expected.shape):
            terms, _, total = explain(inputs(name), result, index).rpartition(" = ")
            assert float(total) == expected[index]
            assert re.fullmatch(r"[-+*/^(). \dtanhsigmod=]+", terms)
            known = {"tanh": np.tanh, "sigmoid": checks.sigmoid}
            values = [eval(part.replace("^", "**"), known) for part in terms.split(" = ")]
            np.testing.assert_allclose(values, expected[index], atol=2e-4)


@given(networks(), st.integers(1, 4), st.integers(0, 3))
@settings(max_examples=40, deadline=None)
def test_solution_agrees(case: dict[str, Any], batch_size: int, epochs: int) -> None:
    """Every function of the solution gives what the reference gives."""
    x, we, be, wd, bd = case.values()
    rng = np.random.default_rng(0)
    code, dout = rng.normal(size=(len(x), len(be))), rng.normal(size=x.shape)
    same(solution.encode(x, we, be), reference.encode(x, we, be))
    same(solution.decode(code, wd, bd), reference.decode(code, wd, bd))
    same(solution.reconstruction_loss(**case), reference.reconstruction_loss(**case))
    same(solution.decode_backward(dout, code, wd, bd), reference.decode_backward(dout, code, wd, bd))
    same(solution.gradients(**case), reference.gradients(**case))
    same(solution.train_step(x, [we, be, wd, bd], 0.7), reference.train_step(x, [we, be, wd, bd], 0.7))
    orders = checks.orders(rng, epochs, len(x))
    one, other = (module.train(x, [we, be, wd, bd], 0.7, orders, batch_size) for module in (solution, reference))
    same(one[0], other[0])
    same(one[1], other[1])


@given(networks())
@settings(max_examples=25, deadline=None)
def test_gradients_are_the_derivative_of_the_loss(case: dict[str, Any]) -> None:
    """The gradients of all weights agree with central differences."""
    for name, gradient in zip(WEIGHTS, reference.gradients(**case), strict=True):
        numeric = slopes(lambda value, name=name: reference.reconstruction_loss(**{**case, name: value}), case[name])
        np.testing.assert_allclose(gradient, numeric, rtol=1e-5, atol=1e-8)


@given(networks())
@settings(max_examples=25, deadline=None)
def test_decode_backward_is_the_derivative_of_decode(case: dict[str, Any]) -> None:
    """dcode, dw and db agree with central differences."""
    rng = np.random.default_rng(1)
    layer = {"code": rng.normal(size=(len(case["x"]), len(case["be"]))), "w": case["wd"], "b": case["bd"]}
    dout = rng.normal(size=case["x"].shape)
    for name, gradient in zip(layer, reference.decode_backward(dout, **layer), strict=True):
        numeric = slopes(lambda value, name=name: float(np.sum(dout * reference.decode(**{**layer, name: value}))), layer[name])
        np.testing.assert_allclose(gradient, numeric, rtol=1e-5, atol=1e-8)


@both
def test_pixels_of_images_that_are_not_square(module: Any) -> None:
    """Pixels stand row by row, as sixteenths, also of small unsigned integers."""
    images = np.array([[[0, 8, 16], [4, 2, 1]]], dtype=np.uint8)
    np.testing.assert_array_equal(module.pixels(images), [[0, 0.5, 1, 0.25, 0.125, 0.0625]])


@both
def test_sigmoid_saturates(module: Any) -> None:
    """Sums of ±1000 give 1 and 0, without a warning."""
    output = module.decode(np.array([[1000.0, -1000.0]]), np.eye(2), np.zeros(2))
    np.testing.assert_array_equal(output, [[1.0, 0.0]])


@both
def test_refusals(module: Any) -> None:
    """Pixels that are none, and batches of no image, are refused."""
    for pixel in (-1, 17):
        with pytest.raises(ValueError, match="between 0 and 16"):
            module.pixels(np.array([[[pixel, 3]]]))
    weights = [np.ones((2, 1)), np.ones(1), np.ones((1, 2)), np.ones(2)]
    for batch_size in (0, -1):
        with pytest.raises(ValueError, match="at least 1"):
            module.train(np.ones((2, 2)), weights, 1.0, np.array([[0, 1]]), batch_size)


@both
def test_training_rebuilds_digits(module: Any) -> None:
    """The run of the rubric passes its law, in single precision too."""
    case = next(checks.digit_training(np.random.default_rng(7)))
    single = {**case, "x": case["x"].astype(np.float32), "weights": [w.astype(np.float32) for w in case["weights"]]}
    for given_ in (case, single) if module is solution else (case,):
        assert checks.rebuilds_digits(given_, [module.train(**given_)]) is None


@pytest.mark.parametrize(
    "slip",
    ["divided_by_images_twice", "divided_by_images_only", "tied_weights", "target_is_the_mean_image", "sign_of_the_error"],
)
def test_wrong_gradients_do_not_rebuild_digits(slip: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network trained with wrong gradients stays behind PCA."""
    mistakes = [item for item in vars(load("reference/misconceptions/autoencoder.py")).values() if hasattr(item, "hint")]
    wrong = next(item for item in mistakes if (item.of, item.name) == ("gradients", slip))
    case = next(checks.digit_training(np.random.default_rng(7)))
    monkeypatch.setattr(solution, "gradients", wrong.function)
    assert checks.rebuilds_digits(case, [solution.train(**case)]) is not None


def test_digits_are_small_and_say_where_they_are_from() -> None:
    """The data file has 300 and 100 images of whole numbers up to 16, its source and its licence."""
    with np.load(FOLDER / "digits.npz") as file:
        assert file["train"].shape == (300, 8, 8) and file["test"].shape == (100, 8, 8)
        assert file["train"].dtype == np.uint8 and file["train"].max() == 16
        assert "UCI" in str(file["source"]) and "CC BY" in str(file["licence"])
    assert (FOLDER / "digits.npz").stat().st_size < 20_000


def test_no_test_image_is_a_training_image() -> None:
    """The held-out images are new."""
    train, test = checks.digits()
    assert not {row.tobytes() for row in train} & {row.tobytes() for row in test}
