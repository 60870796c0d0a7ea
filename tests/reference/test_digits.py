"""The reference of `digits`: the worked examples, the solution's results, the true gradients, training on real digits, the edges."""

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

from reference import digits as reference

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = worked("digits")
STEP = 1e-5


def load(path: str) -> ModuleType:
    """A file of the course as a module."""
    spec = importlib.util.spec_from_file_location(path.replace("/", "_").removesuffix(".py"), ROOT / path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


solution, checks = load("solutions/digits.py"), load("assignments/digits/checks.py")
both = pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])
EXPLAIN = {
    "conv_forward": checks.conv_sum,
    "conv_backward": checks.conv_backward_sum,
    "max_pool": checks.largest_of,
    "dense_forward": checks.dense_sum,
    "dense_backward": checks.dense_sum,
    "softmax_cross_entropy": checks.loss_terms,
    "softmax_cross_entropy_backward": checks.loss_terms,
}


def inputs(name: str) -> dict[str, Any]:
    """The arguments of a worked example."""
    return dict(EXAMPLES[name].inputs)


def expected(name: str) -> dict[str, Any]:
    """The results of a worked example by name."""
    want = EXAMPLES[name].expected
    return want if isinstance(want, dict) else {"": want if isinstance(want, list) else np.array(want)}


def tolerance(name: str) -> float:
    """Half a unit of the last printed digit."""
    return EXAMPLES[name].atol or 1e-12


def slopes(function: Callable[[np.ndarray], float], at: np.ndarray) -> np.ndarray:
    """Central differences, coordinate by coordinate."""
    found = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        move = np.zeros_like(at)
        move[index] = STEP
        found[index] = (function(at + move) - function(at - move)) / (2 * STEP)
    return found


