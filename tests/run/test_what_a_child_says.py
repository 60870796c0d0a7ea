"""What a run takes from a child and gives to it: reports that no honest child makes are not believed, and results have a limit."""

from collections.abc import Iterable
from typing import Any

import msgspec
import numpy as np
import pytest
from three_exercises import CLASS, FUNCTIONS, GOOD, LIMITS, ran, source, three, words
from toys import exercise_of, prepared

from grader.checks.agrees import agrees
from grader.checks.base import Check
from grader.checks.property import has_property
from grader.run import run
from grader.sandbox.backend import Backend
from grader.sandbox.outcome import BadReturn, word
from grader.sandbox.signature import Signature
from grader.sandbox.values import decode


def test_too_much_in_all(backend: Backend) -> None:
    """Results are kept, so what all of them hold together is limited: one that is too much says so, and the others count."""
    text = "import numpy as np\ndef f(x): return np.zeros(500)\ndef g(x): return 3 * x\ndef h(x): return 4 * x"
    limits = msgspec.structs.replace(LIMITS, returned=18_000)
    outcomes = run(CLASS.plan, source(text), backend, limits).outcomes
    assert [word(outcome) for outcome in outcomes[:5]] == ["returned", "returned", "bad_return", "bad_return", "returned"]
    assert outcomes[2] == BadReturn("all_together")


def test_too_much_to_be_read(backend: Backend) -> None:
    """Results that are too large are not read for ever: beyond a limit, nothing is asked any more."""
    text = "import numpy as np\nCALLS = []\ndef f(x):\n    CALLS.append(x)\n    print(len(CALLS))\n    return np.zeros(500)\ng = h = f"
    limits = msgspec.structs.replace(LIMITS, returned=4000, received=30_000)
    found = run(CLASS.plan, source(text), backend, limits)
    assert {word(outcome) for outcome in found.outcomes} == {"bad_return"}
    assert 0 < len(found.usage.output.split()) < len(found.outcomes)


def test_arguments_that_nobody_asked_back(backend: Backend) -> None:
    """Who sends arguments that were not asked back has returned nothing that can be judged."""
    text = """
        import sys
        execute = sys.modules["grader.sandbox.child.execute"]
        sound = execute.Returned
        execute.Returned = lambda value, after=(), warnings=(), aside=None: sound(value, (True,) * 1000, warnings)
        def f(x): return 2 * x
        g = h = f
    """
    assert {word(outcome) for outcome in ran(backend, text).outcomes} == {"bad_return"}


def test_signatures_of_the_stub_s_functions_are_known(backend: Backend) -> None:
    """How the exercises' functions are declared is known, also where they stand inside of something; nothing of other functions is."""
    found = ran(backend, "def f(x, y=1, **more): return 2 * x\nclass A:\n    def g(self, x): return x\ndef helper(): pass\n")
    plain = Signature(("x",))
    expected = {"f": Signature(("x", "y"), ("y",), True), "A.g": Signature(("self", "x")), "g": plain, "h": plain}
    assert found.defined == expected


PROPER = "((), (), False)"


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("7", id="number"),
        pytest.param("((), [('f',)])", id="short"),
        pytest.param("((), [('f', (('x',) * 31, (), False))])", id="parameters"),
        pytest.param(f"((), [('f' * 101, {PROPER})])", id="name"),
        pytest.param(f"((), [('f', {PROPER})] * 301)", id="many"),
    ],
)
def test_forged_signatures_are_dropped(backend: Backend, said: str) -> None:
    """A report that no honest child makes is not believed, and changes nothing else."""
    once = f"lambda value: (setattr(e, 'encode', honest), honest({said}))[1]"
    found = ran(backend, f"import grader.sandbox.child.execute as e\nhonest = e.encode\ne.encode = {once}\n{GOOD}")
    assert (found.defined, words(found)) == ({}, ["returned"] * 10)


def test_a_child_has_the_questions_of_one_exercise_and_no_hidden_one_beside_a_public_one(backend: Backend) -> None:
    """What waits in it while it answers is what is asked next, of the same exercise and as public."""

    def drawn(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
        for _ in range(3):
            yield {"x": float(rng.random())}

    def checks() -> tuple[Check, ...]:
        return (agrees("hidden", cases=drawn), has_property("public", cases=three, law=lambda case, results: None))

    plan = prepared(exercise_of("f", *checks()), exercise_of("g", *checks()), functions=FUNCTIONS).plan
    public = [[item.public for item in planned.checks if item.check.name == "public"] for planned in plan.exercises]
    assert public == [[True], [True]]
    text = "waiting = sys.modules['grader.sandbox.child.worker']._waiting\ndef f(x): return float(len(waiting))\ng = f\n"
    found = run(plan, source(text), backend, LIMITS)
    for planned in plan.exercises:
        for kind in (True, False):
            seqs = [seq for item in planned.checks if item.public is kind for seq in item.seqs]
            sizes = [len(plan.frames[seq]) for seq in seqs]
            most = [sum(sizes[place + 1 :]) for place in range(len(sizes))]
            got = [decode(found.outcomes[seq].value) for seq in seqs]
            assert all(size <= limit for size, limit in zip(got, most, strict=True)) and got[-1] == 0
