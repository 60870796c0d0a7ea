"""A worked example from a lecture: for given inputs, the numbers on the slide."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar

import msgspec
import numpy as np

from grader.checks.base import Check
from grader.checks.compare import agree
from grader.checks.difference import Difference
from grader.checks.draft import Arguments, Draft, Example, PlanError
from grader.checks.evidence import Evidence
from grader.checks.findings import PASSED, Finding, result_findings
from grader.checks.forms import is_vector
from grader.checks.kept_back import KeptBack
from grader.checks.printing import apart, apart_text
from grader.checks.slips import compared, several
from grader.checks.tolerance import Rules, Tolerance, hold_tolerance
from grader.checks.words import kind_of
from grader.text.language import SOURCE, spoken
from grader.text.language import gettext as _

Explain = Callable[[Arguments, str, tuple[int, ...]], str]


class WorkedExample(msgspec.Struct, frozen=True):
    """See `example`."""

    kind: ClassVar[str] = "example"
    needs_reference: ClassVar[bool] = False
    published: ClassVar[bool] = True
    id: str
    explain: Explain | None
    share: float
    rtol: float | None = None
    atol: float | None = None
    hidden: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The example's id."""
        return self.id

    def plan(self, draft: Draft) -> tuple[int, Example]:
        """One call with the example's inputs."""
        if self.id not in draft.examples:
            raise PlanError(
                f"no worked example is called {self.id!r}", f"examples.toml has {', '.join(draft.examples) or 'none'}"
            )
        found = draft.examples[self.id]
        if found.named is not None and sorted(found.named) != sorted(draft.returns):
            option = "attributes=" if draft.attributes else "returns="
            raise PlanError(
                f"the example {self.id!r} expects {', '.join(found.named)}, but {option} names {', '.join(draft.returns) or 'nothing'}",
                f"name the same results in examples.toml and in {option}; where the result is a dict, declare it: `-> dict[str, float]`",
            )
        draft.case()
        return draft.call(draft.exercise, found.inputs, sends=("printed",) if found.printed else ()), found

    def judge(self, evidence: Evidence) -> Finding:
        """Compare with the slide's numbers at their printed precision."""
        seq, found = evidence.data
        if trouble := evidence.trouble([seq]):
            return trouble
        if found.printed:
            return self._judge_text(evidence, seq, found.expected)
        expected = found.expected
        if found.named is not None:
            expected = tuple(found.named[name] for name in evidence.names)
        if isinstance(expected, np.ndarray) and evidence.oracle is not None and several(evidence.expected(seq)):
            expected = list(expected)  # a list of arrays that are equally long
        got, tolerance = evidence.value(seq), evidence.tolerance(seq, self.rtol, found.atol if self.atol is None else self.atol)
        rules = Rules(tolerance, evidence.array_like, integer_inputs=True)
        if agree(expected, got, rules):
            return PASSED
        if slipped := evidence.other_way(seq, expected, tolerance.atol or 0.0):
            return evidence.finding(result_findings(seq, slipped))
        results = compared(expected, got, evidence.names, rules)
        findings, note = result_findings(seq, results), Tolerance(rtol=self.rtol, atol=self.atol).text()
        return evidence.finding(
            msgspec.structs.replace(item, message=self._arithmetic(found, item.difference)).with_note(note)
            if item.difference
            else item
            for item in findings
        )

    def _judge_text(self, evidence: Evidence, seq: int, expected: str) -> Finding:
        """Compare what was printed with the slide's text."""
        got = evidence.value(seq)
        if got == expected:
            return PASSED
        if slipped := evidence.other_way(seq, expected):
            return evidence.finding(result_findings(seq, slipped))
        return Finding("failed", seq, message=apart_text(apart(expected, got if isinstance(got, str) else "")))

    def _arithmetic(self, found: Example, difference: Difference) -> str:
        """The slide's arithmetic for the first wrong element: `O[0,1] = 2*1 + 1*0 + 3*2 + 1*1 = 9, yours 8`."""
        if difference.stage not in ("values", "finite"):
            return ""
        place, told = _place(difference.path, difference.first), found.arithmetic
        steps = told.get(spoken(), {}).get(place) or told.get(SOURCE, {}).get(place, "")
        if self.explain:
            try:
                steps = self.explain(found.inputs, difference.path, difference.first)
            except Exception:  # `faults` tells the author
                return ""
        place = place if difference.path else _("result") + place
        return _("{place} = {steps}, yours {yours}").format(place=place, steps=steps, yours=difference.first_got) if steps else ""

    def arithmetic(self, found: Example, names: tuple[str, ...]) -> dict[str, str]:
        """What `explain` says of each expected number, by its place; `names` are those of the results."""
        places = _expected(found, names) if self.explain else ()
        return {_place(path, index): self.explain(found.inputs, path, index) for path, index in places if self.explain}

    def faults(self, data: tuple[int, Example], names: tuple[str, ...]) -> Iterator[tuple[str, Exception]]:
        """The places of the expected results where `explain` raises, with the error; `names` are those of the results."""
        for path, index in _expected(data[1], names):
            try:
                if self.explain is not None and not isinstance(text := self.explain(data[1].inputs, path, index), str):
                    raise TypeError(f"it returned {kind_of(text)}, not a text")
            except Exception as error:
                yield _place(path, index), error


