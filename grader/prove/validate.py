"""Proving a rubric: the stub and trivial programs earn 0, the solution and every accepted variant earn full marks, every
misconception is rejected and named, every wrong submission is rejected, what ships gives nothing away."""

import time
from collections.abc import Iterator

import msgspec
import numpy as np

from grader.checks.example import WorkedExample
from grader.checks.gradient import Gradient
from grader.course.folder import PUBLIC_SEED, Assignment
from grader.course.misconceptions import TITLED, Misconception, whole_submissions
from grader.course.rubric import read_reference, read_rubric
from grader.course.several import solution_text, stubs
from grader.engine.grade_one import grade_one
from grader.engine.prepare import Prepared, prepare
from grader.errors import RubricError
from grader.feedback.summary import points
from grader.judge.faults import located
from grader.judge.verdicts import Grade, Verdict
from grader.prove.counting import counting_problems, read_problems
from grader.prove.hints import hint_problems
from grader.prove.mistakes_that_raise import broken_mistakes
from grader.prove.mutation import MutationResult, run_mutants
from grader.prove.numeric import numeric_advice, numeric_problems
from grader.prove.on_the_reference import hold_on_the_reference
from grader.prove.own_inputs import own_input_problems
from grader.prove.prices import Price, each_alone, price_problems, prices
from grader.prove.ran_before import SHORT, Runs
from grader.prove.rules_hold import policy_problems
from grader.prove.shipped import given_away
from grader.prove.submissions_hold import full_problems, passed_checks, read_whole, rejected_problems
from grader.prove.trivial import TOGETHER, Earned, trivial_programs
from grader.release.public import cut_rubric
from grader.sandbox.backend import Backend, Source
from grader.sandbox.values import Ref, decode
from grader.submissions.submission import Submission

EXPLICIT = "explicit_dtype.py"  # an accepted variant that says float64 wherever it can: with float32 it is not quite right
IN_VAIN = "every check passes; correct its edit, or add a check that sees it"


class Proof(msgspec.Struct, frozen=True):
    """The proof of one rubric; it holds when `problems` is empty.

    Attributes:
        trivial: what the best trivial program earns.
        prices: what each known mistake costs, dearest first.
        advice: what the author may want otherwise, and may not.
        blocks: tables that would explain the mutants that survive, to be pasted.
        mutants: of the reference; a check rejected `killed` of them, and `equivalent` ones are explained as no mistakes.
    """

    assignment: str
    points: float
    exercises: int
    checks: int
    calls: int
    misconceptions: int
    named: int
    accepted: int
    wrong: int
    mutants: int
    killed: int
    equivalent: int
    seconds: float
    trivial: Earned
    prices: tuple[Price, ...]
    problems: tuple[str, ...]
    advice: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()


def validate(assignment: Assignment, backend: Backend, mutants: bool = True) -> Proof:
    """Prove the rubric of one assignment.

    Args:
        mutants: whether to run the mutants of the reference too.

    Raises:
        RubricError: the rubric cannot even be planned, or there is no reference to prove it with.
    """
    started = time.monotonic()
    ready = prepare(assignment, PUBLIC_SEED)
    if ready.oracle is None:
        raise RubricError(assignment.reference, "", "there is no reference", "validate runs in the instructor's course")
    plan, oracle = ready.plan, ready.oracle
    hold_on_the_reference(ready, oracle)
    accepted = sorted(assignment.submissions.glob("accepted/*.py"))
    rejected = sorted(
        path for kind in ("wrong", "raises", "slow", "hostile") for path in assignment.submissions.glob(f"{kind}/*.py")
    )
    alone = each_alone(ready)
    in_vain = {item.name for item, grade in alone if not _failed(item, grade)}  # told of each place of the mistake
    edits: list[tuple[str, str]] = []
    if all(path.is_file() for path in assignment.solution_files):
        text = solution_text(assignment)
        mistakes = whole_submissions(assignment.misconceptions, TITLED, assignment.solution, text)
        edits = [(name, made) for name, made in mistakes if name not in in_vain]
        edits += whole_submissions(assignment.submissions / "wrong.toml", (), assignment.solution, text)
    texts = [(f"the solution (or base) with the edits of {name}", name, text) for name, text in edits]
    texts += [
        (f"{path.name} in float32", path.stem, path.read_text(encoding="utf-8").replace("float64", "float32"))
        for path in accepted
        if path.name == EXPLICIT
    ]
    files = [(f"{path.parent.name}/{path.name}", read_whole(path, ready)) for path in rejected]
    edited = [(shown, Submission(name, plan.name, Source(plan.name, {plan.name: text}))) for shown, name, text in texts]
    runs = Runs(ready, backend)
    reference = read_reference(assignment)
    assert reference is not None
    trivial = trivial_programs(ready, reference)
    listed = prices(ready, alone)
    mutated = run_mutants(assignment, ready, backend) if mutants else MutationResult()
    unnamed = [list(misconception_problems(item, grade)) for item, grade in alone]
    problems = [
        *stub_problems(assignment, ready, backend),
        *policy_problems(ready, backend),
        *broken_mistakes(ready, oracle),
        *price_problems(listed),
        *_paid(*trivial, plan.rubric.points),
        *counting_problems(ready),
        *kinks(ready),
        *shipped_problems(assignment, ready),
        *explain_problems(ready),
        *numeric_problems(assignment, ready, backend),
        *hint_problems(assignment, ready, accepted),
        *own_input_problems(plan, backend),
        *(problem for path in (assignment.solution, *accepted) for problem in full_problems(path, ready, runs)),
        *(text for shown, wrong in files for text in rejected_problems(shown, wrong.student, runs.grade_whole(wrong), ready)),
        *(text for shown, wrong in edited for text in rejected_problems(shown, wrong.student, runs.grade(wrong), ready)),
        *(problem for found in unnamed for problem in found),
        *(f"no check rejects the mutant {text}" for text in mutated.surviving),
        *mutated.problems,
    ]
    return Proof(
        assignment.name,
        plan.rubric.points,
        len(plan.exercises),
        sum(len(planned.checks) for planned in plan.exercises),
        len(plan.steps),
        len(oracle.misconceptions),
        sum(not found for found in unnamed),
        len(accepted),
        len(files) + len(edited),
        mutated.made,
        mutated.killed,
        mutated.equivalent,
        time.monotonic() - started,
        max(trivial, key=lambda earned: earned.points),
        tuple(listed),
        tuple(problems),
        tuple(advice(ready)),
        mutated.blocks,
    )


