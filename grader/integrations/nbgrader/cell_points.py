"""What the cells of a released notebook are worth.

    conv2d-points   what its checks give      conv2d   what a person gives, who reads it

nbgrader adds up all cells, and knows no points above a maximum: of a bonus exercise or an optional one both are worth 0 there. What a bonus
exercise earns is extra credit, which `grader grade --gradebook` writes.
"""

from grader.course.rubric import Rubric
from grader.gradebook.adjustments import NBGRADER
from grader.judge.verdicts import ExerciseGrade


def cell_points(rubric: Rubric) -> tuple[dict[str, float], dict[str, float]]:
    """By exercise: the points that its checks give, where it has some, and those that a person gives, where one reads it."""
    checks, people = {}, {}
    for exercise in rubric.exercises:
        by_hand, counts = rubric.by_hand(exercise), exercise.counts == "required"
        if by_hand is not None:
            people[exercise.name] = by_hand if counts else 0.0
        if by_hand is None or exercise.points - by_hand > 1e-9:
            checks[exercise.name] = exercise.points - (by_hand or 0.0) if counts else 0.0
    return checks, people


def checked_points(exercise: ExerciseGrade) -> tuple[float, float] | None:
    """What its checks gave, and could have given, as the cell has it; None for an exercise without checks."""
    people = [check for check in exercise.checks if check.by_hand is not None]
    checks = [check for check in exercise.checks if check.by_hand is None]
    if people and not checks:
        return None
    if exercise.counts != "required":
        return 0.0, 0.0
    if not people:
        return exercise.score, exercise.max_score
    return round(sum(check.score for check in checks), 6), round(exercise.max_score - sum(check.points for check in people), 9)


def read_points(exercise: ExerciseGrade) -> float | None:
    """What a person gave here, as the cell has it; None where nobody has decided yet, nobody reads it, or it was given in nbgrader."""
    parts = [check for check in exercise.checks if check.by_hand is not None]
    makers = [check.by_hand.decision.by for check in parts if check.by_hand and check.by_hand.decision]
    if not parts or any(check.is_open for check in parts) or NBGRADER in makers:
        return None
    return round(max(0.0, sum(check.score for check in parts)), 6) if exercise.counts == "required" else 0.0


def extra_points(exercise: ExerciseGrade) -> float:
    """What the exercise counts here, and no cell of nbgrader's has."""
    return exercise.score if exercise.counts == "bonus" else 0.0
