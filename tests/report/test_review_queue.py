"""The queue of the review app: what needs a person, why, and what was dealt with."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asgi_browser import Browser
from reviewing import HOST, Review, alike, lacking, review_of
from written_class import HASH, HOSTILE

from grader.engine.record import Record
from grader.errors import UsageError
from grader.gradebook.open_store import open_store
from grader.gradebook.review_log import settled
from grader.gradebook.same_class import Dropped
from grader.gradebook.sqlite import FILE
from grader.judge.verdicts import Grade
from grader.run import Run
from grader.sandbox.outcome import Returned


def not_graded(student: str, status: str, message: str) -> Record:
    """A submission that has no grade, or none worth the name."""
    score = 0.0 if status == "graded" else None
    grade = Grade(student=student, assignment="signs", status=status, score=score, max_score=1.0, exercises=(), message=message)  # type: ignore[arg-type]
    return Record(student, "signs", HASH, HASH, HASH, Run(Returned(), ()), grade)


def shown(page: str) -> list[tuple[str, str]]:
    """Student and reason of each row."""
    rows = re.findall(r'<a class="row"[^>]*>([^<]*)</a>.*?</th>\s*<td>[^<]*</td><td>([^<]*)</td>', page, re.DOTALL)
    return [(student, reason) for student, reason in rows]


def test_reasons_come_from_the_records(small_course: Path, tmp_path: Path) -> None:
    """A fault of the grader, a file that cannot be read, and a score that fell or leapt; who has none of it is not there."""
    records = [
        lacking("ana"),
        *(lacking("bea", score, text) for score, text in ((3.0, "a"), (2.0, "b"))),
        *(lacking("caro", score, text) for score, text in ((1.0, "a"), (4.0, "b"))),
        *(lacking("dora", score, text) for score, text in ((1.0, "a"), (3.0, "b"))),
        not_graded("emil", "grader_error", "the sandbox failed"),
        not_graded("fay", "graded", "signs.py is not UTF-8 text"),
    ]
    with review_of(small_course, tmp_path, records) as review:
        page = review.assistant().read("/")
    assert sorted(shown(page)) == [
        ("bea", "gap between attempts"),
        ("caro", "gap between attempts"),
        ("emil", "not graded"),
        ("fay", "not graded"),
    ]
    assert "fell: 3 in attempt 1, 2 of 5 in attempt 2" in page and "rose by more than half: 1 in attempt 1" in page


@pytest.mark.parametrize(
    ("query", "students"),
    [
        ("?topic=signs", ["emil"]),
        ("?reason=attempts", ["bea"]),
        ("?topic=signs&reason=attempts", []),
        ("?sort=student", ["bea", "emil"]),
    ],
)
def test_it_is_filtered_and_sorted(small_course: Path, tmp_path: Path, query: str, students: list[str]) -> None:
    """By assignment, by reason, by both; by name."""
    records = [lacking("bea", 3.0), lacking("bea", 2.0, "b"), not_graded("emil", "grader_error", "the sandbox failed")]
    with review_of(small_course, tmp_path, records) as review:
        assert [student for student, _ in shown(review.assistant().read(f"/{query}"))] == students


def test_an_item_is_done_and_opened_again(small_course: Path, tmp_path: Path) -> None:
    """Done, it leaves the queue, with who and when; the log keeps both words."""
    with review_of(small_course, tmp_path, [not_graded("emil", "grader_error", "the sandbox failed")]) as review:
        marta = review.assistant()
        page = marta.send(marta.student("emil", "signs"), "done")
        assert shown(marta.read("/")) == [] and "done by marta" in marta.read("/?all=yes")
        marta.send(page, "open")
        assert shown(marta.read("/")) == [("emil", "not graded")]
        with review.desk.reading() as store:
            assert len(store.logged()) == 2 and settled(store.logged()) == {}


def test_a_new_attempt_is_a_new_item(small_course: Path, tmp_path: Path) -> None:
    """What was done about one fall does not hide the next one."""
    with review_of(small_course, tmp_path, [lacking("bea", 3.0), lacking("bea", 2.0, "b")]) as review:
        marta = review.assistant()
        marta.send(marta.student("bea"), "done")
        assert shown(marta.read("/")) == []
        with open_store(review.out, write=True) as store:
            store.save(lacking("bea", 1.0, "c"))
        assert shown(marta.read("/")) == [("bea", "gap between attempts")]


@pytest.mark.parametrize("sort", ["reason", "student"])
def test_from_one_student_to_the_next_in_the_filtered_queue(small_course: Path, tmp_path: Path, sort: str) -> None:
    """The links before and after stay within the filter and its order."""
    records = [record for name in ("ana", "bea", "caro") for record in (lacking(name, 3.0), lacking(name, 2.0, "b"))]
    with review_of(small_course, tmp_path, [*records, not_graded("emil", "grader_error", "x")]) as review:
        marta = review.assistant()
        first = re.search(r'class="row" href="([^"]*)"', marta.read(f"/?reason=attempts&sort={sort}"))
        assert first
        page, names = marta.read(first[1].replace("&amp;", "&")), []
        while True:
            names.append(re.search(r"<h1>(\w+)", page)[1])  # type: ignore[index]
            after = re.search(r'rel="next" href="([^"]*)"', page)
            if after is None:
                break
            page = marta.read(after[1].replace("&amp;", "&"))
        assert names == ["ana", "bea", "caro"]


def test_names_and_texts_of_students_are_text(small_course: Path, tmp_path: Path) -> None:
    """Markup, templates and control codes in names, requests, messages and remarks reach no page unescaped."""
    bad = "<img src=x onerror=alert(1)>{{7*7}}\x1b[31m"
    records = [record for name in HOSTILE for record in (lacking(name, 3.0), lacking(name, 2.0, "b"))]
    with review_of(small_course, tmp_path, [*records, not_graded("emil", "graded", bad)]) as review:
        marta = review.assistant("<b>marta</b>")
        pages = [marta.read(path) for path in ("/", "/class?topic=vectors")]
        for name in HOSTILE:
            page = marta.send(marta.student(name), "ask", text=bad)
            pages += [page, marta.send(page, "adjust", points="1", because=bad)]
        pages += [marta.read("/"), marta.read("/history"), marta.read("/assistants")]
    for page in pages:
        assert not re.search(
            r"<(img|b|script)\b(?! src=\"/static/review.js\")", page.replace("<b>gap", "").replace("<b>regrade", "")
        )
        assert "\x1b" not in page and "49" not in page.partition("{{7*7}}")[0][-3:] and "\u202e" not in page


def test_no_name_is_in_an_address(small_course: Path, tmp_path: Path) -> None:
    """Neither in a blind review nor otherwise: browsers keep addresses."""
    with review_of(small_course, tmp_path, [lacking("wilhelmina", 3.0), lacking("wilhelmina", 2.0, "b")]) as review:
        page = review.assistant().read("/")
    assert "wilhelmina" in page and not any("wilhelmina" in address for address in re.findall(r'href="([^"]*)"', page))


def test_a_blind_review_shows_numbers(small_course: Path, tmp_path: Path) -> None:
    """On every page, also where a change is refused; the number is the same at every start."""
    records = [lacking("wilhelmina", 3.0), lacking("wilhelmina", 2.0, "b")]
    numbers = []
    for start in ("one", "two"):
        with review_of(small_course, tmp_path / start, records, blind=True) as review:
            marta = review.assistant()
            page = marta.student("wilhelmina")
            pages = [
                page,
                marta.send(page, "adjust", points="1", because="x"),
                marta.send(page, "adjust", 409, points="1", because="x"),
            ]
            pages += [marta.read(path) for path in ("/", "/class?topic=vectors", "/history", "/help")]
            assert not any("wilhelmina" in page for page in pages)
            numbers.append(re.search(r"<h1>(Student \d{6}) ", page)[1])  # type: ignore[index]
    assert len(set(numbers)) == 1


@pytest.mark.parametrize(
    "path",
    ["/student/000000/vectors", "/student/ana/vectors", "/student/{ana}/nothing", "/static/x", "/pair/vectors/1-2"],
)
def test_an_address_that_is_none_is_said(small_course: Path, tmp_path: Path, path: str) -> None:
    """404, with a way back."""
    with review_of(small_course, tmp_path, [lacking("ana")]) as review:
        number = review.address("ana").split("/")[2]
        assert "There is no such" in review.assistant().read(path.replace("{ana}", number), 404)


def test_an_attempt_that_there_is_not_is_said(small_course: Path, tmp_path: Path) -> None:
    """400, with how many there are."""
    with review_of(small_course, tmp_path, [lacking("ana")]) as review:
        assert "there is no attempt 9" in review.assistant().read(f"{review.address('ana')}?attempt=9", 400)


def test_an_earlier_attempt_is_shown(small_course: Path, tmp_path: Path) -> None:
    """With what it earned."""
    with review_of(small_course, tmp_path, [lacking("ana", 3.0), lacking("ana", 2.0, "b")]) as review:
        page = review.assistant().student("ana", query="?attempt=1")
    assert '<span class="points">3 of 5</span>' in page


def test_damaged_records_end_no_page(small_course: Path, tmp_path: Path) -> None:
    """They are named above the queue."""
    with review_of(small_course, tmp_path, [lacking("ana"), lacking("bea")]) as review:
        with closing(sqlite3.connect(review.out / FILE)) as db:
            db.execute("update attempt set grade='{' where student='ana'")
            db.commit()
        assert "ana, vectors, attempt 1: its record is damaged" in review.assistant().read("/")


def test_a_browser_without_a_session_learns_no_names(small_course: Path, tmp_path: Path) -> None:
    """Not even whether a student's address exists."""
    with review_of(small_course, tmp_path, [lacking("ana")]) as review:
        stranger = Browser(review.app, HOST)
        assert {stranger.get(path).status for path in (review.address("ana"), "/student/000000/vectors")} == {403}


