"""Nobody pays twice: what waits, what is carried forward, and what counts once."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest
from toys import exercise_grade, exercise_of, grade, prepared

from grader.checks.agrees import agrees
from grader.checks.gradient import gradient
from grader.checks.raises import raises
from grader.course.authoring import Misconception, misconception
from grader.engine.prepare import Prepared
from grader.feedback.summary import ClassTally, what_happened
from grader.judge.judge import judge
from grader.judge.oracle import Oracle
from grader.judge.verdicts import Verdict
from grader.run import Run
from grader.sandbox.outcome import Raised

Function = Callable[..., Any]
Functions = dict[str, Function]
USES = {"scores": frozenset[str](), "layer": frozenset({"scores"}), "network": frozenset({"layer", "scores"})}


def code(scores: Function) -> Functions:
    """Right code on top of `scores`: a layer, and a network of two."""

    def layer(x: Any, w: Any) -> Any:
        check(x)
        return np.tanh(scores(x, w))

    def network(x: Any, w: Any) -> Any:
        check(x)
        return layer(layer(x, w), w) + 1.0

    return {"scores": scores, "layer": layer, "network": network}


def check(x: Any) -> None:
    """Refuse what is not a table."""
    if x is None:
        raise ValueError("no table")


def scores(x: Any, w: Any) -> Any:
    """The reference."""
    check(x)
    return x @ w


def doubled(x: Any, w: Any) -> Any:
    """A known mistake."""
    check(x)
    return 2 * (x @ w)


def cubed(x: Any, w: Any) -> Any:
    """An unknown mistake."""
    check(x)
    return (x @ w) ** 3


def unchecked(x: Any, w: Any) -> Any:
    """Right, but for a refusal."""
    return None if x is None else x @ w


def negative_only(x: Any, w: Any) -> Any:
    """A known mistake that shows for negative numbers only."""
    check(x)
    return np.where((x < 0).all(), 5.0, 1.0) * (x @ w)


RIGHT = code(scores)


def tables(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """Tables and weights."""
    for rows in (2, 3):
        yield dict(x=rng.uniform(0.1, 1.0, size=(rows, 2)), w=rng.normal(size=(2, 2)))


def negatives(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """Tables of negative numbers."""
    yield dict(x=-rng.uniform(0.1, 1.0, size=(2, 2)), w=rng.normal(size=(2, 2)))


def known(function: Function, of: str, name: str) -> Misconception:
    """A misconception."""
    return misconception(of=of, hint=f"Hint of {name}.", name=name)(function)


KNOWN = (
    known(doubled, "scores", "doubled"),
    known(negative_only, "scores", "negative_only"),
    known(code(doubled)["layer"], "layer", "halves"),
    known(lambda x, w: np.tanh(scores(x, w)) - 1, "layer", "shifted"),
    known(unchecked, "scores", "unchecked"),
)
REFUSAL = raises(ValueError, "None is refused", args=dict(x=None, w=None))


def ready(*misconceptions: Misconception, with_solution: bool = True) -> Prepared:
    """Three exercises, each of which uses those before it."""
    extra = {"scores": [agrees("negative", cases=negatives)]}
    exercises = [exercise_of(name, agrees("random", cases=tables), *extra.get(name, []), REFUSAL) for name in RIGHT]
    using = prepared(*exercises, functions=RIGHT, uses=USES)
    oracle = Oracle(using.plan, RIGHT, misconceptions, solution if with_solution else None)
    return Prepared(using.plan, oracle)


def solution() -> Functions:
    """A new namespace of the solution: its functions find each other in it."""
    namespace: Functions = {"scores": scores}
    namespace["layer"] = lambda x, w: code(namespace["scores"])["layer"](x, w)
    namespace["network"] = lambda x, w: namespace["layer"](namespace["layer"](x, w), w) + 1.0
    return namespace


READY = ready(*KNOWN)


def verdicts(functions: Functions, using: Prepared = READY) -> dict[str, Verdict]:
    """The verdict on the first check of each exercise."""
    return {exercise.name: exercise.checks[0] for exercise in grade(using, functions).exercises}


def words(functions: Functions, using: Prepared = READY) -> list[str]:
    """The words of these verdicts."""
    return [verdict.verdict for verdict in verdicts(functions, using).values()]


def test_unknown_mistake_is_waited_for() -> None:
    """What is built on an unknown mistake waits for it: no numbers, no hint, no points."""
    found = verdicts(code(cubed))
    assert [found[name].verdict for name in RIGHT] == ["failed", "waits", "waits"]
    waiting = found["layer"]
    assert (waiting.message, waiting.hint, waiting.call, waiting.difference, waiting.score) == (
        "waits for `scores`: fix that first",
        "",
        "",
        None,
        0,
    )


def test_known_mistake_is_carried_forward() -> None:
    """What is right on top of a known mistake is paid in full, and says so."""
    found = verdicts(code(doubled))
    assert [found[name].verdict for name in RIGHT] == ["failed", "passed", "passed"]
    assert found["network"].message == "right on top of your own `scores`, which is not right yet"
    assert found["network"].score == found["network"].points


def test_root_cause_is_named() -> None:
    """Where one waits for another that waits, both are told what is wrong at the bottom."""
    assert verdicts(code(cubed))["network"].waits_for == ("scores",)


def test_no_wait_where_the_other_is_right() -> None:
    """What fails on top of right code fails by itself, and what is built on it waits for it alone."""
    functions = {**RIGHT, "layer": lambda x, w: scores(x, w) ** 2, "network": lambda x, w: scores(x, w) ** 2 + 1}
    found = verdicts(functions)
    assert [(found[name].verdict, found[name].waits_for) for name in RIGHT] == [
        ("passed", ()),
        ("failed", ()),
        ("waits", ("layer",)),
    ]


def test_no_wait_for_a_mistake_that_does_not_reach() -> None:
    """A known mistake that shows elsewhere only excuses nothing here."""
    functions = {**code(negative_only), "layer": lambda x, w: scores(x, w) ** 2}
    assert words(functions) == ["passed", "failed", "passed"]


def test_only_what_reaches_is_waited_for() -> None:
    """Of two wrong exercises, one whose known mistake does not show here is not named."""
    functions = code(negative_only) | {"layer": lambda x, w: scores(x, w) ** 2, "network": lambda x, w: scores(x, w) ** 2 + 1}
    assert verdicts(functions)["network"].waits_for == ("layer",)


def test_wrong_besides_a_known_mistake_waits() -> None:
    """What is not what right code gives on top of the mistake is not paid."""
    functions = {**code(doubled), "layer": lambda x, w: np.tanh(doubled(x, w)) ** 2}
    assert words(functions)[1] == "waits"


def test_nothing_is_carried_without_a_solution() -> None:
    """Without a solution to build on the mistake, it is waited for."""
    assert words(code(doubled), ready(*KNOWN[:1], with_solution=False)) == ["failed", "waits", "waits"]


def test_constant_is_not_carried_forward() -> None:
    """Zeros on top of a known mistake that gives zeros show no work."""
    zeros = known(lambda x, w: np.zeros((len(x), 2)), "scores", "zeros")
    functions = {**code(zeros.function), "network": lambda x, w: np.zeros((len(x), 2))}
    assert exercise_grade(grade(ready(zeros), functions), "network").score == 0


# --- refusals --------------------------------------------------------------------------------------------------------------------------


def test_missing_refusal_leaves_values_alone() -> None:
    """Who only refuses nothing has right values, and a user with wrong ones waits for nobody."""
    functions = {**code(unchecked), "network": lambda x, w: scores(x, w) ** 2}
    assert words(functions) == ["passed", "passed", "failed"]


def test_refusals_wait_for_refusals() -> None:
    """A refusal that is missing may be the other's."""
    functions = {**RIGHT, "scores": unchecked, "layer": lambda x, w: None if x is None else np.tanh(unchecked(x, w))}
    found = exercise_grade(grade(ready(), functions), "layer").checks[-1]
    assert (found.kind, found.verdict, found.waits_for) == ("raises", "waits", ("scores",))


