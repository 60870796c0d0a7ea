"""The pages of a report and of the review app are in one language: their own words, and what was told, however the class was graded."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from parts_class import COURSE, STUB, WRONG, class_of_two, copied, ready, record
from pseudo import latin, pseudo_language
from reviewing import Assistant, Review
from written_class import written_report

from grader.course.folder import find_course
from grader.gradebook.said_again import grade_again
from grader.release.catalogs import of_assignment, of_course
from grader.report.facts import SLIPS
from grader.report.review.parts import PREVIEW
from grader.sandbox.backend import Source
from grader.submissions.read import Submission
from grader.text import language

NAMES = ("ana", "bea", "caro", "marta", "affine", "UTC", "nbgrader")


@pytest.fixture(scope="module")
def pseudo_own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The grader's own messages in Arabic letters."""
    return pseudo_language(tmp_path_factory.mktemp("own"), language.OWN)


@pytest.fixture
def arabic(pseudo_own: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """That language is spoken; whatever a test speaks, the next one speaks English."""
    monkeypatch.setattr(language, "OWN", pseudo_own)
    language.speak("ar")
    yield
    monkeypatch.undo()
    language.speak("en")


def own() -> tuple[str, ...]:
    """What the course itself says, and names: they stay as they are."""
    course = find_course(COURSE)
    said = [one for one in (*of_course(course), *of_assignment(course.assignment("affine"))) if isinstance(one, str)]
    pieces = record(WRONG).run.pieces.values()
    answers = [" ".join(text.split()) for piece in pieces for text in (piece.text or "", piece.code) if text]
    answers += [text[:PREVIEW] for text in answers]
    return (*said, *answers, *(exercise.exercise.name for exercise in ready().plan.exercises), *NAMES)


def test_a_record_of_another_language_is_told_again() -> None:
    """Graded in English, read in Spanish; the points are the same."""
    wrong = record(WRONG)
    language.speak("es")
    again = grade_again(wrong, ready())
    assert again.score == wrong.grade.score
    assert "debería ser un arreglo" in again.exercises[3].checks[0].message


@pytest.mark.usefixtures("arabic")
def test_no_word_of_a_report_is_left_in_english(tmp_path: Path) -> None:
    """The class, its exercises and its students; each page says its language and its direction."""
    made = [
        (record(text, name), Submission(name, "affine", Source("affine", {"affine": text})))
        for name, text in (("ana", WRONG), ("bea", STUB))
    ]
    first = written_report(COURSE, tmp_path, made, {"affine": ready()}, ["caro"])
    pages = {str(path.relative_to(first.parent)): path.read_text(encoding="utf-8") for path in first.parent.rglob("*.html")}
    assert {name.partition("/")[0] for name in pages} == {"index.html", "students", "exercises", "similar", "similar.html"}
    assert {name: found for name, text in pages.items() if (found := latin(text, *own()))} == {}
    assert all('lang="ar" dir="rtl"' in text for text in pages.values())


@pytest.mark.usefixtures("arabic")
def test_no_word_of_the_review_app_is_left_in_english(tmp_path: Path) -> None:
    """Every page, what a change says, and what is refused."""
    review = Review(copied(tmp_path / "course"), class_of_two(tmp_path / "out"))
    someone = review.assistant()
    student = someone.student("ana", "affine")
    pages = [someone.read(path) for path in ("/", "/?all=yes", "/?topic=nothing", "/class", "/history", "/assistants", "/help")]
    pages += [student, someone.student("ana", "affine", "?attempt=2"), someone.student("bea", "affine")]
    pages += [part_of(someone, "ana"), someone.read("/nowhere", 404), someone.browser.get("/enter/none").text]
    pages += [someone.send(student, "adjust", 422), someone.send(student, "adjust", points="1", because="-")]
    pages += [someone.send(student, "adjust", 409, points="1", because="-")]
    pages += [someone.send(part_of(someone, "ana"), "decide"), someone.read("/?all=yes")]
    review.desk.close()
    assert {number: found for number, text in enumerate(pages) if (found := latin(text, *own()))} == {}
    assert all('lang="ar" dir="rtl"' in text for text in pages)


def part_of(someone: Assistant, student: str) -> str:
    """The page of a part that a person decides."""
    return someone.read(someone.review.address(student, "affine").replace("/student/", "/part/") + "/why_bias/1")


def test_every_slip_is_said_in_spanish() -> None:
    """None of them stands there in English."""
    language.speak("es")
    assert not [what for what in SLIPS.values() if language.gettext(what) == what]
