"""What looks copied is found under every disguise of the benchmark, and nobody of an honest class is accused."""

import ast
import json
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from classroom import PATIENCE, RIGHT, command, environment, grader, honest, submitted_at
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.similar import COPIES, stub
from benchmarks.similar import honest as authors
from grader.engine import reader as reader_module
from grader.engine.reader import LockedReader
from grader.submissions.files import File, Held, UnreadableError
from grader.submissions.fingerprints import pairs, prints_of
from grader.submissions.read import SubmittedFiles
from grader.submissions.similar import own_code
from grader.submissions.tokens import tokens_of

pytestmark = pytest.mark.slow

CLASS = dict(authors("conv"))
GIVEN = [prints_of(tokens_of(stub("conv")))]


def alike(class_: dict[str, str]) -> set[frozenset[str]]:
    """The pairs that are worth a look."""
    found = pairs({name: prints_of(tokens_of(text)) for name, text in class_.items()}, GIVEN)
    return {frozenset((pair.first, pair.second)) for pair in found}


def test_an_honest_class_is_not_accused() -> None:
    """Of people who wrote the same functions each on their own, nobody looks copied."""
    assert alike(CLASS) == set()


@pytest.mark.parametrize("kind", COPIES)
def test_a_copy_is_found(kind: str) -> None:
    """One submission copied, however it was disguised, is found, and is the only one."""
    assert alike({**CLASS, "zoe": COPIES[kind](CLASS["camila"])}) == {frozenset(("camila", "zoe"))}


def test_the_stub_is_not_evidence() -> None:
    """Two who handed in the stub as it was given are not alike."""
    assert alike({**CLASS, "yan": stub("conv"), "zoe": stub("conv")}) == set()


def test_what_many_wrote_is_not_evidence() -> None:
    """Where half of the class wrote the same, that is what everybody writes."""
    same = {f"s{n}": CLASS["camila"] for n in range(len(CLASS))}
    assert not any("s1" in pair for pair in alike({**CLASS, **same}))


def test_submission_times_can_be_compared() -> None:
    """A time without an offset has one afterwards, and one that the student may have made is unknown."""
    naive, aware = datetime(2027, 4, 20, 20, 15), datetime(2027, 4, 20, 20, 15, tzinfo=UTC)
    times: dict[str, tuple[datetime, Any]] = {
        "a": (naive, "member"),
        "b": (aware, "member"),
        "c": (aware, "packed"),
        "d": (aware, "loose"),
    }
    items = [
        SubmittedFiles(name, "conv", (File(("conv", "conv.py"), Held(b"x = 1\n"), time, kind),))
        for name, (time, kind) in times.items()
    ]
    found, unread = own_code(items)
    assert ({name: one.time for name, one in found.items()}, unread) == ({"a": aware, "b": aware, "c": None, "d": None}, [])


@given(st.text(max_size=300))
def test_any_text_can_be_compared(text: str) -> None:
    """Whatever was handed in has fingerprints, Python or not."""
    assert isinstance(prints_of(tokens_of(text)), dict)


