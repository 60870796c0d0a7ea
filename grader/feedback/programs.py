"""The calls that show what is wrong, as programs to be pasted and tried."""

from collections.abc import Iterator

from grader.feedback.summary import lacking
from grader.judge.call_program import program
from grader.judge.verdicts import Grade
from grader.plan import Plan
from grader.text.escape import plain


def programs(plan: Plan, grade: Grade, module: str) -> Iterator[str]:
    """A program for each check that failed, under what the check says; `module` is the name of the student's file."""
    for exercise in grade.exercises:
        home = plan.rubric.homes.get(exercise.name, "").removesuffix(".py") or module
        for check in lacking(exercise):
            if check.steps and check.verdict == "failed":
                said = [f"{exercise.name}: {check.said}", *check.message.splitlines()]
                yield "\n".join(["", *(f"# {plain(line)}" for line in said)])
                yield program(plan.steps, check.steps, plan.rubric.parameters, home)
