"""The plan side of a check: the steps of its cases, collected in a draft."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Literal

import msgspec
import numpy as np

from grader.checks.functions import UnnamedError, named
from grader.checks.methods import NEW, called_before, class_of, is_method
from grader.checks.uses import Use
from grader.sandbox.values import Value, encode
from grader.sandbox.wire import Loosely, Sent, Step

Arguments = dict[str, Any]
Cases = Callable[[np.random.Generator], Iterable[Any]]


OBJECT = "obj"  # what messages call the object that a method's case makes
MOST_CASES = 1000  # of one check: more would take minutes, and a generator without an end all memory


class PlanError(Exception):
    """A check that cannot be planned; becomes a `RubricError`, which adds the file and the exercise."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(problem)
        self.advice = advice


def wrong_case(cases: Cases, case: Any, wanted: str) -> PlanError:
    """The error for a case of the wrong type."""
    return PlanError(f"{cases.__name__} yields a {type(case).__name__}", f"yield {wanted}")


class Example(msgspec.Struct, frozen=True):
    """A worked example from a lecture, read from `examples.toml`.

    Attributes:
        atol: absolute tolerance, where the lecture rounds.
        share: its weight among the checks, where it has one of its own.
        hidden: whether students have nothing of it but that there is one.
        whole: whether `expected` is one result that is a dict, and not a dict of the results by their names.
        printed: whether `expected` is the text that is printed.
        arithmetic: by language and place: what `explain` says of an element, where the function itself is not there.
    """

    id: str
    lecture: str
    slide: str
    inputs: Arguments
    expected: Any
    atol: float | None = None
    note: str = ""
    exercise: str = ""
    share: float | None = None
    arithmetic: Mapping[str, Mapping[str, str]] = {}
    whole: bool = False
    hidden: bool = False
    printed: bool = False

    @property
    def is_kept_back(self) -> bool:
        """Whether this is what a student's copy has of a hidden example: its exercise and its share."""
        return self.hidden and self.expected is None

    def kept_back(self, number: int) -> "Example":
        """What a student's copy has of it."""
        return Example(f"hidden-{number}", "", "", {}, None, exercise=self.exercise, share=self.share, hidden=True)

    @property
    def named(self) -> Mapping[str, Any] | None:
        """The results by their names, where there are names."""
        return self.expected if isinstance(self.expected, dict) and not self.whole else None

    def by_name(self, names: Sequence[str]) -> Mapping[str, Any]:
        """The results by their names; a single one that has none is ""."""
        return {names[0] if len(names) == 1 else "": self.expected} if self.named is None else self.named


