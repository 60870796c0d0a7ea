"""What a rubric draws is the same in every run: it comes from the `rng` that its cases are given, and from nothing else.

Otherwise no run would know the plan of the one before: a class would be graded anew each time, on other inputs, with other marks.
"""

from grader.course.folder import PUBLIC_SEED
from grader.errors import RubricError
from grader.plan import Plan, make_plan


def hold_the_draws(plan: Plan) -> None:
    """Nothing, if another plan from the same seed makes the same calls.

    Raises:
        RubricError: a check makes others.
    """
    again = make_plan(plan.rubric, PUBLIC_SEED, with_reference=True)
    for planned, other in zip(plan.exercises, again.exercises, strict=True):
        for item, twin in zip(planned.checks, other.checks, strict=True):
            if [plan.frames[seq] for seq in item.seqs] != [again.frames[seq] for seq in twin.seqs]:
                problem = f"check {item.check.name!r}: its cases are others each time that they are drawn"
                advice = "draw from the rng that `cases` is given, not from np.random, random or the time"
                raise RubricError(plan.rubric.assignment.rubric, planned.exercise.name, problem, advice)
