"""`validate` finds what is wrong with a rubric: each fault made on purpose is named, and nothing else is."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from classroom import COURSE, RIGHT, edit, grader, lines

from grader.course.folder import read_course
from grader.course.stub import cut_stub
from grader.errors import RubricError
from grader.prove.validate import Proof, validate
from grader.sandbox.backend import Backend
from grader.sandbox.choose import best_backend

pytestmark = pytest.mark.slow

HARMLESS = '''

@misconception(of="{of}", name="{name}", hint="Think again.")
def {name}(x, factor):
    """No mistake at all, or that of another."""
    return {result}
'''


@pytest.fixture(scope="module")
def backend() -> Iterator[Backend]:
    """The sandbox that the proofs run in."""
    with best_backend() as found:
        yield found


def prove(course: Path, backend: Backend) -> Proof:
    """The proof of `vectors`."""
    return validate(read_course(course).assignment("vectors"), backend)


def solution(course: Path) -> Path:
    """The solution of `vectors`."""
    return course / "solutions" / "vectors.py"


def one_of(course: Path, kind: str, name: str) -> Path:
    """A whole submission that proves the rubric of `vectors`."""
    return course / "tests" / "submissions" / "vectors" / kind / f"{name}.py"


def stub_with_the_answer(course: Path) -> None:
    """The markers around `scale` are forgotten, and the stub is cut."""
    text = solution(course).read_text()
    for mark in ("    # BEGIN SOLUTION\n", "    # END SOLUTION\n"):
        text = text.replace(mark, "", 1)
    solution(course).write_text(text)
    (course / "assignments" / "vectors" / "vectors.py").write_text(cut_stub(text, solution(course)))


def stale_stub(course: Path) -> None:
    """The solution's docstring is fixed after the stub was cut."""
    edit(solution(course), "A vector times a number.", "A vector times one number.")


def faulty_solution(course: Path) -> None:
    """The solution forgets the last number."""
    edit(solution(course), "return np.cumsum(x)", "return np.cumsum(x[:-1])")


def missing_solution(course: Path) -> None:
    """There is no solution."""
    solution(course).unlink()


def add_misconception(course: Path, name: str, result: str, of: str = "scale") -> None:
    """One more misconception."""
    file = course / "reference" / "misconceptions" / "vectors.py"
    file.write_text(file.read_text() + HARMLESS.format(of=of, name=name, result=result))


def harmless_misconception(course: Path) -> None:
    """A misconception that gives what the reference gives."""
    add_misconception(course, "harmless", "factor * x")


def misconception_of_another(course: Path) -> None:
    """A misconception that gives what an earlier one gives."""
    add_misconception(course, "factor_squared", "x * factor**2")


def misconception_of_a_helper(course: Path) -> None:
    """A misconception of a function of the reference that is not an exercise."""
    reference = course / "reference" / "vectors.py"
    reference.write_text(reference.read_text() + "\n\ndef helper(x, factor):\n    return x\n")
    add_misconception(course, "helped_wrongly", "0", of="helper")


def accepted_that_is_wrong(course: Path) -> None:
    """A variant that should be accepted keeps three digits only."""
    edit(one_of(course, "accepted", "comprehension"), "for number in x])", "for number in x], dtype=np.float16)")


def accepted_that_cannot_be_read(course: Path) -> None:
    """One variant is not text; the others beside it are as good as before."""
    one_of(course, "accepted", "latin").write_bytes(b"# a\xf1o\n" + RIGHT["vectors"].encode())


def wrong_that_is_right(course: Path) -> None:
    """A submission that should be rejected is right."""
    one_of(course, "wrong", "in_vain").write_text(RIGHT["vectors"])


def wrong_by_another_name(course: Path) -> None:
    """A submission that is called as one mistake makes another."""
    edit(one_of(course, "wrong", "factor_added"), "x + factor", "x * factor * factor")


def checks(course: Path) -> Path:
    """The rubric of `vectors`."""
    return course / "assignments" / "vectors" / "checks.py"


def explain_that_raises(course: Path) -> None:
    """The arithmetic of a worked example fails at its last element."""
    edit(
        checks(course),
        '"""A vector times a number."""\n    yield from examples()',
        '"""A vector times a number."""\n    yield from examples(explain=SLIDE)',
    )
    edit(
        checks(course),
        "\n\ndef vectors(rng)",
        "\nSLIDE = lambda inputs, result, index: f'{[2, -4][index[0]]}'\n\n\ndef vectors(rng)",
    )


