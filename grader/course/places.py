"""Where a worked example stands in the statement that students read: «README, “Padding and stride”, third example»."""

import re
from collections.abc import Iterable, Iterator

from grader.course.folder import Assignment
from grader.text.language import SOURCE, marked, spoken
from grader.text.language import gettext as _
from grader.text.variants import variants

_LINE = re.compile(r"^(?:#+ +(?P<section>.+?)|<!-- example: +(?P<id>[^ >]+) -->) *$|^ *(?P<fence>```|~~~)", re.MULTILINE)
_PLACES = (
    marked("{readme}, “{section}”, first example"),
    marked("{readme}, “{section}”, second example"),
    marked("{readme}, “{section}”, third example"),
    marked("{readme}, “{section}”, fourth example"),
    marked("{readme}, “{section}”, fifth example"),
)
_NEXT = marked("{readme}, “{section}”, example {n}")
_ONLY = marked("{readme}, “{section}”, the example")
_ELSEWHERE = marked("{file}, “{id}”")


def example_places(assignment: Assignment, ids: Iterable[str]) -> dict[str, str]:
    """The place of each worked example in the statement in the language in force; of one that it does not show, in `examples.toml`."""
    elsewhere = {id: _(_ELSEWHERE).format(file=assignment.examples.name, id=id) for id in ids}
    return elsewhere | {id: place for id, place in _shown(assignment).items() if id in elsewhere}


def _shown(assignment: Assignment) -> dict[str, str]:
    own = [] if spoken() == SOURCE else [f"README.{name}.md" for name in variants(spoken())]
    path = next((assignment.folder / name for name in (*own, "README.md") if (assignment.folder / name).is_file()), None)
    if path is None:
        return {}
    places: dict[str, str] = {}
    for section, ids in _sections(path.read_text(encoding="utf-8", errors="replace")):
        for n, example in enumerate(ids):
            text = _ONLY if len(ids) == 1 else _PLACES[n] if n < len(_PLACES) else _NEXT
            places.setdefault(example, _(text).format(readme=path.stem, section=section, n=n + 1))
    return places


def _sections(text: str) -> Iterator[tuple[str, list[str]]]:
    """The headings of a statement, each with the ids of the examples below it."""
    section, ids, fenced = "", list[str](), False
    for found in _LINE.finditer(text):
        if found["fence"]:
            fenced = not fenced
        elif found["id"]:
            ids.append(found["id"])
        elif not fenced:  # a comment in code
            yield section, ids
            section, ids = found["section"], []
    yield section, ids
