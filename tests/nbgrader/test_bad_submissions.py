"""Submissions that are made to hold up a class, beside good ones: each has its row or line; the others are graded, with feedback."""

import json
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from both_ways import GRADES, BothWays, grade_fast, nbgrader, rows, smaller
from classroom import once
from odd_notebooks import Notebook, named, odd

pytestmark = pytest.mark.slow

GOOD = ("ana", "camila")


def bomb(folder: Path, _right: bytes) -> None:
    """A small archive with a huge notebook."""
    with zipfile.ZipFile(folder / "conv.zip", "w", zipfile.ZIP_DEFLATED) as archive, archive.open("conv.ipynb", "w") as member:
        for _ in range(101):
            member.write(bytes(1 << 20))


def many_files(folder: Path, right: bytes) -> None:
    """3,001 files beside the notebook."""
    (folder / "conv").mkdir()
    (folder / "conv" / "conv.ipynb").write_bytes(right)
    for number in range(3001):
        (folder / "conv" / f"{number}.txt").touch()


def strange_files(folder: Path, right: bytes) -> None:
    """Names with markup, a line break, and bytes that are not text."""
    (folder / "conv").mkdir()
    (folder / "conv" / "conv.ipynb").write_bytes(right)
    for name in (b"<script>alert(1)<", b"a\nb.txt", b"\xff\xfe.txt"):
        (folder / "conv" / os.fsdecode(name)).touch()


def nested(folder: Path, _right: bytes) -> None:
    """JSON a hundred thousand lists deep."""
    (folder / "conv").mkdir()
    (folder / "conv" / "conv.ipynb").write_bytes(b'{"cells": ' + b"[" * 100_000)


def changed(change: Callable[[Notebook], None]) -> Callable[[Path, bytes], None]:
    """The right notebook, but for a change."""

    def write(folder: Path, right: bytes) -> None:
        notebook = json.loads(right)
        change(notebook)
        (folder / "conv").mkdir()
        (folder / "conv" / "conv.ipynb").write_text(json.dumps(notebook))

    return write


def half_an_emoji(notebook: Notebook) -> None:
    """In the code of an answer."""
    cell = named(notebook, "conv2d")
    cell["source"] = "".join(cell["source"]) + "\n# \ud83d"


def metadata(notebook: Notebook) -> None:
    """Much that nobody reads, with markup in its names."""
    notebook["metadata"] = {f"<{place}>\n": {"x": [place] * 9} for place in range(50_000)}
    for cell in notebook["cells"]:
        cell["metadata"]["<b>\n"] = {"much": [[]] * 1_000}


BAD = {
    "bomb": bomb,
    "half-an-emoji": changed(half_an_emoji),
    "many-files": many_files,
    "metadata": changed(metadata),
    "nested": nested,
    "strange-files": strange_files,
    "<b>eve<": changed(lambda _: None),
    "two\nlines": changed(lambda _: None),
    os.fsdecode(b"not-text-\xff"): changed(lambda _: None),
}


GRADED = {"half-an-emoji", "metadata", "strange-files"}  # bad in nothing that is graded or shown
UNREAD = {"bomb": "unpacks to more than 100 MB", "many-files": "more than 3000 files", "nested": "is not a notebook"}
UNNAMED = set(BAD) - GRADED - set(UNREAD)  # nbgrader has no page for such a student


class Class(NamedTuple):
    """A graded class.

    Attributes:
        room: the course directory; `rows`: what `grade --json` printed, by student; `log`: what it said.
    """

    room: Path
    rows: dict[str, dict[str, Any]]
    log: str


def make(folder: Path, both: BothWays) -> None:
    """Two good submissions and all bad ones, graded into the gradebook, with feedback."""
    room = smaller(both, folder / "room", *GOOD)
    right = odd(lambda _: None)((room / "release" / "conv" / "conv.ipynb").read_text())["conv.ipynb"]
    for student, write in BAD.items():
        (room / "submitted" / student).mkdir()
        write(room / "submitted" / student, right)
    done = grade_fast(room, both.course, "--out", folder / "results", "--json")
    assert done.returncode == 0, done.stderr
    fed_back = nbgrader(room, "generate_feedback", "conv")
    assert fed_back.returncode == 0, fed_back.stderr
    (folder / "rows").write_text(done.stdout)
    (folder / "log").write_text(done.stderr)


@pytest.fixture(scope="session")
def graded(both: BothWays, tmp_path_factory: pytest.TempPathFactory) -> Class:
    """What `make` makes, once for all test processes."""
    folder = once(tmp_path_factory, "bad-submissions", lambda folder: make(folder, both))
    lines = map(json.loads, (folder / "rows").read_text().splitlines())
    return Class(folder / "room", {line["student"]: line for line in lines}, (folder / "log").read_text())


def test_everybody_has_a_row(graded: Class) -> None:
    """Nobody is missing, and nobody is the grader's fault."""
    shown = {os.fsencode(student).decode("utf-8", "backslashreplace") for student in BAD}
    assert graded.rows.keys() == {*GOOD, *shown}
    assert all(row["status"] != "grader_error" for row in graded.rows.values())


@pytest.mark.parametrize("student", sorted({*GOOD, *GRADED}))
def test_what_can_be_read_is_graded_and_has_its_feedback(graded: Class, student: str) -> None:
    """All points, in the gradebook too, and a page."""
    assert graded.rows[student]["score"] == 10
    assert round(sum(row[1] for row in rows(graded.room, GRADES, student)), 4) == 10
    assert "(Score: 10.0 / 10.0)" in (graded.room / "feedback" / student / "conv" / "conv.html").read_text()


@pytest.mark.parametrize("student", UNREAD)
def test_what_cannot_be_read_says_why(graded: Class, student: str) -> None:
    """In its row, and in a line about the gradebook."""
    assert UNREAD[student] in graded.rows[student]["message"]
    assert re.search(rf"{re.escape(student)}, conv: (not|entered) in the gradebook[a-z ]*: ", graded.log)


def test_names_that_nbgrader_cannot_show(graded: Class) -> None:
    """They are graded, said, and left out of the gradebook."""
    assert graded.log.count("nbgrader cannot show such a name; rename the student's folder") == len(UNNAMED)
    assert {path.name for path in (graded.room / "autograded").iterdir()} == {*GOOD, *GRADED}


def test_notebooks_for_feedback_are_small(graded: Class) -> None:
    """What nobody reads is not handed on."""
    sizes = {student: (graded.room / "autograded" / student / "conv" / "conv.ipynb").stat().st_size for student in GRADED}
    assert max(sizes.values()) < 1_000_000
