"""Hidden examples and laws: students know that there are some, of which kind and weight, and have nothing else of them anywhere."""

from pathlib import Path, PurePosixPath

import pytest
from toys import judge_outcomes, outcomes_of, write_course

from grader.course.folder import PUBLIC_SEED, Course, read_course
from grader.engine.prepare import Prepared, prepare
from grader.errors import RubricError
from grader.feedback.students import for_students
from grader.judge.verdicts import Grade
from grader.release.public import Files, leaks, public_files

CHECKS = """\
from grader.course.authoring import _, agrees, examples, exercise, has_property

def cases(rng):
    for n in (1, 2):
        yield dict(x=rng.normal(size=n))

def unusual(rng):
    yield dict(x=rng.normal(size=3) * 123456.5)

def grows_with_the_factor(case, results):
    return None if (results[0] / case["x"] > 1.5).all() else _("a secret sentence about the factor")

@exercise(points=4)
def f():
    '''Double.'''
    yield from examples()
    yield agrees("random numbers", cases=cases)
    yield has_property("a law that nobody sees", cases=unusual, law=grows_with_the_factor, share=0.5, hidden=True)
"""
EXAMPLES = """\
# Examples of the lecture.

[shown]
exercise = "f"
inputs.x = [1, 2]
expected = [2, 4]

# The one that is asked in the exam.
[tuesday]
exercise = "f"
hidden = true
share = 2.0
inputs.x = [
    717, 0, -717]
expected = [1434, 0, -1434]

["also shown"]
exercise = "f"
inputs.x = [5]
expected = [10]
"""
SOLUTION = '''\
def f(x, factor=2.0):
    """Double."""
    # BEGIN SOLUTION
    return factor * x
    # END SOLUTION
'''
CATALOG = """\
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "random numbers"
msgstr "números al azar"

msgid "a law that nobody sees"
msgstr "una ley que nadie ve"

msgid "a secret sentence about the factor"
msgstr "una frase secreta sobre el factor"
"""
SECRETS = (b"tuesday", b"717", b"1434", b"nobody sees", b"nadie ve", b"secret", b"123456.5", b"unusual", b"grows_with")


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course with an example and a law that are hidden."""
    write_course(tmp_path, CHECKS, examples=EXAMPLES)
    for name, text in (("solutions/work.py", SOLUTION), ("assignments/locale/es/LC_MESSAGES/work.po", CATALOG)):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return read_course(tmp_path)


@pytest.fixture
def files(course: Course) -> Files:
    """What students get."""
    return public_files(course, course.assignments)


@pytest.fixture
def ready(course: Course) -> Prepared:
    """The assignment as a class is graded."""
    return prepare(course.assignments[0], "the secret")


def graded(ready: Prepared, factor: float) -> Grade:
    """The grade of a student who multiplies by this factor."""
    functions = {"f": lambda x, factor=factor: factor * x}
    return judge_outcomes(ready, outcomes_of(ready, functions))


def test_the_release_holds_nothing_of_them(files: Files) -> None:
    """No name, number, text or function, in whatever file and language."""
    found = [(path.as_posix(), secret) for path, content in files.items() for secret in SECRETS if secret in content]
    assert found == []
    assert any("números al azar".encode() in content for content in files.values())


def test_a_student_sees_how_many_there_are_and_what_they_weigh(files: Files, tmp_path: Path) -> None:
    """The self-check has the same checks and shares; what is hidden waits for submission."""
    for path, content in files.items():
        (tmp_path / "public" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "public" / path).write_bytes(content)
    own = prepare(read_course(tmp_path / "public").assignments[0], PUBLIC_SEED)
    checks = [(item.check.name, item.check.share, item.at_hand_in) for item in own.plan.exercises[0].checks]
    assert checks == [
        ("shown", 1.0, False),
        ("hidden example 1", 2.0, True),
        ("also shown", 1.0, False),
        ("random numbers", 1.0, True),
        ("hidden law 1", 0.5, True),
        ("the arguments are left as they were", 0.25, False),
    ]
    assert own.known is not None


def test_before_publication_only_the_kind_is_told(ready: Prepared) -> None:
    """Neither the name nor the call nor the numbers of a hidden check that fails; all of it afterwards."""
    grade = graded(ready, 1.25)
    (exercise,) = for_students(grade, published=False).exercises
    told = {check.name: check for check in exercise.checks if check.name.startswith("hidden")}
    assert {name: check.message for name, check in told.items()} == {
        "hidden example 1": "the result is not right for an input that is not shown",
        "hidden law 1": "the results do not obey a law that is not shown",
    }
    assert all((check.call, check.hint, check.place, check.results) == ("", "", "", ()) for check in told.values())
    (after,) = for_students(grade, published=True).exercises
    assert {"tuesday", "a law that nobody sees"} <= {check.name for check in after.checks}


def test_a_hidden_check_that_passes_has_no_name_either(ready: Prepared) -> None:
    """Full marks, and still nothing to pass on to others."""
    grade = graded(ready, 2.0)
    assert grade.full_marks
    (exercise,) = for_students(grade, published=False).exercises
    assert [check.name for check in exercise.checks if "tuesday" in check.name or "nobody" in check.name] == []


def test_one_that_waits_has_no_name_either(ready: Prepared) -> None:
    """A constant earns nothing, and what it is told of hidden checks is why."""
    functions = {"f": lambda x, factor=2.0: 0 * x}
    (exercise,) = for_students(judge_outcomes(ready, outcomes_of(ready, functions)), published=False).exercises
    assert not {"tuesday", "a law that nobody sees"} & {check.name for check in exercise.checks}
    assert not any("tuesday" in check.place for check in exercise.checks)


def test_a_hidden_example_shows_some_work(ready: Prepared) -> None:
    """Nobody can have copied it: it is not a published answer."""
    assert [item.check.published for item in ready.plan.exercises[0].checks][:2] == [True, False]


def test_a_line_of_a_hidden_example_elsewhere_stops_the_release(course: Course) -> None:
    """A picture's data or a script that holds it, too."""
    folder = course.root / "assignments/work"
    (folder / "plot.py").write_text("expected = [1434, 0, -1434]\n")
    with pytest.raises(RubricError, match="a line of the hidden example tuesday"):
        public_files(course, course.assignments)


