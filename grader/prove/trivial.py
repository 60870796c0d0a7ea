"""Nothing for nothing: trivial programs, built for a rubric and judged. Each copies the worked examples besides.

    constants, uniform rows, copies, sums, … of each argument          judge.trivial.programs
    for a text or a date: nothing, those of the published examples, the commonest, a copy of an argument
    a constant with a trace of the arguments, always raising, a list that holds itself
    the best combination: for each result the program that is right there, if one is, and every refusal

Exercises that such a program solves (flattening an image is a copy) are left out.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec
import numpy as np

from grader.checks.effort import Within
from grader.checks.slips import several
from grader.engine.prepare import Prepared
from grader.judge.judge import judge
from grader.judge.oracle import Oracle
from grader.judge.trivial import CONSTANTS, REDUCTIONS, Program, Telling, answers, in_form_of, matching, results_of, word_of
from grader.run import Run
from grader.sandbox.outcome import BadReturn, Outcome, Raised, Returned, TimedOut
from grader.sandbox.values import decode, encode
from grader.sandbox.wire import Step

TOGETHER = 0.03  # the part of all points that the best combination may earn; a single program none

MOST_WORDS = 20  # of the published examples that are tried as constants

Choose = Callable[[Step, Any, Mapping[Program, Any]], Any]
LATE = TimedOut(0.0)
REFUSAL = Raised("ValueError", ("ValueError", "Exception", "BaseException"), "")
KINDS = ("copy", "repeated copy", "transposed copy", "negative copy", "size", "length", "trace", *REDUCTIONS)


class Earned(msgspec.Struct, frozen=True):
    """What a program earns: its name, the points, and in which exercises."""

    program: str
    points: float
    exercises: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """For people."""
        if not self.points:
            return "programs that copy the worked examples and return trivial numbers earn 0"
        return f"{self.program} earns {self.points:.2f}" + (f" ({', '.join(self.exercises)})" if self.exercises else "")


def trivial_programs(ready: Prepared, reference: Mapping[str, Any]) -> tuple[Earned, Earned]:
    """What the best of the programs earns, and what the best combination does.

    Args:
        reference: the reference's functions.
    """
    oracle = Oracle(ready.plan, reference)  # without misconceptions: no name is needed
    words = _words(ready, oracle)
    arguments = max((len(step.args) + len(step.kwargs) for step in ready.plan.steps), default=0)
    choices = dict(_choices(arguments, words))
    outcomes: dict[str, list[Outcome]] = {name: [] for name in (*choices, "the best combination")}
    large = {
        seq for planned in ready.plan.exercises for item in planned.checks if isinstance(item.check, Within) for seq in item.seqs
    }
    for step in ready.plan.steps:
        for name, outcome in (
            [(name, LATE) for name in outcomes] if step.seq in large else _outcomes(step, oracle, choices, words)
        ):
            outcomes[name].append(outcome)
    together = tuple(outcomes.pop("the best combination"))
    names = {tuple(found): name for name, found in reversed(outcomes.items())}  # many do the same
    made = {name: found for found, name in names.items()}
    made["raising ValueError"] = tuple(REFUSAL for _step in ready.plan.steps)
    made["a list that holds itself"] = tuple(BadReturn("nested", ("32",)) for _step in ready.plan.steps)
    examples = {
        seq for planned in ready.plan.exercises for item in planned.checks if item.check.kind == "example" for seq in item.seqs
    }
    solved = [planned.exercise.name for planned in ready.plan.exercises if _is_solved(ready, planned, oracle)]

    def earned(name: str, found: Sequence[Outcome]) -> Earned:
        copied = [oracle.outcome(step.seq) if step.seq in examples else found[step.seq] for step in ready.plan.steps]
        grade = judge(ready.plan, Run(Returned(), tuple(copied)), oracle, name, hints=False)
        paid = [exercise for exercise in grade.exercises if exercise.score and exercise.name not in solved]
        return Earned(name, sum(exercise.score for exercise in paid), tuple(exercise.name for exercise in paid))

    singles = [earned(name, found) for name, found in made.items()]
    return max(singles, key=lambda item: item.points), earned("the best combination", together)


def _is_solved(ready: Prepared, planned: Any, oracle: Oracle) -> bool:
    """Whether one of the programs is right in everything."""
    telling = Telling(ready.plan, planned, oracle)
    if not telling.steps:
        return False
    first = telling.steps[0]
    return any(map(telling.is_algorithm, matching(ready.plan.steps[first], results_of(oracle.expected(first))[0])))


def _words(ready: Prepared, oracle: Oracle) -> dict[str, Any]:
    """The texts and dates that are worth trying as a constant, by what they say: the commonest result first."""
    published, drawn = dict[str, Any](), Counter[str]()
    values: dict[str, Any] = {}
    for planned in ready.plan.exercises:
        for item in planned.checks:
            for seq in item.seqs:
                if not isinstance(oracle.outcome(seq), Returned):
                    continue
                for result in results_of(oracle.expected(seq)):
                    if (word := word_of(result)) is not None:
                        values[word] = result
                        published |= {word: result} if item.public else {}
                        drawn[word] += 1
    commonest = {word: values[word] for word, count in drawn.most_common(1) if count > 1}  # else it cannot be known
    return {**commonest, "": "", **dict(islice(published.items(), MOST_WORDS))}


def _choices(arguments: int, words: Mapping[str, Any]) -> Iterator[tuple[str, Choose]]:
    """Each program by its name: what it returns of the answers that are possible for one result."""
    yield from ((f"the constant {word[:40]!r}", _pick(("constant", word))) for word in words)
    for constant in CONSTANTS:
        yield f"the constant {constant:g}", _pick(("constant", constant))
    yield "the constant nan", lambda _step, _want, found: _mapped(found, lambda array: np.full(array.shape, np.nan))
    yield "a trace of the arguments", _trace
    yield from ((kind, _pick((kind,))) for kind in ("uniform", "first class", "counting"))
    for place in range(arguments):
        yield from ((f"{kind} of argument {place + 1}", _of_argument(kind, place)) for kind in KINDS)


def _pick(program: Program) -> Choose:
    return lambda _step, _want, found: found.get(program, _zeros(found))


def _zeros(found: Mapping[Program, Any]) -> Any:
    return found.get(("constant", 0.0), next(iter(found.values())))  # of texts and dates, the commonest


def _of_argument(kind: str, place: int) -> Choose:
    """The most fitting program of a kind: a sum over some axes before the sum of everything."""

    def choose(_step: Step, _want: Any, found: Mapping[Program, Any]) -> Any:
        fitting = [program for program in found if program[0] == kind and place in program[1:]]
        return found[max(fitting, key=len)] if fitting else _zeros(found)

    return choose


def _mapped(found: Mapping[Program, Any], change: Callable[[Any], Any]) -> Any:
    zeros = _zeros(found)
    if word_of(zeros) is not None:
        return zeros
    return [change(array) for array in zeros] if isinstance(zeros, list) else change(zeros)


def _trace(step: Step, _want: Any, found: Mapping[Program, Any]) -> Any:
    """Nearly nothing, but different for different arguments."""
    given = [decode(value) for value in (*step.args, *(value for _name, value in step.kwargs))]
    total = sum(float(np.sum(np.abs(value))) for value in given if isinstance(value, np.ndarray | float))
    return _mapped(found, lambda array: np.full(array.shape, 1e-13 * total))


def _right(step: Step, want: Any, found: Mapping[Program, Any]) -> Any:
    if (word := word_of(want)) is not None:  # which of several constants is right, a program would have to find out
        copies = (value for program, value in found.items() if program[0] == "copy" and word_of(value) == word)
        return next(copies, _zeros(found))
    if isinstance(want, bool | np.bool_):  # one of the two is always right: which one, only an algorithm knows
        return found.get(("constant", 1.0), _zeros(found))
    return found[next(iter(matching(step, want)), ("constant", 0.0))]


def _outcomes(
    step: Step, oracle: Oracle, choices: Mapping[str, Choose], words: Mapping[str, Any]
) -> Iterator[tuple[str, Outcome]]:
    """What each program does in a step, and the best combination."""
    after = (*step.args, *(value for _name, value in step.kwargs)) if step.after else ()
    right = oracle.outcome(step.seq)
    if not isinstance(right, Returned):
        yield from ((name, Returned(0.0, after)) for name in choices)
        yield "the best combination", right
        return
    expected = oracle.expected(step.seq)
    results = [(result, answers(step, result, words)) for result in results_of(expected)]
    for name, choose in {**choices, "the best combination": _right}.items():
        values = [in_form_of(result, choose(step, result, found)) if found else None for result, found in results]
        yield name, Returned(encode(type(expected)(values) if several(expected) else values[0]), after)
