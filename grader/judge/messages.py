"""What a student reads of a verdict: friendly, short and concrete, always with the call that shows it."""

from typing import assert_never

from grader.checks.compare import Difference, Index
from grader.checks.unsendable import unsendable_text
from grader.course.policy import Policy
from grader.sandbox.outcome import BadReturn, Died, NotRun, Outcome, OutOfMemory, Raised, Returned, TimedOut, Unimplemented, word
from grader.sandbox.values import size_text
from grader.text.language import gettext as _
from grader.text.language import marked, ngettext

AT_HAND_IN = marked("runs when you hand in")
UNPROVEN = marked("counts once a result is right that is not in the statement, and that no constant, copy or plain sum gives too")

_NOT_RUN = {  # by what ended the child earlier
    "timed_out": marked("was not run, because {call} ran out of time"),
    "out_of_memory": marked("was not run, because {call} ran out of memory"),
    "died": marked("was not run, because {call} ended the process"),
}
_UNAVAILABLE = {  # by the exception that its absence raises
    "ModuleNotFoundError": marked("only numpy and Python's own library can be imported here"),
    "PermissionError": marked("your code may not use files or the network here"),
    "EOFError": marked("nobody can answer `input()` here"),
}
_SHAPE_ERRORS = ("could not be broadcast", "matmul: Input operand", "not aligned")  # in numpy's messages
_SHAPES = marked("print the `.shape` of each array in that line, and compare them with the docstring")


def outcome_text(outcome: Outcome, because: str = "", main: str = "", policy: Policy | None = None) -> str:
    """What happened instead of a result.

    Args:
        because: for a step that was not run, the call that prevented it.
        main: the name of the student's file.
    """
    match outcome:
        case Raised("ForbiddenError", _bases, name, file, line, text) if policy is not None:
            place = f"{line}: `{text}`" if text else str(line)
            used = _("uses `{name}`, {why} ({file}, line {line})") if line else _("uses `{name}`, {why}")
            return used.format(name=name, why=_why(policy, name), file=file, line=place)
        case Raised(name, _bases, message, file, line, text):
            error = f"{name}: {message}" if message else name
            if not line:
                return _("raised {error}").format(error=error) + _unavailable(name, message)
            place = f"{line}: `{text}`" if text else str(line)
            raised = _("raised {error} ({file}, line {line})").format(error=error, file=file, line=place)
            return raised + _unavailable(name, message)
        case Unimplemented(name, missing, near):
            if not missing:
                return _("not implemented yet")
            near_text = _("`{name}` is not defined in {file}; did you mean to call `{near}` that?")
            return (near_text if near else _("`{name}` is not defined in {file}")).format(name=name, file=main, near=near)
        case BadReturn(reason, values, changed):
            what = unsendable_text(reason, values)
            return _("changed an argument into {what}").format(what=what) if changed else _("returned {what}").format(what=what)
        case OutOfMemory(limit) if limit:
            return _("needed more memory than the {limit} it may use").format(limit=size_text(limit))
        case OutOfMemory():
            return _("ran out of memory")
        case TimedOut(seconds, "cpu"):
            text = _("was still computing after {seconds} s; does a loop never end, or is there one too many?")
            return text.format(seconds=f"{seconds:g}")
        case TimedOut(seconds, "wall"):
            return _("did not answer within {seconds} s; it waits or sleeps").format(seconds=f"{seconds:g}")
        case TimedOut(seconds, _clock):
            return _("was stopped: the whole submission may take {seconds} s").format(seconds=f"{seconds:g}")
        case Died(reason, detail):
            return _("ended the process: {reason}").format(reason=_(reason).replace("{detail}", _(detail)))
        case NotRun():
            return _(_NOT_RUN[word(outcome)]).format(call=because or _("a call before it"))
        case Returned():
            return ""
        case _:
            assert_never(outcome)


def _why(policy: Policy, name: str) -> str:
    """Why something may not be used, and what to do instead."""
    if policy.names(name):
        return _("which is not allowed here: {instead}").format(instead=_(policy.instead))
    return _("but only {modules} may be imported here").format(modules=policy.importable)


