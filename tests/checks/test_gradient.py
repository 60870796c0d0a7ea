"""Numeric gradients: what they reject, what they accept, and where they say the mistake is."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toys import exercise_of, judge_outcomes, outcomes_of, prepared, verdict, zeros_like

from grader.checks.gradient import gradient
from grader.engine.prepare import Prepared
from grader.errors import RubricError
from grader.judge.verdicts import Verdict

Function = Callable[..., Any]


def forward(x: Any, w: Any) -> Any:
    """A layer whose gradients depend on every input."""
    return np.tanh(x @ w)


def backward(dout: Any, x: Any, w: Any) -> Any:
    """Its gradients."""
    slope = dout * (1 - np.tanh(x @ w) ** 2)
    return slope @ w.T, x.T @ slope


def layers(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """A layer with 150 numbers in x, and a small one."""
    for rows, inner, columns in [(10, 15, 2), (2, 3, 2)]:
        yield dict(
            dout=rng.normal(size=(rows, columns)), x=rng.normal(size=(rows, inner)), w=rng.normal(size=(inner, columns)) / inner
        )


CHECK = gradient("gradient", of="forward", wrt=("x", "w"), cases=layers)
BOTH = {"forward": forward, "backward": backward}


def ready(with_reference: bool = True, array_like: bool = False) -> Prepared:
    """The check planned."""
    return prepared(
        exercise_of("backward", CHECK, returns=("dx", "dw"), array_like=array_like), functions=BOTH, with_reference=with_reference
    )


WITH, WITHOUT = ready(), ready(with_reference=False)


def judged(student: Function, own_forward: Function = forward, using: Prepared = WITH) -> Verdict:
    """The verdict on a backward function, and a forward function."""
    return verdict(using, {"forward": own_forward, "backward": student})


def changed(change: Callable[[Any, Any], Any]) -> Function:
    """The right gradients after a change."""
    return lambda dout, x, w: change(*backward(dout, x, w))


def one_element(factor: float, index: tuple[int, int] = (4, 7)) -> Function:
    """The right gradients, but one element of dx (where it is large enough to hold it) times `factor`."""

    def change(dx: Any, dw: Any) -> Any:
        if dx.shape == (10, 15):
            dx = dx.copy()
            dx[index] *= factor
        return dx, dw

    return changed(change)


def fails(*_: Any) -> Any:
    """A function that always raises."""
    raise IndexError("index 3 is out of bounds")


def not_written(*_: Any) -> Any:
    """A hole."""
    raise NotImplementedError("forward")


# --- what it rejects -------------------------------------------------------------------------------------------------------------------

WRONG = [  # each with what the right one of the two gradients earns
    pytest.param(one_element(1.01), 0.5, id="one-of-150-by-1-percent"),
    pytest.param(one_element(0.0), 0.5, id="one-of-150-missing"),
    pytest.param(changed(lambda dx, dw: (0 * dx, 0 * dw)), 0.0, id="zeros"),
    pytest.param(changed(lambda dx, dw: (dx, 0 * dw)), 0.5, id="one-is-zeros"),
    pytest.param(changed(lambda dx, dw: (-dx, dw)), 0.5, id="sign"),
    pytest.param(changed(lambda dx, dw: (dx, dw / 2)), 0.5, id="divided-by-n"),
    pytest.param(changed(lambda dx, dw: (dx, dw * (1 + 1e-5))), 0.5, id="scale-by-1e-5"),
    pytest.param(changed(lambda dx, dw: dx), 0.0, id="one-missing"),
    pytest.param(changed(lambda dx, dw: (dx,)), 0.0, id="a-tuple-of-one"),
    pytest.param(changed(lambda dx, dw: (dx, dw, dw)), 0.0, id="one-too-many"),
    pytest.param(changed(lambda dx, dw: (dx.T, dw)), 0.875, id="transposed"),
    pytest.param(changed(lambda dx, dw: (dx, dw.sum(axis=1))), 0.5, id="summed-away"),
    pytest.param(changed(lambda dx, dw: (dx.ravel(), dw)), 0.5, id="flat"),
    pytest.param(changed(lambda dx, dw: (dx, dw * np.nan)), 0.5, id="nan"),
    pytest.param(changed(lambda dx, dw: (dx, dw * np.inf)), 0.5, id="inf"),
    pytest.param(changed(lambda dx, dw: (dx.tolist(), dw.tolist())), 0.75, id="lists"),
    pytest.param(changed(lambda dx, dw: (dx, dw.astype(np.float16))), 0.5, id="float16"),
    pytest.param(changed(lambda dx, dw: (dx, np.rint(dw).astype(int))), 0.5, id="integers"),
    pytest.param(changed(lambda dx, dw: None), 0.0, id="none"),
    pytest.param(changed(lambda dx, dw: {"dx": dx, "dw": dw}), 0.0, id="dict"),
    pytest.param(lambda dout, x, w: backward(np.ones_like(dout), x, w), 0.0, id="upstream-ignored"),
    pytest.param(lambda dout, x, w: (dout @ w.T, x.T @ dout), 0.0, id="slope-forgotten"),
    pytest.param(fails, 0.0, id="raises"),
]


@pytest.mark.parametrize(("student", "score"), WRONG)
@pytest.mark.parametrize("using", [WITH, WITHOUT], ids=["submission", "self-check"])
def test_rejected(student: Function, score: float, using: Prepared) -> None:
    """A wrong gradient earns nothing, with the reference and without it; a right one beside it its half, a slip a quarter less."""
    found = judged(student, using=using)
    assert (found.verdict, found.score) == ("partly" if score else "failed", score)


def test_swapped() -> None:
    """Gradients in each other's places are right, but for a slip; at home only their shapes could tell."""
    assert judged(changed(lambda dx, dw: (dw, dx))).score == 0.75


