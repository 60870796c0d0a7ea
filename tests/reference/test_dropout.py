"""The reference of `dropout`: the lecture's numbers, the solution's results, the true gradient, the drawn masks, the layer."""

import importlib.util
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import dropout as reference

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = tomllib.loads((ROOT / "assignments/dropout/examples.toml").read_text(encoding="utf-8"))
STEP = 1e-5


def load(path: str) -> ModuleType:
    """A file of the course as a module."""
    spec = importlib.util.spec_from_file_location(path.replace("/", "_").removesuffix(".py"), ROOT / path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


solution, checks = load("solutions/dropout.py"), load("assignments/dropout/checks.py")
both = pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])


def inputs(name: str) -> dict[str, Any]:
    """The arguments of a worked example, lists as arrays."""
    given = EXAMPLES[name]["inputs"].items()
    return {key: np.array(value, dtype=float) if isinstance(value, list) else value for key, value in given}


@st.composite
def batches(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of the forward pass, p = 0 and both modes among them."""
    shape = tuple(draw(st.lists(st.integers(1, 4), min_size=1, max_size=4)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    p = draw(st.just(0.0) | st.floats(0.0, 0.95))
    return {"x": rng.normal(size=shape), "draws": rng.random(shape), "p": p, "training": draw(st.booleans())}


@both
@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_example(name: str, module: Any) -> None:
    """Reference and solution give the slide's numbers."""
    got = getattr(module, EXAMPLES[name]["exercise"])(**inputs(name))
    np.testing.assert_allclose(got, np.array(EXAMPLES[name]["expected"], dtype=float), rtol=1e-15, atol=0)


@pytest.mark.parametrize("name", EXAMPLES)
def test_explanation_leads_to_the_expected_number(name: str) -> None:
    """The arithmetic that a student reads gives the worked example's number at every element."""
    explain = {
        "dropout_mask": checks.slide_mask,
        "dropout_forward": checks.slide_forward,
        "dropout_backward": checks.slide_backward,
    }[EXAMPLES[name]["exercise"]]
    expected = np.array(EXAMPLES[name]["expected"], dtype=float)
    for index in np.ndindex(expected.shape):
        arithmetic = explain(inputs(name), "O", index).rpartition(" (")[0]
        assert float(arithmetic.rpartition(" = ")[2]) == expected[index]


def test_explanation_is_written_as_arithmetic() -> None:
    """The number that was kept, what it is divided by, and why it was kept."""
    assert checks.slide_forward(inputs("dropout"), "O", (0, 1)) == "2 / (1 - 0.5) = 4 (kept: 0.8 >= 0.5)"
    assert checks.slide_forward(inputs("dropout"), "O", (0, 2)) == "0 (dropped: 0.2 < 0.5)"


def test_slide_drops_where_the_fixture_does() -> None:
    """The slide's own result is that of the fixture, once the 0 and the 6 of its second row have changed places."""
    printed = np.array([[2, 4, 0, 0], [4, 0, 6, 2], [6, 0, 0, 4], [0, 2, 4, 0]], dtype=float)
    printed[1, [1, 2]] = printed[1, [2, 1]]
    np.testing.assert_array_equal(printed, EXAMPLES["dropout"]["expected"])


@given(batches())
@settings(max_examples=60, deadline=None)
def test_solution_agrees(case: dict[str, Any]) -> None:
    """Mask, forward and backward pass of the solution are the reference's, in both modes."""
    mask = {"draws": case["draws"], "p": case["p"]}
    np.testing.assert_allclose(solution.dropout_mask(**mask), reference.dropout_mask(**mask), rtol=1e-14)
    np.testing.assert_allclose(solution.dropout_forward(**case), reference.dropout_forward(**case), rtol=1e-14)
    back = {"dout": case["x"], **mask, "training": case["training"]}
    np.testing.assert_allclose(solution.dropout_backward(**back), reference.dropout_backward(**back), rtol=1e-14)


@given(batches())
@settings(max_examples=30, deadline=None)
def test_backward_is_the_derivative(case: dict[str, Any]) -> None:
    """The gradient agrees with central differences of the forward pass."""
    x, rest = case["x"], {name: value for name, value in case.items() if name != "x"}
    dout = np.random.default_rng(0).normal(size=x.shape)
    numeric = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        move = np.zeros(x.shape)
        move[index] = STEP
        moved = reference.dropout_forward(x + move, **rest) - reference.dropout_forward(x - move, **rest)
        numeric[index] = np.sum(dout * moved) / (2 * STEP)
    np.testing.assert_allclose(reference.dropout_backward(dout, **rest), numeric, rtol=1e-6, atol=1e-8)


@given(batches())
@settings(max_examples=30, deadline=None)
def test_layer_does_what_the_functions_do(case: dict[str, Any]) -> None:
    """The layer gives the functions' results in the mode that it is in."""
    dout = np.random.default_rng(0).normal(size=case["x"].shape)
    for module in (reference, solution):
        layer = module.Dropout(case["p"])
        if not case["training"]:
            layer.eval()
        np.testing.assert_allclose(layer.forward(case["x"], case["draws"]), reference.dropout_forward(**case), rtol=1e-14)
        meant = reference.dropout_backward(dout, case["draws"], case["p"], case["training"])
        np.testing.assert_allclose(layer.backward(dout), meant, rtol=1e-14)


@both
def test_mean_is_kept(module: Any) -> None:
    """Averaged over many draws, O is x: this fails for 1/p (erratum E6)."""
    draws = np.random.default_rng(0).random(20_000)
    assert module.dropout_forward(np.full(draws.shape, 3.0), draws, 0.2).mean() == pytest.approx(3.0, abs=0.05)


@both
def test_draw_equal_to_p_is_kept(module: Any) -> None:
    """The slide drops where the draw is below p, not where it equals p; p = 0 keeps a draw of 0."""
    np.testing.assert_array_equal(module.dropout_mask(np.array([0.5, 0.0]), 0.5), [2, 0])
    np.testing.assert_array_equal(module.dropout_mask(np.zeros(3), 0.0), [1, 1, 1])


@both
def test_inference_is_the_identity(module: Any) -> None:
    """At inference nothing is dropped and nothing is scaled, whatever the draws."""
    x = np.array([[1.0, -2.0, 0.5]])
    np.testing.assert_array_equal(module.dropout_forward(x, np.zeros((1, 3)), 0.9, training=False), x)
    np.testing.assert_array_equal(module.dropout_backward(x, np.zeros((1, 3)), 0.9, training=False), x)


@both
def test_single_precision_and_whole_numbers(module: Any) -> None:
    """Floats of single precision come back as floats, whole numbers too."""
    draws = np.array([0.9, 0.1])
    assert module.dropout_forward(np.ones(2, dtype=np.float32), draws, 0.3).dtype.kind == "f"
    np.testing.assert_allclose(module.dropout_forward(np.array([3, 4]), draws, 0.2), [3.75, 0])


@both
def test_kept_zeros_have_a_gradient(module: Any) -> None:
    """Where x is 0 and kept, O is 0, but the gradient is that of a kept number."""
    layer = module.Dropout(0.5)
    layer.forward(np.zeros(2), np.array([0.9, 0.1]))
    np.testing.assert_array_equal(layer.backward(np.array([3.0, 4.0])), [6, 0])


@both
def test_drawn_mask_obeys_the_laws(module: Any) -> None:
    """The properties that the rubric asks of drawn masks hold, for other seeds of the rubric too."""
    for seed in range(5):
        for case in checks.drawn(np.random.default_rng(seed)):
            results = [module.random_mask(**case)]
            for law in (checks.two_values, checks.dropped_as_often_as_p_says, checks.every_place_for_itself):
                assert law(case, results) is None
        (case,) = checks.seeds(np.random.default_rng(seed))
        assert checks.follows_the_seed(case, [module.random_mask(**call) for call in case]) is None


@pytest.mark.parametrize(
    ("law", "mask", "said"),
    [
        (checks.two_values, np.array([[0, 5.0]]), "has 5 too"),
        (checks.two_values, np.full((2, 2), 1.25), "nothing is dropped"),
        (checks.two_values, np.array([[0, 1e300]]), "too"),
        (checks.dropped_as_often_as_p_says, np.eye(40), "1560 of 1600 numbers are dropped"),
        (checks.every_place_for_itself, np.repeat([[0], [1.25]], 9, axis=1), "along axis 1"),
    ],
)
def test_laws_of_drawn_masks_say_what_is_broken(law: Any, mask: np.ndarray, said: str) -> None:
    """Wrong masks are told what is wrong with them."""
    assert said in law(dict(shape=mask.shape, p=0.2, seed=1), [mask])


def test_law_of_the_mean_refuses_the_identity() -> None:
    """Passing x through keeps its mean, too, but drops nothing."""
    for case in checks.evenly_spread(np.random.default_rng(0)):
        assert checks.keeps_the_mean(case, [reference.dropout_forward(**case)]) is None
        assert "are 0" in checks.keeps_the_mean(case, [case["x"]])
        assert "mean" in checks.keeps_the_mean(case, [np.where(case["draws"] < case["p"], 0.0, 1e300)])


@both
@pytest.mark.parametrize("p", [1.0, 1.5, -0.1, float("nan")])
def test_refusals(module: Any, p: float) -> None:
    """A p that is not in [0, 1) is refused everywhere."""
    draws = np.array([0.3, 0.6])
    for refused in (
        lambda: module.dropout_mask(draws, p),
        lambda: module.dropout_forward(draws, draws, p),
        lambda: module.dropout_backward(draws, draws, p),
        lambda: module.random_mask((2, 3), p, 1),
        lambda: module.Dropout(p),
    ):
        with pytest.raises(ValueError, match="p"):
            refused()
