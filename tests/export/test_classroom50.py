"""Classroom 50: the autograder's folder, the result that it writes, and the repositories that were collected."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from classroom import PATIENCE, RIGHT, copy_course, environment, grader, scaling

from grader.course.folder import read_course
from grader.integrations.classroom50.autograder import autograder_files
from grader.integrations.classroom50.results import result
from grader.integrations.classroom50.submissions import downloads
from grader.judge.verdicts import ExerciseGrade, Grade, Verdict
from grader.submissions.archive import Member

NOON = datetime(2027, 4, 23, 12, tzinfo=UTC)
SAID = {
    "CLASSROOM": "ml",
    "ASSIGNMENT": "conv",
    "SUBMISSION_TAG": "submit-1",
    "COMMIT_URL": "https://x/c",
    "RELEASE_URL": "https://x/r",
}


def graded(*checks: Verdict) -> Grade:
    """A grade of one exercise with these checks."""
    score, most = sum(check.score for check in checks), sum(check.points for check in checks)
    exercise = ExerciseGrade("f", "F.", score, most, checks)
    return Grade(student="ana", assignment="conv", status="graded", score=score, max_score=most, exercises=(exercise,))


PASSED = Verdict("a", "example", "passed", "returned", points=0.375)
PARTLY = Verdict("b", "property", "partly", "returned", "half of it", points=1.0, earned=0.5)
LATER = Verdict("c", "agrees", "skipped", None, points=2.0, at_hand_in=True)


def test_points_are_whole_hundredths() -> None:
    """Each test has whole points, and the sums are those of the tests; what is decided on submission is not a test."""
    content = result(graded(PASSED, PARTLY, LATER), SAID, NOON, NOON)
    assert [(test["test-name"], test["passed"], test["score"], test["max-score"]) for test in content["tests"]] == [
        ("f: a", True, 38, 38),
        ("f: b", False, 50, 100),
    ]
    assert (content["score"], content["max-score"]) == (88, 138)


def test_result_says_what_the_environment_says() -> None:
    """The fields of the schema come from the environment; a review that is not there is the commit."""
    content = result(graded(PASSED), SAID, NOON, NOON)
    names = ("schema", "classroom", "assignment", "submission", "commit", "release", "review", "datetime")
    assert [content[name] for name in names] == [
        "classroom50/result/v1",
        "ml",
        "conv",
        "submit-1",
        "https://x/c",
        "https://x/r",
        "https://x/c",
        "2027-04-23T12:00:00Z",
    ]


def test_what_was_not_graded_has_no_result() -> None:
    """A fault of the grader is not a zero."""
    fault = Grade(student="ana", assignment="conv", status="grader_error", score=None, max_score=1.0, exercises=())
    with pytest.raises(ValueError, match="could not be graded"):
        result(fault, SAID, NOON, NOON)


def test_folder_holds_nothing_of_the_instructors(tmp_path: Path) -> None:
    """It is published: no solution, no reference, no secret, in none of its files."""
    course = copy_course(tmp_path / "course", secret="0123456789abcdef" * 4)
    files = autograder_files(read_course(course), read_course(course).assignment("vectors"))
    assert {path.parts[0] for path in files} == {"autograder.py", "course", "wheels"}
    assert not [path for path in files if {"solutions", "reference"} & set(path.parts)]
    for secret in (b"return np.cumsum(x)", b"return np.add.accumulate(x)", b"0123456789abcdef"):
        assert not [path for path, content in files.items() if secret in content]


def members(*names: str, **texts: str) -> list[Member]:
    """Members of these names, and files with their texts."""
    plain = [Member(tuple(name.split("/")), 0, lambda: b"") for name in names]
    given = [Member((name.replace("_", "."),), len(text), lambda text=text: text.encode()) for name, text in texts.items()]  # type: ignore[misc]
    return plain + given


def owners(found: list[Member]) -> dict[str, list[str]]:
    """The files of each owner."""
    return {one.folder: ["/".join(place) for place in one.files] for one in downloads(found)[0]}


def test_owners_by_what_all_names_share() -> None:
    """Without a list, an owner is what follows the beginning that all folders share, hyphens and all."""
    found = members("ml-27-conv-ana-perez/conv.py", "ml-27-conv-bea/src/conv.py", "ml-27-conv-bea/.git/HEAD")
    assert owners(found) == {"ana-perez": ["conv.py"], "bea": ["src/conv.py"]}


def test_owners_by_the_roster() -> None:
    """The usernames of students.csv decide, the longest one first."""
    found = members("ml-conv-ana/conv.py", "ml-conv-de-ana/conv.py", students_csv="username,first_name\nana,Ana\nde-ana,Dea\n")
    assert set(owners(found)) == {"ana", "de-ana"}


def test_members_of_a_team_and_times() -> None:
    """scores.json tells the members of a team, who all get the submission, and when it was submitted last."""
    runs = [{"datetime": "2027-04-23T12:00:00Z"}, {"datetime": "2027-04-24T08:00:00Z"}]
    scores = {"assignments": {"conv": {"entries": [{"owner": "ana", "submissions": runs, "member_usernames": ["ana", "bea"]}]}}}
    found, _notes = downloads(members("ml-conv-ana/conv.py", scores_json=json.dumps(scores)))
    assert {one.folder: one.time for one in found} == dict.fromkeys(("ana", "bea"), datetime(2027, 4, 24, 8, tzinfo=UTC))


def test_other_folders_are_named() -> None:
    """A folder that no list explains is left aside with a note."""
    found, notes = downloads(members("ml-conv-ana/conv.py", "notes/x.py", students_csv="username\nana\n"))
    assert [one.folder for one in found] == ["ana"] and any(note.startswith("notes: ") for note in notes)


@pytest.mark.slow
def test_a_checkout_is_graded_there_and_again_here(tmp_path: Path) -> None:
    """The exported folder grades a student's checkout by the public checks; what was collected is imported, and graded in full."""
    course = copy_course(tmp_path / "course")
    done = grader("export", "vectors", "-f", "classroom50", "--course", course, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    own = tmp_path / "classroom50" / "autograders" / "vectors"
    for name, text in (("ana", RIGHT["vectors"]), ("bea", scaling("return x + factor"))):
        checkout = tmp_path / "repos" / f"ml-vectors-{name}"
        checkout.mkdir(parents=True)
        (checkout / "vectors.py").write_text(text)
        git = ["git", "-c", "user.name=x", "-c", "user.email=x@x", "-C", str(checkout)]
        for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "x", "--date", "2027-04-23T12:00:00Z"]):
            when = {**os.environ, "GIT_COMMITTER_DATE": "2027-04-23T12:00:00Z"}
            subprocess.run([*git, *arguments], check=True, capture_output=True, env=when)
        command = [sys.executable, "-m", "grader.integrations.classroom50.run", own / "course", checkout]
        ran = subprocess.run(command, cwd=checkout, env=environment(**SAID), capture_output=True, text=True, timeout=PATIENCE)
        assert ran.returncode == 0, ran.stderr
    found = {
        name: json.loads((tmp_path / "repos" / f"ml-vectors-{name}" / "result.json").read_bytes()) for name in ("ana", "bea")
    }
    assert found["ana"]["score"] == found["ana"]["max-score"] == 311 and found["bea"]["score"] < 311
    assert found["ana"]["datetime"] == "2027-04-23T12:00:00Z"
    assert "hundredths" in (tmp_path / "repos" / "ml-vectors-bea" / "release-body.md").read_text()
    shutil.rmtree(tmp_path / "submissions", ignore_errors=True)
    took = grader("import", "repos", "vectors", "--from", "classroom50", "--course", course, cwd=tmp_path)
    assert took.returncode == 0, took.stderr
    assert {path.parent.parent.name for path in (tmp_path / "submissions").rglob("vectors.py")} == {"ana", "bea"}


def test_no_commit_is_no_result(tmp_path: Path) -> None:
    """Outside of a repository the run fails, and writes nothing."""
    command = [sys.executable, "-m", "grader.integrations.classroom50.run", tmp_path / "course", tmp_path]
    ran = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=PATIENCE)
    assert ran.returncode == 3 and not (tmp_path / "result.json").exists()
