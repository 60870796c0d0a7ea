"""Hints as automatic comments in nbgrader's gradebook."""

from collections.abc import Iterable, Mapping
from typing import Any

NO_RESPONSE = "No response."  # nbgrader's comment on an answer that was not touched


def save_comments(submitted: Any, comments: Mapping[str, str], by_hand: Iterable[str]) -> None:
    """Write the hints, and leave to a person what was not run. Manual comments stay, and are shown instead, as everywhere in nbgrader.

    Args:
        submitted: nbgrader's SubmittedNotebook, in which automatic scores and comments are nbgrader's so far.
        comments: by the grade_id of the answer.
        by_hand: the grade_ids of the tests that nobody ran.
    """
    found = {comment.name: comment for comment in submitted.comments}
    for name, text in comments.items():
        if text and name in found and found[name].auto_comment != NO_RESPONSE:
            found[name].auto_comment = text
    grades = {grade.name: grade for grade in submitted.grades}
    for name in by_hand:
        grades[name].auto_score, grades[name].needs_manual_grade = None, True
