"""Marks changed in the review app: by the functions of `grader adjust`, with who, when and why, by several people at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from classroom import PATIENCE
from reviewing import HERE, Assistant, Review, forms, lacking, review_of

from grader.gradebook.adjustments import Adjustment
from grader.gradebook.lateness import course_policy
from grader.gradebook.open_store import open_store
from grader.gradebook.store import BusyError, Store
from grader.gradebook.term import Term
from grader.report.review import desk


@pytest.fixture
def review(small_course: Path, tmp_path: Path) -> Iterator[Review]:
    """Ana and bea have 2 of 5 points each."""
    with review_of(small_course, tmp_path, [lacking("ana"), lacking("bea")]) as found:
        yield found


def history(review: Review) -> list[Adjustment]:
    """What the records hold."""
    with review.desk.reading() as store:
        return store.adjustments()


def counts(review: Review, student: str = "ana") -> float | None:
    """The score that every command counts."""
    with review.desk.reading() as store:
        entry = Term(store, course_policy(review.desk.course)).entry(student, "vectors")
    assert entry is not None
    return entry.final


def test_points_are_added_with_who_and_why(review: Review) -> None:
    """The page says the score before and after, the records have the change, and the score that counts is the sum."""
    marta = review.assistant("marta")
    page = marta.send(marta.student("ana"), "adjust", points="+1,5", because="the sums are right", exercise="scale")
    assert "Saved. 1: vectors: 2 → 3.5" in page and "3.5 of 5" in page
    (one,) = history(review)
    assert (one.student, one.points, one.exercise, one.by, one.because, one.attempt) == (
        "ana",
        1.5,
        "scale",
        "marta",
        "the sums are right",
        1,
    )
    assert counts(review) == 3.5


def test_without_points_it_is_a_remark(review: Review) -> None:
    """The score stays, and the remark is in the history."""
    marta = review.assistant()
    marta.send(marta.student("ana"), "adjust", because="well written")
    assert [(one.points, one.because) for one in history(review)] == [(0.0, "well written")] and counts(review) == 2.0


def test_an_excused_student_has_no_score(review: Review) -> None:
    """Whatever stands in the field of points."""
    marta = review.assistant()
    assert "excused" in marta.send(marta.student("ana"), "excuse", points="3", because="ill")
    assert counts(review) is None and history(review)[0].points == 0.0


def test_who_handed_in_nothing_can_be_excused(review: Review) -> None:
    """Their page is there for every assignment of which somebody has records."""
    with open_store(review.out, write=True) as store:
        found = lacking("caro")
        store.save(found)
    marta = review.assistant()
    page = marta.student("caro", "signs")
    assert "Nothing was handed in" in page
    marta.send(page, "excuse", because="ill")
    assert [(one.student, one.assignment, one.excused) for one in history(review)] == [("caro", "signs", True)]


def test_a_change_is_taken_back_and_put_back(review: Review) -> None:
    """Undo restores the score; undoing the undo restores the change; all three stay in the history."""
    marta = review.assistant()
    page = marta.send(marta.student("ana"), "adjust", points="1", because="x")
    page = marta.send(page, "undo", number="1")
    assert counts(review) == 2.0
    marta.send(page, "undo", number="2")
    assert counts(review) == 3.0 and [one.undoes for one in history(review)] == [0, 1, 2]


def test_only_a_change_of_this_student_is_taken_back(review: Review) -> None:
    """A number of somebody else's is refused on this page."""
    marta = review.assistant()
    marta.send(marta.student("bea"), "adjust", points="1", because="x")
    page = marta.send(marta.student("ana"), "adjust", points="1", because="x")
    assert "there is no adjustment 1 of this student" in marta.send(page, "undo", 422, number="1")
    assert len(history(review)) == 2


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        pytest.param({"points": "1"}, "give the reason", id="no reason"),
        pytest.param({"points": "one", "because": "x"}, "'one' is not a number of points", id="a word"),
        pytest.param({"points": "nan", "because": "x"}, "'nan' is not a number of points", id="nan"),
        pytest.param({"points": "1e400", "because": "x"}, "'1e400' is not a number of points", id="infinity"),
        pytest.param({"points": "1", "because": "x", "exercise": "scal"}, "Did you mean 'scale'?", id="no such exercise"),
        pytest.param({"do": "explode", "because": "x"}, "'explode' is not something that this page can do", id="no such form"),
    ],
)
def test_what_is_wrong_is_said_and_stays_typed(review: Review, typed: dict[str, str], message: str) -> None:
    """422 with the reason above the same form, which keeps what was typed; nothing is changed."""
    marta = review.assistant()
    form = next(form for form in forms(marta.student("ana")) if ("do", "adjust") in form.buttons)
    answer = marta.browser.post(form.action, {**form.fields, "do": "adjust", **typed}, Origin=HERE)
    kept = next(form for form in forms(answer.text) if ("do", "adjust") in form.buttons).fields
    assert answer.status == 422 and message in answer.text.replace("&#39;", "'")
    assert (kept["points"], kept["because"]) == (typed.get("points", ""), typed.get("because", ""))
    assert history(review) == []


