"""The vocabulary of a course's author: exercises, checks and misconceptions.

    @exercise(points=3, returns=("O",))
    def conv2d():
        \"\"\"Convolution with padding and stride.\"\"\"
        yield from examples()
        yield agrees("random images, every padding and stride", cases=images, n=8)

The function's name is the exercise (and the student's function, and the reference's), its docstring the line that a student reads.
A method is named: `@exercise(points=3, name="LinearRegression.fit")`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, TypeVar

import msgspec

from grader.checks.agrees import agrees
from grader.checks.base import Check
from grader.checks.draws import draws
from grader.checks.effort import within
from grader.checks.example import Examples, example, examples
from grader.checks.gradient import gradient
from grader.checks.prints import prints
from grader.checks.property import has_property
from grader.checks.raises import raises
from grader.checks.slips import SLIP
from grader.checks.statistic import any_generator, any_seed, statistic
from grader.checks.unchanged import SHARE, unchanged
from grader.checks.uses import Use, call, get, new, ref, seeded
from grader.course.manual import Manual, manual
from grader.course.misconceptions import Misconception
from grader.course.policy import policy
from grader.sandbox.import_policy.rules import STANDARD_LIBRARY
from grader.text.language import gettext as _

__all__ = [
    "STANDARD_LIBRARY",
    "Check",
    "Exercise",
    "Misconception",
    "Use",
    "_",
    "agrees",
    "any_generator",
    "any_seed",
    "call",
    "draws",
    "example",
    "examples",
    "exercise",
    "get",
    "gradient",
    "has_property",
    "hidden",
    "manual",
    "misconception",
    "new",
    "policy",
    "prints",
    "raises",
    "ref",
    "seeded",
    "statistic",
    "unchanged",
    "within",
]

Function = TypeVar("Function", bound=Callable[..., Any])
Checks = Callable[[], Iterator[Check | Examples | Manual]]
Counts = Literal["required", "bonus", "optional"]
_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)?")


class Exercise(msgspec.Struct, frozen=True):
    """One function, class or method of the stub that earns points.

    Attributes:
        name: of the exercise and of the student's function; of a method, `Class.method`.
        title: the line that a student reads.
        points: shared among its checks by their `share`.
        returns: names of the results, in messages.
        array_like: whether lists of numbers are as good as arrays.
        seconds: CPU time that one call may take.
        unchanged: the share of the check that the arguments are left as they were (0: none).
        weights: of the results that do not weigh 1.
        slip: the part of a result that right values in a wrong form cost (see `checks.slips`).
        uses: other exercises that it uses, besides those that the solution calls.
        per_student: whether its inputs are drawn for each student anew, in all checks or in those of these names.
        attributes: of a method: whether its results are attributes of its object, after the call, and not what it returns.
        first: of a generator, how many items are judged.
        item: of several results, the one that is judged.
        counts: towards the maximum, above it (`"bonus"`), or not at all (`"optional"`).
    """

    name: str
    title: str
    points: float
    returns: tuple[str, ...]
    array_like: bool
    seconds: float
    checks: Checks
    unchanged: float = 0.0
    weights: Mapping[str, float] = {}
    slip: float = SLIP
    uses: tuple[str, ...] = ()
    first: int | None = None
    item: int | None = None
    counts: Counts = "required"
    per_student: bool | tuple[str, ...] = False
    attributes: bool = False


def exercise(
    points: float,
    returns: tuple[str, ...] | Mapping[str, float] = (),
    array_like: bool = False,
    seconds: float = 3.0,
    unchanged: float = SHARE,
    slip: float = SLIP,
    uses: tuple[str, ...] = (),
    first: int | None = None,
    item: int | None = None,
    bonus: bool = False,
    optional: bool = False,
    per_student: bool | tuple[str, ...] = False,
    name: str = "",
    attributes: tuple[str, ...] | Mapping[str, float] = (),
) -> Callable[[Checks], Exercise]:
    """Make a generator function of checks an exercise of the rubric (see the module's example).

    Args:
        returns: names of the results, each of which is judged and paid by itself; as `{"dx": 2, "dw": 1}`, with their weights.
        unchanged: share of the default check that the arguments are left as they were; `False` for no such check. It is left
            out where no other check calls the function with arrays or lists, and where the rubric yields its own `unchanged(…)`.
        slip: the part of a result that right values in a wrong form cost.
        uses: exercises that it uses and that the solution does not call.
        first: of a generator, how many items are judged, as a list; it may be endless.
        item: of several results, the one that is judged, counted from 0; the others may be anything, as a cache for the backward pass.
        bonus: whether its points are above the maximum of the assignment.
        optional: whether it is checked and shown, and counts nothing.
        per_student: `True` to draw the inputs of its checks for each student anew, from the course's secret and the student's id; or
            the names of the checks that do. `within` measures all by the same arrays.
        name: of the student's function, if it is not that of the decorated one; of a method, `"LinearRegression.fit"`.
        attributes: of a method that changes its object: the attributes that are judged after each call, in place of what it returns.
    """
    if name and not _NAME.fullmatch(name):
        raise ValueError(f"name={name!r}, but it is the name of a function or a class, or 'Class.method'")
    if attributes and ("." not in name or returns or item is not None or first is not None):
        raise ValueError("attributes= are what a method leaves: say name='Class.method', and none of returns=, item=, first=")
    if isinstance(attributes, str):
        raise TypeError(f"attributes={attributes!r}, but it takes a tuple: attributes=({attributes!r},)")
    returns, of_object = attributes or returns, bool(attributes)
    if bonus and optional:
        raise ValueError("bonus=True, optional=True, but an exercise counts above the maximum or not at all; leave one out")
    if first is not None and (isinstance(first, bool) or not isinstance(first, int) or first < 1):
        raise ValueError(f"first={first!r}, but it is how many items of a generator are judged: 1 or more")
    if item is not None and (isinstance(item, bool) or not isinstance(item, int) or item < 0):
        raise ValueError(f"item={item!r}, but it is the place of the result that is judged: 0 for the first")
    if item is not None and len(returns) > 1:
        raise ValueError(f"item={item} judges a single result, but returns= names {', '.join(returns)}: name that one")
    if not points > 0:
        raise ValueError(f"points={points!r}, but an exercise is worth more than 0")
    if not seconds > 0:
        raise ValueError(f"seconds={seconds!r}, but a call takes more than 0 seconds")
    if not 0 <= slip <= 1:
        raise ValueError(f"slip={slip!r}, but a slip costs a part of the result, from 0 to 1")
    if isinstance(returns, Mapping) and not all(weight > 0 for weight in returns.values()):
        raise ValueError(f"returns={dict(returns)!r}, but a result weighs more than 0")
    if isinstance(returns, str):
        raise TypeError(f"returns={returns!r}, but it takes a tuple: returns=({returns!r},)")

    if not isinstance(per_student, bool | tuple) or (isinstance(per_student, tuple) and not all(map(_is_text, per_student))):
        raise TypeError(f"per_student={per_student!r}, but it is True, or a tuple of the names of checks")

    def decorate(checks: Checks) -> Exercise:
        title = (checks.__doc__ or "").strip().partition("\n")[0]
        if not title:
            raise ValueError(f"{checks.__name__} has no docstring; its first line is what students read")
        return Exercise(
            name or checks.__name__,
            title,
            float(points),
            tuple(returns),
            array_like,
            float(seconds),
            checks,
            float(unchanged),
            returns if isinstance(returns, Mapping) else {},
            slip,
            uses,
            first,
            item,
            "bonus" if bonus else "optional" if optional else "required",
            per_student=per_student,
            attributes=of_object,
        )

    return decorate


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def hidden(function: Function) -> Function:
    """Keep a function of `checks.py` from students, and what needs it: it computes an answer (see `release.cut`)."""
    return function


def misconception(of: str, hint: str, name: str = "", raises: bool = False) -> Callable[[Callable[..., Any]], Misconception]:
    """Make a function a misconception of the exercise `of`, where it is not an edit of the solution (see `course.misconceptions`).

    Args:
        name: by default the function's.
        raises: whether it is meant to raise in every call.
    """
    if not hint.strip():
        raise ValueError("a misconception needs a hint: it is what a student reads")

    def decorate(function: Callable[..., Any]) -> Misconception:
        title = (function.__doc__ or "").strip().partition("\n")[0]
        return Misconception(name or function.__name__, of, title, hint.strip(), lambda: function, raises=raises)

    return decorate
