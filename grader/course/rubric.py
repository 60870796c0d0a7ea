"""Reading a course's own files: the rubric, the stub's signatures, the reference and its misconceptions."""

import ast
import functools
import importlib
import importlib.util
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import msgspec

from grader.checks.base import Check
from grader.checks.draft import Example, PlanError
from grader.checks.example import Examples, with_examples
from grader.checks.gradient import with_variables
from grader.checks.methods import CONSTRUCTOR, class_of
from grader.course.authoring import Exercise
from grader.course.calls import closed, uses
from grader.course.declared import declared_parameters, declared_results
from grader.course.examples import read_examples, results_by_exercise
from grader.course.folder import Assignment
from grader.course.given import NOTHING, Given, beside, importing, read_given
from grader.course.manual import Manual, hold_manual
from grader.course.misconceptions import Misconception, edited_misconceptions
from grader.course.named import named_exercises
from grader.course.places import example_places
from grader.course.policy import Policy
from grader.course.several import homes, solution_text
from grader.course.signatures import named_signatures, tree_left, tree_of_stub
from grader.course.source import line_in, parse_python
from grader.errors import RubricError
from grader.sandbox.signature import Signature
from grader.text.language import add_catalog


class Rubric(msgspec.Struct, frozen=True):
    """One assignment as its author wrote it.

    Attributes:
        signatures: of the stub's functions, classes and methods (`Class.method`), without self.
        filled: whether the stub is now a student's work, so that names in it may be missing or changed.
        policy: what is not allowed.
        uses: the exercises that each exercise uses, by the solution's calls and its own `uses=`.
        places: where students find each worked example.
        given: what there is beside a submission's own text.
        homes: in which file each function and class of the stub is, where these are several.
    """

    assignment: Assignment
    exercises: tuple[Exercise, ...]
    examples: Mapping[str, Example]
    signatures: Mapping[str, Signature]
    filled: bool = False
    policy: Policy | None = None
    uses: Mapping[str, frozenset[str]] = {}
    places: Mapping[str, str] = {}
    given: Given = NOTHING
    homes: Mapping[str, str] = {}

    @property
    def parameters(self) -> Mapping[str, tuple[str, ...]]:
        """The parameter names of the stub's functions."""
        return {name: signature.names for name, signature in self.signatures.items()}

    @property
    def points(self) -> float:
        """The points of the whole assignment: its maximum, which bonus exercises exceed."""
        return sum(exercise.points for exercise in self.exercises if exercise.counts == "required")

    def with_arithmetic(self, arithmetic: Mapping[str, Mapping[str, Mapping[str, str]]]) -> "Rubric":
        """The rubric with the arithmetic of its worked examples, by their ids, where it has not the functions that write it."""
        examples = {
            name: msgspec.structs.replace(example, arithmetic=arithmetic.get(name, {})) for name, example in self.examples.items()
        }
        return msgspec.structs.replace(self, examples=examples)

    def without_hidden(self) -> "Rubric":
        """The rubric with nothing of its hidden examples but that they are there, as students have it."""
        examples = {
            name: example.kept_back(number) if example.hidden else example
            for number, (name, example) in enumerate(self.examples.items(), 1)
        }
        return msgspec.structs.replace(self, examples=examples)

    def checks(self, exercise: Exercise) -> list[Check]:
        """The checks of `exercise`: its worked examples one by one, the variables of its gradients filled in."""
        try:
            checks = (one for one in _yielded(exercise) if not isinstance(one, Manual))
            found = with_examples(checks, exercise.name, self.examples)
            return [with_variables(check, exercise.returns) for check in found]
        except PlanError as error:
            raise RubricError(self.assignment.rubric, exercise.name, str(error), error.advice) from error

    def by_hand(self, exercise: Exercise) -> float | None:
        """The points of `exercise` that a person decides; None if a person decides nothing of it."""
        found = self.manual_parts(exercise)
        return sum(part.points for part in found) if found else None

    def manual_parts(self, exercise: Exercise) -> tuple[Manual, ...]:
        """The parts of `exercise` that a person decides, as they are written."""
        return tuple(one for one in _yielded(exercise) if isinstance(one, Manual))

    def manual(self, exercise: Exercise, *, has_checks: bool, in_full: bool) -> tuple[Manual, ...]:
        """The parts of `exercise` that a person decides.

        Args:
            has_checks: whether it has checks too.
            in_full: whether their items have to be there.
        """
        try:
            found = self.manual_parts(exercise)
            hold_manual(found, exercise.points, has_checks=has_checks, in_full=in_full)
            return found
        except PlanError as error:
            raise RubricError(self.assignment.rubric, exercise.name, str(error), error.advice) from error