def test_the_name_of_a_hidden_law_elsewhere_is_found(course: Course, files: Files) -> None:
    """In the statement, say."""
    readme = PurePosixPath("assignments/work/README.md")
    found = list(leaks({**files, readme: b"There is a law that nobody sees."}, course.assignments[0], ()))
    assert found == [(readme, "the name of the hidden law 'a law that nobody sees'")]


def test_the_statement_cannot_show_a_hidden_example(course: Course) -> None:
    """A marker that names it is refused."""
    (course.root / "assignments/work/README.md").write_text("<!-- example: tuesday -->\n<!-- end -->\n")
    with pytest.raises(RubricError, match="'tuesday' is a hidden example"):
        public_files(course, course.assignments)


def test_a_hidden_example_is_yielded_by_examples_alone(tmp_path: Path) -> None:
    """Its id in checks.py would be published."""
    checks = CHECKS.replace("yield from examples()", 'yield from examples()\n    yield example("tuesday")')
    assignment = write_course(tmp_path, checks.replace("examples,", "example, examples,"), examples=EXAMPLES)
    with pytest.raises(RubricError, match="names a hidden example"):
        prepare(assignment, PUBLIC_SEED)


def test_a_students_copy_does_not_grade_a_class(files: Files, tmp_path: Path) -> None:
    """What is kept back cannot be decided there, and the error says why."""
    for path, content in {**files, PurePosixPath("reference/work.py"): b"def f(x, factor=2.0):\n    return factor * x\n"}.items():
        (tmp_path / "public" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "public" / path).write_bytes(content)
    with pytest.raises(RubricError, match="this is a student's copy"):
        prepare(read_course(tmp_path / "public").assignments[0], PUBLIC_SEED)