FAULTS: dict[Callable[[Path], None], str] = {
    stub_with_the_answer: "the stub earns 3 points: scale «doubled», scale «random vectors», scale «the direction stays»",
    stale_stub: "the stub vectors.py is not what is cut from the solution; run `grader release vectors`",
    faulty_solution: "solutions/vectors.py earns 3 of 5: running_total «sums»: ",
    missing_solution: "solutions/vectors.py is not there",
    harmless_misconception: "misconception harmless of scale is not rejected",
    misconception_of_another: "misconception factor_squared of scale is named factor_twice",
    misconception_of_a_helper: "misconception helped_wrongly is of helper, which is not an exercise",
    accepted_that_is_wrong: "accepted/comprehension.py earns 3.5 of 5: scale «doubled»: y has the right values, but the dtype float16",
    accepted_that_cannot_be_read: "accepted/latin.py earns 0 of 5: vectors.py is not UTF-8 text",
    wrong_that_is_right: "wrong/in_vain.py is not rejected: all right",
    explain_that_raises: "scale «doubled»: explain fails at y[2]: IndexError: list index out of range (checks.py, line 7)",
    wrong_by_another_name: "wrong/factor_added.py is rejected, but as {'factor_twice'} and not by its name",
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_fault_of_a_rubric_is_named(own_course: Path, backend: Backend, fault: Callable[[Path], None]) -> None:
    """A rubric made wrong in one way has that one problem."""
    fault(own_course)
    problems = prove(own_course, backend).problems
    assert len(problems) == 1, problems
    assert FAULTS[fault] in problems[0]


def test_law_that_raises_is_told_with_its_line(own_course: Path, backend: Backend) -> None:
    """A law that the reference's results make raise is the rubric's fault, told with the author's line."""
    edit(checks(own_course), 'return None if np.array_equal(np.sign(results[0]), np.sign(case["x"]))', 'return None if case["y"]')
    told = "check 'the direction stays' fails by itself on the reference's results: KeyError: 'y' \\(checks.py, line 22\\)"
    with pytest.raises(RubricError, match=told):
        prove(own_course, backend)


def test_nobody_looks_at_the_arguments(own_course: Path, backend: Backend) -> None:
    """An exercise that takes an array in a refusal only, and declines nothing, has no check that it leaves it as it was: advice."""
    edit(checks(own_course), 'returns=("sums",), unchanged=False', 'returns=("sums",)')
    edit(checks(own_course), 'yield {"x": case["x"]}', 'yield {"x": tuple(case["x"])}')
    told = "running_total takes arrays or lists, but no check sees whether it changes them; yield unchanged(…)"
    assert [text.startswith(told) for text in prove(own_course, backend).advice] == [True]


def test_rubric_that_is_right_has_no_problem(small_course: Path, backend: Backend) -> None:
    """The course that the faults are put into is proved as it is, and the proof counts what it saw."""
    proof = prove(small_course, backend)
    assert proof.problems == ()
    assert (proof.points, proof.exercises, proof.checks) == (5, 2, 6)
    assert (proof.misconceptions, proof.named, proof.accepted, proof.wrong) == (3, 3, 1, 1)
    assert (proof.mutants, proof.killed, proof.equivalent) == (3, 3, 0)


def test_other_submissions_beside_it_are_no_helpers(own_course: Path, backend: Backend) -> None:
    """However many submissions prove a rubric, each is graded alone."""
    for number in range(35):
        one_of(own_course, "wrong", f"empty_{number}").write_text("")
    proof = prove(own_course, backend)
    assert (proof.problems, proof.wrong) == ((), 36)


def test_course_without_a_reference_cannot_be_proved(own_course: Path, backend: Backend) -> None:
    """A student's copy of the course is told where to run it."""
    (own_course / "reference" / "vectors.py").unlink()
    with pytest.raises(RubricError, match=r"there is no reference\n.*validate runs in the instructor's course"):
        prove(own_course, backend)


def test_command_fails_and_names_the_problem(own_course: Path, tmp_path: Path) -> None:
    """`grader validate` exits with 1 when one rubric has a problem; the table has both rubrics, stderr the progress."""
    harmless_misconception(own_course)
    done = grader("validate", "--course", own_course, cwd=tmp_path)
    assert done.returncode == 1
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["assignment", "vectors", "signs", "all", "programs", "✗"]
    assert "✗ vectors: misconception harmless of scale is not rejected" in done.stdout
    assert sorted(done.stderr.splitlines()) == ["signs: proved", "vectors: 1 problem"]


def test_mutants_may_be_left_out(small_course: Path, tmp_path: Path) -> None:
    """`grader validate --no-mutants` proves the rest."""
    done = grader("validate", "vectors", "--no-mutants", "--course", small_course, "--json", cwd=tmp_path)
    (line,) = lines(done)
    assert (done.returncode, line["mutants"], line["named"]) == (0, 0, 3)


def test_rubric_that_cannot_be_read_is_told_as_always(own_course: Path, tmp_path: Path) -> None:
    """What is wrong with a course is said in the same words from a process of its own."""
    (own_course / "assignments" / "signs" / "checks.py").write_text("import nothing_like_this\n")
    done = grader("validate", "--jobs", "2", "--course", own_course, cwd=tmp_path)
    assert (done.returncode, "line 1: ModuleNotFoundError" in done.stderr, "fix that line" in done.stderr) == (2, True, True)


def test_command_prints_json(small_course: Path, tmp_path: Path) -> None:
    """`grader validate --json` prints a line for each topic that was asked for, and exits with 0 when all is proved."""
    done = grader("validate", "signs", "--course", small_course, "--json", cwd=tmp_path)
    (line,) = lines(done)
    assert (done.returncode, line["assignment"], line["problems"]) == (0, "signs", [])


def test_course_of_the_tests_is_left_as_it_is() -> None:
    """Proving writes nothing into a course: the small course has no secret of its own."""
    assert not (COURSE / "course.secret").exists()
