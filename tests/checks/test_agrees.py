"""Agreement with the reference on drawn inputs, and in scripts of several steps."""

import collections
import itertools
import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from toys import exercise_of, one_case, prepared, verdict

from grader.checks.agrees import agrees
from grader.checks.uses import call, get, new, ref


def double(x: Any) -> Any:
    """Twice x."""
    return 2.0 * x


def vectors(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """Vectors of three lengths."""
    for n in (1, 2, 4):
        yield dict(x=rng.normal(size=n))


READY = prepared(exercise_of("double", agrees("random", cases=vectors), returns=("y",)), functions={"double": double})


@pytest.mark.parametrize(
    ("student", "outcome"),
    [
        pytest.param(lambda x: x + x, "passed", id="sum"),
        pytest.param(lambda x: np.asfortranarray(x[None] * 2)[0], "passed", id="view"),
        pytest.param(lambda x: (x * 2).astype(np.float32), "passed", id="float32"),
        pytest.param(lambda x: (x * 2).view(np.recarray), "passed", id="subclass"),
        pytest.param(lambda x: (x * 2).tolist(), "partly", id="list"),
        pytest.param(lambda x: (x * 2)[None], "partly", id="extra-axis"),
        pytest.param(lambda x: (x * 2).astype(np.float16), "partly", id="float16"),
        pytest.param(lambda x: x * 2 * (1 + 1e-6), "failed", id="wrong-by-1e-6"),
        pytest.param(lambda x: x * 2 if len(x) < 3 else x, "partly", id="wrong-in-the-last-case"),
        pytest.param(lambda x: print(x * 2), "partly", id="printed-not-returned"),
        pytest.param(lambda x: print(x * 3), "failed", id="wrong-and-printed"),
        pytest.param(lambda x: (x * 2,), "partly", id="tuple-of-one"),
        pytest.param(lambda x: (v for v in x), "failed", id="generator"),
        pytest.param(lambda x: 1 / 0, "failed", id="raises"),
        pytest.param(lambda x, y: x, "failed", id="other-signature"),
    ],
)
def test_agreement(student: Any, outcome: str) -> None:
    """What equals the reference passes; right values in a wrong form, or for some inputs, pass in part; everything else fails."""
    assert verdict(READY, {"double": student}).verdict == outcome


def test_missing_function_is_skipped() -> None:
    """A function that is not there is not implemented, not wrong."""
    found = verdict(READY, {"duoble": double})
    assert (found.verdict, found.outcome, "did you mean to call `duoble`" in found.message) == (
        "skipped",
        "not_implemented",
        True,
    )


def test_each_call_has_its_own_arguments() -> None:
    """A function that changes its argument is judged by its results alone here."""

    def student(x: Any) -> Any:
        x *= 2
        return x

    assert verdict(READY, {"double": student}).verdict == "passed"


@pytest.mark.parametrize(("rtol", "outcome"), [(None, "failed"), (0.01, "passed")], ids=["default", "loose"])
def test_rtol(rtol: float | None, outcome: str) -> None:
    """A rubric may ask for less than the usual precision."""
    using = prepared(exercise_of("double", agrees("random", cases=vectors, rtol=rtol)), functions={"double": double})
    assert verdict(using, {"double": lambda x: x * 2.001}).verdict == outcome


@pytest.mark.parametrize(
    ("x", "outcome"),
    [
        pytest.param(np.array([1, 2]), "passed", id="integers"),
        pytest.param(np.array([1.0, 2.0]), "passed", id="whole-floats"),
        pytest.param(np.array([1.25, 2.0]), "failed", id="floats"),
    ],
)
def test_integer_results(x: Any, outcome: str) -> None:
    """An integer result may be right where every array is of integers, or where nothing was cut off."""
    using = prepared(exercise_of("double", agrees("one", cases=one_case(x=x))), functions={"double": double})
    assert verdict(using, {"double": lambda x: (x * 2).astype(int)}).verdict == outcome


@pytest.mark.parametrize(
    ("result", "student", "outcome"),
    [
        pytest.param(2.5, 2.5, "passed", id="float"),
        pytest.param(2.5, np.float64(2.5), "passed", id="numpy-float"),
        pytest.param(2.5, np.float32(2.5), "passed", id="float32"),
        pytest.param(2.5, np.array([2.5]), "partly", id="shape-1"),
        pytest.param(2.5, 2.6, "failed", id="wrong"),
        pytest.param(3, 4, "failed", id="wrong-int"),
        pytest.param(True, np.True_, "passed", id="numpy-bool"),
        pytest.param(True, 1, "partly", id="int-for-bool"),
        pytest.param(True, 2, "failed", id="two-for-bool"),
        pytest.param("a", "b", "failed", id="string"),
        pytest.param(None, None, "passed", id="none"),
        pytest.param({"a": 1.0}, {"a": 1.0}, "passed", id="dict"),
        pytest.param({"a": 1.0}, {"a": 2.0}, "failed", id="wrong-dict"),
    ],
)
def test_results_of_any_type(result: Any, student: Any, outcome: str) -> None:
    """Scalars, strings, None and dicts are judged like arrays."""
    using = prepared(exercise_of("f", agrees("one", cases=one_case(x=1.0))), functions={"f": lambda x: result})
    assert verdict(using, {"f": lambda x: student}).verdict == outcome


class Counter:
    """Counts what it is given."""

    def __init__(self, start: float) -> None:
        self.total = start

    def add(self, x: Any) -> Any:
        """The new total, and a token to take it back."""
        self.total = self.total + x
        return self.total, x

    def undo(self, token: Any) -> Any:
        """The total without `token`."""
        self.total = self.total - token
        return self.total


def script(rng: np.random.Generator) -> Iterable[Any]:
    """Twice a fresh object that is used step by step."""
    for start in (0.0, 10.0):
        yield [
            new("Counter", start, save="counter"),
            call("counter.add", rng.normal(size=2), save="added"),
            call("counter.undo", ref("added", 1)),
            get("counter.total"),
        ]


OBJECTS = prepared(exercise_of("Counter", agrees("script", cases=script)), functions={"Counter": Counter})


class Shared(Counter):
    """The total is kept in the class."""

    def __init__(self, start: float) -> None:
        if not hasattr(Shared, "total"):
            Shared.total = start

    def add(self, x: Any) -> Any:
        """The new total of all."""
        Shared.total = Shared.total + x
        return Shared.total, x

    def undo(self, token: Any) -> Any:
        """The total of all without `token`."""
        Shared.total = Shared.total - token
        return Shared.total


class NoAttribute(Counter):
    """The attribute has another name."""

    def __init__(self, start: float) -> None:
        self.sum = start

    def add(self, x: Any) -> Any:
        """The new total."""
        self.sum = self.sum + x
        return self.sum, x

    def undo(self, token: Any) -> Any:
        """The old total."""
        self.sum = self.sum - token
        return self.sum


class InPlace(Counter):
    """The array that was returned changes later."""

    def add(self, x: Any) -> Any:
        """The new total."""
        self.total = np.zeros_like(x) + self.total
        self.total += x
        return self.total, x

    def undo(self, token: Any) -> Any:
        """The old total, in the same array."""
        self.total -= token
        return self.total


@pytest.mark.parametrize(
    ("student", "outcome", "decides"),
    [
        pytest.param(Counter, "passed", "", id="right"),
        pytest.param(InPlace, "passed", "", id="results-changed-later"),
        pytest.param(Shared, "failed", "counter.add", id="state-shared-by-objects"),
        pytest.param(NoAttribute, "partly", "counter.total", id="attribute-missing"),
        pytest.param(lambda start: None, "failed", "counter.add", id="no-object"),
    ],
)
def test_objects(student: Any, outcome: str, decides: str) -> None:
    """An object is judged step by step, and the step that decides is named."""
    found = verdict(OBJECTS, {"Counter": student})
    assert (found.verdict, found.call.partition("(")[0]) == (outcome, decides)


def test_object_that_cannot_be_made() -> None:
    """A constructor that raises is what the student reads of."""

    def student(start: float) -> Any:
        raise TypeError("no start")

    found = verdict(OBJECTS, {"Counter": student})
    assert (found.verdict, found.outcome) == ("failed", "raised")


@pytest.mark.parametrize(
    ("result", "student", "outcome"),
    [
        pytest.param({1: 0.5, (0, 1): 2.5}, {(0, 1): 2.5, 1: 0.5}, "passed", id="another-order"),
        pytest.param({1: 0.5, None: 2.5}, {np.int64(1): np.float64(0.5), None: 2.5}, "passed", id="numpy-keys"),
        pytest.param({0.3: 1.0}, {0.1 + 0.2: 1.0}, "passed", id="rounded-key"),
        pytest.param({1: 0.5}, {1: 0.5 + 1e-12}, "passed", id="rounded-value"),
        pytest.param({"cat": 2}, collections.defaultdict(int, {"cat": 2}), "passed", id="defaultdict"),
        pytest.param({"cat": 2}, collections.Counter(["cat", "cat"]), "passed", id="counter"),
        pytest.param({1: 0.5}, {"1": 0.5}, "failed", id="text-for-a-number"),
        pytest.param({1: 0.5}, {1: 0.6}, "failed", id="wrong-value"),
        pytest.param({1: 0.5, 2: 0.5}, {1: 0.5}, "failed", id="key-missing"),
        pytest.param({1: 0.5}, {1: 0.5, 2: 0.5}, "failed", id="key-too-many"),
        pytest.param({1: 0.5}, [(1, 0.5)], "failed", id="pairs"),
        pytest.param({1: 0.5}, {0.1: 0.5}, "failed", id="another-key"),
        pytest.param({0.3: 1.0, 0.4: 1.0}, {0.1 + 0.2: 1.0, 0.5: 1.0}, "failed", id="one-key-far-away"),
        pytest.param({1, 2, 3}, {3, 2, 1}, "passed", id="set"),
        pytest.param({1, 2, 3}, frozenset((1, 2, 3)), "passed", id="frozenset"),
        pytest.param({1, 2, 3}, {np.int32(1), 2.0, 3}, "passed", id="set-of-numpy"),
        pytest.param({0.3, "a"}, {0.1 + 0.2, "a"}, "passed", id="set-of-rounded"),
        pytest.param({(1, "a"), frozenset({1})}, {frozenset({1}), (1, "a")}, "passed", id="set-of-tuples"),
        pytest.param({1, 2, 3}, {1, 2}, "failed", id="set-lacks"),
        pytest.param({1, 2, 3}, {1, 2, 3, 4}, "failed", id="set-too-many"),
        pytest.param({1, 2, 3}, {"1", "2", "3"}, "failed", id="set-of-texts"),
        pytest.param({1, 2, 3}, [1, 2, 3], "failed", id="list-for-a-set"),
        pytest.param({1, 2, 3}, {1: 1, 2: 2, 3: 3}, "failed", id="dict-for-a-set"),
        pytest.param({(1, 2)}, {(2, 1)}, "failed", id="order-in-a-tuple"),
        pytest.param([1.0, 2.0], {1.0, 2.0}, "failed", id="set-for-a-list"),
    ],
)
def test_dicts_and_sets(result: Any, student: Any, outcome: str) -> None:
    """The order of keys and of a set's items does not count, everything else does; floats are compared within the tolerance."""
    using = prepared(exercise_of("f", agrees("one", cases=one_case(x=np.ones(2)))), functions={"f": lambda x: result})
    assert verdict(using, {"f": lambda x: student}).verdict == outcome


@pytest.mark.parametrize(
    ("result", "student", "outcome"),
    [
        pytest.param(math.factorial(30), math.prod(range(1, 31)), "passed", id="exact"),
        pytest.param(2**100, 2.0**100, "passed", id="float-that-is-exact"),
        pytest.param(2**100, np.float64(2) ** 100, "passed", id="numpy-float-that-is-exact"),
        pytest.param(float(10**30), 10**30, "passed", id="integer-for-a-float"),
        pytest.param({2**70: [2**80, 1]}, {2**70: [2**80, 1]}, "passed", id="inside"),
        pytest.param([2**80, 2**90], [2**80, 2**90], "passed", id="list"),
        pytest.param(2**100, 2**100 + 1, "failed", id="one-more"),
        pytest.param(math.factorial(30), float(math.factorial(30)) * (1 + 1e-12), "failed", id="rounded"),
        pytest.param(2**64, 0, "failed", id="overflow"),
        pytest.param(2**64, np.int64(-1), "failed", id="numpy-overflow"),
        pytest.param(2**64, str(2**64), "failed", id="text"),
        pytest.param(2**64, None, "failed", id="none"),
        pytest.param(2**64, np.zeros(2), "failed", id="array"),
        pytest.param(5, 2**64 + 5, "failed", id="large-for-small"),
        pytest.param(0.5, 10**4000, "failed", id="larger-than-all-floats"),
        pytest.param(np.ones(2), [2**80, 10**4000], "failed", id="list-for-an-array"),
        pytest.param(np.ones(2), [0.5, 10**4000], "failed", id="list-of-both-for-an-array"),
        pytest.param([2**80, 2**90], [2**80, 2**90 + 1], "partly", id="list-wrong-in-one"),
    ],
)
def test_large_integers(result: Any, student: Any, outcome: str) -> None:
    """Integers of any size are exact."""
    using = prepared(exercise_of("f", agrees("one", cases=one_case(x=np.ones(2)))), functions={"f": lambda x: result})
    assert verdict(using, {"f": lambda x: student}).verdict == outcome


LABELS = np.array([["cat", "dog"], ["bird", "dog"]])


@pytest.mark.parametrize(
    ("result", "student", "outcome"),
    [
        pytest.param(LABELS, LABELS.copy(), "passed", id="equal"),
        pytest.param(LABELS, LABELS.astype(object), "passed", id="objects"),
        pytest.param(LABELS, LABELS.astype("U40"), "passed", id="longer-dtype"),
        pytest.param(LABELS, LABELS.tolist(), "partly", id="list"),
        pytest.param(LABELS, LABELS[None], "partly", id="axis"),
        pytest.param(LABELS, LABELS.astype("U2"), "failed", id="cut-off"),
        pytest.param(LABELS, np.char.upper(LABELS), "failed", id="capitals"),
        pytest.param(LABELS, LABELS[0], "failed", id="shape"),
        pytest.param(LABELS, np.ones((2, 2)), "failed", id="numbers"),
        pytest.param(LABELS, [["cat", 1], ["bird", "dog"]], "failed", id="mixed-list"),
        pytest.param(LABELS, "cat", "failed", id="word"),
        pytest.param(LABELS, None, "failed", id="none"),
        pytest.param(np.ones(2), ["1", "1"], "failed", id="digits-for-numbers"),
        pytest.param(np.ones(2), np.array(["1", "1"]), "failed", id="array-of-digits-for-numbers"),
        pytest.param(np.ones(3), ["x" * 9_000_000, "", ""], "failed", id="a-very-long-word"),
        pytest.param(["a", "b"], ["a", "b"], "passed", id="list-of-words"),
        pytest.param(["a", "b"], ("a", "b"), "passed", id="tuple-of-words"),
        pytest.param(["a", "b"], ["a"], "failed", id="a-word-too-few"),
        pytest.param("12", "12", "passed", id="digits"),
        pytest.param("12", 12, "failed", id="number-for-digits"),
        pytest.param("12", np.str_("12"), "passed", id="numpy-word"),
    ],
)
def test_texts(result: Any, student: Any, outcome: str) -> None:
    """Arrays of texts are compared letter by letter, like arrays of numbers in everything else."""
    using = prepared(
        exercise_of("f", agrees("one", cases=one_case(x=np.ones(2))), array_like=False), functions={"f": lambda x: result}
    )
    assert verdict(using, {"f": lambda x: student}).verdict == outcome


def _endless(x: Any) -> Any:
    """The multiples of x, without end."""
    return (x * n for n in itertools.count(1))


def _stopping(x: Any) -> Any:
    """Two of them."""
    yield x
    yield 2 * x


def _failing(x: Any) -> Any:
    """One of them, and then a mistake."""
    yield x
    raise ZeroDivisionError


def _late(x: Any) -> Any:
    """Right for three items, after which it fails: nobody looks there."""
    yield from (x, 2 * x, 3 * x)
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("student", "outcome"),
    [
        pytest.param(_endless, "passed", id="endless"),
        pytest.param(lambda x: iter([x, 2 * x, 3 * x]), "passed", id="iterator"),
        pytest.param(lambda x: map(x.__mul__, range(1, 9)), "passed", id="map"),
        pytest.param(lambda x: [x, 2 * x, 3 * x, 7.0], "passed", id="list"),
        pytest.param(_late, "passed", id="fails-later"),
        pytest.param(_stopping, "failed", id="stops"),
        pytest.param(_failing, "failed", id="raises"),
        pytest.param(lambda x: itertools.count(x), "failed", id="other-numbers"),
        pytest.param(lambda x: None, "failed", id="nothing"),
        pytest.param(lambda x: 3 * x, "failed", id="number"),
    ],
)
def test_generators(student: Any, outcome: str) -> None:
    """The first items of a generator are judged, and no other is asked for."""
    using = prepared(exercise_of("multiples", agrees("one", cases=one_case(x=2.5)), first=3), functions={"multiples": _endless})
    assert verdict(using, {"multiples": student}).verdict == outcome


