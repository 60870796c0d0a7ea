"""Misconceptions as edits of the solution: `reference/misconceptions/<topic>.toml`.

    [stride_in_size_only]
    title = "The stride is in the output size, but the window moves by one."
    hint = "The size of your result is right. By how many places does your window move from one output to the next?"
    "conv2d, conv_forward" = "stride * i, stride * j → i, j"

An entry names the exercises (functions, or `Class.method`, which is the class's where no exercise has its name) in which the mistake
can be made, each with the edit, or the list of edits, that makes it:

    "before → after"     replaces `before`, which occurs exactly once in the body of that function, by `after`; one space on each side
                         of the arrow belongs to the arrow
    "return …"           replaces the last `return`; `{}` in it is the expression that is returned there now
    anything else        is the whole new body, below the docstring

Each edit of a list leaves valid Python. Where the mistake is in another function of the solution, the exercise has a table:
`train = { forward = "…" }`. A hint for a single exercise is written as `hints.conv_backward = "…"`. `price = "≥ 20 %"` says what part of
its exercise the mistake should cost, `price.conv_backward = "…"` in one exercise; `grader validate` holds it (see `prove.prices`).
`raises = true` says that the mistake is meant to raise in every call.

Two other files have the same format: `tests/submissions/<topic>/wrong.toml`, whole wrong submissions, whose `base` is the file that is
edited (by default the solution); and `reference/mutants/<topic>.toml`, edits of the reference that are not mistakes, and `why`.
"""

import ast
import contextlib
import difflib
import functools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from grader.checks.methods import class_of, exercise_of
from grader.course.edits import EditError, Edits, edited, place_in
from grader.course.source import read_toml
from grader.errors import RubricError

Within = Callable[[], contextlib.AbstractContextManager[Any]]
_PRICE = re.compile(r"((≥|>=|≤|<=) ?\d+|\d+ ?[–-] ?\d+) ?%")
TITLED = ("title", "hint")
WHY = ("why",)
_KEYS = ("title", "hint", "hints", "base", "why", "price", "raises")


class Misconception(msgspec.Struct, frozen=True, dict=True):
    """A named wrong version of an exercise.

    Attributes:
        of: the function or class that it is a version of.
        title: what is wrong, for instructors. hint: what a student reads, which helps without giving the line away.
        make: makes the wrong version, which has the parameters of the right one and may raise.
        file: where it is written, for errors.
        price: what part of the exercise it may cost (see `prove.prices`).
        source, edits: the solution and what is edited in it; "" for a mistake written in Python.
        both: of two mistakes made together, the two.
        raises: whether it is meant to raise in every call.
        within: what is around the execution of the edited solution (see `given.beside`).
    """

    name: str
    of: str
    title: str
    hint: str
    make: Callable[[], Callable[..., Any]]
    file: Path = Path()
    price: str = ""
    source: str = ""
    edits: Edits = {}
    both: "tuple[Misconception, ...]" = ()
    raises: bool = False
    within: Within = contextlib.nullcontext

    @functools.cached_property
    def function(self) -> Callable[..., Any]:
        """The wrong version itself; of a method, a class in which it is made, or the method alone."""
        return self.make()


class Entry(msgspec.Struct, frozen=True):
    """One table of a file of edits.

    Attributes:
        texts: title and hint, or why; `hints`: by exercise, where one has a hint of its own.
        exercises: the edits, by exercise.
        base: the file that is edited ("" for the solution).
        prices: by exercise; under "" for all of them.
        raises: whether the mistake is meant to raise in every call.
    """

    name: str
    texts: Mapping[str, str]
    hints: Mapping[str, str]
    exercises: Mapping[str, Edits]
    base: str = ""
    prices: Mapping[str, str] = {}
    raises: bool = False


def read_entries(path: Path, texts: Sequence[str], exercises: Collection[str] = ()) -> tuple[Entry, ...]:
    """The entries of a file of edits; none where there is no such file.

    Args:
        texts: the keys that each entry must have besides its edits.
        exercises: a method among them has its own edits, which would else be its class's.

    Raises:
        RubricError: the file is not valid TOML, or an entry lacks a text or its edits.
    """
    if not path.is_file():
        return ()
    return tuple(_entry(path, name, table, texts, exercises) for name, table in read_toml(path).items())


