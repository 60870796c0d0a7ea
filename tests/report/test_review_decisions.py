"""Parts that a person decides, in the review app: by question, items as checkboxes, a comment; nothing is lost between two people."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from parts_class import COURSE, SOLUTION, answering, class_of_three, copied, keep, record
from reviewing import Assistant, Review

from grader.gradebook.adjustments import Adjustment
from grader.gradebook.lateness import course_policy
from grader.gradebook.term import Term

OTHER = answering("It moves the line <b>away</b> from 0.")


@contextmanager
def reviewing(out: Path, course: Path = COURSE, *, blind: bool = False) -> Iterator[Review]:
    """The app on the records in `out`."""
    review = Review(course, out, blind=blind)
    try:
        yield review
    finally:
        review.desk.close()


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A copy of the course, with a secret of its own."""
    return copied(tmp_path / "course")


@pytest.fixture
def review(tmp_path: Path, course: Path) -> Iterator[Review]:
    """Ana and bea wrote everything, caro nothing."""
    with reviewing(class_of_three(tmp_path / "out"), course) as found:
        yield found


def part_page(someone: Assistant, student: str, exercise: str = "why_bias") -> str:
    """The page of a part."""
    return someone.read(someone.review.address(student, "affine").replace("/student/", "/part/") + f"/{exercise}/1")


def history(review: Review) -> list[Adjustment]:
    """What the records hold."""
    with review.desk.reading() as store:
        return store.adjustments()


def counts(review: Review, student: str) -> tuple[float | None, float]:
    """The score that every command counts, and the points that are open."""
    with review.desk.reading() as store:
        entry = Term(store, course_policy(review.desk.course)).entry(student, "affine")
    assert entry is not None
    return entry.final, entry.grade.open


def rows(page: str) -> list[tuple[str, str]]:
    """Student and question of each row of the queue."""
    found = re.findall(r'<a class="row" href="/part/\d+/affine/(\w+)/1[^"]*">([^<]+)</a>', page)
    return [(student, exercise) for exercise, student in found]


def test_the_queue_has_what_nobody_decided_by_question(review: Review) -> None:
    """One question for everybody, then the next one; who wrote nothing is not there."""
    page = review.assistant().read("/?reason=manual")
    assert rows(page) == [("ana", "affine"), ("bea", "affine"), ("ana", "why_bias"), ("bea", "why_bias")]


def test_one_question_can_be_chosen(review: Review) -> None:
    """So that one assistant decides it for the whole class."""
    page = review.assistant().read("/?question=affine/why_bias/1")
    assert rows(page) == [("ana", "why_bias"), ("bea", "why_bias")]


def test_a_question_is_called_as_people_call_it(review: Review) -> None:
    """By the exercise and the part, not by a number."""
    page = review.assistant().read("/")
    assert '<option value="affine/why_bias/1">affine · why_bias «the argument»</option>' in page


def test_a_page_shows_the_answer_and_the_items(review: Review) -> None:
    """What the student wrote, escaped; each item with its points."""
    page = part_page(review.assistant(), "bea")
    assert "It moves the line &lt;b&gt;away&lt;/b&gt; from 0." in page
    assert "+1</b> <bdi>names the origin" in page and "−1</b> <bdi>copied from somewhere" in page


def test_a_decision_has_who_when_and_why(review: Review) -> None:
    """The score has its points at once, and the rest of the marks says that it is still open."""
    marta = review.assistant("marta")
    page = marta.send(part_page(marta, "ana"), "decide", **{"item-1": "yes", "because": "clear"})
    assert "Saved. 1: why_bias: 1 of 1.5" in page and "decided by marta" in page
    (one,) = history(review)
    assert (one.part, one.items, one.by, one.because) == ("the argument", ("names the origin",), "marta", "clear")
    assert counts(review, "ana") == (3.5, 0.5)


def test_none_of_the_items_is_a_decision(review: Review) -> None:
    """0 points, said by a person."""
    marta = review.assistant()
    marta.send(part_page(marta, "ana"), "decide")
    assert counts(review, "ana") == (2.5, 0.5)


def test_saving_leads_to_the_next_one_of_the_question(review: Review) -> None:
    """Without going back to the queue."""
    marta = review.assistant()
    page = marta.send(part_page(marta, "ana"), "next", **{"item-1": "yes"})
    assert "<h1>bea · why_bias</h1>" in page and "Saved. 1" in page


def test_what_is_decided_leaves_the_queue_and_stays_to_be_seen(review: Review) -> None:
    """Among the done ones, with who and how much."""
    marta = review.assistant("marta")
    marta.send(part_page(marta, "ana"), "decide", **{"item-1": "yes"})
    assert ("ana", "why_bias") not in rows(marta.read("/?reason=manual"))
    page = marta.read("/?reason=manual&all=yes")
    assert ("ana", "why_bias") in rows(page) and re.search(r"done by marta, [-0-9 :]+: 1 of 1.5", page)