def test_refusal_that_counts_once_proves_nothing() -> None:
    """The same missing refusal in a trivial program pays for nothing else."""
    both = (known(lambda x, w: None if x is None else x @ w, "layer", "unchecked"), *KNOWN)
    functions = {**code(unchecked), "layer": lambda x, w: None if x is None else np.zeros((len(x), 2))}
    assert exercise_grade(grade(ready(*both), functions), "layer").score == 0


# --- the same mistake ------------------------------------------------------------------------------------------------------------------


def add_one(function: Function) -> Function:
    """The results and 1."""
    return lambda x, w: function(x, w) + 1 if x is not None else function(x, w)


def twice_the_same(**students: Function) -> dict[str, Verdict]:
    """The verdicts where `first` and `second`, which do not use each other, know the mistake `plus`."""
    functions: Functions = {"first": scores, "second": RIGHT["layer"]}
    mistakes = [known(add_one(function), name, "plus") for name, function in functions.items()]
    using = prepared(
        *(exercise_of(name, agrees("random", cases=tables)) for name in functions), functions=functions, misconceptions=mistakes
    )
    return verdicts(students, using)


def test_same_mistake_counts_once() -> None:
    """The same mistake in two exercises is paid by the first."""
    found = twice_the_same(first=add_one(scores), second=add_one(RIGHT["layer"]))
    assert [item.verdict for item in found.values()] == ["failed", "passed"]
    assert found["second"].message == "the same mistake as in `first`; it counts once"


