"""What an assignment forbids: declared in its rubric, told before anything runs, kept in the child, and costing who uses it."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from toys import write_course

from grader.course.authoring import policy
from grader.course.folder import read_course
from grader.engine.grade_one import grade_one
from grader.engine.prepare import prepare
from grader.errors import RubricError
from grader.judge.verdicts import ExerciseGrade, Grade
from grader.sandbox.backend import Backend, Limits, Source
from grader.sandbox.choose import best_backend
from grader.submissions.submission import Submission
from grader.text import language

CHECKS = """
import numpy as np
from grader.course.authoring import agrees, exercise, policy

rules = policy(imports=("math",), forbidden=("np.convolve",), instead="add up the products yourself")

def cases(rng):
    for n in (3, 4):
        yield dict(x=rng.normal(size=n), k=rng.normal(size=2))

def pairs(rng):
    for _ in range(2):
        yield dict(x=rng.normal(size=3), k=rng.normal(size=3))

@exercise(points=3, unchanged=False)
def smooth():
    '''Convolves.'''
    yield agrees("random", cases=cases)

@exercise(points=1, unchanged=False)
def add():
    '''Adds.'''
    yield agrees("random", cases=pairs)
"""
STUB = "def smooth(x, k):\n    raise NotImplementedError\ndef add(x, k):\n    raise NotImplementedError\n"
REFERENCE = "import numpy as np\ndef smooth(x, k):\n    return np.convolve(x, k)\ndef add(x, k):\n    return x + k\n"
LOOPS = """
def smooth(x, k):
    out = np.zeros(len(x) + len(k) - 1)
    for i in range(len(k)):
        out[i : i + len(x)] += k[i] * x
    return out
