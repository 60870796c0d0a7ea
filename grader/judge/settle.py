"""Nobody pays twice: the checks of an exercise that uses another one, when that one is not right.

    softmax ✗ (max_over_all) ──► forward agrees with the solution on top of that mistake: paid in full
    mask ✗ (p_is_kept)       ──► backward makes the same mistake by itself: it has been paid for
    softmax ✗ (unknown)      ──► forward ✗ becomes «waits for `softmax`: fix that first»: no numbers, no hint

Exercises are looked at from the bottom of the call graph up, so that what waits leads to the root cause.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from grader.checks.methods import class_of, exercise_of, is_method
from grader.course.misconceptions import Misconception
from grader.judge.oracle import Oracle
from grader.judge.results import same_outcome
from grader.judge.trivial import matching, results_of
from grader.judge.verdicts import Verdict
from grader.plan import Plan, PlannedCheck, PlannedExercise
from grader.sandbox.outcome import Outcome, Returned
from grader.sandbox.values import decode
from grader.text.language import gettext as _

Verdicts = tuple[Verdict, ...]


def settle(
    plan: Plan,
    judged: Mapping[str, Verdicts],
    carried: Mapping[tuple[str, int], str],
    outcomes: Sequence[Outcome],
    oracle: Oracle | None,
    uses: Mapping[str, frozenset[str]],
) -> tuple[dict[str, Verdicts], frozenset[str]]:
    """The verdicts after what waits and what is carried forward, and the exercises that are right on top of a recognised mistake.

    Args:
        judged: the verdicts of each exercise by itself.
        carried: for (exercise, number of its check): the function with whose own results, right or not, a gradient agrees.
        uses: the exercises that each exercise uses.
    """
    settled = dict(judged)
    on_top = set()
    made: dict[str, str] = {}  # by mistake: the exercise that pays for it
    for planned in sorted(plan.exercises, key=lambda item: len(plan.needs(item.exercise.name, item.seqs, uses))):
        name = planned.exercise.name
        verdicts = list(settled[name])
        for number, (item, verdict) in enumerate(zip(planned.checks, verdicts, strict=True)):
            with_whom = carried.get((name, number), "")
            if root := _blocking(plan, name, verdict, outcomes):
                verdicts[number] = _waiting(verdict, [root], 0.0)
                continue
            if verdict.verdict not in ("failed", "partly") and not with_whom:
                continue
            elsewhere = {made.get(mistake, name) for mistake in verdict.mistakes}
            if len(verdict.mistakes) == 1 and elsewhere != {name} and _is_all(plan, planned, item, verdict, outcomes, oracle):
                verdicts[number] = _paid(verdict, _("the same mistake as in {names}; it counts once"), list(elsewhere))
                on_top |= {name} if item.check.kind != "raises" else set()
                continue
            roots = [
                other
                for other in _needed(plan, planned, item, uses, with_whom)
                if _is_wrong(settled[other], item.check.kind)
                and not _is_harmless(plan, planned, item, _recognised(settled, [other], oracle), oracle)
            ]
            mistakes = _recognised(settled, roots, oracle)
            if with_whom:
                is_paid = (
                    with_whom in settled and (with_whom not in roots or bool(mistakes)) and _shows(plan, planned, item, outcomes)
                )
                roots = [with_whom] if is_paid else roots or [with_whom]
                if is_paid and verdict.verdict == "partly":
                    on_top.add(name)
                    continue
            elif not roots:
                continue
            else:
                is_paid = _only_slips(verdict) and all(_only_slips(found) for root in roots for found in _wrong(settled[root]))
                if not is_paid and mistakes and oracle:
                    composed = oracle.composed(mistakes, planned.seqs)
                    is_paid = composed is not None and _fits(
                        plan, planned, item, ("composed", mistakes), composed, outcomes, oracle
                    )
            text = _("right on top of your own {names}, which is not right yet")
            verdicts[number] = (
                _paid(verdict, text, roots) if is_paid else _waiting(verdict, roots, 0.0 if with_whom else verdict.score)
            )
            on_top |= {name} if is_paid and item.check.kind != "raises" else set()
        settled[name] = tuple(verdicts)
        made = {mistake: name for verdict in _wrong(settled[name]) for mistake in verdict.mistakes} | made
    return settled, frozenset(on_top)


def _blocking(plan: Plan, exercise: str, verdict: Verdict, outcomes: Sequence[Outcome]) -> str:
    """The exercise that kept a method from being called at all ("" for none): that of another method, or the first of its class.

    What is wrong with the class itself, which is not an exercise then, is said once.
    """
    if not is_method(exercise) or verdict.verdict not in ("failed", "skipped"):
        return ""
    seq = next((seq for seq in verdict.steps if not isinstance(outcomes[seq], Returned)), None)
    if seq is None or (exercise_of(plan.targets[seq], [exercise]) == exercise):
        return ""
    names = [planned.exercise.name for planned in plan.exercises]
    root = exercise_of(plan.targets[seq], names)
    if root not in names and plan.steps[seq].op == "new" and getattr(outcomes[seq], "missing", True):
        root = next(name for name in names if class_of(name) == root)
    return root if root in names and root != exercise else ""


def _is_all(
    plan: Plan, planned: PlannedExercise, item: PlannedCheck, verdict: Verdict, outcomes: Sequence[Outcome], oracle: Oracle | None
) -> bool:
    """Whether the one mistake that was recognised explains every outcome of a check (at home: whether it shows some work)."""
    if oracle is None:
        return _shows(plan, planned, item, outcomes)
    key = planned.exercise.name, verdict.mistakes[0]
    found = next(one for one in oracle.misconceptions if (one.of, one.name) == key)
    return _fits(plan, planned, item, ("alone", [found]), oracle.wrong(found, item.seqs), outcomes, oracle)


def _is_harmless(
    plan: Plan, planned: PlannedExercise, item: PlannedCheck, mistakes: Sequence[Misconception], oracle: Oracle | None
) -> bool:
    """Whether right code would be right here even on top of the mistakes: nothing to wait for."""
    composed = oracle.composed(mistakes, planned.seqs) if oracle and mistakes else None
    if composed is None or oracle is None:
        return False
    return all(
        same_outcome(plan.steps[seq], oracle.outcome(seq), composed[seq]) for seq in plan.own(planned.exercise.name, item.seqs)
    )


def _needed(
    plan: Plan, planned: PlannedExercise, item: PlannedCheck, uses: Mapping[str, frozenset[str]], with_whom: str
) -> list[str]:
    """The exercises that a check needs besides its own: those that the code uses, and those that its steps call."""
    found = plan.needs(planned.exercise.name, item.seqs, uses, *filter(None, [with_whom]))
    return [other.exercise.name for other in plan.exercises if other.exercise.name in found]


def _is_wrong(verdicts: Verdicts, kind: str) -> bool:
    """Whether an exercise is wrong in a way that a check of this kind feels: refusals are felt by refusals, values by values."""
    return any((verdict.kind == "raises") == (kind == "raises") for verdict in _wrong(verdicts))


def _wrong(verdicts: Verdicts) -> Iterator[Verdict]:
    return (verdict for verdict in verdicts if verdict.verdict in ("failed", "partly"))


def _only_slips(verdict: Verdict) -> bool:
    return verdict.verdict == "partly" and all(result.verdict in ("passed", "partly") for result in verdict.results)


def _recognised(settled: Mapping[str, Verdicts], roots: Sequence[str], oracle: Oracle | None) -> list[Misconception]:
    """The mistake of each root, if just one is recognised in each; else none."""
    known = {(item.of, item.name): item for item in oracle.misconceptions} if oracle else {}
    found = []
    for root in roots:
        names = sorted({name for verdict in _wrong(settled[root]) for name in verdict.mistakes})
        if len(names) != 1 or (root, names[0]) not in known:
            return []
        found.append(known[(root, names[0])])
    return found


def _fits(
    plan: Plan,
    planned: PlannedExercise,
    item: PlannedCheck,
    mistakes: tuple[str, Sequence[Misconception]],
    made: Mapping[int, Outcome],
    outcomes: Sequence[Outcome],
    oracle: Oracle,
) -> bool:
    """Whether every outcome of a check is the one in `made`, and at least one of these shows some work.

    Args:
        mistakes: how these are made, and of which mistakes.
    """
    seqs = plan.own(planned.exercise.name, item.seqs)
    if not seqs or not all(same_outcome(plan.steps[seq], made[seq], outcomes[seq]) for seq in seqs):
        return False
    how, which = mistakes
    key = ("shows", how, item.seqs, *((found.of, found.name) for found in which))
    shown: bool = oracle.once(key, lambda: _shows(plan, planned, item, made))
    return shown


def _shows(plan: Plan, planned: PlannedExercise, item: PlannedCheck, outcomes: Mapping[int, Outcome] | Sequence[Outcome]) -> bool:
    """Whether the outcomes show some work, right or wrong: no trivial program returns them."""
    if item.check.kind == "raises":
        return True
    returned = [
        (seq, outcome) for seq in plan.own(planned.exercise.name, item.seqs) if isinstance(outcome := outcomes[seq], Returned)
    ]
    return any(not matching(plan.steps[seq], one) for seq, outcome in returned for one in results_of(decode(outcome.value)))


def _paid(verdict: Verdict, text: str, roots: Sequence[str]) -> Verdict:
    return msgspec.structs.replace(
        _bare(verdict), verdict="passed", message=text.format(names=_listed(roots)), earned=verdict.points
    )


def _waiting(verdict: Verdict, roots: Sequence[str], earned: float) -> Verdict:
    """What waits keeps the points of those of its results that are right."""
    text = _("waits for {names}: fix that first").format(names=_listed(roots))
    return msgspec.structs.replace(_bare(verdict), verdict="waits", message=text, earned=earned, waits_for=tuple(roots))


def _bare(verdict: Verdict) -> Verdict:
    return msgspec.structs.replace(verdict, misconception=None, hint="", call="", difference=None, results=(), public=True)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
