"""What a student reads of a verdict: friendly, short and concrete, always with the call that shows it."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any, assert_never

import numpy as np

from grader.checks.compare import Difference, Index, kind_of, number
from grader.checks.unsendable import unsendable_text
from grader.course.policy import Policy
from grader.sandbox.outcome import BadReturn, Died, NotRun, Outcome, OutOfMemory, Raised, Returned, TimedOut, Unimplemented, word
from grader.sandbox.values import Array, Items, Ref, decode, size_text
from grader.sandbox.wire import Step
from grader.text.language import gettext as _
from grader.text.language import marked, ngettext

AT_HAND_IN = marked("runs when you hand in")
UNPROVEN = marked("counts once a result is right that is not in the statement, and that no constant, copy or plain sum gives too")
LONGEST = 80  # characters of a list, a dict or a string that are written out
INLINE = 16  # arrays of short numbers up to this size are written out
ROUNDED = 6  # arrays of long numbers up to this size are written out too, rounded, if the whole call fits into …
SHORT_CALL = 120  # … characters

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


def call_text(step: Step, parameters: Mapping[str, tuple[str, ...]]) -> str:
    """The step as a student would write it: `conv2d(image=<5×7 array>, kernel=<3×3 array>, stride=2, pad=1)`."""
    if step.op == "get":
        return step.target
    names = parameters.get(step.target, ())
    given = [*zip_longest(names[: len(step.args)], step.args, fillvalue=""), *step.kwargs]
    text = ""
    for rounded in (ROUNDED, 0):  # rounded numbers only where the call stays short with them
        arguments = [f"{name}={_argument(value, rounded)}" if name else _argument(value, rounded) for name, value in given]
        text = f"{step.target}({', '.join(arguments)})"
        if len(text) <= SHORT_CALL:
            break
    return text


def _argument(value: Any, rounded: int = ROUNDED) -> str:
    if isinstance(value, Ref):
        return value.handle if value.item is None else f"{value.handle}[{value.item}]"
    decoded = decode(value)
    if isinstance(decoded, np.ndarray):
        return array_text(decoded, rounded)
    if isinstance(value, Items) and any(isinstance(item, Array | Items | Ref) for item in value.items):
        text = f"[{', '.join(_argument(item, rounded) for item in value.items)}]"
    else:
        text = number(decoded) if isinstance(decoded, float) else repr(decoded)
    return text if len(text) <= LONGEST else f"<{kind_of(decoded)}>"


def array_text(array: "np.ndarray[Any, Any]", rounded: int = ROUNDED) -> str:
    """A small array written out, a larger one as its shape (and its dtype unless that is float64).

    Args:
        rounded: up to how many long numbers are written out, rounded.
    """
    if array.ndim == 0:
        return number(array)
    short = array.dtype.kind in "iub" or bool(np.all(array == np.round(array, 2)))
    if 0 < array.size <= (INLINE if short else rounded):
        return _nested(array)
    shape = "×".join(map(str, array.shape))
    if array.dtype == np.float64:
        return _("<{shape} array>").format(shape=shape)
    return _("<{shape} {dtype} array>").format(shape=shape, dtype=array.dtype)


def _nested(array: "np.ndarray[Any, Any]") -> str:
    if array.ndim == 0:
        return f"{array:.4g}" if array.dtype.kind == "f" and array != np.round(array, 2) else number(array)
    return f"[{', '.join(_nested(item) for item in array)}]"


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
    if difference.expected.startswith("float") and "int" in difference.got:
        return "; " + _("were the results put into an array of integers, which cuts them off?")
    if difference.expected.startswith("float") and difference.got == "float16":
        return "; " + _("it keeps three digits only")
    return ""
