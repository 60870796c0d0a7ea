"""What the kinds of check share: the draft they plan into, the evidence they judge from, the finding they come to."""

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, ClassVar, Literal, Protocol

import msgspec
import numpy as np

from grader.checks.compare import Difference, Tolerance, normalised
from grader.sandbox.outcome import Outcome, Returned, Unimplemented
from grader.sandbox.values import Ref, decode, encode
from grader.sandbox.wire import Step

Arguments = dict[str, Any]
Cases = Callable[[np.random.Generator], Iterable[Any]]


class Use(msgspec.Struct, frozen=True):
    """One step of a scripted case: `new` an object, `call` a function or method, `get` an attribute."""

    op: Literal["new", "call", "get"]
    target: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = msgspec.field(default_factory=dict)
    save: str = ""


def new(cls: str, *args: Any, save: str, **kwargs: Any) -> Use:
    """Make an object of the student's class and keep it under the handle `save`."""
    return Use("new", cls, args, kwargs, save)


def call(target: str, *args: Any, save: str = "", **kwargs: Any) -> Use:
    """Call `function` or `handle.method`; the result is sent back, and kept too when `save` names a handle."""
    return Use("call", target, args, kwargs, save)


def get(target: str) -> Use:
    """Send back `handle.attribute`."""
    return Use("get", target)


def ref(handle: str, item: int | None = None) -> Ref:
    """An earlier result of the case as an argument, or one item of it."""
    return Ref(handle, item)


class PlanError(Exception):
    """A check that cannot be planned; becomes a `RubricError` with file and exercise. `mend` says what to do."""

    def __init__(self, problem: str, mend: str) -> None:
        super().__init__(problem)
        self.mend = mend


class Example(msgspec.Struct, frozen=True):
    """A worked example of a lecture, from `examples.toml`."""

    id: str
    lecture: str
    slide: str
    inputs: Arguments
    expected: Any
    atol: float | None = None
    note: str = ""


class Draft(msgspec.Struct):
    """Collects the steps of one check.

    Attributes:
        exercise: the exercise's name; `returns`: names of its results; `rng`: the check's own generator.
        parameters: the parameter names of the stub's functions; `filled`: they may not be the stub's any more (see `Rubric`).
        examples: the assignment's worked examples.
        locate: whether to plan the calls that find a wrong gradient's place without the reference.
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
    _case: int = -1

    def case(self) -> None:
        """Begin a new case: no handle of an earlier one is known in it."""
        self._case += 1

    def call(self, target: str, arguments: Arguments, after: bool = False, save: str = "", reply: bool = True) -> int:
        """Plan a call with named arguments, positional as long as they follow the stub's parameters. Returns its seq."""
        args, kwargs = self._split(target, arguments)
        return self._add("call", target, args, kwargs, save, reply, after)

    def use(self, use: Use) -> int:
        """Plan one step of a scripted case. Returns its seq."""
        return self._add(use.op, use.target, use.args, tuple(use.kwargs.items()), use.save, use.op != "new", False)

    def take(self, cases: Cases, n: int | None) -> Iterator[Any]:
        """The first `n` cases that `cases` draws (all of them for None)."""
        if not inspect.isgeneratorfunction(cases):
            raise PlanError(
                f"cases={getattr(cases, '__name__', cases)!r} is no generator function", "write `def cases(rng): yield dict(…)`"
            )
        taken = list(islice(cases(self.rng), n))
        if not taken or (n is not None and len(taken) < n):
            raise PlanError(f"{cases.__name__} yields {len(taken)} cases, but n={n}", "yield more cases, or lower n")
        yield from taken

    def _split(self, target: str, arguments: Arguments) -> tuple[tuple[Any, ...], tuple[tuple[str, Any], ...]]:
        known = self.parameters.get(target, ())
        if self.filled and list(arguments) != [name for name in known if name in arguments]:
            return tuple(arguments.values()), ()  # renamed or removed by the student: in the order of the rubric
        if target not in self.parameters:
            raise PlanError(f"the stub defines no function {target!r}", f"it defines {', '.join(self.parameters)}")
        names = self.parameters[target]
        unknown = [name for name in arguments if name not in names]
        if unknown:
            raise PlanError(f"{target} has no parameter {unknown[0]!r}", f"its parameters are {', '.join(names)}")
        given = list(arguments)
        if given != [name for name in names if name in arguments]:
            raise PlanError(
                f"the arguments {given} are not in the order of {target}'s parameters", f"write them as {', '.join(names)}"
            )
        leading = next((place for place, (a, b) in enumerate(zip(given, names, strict=False)) if a != b), len(given))
        values = list(arguments.items())
        return tuple(value for _, value in values[:leading]), tuple(values[leading:])

    def _add(
        self, op: Literal["call", "new", "get"], target: str, args: Any, kwargs: Any, save: str, reply: bool, after: bool
    ) -> int:
        seq = self.first_seq + len(self.steps)
        encoded = tuple((name, encode(value)) for name, value in kwargs)
        self.steps.append(
            Step(seq, self.first_case + self._case, op, target, tuple(map(encode, args)), encoded, save, reply, after)
        )
        return seq

    @property
    def cases(self) -> int:
        """How many cases were begun."""
        return self._case + 1


