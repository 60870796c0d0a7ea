"""What a report says of one student: every check with its points, the code with the line that failed, and the history."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from written_class import HOSTILE, check, grade, record, written

from grader.gradebook.adjustments import Adjustment
from grader.gradebook.lateness import LatePolicy
from grader.gradebook.open_store import open_store
from grader.gradebook.term import Term
from grader.report.page import page
from grader.report.student import OTHER_CODE, Student, Work, work_of
from grader.sandbox.backend import Source
from grader.submissions.submission import Submission
from grader.text.escape import one_line

HALF_RIGHT = (check("small numbers", "passed", 1.25), check("large numbers", "failed", 0.75, "should be 1, but is 2"))


def work(out: Path, student: str, submission: Submission | None = None) -> Work:
    """What the report says of the only submission of a student."""
    policy = LatePolicy()
    with open_store(out, write=False) as store:
        entry = Term(store, policy).entry(student, "vectors")
        assert entry is not None
        return work_of(store, policy, entry, "Vectors", submission=submission)


def html(found: Work, student: str = "ana") -> str:
    """The page of a student with this work alone."""
    return page("student.html.j2", course="Course", student=Student(student, (found,))).decode()


def test_the_checks_add_up_to_the_exercises_and_those_to_the_score(tmp_path: Path) -> None:
    """Passed checks stand beside failed ones, each with what it earned."""
    found = work(written(tmp_path, [record(grade("ana", "vectors", *HALF_RIGHT))]), "ana")
    assert [one.score for one in found.view.exercises[0].checks] == ["1.25", "0 of 0.75"]
    assert [(one.what, one.points, one.most) for one in (*found.parts, *found.sums)] == [
        ("scale", "1.25", "2"),
        ("computed", "1.25", "2"),
    ]


def test_a_change_by_hand_stands_between_the_computed_score_and_the_one_that_counts(tmp_path: Path) -> None:
    """The sum says who added what and why; the history has what was taken back, too."""
    out = written(tmp_path, [record(grade("ana", "vectors", *HALF_RIGHT))])
    with open_store(out, write=True) as store:
        for points, undoes in ((0.5, 0), (0.25, 0), (0, 1)):
            because = "well argued" if points else "by mistake"
            at = datetime(2027, 5, 1, tzinfo=UTC)
            store.adjust(
                Adjustment(
                    student="ana",
                    assignment="vectors",
                    because=because,
                    by="marta",
                    at=at,
                    points=points,
                    undoes=undoes,
                    attempt=1,
                )
            )
    found = work(out, "ana")
    assert [(one.what, one.points) for one in found.sums] == [
        ("computed", "1.25"),
        ("changed by marta: well argued", "+0.25"),
        ("counts", "1.5"),
    ]
    assert [(one.change, one.taken_back_by) for one in found.changes] == [("+0.5", 3), ("+0.25", 0), ("takes back 1", 0)]
    assert found.score == "1.5"


def test_who_is_excused_and_handed_in_nothing_has_no_score(tmp_path: Path) -> None:
    """The page says so, and who decided it."""
    out = written(tmp_path, [record(grade("bea", "vectors", *HALF_RIGHT))])
    with open_store(out, write=True) as store:
        at = datetime(2027, 5, 1, tzinfo=UTC)
        store.adjust(Adjustment(student="ana", assignment="vectors", because="ill", by="marta", at=at, excused=True))
    found = work(out, "ana")
    assert (found.score, found.most, found.parts) == ("excused", "", ())
    assert [(one.what, one.points) for one in found.sums] == [("excused by marta: ill", ""), ("counts", "excused")]


def test_the_line_that_failed_is_marked_in_the_code(tmp_path: Path) -> None:
    """The outcome says where it was raised; the message stands at that line."""
    mine = Submission("ana", "vectors", Source("vectors", {"vectors": "def scale(x):\n    raise ValueError('no')\n"}))
    failed = grade("ana", "vectors", check("small numbers", "failed", 2, "raised ValueError: no (vectors.py, line 2: `raise`)"))
    out = written(tmp_path, [record(failed, raised="no", line=2, source_hash=mine.hash)])
    (module,) = work(out, "ana", mine).modules
    assert [(line.number, line.remarks) for line in module.marked] == [(2, ("scale: raised ValueError: no",))]


def test_code_that_is_not_what_was_graded_is_not_shown(tmp_path: Path) -> None:
    """A file that changed since then would carry remarks about other lines."""
    other = Submission("ana", "vectors", Source("vectors", {"vectors": "something else"}))
    found = work(written(tmp_path, [record(grade("ana", "vectors", *HALF_RIGHT))]), "ana", other)
    assert (found.modules, found.remarks) == ((), (OTHER_CODE,))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_of_a_student_is_markup(tmp_path: Path, text: str) -> None:
    """A name, a message, a hint, printed output and code are text in the page, wherever they stand."""
    mine = Submission("ana", "vectors", Source("vectors", {"vectors": f"{text}\n", text[:50]: text}))
    failed = grade("ana", "vectors", check("small numbers", "failed", 2, text, hint=text, call=text), printed=text)
    out = written(tmp_path, [record(failed, raised=text, line=1, source_hash=mine.hash)])
    shown = html(work(out, "ana", mine), student=one_line(text))
    for markup in ("<img", "<script", "alert(1)</script>", "onerror=alert(1)>", "' onmouseover='", "\x1b", "\u202e"):
        assert markup not in shown
    assert "49" not in shown.partition("<body>")[2] or "{{7*7}}" not in text
