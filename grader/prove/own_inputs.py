"""Inputs that are drawn for each student differ from student to student, and the solution is right on all of them."""

from collections.abc import Iterator

from grader.course.folder import PUBLIC_SEED
from grader.course.several import solution_text
from grader.engine.grade_one import grade_one
from grader.engine.prepare import prepare
from grader.plan import Plan
from grader.sandbox.backend import Backend, Source
from grader.submissions.pieces import pieces
from grader.submissions.submission import Submission

STUDENTS = ("one student", "another student", "a third student")  # whose inputs are tried


def own_input_problems(plan: Plan, backend: Backend) -> Iterator[str]:
    """Exercises that say `per_student` and draw the same for everybody, and students on whose inputs the solution is not right."""
    assignment = plan.rubric.assignment
    if not plan.is_drawn_for_each or not assignment.has_solution:
        return
    ready = prepare(assignment, PUBLIC_SEED, each=True)
    plans = [ready.own(student).plan for student in STUDENTS]
    for place, planned in enumerate(plan.exercises):
        drawn = {tuple(own.frames[seq] for seq in own.exercises[place].seqs) for own in plans}
        if planned.exercise.per_student and len(drawn) == 1:
            yield (
                f"{planned.exercise.name} says per_student, but its inputs are the same for everybody: let `cases` draw them from "
                "its rng, or leave it out"
            )
    text = solution_text(assignment)
    for student in STUDENTS:
        submission = Submission(student, plan.name, Source(plan.name, {plan.name: text}), pieces=pieces([text]))
        grade = grade_one(submission, ready, backend).grade
        failed = [
            f"{exercise.name} «{check.name}»: {check.message}"
            for exercise in grade.exercises
            for check in exercise.checks
            if check.verdict != "passed" and not check.is_open
        ]
        if not grade.right:
            yield f"the solution is not right on the inputs of {student!r}: {grade.message or '; '.join(failed[:2])}"