def test_the_call_of_a_generator() -> None:
    """What is shown can be typed in, although the generator is endless."""
    using = prepared(exercise_of("multiples", agrees("one", cases=one_case(x=2.5)), first=3), functions={"multiples": _endless})
    assert verdict(using, {"multiples": _stopping}).call == "list(islice(multiples(x=2.5), 3))"


class Mean:
    """Remembers a mean; `fit` returns the object, as scikit-learn's does."""

    def fit(self, x: Any) -> Any:
        """Look at the numbers."""
        self.mean = x.mean()
        return self

    def predict(self, n: int) -> Any:
        """The mean, n times."""
        return np.full(n, self.mean)

    def draws(self) -> Any:
        """The mean without end."""
        return itertools.repeat(self.mean)


class Silent(Mean):
    """`fit` returns nothing."""

    def fit(self, x: Any) -> Any:
        """Look at the numbers."""
        super().fit(x)


class Median(Mean):
    """Remembers something else."""

    def fit(self, x: Any) -> Any:
        """Look at the numbers."""
        self.mean = np.median(x)
        return self


class Broken(Mean):
    """`fit` fails."""

    def fit(self, x: Any) -> Any:
        """Look at nothing."""
        raise ValueError


@pytest.mark.parametrize(
    ("student", "outcome"), [(Mean, "passed"), (Silent, "passed"), (Median, "failed"), (Broken, "failed")], ids=lambda x: str(x)
)
def test_a_method_that_returns_its_object(student: Any, outcome: str) -> None:
    """With `reply=False` a method's result may be anything; what it did to the object shows in the others."""

    def cases(rng: np.random.Generator) -> Iterable[Any]:
        yield [
            new("Mean", save="m"),
            call("m.fit", rng.exponential(size=7), reply=False),
            call("m.predict", 2),
            call("m.draws", first=3),
            get("m.mean"),
        ]

    using = prepared(exercise_of("Mean", agrees("script", cases=cases)), functions={"Mean": Mean})
    assert verdict(using, {"Mean": student}).verdict == outcome