@st.composite
def convolutions(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of a convolution whose filters fit, with an upstream gradient."""
    size = draw(st.integers(1, 3))
    height, width = (draw(st.integers(size, 5)) for _ in range(2))
    batch, channels, filters = (draw(st.integers(1, 3)) for _ in range(3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    case = checks.conv_case(rng, batch, channels, height, width, filters, size)
    return {"dout": rng.normal(size=checks.conv_output(case)), **case}


@st.composite
def pools(draw: st.DrawFn) -> dict[str, Any]:
    """Distinct numbers to be pooled, with an upstream gradient."""
    size = draw(st.integers(1, 3))
    height, width = (draw(st.integers(size, 7)) for _ in range(2))
    batch, channels = (draw(st.integers(1, 3)) for _ in range(2))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    dout = rng.normal(size=(batch, channels, height // size, width // size))
    return {"dout": dout, "x": checks.spread(rng, batch, channels, height, width), "size": size}


def without(case: dict[str, Any], name: str) -> dict[str, Any]:
    """The other arguments."""
    return {key: value for key, value in case.items() if key != name}


def agree(one: Any, other: Any) -> None:
    """Equal up to rounding, each of several results."""
    for got, want in zip(one, other, strict=True) if isinstance(one, tuple | list) else [(one, other)]:
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-12)


@both
@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_example(name: str, module: Any) -> None:
    """Reference and solution give the numbers of the worked example."""
    got = getattr(module, EXAMPLES[name].exercise)(**inputs(name))
    for one, want in zip(got if isinstance(got, tuple) else (got,), expected(name).values(), strict=True):
        for array, numbers in zip(one, want, strict=True) if isinstance(want, list) else [(one, want)]:
            np.testing.assert_allclose(array, numbers, rtol=0, atol=tolerance(name))


@pytest.mark.parametrize("name", [name for name in EXAMPLES if EXAMPLES[name].exercise in EXPLAIN])
def test_explanation_ends_in_the_expected_number(name: str) -> None:
    """The arithmetic that a student reads is that of the worked example, at every element, and adds up."""
    for result, want in expected(name).items():
        for index in np.ndindex(want.shape):
            terms, _, total = EXPLAIN[EXAMPLES[name].exercise](inputs(name), result, index).rpartition(" = ")
            python = re.sub(r"log ([\d.]+)", r"np.log(\1)", terms)
            assert float(total) == pytest.approx(want[index], abs=2 * tolerance(name))
            assert eval(python, {"np": np, "max": max}) == pytest.approx(want[index], abs=max(tolerance(name), 2e-6))


@pytest.mark.parametrize("name", ["digits-relu-backward", "digits-max-pool-backward"])
def test_explanation_of_a_gate_begins_with_the_expected_number(name: str) -> None:
    """What is said of a gradient that passes or not begins with its number."""
    explain = checks.gate if "relu" in name else checks.goes_to
    for index in np.ndindex(expected(name)[""].shape):
        assert float(explain(inputs(name), "dx", index).partition(",")[0]) == expected(name)[""][index]


@given(convolutions())
@settings(max_examples=50, deadline=None)
def test_solution_agrees_on_convolutions(case: dict[str, Any]) -> None:
    """Forward and backward pass of the solution's convolution are the reference's."""
    agree(solution.conv_forward(**without(case, "dout")), reference.conv_forward(**without(case, "dout")))
    agree(solution.conv_backward(**case), reference.conv_backward(**case))


@given(convolutions())
@settings(max_examples=15, deadline=None)
def test_convolution_backward_is_the_derivative(case: dict[str, Any]) -> None:
    """dx, dw and db agree with central differences."""
    for name, got in zip(("x", "w", "b"), reference.conv_backward(**case), strict=True):
        numeric = slopes(
            lambda value, name=name: float(
                np.sum(case["dout"] * reference.conv_forward(**{**without(case, "dout"), name: value}))
            ),
            case[name],
        )
        np.testing.assert_allclose(got, numeric, rtol=1e-6, atol=1e-7)


@given(pools())
@settings(max_examples=50, deadline=None)
def test_solution_agrees_on_pools(case: dict[str, Any]) -> None:
    """Forward and backward pass of the solution's pooling are the reference's."""
    agree(solution.max_pool(case["x"], case["size"]), reference.max_pool(case["x"], case["size"]))
    agree(solution.max_pool_backward(**case), reference.max_pool_backward(**case))


@given(pools())
@settings(max_examples=15, deadline=None)
def test_pool_backward_is_the_derivative(case: dict[str, Any]) -> None:
    """dx agrees with central differences."""
    numeric = slopes(lambda x: float(np.sum(case["dout"] * reference.max_pool(x, case["size"]))), case["x"])
    np.testing.assert_allclose(reference.max_pool_backward(**case), numeric, rtol=1e-6, atol=1e-7)


@both
def test_equal_maxima_share(module: Any) -> None:
    """What equal largest numbers receive adds up to the window's gradient."""
    (case,) = checks.equal_numbers(np.random.default_rng(0))
    assert checks.parts_add_up(case, [module.max_pool_backward(**case)]) is None


@pytest.mark.parametrize("name", ["relu", "relu_backward", "flatten", "flatten_backward", "dense_forward", "dense_backward"])
@pytest.mark.parametrize("seed", range(3))
def test_solution_agrees_on_small_layers(name: str, seed: int) -> None:
    """The solution's other layers are the reference's on the rubric's own cases."""
    cases = {
        "relu": checks.numbers_of_both_signs,
        "relu_backward": checks.gated,
        "flatten": checks.maps,
        "flatten_backward": checks.rows_and_maps,
        "dense_forward": checks.dense_layers,
        "dense_backward": checks.dense_layers_backward,
    }[name]
    for case in cases(np.random.default_rng(seed)):
        agree(getattr(solution, name)(**case), getattr(reference, name)(**case))


@pytest.mark.parametrize("seed", range(3))
def test_dense_backward_is_the_derivative(seed: int) -> None:
    """dx, dw and db of the dense layer agree with central differences."""
    for case in checks.dense_layers_backward(np.random.default_rng(seed)):
        for name, got in zip(("x", "w", "b"), reference.dense_backward(**case), strict=True):
            arguments = without(case, "dout")
            numeric = slopes(
                lambda value, name=name, arguments=arguments, dout=case["dout"]: float(
                    np.sum(dout * reference.dense_forward(**{**arguments, name: value}))
                ),
                case[name],
            )
            np.testing.assert_allclose(got, numeric, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("seed", range(5))
def test_solution_agrees_on_losses(seed: int) -> None:
    """Loss and gradient of the solution are the reference's, huge logits too."""
    rng = np.random.default_rng(seed)
    for case in [*checks.classified(rng), *checks.huge_logits(rng)]:
        tolerances = {"rtol": 1e-4, "atol": 1e-6} if case["logits"].dtype == np.float32 else {"rtol": 1e-9, "atol": 1e-12}
        for name in ("softmax_cross_entropy", "softmax_cross_entropy_backward"):
            one, other = (getattr(module, name)(**case) for module in (solution, reference))
            np.testing.assert_allclose(one, other, **tolerances)


@both
def test_logits_of_a_thousand(module: Any) -> None:
    """A probability that is 0 to the computer still has its loss: the difference of the logits."""
    logits, labels = np.array([[1000.0, 0.0, -1000.0]]), np.array([2])
    assert module.softmax_cross_entropy(logits, labels) == pytest.approx(2000)
    np.testing.assert_allclose(module.softmax_cross_entropy_backward(logits, labels), [[1, 0, -1]])


@pytest.mark.parametrize("seed", range(3))
def test_solution_agrees_on_networks(seed: int) -> None:
    """Logits, gradients and training of the solution are the reference's."""
    for case in checks.small_networks(np.random.default_rng(seed)):
        agree(solution.network(case["parameters"], case["images"]), reference.network(case["parameters"], case["images"]))
        agree(solution.network_gradients(**case), reference.network_gradients(**case))
    for case in checks.short_trainings(np.random.default_rng(seed)):
        (one, history), (other, expected_history) = solution.train(**case), reference.train(**case)
        agree(one, other)
        agree(history, expected_history)


@pytest.mark.parametrize("seed", range(3))
def test_network_gradients_are_the_derivative(seed: int) -> None:
    """The gradients of all four parameters agree with central differences of the loss."""
    (case,) = checks.smooth_networks(np.random.default_rng(seed))
    for place, got in enumerate(reference.network_gradients(**case)):

        def loss(value: np.ndarray, place: int = place) -> float:
            moved = [value if at == place else one for at, one in enumerate(case["parameters"])]
            return reference.network_loss(moved, case["images"], case["labels"])

        np.testing.assert_allclose(got, slopes(loss, case["parameters"][place]), rtol=1e-6, atol=1e-8)


@both
def test_example_of_the_network(module: Any) -> None:
    """The docstring's 2 x 2 image gives the logits 2 and 3."""
    parameters = [np.ones((1, 1, 1, 1)), np.array([-1.0]), np.array([[1.0, -1.0]]), np.array([0.0, 5.0])]
    np.testing.assert_array_equal(module.network(parameters, np.array([[[[1.0, 2.0], [3.0, 0.0]]]])), [[2, 3]])


@both
def test_step_is_no_change_in_place(module: Any) -> None:
    """sgd_step and train leave what they were given as it was."""
    (case,) = checks.short_trainings(np.random.default_rng(1))
    before = [one.copy() for one in case["parameters"]]
    module.sgd_step(case["parameters"], [np.ones_like(one) for one in before], 0.5)
    module.train(**case)
    for one, other in zip(case["parameters"], before, strict=True):
        np.testing.assert_array_equal(one, other)


@both
def test_refusals(module: Any) -> None:
    """Filters that do not fit are refused."""
    with pytest.raises(ValueError, match=r"channels|shape"):
        module.conv_forward(np.ones((1, 3, 4, 4)), np.ones((1, 2, 2, 2)), np.ones(1))
    with pytest.raises(ValueError, match=r"fit|larger|window"):
        module.conv_forward(np.ones((1, 1, 2, 4)), np.ones((1, 1, 3, 3)), np.ones(1))


@pytest.mark.parametrize("seed", range(3))
def test_reads_digits(seed: int) -> None:
    """The whole run of the rubric reads well over seven of ten unseen digits, for any seed."""
    ((training, reading, measuring),) = checks.whole_training(np.random.default_rng(seed))
    parameters, history = solution.train(*training.args)
    logits = solution.network(parameters, reading.args[1])
    labels = measuring.args[1]
    case, results = [training, reading, measuring], [(parameters, history), logits, 0.0]
    assert checks.reads_digits(case, results) is None
    assert solution.accuracy(logits, labels) > 0.78


def test_data() -> None:
    """The images are small whole numbers with their labels, and the file says where they come from."""
    assert checks.DATA["images"].shape == (1797, 8, 8)
    assert checks.DATA["images"].dtype == np.uint8 and checks.DATA["images"].max() == 16
    assert set(checks.LABELS) == set(range(10))
    assert "Alpaydin" in str(checks.DATA["source"]) and "CC BY 4.0" in str(checks.DATA["licence"])


def test_what_is_sent_is_small() -> None:
    """No call of the rubric's whole run takes more than 400 KB."""
    for use in next(iter(checks.whole_training(np.random.default_rng(0)))):
        arrays = [one for arg in use.args for one in (arg if isinstance(arg, list) else [arg])]
        assert sum(one.nbytes for one in arrays if isinstance(one, np.ndarray)) <= 400_000