@settings(max_examples=25, derandomize=True, deadline=None)
@given(st.integers(0, 9), st.integers(0, 14), st.sampled_from([0.5, 1.1, -1.0]))
def test_any_wrong_element_is_seen(row: int, column: int, factor: float) -> None:
    """Whichever one of 150 elements is wrong, the gradient is rejected and that element named."""
    found = judged(one_element(factor, (row, column)))
    assert found.difference is not None
    assert (found.score, found.difference.first, found.difference.wrong) == (0.5, (row, column), 1)


def test_one_of_150_by_a_hundredth_of_a_percent() -> None:
    """One wrong element of 150 is seen when it is off by 0.01 %."""

    def student(dout: Any, x: Any, w: Any) -> Any:
        dx, dw = backward(dout, x, w)
        dx.flat[np.argmax(np.abs(dx))] *= 1.0001
        return dx, dw

    assert [result.verdict for result in judged(student).results] == ["failed", "passed"]


def test_message_says_where() -> None:
    """The message names the wrong element, its value and the one of central differences."""
    found = judged(one_element(2.0))
    assert found.message.startswith("1 of 150 values of dx is wrong; first dx[4,7] = ")
    assert "should be" in found.message
    assert found.call == "backward(dout=<10×2 array>, x=<10×15 array>, w=<15×2 array>)"


def test_located_from_the_own_forward() -> None:
    """Without the reference, the place is found with the student's own forward."""
    found = judged(one_element(2.0), using=WITHOUT)
    assert found.difference is not None
    assert (found.difference.path, found.difference.first, found.difference.wrong) == ("dx", (4, 7), 1)


@pytest.mark.parametrize(
    ("student", "stage", "path"),
    [
        pytest.param(changed(lambda dx, dw: dx), "type", "", id="one-missing"),
        pytest.param(changed(lambda dx, dw: (dx,)), "shape", "", id="a-tuple-of-one"),
        pytest.param(changed(lambda dx, dw: (dw[1:], dx)), "shape", "dx", id="swapped-and-one-short"),
        pytest.param(changed(lambda dx, dw: (dx, dw * np.nan)), "finite", "dw", id="nan"),
        pytest.param(changed(lambda dx, dw: (dx, dw.astype(np.float16))), "dtype", "dw", id="float16"),
    ],
)
def test_form_first(student: Function, stage: str, path: str) -> None:
    """What has not the form of the gradients is named before any value is compared."""
    found = judged(student).difference
    assert found is not None
    assert (found.stage, found.path) == (stage, path)


# --- what it accepts -------------------------------------------------------------------------------------------------------------------


def loops(dout: Any, x: Any, w: Any) -> Any:
    """The same gradients, summed in another order."""
    slope = dout * (1 - np.tanh(x @ w) ** 2)
    dw = np.zeros(w.shape, order="F")
    for i, j in np.ndindex(w.shape):
        dw[i, j] = sum(x[n, i] * slope[n, j] for n in range(len(x)))
    return [np.einsum("nj,ij->ni", slope, w), dw]


