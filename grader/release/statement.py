"""The worked examples in a statement, drawn from `examples.toml` so that no number is typed twice.

A statement (`README.md`, `README.<language>.md`) marks the places; the text between the markers is rewritten:

    <!-- example: conv-valid -->                           inputs and results side by side, and the arithmetic of the rubric's `explain`
    <!-- end -->

    <!-- window: conv-valid image[0:2, 1:3] O[0, 1] -->    the arrays with those cells framed
    <!-- end -->

    <!-- policy: of checks.py -->                          what may not be used
    <!-- end -->

    <!-- exercises: of checks.py -->                       a table of the exercises: points, and the rubric's titles
    <!-- end -->

    <!-- picture: feature_map -->                          a picture of `plots.py` (see `pictures`)
    <!-- end -->
"""

import re
import textwrap
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from grader.checks.draft import Example
from grader.checks.example import Explain, WorkedExample
from grader.checks.methods import NEW, called_before
from grader.checks.words import number
from grader.course.authoring import Exercise
from grader.course.folder import Assignment
from grader.course.rubric import Rubric, read_rubric
from grader.errors import RubricError
from grader.judge.calls import argument_text
from grader.release.pictures import language_of, shown
from grader.sandbox.child.printed import tidy
from grader.sandbox.values import encode
from grader.text.language import SOURCE, speaking
from grader.text.language import gettext as _
from grader.text.variants import variants

_BLOCK = re.compile(
    r"(?P<head><!-- (?P<kind>example|window|policy|exercises|picture): (?P<what>[^>]+?) -->\n)(?P<body>.*?)(?P<tail><!-- end -->)",
    re.DOTALL,
)
STATEMENT = "README.md"  # as the author wrote it; in another language README.<language>.md
_FRAMED = re.compile(r"(?P<name>\w+)\[(?P<cells>[^\]]*)\]")
EXPLAINED = 4  # elements of a result whose arithmetic is shown
GAP = "     "
WIDTH = 120


class Drawn(msgspec.Struct, frozen=True):
    """A worked example as text: the cells of its arrays, its plain numbers, and the lines that are printed."""

    arrays: tuple[tuple[str, Any], ...]
    numbers: tuple[tuple[str, str], ...]
    source: str
    printed: tuple[str, ...] = ()


def statements(assignment: Assignment) -> Iterator[tuple[Path, str]]:
    """Each statement of the assignment, with its rewritten text, in its own language.

    Raises:
        RubricError: a marker names an unknown example or array, or has no end.
    """
    for path in sorted(assignment.folder.glob("README*.md")):
        with speaking(language_of(path) or SOURCE):
            text = rendered(path, read_rubric(assignment))
        yield path, text


def statement_names(language: str) -> list[str]:
    """The names that the statement in `language` may have, the best first."""
    own = [] if language == SOURCE else [f"README.{name}.md" for name in variants(language)]
    return [*own, STATEMENT]


def rendered(path: Path, rubric: Rubric) -> str:
    """The statement's text with everything between markers rewritten."""
    text = path.read_text(encoding="utf-8")
    blocks = list(_BLOCK.finditer(text))
    markers = len(re.findall(r"^<!-- (?:example|window|policy|exercises|picture):", text, re.MULTILINE))
    if len(blocks) != markers:
        raise RubricError(path, "", f"{markers} markers, but {len(blocks)} of them end", "close each with <!-- end -->")
    return _BLOCK.sub(lambda found: found["head"] + _block(path, rubric, found["kind"], found["what"]) + found["tail"], text)


def _block(path: Path, rubric: Rubric, kind: str, what: str) -> str:
    if kind == "picture":
        return shown(path, what)
    if kind == "policy":
        if rubric.policy is None:
            raise RubricError(path, "", "checks.py declares no policy", "write one there, or take the marker out")
        return "\n".join(textwrap.wrap(rubric.policy.statement(), WIDTH)) + "\n"
    if kind == "exercises":
        return "\n".join(["", *_exercises(rubric), "", ""])
    name, _, rest = what.partition(" ")
    if name not in rubric.examples:
        raise RubricError(path, "", f"no worked example is called {name!r}", f"examples.toml has {', '.join(rubric.examples)}")
    if rubric.examples[name].hidden:
        raise RubricError(
            path, "", f"{name!r} is a hidden example", "take its marker out, or `hidden = true` out of examples.toml"
        )
    drawn = _drawn(rubric, name)
    lines = [*_overview(drawn), *_arithmetic(rubric, name)] if kind == "example" else _windows(path, drawn, rest)
    source = [f"*{drawn.source}*", ""] if kind == "example" and drawn.source else []
    return "\n".join([*source, "```text", *lines, "```", ""])