def test_it_is_changed_and_taken_back(review: Review) -> None:
    """The form has the last decision; taken back, the one before holds, and then the part is open."""
    marta = review.assistant()
    marta.send(part_page(marta, "ana"), "decide", **{"item-1": "yes", "because": "clear"})
    page = part_page(marta, "ana")
    assert re.search(r'name="item-1"[^>]* checked', page) and ">clear</textarea>" in page
    marta.send(page, "decide", **{"item-2": "yes"})
    assert counts(review, "ana") == (3.0, 0.5)
    marta.send(part_page(marta, "ana"), "undo")
    assert counts(review, "ana") == (3.5, 0.5)
    marta.send(part_page(marta, "ana"), "undo")
    assert counts(review, "ana") == (2.5, 2.0)


def test_two_people_on_one_part_lose_nothing(review: Review) -> None:
    """The second one sees what the first decided, with what was ticked and typed, and saves again."""
    marta, bo = review.assistant("marta"), review.assistant("bo")
    mine, its = part_page(marta, "ana"), part_page(bo, "ana")
    marta.send(mine, "decide", **{"item-1": "yes"})
    page = bo.send(its, "decide", 409, **{"item-2": "yes", "because": "my own"})
    assert "this part was changed while your form was open (marta," in page and ">my own</textarea>" in page
    assert re.search(r'name="item-2"[^>]* checked', page) and not re.search(r'name="item-1"[^>]* checked', page)
    assert len(history(review)) == 1


def test_two_people_on_two_questions_do_not_meet(review: Review) -> None:
    """Each decides one question of the same student."""
    marta, bo = review.assistant("marta"), review.assistant("bo")
    mine, its = part_page(marta, "ana"), part_page(bo, "ana", "affine")
    marta.send(mine, "decide", **{"item-1": "yes"})
    bo.send(its, "decide", **{"item-1": "yes"})
    assert counts(review, "ana") == (4.0, 0.0)


def test_another_answer_comes_back_with_the_old_decision(review: Review) -> None:
    """And the same answer in a new attempt does not."""
    marta = review.assistant("marta")
    for student in ("ana", "bea"):
        marta.send(part_page(marta, student), "decide", **{"item-1": "yes"})
    keep(review.out, record(answering("Something else."), "ana"), record(OTHER.replace("x - x.mean()", "x"), "bea"))
    page = marta.read("/?question=affine/why_bias/1")
    assert rows(page) == [("ana", "why_bias")] and "another answer than the one decided before" in page
    assert "decided before, about another answer: names the origin (marta," in part_page(marta, "ana")


def test_a_form_of_an_old_answer_decides_nothing(review: Review) -> None:
    """Graded again while the page was open: the person reads the new answer first."""
    marta = review.assistant()
    page = part_page(marta, "ana")
    keep(review.out, record(answering("Something else."), "ana"))
    assert "Something else." in marta.send(page, "decide", 409, **{"item-1": "yes"})
    assert history(review) == []


def test_blind(tmp_path: Path, course: Path) -> None:
    """Numbers in place of names, on the page, in the queue and in addresses."""
    with reviewing(class_of_three(tmp_path / "out"), course, blind=True) as review:
        marta = review.assistant("marta")
        pages = [marta.read("/?reason=manual"), part_page(marta, "ana"), part_page(marta, "bea")]
        pages.append(marta.send(pages[1], "next", **{"item-1": "yes"}))
    assert not any(re.search(r"\b(ana|bea|caro)\b", page) for page in pages)


def test_who_wrote_nothing_has_nothing_to_decide(review: Review) -> None:
    """The page says so, and has no form."""
    page = part_page(review.assistant(), "caro")
    assert "nothing is written here yet" in page and "item-1" not in page


@pytest.mark.parametrize("place", ["why_bias/2", "leaky/1", "nothing/1", "why_bias/x"])
def test_a_part_that_there_is_not(review: Review, place: str) -> None:
    """It is said, not a fault."""
    address = review.address("ana", "affine").replace("/student/", "/part/").replace("/affine", "/affine/" + place)
    review.assistant().read(address, 400)


def test_a_students_page_leads_to_its_parts(review: Review) -> None:
    """Each with its reason, decided or not."""
    page = review.assistant().student("ana", "affine")
    assert page.count(">Decide it</a>") == 2 and "2 points are decided by a person" in page


def test_a_code_part_shows_the_function(review: Review) -> None:
    """As it was handed in."""
    page = part_page(review.assistant(), "ana", "affine")
    assert (
        "return x @ w + b" in page and "def affine(x: Array" in page and SOLUTION.count("def leaky") and "def leaky" not in page
    )
