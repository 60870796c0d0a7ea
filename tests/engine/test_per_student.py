"""Inputs that are drawn for each student: the same for the same student, others for another, and found again from the records."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from classroom import grader, scores
from own_course import CHECKS, SOLUTION, write_own_course

from grader.course.folder import PUBLIC_SEED, read_course
from grader.engine import Engine
from grader.engine.prepare import Prepared, prepare
from grader.errors import RubricError
from grader.sandbox.backend import Source
from grader.submissions.submission import Submission

WRONG = SOLUTION.replace("2 * x", "2 * x + 1")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy course."""
    return write_own_course(tmp_path_factory.mktemp("own") / "course")


@pytest.fixture(scope="module")
def ready(course: Path) -> Prepared:
    """Its assignment, prepared for a class."""
    return prepare(read_course(course).assignment("work"), "a secret", each=True)


def frames(ready: Prepared, exercise: str, check: str = "") -> list[bytes]:
    """The steps of a check as they are sent, or of all checks of an exercise."""
    planned = next(found for found in ready.plan.exercises if found.exercise.name == exercise)
    return [ready.plan.frames[seq] for item in planned.checks if check in ("", item.check.name) for seq in item.seqs]


def test_each_student_has_other_inputs(ready: Prepared) -> None:
    """Two students get different numbers where the rubric says so, and the same ones elsewhere."""
    ana, bea = ready.own("ana"), ready.own("bea")
    assert frames(ana, "double", "random") != frames(bea, "double", "random")
    assert frames(ana, "half", "own") != frames(bea, "half", "own")
    assert frames(ana, "half", "everybody's") == frames(bea, "half", "everybody's") == frames(ready, "half", "everybody's")


def test_the_same_student_has_the_same_inputs(course: Path, ready: Prepared) -> None:
    """They are drawn from the course's secret and the student's id alone."""
    again = prepare(read_course(course).assignment("work"), "a secret", each=True)
    assert again.own("ana").plan.frames == ready.own("ana").plan.frames
    assert again.hash_for("ana") == ready.hash_for("ana") == ready.own("ana").plan.hash
    other = prepare(read_course(course).assignment("work"), "another secret", each=True)
    assert frames(other.own("ana"), "double", "random") != frames(ready.own("ana"), "double", "random")


def test_what_is_measured_is_the_same_for_all(ready: Prepared) -> None:
    """The arrays on which time is measured are everybody's, so that the solution is measured once."""
    assert frames(ready.own("ana"), "double", "fast") == frames(ready, "double", "fast")


def test_the_default_check_of_unchanged_arguments_follows(ready: Prepared) -> None:
    """It takes the first case of another check, with that check's own inputs."""
    planned = ready.own("ana").plan.exercises[0]
    names = [item.check.name for item in planned.checks]
    assert len(names) == 3
    assert frames(ready.own("ana"), "double", names[2]) != frames(ready, "double", names[2])


@pytest.fixture(scope="module")
def engine(course: Path) -> Iterator[Engine]:
    """Grades a class in that course."""
    with Engine(read_course(course), weak=True) as engine:
        yield engine


def test_each_is_judged_on_their_own_inputs(engine: Engine) -> None:
    """Right work is right on any inputs; a wrong result is shown with the student's own call."""
    right = [engine.grade(Submission(name, "work", Source("work", {"work": SOLUTION}))).grade for name in ("ana", "bea")]
    assert [grade.score for grade in right] == [2, 2]
    wrong = [engine.grade(Submission(name, "work", Source("work", {"work": WRONG}))).grade for name in ("ana", "bea")]
    messages = [grade.exercises[0].checks[0].message for grade in wrong]
    assert messages[0] != messages[1]


def test_copied_answers_are_wrong(engine: Engine) -> None:
    """A program that knows another student's results earns nothing with them."""
    ready = engine.prepare("work").own("ana")
    assert ready.oracle is not None
    known = [ready.oracle.expected(seq).tolist() for seq in ready.plan.exercises[0].checks[0].seqs]
    text = (
        f"import numpy as np\nKNOWN = iter({known!r})\ndef double(x): return np.array(next(KNOWN))\ndef half(x): return x / 2\n"
    )
    scored = {
        name: engine.grade(Submission(name, "work", Source("work", {"work": text}))).grade.exercises[0].checks[0].verdict
        for name in ("ana", "bea")
    }
    assert scored == {"ana": "passed", "bea": "failed"}


