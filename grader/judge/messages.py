"""What a student reads of a verdict: kind, short and concrete, always with the call that shows it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.judge.compare import Difference, Index, kind_of, number
from grader.sandbox.outcome import (
    BadReturn,
    Died,
    NotRun,
    Outcome,
    OutOfMemory,
    Raised,
    TimedOut,
    Unimplemented,
    word,
)
from grader.sandbox.values import Ref, decode, size_text
from grader.sandbox.wire import Step

AT_HAND_IN = "runs when you hand in"
VACUOUS = "earns its points once the results depend on the numbers that come in"
LONGEST = 80  # characters of a list, a dict or a string that are written out
INLINE = 16  # arrays of whole numbers up to this size are written out

_ENDED = {
    "timed_out": "ran out of time",
    "out_of_memory": "ran out of memory",
    "died": "ended the process",
}


def call_text(step: Step, parameters: Mapping[str, tuple[str, ...]]) -> str:
    """The step as a student would write it: `conv2d(image=<5×7 array>, kernel=<3×3 array>, stride=2, pad=1)`."""
    if step.op == "get":
        return step.target
    names = parameters.get(step.target, ())
    positional = [
        f"{names[place]}={_argument(value)}" if place < len(names) else _argument(value) for place, value in enumerate(step.args)
    ]
    return f"{step.target}({', '.join([*positional, *(f'{name}={_argument(value)}' for name, value in step.kwargs)])})"


def _argument(value: Any) -> str:
    if isinstance(value, Ref):
        return value.handle if value.item is None else f"{value.handle}[{value.item}]"
    decoded = decode(value)
    if isinstance(decoded, np.ndarray):
        return array_text(decoded)
    text = number(decoded) if isinstance(decoded, float) else repr(decoded)
    return text if len(text) <= LONGEST else f"<{kind_of(decoded)}>"


def array_text(array: "np.ndarray[Any, Any]") -> str:
    """A small array of short numbers written out, another by its shape (and its dtype when that is unusual)."""
    if array.ndim == 0:
        return number(array)
    short = array.dtype.kind in "iub" or bool(np.all(array == np.round(array, 2)))
    if 0 < array.size <= INLINE and short:
        return _nested(array)
    dtype = "" if array.dtype == np.float64 else f" {array.dtype}"
    return f"<{'×'.join(map(str, array.shape))}{dtype} array>"


def _nested(array: "np.ndarray[Any, Any]") -> str:
    if array.ndim == 0:
        return number(array)
    return f"[{', '.join(_nested(item) for item in array)}]"


def outcome_text(outcome: Outcome, because: str = "") -> str:
    """What happened instead of a result; `because` is the call that a step which was not run waited for."""
    match outcome:
        case Raised(name, _, message, file, line, text):
            where = f" ({file}, line {line}{f': `{text}`' if text else ''})" if line else ""
            return f"raised {name}{f': {message}' if message else ''}{where}"
        case Unimplemented(message, missing):
            return message if missing else "not implemented yet"
        case BadReturn(reason):
            return f"returned {reason}"
        case OutOfMemory(limit):
            return f"needed more memory than the {size_text(limit)} it may use" if limit else "ran out of memory"
        case TimedOut(seconds, "cpu"):
            return f"was still computing after {seconds:g} s; does a loop never end, or is there one too many?"
        case TimedOut(seconds, "wall"):
            return f"did not answer within {seconds:g} s; it waits or sleeps"
        case TimedOut(seconds, _):
            return f"was stopped: the whole submission may take {seconds:g} s"
        case Died(reason):
            return f"ended the process: {reason}"
        case NotRun():
            return f"was not run, because {because or 'a call before it'} {_ENDED.get(word(outcome), word(outcome))}"
    return ""


def load_text(outcome: Outcome, file: str) -> str:
    """What happened when the submission's own file was executed."""
    if isinstance(outcome, Raised):
        if outcome.name == "UnreadableSubmission":
            return outcome.message
        where = f" in line {outcome.line}{f': `{outcome.text}`' if outcome.text else ''}" if outcome.line else ""
        return f"{outcome.file or file} cannot be run: {outcome.name}{where}{f' ({outcome.message})' if outcome.message else ''}"
    return f"{file} cannot be run: executing it {outcome_text(outcome)}"


def difference_text(difference: Difference) -> str:
    """What is not as it should be, for one result."""
    name = difference.path or "the result"
    expected, got = difference.expected, difference.got
    match difference.stage:
        case "type" if got == "None":
            return f"{name} should be {expected}, but it is None; is a `return` missing?"
        case "type" | "shape":
            thing = "shape " if expected.startswith("(") else ""
            return f"{name} should {'have ' + thing if thing else 'be '}{expected}, but {'has ' if thing else 'is '}{got}"
        case "dtype":
            return f"{name} should be of dtype {expected}, but is {got}{_dtype_hint(expected, got)}"
        case "finite" if not difference.first:
            return f"{name} is {got}, but should be {expected}"
        case "finite":
            return f"{_count(difference)} {name} {_verb(difference)} not finite; first {_at(name, difference.first, difference.first_got)}"
    if not difference.first:
        return f"{name} is {got}, but should be {expected}"
    first = f"{_at(name, difference.first, difference.first_got)} (should be {difference.first_expected})"
    text = f"{wrong_text(difference)}; first {first}"
    if difference.wrong > 1 and difference.worst != difference.first:
        text += f", worst {_at(name, difference.worst, got)} (should be {expected})"
    return text


def wrong_text(difference: Difference) -> str:
    """How many values are wrong: «6 of 9 values of O are wrong»."""
    return f"{_count(difference)} {difference.path or 'the result'} {_verb(difference)} wrong"


def _verb(difference: Difference) -> str:
    return "is" if difference.wrong in (1, difference.size) else "are"


def _at(name: str, index: Index, value: str) -> str:
    return f"{name if name != 'the result' else ''}[{','.join(map(str, index))}] = {value}"


def _count(difference: Difference) -> str:
    if difference.wrong == difference.size:
        return "every value of" if difference.size > 1 else "the value of"
    return f"{difference.wrong} of {difference.size} values of"


def _dtype_hint(expected: str, got: str) -> str:
    if expected.startswith("float") and "int" in got:
        return "; were the results put into an array of integers, which cuts them off?"
    if expected.startswith("float") and got == "float16":
        return ", which keeps three digits only"
    return ""