"""
ADD = "def add(x, k): return x + k\n"


@pytest.fixture(scope="module")
def backend() -> Iterator[Backend]:
    """The best sandbox of this machine."""
    with best_backend(weak=True) as found:
        yield found


@pytest.fixture
def grade(tmp_path: Path, backend: Backend):  # type: ignore[no-untyped-def]
    """Grades a text for the course above."""
    ready = prepare(write_course(tmp_path, CHECKS, STUB, reference=REFERENCE), "seed")

    def of(text: str, **helpers: str) -> Grade:
        return grade_one(Submission("ana", "work", Source("work", {"work": text, **helpers})), ready, backend, Limits()).grade

    return of


def exercise(grade: Grade, name: str) -> ExerciseGrade:
    """One exercise of a grade."""
    return next(found for found in grade.exercises if found.name == name)


def test_honest_work(grade) -> None:  # type: ignore[no-untyped-def]
    """Who writes it gets the points."""
    assert grade(f"import numpy as np\n{LOOPS}{ADD}").score == 4.0


def test_only_the_exercise_that_uses_it(grade) -> None:  # type: ignore[no-untyped-def]
    """The exercise that uses it has no points, and says what, where and what to do; its neighbour has its own."""
    found = grade(f"import numpy as np\ndef smooth(x, k):\n    return np.convolve(x, k)\n{ADD}")
    assert found.score == 1.0
    (check,) = exercise(found, "smooth").checks
    said = "uses `np.convolve`, which is not allowed here: add up the products yourself (work.py, line 3: `return np.convolve(x, k)`)"
    assert check.message == said


def test_nothing_is_run(grade) -> None:  # type: ignore[no-untyped-def]
    """An exercise whose text uses it is not run."""
    found = grade(f"import numpy as np\ndef smooth(x, k):\n    print('ran')\n    return np.convolve(x, k)\n{ADD}")
    assert found.printed == ""


def test_what_the_text_does_not_show(grade) -> None:  # type: ignore[no-untyped-def]
    """Taken by a made-up name, it is not there either, and is told the same way."""
    found = grade(f"import numpy as np\ndef smooth(x, k): return getattr(np, 'con' 'volve')(x, k)\n{ADD}")
    assert found.score == 1.0
    assert "uses `np.convolve`, which is not allowed here: add" in exercise(found, "smooth").checks[0].message


@pytest.mark.parametrize("name", ["np.polymul", "np.polynomial.polynomial.polymul"])
def test_the_same_under_another_name(grade, name: str) -> None:  # type: ignore[no-untyped-def]
    """What numpy computes just so under another name is forbidden with it, in the text and behind a made-up name, and said by that name."""
    plain = grade(f"import numpy as np\ndef smooth(x, k): return {name}(x, k)\n{ADD}")
    place, last = name.rsplit(".", 1)
    dug = grade(f"import numpy as np\ndef smooth(x, k): return getattr({place}, {last[:4]!r} {last[4:]!r})(x, k)\n{ADD}")
    for found in (plain, dug):
        assert f"uses `{name}`, which is not allowed here: add" in exercise(found, "smooth").checks[0].message


def test_a_submission_that_denies_it(grade) -> None:  # type: ignore[no-untyped-def]
    """A submission that answers itself that it loaded, and used nothing, gains nothing."""
    forged = (
        "import os\nfrom grader.sandbox.wire import Reply, frame, LOAD_SEQ\nfrom grader.sandbox.outcome import Returned\n"
        "import grader.sandbox.child.execute as e\ne.find_uses = lambda *a: []\n"
    )
    assert grade(f"import numpy as np\n{forged}def smooth(x, k): return np.convolve(x, k)\n{ADD}").score in (0.0, 1.0)


def test_modules(grade) -> None:  # type: ignore[no-untyped-def]
    """A module that may not be imported costs the exercise that uses it, and the message names those that may."""
    found = grade(f"import numpy as np, scipy.signal\ndef smooth(x, k): return scipy.signal.convolve(x, k)\n{ADD}")
    assert found.score == 1.0
    assert (
        exercise(found, "smooth").checks[0].message == "uses `scipy.signal.convolve`, but only numpy, math may be imported here"
    )


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("os", "but only numpy, math may be imported here"),
        ("torch", "but only numpy, math may be imported here"),
        (
            "helpers",
            "but helpers.py was not handed in beside your file (files in folders are not read), and no package is called so here",
        ),
    ],
)
def test_why_a_module_is_not_there(grade, module: str, said: str) -> None:  # type: ignore[no-untyped-def]
    """What Python or everybody has may not be imported; any other name is that of a file which was not handed in."""
    found = grade(f"import numpy as np, {module}\ndef smooth(x, k): return {module}.smooth(x, k)\n{ADD}")
    assert exercise(found, "smooth").checks[0].message == f"uses `{module}.smooth`, {said}"


def test_a_stray_import(grade) -> None:  # type: ignore[no-untyped-def]
    """An import that nothing uses costs nothing."""
    assert (
        grade(f"import numpy as np, matplotlib.pyplot as plt, os\n{LOOPS}{ADD}if __name__ == '__main__': plt.show()").score == 4.0
    )


def test_used_while_loading(grade) -> None:  # type: ignore[no-untyped-def]
    """Used by the module itself, it costs only those who need its result, and is said."""
    found = grade(f"import numpy as np\nK = np.convolve([1.0], [1.0])\n{LOOPS}{ADD}")
    assert found.score == 4.0
    assert found.message == (
        "work.py, line 2: `K = np.convolve([1.0], [1.0])`: it uses `np.convolve`, which is not allowed here: "
        "add up the products yourself. Everything else in the file is graded. "
        'Put what only tries out your code below `if __name__ == "__main__":`, which does not run here.'
    )


def test_plotting_below_the_functions(grade) -> None:  # type: ignore[no-untyped-def]
    """Plots cost nothing, in a trial below the functions and in an exercise that asks them for no number, and need not be told."""
    plotting = LOOPS.replace("    return out", "    fig, (left, right) = plt.subplots(1, 2)\n    left.plot(out)\n    return out")
    found = grade(f"import numpy as np\nimport matplotlib.pyplot as plt\n{plotting}{ADD}plt.rcParams['x'] = 1\nplt.show()")
    assert (found.score, found.message) == (4.0, "")


def test_in_spanish(grade) -> None:  # type: ignore[no-untyped-def]
    """The message is there in Spanish."""
    language.speak("es")
    try:
        found = grade(f"import numpy as np\ndef smooth(x, k): return np.convolve(x, k)\n{ADD}")
    finally:
        language.speak("en")
    assert "usa `np.convolve`, que aquí no está permitido" in exercise(found, "smooth").checks[0].message


def test_the_standard_library(tmp_path: Path, backend: Backend) -> None:
    """Where all of it may be imported, what else is imported is named with what may be."""
    ready = prepare(
        write_course(tmp_path, CHECKS.replace('("math",)', '("the standard library",)'), STUB, reference=REFERENCE), "seed"
    )
    text = f"import statistics, torch\nimport numpy as np\n{LOOPS}def add(x, k): return torch.add(x, k) if statistics.mean(x) else 0\n"
    found = grade_one(Submission("ana", "work", Source("work", {"work": text})), ready, backend, Limits()).grade
    assert found.score == 3.0
    assert (
        "uses `torch.add`, but only numpy, the standard library may be imported here" in exercise(found, "add").checks[0].message
    )


def test_convolution_is_written(backend: Backend) -> None:
    """In the course's topic conv, numpy's own convolution costs the exercise that uses it."""
    course = read_course(Path(__file__).parents[1])
    solution = (course.root / "solutions" / "conv.py").read_text()
    text = solution.replace(
        "def conv2d_valid(", "def conv2d_valid(image, kernel): return np.correlate(image, kernel)\ndef written("
    )
    ready = prepare(course.assignment("conv"), "seed")
    found = grade_one(Submission("ana", "conv", Source("conv", {"conv": text})), ready, backend, Limits()).grade
    assert [item.score == item.max_score for item in found.exercises if item.counts == "required"] == [False, True, True, True]
    assert "add up the products yourself" in exercise(found, "conv2d_valid").checks[0].message


def test_another_policy_is_another_plan(tmp_path: Path) -> None:
    """A changed policy grades a class again; the plan of an assignment without one is what it was."""
    plans = []
    for number, checks in enumerate((CHECKS, CHECKS.replace("np.convolve", "np.correlate"), CHECKS.replace("rules =", "#"))):
        plans.append(prepare(write_course(tmp_path / str(number), checks, STUB, reference=REFERENCE), "seed").plan)
    assert len({plan.hash for plan in plans}) == 3
    assert plans[2].rules is None


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (dict(forbidden=("np.convolv",), instead="x"), "numpy has no 'convolv'"),
        (dict(forbidden=("np.ndarray",), instead="x"), "is a class or a constant"),
        (dict(forbidden=("np",), instead="x"), "numpy itself"),
        (dict(forbidden=("np.convolve",)), "say what to write instead"),
    ],
)
def test_mistakes_of_authors(arguments: dict[str, tuple[str, ...]], problem: str) -> None:
    """A policy that cannot be kept is refused where it is declared."""
    with pytest.raises(ValueError, match=problem):
        policy(**arguments)  # type: ignore[arg-type]


def test_a_name_is_no_tuple() -> None:
    """One name in brackets is a tuple only with its comma."""
    with pytest.raises(TypeError, match="tuples"):
        policy(forbidden="np.convolve", instead="x")  # type: ignore[arg-type]


def test_two_policies(tmp_path: Path) -> None:
    """An assignment has one policy."""
    with pytest.raises(RubricError, match="more than one policy"):
        prepare(write_course(tmp_path, CHECKS + "\nmore = policy(imports=())\n", STUB, reference=REFERENCE), "seed")


def test_what_is_recorded(tmp_path: Path, backend: Backend) -> None:
    """What a module says beside that it loaded is not kept, whatever its size."""
    ready = prepare(write_course(tmp_path, CHECKS, STUB, reference=REFERENCE), "seed")
    text = "from grader.sandbox import execute as e\nreal = e.Returned\ne.Returned = lambda *a, **k: real('x' * 1_000_000)\n"
    record = grade_one(Submission("ana", "work", Source("work", {"work": text})), ready, backend, Limits())
    assert len(msgspec.json.encode(record.run.loaded)) < 1000
