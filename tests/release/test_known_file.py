"""What students' copies know of misconceptions: enough to name them, and nothing of their code or of right outcomes."""

from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
import numpy as np
import pytest
from classroom import edit
from releasing import write
from toys import ROOT

from grader.checks.compare import compare_values
from grader.checks.difference import Difference
from grader.checks.example import WorkedExample
from grader.checks.tolerance import Tolerance
from grader.course.authoring import Misconception
from grader.course.folder import PUBLIC_SEED, Assignment, read_course
from grader.course.rubric import Rubric, read_misconceptions, read_reference, read_rubric
from grader.engine.engine import Engine
from grader.engine.prepare import Prepared, prepare
from grader.errors import RubricError
from grader.judge.judge import judge
from grader.judge.known import KnownFile
from grader.judge.oracle import run_trusted
from grader.judge.results import same_outcome
from grader.release.known import known
from grader.release.public import Files
from grader.run import Run
from grader.sandbox.outcome import Raised, Returned
from grader.sandbox.values import Array, Items, Value
from grader.submissions.own_work import read_file
from grader.text.language import speak

pytestmark = pytest.mark.slow

Students = Callable[[str], Files]


@pytest.fixture
def copy(students: Students, tmp_path: Path) -> Callable[[str], Assignment]:
    """A student's copy of a topic."""
    return lambda topic: read_course(write(students(topic), tmp_path)).assignment(topic)


def content(data: bytes) -> KnownFile:
    """What a copy knows, decoded."""
    return msgspec.msgpack.decode(data, type=KnownFile)


def named(ready: Prepared, reference: dict[str, Any], mistake: Misconception) -> set[str | None]:
    """What the failed checks of a student who makes this mistake are called."""
    outcomes = run_trusted(ready.plan, {**reference, mistake.of: mistake.function}, range(len(ready.plan.steps)))
    grade = judge(ready.plan, Run(Returned(), tuple(outcomes.values())), None, "ana", ready.known)
    exercise = next(found for found in grade.exercises if found.name == mistake.of)
    return {check.misconception for check in exercise.checks if check.verdict == "failed"}


@pytest.mark.parametrize("topic", ["conv", "pooling"])
def test_every_mistake_that_shows_is_named(copy: Callable[[str], Assignment], topic: str) -> None:
    """Whatever misconception fails the self-check is recognised there, hardly ever as another one that gives the same."""
    ready = prepare(copy(topic), PUBLIC_SEED)
    instructors = read_course(ROOT).assignment(topic)
    reference = dict(read_reference(instructors) or {})
    found = {(item.of, item.name): named(ready, reference, item) for item in read_misconceptions(instructors)}
    shown = {mistake: names for mistake, names in found.items() if names}
    assert len(shown) > 40
    assert [mistake for mistake, names in shown.items() if names == {None}] == []
    assert len([name for (_, name), names in shown.items() if name not in names]) <= 2


def test_right_code_has_no_mistake(copy: Callable[[str], Assignment]) -> None:
    """The reference fails nothing."""
    ready = prepare(copy("conv"), PUBLIC_SEED)
    reference = read_reference(read_course(ROOT).assignment("conv")) or {}
    outcomes = run_trusted(ready.plan, reference, range(len(ready.plan.steps)))
    grade = judge(ready.plan, Run(Returned(), tuple(outcomes.values())), None, "ana", ready.known)
    assert {check.verdict for exercise in grade.exercises for check in exercise.checks if not check.at_hand_in} == {"passed"}


def test_right_outcomes_are_left_out(copy: Callable[[str], Assignment]) -> None:
    """Where a misconception gives what right code gives, nothing is told, but for the worked examples, which can be read anyway."""
    assignment = copy("conv")
    plan = prepare(assignment, PUBLIC_SEED).plan
    right = run_trusted(plan, read_reference(read_course(ROOT).assignment("conv")) or {}, range(len(plan.steps)))
    planned = {item.exercise.name: item for item in plan.exercises}
    examples = {seq for item in plan.exercises for check in item.checks if check.check.kind == "example" for seq in check.seqs}
    told = [
        (planned[mistake.of].seqs.start + place, outcome)
        for mistake in content(assignment.known.read_bytes()).mistakes
        for place, outcome in mistake.outcomes.items()
        if isinstance(outcome, Returned)
    ]
    assert len(told) > 100
    assert [seq for seq, outcome in told if seq not in examples and outcome == right[seq]] == []


def test_exceptions_are_told_without_their_words(students: Students) -> None:
    """Of an exception its name is enough: its message and its line are code of the instructor's."""
    for topic in ("conv", "losses"):
        file = content(students(topic)[PurePosixPath(f"assignments/{topic}/known.msgpack")])
        raised = [item for mistake in file.mistakes for item in mistake.outcomes.values() if isinstance(item, Raised)]
        assert {(item.message, item.file, item.text, item.bases) for item in raised} <= {("", "", "", ())}


def test_hints_in_the_language_in_force(copy: Callable[[str], Assignment]) -> None:
    """A hint is read in Spanish where Spanish is spoken."""
    assignment = copy("conv")
    copied = prepare(assignment, PUBLIC_SEED).known
    assert copied is not None
    mistake = next(item for item in copied.misconceptions if item.name == "flipped_kernel")
    english = mistake.hint
    speak("es")
    try:
        assert mistake.hint not in ("", english)
    finally:
        speak("en")


