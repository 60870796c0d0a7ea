"""The files of a topic that was read from a notebook. They load as they are; what is left to do stands beside them."""

import ast
import math
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from grader.course.config import COURSE_FILE
from grader.course.create import create_course_file
from grader.course.folder import Assignment
from grader.course.stub import cut_stub
from grader.errors import UsageError
from grader.integrations.from_notebooks.found import Asked, Call, Example, Step
from grader.integrations.from_notebooks.topic import Exercise, Topic
from grader.integrations.from_notebooks.values import python, toml
from grader.text import atomic
from grader.text.syntax import parse

NOTES = "imported"  # the folder of what is left to do; no bundle has it
TITLE = 100  # characters of the line that students read
FINEST = 1e-9  # a test's tolerance that is finer says no more than the usual one
_NAMES = ("agrees", "call", "examples", "exercise", "get", "manual", "new", "raises")


def write_topic(root: Path, name: str, topic: Topic, file: Path) -> list[Path]:
    """Write the topic's files, and `course.toml` where there is none; returns them.

    Raises:
        UsageError: one of them exists.
    """
    assignment = Assignment(name, topic.title or name, root)
    solution = topic.module
    files = {
        assignment.solution: solution,
        assignment.reference: _reference(solution, name),
        assignment.stub: cut_stub(solution, assignment.solution),
        assignment.rubric: rubric_text(name, topic, file),
        assignment.folder / "README.md": topic.statement,
        root / NOTES / f"{name}.md": notes_text(name, topic, file),
    }
    if any(exercise.examples for exercise in topic.exercises):
        files[assignment.examples] = "\n".join(example_tables(topic))
    for path in files:
        if path.exists():
            raise UsageError(
                f"{path} exists already, and nothing is overwritten. Choose another name (--topic), or move it away."
            )
    if not (root / COURSE_FILE).is_file():
        create_course_file(root, name)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write(path, text)
    return list(files)


def _reference(solution: str, name: str) -> str:
    lines = [line for line in solution.splitlines() if line.strip() not in ("# BEGIN SOLUTION", "# END SOLUTION")]
    tree = parse("\n".join(lines))
    body = "\n".join(lines[tree.body[0].end_lineno or 0 :]) if ast.get_docstring(tree) is not None else "\n".join(lines)
    head = f'"""The oracle of `{name}`: still a copy of the solution, which nothing can contradict. Write it in another way."""'
    return f"{head}\n{body.rstrip()}\n"


def example_tables(topic: Topic) -> Iterator[str]:
    """`examples.toml`, a line at a time."""
    for exercise in topic.exercises:
        for number, item in enumerate(exercise.examples, start=1):
            yield f"[{exercise.name.replace('_', '-')}-{number}]"
            yield f'exercise = "{exercise.name}"'
            if not item.call.arguments:
                yield "inputs = {}"
            for parameter, value in item.call.arguments.items():
                yield f"inputs.{parameter} = {toml(value)}"
                if isinstance(value, np.ndarray) and value.dtype.kind in "iu":
                    yield f'dtype.{parameter} = "{value.dtype.name}"'
            if item.call.names:
                for result, value in item.expected.items():
                    yield f"expected.{result} = {toml(value)}"
            else:
                yield f"expected = {toml(item.expected)}"
            if (digits := _decimals(item)) is not None:
                yield f"decimals = {digits}"
            yield ""


def _decimals(item: Example) -> int | None:
    """The decimals at which an example is compared at least as kindly as the test does it."""
    if item.atol is None or item.atol <= FINEST:
        return None
    return max(0, math.floor(-math.log10(2 * item.atol)))


def rubric_text(name: str, topic: Topic, file: Path) -> str:
    """The text of `checks.py`."""
    titles = _titles(topic.module)
    body = "\n".join(line for exercise in topic.exercises for line in _exercise(exercise, titles.get(exercise.name, "")))
    used = [word for word in _NAMES if f"{word}(" in body]
    numpy = ["import numpy as np", ""] if "np." in body else []
    head = f'"""The rubric of `{name}`, as far as the tests of {file.name} say it. `grader help authoring/checks` tells more."""'
    imports = f"from grader.course.authoring import {', '.join(used)}"
    return "\n".join([head, "", *numpy, imports, "", body]).rstrip() + "\n"


