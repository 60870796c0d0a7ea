"""How bonus, optional exercises and what a person decides are told: on a terminal, on pages, in exports and statistics."""

from datetime import UTC, datetime
from io import StringIO

import msgspec
import pytest
from parts_class import answering, grade, part
from rich.console import Console

from grader.feedback.pages import feedback_page
from grader.feedback.students import for_students
from grader.feedback.summary import what_happened
from grader.feedback.terminal import class_table, student_report
from grader.feedback.view import view_of
from grader.gradebook.adjustments import Adjustment
from grader.gradebook.decisions import decided
from grader.gradebook.entries import Entry, line
from grader.gradebook.lateness import Late
from grader.gradebook.totals import course_total
from grader.integrations.gradescope.results import results
from grader.judge.verdicts import SCHEMA, Grade
from grader.report.facts import fact_of
from grader.report.statistics import difficulties

NOW = datetime(2027, 5, 3, tzinfo=UTC)
HOSTILE = "\\x1b[31m<script>alert(1)</script> [bold]"


def with_decision(*items: str) -> Grade:
    """A grade whose text was decided."""
    check = part(grade())
    assert check.by_hand is not None
    about = Adjustment(
        student="ana", assignment="affine", exercise="why_bias", because="clear", by="marta", at=NOW, number=1,
        part=check.name, items=items, answer=check.by_hand.digest,
    )  # fmt: skip
    return decided(grade(), [about])


def entry(found: Grade) -> Entry:
    """An entry of this grade, on time."""
    return Entry(found, Late(None, None, 0, 0.0, found.score), by="ana")


def printed(shown: object) -> str:
    """What a terminal of 80 columns shows."""
    out = StringIO()
    Console(file=out, width=80, highlight=False).print(shown)
    return out.getvalue()


def test_a_student_hears_how_much_a_person_decides() -> None:
    """And sees the answer as it will be read."""
    text = printed(student_report(view_of(grade())))
    assert "2 points are decided by a person" in text.replace("\n", " ")
    assert "│ Without it, every output is 0 at the origin" in text


def test_bonus_and_optional_are_said() -> None:
    """Beside the exercise."""
    text = printed(student_report(view_of(grade())))
    assert "(bonus)" in text and "(optional, does not count)" in text


def test_the_class_says_what_is_open() -> None:
    """In the row of each student, and for all."""
    text = printed(class_table([entry(grade())]))
    assert "2.5 / 3.5, 2 open" in text and "1 waits for a person" in text


def test_an_optional_exercise_that_was_not_begun_lacks_nothing() -> None:
    """Who has all the others is all right."""
    found = with_decision("names the origin", "gives an example")
    optional = found.exercises[3]
    checks = tuple(msgspec.structs.replace(check, verdict="skipped", earned=0.0) for check in optional.checks)
    rest = found.with_exercises((*found.exercises[1:3], optional.with_checks(checks)))
    assert what_happened(rest) == "all right"


@pytest.mark.parametrize("form", ["html", "markdown", "eml"])
def test_pages_tell_what_was_decided(form: str) -> None:
    """Each item that counts, and the comment."""
    page = feedback_page(entry(with_decision("names the origin")), "C", "Affine", published=True)
    text = page.written(form).decode()  # type: ignore[arg-type]
    for said in ("names the origin", "clear", "0.5 points are decided by a person", "bonus"):
        assert said in text.replace("\\", ""), said


def test_what_earns_points_is_told_once_the_grades_are_published() -> None:
    """Before, only that it was decided, and the points: who hands in again would know what to write."""
    found = for_students(with_decision("names the origin"), published=False)
    text = msgspec.json.encode(found).decode()
    assert "names the origin" not in text and "gives an example" not in text and "clear" not in text
    assert part(found).score == 1.0


def test_a_hostile_answer_is_text() -> None:
    """On a page it is escaped, on a terminal without control codes."""
    found = grade(answering(HOSTILE))
    page = feedback_page(entry(found), "C", "Affine", published=True).written("html").decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page
    assert "\x1b" not in printed(student_report(view_of(found)))


def test_json_has_all_of_it() -> None:
    """By the contract of schema 5."""
    found = line(entry(with_decision("names the origin")))
    assert (found["schema"], found["score"], found["bonus"], found["open"], found["undecided"]) == (SCHEMA, 3.5, 1.0, 0.5, 1)
    assert [one["counts"] for one in found["exercises"]] == ["required", "required", "bonus", "optional"]
    assert found["exercises"][1]["checks"][0]["by_hand"]["decision"]["items"] == ("names the origin",)


def test_gradescope_has_no_zero_for_what_is_open() -> None:
    """A test without points; optional ones have none either."""
    found = results(grade(), published=True)
    tests = {test["name"]: test for test in found["tests"]}
    assert "score" not in tests["why_bias: the argument"] and "status" not in tests["why_bias: the argument"]
    assert tests["leaky (bonus): random vectors"]["score"] == 0.8
    assert "score" not in tests["centred (optional, does not count): random vectors"]
    assert (found["score"], found["extra_data"]["open"], found["extra_data"]["bonus"]) == (2.5, 2.0, 1.0)


def test_the_course_total_says_what_is_open() -> None:
    """It counts as 0 so far."""
    total = course_total({"affine": entry(grade())}, {"affine": 1})
    assert (total.percent, total.open) == (pytest.approx(100 * 2.5 / 3.5, abs=1e-3), ("affine",))


def test_statistics_leave_out_what_nobody_decided() -> None:
    """An exercise is not difficult because nobody has read the answers."""
    found = difficulties([fact_of(entry(grade())), fact_of(entry(with_decision("names the origin", "gives an example")))])
    assert [(one.exercise, one.students, one.mean) for one in found[1:2]] == [("why_bias", 1, 1.0)]