def _exercises(rubric: Rubric) -> Iterator[str]:
    """The rows of a table: name, points, and what a student reads of it in `grader list`."""
    yield f"| {_('exercise')} | {_('points')} | |"
    yield "|---|---|---|"
    for exercise in rubric.exercises:
        worth = number(exercise.points)
        paid = {"bonus": f"+{worth} ({_('bonus')})", "optional": _("optional")}.get(exercise.counts, worth)
        yield f"| `{exercise.name}` | {paid} | {_(exercise.title)} |"


def _drawn(rubric: Rubric, name: str) -> Drawn:
    """The example as written in the file: fractions stay fractions."""
    table = tomllib.loads(rubric.assignment.examples.read_text(encoding="utf-8"))[name]
    exercise = next((found for found in rubric.exercises if found.name == table["exercise"]), None)
    results = {} if "printed" in table else table["expected"]
    if "printed" not in table and rubric.examples[name].named is None:
        results = {exercise.returns[0] if exercise and len(exercise.returns) == 1 else "result": results}
    expected = rubric.examples[name].expected
    if isinstance(expected, dict | set | frozenset) and rubric.examples[name].named is None:
        results = {key: argument_text(encode(expected)) for key in results}
    inputs = dict(_inputs(table["inputs"], rubric.examples[name].inputs, table["exercise"], rubric))
    texts = [(key, _text(value)) for key, value in (*inputs.items(), *results.items())]  # `w` may be in both
    return Drawn(
        tuple((key, value) for key, value in texts if not isinstance(value, str)),
        tuple((key, value) for key, value in texts if isinstance(value, str)),
        _taken_from(table),
        tuple(tidy(table["printed"]).split("\n")) if "printed" in table else (),
    )


def _inputs(inputs: Mapping[str, Any], read: Mapping[str, Any], of: str, rubric: Rubric) -> Iterator[tuple[str, Any]]:
    """The arguments by name; those of what is called before a method as `fit.X`, those of its object by their names alone.

    Args:
        inputs: as written in the file; `read`: as they are passed.
    """
    for key, value in inputs.items():
        if before := called_before(of, key, value, rubric.parameters):
            inner = _inputs(value, read[key], before, rubric)
            yield from ((name if key == NEW else f"{key}.{name}", item) for name, item in inner)
        elif isinstance(value, dict) and isinstance(read[key], dict):
            yield key, argument_text(encode(read[key]))
        else:
            yield key, value


def _taken_from(table: Mapping[str, Any]) -> str:
    """Where an example's numbers come from; "" if nothing says it."""
    slide = f"«{table['slide']}»" if table.get("slide") else ""
    place = ", ".join(filter(None, (table.get("lecture", ""), slide)))
    return f"{place} ({table['erratum']})" if place and "erratum" in table else place


def _text(value: Any) -> Any:
    """A number as text, a list as an array of texts (a list of lists of different lengths stays a list of arrays), a table as rows."""
    if isinstance(value, dict):
        return np.array(
            [[*value], *([str(_text(item)) for item in row] for row in zip(*value.values(), strict=True))], dtype=object
        )
    if not isinstance(value, list):
        return value if isinstance(value, str) else number(value)
    items = [_text(item) for item in value]
    shapes = {np.shape(item) for item in items}
    return np.array(items, dtype=object) if len(shapes) <= 1 else items


def _overview(drawn: Drawn) -> list[str]:
    """The numbers in one line, the arrays side by side below it."""
    numbers = ", ".join(f"{name} = {text}" for name, text in drawn.numbers)
    matrices = (labelled for name, value in drawn.arrays for labelled in _matrices(name, value))
    blocks = [_labelled(label, [[*row] for row in matrix]) for label, matrix in matrices]
    printed = ["", _("prints:"), *(f"  {line}".rstrip() for line in drawn.printed)] if drawn.printed else []
    return [*([numbers] if numbers else []), *([""] if numbers and blocks else []), *_beside(blocks), *printed]


