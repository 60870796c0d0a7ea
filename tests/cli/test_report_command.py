"""`grader report`: a class as a folder of pages."""

import re
import subprocess
from html import unescape
from pathlib import Path

import pytest
from classroom import grader, scaling, submitted_at

pytestmark = pytest.mark.slow


def report(graded: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    """Run `grader report` on the records of a graded class."""
    return grader("report", *arguments, "--course", graded / "course", "--out", graded / "out", cwd=graded)


def text(page: Path) -> str:
    """What a page says, without markup."""
    body = page.read_text().partition("<body>")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def page_of(graded: Path, student: str, folder: str = "out/report") -> Path:
    """The page of a student."""
    (found,) = (graded / folder / "students").glob(f"{student}-*.html")
    return found


def test_a_class_its_exercises_and_its_students_have_pages(graded: Path) -> None:
    """The first line says where to begin and how much there is."""
    done = report(graded)
    assert (done.returncode, done.stdout) == (0, f"{graded}/out/report/index.html: 3 students, 3 exercises\n"), done.stderr
    index = text(graded / "out" / "report" / "index.html")
    assert "ana" in index and "caro" in index and "3 handed in, 2 with full marks" in index
    assert "signs.py is not UTF-8 text" in index


def test_a_students_page_says_what_show_says(graded: Path) -> None:
    """Every check with its points, its message and the attempts."""
    report(graded)
    shown = grader("show", "caro", "vectors", "--course", graded / "course", "--out", graded / "out", cwd=graded).stdout
    page = text(page_of(graded, "caro"))
    checks = re.findall(r"[✓✗] (.+?)  (0 of [\d.]+|[\d.]+)(?:  |$)", shown, re.MULTILINE)
    assert len(checks) > 6
    for name, score in checks:
        assert name in page and score in page
    assert "raised ValueError: [/bold] is no [red]tag" in page


def test_the_code_is_shown_with_the_line_that_failed(graded: Path) -> None:
    """With the class's folder, the page has the code that was graded, and its remark at the line."""
    report(graded, "--submissions", graded / "class")
    page = page_of(graded, "caro").read_text()
    (line,) = re.findall(r'<span class="line wrong"[^>]*>(.*?)\n</span>', page, re.DOTALL)
    assert "raise ValueError" in unescape(line) and "scale: raised ValueError" in unescape(line)


def test_copied_work_is_told_side_by_side(graded: Path) -> None:
    """Two students with the same unusual code are a pair, and each one's page names the other."""
    body = (
        "out = np.zeros(x.shape)\nfor place in range(x.size):\n    value = x.reshape(-1)[place]\n    twice = value * factor * 2\n"
    )
    body += "    half = twice / 2\n    out.reshape(-1)[place] = half + 0 * place - 0 * value\n    if half == value + 1e300:\n"
    body += "        out = out - 1\nshift = np.asarray(out).mean() * 0\nreturn out + shift - 0 * factor + 0 * len(x.shape)"
    for student in ("dan", "eve"):
        submitted_at(graded / "class", student, "vectors", scaling(body))
    graded_again = grader("grade", graded / "class", "--course", graded / "course", "--out", graded / "out", cwd=graded)
    assert graded_again.returncode == 0, graded_again.stderr
    done = report(graded, "--submissions", graded / "class")
    assert "1 similar pair" in done.stdout, done.stderr
    assert "vectors, eve: 100%" in text(page_of(graded, "dan"))
    (pair,) = (graded / "out" / "report" / "similar").iterdir()
    assert 'class="code shared"' in pair.read_text()


def test_who_of_the_class_list_handed_in_nothing_is_named(graded: Path) -> None:
    """By the name that the list gives."""
    (graded / "list.csv").write_text("student_id,name\nana,Ana A\nbea,Bea B\ncaro,Caro C\nzoe,Zoe Z\n")
    report(graded, "--roster", graded / "list.csv")
    index = text(graded / "out" / "report" / "index.html")
    assert "1 of the class list handed in nothing at all: Zoe Z" in index and "Ana A (ana)" in index


def test_a_section_has_a_report_of_its_own(graded: Path) -> None:
    """Its students alone, in the statistics too."""
    (graded / "list.csv").write_text("student_id,name,section\nana,Ana A,Mon\nbea,Bea B,Tue\ncaro,Caro C,Tue\n")
    done = report(graded, "--roster", graded / "list.csv", "--section", "Tue", "--to", "tue")
    assert done.stdout == "tue/index.html: 2 students, 3 exercises\n", done.stderr
    index = text(graded / "tue" / "index.html")
    assert "2 handed in, 1 with full marks" in index and "Ana" not in index


def test_an_anonymous_report_names_nobody(graded: Path) -> None:
    """Neither in a page nor in a file's name."""
    done = report(graded, "--anonymous", "--to", "blind")
    assert done.returncode == 0, done.stderr
    for page in (graded / "blind").rglob("*.html"):
        assert not re.search(r"\b(ana|bea|caro)\b", f"{page.name} {text(page)}")


WRONG = {
    "another folder": (("--to", "class"), "class holds other files, and is not a report of the grader"),
    "no such topic": (("sign",), "no assignment is called 'sign'"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_done_is_said(graded: Path, case: str) -> None:
    """Wrong use: exit code 2, and what to do."""
    arguments, message = WRONG[case]
    done = report(graded, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