def _entry(path: Path, name: str, table: Any, texts: Sequence[str], known: Collection[str]) -> Entry:
    if not isinstance(table, dict):
        shown = "a list of tables" if isinstance(table, list) else repr(table)
        advice = (
            'write one table for each, with a name of its own: [some_name], and the edits below it: function = "before → after"'
        )
        raise RubricError(path, name, f"it is {shown:.60}, not a table", advice)
    for key in texts:
        if not isinstance(table.get(key), str) or not table[key].strip():
            raise RubricError(path, name, f"it has no {key}", f'add {key} = "…" to [{name}]')
    exercises: dict[str, dict[str, tuple[str, ...]]] = {}
    for key, value in table.items():
        if key in _KEYS:
            continue
        for place in key.split(", "):
            for function, made in value.items() if isinstance(value, dict) else [(place, value)]:
                edits = [made] if isinstance(made, str) else made
                if not isinstance(edits, list) or not all(isinstance(edit, str) for edit in edits):
                    raise RubricError(path, name, f"{key} is {made!r}", f'write {key} = "before → after", or a list of edits')
                exercise = exercises.setdefault(exercise_of(place, known), {})
                exercise[function] = (*exercise.get(function, ()), *edits)
    if not exercises:
        raise RubricError(path, name, "it has no edits", 'name an exercise and its edit: conv2d = "before → after"')
    hints = table.get("hints", {})
    if unknown := sorted(set(hints) - set(exercises)):
        raise RubricError(path, name, f"it has a hint for {unknown[0]}, but no edit of it", f"it edits {', '.join(exercises)}")
    price = table.get("price", {})
    prices = price if isinstance(price, dict) else {"": price}
    if unknown := sorted(set(prices) - {"", *exercises}):
        raise RubricError(path, name, f"it has a price for {unknown[0]}, but no edit of it", f"it edits {', '.join(exercises)}")
    for text in prices.values():
        if not isinstance(text, str) or not _PRICE.fullmatch(text):
            raise RubricError(path, name, f"its price is {text!r}", 'write price = "≥ 20 %", "≤ 25 %" or "10–30 %"')
    if not isinstance(raises := table.get("raises", False), bool):
        raise RubricError(
            path, name, f"raises is {raises!r}", "write raises = true if the mistake is meant to raise in every call"
        )
    return Entry(name, {key: table[key].strip() for key in texts}, hints, exercises, table.get("base", ""), prices, raises)


def edited_misconceptions(
    path: Path,
    solution: Path,
    within: Within = contextlib.nullcontext,
    read: Callable[[], str] | None = None,
    exercises: Collection[str] = (),
) -> Iterator[Misconception]:
    """Every misconception of the file, one for each exercise that an entry names.

    Args:
        within: what is around the execution of the edited solution.
        read: gives the solution's text, where it is not one file.
        exercises: of the rubric.

    Raises:
        RubricError: an edit cannot be made; names the file, the entry and the solution's line.
    """
    entries = read_entries(path, TITLED, exercises)
    source = (read() if read else solution.read_text(encoding="utf-8")) if entries else ""
    for entry in entries:
        for of, edits in entry.exercises.items():
            try:
                text = edited(source, edits)
            except EditError as error:
                advice = _meant(of, f"{error.advice} (in {solution.name})")
                raise RubricError(path, entry.name, f"{of}: {error}", advice) from None
            make = functools.partial(_made, path, entry.name, of, text, within)
            yield Misconception(
                entry.name,
                of,
                entry.texts["title"],
                entry.hints.get(of, entry.texts["hint"]),
                make,
                path,
                entry.prices.get(of, entry.prices.get("", "")),
                source,
                edits,
                raises=entry.raises,
                within=within,
            )


def combined(one: Misconception, other: Misconception) -> Misconception | None:
    """Both mistakes made together; None where their edits do not go together, or might never end."""
    if not one.source or one.source != other.source:
        return None
    for first, second in ((one, other), (other, one)):
        try:
            text = edited(edited(one.source, first.edits), second.edits)
        except EditError:
            continue
        loops = any(
            isinstance(node, ast.While) for place in (*one.edits, *other.edits) for node in ast.walk(place_in(text, place))
        )
        if text != edited(one.source, second.edits) and not loops:
            name = f"{one.name} + {other.name}"
            make = functools.partial(_made, one.file, name, one.of, text, one.within)
            return Misconception(
                name, one.of, f"{one.title} {other.title}", "", make, one.file, both=(one, other), within=one.within
            )
    return None


def _made(path: Path, name: str, of: str, source: str, within: Within) -> Callable[..., Any]:
    namespace: dict[str, Any] = {"__name__": f"misconception_{name}"}
    try:
        with within():
            exec(compile(source, f"<{name}>", "exec"), namespace)
        found: Callable[..., Any] = namespace[class_of(of)]
    except Exception as error:
        problem = f"{of}: with its edits the solution does not run: {type(error).__name__}: {error}"
        raise RubricError(path, name, problem, "correct what is after the arrow") from error
    return found


def whole_submissions(path: Path, texts: Sequence[str], solution: Path, right: str = "") -> Iterator[tuple[str, str]]:
    """Each entry of the file as a whole wrong submission: its name, and its base with the edits of all its exercises.

    Args:
        right: the text of the solution, where it is not one file.

    Raises:
        RubricError: an edit cannot be made.
    """
    for entry in read_entries(path, texts):
        base = path.parent / entry.base if entry.base else solution
        try:
            text = right if right and base == solution else base.read_text(encoding="utf-8")
            yield entry.name, edited(text, _together(entry.exercises.values()))
        except EditError as error:
            raise RubricError(path, entry.name, str(error), f"{error.advice} (in {base.name})") from None
        except OSError as error:
            raise RubricError(path, entry.name, f"{base} cannot be read: {error.strerror}", "correct base") from None


def _meant(key: str, advice: str) -> str:
    """The advice about a key that names nothing to edit: one that is nearly a setting is that, misspelt."""
    found = difflib.get_close_matches(key, _KEYS, 1, 0.75)
    return f"did you mean {found[0]!r}? Else {advice}" if found else advice


def _together(exercises: Iterable[Edits]) -> Edits:
    """The edits of several exercises; shared ones are made once."""
    together: dict[str, tuple[str, ...]] = {}
    for edits in exercises:
        for place, made in edits.items():
            if together.setdefault(place, made) != made:
                raise EditError(f"two exercises edit {place} in different ways", "give one of them an entry of its own")
    return together
