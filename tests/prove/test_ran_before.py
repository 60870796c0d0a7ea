"""A wrong submission runs only what its edit concerns: its grade is that of a whole run."""

from collections.abc import Iterator

import pytest
from toys import HERE, ROOT

from grader.course.folder import PUBLIC_SEED, Assignment, read_course
from grader.course.several import solution_text
from grader.engine.grade_one import grade_one
from grader.engine.prepare import Prepared, prepare
from grader.prove.ran_before import Runs, codes_of
from grader.run import Run
from grader.sandbox.backend import Backend, Source
from grader.sandbox.choose import best_backend
from grader.submissions.submission import Submission


@pytest.fixture(scope="module")
def backend() -> Iterator[Backend]:
    """The sandbox of the proofs."""
    with best_backend(weak=True) as found:
        yield found


@pytest.fixture(scope="module")
def toy() -> Assignment:
    """A topic of functions, some of which need another one, and a class."""
    return read_course(HERE / "toy").assignment("vectors")


@pytest.fixture(scope="module")
def ready(toy: Assignment) -> Prepared:
    """Its plan, with the reference."""
    return prepare(toy, PUBLIC_SEED)


def submission(text: str, name: str = "vectors") -> Submission:
    """A file of this text."""
    return Submission("somebody", name, Source(name, {name: text}))


def changed(before: str, after: str, ready: Prepared) -> set[str]:
    """The exercises whose code differs between two texts."""
    one, other = (codes_of(submission(text, ready.plan.name), ready.plan) for text in (before, after))
    assert one.keys() == other.keys()
    return {name for name in one if one[name] != other[name]}


def edited(text: str, old: str, new: str) -> str:
    """The text with an edit."""
    assert text.count(old) == 1
    return text.replace(old, new)


def test_an_edit_concerns_who_uses_the_function() -> None:
    """Directly, or through another function; what only stands beside it is as it was."""
    assignment = read_course(ROOT).assignment("activations")
    text = solution_text(assignment)
    made = edited(text, "exponentials = np.exp(shifted)", "exponentials = np.exp2(shifted)")
    assert changed(text, made, prepare(assignment, PUBLIC_SEED)) == {"softmax", "softmax_jacobian", "softmax_backward"}


def test_an_edit_concerns_who_is_checked_with_the_function(toy: Assignment, ready: Prepared) -> None:
    """The gradient of a loss is measured at the student's own loss, which its code does not name."""
    text = solution_text(toy)
    assert changed(text, edited(text, "np.mean((y - t) ** 2)", "np.sum((y - t) ** 2)"), ready) == {"loss", "loss_backward"}


def test_an_edit_of_a_method_concerns_its_class(toy: Assignment, ready: Prepared) -> None:
    """A class is one thing."""
    text = solution_text(toy)
    assert changed(text, edited(text, "self.value = None", "self.value = 0.0"), ready) == {"RunningMean"}


def test_a_line_of_the_module_concerns_all(toy: Assignment, ready: Prepared) -> None:
    """Who reads it is not asked."""
    text = solution_text(toy)
    assert changed(text, text + "\nnp.seterr(all='ignore')\n", ready) == {
        planned.exercise.name for planned in ready.plan.exercises
    }


@pytest.mark.parametrize("line", ["globals()['scale'] = len", "exec('scale = len')", "def f(:"])
def test_a_text_that_reaches_what_it_does_not_name_is_not_known(line: str, toy: Assignment, ready: Prepared) -> None:
    """Nor is one that cannot be parsed."""
    assert codes_of(submission(f"{solution_text(toy)}\n{line}\n"), ready.plan) == {}


def test_only_what_an_edit_concerns_is_run_again(
    toy: Assignment, ready: Prepared, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The outcomes of all others are those of the right submission; the grade is that of a whole run."""
    runs, text = Runs(ready, backend), solution_text(toy)
    came: list[int] = []
    run_one = grade_one.__globals__["run_one"]

    def counted(*args: object) -> Run:
        ran: Run = run_one(*args)
        came.append(len(ran.outcomes))
        return ran

    monkeypatch.setattr("grader.prove.ran_before.run_one", counted)
    assert runs.grade(submission(text), keep=True).right
    wrong = submission(edited(text, "np.mean((y - t) ** 2)", "np.sum((y - t) ** 2)"))
    grade, whole = runs.grade(wrong), grade_one(wrong, ready, backend).grade
    assert grade.with_exercises(()) == whole.with_exercises(())
    assert grade.exercises == whole.exercises
    assert not grade.right
    own = [planned.seqs for planned in ready.plan.exercises if planned.exercise.name in ("loss", "loss_backward")]
    assert came == [len(ready.plan.steps), sum(map(len, own))]


def test_a_file_that_stops_is_run_as_a_whole(toy: Assignment, ready: Prepared, backend: Backend) -> None:
    """An exercise that is defined after its fault is not there."""
    runs, text = Runs(ready, backend), solution_text(toy)
    assert runs.grade(submission(text), keep=True).right
    stopped = submission(text.replace("def scale(", "def scale(v=1 / 0, *,", 1))
    assert runs.grade(stopped).exercises == grade_one(stopped, ready, backend).grade.exercises