class Draft(msgspec.Struct):
    """Collects the steps of one check.

    Attributes:
        returns: names of the exercise's results; `rng`: the check's own generator.
        parameters: the parameter names of the stub's functions; `filled`: they may no longer be the stub's (see `Rubric`).
        first: how many items of the generator that the exercise returns are sent back (None: it returns none).
        helpers: the names of the course's own modules, whose functions can be arguments.
        item: the one of the exercise's several results that is sent back (None: all of them).
        attributes: of a method's exercise: the attributes that are sent back after its calls.
        locate: whether to plan the calls that locate a wrong element of a gradient without the reference.
    """

    exercise: str
    returns: tuple[str, ...]
    rng: np.random.Generator
    parameters: Mapping[str, tuple[str, ...]]
    filled: bool
    examples: Mapping[str, Example]
    locate: bool
    first_seq: int
    first_case: int
    steps: list[Step] = msgspec.field(default_factory=list)
    first: int | None = None
    helpers: tuple[str, ...] = ()
    item: int | None = None
    attributes: tuple[str, ...] = ()
    _case: int = -1
    _made: dict[str, str] = msgspec.field(default_factory=dict)  # the class of each handle

    def case(self) -> None:
        """Begin a new case, in which no handle of an earlier case is known."""
        self._case += 1
        self._made = {}

    def call(
        self,
        target: str,
        arguments: Arguments,
        after: bool = False,
        save: str = "",
        reply: bool = True,
        item: int | None = None,
        sends: tuple[Sent, ...] = (),
        loosely: tuple[Loosely, ...] = (),
    ) -> int:
        """Plan a call, its arguments positional as long as they follow the stub's parameters. Returns its seq.

        A method is called on a new object. What is a dict under the name `new`, or of another method, are the arguments of the object,
        or of a call before: `dict(new=dict(rate=0.1), fit=dict(X=X, y=y), X=Z)`.
        """
        own = target == self.exercise
        if own and is_method(target):
            before = {key: value for key, value in arguments.items() if called_before(target, key, value, self.parameters)}
            self._prepare(class_of(target), before)
            args, kwargs = self._split(target, {key: value for key, value in arguments.items() if key not in before})
            name, part = f"{OBJECT}.{target.partition('.')[2]}", (self.first, self.item if item is None else item)
            return self._add("call", name, args, kwargs, save, reply, after, part, sends, loosely, self.attributes)
        part = self.first if own else None, self.item if own and item is None else item
        return self._add("call", target, *self._split(target, arguments), save, reply, after, part, sends, loosely)

    def use(self, use: Use, after: bool = False, sends: tuple[Sent, ...] = (), loosely: tuple[Loosely, ...] = ()) -> int:
        """Plan one step of a scripted case. Returns its seq."""
        own = self._is_own(use.target)
        if use.op == "new":
            self._made[use.save] = use.target
        part = self.first if own and use.first is None else use.first, self.item if own and use.item is None else use.item
        reply = use.reply and use.op != "new"
        sends = sends if reply and use.op == "call" else ()
        attributes = self.attributes if own and use.op == "call" and is_method(self.exercise) else None
        return self._add(
            use.op, use.target, use.args, tuple(use.kwargs.items()), use.save, reply, after, part, sends, loosely, attributes
        )

    def own_arguments(self, arguments: Arguments) -> tuple[str, ...]:
        """The names of the arguments of the exercise itself: those of what is called before are left out."""
        return tuple(key for key, value in arguments.items() if not called_before(self.exercise, key, value, self.parameters))

    def _is_own(self, target: str) -> bool:
        """Whether a step of a script uses the exercise: its function, or its method on an object of its class."""
        if not is_method(self.exercise):
            return target == self.exercise
        handle, _dot, method = target.partition(".")
        return f"{self._made.get(handle, class_of(self.exercise))}.{method}" == self.exercise

    def _prepare(self, cls: str, before: Mapping[str, Arguments]) -> None:
        """Plan what comes before a method's call: its object is made, and others of its methods are called."""
        none = (None, None)
        self._made[OBJECT] = cls
        self._add("new", cls, *self._split(cls, before.get(NEW, {})), OBJECT, False, False, none)
        for method, arguments in before.items():
            if method != NEW:
                self._add("call", f"{OBJECT}.{method}", *self._split(f"{cls}.{method}", arguments), "", False, False, none)

    def take(self, cases: Cases, n: int | None, again: bool = False) -> Iterator[Any]:
        """The first `n` cases that `cases` draws (all of them for None); `again`: and then the first one with other numbers."""
        if not inspect.isgeneratorfunction(cases):
            raise PlanError(
                f"cases={getattr(cases, '__name__', cases)!r} is not a generator function",
                "write `def cases(rng): yield dict(…)`",
            )
        taken = list(islice(cases(self.rng), MOST_CASES if n is None else n))
        if n is None and len(taken) == MOST_CASES:
            raise PlanError(f"{cases.__name__} yields {MOST_CASES} cases and goes on", "let it end, or say n=")
        if not taken:
            raise PlanError(f"{cases.__name__} yields no case", "yield at least one: `yield dict(…)`")
        if n is not None and len(taken) < n:
            raise PlanError(f"{cases.__name__} yields {len(taken)} cases, but n={n}", "yield more cases, or lower n")
        yield from taken
        yield from islice(cases(self.rng), 1 if again else 0)

    def _split(self, target: str, arguments: Arguments) -> tuple[tuple[Any, ...], tuple[tuple[str, Any], ...]]:
        names, given = self.parameters.get(target, ()), list(arguments)
        in_order = given == [name for name in names if name in arguments]
        if self.filled and not in_order:
            return tuple(arguments.values()), ()  # renamed or removed by the student: in the order of the rubric
        if target not in self.parameters:
            raise PlanError(f"the stub defines no function {target!r}", f"it defines {', '.join(self.parameters)}")
        if unknown := [name for name in given if name not in names]:
            raise PlanError(f"{target} has no parameter {unknown[0]!r}", f"its parameters are {', '.join(names)}")
        if not in_order:
            raise PlanError(
                f"the arguments {given} are not in the order of {target}'s parameters", f"write them as {', '.join(names)}"
            )
        leading = next((place for place, (a, b) in enumerate(zip(given, names, strict=False)) if a != b), len(given))
        return tuple(arguments.values())[:leading], tuple(arguments.items())[leading:]

    def _add(
        self,
        op: Literal["call", "new", "get"],
        target: str,
        args: Any,
        kwargs: Any,
        save: str,
        reply: bool,
        after: bool,
        part: tuple[int | None, int | None],
        sends: tuple[Sent, ...] = (),
        loosely: tuple[Loosely, ...] = (),
        attributes: tuple[str, ...] | None = None,
    ) -> int:
        seq = self.first_seq + len(self.steps)
        encoded = tuple((name, self._argument(value)) for name, value in kwargs)
        self.steps.append(
            Step(
                seq,
                self.first_case + self._case,
                op,
                target,
                tuple(map(self._argument, args)),
                encoded,
                save,
                reply,
                after,
                first=part[0],
                item=part[1],
                sends=sends or msgspec.UNSET,
                loosely=loosely or msgspec.UNSET,
                attributes=msgspec.UNSET if attributes is None else attributes,
            )
        )
        return seq

    @property
    def cases(self) -> int:
        """The number of cases begun."""
        return self._case + 1

    def _argument(self, value: Any) -> Value:
        """An argument as it is sent, its functions by their names."""
        try:
            return encode(named(value, self.helpers))
        except UnnamedError as error:
            raise PlanError(str(error), error.advice) from None