def test_records_come_first(small_course: Path, tmp_path: Path) -> None:
    """Without any, it says how to grade, and creates nothing."""
    with pytest.raises(UsageError, match="Grade first"):
        Review(small_course, tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_who_was_dropped_is_nowhere(small_course: Path, tmp_path: Path) -> None:
    """Neither in the queue nor in the class, and there is no page; taken back, they are."""
    with review_of(small_course, tmp_path, [lacking("bea", 3.0), lacking("bea", 2.0, "b"), lacking("ana")]) as review:
        marta, address = review.assistant(), review.address("bea")
        with open_store(review.out, write=True) as store:
            store.drop(Dropped(student="bea", by="marta", at=datetime(2027, 5, 1, tzinfo=UTC)))
        assert "bea" not in marta.read("/") and "bea" not in marta.read("/class?topic=vectors")
        marta.read(address, 404)
        with open_store(review.out, write=True) as store:
            store.take_back("bea")
        assert shown(marta.read("/")) == [("bea", "gap between attempts")]
        marta.read(address)


@pytest.mark.parametrize("blind", [False, True])
def test_similar_code_is_one_item_of_two_students(small_course: Path, tmp_path: Path, blind: bool) -> None:
    """It leads to both beside each other; done on the page of either, it is done."""
    bad = "def scale(x):\n    return '<script>alert(1)</script>'"
    with review_of(small_course, tmp_path, map(lacking, ("wilma", "xaver")), alike("xaver", "wilma", bad), blind=blind) as review:
        marta = review.assistant()
        assert [reason for _student, reason in shown(marta.read("/"))] == ["similar code"]
        page = marta.student("xaver")
        link = re.search(r'href="(/pair/[^"]*)"', page)
        assert link and "90% of what is rarer in the class is alike, 7 stretches" in page
        pair = marta.read(link[1])
        assert pair.count("&lt;script&gt;alert(1)") == 2 and "<script>alert" not in pair
        assert [name in pair for name in ("wilma", "xaver")] == [not blind] * 2
        page = marta.send(page, "done", because="they worked together, as allowed")
        assert "done by marta" in page and "done by marta" in marta.student("wilma") and shown(marta.read("/")) == []


def test_code_that_is_not_what_was_graded_is_not_shown(small_course: Path, tmp_path: Path) -> None:
    """The page says so, instead of showing other code beside the checks."""
    with review_of(small_course, tmp_path, map(lacking, ("ana", "bea")), alike("ana", "bea", "x = 1")) as review:
        page = review.assistant().student("ana")
    assert "is not what was graded" in page and "x = 1" not in page
