"""What a graded exercise shows in its notebook: points, a report, and a comment on what is lacking."""

import pytest

from grader.feedback.view import DETAILED
from grader.integrations.nbgrader.cell_reports import MOST, WIDTH, CellReport, cell_reports
from grader.judge.verdicts import ExerciseGrade, Grade, Told, Verdict
from grader.submissions.notebook.source import Note


def check(name: str, message: str = "", public: bool = True, told: Told | None = None) -> Verdict:
    """A check that passed, or failed with a message."""
    return Verdict(name, "agrees", "failed" if message else "passed", "returned", message, public=public, told=told)


def report(*checks: Verdict, notes: tuple[Note, ...] = (), message: str = "", published: bool = False) -> CellReport:
    """The report of one exercise with these checks."""
    exercise = ExerciseGrade("f", "Title.", 1.5, 3.0, checks)
    grade = Grade(
        student="ana", assignment="work", status="graded", score=1.5, max_score=3.0, exercises=(exercise,), message=message
    )
    return cell_reports(grade, {"f": notes}, published)["f"]


def test_points_are_written_as_a_float() -> None:
    """nbgrader reads them with float()."""
    assert float(report(check("a")).written) == 1.5


def test_report_has_every_check_and_the_comment_what_is_lacking() -> None:
    """What passed is not told twice."""
    found = report(check("right"), check("wrong", "5 and not 6"))
    assert "✓ right" in found.report and "✗ wrong" in found.report
    assert "right" not in found.comment and "5 and not 6" in found.comment


def test_same_reason_is_told_once() -> None:
    """The first check tells it in full, the others only that they failed too."""
    assert report(*(check(f"c{n}", "no loops") for n in range(4))).comment.count("no loops") == 1


def test_few_reasons_are_told_in_full() -> None:
    """A page of failures is not read."""
    comment = report(*(check(f"c{n}", f"reason {n}") for n in range(9))).comment
    assert comment.count("  reason ") == DETAILED and "✗ c8  (reason 8)" in comment


@pytest.mark.parametrize("part", ["report", "comment"])
def test_long_lines_are_wrapped(part: str) -> None:
    """Feedback shows no line whole that is wider."""
    lines = getattr(report(check("wrong", "word " * 100)), part).splitlines()
    assert max(map(len, lines)) <= WIDTH + 4


def test_comment_has_an_end() -> None:
    """Whatever is said of it."""
    notes = tuple(Note(n, 1, "x" * 300) for n in range(200))
    assert len(report(check("wrong", "no"), notes=notes).comment) < 2 * MOST


def test_control_codes_are_shown_and_not_sent() -> None:
    """A student's message may hold anything."""
    found = report(check("wrong", "a\x1b[31mb\u202e"))
    assert not {"\x1b", "\u202e"} & set(found.report + found.comment)


def test_notes_come_first() -> None:
    """What did not run of an answer explains what follows."""
    comment = report(check("wrong", "nothing came"), notes=(Note(4, 2, "`!ls` was not run"),)).comment
    assert comment.index("cell 4, line 2: `!ls` was not run") < comment.index("nothing came")


def test_message_on_the_whole_submission_stands_for_the_checks() -> None:
    """When nothing could be run, each exercise says why, and not what each check lacked."""
    found = report(check("wrong", "the notebook took too long"), message="the notebook took too long")
    assert "the notebook took too long" in found.comment and "✗" not in found.comment


@pytest.mark.parametrize(
    ("published", "says", "not_says"), [(False, "some are wrong", "5 and not 6"), (True, "5 and not 6", "some are")]
)
def test_hidden_check_tells_its_numbers_once_grades_are_published(published: bool, says: str, not_says: str) -> None:
    """Both where students read it: under the test, and in the comment on the answer."""
    hidden = check("hidden", "5 and not 6", public=False, told=Told("f(<3 array>)", "some are wrong"))
    found = report(hidden, published=published)
    assert says in found.report and says in found.comment
    assert not_says not in found.report + found.comment


def test_what_is_kept_back_is_announced() -> None:
    """Where there is something to be shown later, and only there."""
    later = "once the grades are published"
    assert later in report(check("hidden", "5 and not 6", public=False)).comment
    assert later not in report(check("public", "5 and not 6")).comment + report(check("hidden", public=False)).report