def test_the_second_of_two_assistants_sees_the_first_ones_change(review: Review) -> None:
    """409 with what changed; what was typed stays, and is saved when it is sent again."""
    marta, bo = review.assistant("marta"), review.assistant("bo")
    of_bo = bo.student("ana")
    marta.send(marta.student("ana"), "adjust", points="1", because="the sums are right")
    page = bo.send(of_bo, "adjust", 409, points="2", because="the shape is right")
    assert "marta changed vectors: +1, the sums are right" in page and counts(review) == 3.0
    kept = next(form for form in forms(page) if ("do", "adjust") in form.buttons).fields
    assert (kept["points"], kept["because"]) == ("2", "the shape is right")
    bo.send(page, "adjust", points=kept["points"], because=kept["because"])
    assert [(one.by, one.points) for one in history(review)] == [("marta", 1.0), ("bo", 2.0)]


def test_the_same_form_sent_twice_changes_the_mark_once(review: Review) -> None:
    """A double click is a change that was made meanwhile."""
    marta = review.assistant()
    page = marta.student("ana")
    marta.send(page, "adjust", points="1", because="x")
    marta.send(page, "adjust", 409, points="1", because="x")
    assert counts(review) == 3.0


def test_a_submission_that_was_graded_meanwhile_is_said(review: Review) -> None:
    """A change that was decided about another attempt is not kept unseen."""
    marta = review.assistant()
    page = marta.student("ana")
    with open_store(review.out, write=True) as store:
        store.save(lacking("ana", 4.0, "b"))
    assert "it was graded again" in marta.send(page, "adjust", 409, points="1", because="x")


def test_two_assistants_at_two_students_do_not_meet(review: Review) -> None:
    """A change of one student is no reason to ask about another."""
    marta, bo = review.assistant("marta"), review.assistant("bo")
    of_bo = bo.student("bea")
    marta.send(marta.student("ana"), "adjust", points="1", because="x")
    bo.send(of_bo, "adjust", points="1", because="x")
    assert [one.student for one in history(review)] == ["ana", "bea"]


def test_while_a_run_writes_what_was_typed_stays(review: Review) -> None:
    """503, with the form as it was typed; afterwards it can be sent."""
    marta = review.assistant()
    page = marta.student("ana")
    with open_store(review.out, write=True):
        busy = marta.send(page, "adjust", 503, points="1", because="x")
    assert "another run is writing" in busy and history(review) == []
    kept = next(form for form in forms(busy) if ("do", "adjust") in form.buttons).fields
    marta.send(busy, "adjust", points=kept["points"], because=kept["because"])
    assert counts(review) == 3.0


def test_reading_holds_up_no_run(review: Review) -> None:
    """An open page leaves the store to `grader grade`."""
    marta = review.assistant()
    marta.student("ana")
    with open_store(review.out, write=True) as store:
        store.save(lacking("dora"))
        assert "dora" in marta.read("/class?topic=vectors")


