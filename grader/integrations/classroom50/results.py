"""A grade as Classroom 50's `result.json`, whose points are whole numbers: hundredths of ours."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from grader.judge.verdicts import Grade, Verdict
from grader.text.escape import one_line, plain

FILE, BODY = "result.json", "release-body.md"
SCHEMA = "classroom50/result/v1"
SCALE = 100  # of its points are one of ours
_FROM = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
}
_REVIEW = "REVIEW_URL"


def result(grade: Grade, environment: Mapping[str, str], committed: datetime, now: datetime) -> dict[str, Any]:
    """The content of `result.json` for a grade that has a score: a test for each check that is decided there.

    Args:
        environment: what Classroom 50 says of the submission.
        committed: when its commit was made; now: when it is graded.
    """
    if grade.score is None:
        raise ValueError("a submission that could not be graded has no result: it would be a zero")
    tests = [
        _test(exercise.name, check)
        for exercise in grade.exercises
        for check in exercise.checks
        if not check.at_hand_in and not check.is_open
    ]
    said = {name: environment.get(variable, "") for name, variable in _FROM.items()}
    return {
        "schema": SCHEMA,
        **said,
        "review": environment.get(_REVIEW) or said["commit"],
        "datetime": _instant(committed),
        "graded_at": _instant(now),
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }


def _test(exercise: str, check: Verdict) -> dict[str, Any]:
    most = round(SCALE * check.points)
    passed = check.verdict == "passed"
    return {
        "test-name": one_line(f"{exercise}: {check.said}"),
        "passed": passed,
        "score": most if passed else min(most, round(SCALE * check.score)),
        "max-score": most,
        "points": round(check.score, 4),
        "message": "" if passed else plain(check.message, 2000),
    }


def _instant(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