def _unavailable(exception: str, message: str = "") -> str:
    """A hint for an exception: what the sandbox lacks, or what to check where two shapes do not match."""
    text = _UNAVAILABLE.get(exception)
    if exception == "ValueError" and any(text in message for text in _SHAPE_ERRORS):
        text = _SHAPES
    return f"; {_(text)}" if text else ""


def load_text(outcome: Outcome, file: str, policy: Policy | None = None) -> str:
    """What happened when the submission's own file was executed."""
    if isinstance(outcome, Raised):
        if outcome.name == "UnreadableSubmission":
            return outcome.message
        if outcome.name == "ForbiddenError" and policy is not None:
            problem = outcome_text(outcome, policy=policy)
            return _("{file} cannot be run: executing it {problem}").format(file=file, problem=problem)
        text = _("{file} cannot be run: {error} in line {line}") if outcome.line else _("{file} cannot be run: {error}")
        line = f"{outcome.line}: `{outcome.text}`" if outcome.text else str(outcome.line)
        said = text.format(file=outcome.file or file, error=outcome.name, line=line)
        return said + (f" ({outcome.message})" if outcome.message else "") + _unavailable(outcome.name)
    return _("{file} cannot be run: executing it {problem}").format(file=file, problem=outcome_text(outcome, main=file))


def difference_text(difference: Difference) -> str:
    """How one result differs from the expected one."""
    name = difference.path or _("the result")
    parts = {"name": name, "expected": difference.expected, "got": difference.got}
    match difference.stage:
        case "type" if difference.got == "None":
            return _("{name} should be {expected}, but it is None; is a `return` missing?").format(**parts)
        case "shape" if difference.expected == "()":
            return _("{name} should be one number, but has shape {got}").format(**parts)
        case "shape" if difference.expected.startswith("("):
            return _("{name} should have shape {expected}, but has {got}").format(**parts)
        case "type" | "shape":
            return _("{name} should be {expected}, but is {got}").format(**parts)
        case "dtype":
            return _("{name} should be of dtype {expected}, but is {got}").format(**parts) + _dtype_hint(difference)
        case "finite" if difference.first:
            return _not_finite(difference) + "; " + _("first {place}").format(place=_at(difference, difference.first_got))
        case "finite" | "values":
            pass
        case _:
            assert_never(difference.stage)
    if not difference.first:
        return _("{name} is {got}, but should be {expected}").format(**parts)
    shown = _("first {place} (should be {expected})").format(
        place=_at(difference, difference.first_got), expected=difference.first_expected
    )
    text = f"{wrong_text(difference)}; {shown}"
    if difference.wrong > 1 and difference.worst != difference.first:
        worst = _at(difference, difference.got, difference.worst)
        text += ", " + _("worst {place} (should be {expected})").format(place=worst, expected=difference.expected)
    return text


def wrong_text(difference: Difference) -> str:
    """How many values are wrong: "6 of 9 values of O are wrong"."""
    some = ngettext(
        "{wrong} of {size} values of {name} is wrong", "{wrong} of {size} values of {name} are wrong", difference.wrong
    )
    return _counted(difference, some, _("every value of {name} is wrong"), _("the value of {name} is wrong"))


def _not_finite(difference: Difference) -> str:
    some = ngettext(
        "{wrong} of {size} values of {name} is not finite", "{wrong} of {size} values of {name} are not finite", difference.wrong
    )
    return _counted(difference, some, _("every value of {name} is not finite"), _("the value of {name} is not finite"))


def _counted(difference: Difference, some: str, every: str, only: str) -> str:
    """The text for some, every or the only value of the result, filled in."""
    text = some if difference.wrong < difference.size else every if difference.size > 1 else only
    return text.format(wrong=difference.wrong, size=difference.size, name=difference.path or _("the result"))


def _at(difference: Difference, value: str, index: Index | None = None) -> str:
    return f"{difference.path}[{','.join(map(str, difference.first if index is None else index))}] = {value}"


def _dtype_hint(difference: Difference) -> str:
    if difference.expected.startswith("float") and "int" in difference.got and difference.wrong == 0 < difference.size:
        return "; " + _("were the results put into an array of integers, which cuts them off?")
    if difference.expected.startswith("float") and difference.got == "float16":
        return "; " + _("it keeps three digits only")
    return ""