def test_stub_filled_in_place_is_compared_with_the_one_given_out(copy: Callable[[str], Assignment]) -> None:
    """A student who has moved the parameters of their own stub hears so, and calls are shown as the stub had them."""
    assignment = copy("conv")
    assignment.stub.write_text("def conv2d(image, kernel, pad=0, stride=1):\n    return image\n")
    with Engine(read_course(assignment.root), self_check=True) as engine:
        ready = engine.prepare("conv", filled=True)
        grade = engine.grade(read_file(assignment.stub, "conv"), ready).grade
    told = next(exercise for exercise in grade.exercises if exercise.name == "conv2d").checks[0]
    assert told.message == "your conv2d takes (image, kernel, pad, stride); the stub has (image, kernel, stride, pad)"
    assert told.call.endswith("stride=2, pad=1)")


def test_other_rubric(copy: Callable[[str], Assignment]) -> None:
    """What was made for another rubric is not used."""
    assignment = copy("conv")
    edit(assignment.rubric, "The rubric of `conv`", "Another rubric of `conv`")
    assert prepare(assignment, PUBLIC_SEED).known is None


def test_no_file(copy: Callable[[str], Assignment]) -> None:
    """Without it, the self-check works and names nothing."""
    assignment = copy("conv")
    assignment.known.unlink()
    assert prepare(assignment, PUBLIC_SEED).known is None


@pytest.mark.parametrize("data", [b"", b"\xc1", b"\x93\x01\x02", b"\xff" * 1000], ids=["empty", "invalid", "other", "long"])
def test_damaged_file(copy: Callable[[str], Assignment], data: bytes) -> None:
    """A damaged file is named, with what to do."""
    assignment = copy("conv")
    assignment.known.write_bytes(data)
    with pytest.raises(
        RubricError, match=r"known\.msgpack.*cannot be read.*\n.*take the file from your course again, or remove it"
    ):
        prepare(assignment, PUBLIC_SEED)


def test_course_without_a_reference(small_course: Path, own_course: Path) -> None:
    """What is known of mistakes needs the reference."""
    (own_course / "reference/vectors.py").unlink()
    with pytest.raises(RubricError, match="there is no reference to tell the misconceptions from"):
        known(read_course(own_course).assignment("vectors"), "")


# --- results one by one ----------------------------------------------------------------------------------------------------------------


def results(value: Value) -> Iterator[Value]:
    """Every result of a value: the whole, or each of several."""
    if isinstance(value, Items) and (value.kind == "tuple" or any(isinstance(item, Array | Items) for item in value.items)):
        for item in value.items:
            yield from results(item)
    elif value is not None:
        yield value


@pytest.mark.parametrize("topic", ["batchnorm", "conv", "digits", "mlp", "optimizers", "rnn"])
def test_no_right_result_is_told(copy: Callable[[str], Assignment], topic: str) -> None:
    """Of several results those that right code has too are left out wherever they stand, except in the worked examples."""
    assignment = copy(topic)
    plan = prepare(assignment, PUBLIC_SEED).plan
    right = run_trusted(plan, read_reference(read_course(ROOT).assignment(topic)) or {}, range(len(plan.steps)))
    starts = {item.exercise.name: item.seqs.start for item in plan.exercises}
    examples = {seq for item in plan.exercises for check in item.checks if check.check.kind == "example" for seq in check.seqs}
    told = same_as_right = 0
    for mistake in content(assignment.known.read_bytes()).mistakes:
        for place, outcome in mistake.outcomes.items():
            seq = starts[mistake.of] + place
            expected = right[seq]
            if seq in examples or not isinstance(outcome, Returned) or not isinstance(expected, Returned):
                continue
            wanted = list(results(expected.value))
            for value in results(outcome.value):
                told += 1
                same_as_right += any(same_outcome(plan.steps[seq], Returned(item), Returned(value)) for item in wanted)
    assert told > 50
    assert same_as_right == 0


# --- the arithmetic of worked examples -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("topic", ["conv", "mlp", "pooling", "resnet"])
def test_copy_says_what_the_course_says(copy: Callable[[str], Assignment], topic: str, language: str) -> None:
    """For each wrong element of each worked example, without the functions that write it."""
    speak(language)
    try:
        here, there = read_rubric(read_course(ROOT).assignment(topic)), prepare(copy(topic), PUBLIC_SEED).plan.rubric
        said = [(_said(here, element), _said(there, element)) for element in _elements(here)]
    finally:
        speak("en")
    assert len(said) > 5 and any(ours for ours, _ in said)
    assert [pair for pair in said if pair[0] != pair[1]] == []


def test_copy_has_no_explanation(students: Students) -> None:
    """The rubric of a copy explains nothing by itself."""
    assert "explain" not in students("conv")[PurePosixPath("assignments/conv/checks.py")].decode()


Element = tuple[str, str, Difference]


def _elements(rubric: Rubric) -> list[Element]:
    """Each element of each worked example, wrong by itself: the exercise, the example, and the difference."""
    found = []
    for exercise in rubric.exercises:
        for example in (item for item in rubric.examples.values() if item.exercise == exercise.name):
            expected = example.expected
            parts = (
                expected if isinstance(expected, dict) else {exercise.returns[0] if len(exercise.returns) == 1 else "": expected}
            )
            for name, value in parts.items():
                for index in np.ndindex(np.shape(value)) if not isinstance(value, list) else ():
                    wrong = np.array(value, dtype=float)
                    wrong[index] += 1
                    difference = compare_values(np.asarray(value, dtype=float), wrong, name, Tolerance())
                    assert difference is not None
                    found.append((exercise.name, example.id, difference))
    return found


def _said(rubric: Rubric, element: Element) -> str:
    """The arithmetic in the message about this element."""
    name, example, difference = element
    exercise = next(item for item in rubric.exercises if item.name == name)
    check = next(item for item in rubric.checks(exercise) if isinstance(item, WorkedExample) and item.id == example)
    return check._arithmetic(rubric.examples[example], difference)