def _titles(module: str) -> dict[str, str]:
    definitions = [node for node in parse(module).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return {node.name: _sentence(ast.get_docstring(node) or "") for node in definitions}


def _sentence(docstring: str) -> str:
    """The first sentence of a docstring, which may run over several lines."""
    paragraph = " ".join(docstring.strip().partition("\n\n")[0].split())
    return textwrap.shorten(re.split(r"(?<=\.)\s", paragraph)[0], TITLE, placeholder=" …")


def _exercise(exercise: Exercise, title: str) -> Iterator[str]:
    sets = [(False, "the calls of the tests", "tested"), (True, "the calls of the hidden tests", "hidden")]
    chosen = [
        (words, f"{short}_{exercise.name}", [item for item in exercise.asked if item.hidden is hidden])
        for hidden, words, short in sets
    ]
    for words, function, items in chosen:
        if items:
            yield from (
                "",
                f"def {function}(rng):",
                f'    """{words[0].upper()}{words[1:]}: as they stand there, none of them drawn."""',
            )
            yield from (f"    yield {_case(item)}" for item in items)
            yield ""
    names = next((item.call.names for item in exercise.examples if item.call.names), ())
    returns = f", returns=({', '.join(map(repr, names))})" if names else ""
    first = f", first={exercise.first}" if exercise.first and exercise.is_checked else ""
    points = f"{round(exercise.points or 1.0, 4):g}"
    yield from ("", f"@exercise(points={points}{returns}{first})", f"def {exercise.name}():")
    yield '    """' + (title or exercise.name).replace("\\", "\\\\").replace('"', "'") + '"""'
    if exercise.examples:
        yield "    yield from examples()"
    if not exercise.is_checked:
        yield f'    yield manual("how it is written", points={points}, items={{"it is right": {points}}}, answer="code")'
    for words, function, items in chosen:
        if items:
            yield f'    yield agrees("{words}", cases={function})'
    for number, item in enumerate(exercise.refusals, start=1):
        words = f"bad input is refused ({number})"
        yield f'    yield raises({item.exception}, "{words}", args={_arguments(item.call)})'
    yield ""


def _case(item: Asked) -> str:
    if isinstance(item.call, Call):
        return _arguments(item.call)
    return f"[{', '.join(map(_step, item.call))}]"


def _step(step: Step) -> str:
    if step.op == "get":
        return f'get("{step.target}")'
    arguments = [f'"{step.target}"', *map(python, step.arguments), *(f"{name}={python(value)}" for name, value in step.keywords)]
    quiet = ["reply=False"] if step.op == "call" and not step.reply else []
    return f"{step.op}({', '.join([*arguments, *quiet])})"


def _arguments(call: Call) -> str:
    return f"dict({', '.join(f'{name}={python(value)}' for name, value in call.arguments.items())})"


def notes_text(name: str, topic: Topic, file: Path) -> str:
    """What is left to do, for the author."""
    lines = [f"# {name}, from {file.name}", "", "What a person has to look at; no student gets this file.", ""]
    lines += [f"- [ ] {line}" for line in left_lines(topic)]
    if topic.hidden:
        lines += ["", "The hidden tests said this; the reference decides it now:", ""]
        lines += [f"- cell {item.cell}: `{item.said}`" for item in topic.hidden]
    return "\n".join(lines) + "\n"


def left_lines(topic: Topic) -> Iterator[str]:
    """Each thing that is left, with its place in the notebook."""
    for item in topic.left:
        place = f"cell {item.cell}, line {item.line}: " if item.line else f"cell {item.cell}: " if item.cell else ""
        yield place + item.what
    yield "the reference is a copy of the solution: write it in another way, so that the two can disagree"
    for exercise in topic.exercises:
        if exercise.is_checked and not exercise.asked:
            advice = "and whoever copies them is paid; add agrees(…) with drawn cases"
            yield f"{exercise.name}: all of its tests are published, {advice}"
    yield "known mistakes: grader new misconception TOPIC NAME"