def stub_problems(assignment: Assignment, ready: Prepared, backend: Backend) -> Iterator[str]:
    """The stub is what is cut from the solution, and earns nothing."""
    if assignment.has_solution:  # else `_full` reports it
        for path, cut in stubs(assignment).items():
            if not path.is_file() or cut != path.read_text(encoding="utf-8"):
                yield f"the stub {path.name} is not what is cut from the solution; run `grader release {assignment.name}`"
    grade = grade_one(read_whole(assignment.stub, ready), ready, backend, SHORT).grade
    if grade.message:
        advice = "what runs when it is imported may not need what students write: put it into a function, or between the markers"
        yield f"the stub cannot be imported as it is: {grade.message}\n  → {advice}"
    if grade.score != 0:
        yield f"the stub earns {points(grade.score)} points: {passed_checks(grade)}"
    yield from read_problems(grade, path=assignment.stub, written=False)


def trivial_problems(ready: Prepared) -> Iterator[str]:
    """Trivial programs that are paid."""
    assert ready.oracle is not None
    yield from _paid(*trivial_programs(ready, ready.oracle.reference), sum(found.points for found in ready.plan.rubric.exercises))


def _paid(single: Earned, together: Earned, most: float) -> Iterator[str]:
    if single.points:
        yield f"a trivial program is paid: {single.text}"
    if together.points > TOGETHER * most:
        yield f"trivial programs are paid: {together.text}"


def shipped_problems(assignment: Assignment, ready: Prepared) -> Iterator[str]:
    """Functions that students get and that answer an exercise."""
    assert ready.oracle is not None
    for item in given_away(read_rubric(assignment, text=cut_rubric(assignment)), ready.plan, ready.oracle):
        results = f" ({', '.join(filter(None, item.results))})" if any(item.results) else ""
        yield (
            f"students get {item.function}, which gives away {item.exercise}{results}, worth {points(item.points)}; mark it @hidden, "
            "or let it say the rule and not the number"
        )


def kinks(ready: Prepared) -> Iterator[str]:
    """Cases of numeric gradients that come too near to a kink."""
    assert ready.oracle is not None
    for planned in ready.plan.exercises:
        for item in planned.checks:
            if isinstance(item.check, Gradient):
                yield from (f"{planned.exercise.name}: {text}" for text in item.check.kinks(item.data, ready.oracle))


def explain_problems(ready: Prepared) -> Iterator[str]:
    """Arithmetic of worked examples that raises: a student would miss it, and never hear why."""
    for planned in ready.plan.exercises:
        for item in planned.checks:
            if isinstance(item.check, WorkedExample):
                for place, error in item.check.faults(item.data, planned.exercise.returns):
                    text = located(error, ready.plan.rubric.assignment.rubric)
                    yield f"{planned.exercise.name} «{item.check.name}»: explain fails at {place or 'the result'}: {text}"


def advice(ready: Prepared) -> Iterator[str]:
    """What a rubric leaves open, perhaps on purpose."""
    yield from numeric_advice(ready)
    yield from _unguarded(ready)


def _unguarded(ready: Prepared) -> Iterator[str]:
    """Exercises that take arrays or lists, without a check that these are left as they were, though the author declined none."""
    for planned in ready.plan.exercises:
        own = (ready.plan.steps[seq] for seq in ready.plan.own(planned.exercise.name, planned.seqs))
        values = [value for step in own for value in (*step.args, *(item for _, item in step.kwargs))]
        lasting = any(isinstance(decode(value), list | np.ndarray) for value in values if not isinstance(value, Ref))
        if lasting and planned.exercise.unchanged and not any(item.check.kind == "unchanged" for item in planned.checks):
            remedy = "yield unchanged(…) with cases of its own, or say unchanged=False"
            yield f"{planned.exercise.name} takes arrays or lists, but no check sees whether it changes them; {remedy}"


def misconception_problems(item: Misconception, grade: Grade) -> Iterator[str]:
    """What is not right in the grade of who makes this mistake alone: it is rejected, and has its name."""
    exercise = next((found for found in grade.exercises if found.name == item.of), None)
    if exercise is None:
        yield f"misconception {item.name} is of {item.of}, which is not an exercise"
        return
    failed = _failed(item, grade)
    values = [check for check in failed if check.kind != "raises"] or failed  # at refusals only mistakes about refusing are named
    named = {mistake for check in values for mistake in check.mistakes}
    if not failed:
        yield f"misconception {item.name} of {item.of} is not rejected: {IN_VAIN}"
    elif named != {item.name}:
        yield f"misconception {item.name} of {item.of} is named {', '.join(sorted(named)) or 'nothing'}"


def _failed(item: Misconception, grade: Grade) -> list[Verdict]:
    """The checks of its exercise that a mistake fails."""
    exercise = next((found for found in grade.exercises if found.name == item.of), None)
    return [check for check in exercise.checks if check.verdict in ("failed", "partly")] if exercise else []
