"""What a student is told of a hidden check until the grades are published: the kind of input, the rule and the pattern.

    public   its inputs are the same for everybody: worked examples, refusals, cases that draw nothing; their messages are shown in full
    hidden   its inputs are drawn from the course's secret, or it compares with the reference

Inputs are the same for every submission, so a program could copy whatever numbers its feedback names. The text on a hidden check is
therefore written from structure alone: shapes, dtypes, which result, whether much or little of it is wrong, the kind of an exception and
its line. No text that holds numbers is taken and cleaned, and none that the student's code can word: not the message of an exception or
a warning, not a name, not a value. How many values are wrong is told roughly: the exact number would say how good a guess is.
"""

import builtins
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import assert_never

from grader.checks.difference import Difference
from grader.checks.example import WorkedExample
from grader.checks.findings import Finding, ResultFinding
from grader.checks.kept_back import broken, kept
from grader.checks.words import kind_of
from grader.course.given import Given
from grader.judge import messages
from grader.judge.calls import argument_text, call_text, made, shape_text
from grader.judge.difference_text import difference_text, not_finite, wrong_text
from grader.judge.verdicts import Told
from grader.plan import Plan, PlannedCheck
from grader.sandbox.outcome import BadReturn, Died, Kept, NotRun, Outcome, OutOfMemory, Raised, Returned, TimedOut, Unimplemented
from grader.sandbox.values import Array, Function, Items, Ref, Table, Value, decode
from grader.sandbox.wire import Step
from grader.text.language import gettext as _
from grader.text.language import marked

_EXCEPTIONS = {name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)}
_LINES = 100_000  # of a file; a child may report any number as a line
_LONGEST = 24  # characters of a shape that a student's function chose

BROKEN = marked("this does not hold for arguments like these")


def is_public(item: PlannedCheck, finding: Finding | ResultFinding) -> bool:
    """Whether everything that a check found may be told at once."""
    return item.public and (finding.difference is None or isinstance(item.check, WorkedExample))


def told(plan: Plan, item: PlannedCheck, finding: Finding | ResultFinding, outcomes: Sequence[Outcome]) -> Told | None:
    """What is told of a finding on a hidden check, or on one of its results; None where there is nothing to tell."""
    if is_public(item, finding) or (finding.verdict == "passed" and not finding.public):
        return None
    if of := kept(item.check):
        return Told("", broken(of))
    outcome = outcomes[finding.seq] if finding.seq is not None else Returned()
    seqs = steps_of(plan, item, finding)
    calls = [_call(plan, item, seq) for seq in seqs[: messages.CALLS]]
    because = _call(plan, item, outcome.because) if isinstance(outcome, NotRun) and outcome.because in item.seqs else ""
    return Told("\n".join(calls + (["…"] if len(seqs) > len(calls) else [])), _message(finding, outcome, because, plan.given))


def steps_of(plan: Plan, item: PlannedCheck, finding: Finding | ResultFinding) -> tuple[int, ...]:
    """The steps that show a finding: of a method that is an exercise, after those that made its object what it was."""
    if finding.calls or finding.seq is None:
        return finding.calls
    case = next((case for case in plan.cases(item) if finding.seq in case), range(0))
    head = plan.steps[finding.seq].target.partition(".")[0]
    before = [
        seq for seq in case if seq < finding.seq and head in (plan.steps[seq].save, plan.steps[seq].target.partition(".")[0])
    ]
    return (*(before if any(plan.steps[seq].is_of_method for seq in case) else ()), finding.seq)


def _message(finding: Finding | ResultFinding, outcome: Outcome, because: str, given: Given) -> str:
    if finding.public:
        return finding.public
    if finding.difference is not None:
        return _differs(finding.difference)
    if not isinstance(outcome, Returned):
        return _happened(outcome, because, given)
    return _(BROKEN)


