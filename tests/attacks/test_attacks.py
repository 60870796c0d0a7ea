"""Nothing gets in: the results of a class of attackers, with honest students among them."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from suite import FAMILIES, NEIGHBOURS, REPO, Report, collect
from table import DOCUMENT, listed

from grader.course.folder import read_course
from grader.engine.grade_all import grade_all
from grader.engine.prepare import prepare
from grader.sandbox.choose import best_backend
from grader.submissions.files import File, OnDisk
from grader.submissions.read import SubmittedFiles

pytestmark = pytest.mark.slow

ATTACKS = tuple(item for item in collect() if not item.long)
HOSTILE = tuple(sorted((REPO / "tests" / "submissions").glob("*/hostile/*.py")))
HOSTILE_TEXT = {path.stem: path.read_text() for path in HOSTILE}


def _as_file(path: Path) -> File:
    topic = path.parents[1].name
    return File((topic, f"{topic}.py"), OnDisk(str(path)))


def test_there_are_enough() -> None:
    """At least a hundred attacks, some in every family."""
    assert len(ATTACKS) >= 100
    assert set(Counter(item.family for item in ATTACKS)) == set(FAMILIES)


def test_the_class_is_graded(report: Report) -> None:
    """The command ends well, without a fault of its own: archives that cannot be read are rows."""
    assert (report.code, [line for line in report.stderr.splitlines() if "rror" in line]) == (0, [])


def test_no_points(report: Report) -> None:
    """No attack earns more or less than its honest part, and none is the grader's fault."""
    earned = {item.student: report.attacks[item.student].score for item in ATTACKS}
    assert earned == {item.student: item.earns for item in ATTACKS}


def test_no_secret_leaves(report: Report) -> None:
    """The reference, the solution, the secret, a neighbour's work, a file outside and the environment are in no attacker's record."""
    assert {name: told.leaked for name, told in report.attacks.items() if told.leaked} == {}


def test_nothing_outside_has_changed(report: Report) -> None:
    """Files, modes, processes, sockets, shared memory and keys are as they were; nothing is left behind, nobody was called."""
    assert report.changed == ()


def test_neighbours_are_not_touched(report: Report) -> None:
    """Honest students have the very grades that they have without attackers beside them."""
    assert report.honest == report.undisturbed
    assert set(report.honest) == {*NEIGHBOURS, "aaa-honest, studio"}


def test_every_record_says_what_happened(report: Report) -> None:
    """Each attack is in the records, with its results."""
    assert [name for name, told in report.attacks.items() if not told.outcomes and '"message":""' in told.said] == []


def test_what_was_tried_was_refused(report: Report) -> None:
    """What an attack says it got beside points is on the list of what is not stopped, and nothing else is."""
    got = {name for name, told in report.attacks.items() if any(line.startswith("got: ") for line in told.tried)}
    assert got <= {"reading-names_and_sizes", "tampering-forbidden_dug_out", "writing-output_of_others"}


@pytest.mark.parametrize("output", ["shown", "lines", "stderr"])
def test_nothing_is_obeyed_by_a_terminal(report: Report, output: str) -> None:
    """Neither the table nor the JSON of the class nor what is said beside them has a control code, a direction mark or a lone surrogate."""
    text = getattr(report, output)
    assert "archives-names_o" in text  # the table cuts long names
    assert {
        char for char in text if char != "\n" and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    } == set()


def test_hostile_submissions_of_the_course() -> None:
    """In the real topics, the exercise that is attacked with passes no check but that it leaves its arguments alone, and what has
    nothing to do with it has all of its points.
    """
    course = read_course(REPO)
    topics = sorted({path.parents[1].name for path in HOSTILE})
    ready = {topic: prepare(course.assignment(topic), "a seed of the tests") for topic in topics}
    submitted = [SubmittedFiles(path.stem, path.parents[1].name, (_as_file(path),)) for path in HOSTILE]
    earned = {}
    for record in grade_all(submitted, ready, best_backend):
        attacked = re.search(r"^Attacks: (\w+)$", HOSTILE_TEXT[record.student], re.MULTILINE)
        first = record.grade.exercises[0 if record.grade.exercises[0].name != attacked[1] else 1]
        checks = next(item.checks for item in record.grade.exercises if item.name == attacked[1])
        passed = {check.kind for check in checks if check.verdict == "passed"} - {"unchanged"}
        earned[record.student] = (passed, first.score == first.max_score)
    assert earned == dict.fromkeys(HOSTILE_TEXT, (set(), True))
    assert len(HOSTILE) >= 9


def test_the_document_lists_the_suite() -> None:
    """The table in the documentation is about the attacks that there are: run `tests/attacks/run_modes.py` after a change."""
    every = collect()
    assert listed(DOCUMENT.read_text()) == {
        family: [item.name for item in every if item.family == family] for family in {item.family for item in every}
    }
