"""The arguments are not modified. Every exercise is checked for this, on the first case of another check."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

import msgspec
import numpy as np

from grader.checks.agrees import Agreement
from grader.checks.base import Check
from grader.checks.draft import Cases, Draft, wrong_case
from grader.checks.evidence import Evidence
from grader.checks.findings import PASSED, Finding
from grader.checks.kept_back import kept
from grader.checks.property import Property
from grader.checks.uses import Use
from grader.checks.words import number
from grader.sandbox.outcome import Returned
from grader.sandbox.tables import is_table
from grader.sandbox.values import Array, Ref, Seeded, Value, decode
from grader.text.language import gettext as _
from grader.text.language import marked

SHARE = 0.25
NAME = marked("the arguments are left as they were")


class Unchanged(msgspec.Struct, frozen=True):
    """See `unchanged`.

    Attributes:
        like: the check whose first cases these are, so that equal calls show whether anything stays from one to the next.
    """

    kind: ClassVar[str] = "unchanged"
    needs_reference: ClassVar[bool] = False
    published: ClassVar[bool] = True
    name: str
    cases: Cases
    n: int | None
    share: float
    like: str = ""

    def plan(self, draft: Draft) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """Every call of every case, after which its arguments are sent back; with the arguments' names where they are."""
        planned = []
        for case in draft.take(self.cases, self.n):
            draft.case()
            made: dict[str, str] = {}  # the class of each handle
            for use in case if isinstance(case, list) else [case]:
                if isinstance(use, Use):
                    if use.op == "new":
                        made[use.save] = use.target
                    names = _names(use, made, draft.parameters) if _lasting(use) else ()
                    planned.append((draft.use(use, after=bool(names)), names))
                elif isinstance(use, dict):
                    planned.append((draft.call(draft.exercise, use, after=True), draft.own_arguments(use)))
                else:
                    raise wrong_case(self.cases, use, "dict(…) of arguments, a list of them, or of new/call/get")
        return tuple(planned)

    def judge(self, evidence: Evidence) -> Finding:
        """Every argument is unchanged after the call (according to the child, the only process that sees it)."""
        for seq, names in evidence.data:
            if trouble := evidence.trouble([seq]):
                return trouble
            step, outcome = evidence.steps[seq], evidence.outcomes[seq]
            if not step.after:
                continue
            assert isinstance(outcome, Returned)
            before = (*step.args, *(value for _name, value in step.kwargs))
            if len(outcome.after) != len(before):
                return Finding("failed", seq, message=_("the arguments did not come back after the call"))
            for name, old, new in zip(names, before, outcome.after, strict=True):
                if not isinstance(old, Seeded) and not _same(old, new):  # a generator changes with every draw
                    return Finding("failed", seq, message=_where(name, decode(old), decode(new)), public=_copy(name))
        return PASSED


def _same(old: Value, new: Value) -> bool:
    """Whether nothing changed; 0.0 in place of -0.0 does not count as a change."""
    if old == new:
        return True
    if not isinstance(old, Array) or not isinstance(new, Array) or (old.dtype, old.shape) != (new.dtype, new.shape):
        return False
    return bool(np.array_equal(decode(old), decode(new), equal_nan=True))


def _where(name: str, old: object, new: object) -> str:
    if isinstance(old, np.ndarray) and isinstance(new, np.ndarray) and old.shape == new.shape and old.ndim:
        places = np.argwhere(old != new)
        if len(places):  # there is none where only the dtype is another
            first = tuple(int(i) for i in places[0])
            return _("`{name}` was changed by the call: at [{index}] it was {old} and is {new}; work on a copy").format(
                name=name, index=",".join(map(str, first)), **_apart(old[first], new[first])
            )
    return _copy(name)


def _copy(name: str) -> str:
    return _("`{name}` was changed by the call; work on a copy").format(name=name)


def _apart(old: np.generic, new: np.generic) -> dict[str, str]:
    """Both numbers, with enough digits to tell them apart."""
    short = {"old": number(old), "new": number(new)}
    return short if short["old"] != short["new"] else {"old": str(old), "new": str(new)}


def unchanged(name: str, *, cases: Cases, n: int | None = 1, share: float = SHARE) -> Unchanged:
    """The arguments after the call equal those before it, for the first `n` cases.

    Every exercise has such a check by default (see `exercise`); yield one where it needs particular cases.
    """
    return Unchanged(name, cases, n, share)


def always_unchanged(checks: Iterable[Check], exercise: str, share: float) -> Unchanged | None:
    """The check that is added to `exercise` with these `checks`; None where no call could show a change.

    Its cases are those of the first check that begins with a single call with an array or a list among the arguments; else those of the
    check that begins with a script or several calls and passes such arguments to the most methods of the exercise.
    """
    found = list(checks)
    if not share or any(isinstance(check, Unchanged) for check in found):
        return None
    drawing = [check for check in found if isinstance(check, Agreement | Property) and not kept(check)]
    reach = [_reach(check.cases, exercise) for check in drawing]
    best = max(range(len(drawing)), key=lambda place: reach[place], default=None)
    if best is None or not any(reach[best]):
        return None
    return Unchanged(NAME, drawing[best].cases, 1, share, drawing[best].name)


def _reach(cases: Cases, exercise: str) -> tuple[bool, int]:
    """Whether the first case is a single call with a mutable argument, and how many of the exercise's methods get one.

    The numbers drawn for this do not matter.
    """
    case = next(iter(cases(np.random.default_rng(0))), None)
    if isinstance(case, dict):
        return _mutable(case.values()), int(_mutable(case.values()))
    uses = case if isinstance(case, list) else []
    own = {exercise, *(use.save for use in uses if isinstance(use, Use) and use.target == exercise)}
    reached = {use.target for use in uses if isinstance(use, Use) and use.target.partition(".")[0] in own and _lasting(use)}
    return False, len(reached) + any(isinstance(use, dict) and _mutable(use.values()) for use in uses)


def _mutable(values: Iterable[object]) -> bool:
    return any(isinstance(value, list | np.ndarray) or is_table(value) for value in values)


def _lasting(use: Use) -> bool:
    """Whether a step has arguments that can be changed, none of which is an earlier result (that is the student's own)."""
    values = (*use.args, *use.kwargs.values())
    return use.op != "get" and _mutable(values) and not any(_refers(value) for value in values)


def _refers(value: object) -> bool:
    return isinstance(value, Ref) or (isinstance(value, list | tuple) and any(map(_refers, value)))


def _names(use: Use, made: Mapping[str, str], parameters: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What a step's arguments are called in the stub; by their place where it does not say."""
    handle, _dot, method = use.target.partition(".")
    known = parameters.get(f"{made[handle]}.{method}" if handle in made else use.target, ())
    places = [str(place + 1) for place in range(len(use.args))]
    return (*known[: len(places)], *places[len(known) :], *use.kwargs)