def test_same_mistake_and_another_do_not_count_once() -> None:
    """Where the mistake explains one case only, the other case is paid by itself."""

    def student(x: Any, w: Any) -> Any:
        return RIGHT["layer"](x, w) + (1 if len(x) == 2 else 7)

    assert twice_the_same(first=add_one(scores), second=student)["second"].verdict == "failed"


# --- slips, gradients, several results -------------------------------------------------------------------------------------------------


def test_slip_is_carried_forward() -> None:
    """A wrong form that comes from another exercise costs nothing more."""
    functions = code(lambda x, w: scores(x, w)[None])
    assert words(functions) == ["partly", "passed", "passed"]


def rounding(function: Function, decimals: int = 4) -> Function:
    """The function with a result that is rounded."""
    return lambda x, w: np.round(function(x, w), decimals)


def in_single(function: Function) -> Function:
    """The function with a result in single precision."""
    return lambda x, w: function(x, w).astype(np.float32)


def steep(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """Tables and weights whose network enlarges an error."""
    yield dict(x=rng.uniform(0.1, 1.0, size=(2, 2)), w=1e3 * rng.normal(size=(2, 2)))


def enlarging(scores: Function) -> Functions:
    """Scores, and what takes their difference from whole numbers."""
    return {"scores": scores, "rest": lambda x, w: scores(x, w) % 1.0}


def enlarged(functions: Functions) -> list[Verdict]:
    """The verdicts on `scores` and on what enlarges its errors."""
    exercises = [exercise_of(name, agrees("random", cases=steep)) for name in ("scores", "rest")]
    using = prepared(*exercises, functions=enlarging(scores), uses={"rest": frozenset({"scores"})})

    def namespace() -> Functions:
        found: Functions = {"scores": scores}
        found["rest"] = lambda x, w: enlarging(found["scores"])["rest"](x, w)
        return found

    return list(verdicts(functions, Prepared(using.plan, Oracle(using.plan, enlarging(scores), (), namespace))).values())


@pytest.mark.parametrize("decimals", [3, 4, 6])
def test_rounding_is_carried_forward(decimals: int) -> None:
    """Where only one exercise rounds, only that one pays the slip."""
    assert words(code(rounding(scores, decimals))) == ["partly", "passed", "passed"]


def test_who_rounds_everything_pays_a_slip_for_each() -> None:
    """Rounded results of what rests on rounded results are right, but rounded."""
    functions = {**code(rounding(scores)), "layer": rounding(code(rounding(scores))["layer"])}
    found = verdicts(functions)["layer"]
    assert (found.verdict, found.score / found.points) == ("partly", pytest.approx(0.75))
    assert found.message == "the result is right, but rounded; return all digits"


def test_wrong_besides_rounding_waits() -> None:
    """What is not what right code gives on top of rounded results is not paid."""
    assert words({**code(rounding(scores)), "layer": lambda x, w: np.tanh(scores(x, w)) ** 2})[1] == "waits"


def test_constant_on_top_of_rounding_is_not_paid() -> None:
    """Zeros show no work."""
    functions = {**code(rounding(scores)), "network": lambda x, w: np.zeros((len(x), 2))}
    assert exercise_grade(grade(READY, functions), "network").score == 0


def test_single_precision_that_is_near_enough_is_not_blamed_on_others() -> None:
    """A float32 result that passes makes what enlarges its error no less right."""
    found = enlarged(enlarging(in_single(scores)))
    assert [item.verdict for item in found] == ["passed", "passed"]
    assert found[1].message == "right on top of your own `scores`, which keeps too few digits"


def test_wrong_on_top_of_single_precision_is_wrong() -> None:
    """It fails by itself: there is nothing to wait for."""
    found = enlarged({**enlarging(in_single(scores)), "rest": lambda x, w: scores(x, w) % 2.0})
    assert [item.verdict for item in found] == ["passed", "failed"]


def double_pair(function: Function) -> Functions:
    """Two results, of which one uses `scores`."""
    return {"scores": function, "both": lambda x, w: (function(x, w), x.mean(axis=1) * w.sum())}


def test_right_results_of_what_waits_are_paid() -> None:
    """A result that does not depend on the mistake keeps its part."""
    exercises = (exercise_of(name, agrees("random", cases=tables), returns=names) for name, names in
                 [("scores", ()), ("both", ("y", "z"))])  # fmt: skip
    using = prepared(*exercises, functions=double_pair(scores), uses={"both": frozenset({"scores"})})
    found = verdicts(double_pair(cubed), using)["both"]
    assert (found.verdict, found.score) == ("waits", 0.5)


def slopes(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """Numbers and an upstream gradient."""
    yield dict(dout=rng.normal(size=(2, 3)), x=rng.normal(size=(2, 3)))


def numbers(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """Numbers."""
    yield dict(x=rng.normal(size=(2, 3)))


WAVE: Functions = {"wave": lambda x: np.sin(x), "wave_backward": lambda dout, x: dout * np.cos(x)}


def waves(*misconceptions: Misconception) -> Prepared:
    """A forward and its backward."""
    exercises = (
        exercise_of("wave", agrees("random", cases=numbers)),
        exercise_of("wave_backward", gradient(of="wave", wrt=("x",), cases=slopes)),
    )
    return prepared(*exercises, functions=WAVE, misconceptions=misconceptions)


QUICK = known(lambda x: np.sin(3 * x), "wave", "quick")


@pytest.mark.parametrize(
    ("using", "backward", "word"),
    [
        pytest.param(waves(QUICK), lambda dout, x: 3 * dout * np.cos(3 * x), "passed", id="of-a-known-mistake"),
        pytest.param(waves(), lambda dout, x: 3 * dout * np.cos(3 * x), "waits", id="of-an-unknown-mistake"),
        pytest.param(waves(), lambda dout, x: dout * np.cos(x), "passed", id="right"),
        pytest.param(waves(QUICK), lambda dout, x: dout * np.sin(x), "waits", id="wrong-for-both"),
    ],
)
def test_gradient_of_a_wrong_forward(using: Prepared, backward: Function, word: str) -> None:
    """A gradient of one's own wrong forward is paid where that mistake is known."""
    assert words({"wave": QUICK.function, "wave_backward": backward}, using) == ["failed", word]


def shifted(forward: Function) -> Functions:
    """A forward with a bias, and a backward that calls it."""

    def backward(dout: Any, x: Any, b: Any) -> Any:
        ds = dout * (1 - forward(x, b) ** 2)
        return ds, ds.sum()

    return {"forward": forward, "backward": backward}


def test_right_gradient_of_a_forward_that_forgets_an_argument() -> None:
    """Right code has a slope where one's own forward has none: it is right all the same, and so is what calls it."""

    def upstream(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
        yield dict(dout=rng.normal(size=3), x=rng.normal(size=3), b=1.0)

    def points(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
        yield dict(x=rng.normal(size=3), b=1.0)

    def solution() -> Functions:
        namespace = shifted(lambda x, b: namespace["forward"](x, b))
        namespace["forward"] = right["forward"]
        return namespace

    right = shifted(lambda x, b: np.tanh(x + b))
    forgets = known(lambda x, b: np.tanh(x), "forward", "b_forgotten")
    exercises = (
        exercise_of("forward", agrees("random", cases=points)),
        exercise_of("backward", gradient(of="forward", wrt=("x", "b"), cases=upstream), returns=("dx", "db")),
    )
    using = prepared(*exercises, functions=right)
    found = verdicts(shifted(forgets.function), Prepared(using.plan, Oracle(using.plan, right, (forgets,), solution)))["backward"]
    assert (found.verdict, found.score) == ("passed", found.points)


def test_trivial_pair_earns_nothing() -> None:
    """A forward that is its argument and a backward that is its upstream agree with each other, and earn nothing."""
    identity = known(lambda x: x, "wave", "identity")
    for using in (waves(), waves(identity)):
        assert grade(using, {"wave": lambda x: x, "wave_backward": lambda dout, x: dout}).score == 0


# --- what people see -------------------------------------------------------------------------------------------------------------------


def test_statistics_do_not_count_what_waits() -> None:
    """A class's mistakes are those at the bottom, once for each submission."""
    tally = ClassTally()
    tally.add(grade(READY, code(doubled)))
    tally.add(grade(READY, code(cubed)))
    assert tally.assignments["work"].mistakes == {"doubled": 1}


def test_summary_says_what_waits() -> None:
    """One line on a submission has the root cause first."""
    assert what_happened(grade(ready(), code(cubed))).endswith("; layer, network: waits for `scores`: fix that first")


def test_file_that_cannot_be_run_waits_for_nothing() -> None:
    """Where nothing was run, everything failed for the same reason."""
    graded = judge(READY.plan, Run(Raised("SyntaxError", ("SyntaxError",), "no"), ()), READY.oracle, "ana")
    assert {check.verdict for exercise in graded.exercises for check in exercise.checks} == {"failed"}


def test_right_is_right() -> None:
    """Right code waits for nothing."""
    graded = grade(READY, RIGHT)
    assert graded.full_marks
    assert {check.message for exercise in graded.exercises for check in exercise.checks} == {""}


def test_a_mistake_is_run_once_in_a_case_that_uses_it_alone() -> None:
    """What its function does there is the same beside the reference and the solution: alone, case by case, and under other exercises."""
    calls = []

    def counted(x: Any, w: Any) -> Any:
        calls.append(x)
        return 3 * scores(x, w)

    using = ready(mistake := known(counted, "scores", "counted"))
    oracle, own = using.oracle, using.plan.exercises[0]
    assert oracle is not None
    made = oracle.wrong(mistake, own.seqs)
    cases = [case for item in own.checks for case in using.plan.cases(item)]
    assert {seq: outcome for case in cases for seq, outcome in oracle.wrong(mistake, case).items()} == made
    assert oracle.composed([mistake], own.seqs) == made
    assert len(calls) == len(own.seqs)