class OracleView(Protocol):
    """What a check may ask of the reference."""

    def outcome(self, seq: int) -> Outcome:
        """What the reference does with step `seq`."""

    def expected(self, seq: int) -> Any:
        """What the reference returns for step `seq`."""

    def once(self, key: tuple[Any, ...], compute: Callable[[], Any]) -> Any:
        """What `compute` gives, kept for the whole class under `key`: for what depends on the plan and the reference alone."""

    def function(self, name: str) -> Callable[..., Any]:
        """A reference function."""


class Evidence(msgspec.Struct, frozen=True):
    """What a check judges from: its own data of the plan, the steps, what came of them, and the reference where there is one."""

    data: Any
    steps: Sequence[Step]
    outcomes: Sequence[Outcome]
    oracle: OracleView | None
    names: tuple[str, ...]
    array_like: bool

    def value(self, seq: int) -> Any:
        """What came back from step `seq`, which must have returned: with arrays for lists of numbers where those are as good."""
        outcome = self.outcomes[seq]
        assert isinstance(outcome, Returned)
        got = decode(outcome.value)
        return normalised(got, self._form(seq, got)) if self.array_like else got

    def _form(self, seq: int, got: Any) -> Any:
        """What the result of step `seq` looks like: the reference's, else an array, or one for each name (of lists of arrays nothing)."""
        expected = self.oracle.outcome(seq) if self.oracle is not None else None
        if isinstance(expected, Returned):
            return self.expected(seq)
        if len(self.names) > 1 and isinstance(got, tuple | list):
            return tuple(0.0 if _plain(item) else None for item in got)
        return 0.0 if _plain(got) else None

    def expected(self, seq: int) -> Any:
        """What the reference returns for step `seq`."""
        assert self.oracle is not None
        return self.oracle.expected(seq)

    def tolerance(self, seq: int, rtol: float | None = None, atol: float | None = None) -> Tolerance:
        """The tolerance for step `seq`, by the coarsest of its arguments."""
        return Tolerance(traits(self.steps[seq]).itemsize, rtol, atol)

    def integers(self, seq: int) -> bool:
        """Whether every array among the arguments of step `seq` is of integers."""
        return traits(self.steps[seq]).integers

    def trouble(self, seqs: Iterable[int]) -> "Finding | None":
        """The finding for the first of `seqs` that did not return."""
        for seq in seqs:
            outcome = self.outcomes[seq]
            if isinstance(outcome, Unimplemented):
                return Finding("skipped", seq)
            if not isinstance(outcome, Returned):
                return Finding("failed", seq)
        return None


def _plain(value: Any) -> bool:
    """Whether a value is a number, or lists and tuples of nothing else."""
    return isinstance(value, bool | int | float | complex) or (isinstance(value, list | tuple) and all(map(_plain, value)))


class Finding(msgspec.Struct, frozen=True):
    """What a check came to.

    Attributes:
        verdict: passed, failed, or skipped (not implemented).
        seq: the step that decided (None: none in particular).
        difference: how the value differs, when that is why.
        message: what the check itself has to say; the rest is said by `judge.messages` from the outcome and the difference.
        note: what is said after that.
        calls: the steps that together show it, where one alone does not.
    """

    verdict: Literal["passed", "failed", "skipped"]
    seq: int | None = None
    difference: Difference | None = None
    message: str = ""
    note: str = ""
    calls: tuple[int, ...] = ()


PASSED = Finding("passed")


class Check(Protocol):
    """One thing verified about an exercise.

    Attributes:
        kind: the word of the JSON contract; name: unique in its exercise; share: its weight in the exercise's points.
        needs_reference: whether it can only be judged where the reference is (at hand-in).
        vacuous: whether a function that returns one constant could pass it; such a function earns nothing for it.
    """

    kind: ClassVar[str]
    needs_reference: ClassVar[bool]
    vacuous: ClassVar[bool]

    @property
    def name(self) -> str:
        """What a student reads of it."""

    @property
    def share(self) -> float:
        """Its weight in the exercise's points."""

    def plan(self, draft: Draft) -> Any:
        """Plan its steps into `draft`; what is returned comes back as `Evidence.data`."""

    def judge(self, evidence: Evidence) -> Finding:
        """Judge what came."""


class Traits(msgspec.Struct, frozen=True):
    """What the arrays among a step's arguments are: bytes of the coarsest float (8 when there is none), and whether all are integers."""

    itemsize: int
    integers: bool


@functools.lru_cache(maxsize=8192)  # a class asks the same of every submission
def traits(step: Step) -> Traits:
    """The traits of a step's arguments."""
    values = (*step.args, *(value for _, value in step.kwargs))
    dtypes = [array.dtype for array in arrays_in(decode(value) for value in values) if array.ndim]
    itemsize = min((dtype.itemsize for dtype in dtypes if dtype.kind == "f"), default=8)
    return Traits(itemsize, bool(dtypes) and all(dtype.kind in "iu" for dtype in dtypes))


def arrays_in(values: Iterable[Any]) -> Iterator[np.ndarray[Any, Any]]:
    """Every array and number in decoded values, however nested, as arrays."""
    for value in values:
        if isinstance(value, np.ndarray | bool | int | float | complex):
            yield np.asarray(value)
        elif isinstance(value, list | tuple):
            yield from arrays_in(value)
        elif isinstance(value, dict):
            yield from arrays_in(value.values())