def single(dout: Any, x: Any, w: Any) -> Any:
    """The same gradients in single precision."""
    return backward(*(value.astype(np.float32) for value in (dout, x, w)))


@pytest.mark.parametrize("student", [backward, loops], ids=["reference", "loops"])
@pytest.mark.parametrize("using", [WITH, WITHOUT], ids=["submission", "self-check"])
def test_accepted(student: Function, using: Prepared) -> None:
    """Right gradients pass however they are computed."""
    assert judged(student, using=using).verdict == "passed"


@pytest.mark.parametrize("using", [WITH, WITHOUT], ids=["submission", "self-check"])
def test_single_precision_is_a_slip(using: Prepared) -> None:
    """Gradients that are right to the digits of float32 cost a slip where the arguments are float64."""
    found = judged(single, using=using)
    assert (found.score, {result.slip for result in found.results}) == (0.75, {"single"})


def test_lists_where_the_exercise_takes_them() -> None:
    """Lists of numbers pass where the exercise is array-like."""
    student = changed(lambda dx, dw: (dx.tolist(), dw.tolist()))
    assert judged(student, using=ready(array_like=True)).verdict == "passed"


def test_forward_of_no_use() -> None:
    """A right gradient passes on submission whatever became of the forward function."""
    assert judged(backward, own_forward=fails).verdict == "passed"


