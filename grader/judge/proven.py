"""Nothing for nothing, something for something: an exercise pays once one of its results is right for an input that was never published,
and telling; the more of them are right, the more it pays at least."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from grader.checks.evidence import Evidence
from grader.checks.findings import Finding
from grader.checks.prints import Printing
from grader.checks.property import Property
from grader.checks.slips import several
from grader.judge.evidence import evidence_on, for_check
from grader.judge.oracle import Oracle
from grader.judge.results import own_name
from grader.judge.trivial import Program, Telling, answers, in_form_of, results_of
from grader.plan import Plan, PlannedCheck, PlannedExercise
from grader.sandbox.outcome import Outcome, Returned
from grader.sandbox.values import Value, encode

MOST = 0.5  # of an exercise is paid, or of one of its results, where they are right for some inputs only
SOME = 4  # times the part of the inputs, where a result may be guessed: an eighth of them is enough for the most


def is_proven(plan: Plan, planned: PlannedExercise, findings: Sequence[Finding], evidence: Evidence, oracle: Oracle) -> bool:
    """Whether a right result of the exercise is telling; where only laws are checked, whether one holds that none of the programs obeys."""
    telling = _telling(plan, planned, oracle)
    by_values = [item for item in planned.checks if not item.check.published and not isinstance(item.check, Property)]
    passed = [
        item
        for item, finding in zip(planned.checks, findings, strict=True)
        if _holds(item, finding) and not finding.carried and not item.check.published
    ]
    for item in passed:
        if isinstance(item.check, Property):
            if not by_values and _is_telling_law(plan, planned, item, oracle):
                return True
            continue
        seqs = [seq for seq in item.seqs if seq in telling.own]
        if any(telling.is_telling(seq, place) for seq in seqs for place in range(len(results_of(oracle.expected(seq))))):
            return True
    for item, finding in zip(planned.checks, findings, strict=True):
        of_item = for_check(evidence, item)
        if isinstance(item.check, Printing) and finding.verdict == "partly" and item.check.shows_work(of_item):
            return True
    if any(telling.is_telling(seq, place) for seq in telling.steps for place in _right(evidence, seq)):
        return True
    if _right_words(plan, telling, evidence):
        return True
    sure = [item for item in passed if item in by_values]
    return bool(sure) and telling.is_telling_together([seq for item in sure for seq in item.seqs if seq in telling.own])


def _holds(item: PlannedCheck, finding: Finding) -> bool:
    """Whether a check is passed; where no values are compared, a slip in the form is all that «partly» can mean."""
    return finding.verdict == "passed" or (finding.verdict == "partly" and isinstance(item.check, Property))


def part_right(plan: Plan, planned: PlannedExercise, evidence: Evidence, oracle: Oracle) -> float:
    """The part of the exercise's points that its right results are worth at least, whatever else is wrong.

    A result that is right for every drawn input counts in full, one that is right for some of them `MOST` (if it could be guessed, `SOME`
    times that part of them at most); the exercise counts `MOST` at most. One mistake fails many checks: what it leaves right would be
    lost in them.
    """
    telling = _telling(plan, planned, oracle)
    found: dict[tuple[str, int], list[float]] = defaultdict(list)  # by method and result, what each case earns of it
    words = set[tuple[str, int]]()  # results that are texts or dates
    sure = set[tuple[str, int]]()  # that are right somewhere, and by no guess
    for seq in telling.steps:
        right = _right(evidence, seq)
        for place in range(len(results_of(oracle.expected(seq)))):
            key = own_name(plan.steps[seq]), place
            if telling.words(seq, place):
                words.add(key)
            elif not telling.is_telling(seq, place):
                continue
            found[key].append(right.get(place, 0.0))
            if right.get(place) and not telling.is_simple(seq, place):
                sure.add(key)
    known = _right_words(plan, telling, evidence)
    found = {key: earned for key, earned in found.items() if key in known or key not in words}
    names = dict(enumerate(planned.exercise.returns))
    worth = {key: planned.exercise.weights.get(key[0] or names.get(key[1], ""), 1.0) for key in found}
    parts = {
        key: min(earned) or min(MOST, max(earned) if key in sure else SOME * sum(earned) / len(earned))
        for key, earned in found.items()
    }
    return min(MOST, sum(worth[key] * part for key, part in parts.items()) / sum(worth.values())) if found else 0.0


def _right_words(plan: Plan, telling: Telling, evidence: Evidence) -> set[tuple[str, int]]:
    """The results, by method and place, that are texts or dates and right in two ways at least: no constant is."""
    found: dict[tuple[str, int], set[str]] = defaultdict(set)
    for seq in telling.steps:
        right = _right(evidence, seq)
        for place in right:
            if word := telling.words(seq, place):
                found[own_name(plan.steps[seq]), place].add(word)
    return {key for key, words in found.items() if len(words) > 1}


def _telling(plan: Plan, planned: PlannedExercise, oracle: Oracle) -> Telling:
    found: Telling = oracle.once(("telling", planned.exercise.name), lambda: Telling(plan, planned, oracle))
    return found


def _right(evidence: Evidence, seq: int) -> dict[int, float]:
    """The numbers of the right results of a step, with what each earns: less than 1 for a slip."""
    if not isinstance(evidence.outcomes[seq], Returned):
        return {}
    expected = evidence.expected(seq)
    found = evidence.compared(seq, evidence.tolerance(seq), worded=False)
    if several(expected) and len(found) != len(expected):
        return {}
    return {place: 1 - evidence.slip if item.slip else 1.0 for place, item in enumerate(found) if item.difference is None}


def _is_telling_law(plan: Plan, planned: PlannedExercise, item: PlannedCheck, oracle: Oracle) -> bool:
    """Whether no trivial program obeys a law."""
    found: bool = oracle.once(("law", item.seqs), lambda: _obeyed_by_none(plan, planned, item, oracle))
    return found


def _obeyed_by_none(plan: Plan, planned: PlannedExercise, item: PlannedCheck, oracle: Oracle) -> bool:
    seqs = [seq for seq in item.seqs if plan.steps[seq].reply and isinstance(oracle.outcome(seq), Returned)]
    seqs = [seq for seq in seqs if oracle.expected(seq) is not None]
    by_program = {seq: dict(_results(plan, seq, oracle)) for seq in seqs}
    everywhere = set.intersection(*map(set, by_program.values())) if seqs else set[Program]()
    for program in everywhere:
        outcomes: list[Outcome] = [oracle.outcome(step.seq) for step in plan.steps]
        for seq in seqs:
            outcomes[seq] = Returned(by_program[seq][program])
        evidence = for_check(evidence_on(plan, planned, outcomes, oracle), item)
        with np.errstate(all="ignore"):
            try:
                if item.check.judge(evidence).verdict != "failed":
                    return False
            except Exception:  # a law may expect what such a program does not return
                continue
    return bool(seqs)


def _results(plan: Plan, seq: int, oracle: Oracle) -> Iterator[tuple[Program, Value]]:
    """What each program returns for a step: that in every result."""
    expected = oracle.expected(seq)
    made = [answers(plan.steps[seq], result) for result in results_of(expected)]
    for program in set.intersection(*map(set, made)) if made else ():
        values = [in_form_of(want, found[program]) for found, want in zip(made, results_of(expected), strict=True)]
        yield program, encode(tuple(values) if several(expected) else values[0])
