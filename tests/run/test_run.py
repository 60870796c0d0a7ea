"""Running a plan in the real sandbox: one outcome for each step, whatever the submission does."""

import msgspec
import pytest
from three_exercises import CLASS, FUNCTIONS, LIMITS, ran, source, three, words
from toys import exercise_of, prepared

from grader.checks.agrees import agrees
from grader.checks.unchanged import unchanged
from grader.engine.grade_one import grade_one
from grader.run import run
from grader.sandbox.backend import Backend
from grader.sandbox.outcome import Died, NotRun, Raised, Returned, TimedOut
from grader.sandbox.values import decode
from grader.submissions.submission import Submission


def test_every_step_has_an_outcome(backend: Backend) -> None:
    """A right submission returns on every step, in the order of the plan."""
    found = ran(backend, "")
    assert isinstance(found.loaded, Returned)
    assert [decode(outcome.value) for outcome in found.outcomes[:8]] == [2.0, 4.0, 6.0, 2.0, 3.0, 6.0, 9.0, 3.0]
    assert len(found.outcomes) == len(CLASS.plan.steps)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        pytest.param("def f(x): os._exit(3)", "died", id="exit"),
        pytest.param("def f(x): os.abort()", "died", id="abort"),
        pytest.param("def f(x): sys.exit(0)", "raised", id="sys-exit"),
        pytest.param("def f(x): return f(x)", "raised", id="recursion"),
        pytest.param("def f(x): return object()", "bad_return", id="object"),
        pytest.param("def f(x): raise NotImplementedError('f')", "not_implemented", id="hole"),
    ],
)
def test_other_exercises_are_still_run(backend: Backend, text: str, first: str) -> None:
    """Whatever one exercise does, the others are run."""
    found = ran(backend, text)
    rest = ["not run"] * 3 if first == "died" else [first] * 3
    assert words(found) == [first, *rest, *["returned"] * 6]


def test_killed_in_the_middle(backend: Backend) -> None:
    """A step that ends the child keeps the rest of its exercise from being run, and says which step it was."""
    found = ran(backend, "def g(x): return os._exit(0) if x == 2 else 3 * x")
    assert words(found) == ["returned"] * 5 + ["died", "not run", "not run", "returned", "returned"]
    assert found.outcomes[6] == NotRun(5, "died")


def test_new_child_starts_afresh(backend: Backend) -> None:
    """The next exercise runs in a new child, which knows nothing of the first."""
    text = """
        SEEN = []
        def f(x):
            SEEN.append(x)
            return os._exit(1) if len(SEEN) == 2 else 2 * x
        def g(x): return float(len(SEEN))
        """
    found = ran(backend, text)
    assert words(found)[:4] == ["returned", "died", "not run", "not run"]
    assert [decode(outcome.value) for outcome in found.outcomes[4:8]] == [0.0, 0.0, 0.0, 0.0]


def test_what_one_exercise_left_behind_ends_no_other(backend: Backend) -> None:
    """An exercise whose child ends is run once more in one of its own: another may have done it."""
    text = """
        LEFT = []
        def f(x):
            LEFT.append(x)
            return 2 * x
        def g(x): return os._exit(3) if LEFT else 3 * x
        """
    assert words(ran(backend, text)) == ["returned"] * 10


def test_an_exercise_that_ends_its_own_child_is_run_twice_at_most(backend: Backend) -> None:
    """Nothing is gained by ending it again."""
    found = ran(backend, "print('loaded')\ndef g(x): return os._exit(3)")
    assert (words(found), found.usage.output.count("loaded")) == (
        ["returned"] * 4 + ["died"] + ["not run"] * 3 + ["returned"] * 2,
        3,
    )


def test_endless_loop(backend: Backend) -> None:
    """A loop without end is stopped, and the next exercise is run."""
    found = ran(backend, "def f(x):\n    while True: pass", seconds=0.3)
    assert words(found) == ["timed_out", *["not run"] * 3, *["returned"] * 6]
    assert found.outcomes[0] == TimedOut(0.3, "cpu", "work.py", 7, "while True: pass")


