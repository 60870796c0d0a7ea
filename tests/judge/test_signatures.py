"""A signature that differs from the stub's is said where a call goes wrong by it, and only there."""

import textwrap
from typing import Any

import numpy as np
import pytest
from toys import exercise_of, find, one_case, prepared

from grader.checks.agrees import agrees
from grader.checks.uses import call, new
from grader.course.misconceptions import Misconception
from grader.judge.judge import judge
from grader.judge.verdicts import Verdict
from grader.plan import Plan
from grader.run import Run
from grader.sandbox.child.execute import Executor
from grader.sandbox.outcome import Raised, Returned
from grader.sandbox.signature import MOST, PARAMETERS, Signature, defined
from grader.sandbox.wire import Load

X = np.array([1.0, 2.0])


def conv(image: Any, kernel: Any, stride: int = 1, pad: int = 0) -> Any:
    """Stands for a convolution."""
    return image * 2 + kernel * 3 + stride * 5 + pad * 7


class Layer:
    """Stands for a layer."""

    def __init__(self, p: float) -> None:
        self.p = p

    def forward(self, x: Any) -> Any:
        """Scales."""
        return self.p * x


def script(rng: np.random.Generator) -> Any:
    """A layer is made and used."""
    yield [new("Layer", 0.5, save="layer"), call("layer.forward", X)]


def verdict(text: str, arguments: dict[str, Any] | None = None) -> Verdict:
    """The verdict on a submission with this text; on its `conv` with these arguments, or on its `Layer`."""
    name, cases = ("conv", one_case(**arguments)) if arguments else ("Layer", script)
    ready = prepared(exercise_of(name, agrees("cases", cases=cases)), functions={"conv": conv, "Layer": Layer})
    plan = with_methods(ready.plan)
    child = Executor()
    child.load(Load(0, "work", {"work": textwrap.dedent(text)}))
    outcomes = tuple(child.run(step) for step in plan.steps)
    run = Run(Returned(), outcomes, defined=dict(defined(child._namespace, ["work"])))
    return find(judge(plan, run, ready.oracle, "ana"))


def with_methods(plan: Plan) -> Plan:
    """A plan that knows the stub's methods."""
    plan.rubric.signatures["Layer.forward"] = Signature(("x",))  # type: ignore[index]
    return plan


ALL = dict(image=X, kernel=X, stride=2, pad=1)


@pytest.mark.parametrize(
    ("head", "arguments", "said"),
    [
        pytest.param("image, kernel, pad=0, stride=1", ALL, "(image, kernel, pad, stride)", id="reordered"),
        pytest.param("image, kernel, stride=1", ALL, "(image, kernel, stride)", id="missing"),
        pytest.param("image, kernel, stride, pad, verbose", ALL, "(image, kernel, stride, pad, verbose)", id="extra"),
        pytest.param(
            "image, kernel, stride=1, padding=0", dict(image=X, kernel=X, pad=1), "(image, kernel, stride, padding)", id="renamed"
        ),
    ],
)
def test_other_parameters_are_told(head: str, arguments: dict[str, Any], said: str) -> None:
    """Both lists of parameters are said, in place of a number that is wrong for another reason, and no hint is given."""
    found = verdict(f"def conv({head}):\n    return image", arguments)
    assert found.message == f"your conv takes {said}; the stub has (image, kernel, stride, pad)"
    assert (found.hint, found.difference) == ("", None)


def test_call_has_the_names_of_the_stub() -> None:
    """The call is shown with the stub's parameters."""
    found = verdict("def conv(image, kernel, pad=0, stride=1):\n    return image", ALL)
    assert found.call == "conv(image=[1., 2.], kernel=[1., 2.], stride=2, pad=1)"


def test_missing_default_is_told() -> None:
    """A parameter without the stub's default is named."""
    found = verdict("def conv(image, kernel, stride=1, *, pad):\n    return image", dict(image=X, kernel=X))
    assert found.message == "your conv needs `pad`, which may be left out in the stub: give it the stub's default"