def _yielded(exercise: Exercise) -> Iterator[Any]:
    """What the author's function yields."""
    for check in exercise.checks():
        if not isinstance(check, Examples | Manual) and not hasattr(check, "plan"):
            raise PlanError(f"it yields {check!r}", "yield examples(), agrees(…), gradient(…), …")
        yield check


def read_rubric(assignment: Assignment, filled: bool = False, text: str = "") -> Rubric:
    """The rubric of `assignment` with its examples and signatures; `RubricError` says what to fix.

    Args:
        filled: whether the stub was filled in place; its faults are then the student's, not the course's.
        text: of `checks.py`, where it is not the one on disk.
    """
    add_catalog(assignment.name, assignment.catalogs)
    module = load_course_file(assignment.rubric, f"_rubric_{assignment.name}", assignment, text)
    exercises = tuple(value for value in vars(module).values() if isinstance(value, Exercise))
    _refuse_twice(assignment, text, [found.name for found in exercises])
    if not exercises:
        advice = "decorate a generator function with @exercise(points=…)"
        raise RubricError(assignment.rubric, "", "it defines no exercise", advice)
    if all(found.counts != "required" for found in exercises):
        raise RubricError(assignment.rubric, "", "all of its exercises are bonus or optional", "one has to count for its maximum")
    tree = tree_left(assignment) if filled else tree_of_stub(assignment)
    signatures = dict(named_signatures(tree))
    for found in exercises:
        if found.name not in signatures and not filled:
            advice = f"it defines {', '.join(signatures)}; cut it again with `grader release {assignment.name}`"
            raise RubricError(assignment.rubric, found.name, f"the stub {assignment.stub.name} defines no {found.name!r}", advice)
    examples = read_examples(assignment, results_by_exercise(exercises, declared_results(tree)), declared_parameters(tree))
    names = [found.name for found in exercises]
    for example in examples.values():
        if example.exercise not in names:
            problem = f"{example.exercise!r} is not an exercise of checks.py"
            raise RubricError(assignment.examples, example.id, problem, f"the exercises are {', '.join(names)}")
    policy, used = _policy(assignment, module), _uses(assignment, exercises)
    places = example_places(assignment, examples)
    given, where = read_given(assignment), homes(assignment)
    return Rubric(assignment, exercises, examples, signatures, filled, policy, used, places, given, where)


def _refuse_twice(assignment: Assignment, text: str, names: Sequence[str]) -> None:
    """Of two functions of one name, Python keeps the second, and an exercise would vanish with its points."""
    for name in names:
        if names.count(name) > 1:
            raise RubricError(assignment.rubric, name, f"{names.count(name)} exercises have this name", "give each another name=")
        if name.endswith(f".{CONSTRUCTOR}"):
            advice = f"write the exercise {class_of(name)}: a constructor belongs to its class"
            raise RubricError(assignment.rubric, name, "a constructor is not an exercise of its own", advice)
    seen: dict[str, int] = {}
    for node in parse_python(text or assignment.rubric.read_text(encoding="utf-8"), assignment.rubric).body:
        if isinstance(node, ast.FunctionDef):
            if node.name in seen:
                problem = f"line {node.lineno} defines it again, after line {seen[node.name]}"
                raise RubricError(assignment.rubric, node.name, problem, "rename one, or remove one")
            seen[node.name] = node.lineno


def _uses(assignment: Assignment, exercises: tuple[Exercise, ...]) -> dict[str, frozenset[str]]:
    names = {found.name for found in exercises}
    for found in exercises:
        if unknown := sorted(set(found.uses) - names):
            raise RubricError(
                assignment.rubric, found.name, f"uses= names {unknown[0]!r}", f"the exercises are {', '.join(names)}"
            )
    if assignment.has_solution:
        tree = parse_python(solution_text(assignment), assignment.solution)
        by_calls = uses(tree, names)
    else:
        by_calls = {}
    return closed({found.name: (by_calls.get(found.name, frozenset()) & names) | set(found.uses) for found in exercises})