def relu_cases(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """Numbers clear of the kink."""
    x = rng.uniform(0.1, 1.0, size=(3, 4)) * rng.choice([-1.0, 1.0], size=(3, 4))
    yield dict(dout=rng.normal(size=(3, 4)), x=x)


@pytest.mark.parametrize(
    ("student", "outcome"),
    [
        pytest.param(lambda dout, x: dout * (x > 0), "passed", id="right"),
        pytest.param(lambda dout, x: (dout * (x > 0),), "partly", id="in-a-tuple"),
        pytest.param(lambda dout, x: dout * (x >= 0), "passed", id="another-convention-at-the-kink"),
        pytest.param(lambda dout, x: dout * (dout > 0), "failed", id="mask-of-the-upstream"),
        pytest.param(lambda dout, x: dout, "failed", id="mask-forgotten"),
    ],
)
def test_kinks(student: Function, outcome: str) -> None:
    """With inputs clear of the kink, relu is judged away from it."""
    functions = {"relu": lambda x: np.maximum(x, 0), "relu_backward": lambda dout, x: dout * (x > 0)}
    using = prepared(exercise_of("relu_backward", gradient(of="relu", wrt=("x",), cases=relu_cases)), functions=functions)
    assert verdict(using, {**functions, "relu_backward": student}).verdict == outcome


def cases_at(*numbers: float) -> Callable[[np.random.Generator], Iterable[dict[str, Any]]]:
    """One case whose numbers are these."""

    def cases(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
        yield dict(dout=rng.uniform(0.5, 1.0, size=len(numbers)), x=np.array(numbers))

    return cases


@pytest.mark.parametrize(
    ("numbers", "kinks"),
    [
        pytest.param((0.5, -0.5), 0, id="clear"),
        pytest.param((0.5, 0.0), 1, id="zero"),
        pytest.param((1e-7, 1.0), 1, id="nearly-zero"),
    ],
)
def test_cases_on_a_kink(numbers: tuple[float, ...], kinks: int) -> None:
    """A case that an author drew on a kink of the forward function is found."""
    functions = {"relu": lambda x: np.maximum(x, 0), "relu_backward": lambda dout, x: dout * (x > 0)}
    check = gradient(of="relu", wrt=("x",), cases=cases_at(*numbers))
    using = prepared(exercise_of("relu_backward", check), functions=functions)
    assert using.oracle is not None
    assert len(list(check.kinks(using.plan.exercises[0].checks[0].data, using.oracle))) == kinks


def test_curvature_is_no_kink() -> None:
    """A smooth function that bends strongly has no kink."""
    functions = {"wave": lambda x: np.sin(20 * x), "dwave": lambda dout, x: dout * 20 * np.cos(20 * x)}
    check = gradient(of="wave", wrt=("x",), cases=cases_at(0.0, 0.3, np.pi / 40, -0.7))
    using = prepared(exercise_of("dwave", check), functions=functions)
    assert using.oracle is not None
    assert list(check.kinks(using.plan.exercises[0].checks[0].data, using.oracle)) == []


# --- error carried forward -------------------------------------------------------------------------------------------------------------


def wrong_forward(x: Any, w: Any) -> Any:
    """The activation is forgotten."""
    return x @ w


def its_backward(dout: Any, x: Any, w: Any) -> Any:
    """The gradients of `wrong_forward`."""
    return dout @ w.T, x.T @ dout


def test_carried_forward() -> None:
    """A gradient that is right for the student's own wrong forward waits for it, unless its mistake is known."""
    found = judged(its_backward, own_forward=wrong_forward)
    assert (found.verdict, found.message, found.score) == ("waits", "waits for `forward`: fix that first", 0)


def test_no_word_of_it_when_right() -> None:
    """A gradient that agrees with the reference's forward passes without a word."""
    assert judged(backward, own_forward=wrong_forward).message == ""


@pytest.mark.parametrize("using", [WITH, WITHOUT], ids=["submission", "self-check"])
@pytest.mark.parametrize(
    "own",
    [
        pytest.param(lambda x, w: np.zeros((len(x), w.shape[1])), id="zeros"),
        pytest.param(lambda x, w: np.ones((len(x), w.shape[1])), id="ones"),
        pytest.param(lambda x, w: np.arange(float(len(x) * w.shape[1])).reshape(len(x), -1), id="constant"),
    ],
)
@pytest.mark.parametrize("tag", ["zeros", "upstream"], ids=str)
def test_forward_that_ignores_its_inputs(using: Prepared, own: Function, tag: str) -> None:
    """A backward of zeros, or of anything, is not paid for being consistent with a forward that ignores its inputs."""
    student = zeros_like(backward) if tag == "zeros" else its_backward
    assert judged(student, own_forward=own, using=using).verdict == "failed"


def test_forward_that_ignores_one_input() -> None:
    """A forward that ignores w pays nothing for a gradient of zeros of w."""

    def student(dout: Any, x: Any, w: Any) -> Any:
        return np.repeat(dout.sum(axis=1, keepdims=True), x.shape[1], axis=1), np.zeros_like(w)

    found = judged(student, own_forward=lambda x, w: np.repeat(x.sum(axis=1, keepdims=True), w.shape[1], axis=1))
    assert found.score == 0


@pytest.mark.parametrize("factor", [0.0, 0.8, 0.99], ids=str)
def test_coarse_forward_hides_nothing(factor: float) -> None:
    """On submission, a forward rounded to single precision does not make a wrong gradient right."""
    student = changed(lambda dx, dw: (factor * dx, factor * dw))
    assert judged(student, own_forward=lambda x, w: forward(x, w).astype(np.float32)).verdict == "failed"


@pytest.mark.parametrize(
    ("own", "message"),
    [
        pytest.param(
            fails, "raised IndexError: index 3 is out of bounds; indices begin at 0 and end one below the length", id="raises"
        ),
        pytest.param(
            lambda x, w: None, "forward must return an array of the shape of `dout` before its gradient can be checked", id="none"
        ),
        pytest.param(
            lambda x, w: np.ones(7),
            "forward must return an array of the shape of `dout` before its gradient can be checked",
            id="shape",
        ),
    ],
)
def test_self_check_needs_a_forward(own: Function, message: str) -> None:
    """Without the reference, a forward that gives nothing usable is what the student reads of."""
    found = judged(backward, own_forward=own, using=WITHOUT)
    assert (found.verdict, found.message) == ("failed", message)


def test_self_check_with_a_hole_for_a_forward() -> None:
    """Without the reference, a forward that is not written yet leaves the gradient unjudged."""
    assert judged(backward, own_forward=not_written, using=WITHOUT).verdict == "skipped"


def test_self_check_of_zeros_consistent_with_zeros() -> None:
    """Zeros for a forward that does not react are told to be no gradient yet."""
    found = judged(zeros_like(backward), own_forward=zeros_like(forward), using=WITHOUT)
    assert (found.verdict, found.message) == ("failed", "forward does not react to `x` yet, so there is no gradient to check")


# --- a loss, and other arguments -------------------------------------------------------------------------------------------------------


def loss_cases(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """Predictions and targets."""
    yield dict(y=rng.normal(size=(4, 2)), t=rng.normal(size=(4, 2)))


LOSS = {"loss": lambda y, t: float(np.mean((y - t) ** 2)), "loss_backward": lambda y, t: 2 * (y - t) / y.size}


@pytest.mark.parametrize(
    ("student", "outcome"),
    [
        pytest.param(LOSS["loss_backward"], "passed", id="right"),
        pytest.param(lambda y, t: 2 * (y - t), "failed", id="n-missing"),
        pytest.param(lambda y, t: 2 * (y - t) / len(y), "failed", id="divided-by-rows-only"),
        pytest.param(lambda y, t: (y - t) / y.size, "failed", id="factor-2-missing"),
        pytest.param(lambda y, t: 2 * (t - y) / y.size, "failed", id="sign"),
    ],
)
@pytest.mark.parametrize("with_reference", [True, False], ids=["submission", "self-check"])
def test_loss(student: Function, outcome: str, with_reference: bool) -> None:
    """The gradient of a loss is judged without an upstream gradient."""
    check = gradient(of="loss", wrt=("y",), cases=loss_cases, upstream=None)
    using = prepared(exercise_of("loss_backward", check), functions=LOSS, with_reference=with_reference)
    assert verdict(using, {**LOSS, "loss_backward": student}).verdict == outcome


def test_loss_that_is_not_finite() -> None:
    """Without the reference, its gradient cannot be checked; there is no upstream gradient whose shape could be named."""
    check = gradient(of="loss", wrt=("y",), cases=loss_cases, upstream=None)
    using = prepared(exercise_of("loss_backward", check), functions=LOSS, with_reference=False)
    found = verdict(using, {**LOSS, "loss": lambda y, t: float("nan")})
    assert found.message == "loss must return finite numbers before its gradient can be checked"


def test_summed_loss_is_carried_forward() -> None:
    """The gradient of one's own loss without the mean waits for the loss."""
    check = gradient(of="loss", wrt=("y",), cases=loss_cases, upstream=None)
    using = prepared(exercise_of("loss_backward", check), functions=LOSS)
    found = verdict(using, {"loss": lambda y, t: np.sum((y - t) ** 2), "loss_backward": lambda y, t: 2 * (y - t)})
    assert (found.verdict, found.waits_for) == ("waits", ("loss",))


def scalar_cases(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """Numbers and a bias that is a float."""
    yield dict(x=rng.normal(size=4), b=float(rng.normal()))


def accumulated(x: Any, b: Any) -> float:
    """A sum of squares that begins with the bias, as loops are often written."""
    total = 0.0
    for value in x:
        z = b
        z += value
        total += z**2
    return float(total)


def test_float_that_moves_stays_a_float() -> None:
    """Code that begins a sum with a float argument (`z = b; z += …`) is not handed an array that this changes."""
    functions = {"loss": accumulated, "slopes": lambda x, b: (2 * (x + b), float(np.sum(2 * (x + b))))}
    check = gradient(of="loss", wrt=("x", "b"), cases=scalar_cases, upstream=None)
    using = prepared(exercise_of("slopes", check), functions=functions, with_reference=False)
    assert verdict(using, functions).verdict == "passed"


def test_other_arguments() -> None:
    """A backward that takes something else than the forward gets what `call` makes of the case."""
    functions = {"square": lambda x: x**2, "square_backward": lambda dout, slope: dout * slope}
    check = gradient(of="square", wrt=("x",), cases=relu_cases, call=lambda case: {"dout": case["dout"], "slope": 2 * case["x"]})
    using = prepared(exercise_of("square_backward", check), functions=functions)
    assert verdict(using, functions).verdict == "passed"
    assert verdict(using, {**functions, "square_backward": lambda dout, slope: dout}).verdict == "failed"


def test_forged_forward_outcomes_do_not_crash() -> None:
    """A forward that suddenly returns a string leaves the right gradient its points."""
    mixed = iter([forward] * 3 + [lambda x, w: "no"] * 100)
    outcomes = outcomes_of(WITH, {"forward": lambda x, w: next(mixed)(x, w), "backward": backward})
    assert judge_outcomes(WITH, outcomes).score == 1.0


@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
def test_numbers_beyond_all_measure(dtype: type) -> None:
    """Numbers so large that their norm overflows agree with no slope."""
    huge = 0.9 * float(np.finfo(dtype).max)
    assert judged(lambda dout, x, w: (np.full(x.shape, huge, dtype), np.full(w.shape, huge, dtype))).verdict == "failed"


def network(dout: Any, x: Any, weights: Any) -> Any:
    """The gradients of two layers with respect to their matrices."""
    hidden = np.tanh(x @ weights[0])
    return [x.T @ ((dout @ weights[1].T) * (1 - hidden**2)), hidden.T @ dout]


def network_forward(x: Any, weights: Any) -> Any:
    """Two layers."""
    return np.tanh(x @ weights[0]) @ weights[1]


def networks(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """A network as a list of matrices."""
    yield dict(
        dout=rng.normal(size=(2, 2)), x=rng.normal(size=(2, 3)), weights=[rng.normal(size=(3, 4)), rng.normal(size=(4, 2))]
    )


@pytest.mark.parametrize("with_reference", [True, False], ids=["submission", "self-check"])
@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(lambda g: g, "", id="right"),
        pytest.param(tuple, "", id="tuple"),
        pytest.param(lambda g: [g[0], -g[1]], "every value of dweights[1] is wrong; first dweights[1][0,0] = ", id="sign"),
        pytest.param(lambda g: g[:1], "dweights should be a list of 2 items, but is a list of 1 item", id="one"),
        pytest.param(lambda g: g[0], "dweights should be a list of 2 items, but is an array of shape (3, 4)", id="no-list"),
    ],
)
def test_list_of_matrices(change: Function, message: str, with_reference: bool) -> None:
    """The gradient with respect to a list of arrays is a list alike, and each is judged by itself."""
    check = gradient("gradient", of="forward", wrt=("weights",), cases=networks)
    functions = {"forward": network_forward, "backward": network}
    using = prepared(exercise_of("backward", check), functions=functions, with_reference=with_reference)
    found = verdict(using, {"forward": network_forward, "backward": lambda *args: change(network(*args))})
    assert (found.verdict != "passed", message in found.message) == (bool(message), True), found.message


@pytest.mark.parametrize("with_reference", [True, False], ids=["submission", "self-check"])
def test_slip_in_a_list_of_matrices(with_reference: bool) -> None:
    """One of the matrices transposed is a slip of the whole list."""
    check = gradient("gradient", of="forward", wrt=("weights",), cases=networks)
    functions = {"forward": network_forward, "backward": network}
    using = prepared(exercise_of("backward", check), functions=functions, with_reference=with_reference)
    student = {"forward": network_forward, "backward": lambda *args: [network(*args)[0], network(*args)[1].T]}
    found = verdict(using, student)
    assert (found.score, found.message) == (0.75, "dweights has the right values, but is transposed")


def test_self_check_says_what_it_compared_with() -> None:
    """Without the reference a gradient is compared with one's own forward, and the message says so: that may be the wrong one."""
    assert "compared with how your own forward changes" in judged(changed(lambda dx, dw: (2 * dx, dw)), using=WITHOUT).message
    assert "your own" not in judged(changed(lambda dx, dw: (2 * dx, dw))).message


def test_gradients_have_the_names_of_the_docstring() -> None:
    """A gradient is called what the exercise calls it."""
    named = prepared(exercise_of("backward", CHECK, returns=("image_grad", "kernel_grad")), functions=BOTH)
    assert "of image_grad is wrong" in judged(changed(lambda dx, dw: (2 * dx, dw)), using=named).message


def test_variables_by_the_names_of_the_results() -> None:
    """Without `wrt` the gradients are those of what the results are called after: dx of x, dw of w."""
    check = gradient("gradient", of="forward", cases=layers)
    assert prepared(exercise_of("backward", check, returns=("dx", "dw")), functions=BOTH).plan == WITH.plan


@pytest.mark.parametrize("returns", [(), ("dx", "slope"), ("d",)], ids=["no-names", "another-name", "no-variable"])
def test_names_that_tell_no_variable(returns: tuple[str, ...]) -> None:
    """Where the results are not called so, `wrt` has to be said."""
    check = gradient(of="forward", cases=layers)
    with pytest.raises(RubricError, match="does not say whose gradients these are") as told:
        prepared(exercise_of("backward", check, returns=returns), functions=BOTH)
    assert "say wrt=(…)" in str(told.value)


def test_gradient_of_one_of_several_results() -> None:
    """`item=` says which result of the forward function the upstream gradient belongs to; the other need not be sendable."""
    several = {"forward": lambda x, w: (object(), forward(x, w)), "backward": backward}
    check = gradient("gradient", of="forward", wrt=("x", "w"), cases=layers, item=1)
    using = prepared(exercise_of("backward", check, returns=("dx", "dw")), functions=several)
    assert verdict(using, several).verdict == "passed"
    assert verdict(using, {**several, "backward": changed(lambda dx, dw: (dx, 2 * dw))}).verdict == "partly"