@pytest.mark.parametrize(
    "head",
    [
        "img, k, s=1, p=0",
        "image, kernel, stride=1, pad=0, verbose=False",
        "image, kernel, *rest",
        "*everything",
        "image, kernel, stride=1, pad=0, **options",
    ],
)
def test_other_spelling_of_the_same_is_not_told(head: str) -> None:
    """Names that no call uses, more parameters with defaults, and open lists are the student's own affair."""
    assert verdict(f"def conv({head}):\n    return 0.0 * np.ones(2)\nimport numpy as np", ALL).message.startswith("every value")


def test_right_result_is_never_told() -> None:
    """Where the calls go well, nothing is said."""
    found = verdict("def conv(kernel, image, stride=1, pad=0):\n    return kernel * 2 + image * 3 + stride * 5 + pad * 7", ALL)
    assert (found.verdict, found.message) == ("passed", "")


def test_forgotten_self_is_told() -> None:
    """A method without `self` is named."""
    found = verdict("class Layer:\n    def __init__(self, p):\n        self.p = p\n    def forward(x):\n        return x")
    assert found.message == "`Layer.forward` forgets `self`: the first parameter of a method is the object itself"


def test_other_name_for_self_is_no_mistake() -> None:
    """The object may have another name."""
    text = "class Layer:\n    def __init__(this, p):\n        this.p = p\n    def forward(this, x):\n        return 3 * x"
    assert verdict(text).message.startswith("every value")


@pytest.mark.parametrize(
    ("text", "outer"),
    [
        pytest.param("class Work:\n    def conv(self, image, kernel):\n        return image", "Work", id="class"),
        pytest.param("def helper():\n    def conv(image, kernel):\n        return image", "helper", id="function"),
    ],
)
def test_function_inside_of_something_is_told(text: str, outer: str) -> None:
    """A function that is missing says where it stands."""
    found = verdict(text, ALL)
    assert found.verdict == "skipped"
    assert f"`conv` is defined inside `{outer}`: move it out" in found.message


def test_what_is_reported_is_bounded() -> None:
    """Thousands of functions and parameters are not reported."""
    names = ", ".join(f"x{n}" for n in range(PARAMETERS + 1))
    text = f"def wide({names}): pass\n" + "\n".join(f"def f{n}(): pass" for n in range(MOST + 5))
    namespace: dict[str, Any] = {}
    exec(compile(text, "work.py", "exec"), namespace)
    found = dict(defined(namespace, ["work"]))
    assert len(found) == MOST
    assert "wide" not in found


def test_what_was_imported_is_not_reported() -> None:
    """Only the submission's own functions are."""
    namespace: dict[str, Any] = {"textwrap": textwrap, "dedent": textwrap.dedent}
    exec(compile("def own(a, b=1, *, c=2): pass", "work.py", "exec"), namespace)
    assert defined(namespace, ["work"]) == [("own", Signature(("a", "b", "c"), ("b", "c")))]


def test_exception_of_arguments_in_other_places_names_no_mistake() -> None:
    """A call that cannot go well raises what a known mistake raises as well: that is no sign of it, for the instructor neither."""

    def refused(image: Any, kernel: Any, stride: int = 1, pad: int = 0) -> Any:
        raise ValueError("too large")

    mistake = Misconception("refuses_what_fits", "conv", "It refuses.", "Does it fit?", lambda: refused)
    check = agrees("cases", cases=one_case(image=X, kernel=X, pad=1))
    ready = prepared(exercise_of("conv", check), functions={"conv": conv}, misconceptions=[mistake])
    raised = Raised("ValueError", ("ValueError",), "too large")
    run = Run(
        Returned(), (raised,) * len(ready.plan.steps), defined={"conv": Signature(("image", "kernel", "bias", "stride", "pad"))}
    )
    found = find(judge(ready.plan, run, ready.oracle, "ana"))
    assert "the stub has" in found.message and found.misconception is None
