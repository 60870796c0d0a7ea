"""The reference of `autoencoder`: drawn networks, true gradients, the digits, what training with wrong gradients comes to."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from topics import few, generators, is_derivative, single, sizes, some, topic, upstream

from grader.course.rubric import read_misconceptions

autoencoder = topic("autoencoder")
reference, solution, checks, both = autoencoder.reference, autoencoder.solution, autoencoder.checks, autoencoder.both
DIGITS = autoencoder.assignment.folder / "digits.npz"


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Any]:
    """A batch and the weights of an autoencoder of any size."""
    return checks.network(draw(generators), *sizes(draw, 3, 5))


def decoder(case: dict[str, Any]) -> dict[str, Any]:
    """The arguments of its decoder alone."""
    code = np.random.default_rng(1).normal(size=(len(case["x"]), len(case["be"])))
    return {"code": code, "w": case["wd"], "b": case["bd"]}


@given(networks(), st.integers(1, 4), st.integers(0, 3))
@some
def test_solution_agrees(case: dict[str, Any], batch_size: int, epochs: int) -> None:
    """Every function of the solution gives what the reference gives."""
    x, *weights = case.values()
    layer = decoder(case)
    autoencoder.agree("encode", x, *weights[:2])
    autoencoder.agree("decode", **layer)
    autoencoder.agree("reconstruction_loss", **case)
    autoencoder.agree("decode_backward", upstream(reference.decode, layer), **layer)
    autoencoder.agree("gradients", **case)
    autoencoder.agree("train_step", x, weights, 0.7)
    autoencoder.agree("train", x, weights, 0.7, checks.orders(np.random.default_rng(0), epochs, len(x)), batch_size)


@given(networks())
@few
def test_gradients_are_the_derivative_of_the_loss(case: dict[str, Any]) -> None:
    """The gradients of all weights agree with central differences."""
    is_derivative(reference.gradients(**case), reference.reconstruction_loss, case, ("we", "be", "wd", "bd"))


@given(networks())
@few
def test_decode_backward_is_the_derivative_of_decode(case: dict[str, Any]) -> None:
    """dcode, dw and db agree with central differences."""
    layer = decoder(case)
    dout = upstream(reference.decode, layer)
    is_derivative(reference.decode_backward(dout, **layer), reference.decode, layer, ("code", "w", "b"), dout)


@both
def test_pixels_of_images_that_are_not_square(module: Any) -> None:
    """Pixels stand row by row, as sixteenths, also of small unsigned integers."""
    images = np.array([[[0, 8, 16], [4, 2, 1]]], dtype=np.uint8)
    np.testing.assert_array_equal(module.pixels(images), [[0, 0.5, 1, 0.25, 0.125, 0.0625]])


def test_training_in_single_precision_rebuilds_digits() -> None:
    """The run of the rubric passes its law in single precision too."""
    case = single(next(checks.digit_training(np.random.default_rng(7))))
    assert checks.rebuilds_digits(case, [solution.train(**case)]) is None


@pytest.mark.parametrize(
    "slip",
    ["divided_by_images_twice", "divided_by_images_only", "tied_weights", "target_is_the_mean_image", "sign_of_the_error"],
)
def test_wrong_gradients_do_not_rebuild_digits(slip: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network trained with wrong gradients stays behind PCA."""
    wrong = next(item for item in read_misconceptions(autoencoder.assignment) if (item.of, item.name) == ("gradients", slip))
    case = next(checks.digit_training(np.random.default_rng(7)))
    monkeypatch.setattr(solution, "gradients", wrong.function)
    assert checks.rebuilds_digits(case, [solution.train(**case)]) is not None


def test_digits_are_small_and_say_where_they_are_from() -> None:
    """The data file has 300 and 100 images of whole numbers up to 16, its source and its licence."""
    with np.load(DIGITS) as file:
        assert file["train"].shape == (300, 8, 8) and file["test"].shape == (100, 8, 8)
        assert file["train"].dtype == np.uint8 and file["train"].max() == 16
        assert "UCI" in str(file["source"]) and "CC BY" in str(file["licence"])
    assert DIGITS.stat().st_size < 20_000


def test_no_test_image_is_a_training_image() -> None:
    """The held-out images are new."""
    train, test = checks.digits()
    assert not {row.tobytes() for row in train} & {row.tobytes() for row in test}