def test_budget(backend: Backend) -> None:
    """When the submission's budget is used up, nothing more of it is run."""
    loops = "".join(f"def {name}(x):\n    while True: pass\n" for name in "fgh")
    found = ran(backend, loops, msgspec.structs.replace(LIMITS, budget_seconds=0.3), seconds=0.4)
    assert found.outcomes == (
        TimedOut(0.4, "cpu", "work.py", 7, "while True: pass"),
        *[NotRun(0, "timed_out")] * 3,
        TimedOut(0.3, "budget"),
        *[NotRun(4, "timed_out")] * 3,
        TimedOut(0.3, "budget"),
        NotRun(8, "timed_out"),
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("def f(:", Raised, id="syntax"),
        pytest.param("os._exit(0)", Died, id="exit"),
        pytest.param("del f, g, h; 1 / 0", Raised, id="nothing-defined"),
    ],
)
def test_load_failure(backend: Backend, text: str, kind: type) -> None:
    """When the file cannot be executed, or defines nothing that is asked for, there are no outcomes."""
    found = ran(backend, text)
    assert isinstance(found.loaded, kind)
    assert (found.outcomes, found.judged) == ((), False)


@pytest.mark.parametrize("line", ["1 / 0", "raise NotImplementedError", "sys.exit(1)"])
def test_what_was_defined_is_run(backend: Backend, line: str) -> None:
    """A line that fails costs nothing of what is defined."""
    found = ran(backend, line)
    assert isinstance(found.loaded, Raised)
    assert (found.loaded.line, found.judged) == (6, True)
    assert words(found) == ["returned"] * 10


def test_what_was_defined_is_run_in_each_child(backend: Backend) -> None:
    """A child that a step ended is followed by one that knows as much."""
    found = ran(backend, "def f(x): os._exit(3)\n1 / 0")
    assert words(found) == ["died", *["not run"] * 3, *["returned"] * 6]


def test_time_at_load_is_not_given_twice(backend: Backend) -> None:
    """A file that computes until it is stopped has used up that part of its budget."""
    limits = msgspec.structs.replace(LIMITS, load_seconds=0.5, budget_seconds=0.8)
    found = ran(backend, "def f(x):\n    while True: pass\nwhile True: pass", limits, seconds=0.5)
    assert found.loaded == TimedOut(0.5, "cpu", "work.py", 8, "while True: pass")
    assert words(found)[:4] == ["timed_out", *["not run"] * 3]
    assert found.outcomes[4] == TimedOut(0.8, "budget")


def test_file_that_only_loads_once(backend: Backend) -> None:
    """A submission is executed anew in each child, so state on disk cannot be what a later exercise lives on."""
    found = ran(backend, "def f(x): return os._exit(0)\nLOADED = time.process_time()\ndef g(x): return LOADED > 0")
    assert words(found)[4:] == ["returned"] * 6


def test_printed_text_is_kept(backend: Backend) -> None:
    """What is printed is kept, of all children together."""
    found = ran(backend, "def f(x):\n    print('from f', flush=True)\n    os._exit(0)\ndef h(x): print('from h')")
    assert found.usage.output.split("\n")[:2] == ["from f", "from h"]


def test_exercise_that_waits_for_the_submission(backend: Backend) -> None:
    """An exercise without steps takes no outcome, even when the budget is used up before it."""
    using = prepared(
        exercise_of("f", unchanged("x", cases=three), seconds=0.4),
        exercise_of("g", agrees("three", cases=three)),
        functions=FUNCTIONS,
        with_reference=False,
    )
    found = run(
        using.plan, source("def f(x):\n    while True: pass"), backend, msgspec.structs.replace(LIMITS, budget_seconds=0.3)
    )
    assert len(found.outcomes) == len(using.plan.steps) == 1


def test_graded_by_exercise(backend: Backend) -> None:
    """An exercise that ends the child loses its own points only."""
    submission = Submission("ana", "work", source("def f(x): os._exit(0)"))
    graded = grade_one(submission, CLASS, backend, LIMITS).grade
    assert [exercise.score for exercise in graded.exercises] == [0.0, 1.0, 1.0]
