"""Files that cannot be read, cannot be run, or only look as if: each costs its own student only, and the message says what to do."""

from pathlib import Path

import pytest
from classroom import FULL, RIGHT, exercise, first_lack, grader, grades, honest, submitted_at

from grader.judge.verdicts import Grade

pytestmark = pytest.mark.slow

LATIN = "# año\n".encode("latin-1")
UNREADABLE = {
    "no_text": (LATIN + RIGHT["vectors"].encode(), "vectors.py is not UTF-8 text; save it as UTF-8"),
    "no_text_later": (RIGHT["vectors"].encode() + LATIN, "vectors.py is not UTF-8 text at byte "),
    "nul_bytes": (b"x = 1\0\n", "vectors.py has NUL bytes"),
    "five_megabytes": (b"#" * (5 << 20), "vectors.py is 5.24 MB; at most 1.05 MB are read"),
    "unknown_coding": ("# coding: martian\n", "vectors.py is not UTF-8 text"),
    "surrogates_by_coding": ('# coding: unicode_escape\nx = "\\ud800"\n', "written in unicode_escape, which is not read"),
    "coding_that_fails": ("# coding: punycode\nx = 1\n", "written in punycode, which is not read"),
    "coding_undefined": ("# coding: undefined\nx = 1\n", "written in undefined, which is not read"),
    "coding_no_text": ("# coding: rot13\nx = 1\n", "written in rot13, which is not read"),
}
NOT_PYTHON = {
    "syntax_error": ("x = 1\n\ndef scale(x, factor)\n    return x\n", "SyntaxError in line 3: `def scale(x, factor)`"),
    "brackets": ("(" * 5000, "SyntaxError in line 1"),
    "endless_sum": ("x = " + "+".join("1" * 100_000), "vectors.py cannot be run: "),
    "raises_at_once": ("import numpy\n\nnumpy.nothing\n", "line 3: `numpy.nothing`: it raised AttributeError"),
    "needs_what_is_not_there": (
        "import torch\nfloat(torch.tanh(1))\n",
        "it uses `torch.tanh`, but only numpy, the standard library",
    ),
}
AS_GOOD_AS_ANY = {
    "latin_with_coding_line": b"# -*- coding: latin-1 -*-\n" + LATIN + RIGHT["vectors"].encode(),
    "windows_with_coding_line": b"# coding: cp1252\n" + LATIN + RIGHT["vectors"].encode(),
    "utf8_with_bom": b"\xef\xbb\xbf" + RIGHT["vectors"].encode(),
    "windows_line_ends": RIGHT["vectors"].replace("\n", "\r\n").encode(),
    "old_line_ends": RIGHT["vectors"].replace("\n", "\r").encode(),
}
LOST = {
    "name_misspelt": (RIGHT["vectors"].replace("def scale", "def scales"), "did you mean to call `scales` that?"),
    "parameter_missing": (
        RIGHT["vectors"].replace("(x: Array, factor: float)", "(x)"),
        "your scale takes (x); the stub has (x, factor)",
    ),
    "parameter_too_many": (RIGHT["vectors"].replace("factor: float)", "factor, axis)"), "the stub has (x, factor)"),
    "no_function": (RIGHT["vectors"].replace("def scale", "scale = 3\n\n\ndef other"), "'int' object is not callable"),
}
HONEST = ("aaa", "zzz")


@pytest.fixture(scope="module")
def graded(small_course: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Grade]:
    """The grades of a class in which everyone answers `signs` well and most hand in something odd for `vectors`."""
    folder = tmp_path_factory.mktemp("files")
    honest(folder / "class", *HONEST)
    texts = {name: text for table in (UNREADABLE, NOT_PYTHON, LOST) for name, (text, _) in table.items()}
    for student, text in {**texts, **AS_GOOD_AS_ANY, "empty": ""}.items():
        submitted_at(folder / "class", student, "vectors", text)
        submitted_at(folder / "class", student, "signs")
    done = grader("grade", folder / "class", "--course", small_course, "--out", folder / "out", cwd=folder)
    assert (done.returncode, done.stdout != "") == (0, True), done.stderr
    return grades(folder / "out")


@pytest.mark.parametrize("student", UNREADABLE)
def test_unreadable_file_is_named_with_the_remedy(graded: dict[tuple[str, str], Grade], student: str) -> None:
    """A file that is not read as Python text earns 0, and the message says why."""
    grade = graded[student, "vectors"]
    assert (grade.status, grade.score) == ("graded", 0)
    assert UNREADABLE[student][1] in grade.message


@pytest.mark.parametrize("student", NOT_PYTHON)
def test_file_that_does_not_run_names_the_line(graded: dict[tuple[str, str], Grade], student: str) -> None:
    """A file that cannot be executed earns 0, and the message shows where."""
    grade = graded[student, "vectors"]
    assert (grade.status, grade.score) == ("graded", 0)
    assert NOT_PYTHON[student][1] in grade.message


@pytest.mark.parametrize("student", AS_GOOD_AS_ANY)
def test_other_encodings_and_line_ends_are_as_good(graded: dict[tuple[str, str], Grade], student: str) -> None:
    """A right answer with a coding line, a byte order mark or other line ends has full marks."""
    assert graded[student, "vectors"].full_marks, graded[student, "vectors"]


@pytest.mark.parametrize("student", LOST)
def test_one_lost_function_costs_its_own_points_only(graded: dict[tuple[str, str], Grade], student: str) -> None:
    """A function that cannot be called as the stub says is explained, and the others keep their points."""
    grade = graded[student, "vectors"]
    assert (exercise(grade, "scale").score, exercise(grade, "running_total").score) == (0, 2)
    assert LOST[student][1] in first_lack(grade).message


def test_empty_file_defines_nothing(graded: dict[tuple[str, str], Grade]) -> None:
    """An empty file is a submission that implements nothing."""
    grade = graded["empty", "vectors"]
    assert grade.score == 0
    assert {check.outcome for found in grade.exercises for check in found.checks} == {"not_implemented"}


def test_everyone_else_is_unaffected(graded: dict[tuple[str, str], Grade]) -> None:
    """The honest neighbours, and the other topic of every odd student, have full marks."""
    others = [grade for (student, topic), grade in graded.items() if student in HONEST or topic == "signs"]
    assert len(others) == len(HONEST) + len({student for student, _ in graded})
    assert [grade.student for grade in others if grade.score != FULL[grade.assignment]] == []
