"""Hints as automatic comments in nbgrader's gradebook."""

from collections.abc import Iterable, Mapping
from typing import Any

NO_RESPONSE = "No response."  # nbgrader's comment on an unchanged answer


def save_comments(submitted: Any, comments: Mapping[str, str], by_hand: Iterable[str]) -> None:
    """Write the hints, and leave tests that did not run to manual grading. Manual comments are kept and take precedence.

    Args:
        submitted: an nbgrader SubmittedNotebook with nbgrader's own automatic scores and comments.
        comments: by grade_id of the answer.
        by_hand: grade_ids of the tests that did not run.
    """
    found = {comment.name: comment for comment in submitted.comments}
    for name, text in comments.items():
        if text and name in found and found[name].auto_comment != NO_RESPONSE:
            found[name].auto_comment = text
    grades = {grade.name: grade for grade in submitted.grades}
    for name in by_hand:
        grades[name].auto_score, grades[name].needs_manual_grade = None, True
