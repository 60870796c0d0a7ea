"""The pictures in a statement, drawn from the solution's functions: SVG files beside it, in its language.

    <!-- picture: feature_map -->        ![title. what is to be seen](pictures/feature_map.svg)
    <!-- end -->

A file is stamped with what it was drawn from (`plots.py`, the solution, data, its words), so that whether it is up to date does not depend
on who draws: the same picture has other bytes with another version of matplotlib.
"""

import hashlib
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from grader.course.folder import Assignment, read_course
from grader.course.panels import Note
from grader.course.pictures import Picture, read_pictures
from grader.course.rubric import solution_namespace
from grader.course.source import marked_texts
from grader.errors import RubricError
from grader.plots.answers import drawing, of_namespace
from grader.plots.figure import as_file, require_matplotlib
from grader.text import atomic
from grader.text.language import SOURCE, speak, spoken
from grader.text.language import gettext as _

FORMAT = 1  # how pictures look: another number has them all drawn anew
MARKER = re.compile(r"^<!-- picture: (?P<name>\w+) -->$", re.MULTILINE)
_STAMP = re.compile(r"<!-- drawn by grader from (\w+) -->")
_WORDS = re.compile(r"<title>(.*?)</title>\s*<desc>(.*?)</desc>", re.DOTALL)


def language_of(statement: Path) -> str:
    """ "" for `README.md`, "es" for `README.es.md`."""
    return statement.stem.partition(".")[2]


def place_of(statement: Path, name: str) -> Path:
    """Where a statement's picture is."""
    language = language_of(statement)
    return statement.parent / "pictures" / f"{name}{'.' if language else ''}{language}.svg"


def shown(statement: Path, name: str) -> str:
    """The picture as Markdown, its words as the text for those who do not see it.

    Raises:
        RubricError: it has not been drawn.
    """
    path = place_of(statement, name)
    found = _WORDS.search(path.read_text(encoding="utf-8")) if path.is_file() else None
    if found is None:
        advice = f"draw it: grader release {statement.parent.name}"
        raise RubricError(statement, "", f"the picture {path.name} is not there", advice)
    title, text = (unescape(part).strip() for part in found.groups())
    words = f"{title}{'' if title[-1:] in '?!.' else '.'} {text}" if text else title
    words = re.sub(r"([\[\]\\*_`])", r"\\\1", " ".join(words.split()))
    return f"![{words}]({path.parent.name}/{path.name})\n"


def draw_pictures(assignment: Assignment, *, check: bool) -> Iterator[tuple[Path, bool]]:
    """Each picture of the statements and whether it was up to date; one that was not is drawn, unless they are only checked.

    Raises:
        RubricError: a marker names no picture of `plots.py`, or the solution does not give what it needs.
        UsageError: matplotlib is needed, and is not installed.
    """
    before = spoken()
    for statement in sorted(assignment.folder.glob("README*.md")):
        names = list(dict.fromkeys(MARKER.findall(statement.read_text(encoding="utf-8"))))
        if not names:
            continue
        speak(language_of(statement) or SOURCE)
        try:
            pictures = {picture.name: picture for picture in read_pictures(assignment)}
            for name in names:
                if name not in pictures:
                    problem, advice = f"no picture is called {name!r}", f"plots.py has {', '.join(pictures) or 'none'}"
                    raise RubricError(statement, "", problem, advice)
                path, stamp = place_of(statement, name), _stamp(assignment, pictures[name])
                current = path.is_file() and _stamp_of(path) == stamp
                if not current and not check:
                    atomic.write(path, _drawn(assignment, pictures[name], stamp))
                yield path, current
        finally:
            speak(before)


def _drawn(assignment: Assignment, picture: Picture, stamp: str) -> str:
    require_matplotlib()
    one = drawing(
        picture, 0, of_namespace(solution_namespace(assignment), lambda topic: solution_namespace(_other(assignment, topic)))
    )
    for panel in one.panels:
        if isinstance(panel, Note):
            raise RubricError(assignment.plots, picture.name, f"{panel.title} {panel.text}".strip(), "try it: grader plot")
    svg = as_file(one, "svg").decode()
    return svg.replace("</svg>", f"<!-- drawn by grader from {stamp} -->\n</svg>")


def _stamp_of(path: Path) -> str:
    found = _STAMP.search(path.read_text(encoding="utf-8"))
    return found[1] if found else ""


def _other(assignment: Assignment, topic: str) -> Assignment:
    """Another topic of the course."""
    return read_course(assignment.root).assignment(topic)


def _stamp(assignment: Assignment, picture: Picture) -> str:
    """What a picture is drawn from, in the language that is spoken."""
    digest = hashlib.sha256(str(FORMAT).encode())
    others = [path for topic in picture.topics for path in _other(assignment, topic).solution_files]
    for path in (assignment.plots, *assignment.solution_files, *others, *sorted(assignment.folder.glob("*.npz"))):
        digest.update(path.read_bytes())
    for text in marked_texts(assignment.plots):
        digest.update(_(text).encode() + b"\0")
    return digest.hexdigest()[:16]