def _matrices(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """The matrices of an array of any dimension (of a list: of each item); leading axes of length 1 are left out of the label."""
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from _matrices(f"{name}[{place}]", item)
        return
    if value.ndim < 2:
        yield name, value.reshape(1, -1)
        return
    for index in np.ndindex(value.shape[:-2]):
        several = any(size > 1 for size in value.shape[:-2])
        yield f"{name}[{', '.join(map(str, index))}]" if several else name, value[index]


def _labelled(label: str, cells: Sequence[Sequence[str]]) -> list[str]:
    """`label = ` and the rows of a matrix, in columns."""
    width = max((len(cell) for row in cells for cell in row), default=0)
    head = f"{label} = "
    rows = (" ".join(f"{cell:>{width}}" for cell in row) for row in cells)
    return [(" " * len(head) if place else head) + row for place, row in enumerate(rows)]


def _beside(blocks: Sequence[Sequence[str]], width: int = 100) -> list[str]:
    """Blocks of lines side by side, as many as fit into the width."""
    rows: list[list[tuple[Sequence[str], int]]] = []
    used = 0
    for block in blocks:
        size = max(map(len, block), default=0)
        if not rows or used + size > width:
            rows.append([])
            used = 0
        rows[-1].append((block, size))
        used += size + len(GAP)
    lines: list[str] = []
    for row in rows:
        lines += [""] if lines else []
        for parts in zip_longest(*(block for block, _size in row), fillvalue=""):
            lines.append(GAP.join(f"{part:<{size}}" for part, (_block, size) in zip(parts, row, strict=True)).rstrip())
    return lines


def _arithmetic(rubric: Rubric, name: str) -> list[str]:
    """The first elements of each result and the last one, worked out as the rubric explains them."""
    for exercise in rubric.exercises:
        for check in rubric.checks(exercise):
            if isinstance(check, WorkedExample) and check.id == name and check.explain:
                return ["", *dict.fromkeys(_explained(rubric.examples[name], exercise, check.explain))]
    return []


def _explained(example: Example, exercise: Exercise, explain: Explain) -> Iterator[str]:
    for result, value in example.by_name(exercise.returns).items():
        places = list(np.ndindex(np.shape(value)))
        for place in places if len(places) <= EXPLAINED else [*places[: EXPLAINED - 1], places[-1]]:
            index = f"[{','.join(map(str, place))}]" if place else ""
            yield f"{result or 'result'}{index} = {explain(example.inputs, result, place)}"


def _windows(path: Path, drawn: Drawn, what: str) -> list[str]:
    """The arrays that `what` names, each with its cells framed."""
    blocks = []
    arrays = dict(drawn.arrays)
    for found in _FRAMED.finditer(what):
        name = found["name"]
        value = arrays.get(name)
        if value is None or isinstance(value, list):
            raise RubricError(path, "", f"no array is called {name!r}", f"the example has {', '.join(arrays)}")
        matrix = np.atleast_2d(value.reshape(value.shape[-2:]) if value.ndim > 1 else value)
        blocks.append([name, *_framed(matrix, *_cells(path, found["cells"], matrix.shape))])
    if not blocks:
        raise RubricError(path, "", f"window: {what!r} names no cells", "write, for example, image[0:2, 1:3]")
    return _beside(blocks)


def _cells(path: Path, text: str, shape: tuple[int, ...]) -> tuple[range, range]:
    """The rows and columns that `0:2, 1:3` (or `0, 1`) selects."""
    ranges = []
    for part, size in zip(text.split(","), shape, strict=False):
        first, colon, last = (item.strip() for item in part.partition(":"))
        start = int(first or 0)
        ranges.append(range(start, int(last or size) if colon else start + 1))
    if len(ranges) != 2 or any(not found or found.stop > size for found, size in zip(ranges, shape, strict=True)):
        problem = f"[{text}] are not cells of a {shape[0]} × {shape[1]} array"
        raise RubricError(path, "", problem, "write rows and columns, as in numpy")
    return ranges[0], ranges[1]


def _framed(matrix: Any, rows: range, columns: range) -> list[str]:
    """A matrix as lines of text, with a frame around some of its cells."""
    width = max(len(cell) for cell in matrix.ravel())
    left, right = columns.start * (width + 3), columns.stop * (width + 3)
    lines = []
    for place, row in enumerate(matrix):
        line = list("".join(f"   {cell:>{width}}" for cell in row) + "   ")
        if place == rows.start:
            lines.append(" " * (left + 1) + "┌" + "─" * (right - left - 1) + "┐")
        if place in rows:
            line[left + 1] = line[right + 1] = "│"
        lines.append("".join(line).rstrip())
        if place == rows.stop - 1:
            lines.append(" " * (left + 1) + "└" + "─" * (right - left - 1) + "┘")
    return lines
