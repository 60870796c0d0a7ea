"""Scores and automatic comments of one submission in nbgrader's gradebook."""

from collections.abc import Iterable, Mapping
from typing import Any

from grader.integrations.nbgrader.fast_import import nbgrader
from grader.integrations.nbgrader.fill import grade_id, has_flag

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


def save_scores(submitted: Any, node: Any, read: Mapping[str, float | None]) -> None:
    """Save automatic scores like nbgrader's SaveAutoGrades, with nbgrader's own reading of a cell.

    Args:
        read: by exercise, what a person gave here who read it; it stands as the automatic score.
    """
    utils = nbgrader("utils")
    grades = {grade.name: grade for grade in submitted.grades}
    comments = {comment.name: comment for comment in submitted.comments}
    for cell in node.cells:
        if has_flag(cell, "grade"):
            grade = grades[grade_id(cell)]
            grade.auto_score, _most = utils.determine_grade(cell)
            if has_flag(cell, "solution") and (given := read.get(grade_id(cell))) is not None:
                grade.auto_score = given
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        if has_flag(cell, "solution") or has_flag(cell, "task"):
            untouched = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell) and not has_flag(cell, "task")
            comments[grade_id(cell)].auto_comment = NO_RESPONSE if untouched else None
