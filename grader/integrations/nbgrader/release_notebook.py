"""One topic as a notebook, from the same solution and statement as its stub. Reads and writes no files.

    statement         README.md                                                        read-only
    setup             everything outside of the functions with holes                   read-only
    self-check        loads the grader                                                 read-only
    conv2d            the function, between BEGIN SOLUTION and END SOLUTION            autograded answer
    conv2d-check      grader.check("conv2d")                                           read-only
    conv2d-points     grader.check("conv2d").points                                    autograder test, with the exercise's points
    …

A class whose methods are exercises has the checks and the points of each below it: `LinearRegression-fit-points`.

A function that a person reads is a manually graded answer with the points of that; nothing of it is in `…-points`. What is above the
maximum (bonus) or counts nothing (optional) has 0 points there.

Ids depend on names alone, so that a gradebook recognises a cell whatever changes in it. `nbgrader generate_assignment` makes the
students' notebook.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.checks.methods import class_of, is_method
from grader.course.parts import take_apart
from grader.course.stub import BEGIN, with_hints
from grader.errors import RubricError
from grader.integrations.nbgrader.fill import cell_metadata
from grader.submissions.notebook.source import CHECK, POINTS, cell_of
from grader.text.language import SOURCE
from grader.text.language import gettext as _

DIGEST = "grader"  # the key in a cell's metadata for the digest of its text, which says that it was written here
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_MATH = re.compile(r"^```math\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def topic_notebook(
    solution: str,
    path: Path,
    statement: str,
    points: Mapping[str, float],
    language: str,
    by_hand: Mapping[str, float] = MappingProxyType({}),
) -> NotebookNode:
    """The source notebook of a topic.

    Args:
        solution: its text; `path` is its file.
        statement: in Markdown.
        points: that checks give, of each exercise of the rubric that has some.
        by_hand: that a person gives, of each function that a person reads.
        language: of the notebook.

    Raises:
        RubricError: an exercise has no hole in the solution, or the solution cannot be taken apart.
    """
    parts = take_apart(solution, path)
    lacking = [name for name in (*points, *by_hand) if class_of(name) not in {part.name for part in parts.functions}]
    if lacking:
        raise RubricError(
            path, lacking[0], f"the solution has no `{BEGIN}` in a function of this name", "mark what students write"
        )
    if methods := [name for name in by_hand if is_method(name)]:
        advice = f"let a person read a function, or all of {class_of(methods[0])}: a notebook has one cell for a class"
        raise RubricError(path, methods[0], "a person reads this method, and nbgrader knows no part of a cell", advice)
    modules = "`, `".join(sorted(file.name for file in path.glob("*.py")) if path.is_dir() else [path.name])
    cells = [
        _cell("statement", _with_note(readable(statement), modules), new=new_markdown_cell),
        _cell("setup", parts.scaffold or "# " + _("nothing to prepare")),
        _cell("self-check", _loading(language)),
    ]
    for part in parts.functions:
        cells.append(_cell(part.name, with_hints(part.source), solution=True, points=by_hand.get(part.name)))
        exercises = [name for name in points if class_of(name) == part.name]
        for name in exercises or [part.name] * part.callable:
            cells.append(_cell(cell_of(name) + CHECK, f'grader.check("{name}")'))
        for name in exercises:
            text = _("points of {name} by the checks that can run here; when you hand in, all of them do").format(name=name)
            source = f'# {text}\ngrader.check("{name}").points'
            cells.append(_cell(cell_of(name) + POINTS, source, points=points[name]))
    names = [cell.metadata.nbgrader.grade_id for cell in cells]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise RubricError(path, twice, f"two cells of the notebook would be called {twice!r}", "rename the function")
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}})


def with_own_cells(new: NotebookNode, old: NotebookNode, path: Path) -> NotebookNode:
    """`new` with the instructor's own cells of `old`, each behind the cell that it followed.

    Raises:
        RubricError: a cell that was written here has been changed by hand, and the change would be lost.
    """
    follow: dict[str, list[NotebookNode]] = {}
    kept = {cell.metadata.nbgrader.grade_id for cell in new.cells}
    behind = ""
    for cell in old.cells:
        written = cell.metadata.get(DIGEST)
        if written is None:
            follow.setdefault(behind, []).append(cell)
            continue
        name = cell.metadata.get("nbgrader", {}).get("grade_id", cell.get("id", ""))
        if written != digest(cell.source):
            raise RubricError(
                path,
                "",
                f"the cell {name!r} was changed by hand, and releasing would overwrite it",
                "make the change in the course (solution, statement or rubric), then remove the notebook; cells of your own are kept",
            )
        behind = name if name in kept else behind
    cells = list(follow.get("", []))
    for cell in new.cells:
        cells += [cell, *follow.get(cell.metadata.nbgrader.grade_id, [])]
    return new_notebook(cells=cells, metadata=new.metadata)


def readable(statement: str) -> str:
    """A statement for a notebook: without the comments that mark drawn examples, and with formulas between dollar signs."""
    text = _MATH.sub(lambda found: f"$$\n{found[1]}$$", _COMMENT.sub("", statement))
    return re.sub(r"\$`([^`\n]+)`\$", r"$\1$", text).strip("\n")


def _with_note(statement: str, module: str) -> str:
    """The statement with a note below its title: it was written for a file, not a notebook."""
    note = _(
        "In this notebook, write into the cells below. Where this page says `{module}`, it means them. Below each, a cell checks it."
    )
    title, _newline, rest = statement.partition("\n")
    return f"{title}\n\n> {note.format(module=module)}\n{rest}"


def _loading(language: str) -> str:
    lines = ["# " + _("Run this cell once. The cells with grader.check below show what is right already, and what is not.")]
    return "\n".join([*lines, "%load_ext grader", *([f"%grader_language {language}"] if language != SOURCE else [])])


def _cell(
    name: str,
    source: str,
    *,
    solution: bool = False,
    points: float | None = None,
    new: Callable[..., NotebookNode] = new_code_cell,
) -> NotebookNode:
    known = cell_metadata(name, solution=solution, points=points)
    return new(source, id=cell_id(name), metadata={"nbgrader": known, DIGEST: digest(source)})


def digest(source: str) -> str:
    """The digest of a cell's text, by which a change is noticed."""
    return hashlib.sha256(source.encode()).hexdigest()[:12]


def cell_id(name: str) -> str:
    """`name` as the id of a cell (letters, digits, `-` and `_`, at most 64)."""
    if re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name):
        return name
    return "cell-" + hashlib.sha256(name.encode()).hexdigest()[:16]


def cells_called(notebook: NotebookNode) -> Iterator[tuple[str, NotebookNode]]:
    """The cells that nbgrader knows, by grade_id."""
    for cell in notebook.cells:
        known = cell.metadata.get("nbgrader", {})
        if any(known.get(role) for role in ("grade", "solution", "locked", "task")):
            yield known["grade_id"], cell