class HiddenExample(WorkedExample, frozen=True):
    """A worked example of which students know nothing but that there is one: to copy it is as hard as to compute it."""

    published: ClassVar[bool] = False
    hidden: ClassVar[bool] = True


def _place(path: str, index: tuple[int, ...]) -> str:
    return f"{path}[{','.join(map(str, index))}]" if index else path


def _expected(found: Example, names: tuple[str, ...]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Every number that an example expects, as a difference names it; `names` are those of the results."""
    for name, value in found.by_name(names).items():
        yield from _places(value, name)


def _places(value: Any, path: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Every element of a result, with the path that a difference has there."""
    if isinstance(value, list | tuple) and not is_vector(value):
        for place, item in enumerate(value):
            yield from _places(item, f"{path}[{place}]")
    else:
        yield from ((path, index) for index in np.ndindex(np.shape(value)))


def example(
    id: str, explain: Explain | None = None, share: float = 1.0, rtol: float | None = None, atol: float | None = None
) -> WorkedExample:
    """The worked example `id` of `examples.toml`, for one that `examples` should not add by itself.

    Args:
        explain: `(inputs, result, index)` → the slide's arithmetic for one element of the result, as text.
        share: its weight in the exercise's points.
        rtol: how far off a number may be (see `agrees`); by default the precision that the slide prints (`decimals`).
        atol: likewise.
    """
    hold_tolerance(rtol, atol)
    return WorkedExample(id, explain, share, rtol, atol)


class Examples(msgspec.Struct, frozen=True):
    """See `examples`: a placeholder that `with_examples` replaces."""

    explain: Explain | None
    share: float
    rtol: float | None = None
    atol: float | None = None


def examples(
    explain: Explain | None = None, share: float = 1.0, rtol: float | None = None, atol: float | None = None
) -> "Iterator[Examples]":
    """All worked examples that `examples.toml` has for the exercise, except those that an `example` of the exercise names.

    Args:
        explain: as for `example`.
        share: the weight of each example that has no `share` in `examples.toml`.
        rtol: as for `example`.
        atol: as for `example`.
    """
    hold_tolerance(rtol, atol)
    yield Examples(explain, share, rtol, atol)


def with_examples(checks: Iterable["Check | Examples"], exercise: str, examples: Mapping[str, Example]) -> list[Check]:
    """The checks of `exercise`, with the worked examples in place of the placeholder.

    Raises:
        PlanError: an example has no check, or there are no examples for the placeholder.
    """
    found = list(checks)
    for check in found:
        if isinstance(check, WorkedExample) and check.id in examples and examples[check.id].hidden:
            raise PlanError(f"example({check.id!r}) names a hidden example", "hidden examples are yielded by `examples()`")
    named = {check.id for check in found if isinstance(check, WorkedExample)}
    left = [example for example in examples.values() if example.exercise == exercise and example.id not in named]
    placeholders = sum(isinstance(check, Examples) for check in found)
    if left and not placeholders and named <= examples.keys():  # for a misspelt name the error of its own check is better
        raise PlanError(f"no check shows the worked example {left[0].id!r}", "write `yield from examples(…)`")
    if placeholders > 1 or (placeholders and not left):
        raise PlanError(
            f"it asks for examples {placeholders} times, and examples.toml has {len(left)} that no `example` names",
            "write `yield from examples(…)` once, or not at all",
        )
    expanded: list[Check] = []
    for check in found:
        if isinstance(check, Examples):
            shares = [check.share if example.share is None else example.share for example in left]
            expanded += [_shown(example, check, share) for example, share in zip(left, shares, strict=True)]
        else:
            expanded.append(check)
    return expanded


def _shown(example: Example, check: Examples, share: float) -> Check:
    """The check of one example that `examples` yields."""
    if not example.hidden:
        return WorkedExample(example.id, check.explain, share, check.rtol, check.atol)
    if example.is_kept_back:
        return KeptBack("example", share)
    return HiddenExample(example.id, check.explain, share, check.rtol, check.atol)
