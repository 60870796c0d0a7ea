"""What a save changed in a topic, and the proof of that alone: `grader validate --watch`.

An exercise is proved again when something changed that it is judged by: its checks with the functions that they use, its worked examples,
its code in the solution, the stub and the reference. Otherwise a misconception is proved again when its own text changed. What concerns
several exercises at once, and mutants, is for `validate` itself.
"""

import ast
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from grader.checks.methods import class_of
from grader.course.folder import PUBLIC_SEED, Assignment
from grader.course.misconceptions import Misconception
from grader.course.named import named_exercises
from grader.course.rubric import read_misconceptions, read_rubric
from grader.course.source import parse_python, read_toml
from grader.engine.prepare import Prepared, prepare
from grader.errors import RubricError
from grader.prove.mistakes_that_raise import broken_mistakes
from grader.prove.mutation import run_mutants
from grader.prove.numeric import numeric_problems
from grader.prove.on_the_reference import hold_on_the_reference
from grader.prove.prices import each_alone, mistake_prices, price_problems, prices
from grader.prove.ran_before import Runs
from grader.prove.rules_hold import policy_problems
from grader.prove.submissions_hold import full_problems
from grader.prove.validate import (
    explain_problems,
    kinks,
    misconception_problems,
    shipped_problems,
    stub_problems,
    trivial_problems,
)
from grader.sandbox.backend import Backend

Mistake = tuple[str, str]  # of an exercise, its name


class Texts(msgspec.Struct, frozen=True):
    """What each exercise is judged by, and each misconception, as hashes."""

    exercises: Mapping[str, str] = {}
    mistakes: Mapping[Mistake, str] = {}


class Changed(msgspec.Struct, frozen=True):
    """What is to be proved: exercises with all their misconceptions, and misconceptions of other exercises."""

    exercises: tuple[str, ...]
    mistakes: tuple[Mistake, ...]


def watched(assignment: Assignment) -> list[Path]:
    """The files that the proof of a topic depends on, those that are there."""
    known = assignment.misconceptions
    own = (assignment.rubric, assignment.examples, *assignment.stub_files, *assignment.solution_files, assignment.reference)
    return [path for path in (*own, known, known.with_suffix(".py"), assignment.mutants) if path.is_file()]


def texts(assignment: Assignment) -> Texts:
    """The present state of a topic's files; `RubricError` where one cannot be read."""
    rubric = read_rubric(assignment)
    names = [exercise.name for exercise in rubric.exercises]
    tables = read_toml(assignment.examples) if assignment.examples.is_file() else {}
    found: dict[str, list[str]] = {name: [] for name in names}
    for path in (assignment.rubric, *assignment.stub_files, *assignment.solution_files, assignment.reference):
        if not path.is_file():
            raise RubricError(path, "", "it is not there", "write it, or run `grader release` for a stub")
        for name, text in _by_exercise(path, names).items():
            found[name].append(text)
    for table in tables.values():
        found[table["exercise"]].append(json.dumps(table, default=str))
    items = read_misconceptions(assignment)
    return Texts(
        {name: _hash(*parts) for name, parts in found.items()}, {(item.of, item.name): _hash(*_own_text(item)) for item in items}
    )


def changed(before: Texts, now: Texts) -> Changed:
    """What has to be proved again."""
    exercises = tuple(name for name, text in now.exercises.items() if before.exercises.get(name) != text)
    mistakes = [key for key, text in now.mistakes.items() if key[0] not in exercises and before.mistakes.get(key) != text]
    return Changed(exercises, tuple(mistakes))


def exercise_problems(assignment: Assignment, name: str, backend: Backend, mutants: bool = False) -> list[str]:
    """What does not hold of one exercise, its misconceptions aside.

    Raises:
        RubricError: it cannot be planned, or does not go together with the reference.
    """
    ready = prepare(assignment, PUBLIC_SEED, only=name)
    assert ready.oracle is not None
    hold_on_the_reference(ready, ready.oracle)
    mutated = run_mutants(assignment, ready, backend) if mutants else None
    return [
        *stub_problems(assignment, ready, backend),
        *full_problems(assignment.solution, ready, Runs(ready, backend)),
        *policy_problems(ready, backend),
        *price_problems(prices(ready, ())),
        *trivial_problems(ready),
        *kinks(ready),
        *explain_problems(ready),
        *numeric_problems(assignment, ready, backend),
        *shipped_problems(assignment, ready),
        *(f"no check rejects the mutant {text}" for text in (mutated.surviving if mutated else ())),
    ]


def mistake_problems(assignment: Assignment, mistakes: Sequence[Mistake]) -> dict[Mistake, list[str]]:
    """What does not hold of these misconceptions."""
    found: dict[Mistake, list[str]] = {}
    for of in dict.fromkeys(of for of, _name in mistakes):
        names = {name for exercise, name in mistakes if exercise == of}
        found |= {(of, name): list(problems) for name, problems in _of_exercise(prepare(assignment, PUBLIC_SEED, only=of), names)}
    return found


def _of_exercise(ready: Prepared, names: set[str]) -> Iterator[tuple[str, Iterator[str]]]:
    assert ready.oracle is not None
    kept = [item for item in ready.oracle.misconceptions if item.name in names]
    alone = each_alone(ready, kept)
    costs = list(mistake_prices(ready, ready.oracle, alone))
    for item, grade in alone:
        own = [price for price in costs if price.name == item.name]
        problems = (*broken_mistakes(ready, ready.oracle, [item]), *misconception_problems(item, grade), *price_problems(own))
        yield item.name, iter(problems)


def _own_text(item: Misconception) -> Iterator[str]:
    yield repr((item.price, item.edits, item.raises))  # whatever its title and hint say, it is proved
    if not item.edits:
        yield item.file.read_text(encoding="utf-8")


def _by_exercise(path: Path, exercises: Sequence[str]) -> dict[str, str]:
    """Of a module, the text of each exercise with all that it uses; what no exercise uses and is not a function belongs to all."""
    tree = parse_python(path.read_text(encoding="utf-8"), path)
    bound: dict[str, list[ast.stmt]] = {}
    for node in tree.body:
        for name in _bound(node):
            bound.setdefault(name, []).append(node)
    written = {name: function for function, name in named_exercises(tree)}
    reached = {name: _reached(written.get(name, class_of(name)), bound) for name in exercises}
    used = set[ast.stmt]().union(*reached.values())
    shared = [node for node in tree.body if node not in used and not isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return {
        name: "\n".join(ast.unparse(node) for node in tree.body if node in nodes or node in shared)
        for name, nodes in reached.items()
    }


def _bound(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (item.id for target in targets for item in ast.walk(target) if isinstance(item, ast.Name))


def _reached(name: str, bound: Mapping[str, list[ast.stmt]]) -> set[ast.stmt]:
    found: set[ast.stmt] = set()
    waiting = [name]
    while waiting:
        for node in bound.get(waiting.pop(), ()):
            if node not in found:
                found.add(node)
                waiting += [item.id for item in ast.walk(node) if isinstance(item, ast.Name)]
    return found


def _hash(*parts: str) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{len(part)}\0{part}".encode())
    return digest.hexdigest()