LONG = 200_000
HARD = {  # what breaks a parser that descends, or makes many tokens
    "open-brackets": "(" * LONG,
    "brackets": f"{'(' * (LONG // 2)}1{')' * (LONG // 2)}",
    "minus": "-" * LONG + "1",
    "not": "not " * (LONG // 4) + "1",
    "lambdas": "lambda:" * (LONG // 7) + "1",
    "f-strings": "f'{" * (LONG // 3),
    "f-strings-in-each-other": "f'{f\"{" * (LONG // 6),
    "attributes": "a" + ".a" * (LONG // 2),
    "calls": "a" + "()" * (LONG // 2),
    "sum": "1" + "+1" * (LONG // 2),
    "elif": "if 1: 1\n" + "elif 1: 1\n" * (LONG // 10),
    "decorators": "@a\n" * (LONG // 3) + "def f(): 1",
    "lines": "a\n" * (LONG // 2),
    "number": "9" * LONG,
    "four-tokens-in-three-letters": "~a;" * (LONG // 3),
}


@pytest.fixture(scope="module")
def reader() -> Iterator[LockedReader]:
    """The process that reads."""
    opened = LockedReader(weak=True)
    yield opened
    opened.close()


@pytest.mark.parametrize("kind", HARD)
def test_text_that_is_hard_to_parse_is_compared(reader: LockedReader, kind: str) -> None:
    """It is parsed in the process that reads; what comes back has as many tokens as the text can pay for."""
    found = reader.tokens(HARD[kind])
    assert sum(map(len, found)) <= 4 / 3 * LONG
    assert len(prints_of(found)) <= 4 / 3 * LONG


def test_answer_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than fits in an answer is not taken, with the reason; the next text is read."""
    reader = LockedReader(weak=True)
    with monkeypatch.context() as patched:
        patched.setattr(reader_module, "LARGEST", {"cut": 100})
        with pytest.raises(UnreadableError, match="too much"):
            reader.tokens("a = 1\n" * 100)
    assert reader.tokens("a = 1") == tokens_of("a = 1")
    reader.close()


@given(st.sampled_from(sorted(CLASS)), st.sampled_from(["q_", "z9", "Ñandú"]))
def test_new_names_change_no_fingerprint(author: str, suffix: str) -> None:
    """Renaming all arguments and locals changes nothing."""
    tree = ast.parse(CLASS[author])
    own = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    own |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in own:
            node.id += suffix
        elif isinstance(node, ast.arg):
            node.arg += suffix
    assert prints_of(tokens_of(ast.unparse(tree))).keys() == prints_of(tokens_of(ast.unparse(ast.parse(CLASS[author])))).keys()


# The command, on a class of the small course.

OWN = RIGHT["vectors"].replace(
    "return x * factor",
    """rows = [float(entry) * float(factor) for entry in np.asarray(x).ravel().tolist()]
    total = 0.0
    for place, entry in enumerate(rows):
        total = max(total, abs(entry) + place / (1 + place))
    kept = [entry if total >= 0 else -entry for entry in rows]
    pieces = dict(zip(range(len(kept)), kept, strict=True))
    while len(pieces) > len(rows):
        pieces.popitem()
    return np.reshape(np.array([pieces[place] for place in sorted(pieces)]), np.shape(x))""",
)


@pytest.fixture
def class_(tmp_path: Path) -> Path:
    """A class in which two have the same unusual answer."""
    folder = honest(tmp_path / "class", "ana", "bea", "caro")
    for student in ("dan", "eva"):
        submitted_at(folder, student, "vectors", OWN if student == "dan" else COPIES["renamed"](OWN))
    submitted_at(folder, "fay", "vectors", b"\xff")
    return folder


def similar(course: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    """Run `grader similar`."""
    return grader("similar", *arguments, "--course", course, cwd=course)


def test_the_pair_is_listed(class_: Path, small_course: Path) -> None:
    """The two stand in the table and nobody else does; who could not be read is counted."""
    done = similar(small_course, class_, "-t", "vectors")
    assert done.returncode == 0 and "1 could not be read; one pair is worth a look" in done.stdout
    assert "dan" in done.stdout and "eva" in done.stdout and "ana" not in done.stdout


def test_the_pair_as_json(class_: Path, small_course: Path) -> None:
    """A line for each pair, with the lines of each that are alike."""
    (line,) = map(json.loads, similar(small_course, class_, "--json").stdout.splitlines())
    assert line["students"] == ["dan", "eva"] and line["share"] > 0.9
    assert all(line["lines"])


def test_an_older_class_is_compared_with_and_not_within(class_: Path, small_course: Path, tmp_path: Path) -> None:
    """With `--against`, a student is compared with last year's; two of last year's are not news."""
    submitted_at(tmp_path / "new", "gil", "vectors", OWN)
    lines = similar(small_course, tmp_path / "new", "-t", "vectors", "--against", class_, "--json").stdout.splitlines()
    assert sorted(json.loads(line)["students"] for line in lines) == [["gil", "class/dan"], ["gil", "class/eva"]]


def test_side_by_side(class_: Path, small_course: Path) -> None:
    """`--show` prints both, the same function beside the same, what is alike marked."""
    done = similar(small_course, class_, "-t", "vectors", "--show", "dan", "eva")
    assert any(line.count("▌") == 2 and line.count("def scale") == 2 for line in done.stdout.splitlines())


def test_side_by_side_at_80_columns(small_course: Path, tmp_path: Path) -> None:
    """On a narrow terminal long lines go on below, in their own half: nothing is cut off."""
    text = OWN.replace("total = 0.0", f"total = {' + '.join(f'0.0 * {number}' for number in range(7001, 7011))}")
    for student in ("dan", "eva"):
        submitted_at(tmp_path / "class", student, "vectors", text)
    honest(tmp_path / "class", "ana", "bea", "caro")
    asked = command("similar", tmp_path / "class", "-t", "vectors", "--show", "dan", "eva", "--course", small_course)
    narrow = environment(TTY_COMPATIBLE="1", COLUMNS="80")
    done = subprocess.run(asked, env=narrow, capture_output=True, encoding="utf-8", check=True, timeout=PATIENCE)
    shown = re.sub(r"\x1b\[[\d;]*m", "", done.stdout)
    assert max(map(len, shown.splitlines())) <= 80
    assert all(shown.count(str(number)) == 2 for number in range(7001, 7011)) and "…" not in shown


def test_the_file_of_another_assignment_is_not_compared(class_: Path, small_course: Path) -> None:
    """Of a class with folders for several assignments, `-t` reads one, and says nothing of the others' files."""
    for student in ("gil", "hal"):
        submitted_at(class_, student, "signs", OWN)
    done = similar(small_course, class_, "-t", "vectors")
    assert "gil" not in done.stdout + done.stderr and "signs" not in done.stderr


def test_showing_who_is_not_there(class_: Path, small_course: Path) -> None:
    """A student who handed in nothing is wrong use."""
    done = similar(small_course, class_, "--show", "dan", "zoe")
    assert done.returncode == 2 and "dan and zoe did not both hand in" in done.stderr