def test_a_request_is_accepted_with_points(review: Review) -> None:
    """One form changes the mark and settles the request."""
    marta = review.assistant()
    page = marta.send(marta.student("ana"), "ask", text="My sums are right")
    page = marta.send(page, "accept", points="1", because="they are")
    assert "Request accepted. 1: vectors: 2 → 3" in page and "accepted by marta" in page
    assert "My sums are right" not in marta.read("/") and "My sums are right" in marta.read("/?all=yes")


def test_a_refused_request_is_a_remark(review: Review) -> None:
    """The student reads why; the score stays."""
    marta = review.assistant()
    page = marta.send(marta.student("ana"), "ask", text="My sums are right")
    marta.send(page, "refuse", because="they are not")
    assert [(one.points, one.because) for one in history(review)] == [(0.0, "they are not")]
    assert "My sums are right" not in marta.read("/")


def test_an_answer_that_contradicts_itself_is_refused(review: Review) -> None:
    """Accepted without points, or refused with points."""
    marta = review.assistant()
    page = marta.send(marta.student("ana"), "ask", text="My sums are right")
    assert "give the points" in marta.send(page, "accept", 422, because="x")
    assert "a refused request changes no points" in marta.send(page, "refuse", 422, points="1", because="x")
    assert history(review) == []


def test_the_second_answer_to_a_request_is_not_kept_unseen(review: Review) -> None:
    """Two assistants answer at once: the first answer stands, the other is told."""
    marta, bo = review.assistant("marta"), review.assistant("bo")
    page = marta.send(marta.student("ana"), "ask", text="My sums are right")
    of_bo = bo.student("ana")
    marta.send(page, "accept", points="1", because="they are")
    bo.send(of_bo, "refuse", 409, because="they are not")
    assert len(history(review)) == 1


def test_a_change_waits_for_a_run_that_ends_soon(small_course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store is tried again; nobody has to press twice."""
    tried: list[bool] = []

    def busy_twice(folder: Path, *, write: bool) -> Store:
        tried.append(write)
        if write and tried.count(True) < 3:
            raise BusyError("another run is writing")
        return open_store(folder, write=write)

    with review_of(small_course, tmp_path, [lacking("ana")], patience=PATIENCE) as found:
        marta = found.assistant()
        page = marta.student("ana")
        monkeypatch.setattr(desk, "open_store", busy_twice)
        marta.send(page, "adjust", points="1", because="x")
        assert tried.count(True) == 3 and counts(found) == 3.0


def test_many_assistants_at_the_same_moment(small_course: Path, tmp_path: Path) -> None:
    """Of those who change the same student one is first and the others are asked; changes of different students are all kept."""
    students = [f"s{number}" for number in range(6)]
    with review_of(small_course, tmp_path, map(lacking, students), patience=PATIENCE) as found:
        people = [found.assistant(f"p{number}") for number in range(6)]

        def save(person: Assistant, page: str) -> int:
            form = next(form for form in forms(page) if ("do", "adjust") in form.buttons)
            data = {**form.fields, "do": "adjust", "points": "1", "because": "x"}
            return person.browser.post(form.action, data, Origin=HERE).status

        with ThreadPoolExecutor(6) as pool:
            same = list(pool.map(save, people, [person.student("s0") for person in people]))
            different = list(
                pool.map(save, people, [person.student(name) for person, name in zip(people, students, strict=True)])
            )
    assert sorted(same) == [303, *[409] * 5] and different == [303] * 6
    assert len(history(found)) == 7


def test_a_member_of_a_team_has_a_mark_of_their_own(own_course: Path, tmp_path: Path) -> None:
    """The page says who handed in; a change is of the one member that it was made for."""
    (own_course / "assignments" / "groups.csv").write_text("team,student\nred,ana\nred,bea\n")
    with (own_course / "assignments" / "course.toml").open("a") as file:
        file.write('\n[groups]\nfile = "groups.csv"\n')
    with review_of(own_course, tmp_path, [lacking("ana")]) as found:
        marta = found.assistant()
        page = marta.student("bea")
        assert "handed in by ana, for the team" in page
        marta.send(marta.student("ana"), "adjust", points="1", because="x")
        assert (counts(found, "ana"), counts(found, "bea")) == (3.0, 2.0)