def run(course: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    """A command in the course."""
    return grader(*arguments, cwd=course)


@pytest.mark.slow
def test_a_class_is_graded_shown_and_judged_again(course: Path) -> None:
    """Records belong to the plan of their student: nothing is run twice, and all of it is found again."""
    for student, text in (("ana", SOLUTION), ("bea", WRONG)):
        place = course / "class" / student / "work"
        place.mkdir(parents=True)
        (place / "work.py").write_text(text)
    done = run(course, "grade", "class", "--json")
    assert scores(done)["ana", "work"] == 2 and (scores(done)["bea", "work"] or 0) < 2
    assert "0 graded, 2 unchanged since the last run" in run(course, "grade", "class").stderr
    shown = run(course, "show", "bea", "work", "--show-call")
    assert "not shown" not in shown.stderr and "from work import double" in shown.stdout
    judged = run(course, "rejudge")
    assert judged.returncode == 0 and "records judged again: 2; no score changes" in judged.stdout


@pytest.mark.slow
def test_check_knows_who_it_is(course: Path) -> None:
    """The id is said once and remembered; without one, the inputs are those of nobody, and that is said."""
    nobody = run(course, "check", "work")
    assert "the inputs are drawn for each student: say who you are" in nobody.stderr
    assert "the inputs are those of ana" in run(course, "check", "work", "--student", "ana").stderr
    assert "the inputs are those of ana" in run(course, "check", "work").stderr
    assert "say who you are" in run(course, "check", "work", "--student", "").stderr
    assert "say who you are" in run(course, "check", "work").stderr


def test_a_self_check_draws_the_students_own(course: Path) -> None:
    """Two students who check at home have other inputs."""
    found = read_course(course)
    plans = [Engine(found, self_check=True, student=name).prepare("work") for name in ("ana", "bea", "")]
    assert len({tuple(frames(ready, "double", "random")) for ready in plans}) == 3
    assert frames(plans[2], "double") == frames(prepare(found.assignment("work"), PUBLIC_SEED), "double")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'per_student=("own",)',
            'per_student=("oven",)',
            "per_student names 'oven', which is not the name of a check\n  → Did you mean 'own'?",
        ),
        ('per_student=("own",)', 'per_student="own"', "per_student='own', but it is True, or a tuple of the names of checks"),
        ("per_student=True", "per_student=1", "per_student=1, but it is True, or a tuple of the names of checks"),
    ],
)
def test_slips(tmp_path: Path, old: str, new: str, said: str) -> None:
    """A name that no check has, or a value of another kind, is told with the file."""
    root = write_own_course(tmp_path / "course", CHECKS.replace(old, new))
    with pytest.raises(RubricError) as error:
        prepare(read_course(root).assignment("work"), "seed")
    assert said in str(error.value) and "checks.py" in str(error.value)


@pytest.mark.slow
def test_validate_sees_inputs_that_are_not_drawn(tmp_path: Path) -> None:
    """Where everybody gets the same all the same, the author is told; a part that a person reads makes no solution wrong."""
    same = CHECKS.replace("rng.normal(size=4)", "np.arange(4.0)").replace("exercise, within", "exercise, manual, within")
    asked = "\n\n@exercise(points=1)\ndef why():\n    'Why?'\n    yield manual('the reason', points=1, items={'a reason': 1})\n"
    root = write_own_course(tmp_path / "course", f"import numpy as np\n{same}{asked}")
    for place, answer in [("solutions", "return 'Twice is more.'"), ("assignments/work", "raise NotImplementedError('why')")]:
        with (root / place / "work.py").open("a") as file:
            file.write(f"\n\ndef why():\n    'Why?'\n    # BEGIN SOLUTION\n    {answer}\n    # END SOLUTION\n")
    done = grader("validate", "--no-mutants", cwd=root)
    assert "double says per_student, but its inputs are the same for everybody" in done.stdout
    assert "is not right on the inputs" not in done.stdout
