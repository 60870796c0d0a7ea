"""Whoever asks for Spanish reads no message in English that has a translation."""

import re
from functools import cache
from pathlib import Path

import polib
import pytest
from classroom import REPO, grader

from grader.course.folder import CATALOGS, read_course
from grader.course.several import stubs
from grader.release.guide import guide
from grader.release.public import topic_files
from grader.release.source_texts import in_language
from grader.release.statement import statements
from grader.text.language import OWN

pytestmark = pytest.mark.slow

COURSE = read_course(REPO)
TOPICS = [assignment.name for assignment in COURSE.assignments]
PARTS = re.compile(r"\s{2,}|[✓✗◐–…!→│|*`#>«»“”]+|: |; | · |\. |, |<[^>]*>|\(|\)")  # of a line: what is said one after the other
PLACE = re.compile(r"\\\{\w*\\\}")
WORDS = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")


@cache
def english() -> re.Pattern[str]:
    """Every message that is something else in Spanish, with anything in the place of a placeholder."""
    found = set()
    for po in [*OWN.rglob("es/*/*.po"), *(REPO / CATALOGS).rglob("es/*/*.po")]:
        for entry in polib.pofile(str(po), encoding="utf-8"):
            said = entry.msgstr or entry.msgstr_plural.get(0, "")
            for text in filter(None, (entry.msgid, entry.msgid_plural)):
                if text != said and WORDS.search(re.sub(r"\{\w*\}|`[^`]*`", "", text)):
                    found.add(PLACE.sub(".+", re.escape(" ".join(text.split()))))
    return re.compile("|".join(sorted(found)))


def left(text: str) -> list[str]:
    """The lines of a text that are, or have in them, a message in English."""
    found = []
    for line in text.splitlines():
        parts = {line, *PARTS.split(line), *re.split(r"\s{2,}|^\s*[✓✗◐–…→]\s*", line)}
        found += [line for part in parts if english().fullmatch(part.strip(" .…")) or english().fullmatch(part.strip())][:1]
    return found


def spanish(*arguments: object, cwd: Path) -> str:
    """What a command says to somebody whose environment is in Spanish."""
    done = grader(*arguments, "--lang", "es", cwd=cwd)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def test_english_is_found() -> None:
    """The search can find something: a message, and one in a line with others."""
    lines = ["not implemented yet", "– conv2d  0 de 2  Convolution of one image with one kernel.  sin escribir", "nada que decir"]
    assert left("\n".join(lines)) == lines[:2]


def test_the_list(tmp_path: Path) -> None:
    """`grader list` of the course and of each topic's exercises."""
    said = [spanish("list", *topic, "--course", REPO, cwd=tmp_path) for topic in ((), TOPICS)]
    assert [line for text in said for line in left(text)] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_a_check(topic: str, tmp_path: Path) -> None:
    """`grader check` of a wrong file, or of the empty stub where there is none."""
    wrong = sorted((REPO / "tests/submissions" / topic / "wrong").glob("*.py"))[:1]
    said = spanish("check", *wrong or (COURSE.assignment(topic).stub,), "-t", topic, "--course", REPO, cwd=tmp_path)
    assert left(said) == []


def test_a_class(tmp_path: Path) -> None:
    """What is told of a class, and what its students are given back."""
    spanish("grade", REPO / "examples/class", "conv", "--course", REPO, "--allow-weak-sandbox", cwd=tmp_path)
    said = spanish("show", "bruno", "conv", "--course", REPO, cwd=tmp_path)
    spanish("feedback", "conv", "--to", "back", "-f", "markdown", "--course", REPO, cwd=tmp_path)
    pages = [path.read_text() for path in sorted((tmp_path / "back").rglob("*.md"))]
    assert len(pages) > 5
    assert [line for text in (said, *pages) for line in left(text)] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_what_students_get(topic: str) -> None:
    """The statement and the stub of a topic in Spanish."""
    assignment = COURSE.assignment(topic)
    written = {path.name: text for path, text in statements(assignment)}
    stub = stubs(assignment, lambda text: in_language(text, assignment, "es"))
    assert [line for text in (written["README.es.md"], *stub.values()) for line in left(text)] == []


def test_the_statement_that_students_get() -> None:
    """In a release in Spanish it is the only one, under the name of the only one."""
    files = topic_files(COURSE.assignment("conv"), "es")
    assert {path.name: left(content.decode()) for path, content in files.items() if path.suffix == ".md"} == {"README.md": []}


def test_the_guide() -> None:
    """The page that comes with a Spanish bundle."""
    assert left(guide(COURSE, [(COURSE.assignment("conv"), "conv2d")], "grader.whl", False, ["pandas"], "es")) == []