class _Anything:
    """What cannot be sent."""


@pytest.mark.parametrize(
    ("student", "outcome"),
    [
        pytest.param(lambda x: (2 * x, _Anything()), "passed", id="an-object-as-cache"),
        pytest.param(lambda x: [2 * x, {"x": x}, None], "passed", id="a-list-of-three"),
        pytest.param(lambda x: (3 * x, x), "failed", id="wrong"),
        pytest.param(lambda x: (_Anything(), x), "failed", id="unsendable-result"),
        pytest.param(lambda x: 2 * x, "failed", id="no-cache"),
        pytest.param(lambda x: (), "failed", id="nothing-in-it"),
    ],
)
def test_one_of_several_results(student: Any, outcome: str) -> None:
    """`item=` judges one of the results that a function returns, and the others may be anything."""
    using = prepared(
        exercise_of("double", agrees("one", cases=one_case(x=np.arange(3.0))), item=0), functions={"double": lambda x: (2 * x, x)}
    )
    assert verdict(using, {"double": student}).verdict == outcome


def test_the_message_where_a_single_result_comes() -> None:
    """A function that forgets the cache hears that several results are asked for."""
    using = prepared(
        exercise_of("double", agrees("one", cases=one_case(x=np.arange(3.0))), item=0), functions={"double": lambda x: (2 * x, x)}
    )
    found = verdict(using, {"double": lambda x: 2 * x})
    assert (found.call, found.message) == (
        "double(x=[0., 1., 2.])[0]",
        "returned a single value of type ndarray; the docstring asks for several results",
    )