def _happened(outcome: Outcome, because: str, given: Given) -> str:
    """`messages.outcome_text` without what the student's code words."""
    match outcome:
        case Raised("ForbiddenError"):
            return _("uses something that is not allowed here")
        case Raised(name, bases, message, line=line):
            error = next((known for known in (name, *bases) if known in _EXCEPTIONS), "Exception")
            text = _("raised {error} in line {line}") if _is_line(line) else _("raised {error}")
            return text.format(error=error, line=line) + messages.unavailable(error, message, given)
        case Unimplemented(missing=missing):
            return _("it is not defined") if missing else _("not implemented yet")
        case BadReturn(changed=changed):
            text = _("changed an argument into something that cannot be graded")
            return text if changed else _("returned something that cannot be graded")
        case OutOfMemory():
            return messages.outcome_text(OutOfMemory())
        case Died():
            return _("ended the process")
        case TimedOut(seconds, clock, line=line):  # where it was is what the child said
            text = messages.outcome_text(TimedOut(seconds, clock))
            return _("{problem} It was in line {line}.").format(problem=text, line=line) if _is_line(line) else text
        case NotRun() | Returned() | Kept():
            return messages.outcome_text(outcome, because)
        case _:
            assert_never(outcome)


def _is_line(line: int) -> bool:
    return 0 < line < _LINES


def _differs(difference: Difference) -> str:
    """`difference_text` without numbers."""
    name = difference.path or _("the result")
    if difference.missing or difference.extra:
        text = _("{name} lacks something") if difference.missing else _("{name} has something that it should not have")
        if difference.missing and difference.extra:
            text = _("{name} lacks something, and has something that it should not have")
        return text.format(name=name)
    match difference.stage:
        case "type" if difference.got == "None":
            return _("{name} is None; is a `return` missing?").format(name=name)
        case "type":
            return _("{name} is not of the type that the docstring asks for").format(name=name)
        case "shape" if difference.expected.startswith("(") and len(difference.got) <= _LONGEST:
            return difference_text(difference)
        case "shape" if difference.expected.startswith("("):
            return _("{name} should have shape {expected}").format(name=name, expected=difference.expected)
        case "shape":
            return _("{name} should be {expected}").format(name=name, expected=difference.expected)
        case "dtype":
            return difference_text(difference)
        case "finite" if difference.wrong == difference.size:
            return not_finite(difference)
        case "finite":
            return _much(difference, _("most values of {name} are not finite"), _("some values of {name} are not finite"))
        case "values" if difference.wrong == difference.size:
            return wrong_text(difference)
        case "values":
            return _much(difference, _("most values of {name} are wrong"), _("some values of {name} are wrong"))
        case _:
            assert_never(difference.stage)


def _much(difference: Difference, most: str, some: str) -> str:
    text = most if 2 * difference.wrong > difference.size else some
    return text.format(name=difference.path or _("the result"))


def _call(plan: Plan, item: PlannedCheck, seq: int) -> str:
    """The step as a student would write it, with what was drawn by its kind: `conv2d(image=<5×7 array>, kernel=<3×3 array>, pad=1)`."""
    step, parameters = plan.steps[seq], plan.rubric.parameters
    twin = item.twins[seq - item.seqs.start] if item.twins else None
    if step.op == "get" or step == twin:
        return call_text(step, parameters)
    return f"{made(step)}{step.target}({', '.join(_arguments(step, twin, parameters.get(step.target, ())))})"


def _arguments(step: Step, twin: Step | None, names: Sequence[str]) -> Iterator[str]:
    """The arguments; those that the `twin` has too were not drawn."""
    given = [*zip_longest(names[: len(step.args)], step.args, fillvalue=""), *step.kwargs]
    known = (*twin.args, *(value for _name, value in twin.kwargs)) if twin else ()
    for place, (name, value) in enumerate(given):
        text = argument_text(value) if place < len(known) and known[place] == value else _kind(value)
        yield f"{name}={text}" if name else text


def _kind(value: Value) -> str:
    """A drawn argument without its numbers."""
    match value:
        case Array(_dtype, (), _data):
            return "…"
        case Array():
            return shape_text(decode(value))
        case Items(_list, items) if any(isinstance(item, Array | Items | Ref) for item in items):
            return f"[{', '.join(map(_kind, items))}]"
        case Items():
            return f"<{kind_of(decode(value))}>"
        case Ref() | Function() | Table():
            return argument_text(value)
        case _:
            return "…"