def _policy(assignment: Assignment, module: ModuleType) -> Policy | None:
    found = [value for value in vars(module).values() if isinstance(value, Policy)]
    if len(found) > 1:
        raise RubricError(assignment.rubric, "", "it declares more than one policy", "put what is forbidden into one")
    return found[0] if found else None


def read_reference(assignment: Assignment) -> Mapping[str, Any] | None:
    """The reference's functions by name, or None where there is no reference (a student's course)."""
    if not assignment.reference.is_file():
        return None
    return vars(load_course_file(assignment.reference, f"reference.{assignment.name}", assignment))


def solution_namespace(assignment: Assignment) -> dict[str, Any]:
    """The solution, executed anew: a namespace whose functions may be replaced."""
    several = solution_text(assignment) if assignment.config.files else ""
    return vars(load_course_file(assignment.solution, f"solution_{assignment.name}", assignment, several))


def read_misconceptions(assignment: Assignment) -> tuple[Misconception, ...]:
    """The misconceptions of the assignment: edits of the solution, then those written in Python, each in the order of its file."""
    found = list(_edited(assignment))
    code = assignment.misconceptions.with_suffix(".py")
    if code.is_file():
        module = load_course_file(code, f"reference.misconceptions.{assignment.name}", assignment)
        own = [value for value in vars(module).values() if isinstance(value, Misconception)]
        found += [msgspec.structs.replace(item, file=code) for item in own]
    seen: set[tuple[str, str]] = set()
    for item in found:
        if (item.of, item.name) in seen:
            raise RubricError(item.file, item.of, f"two misconceptions are called {item.name!r}", "rename one")
        seen.add((item.of, item.name))
    return tuple(found)


def _edited(assignment: Assignment) -> Iterator[Misconception]:
    tree = parse_python(assignment.rubric.read_text(encoding="utf-8"), assignment.rubric)
    exercises = [name for _function, name in named_exercises(tree)]
    within, read = functools.partial(beside, assignment), functools.partial(solution_text, assignment)
    return edited_misconceptions(assignment.misconceptions, assignment.solution, within, read, exercises)


def load_course_file(path: Path, name: str, assignment: Assignment, text: str = "") -> ModuleType:
    """Execute a file of the course (or its `text`) as module `name`; its own mistakes become a `RubricError` that names the line."""
    if not text and not path.is_file():
        raise RubricError(path, "", "it does not exist", "write it, or correct assignments/course.toml")
    spec = importlib.util.spec_from_file_location(name, path if path.suffix else path.with_suffix(".py"))
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    try:
        with importing, _reference_of(assignment.root), beside(assignment), _nothing_compiled():
            exec(_compiled(text or path.read_bytes(), path), vars(module))
    except RubricError:
        raise
    except Exception as error:
        problem = f"line {line_in(path, error)}: {type(error).__name__}: {error}"
        raise RubricError(path, "", problem, _advice(error)) from error
    return module


@functools.lru_cache(maxsize=8)  # a solution is executed anew for each mistake that others build upon
def _compiled(text: str | bytes, path: Path) -> CodeType:
    return compile(text, path, "exec")


@contextmanager
def _nothing_compiled() -> Iterator[None]:
    """Python takes a compiled module for that of a file which was changed within the same second and is as long: none is kept."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


@contextmanager
def _reference_of(root: Path) -> Iterator[None]:
    """Let `import reference` find that of this course, and restore its previous meaning afterwards."""
    before = _take_reference()
    package = ModuleType("reference")
    package.__path__ = [str(root / "reference")]
    sys.modules["reference"] = package
    try:
        yield
    finally:
        _take_reference()
        sys.modules.update(before)


def _advice(error: Exception) -> str:
    """What to do about a file that cannot be executed."""
    if isinstance(error, SyntaxError) and error.msg == "'yield' outside function":
        return "an exercise is a function, that of a class as well: `def Name():`, and the checks in it"
    return "fix that line"


def _take_reference() -> dict[str, ModuleType]:
    return {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == "reference"}
