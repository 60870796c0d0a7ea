"""Nobody pays twice: the checks of an exercise that uses another one, when that one is not right.

    softmax ✗ (max_over_all) ──► forward agrees with the solution on top of that mistake: paid in full
    softmax rounds           ──► forward agrees with the solution on top of that, too
    mask ✗ (p_is_kept)       ──► backward makes the same mistake by itself: it has been paid for
    softmax ✗ (unknown)      ──► forward ✗ becomes «waits for `softmax`: fix that first»: no numbers, no hint

Exercises are looked at from the bottom of the call graph up, so that what waits leads to the root cause.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from grader.checks.methods import class_of, exercise_of, is_method
from grader.checks.slip_text import Slip, slip_text
from grader.course.misconceptions import Misconception
from grader.judge.coarse import Coarse, coarse
from grader.judge.oracle import Oracle
from grader.judge.results import same_outcome
from grader.judge.trivial import matching, results_of
from grader.judge.verdicts import ResultVerdict, Verdict
from grader.plan import Plan, PlannedCheck, PlannedExercise
from grader.sandbox.outcome import Outcome, Returned
from grader.sandbox.values import decode
from grader.text.language import gettext as _

Verdicts = tuple[Verdict, ...]
Mistake = Misconception | Coarse
Fit = Literal["shown", "same", ""]  # some work, what a trivial program gives too, something else


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

    digits: dict[str, Coarse | None] = {}  # by exercise

    def few_digits(root: str) -> Coarse | None:
        if root not in digits:
            digits[root] = _coarse(plan, root, outcomes, oracle)
        return digits[root]

    def known(roots: Sequence[str]) -> list[Mistake]:
        return _recognised(settled, roots, oracle, few_digits)

    def reaches(root: str, planned: PlannedExercise, item: PlannedCheck) -> bool:
        """Whether what is wrong with the root, or less exact, may be felt by a check."""
        kind = item.check.kind
        is_felt = _is_wrong(settled[root], kind) or (kind != "raises" and few_digits(root) is not None)
        return is_felt and not _is_harmless(plan, planned, item, known([root]), oracle)

    for planned in sorted(plan.exercises, key=lambda item: len(plan.needs(item.exercise.name, item.seqs, uses))):
        name = planned.exercise.name
        verdicts = list(settled[name])
        shown = False
        as_expected: dict[int, Verdict] = {}  # by check: paid, if another one shows that it is no trivial program's
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
            roots = [other for other in _needed(plan, planned, item, uses, with_whom) if reaches(other, planned, item)]
            mistakes = known(roots)
            fit = _on_top(plan, planned, item, mistakes, outcomes, oracle)
            is_paid = fit == "shown"
            if fit:
                as_expected[number] = _paid(verdict, _on_top_text([root for root in roots if any(_wrong(settled[root]))]), roots)
            if with_whom and not is_paid:
                is_paid = (
                    with_whom in settled and (with_whom not in roots or bool(mistakes)) and _shows(plan, planned, item, outcomes)
                )
                roots = [with_whom] if is_paid else roots or [with_whom]
                if is_paid and verdict.verdict == "partly":
                    on_top.add(name)
                    continue
            elif not roots:
                continue
            elif not is_paid:
                is_paid = _only_slips(verdict) and all(_only_slips(found) for root in roots for found in _wrong(settled[root]))
                few = next((one for one in mistakes if isinstance(one, Coarse)), None)
                if few and not is_paid and not is_method(name):
                    own = msgspec.structs.replace(few, of=name)
                    if _on_top(plan, planned, item, [*mistakes, own], outcomes, oracle) == "shown":
                        verdicts[number] = _slipped(verdict, own, planned.exercise.slip)
                        digits[name] = own
                        on_top.add(name)
                        continue
            wrong = [root for root in roots if root == with_whom or any(_wrong(settled[root]))]
            if is_paid:
                verdicts[number] = _paid(verdict, _on_top_text(wrong), roots)
            elif wrong:
                verdicts[number] = _waiting(verdict, wrong, 0.0 if with_whom else verdict.score)
            if is_paid and item.check.kind != "raises":
                on_top.add(name)
                shown = True
        if shown:
            verdicts = [as_expected.get(number, one) if one.verdict == "waits" else one for number, one in enumerate(verdicts)]
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
    return _fit(plan, planned, item, ("alone", [found]), oracle.wrong(found, item.seqs), outcomes, oracle) == "shown"


def _is_harmless(
    plan: Plan, planned: PlannedExercise, item: PlannedCheck, mistakes: Sequence[Mistake], oracle: Oracle | None
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


def _recognised(
    settled: Mapping[str, Verdicts], roots: Sequence[str], oracle: Oracle | None, few_digits: Callable[[str], Coarse | None]
) -> list[Mistake]:
    """The mistake of each root, if just one is recognised in each, or too few digits are all that is wrong with it; else none."""
    known = {(item.of, item.name): item for item in oracle.misconceptions} if oracle else {}
    found: list[Mistake] = []
    for root in roots:
        names = sorted({name for verdict in _wrong(settled[root]) for name in verdict.mistakes})
        if few := few_digits(root):
            found.append(few)
        elif len(names) == 1 and (root, names[0]) in known:
            found.append(known[(root, names[0])])
        else:
            return []
    return found


def _coarse(plan: Plan, root: str, outcomes: Sequence[Outcome], oracle: Oracle | None) -> Coarse | None:
    if oracle is None or is_method(root):
        return None
    seqs = plan.own(root, next(item.seqs for item in plan.exercises if item.exercise.name == root))
    return coarse(root, [plan.steps[seq] for seq in seqs], [oracle.outcome(seq) for seq in seqs], [outcomes[seq] for seq in seqs])


def _on_top(
    plan: Plan,
    planned: PlannedExercise,
    item: PlannedCheck,
    mistakes: Sequence[Mistake],
    outcomes: Sequence[Outcome],
    oracle: Oracle | None,
) -> Fit:
    """Whether the outcomes of a check are those of right code on top of the mistakes."""
    composed = oracle.composed(mistakes, planned.seqs) if oracle and mistakes else None
    if composed is None or oracle is None:
        return ""
    return _fit(plan, planned, item, ("composed", mistakes), composed, outcomes, oracle)


def _fit(
    plan: Plan,
    planned: PlannedExercise,
    item: PlannedCheck,
    mistakes: tuple[str, Sequence[Mistake]],
    made: Mapping[int, Outcome],
    outcomes: Sequence[Outcome],
    oracle: Oracle,
) -> Fit:
    """Whether every outcome of a check is the one in `made`, and whether one of these shows some work.

    Args:
        mistakes: how these are made, and of which mistakes.
    """
    seqs = plan.own(planned.exercise.name, item.seqs)
    how, which = mistakes
    single = any(isinstance(one, Coarse) and one.decimals is None for one in which)
    if not seqs or not all(same_outcome(plan.steps[seq], made[seq], outcomes[seq], single=single) for seq in seqs):
        return ""
    key = ("shows", how, item.seqs, *((found.of, found.name) for found in which))
    return "shown" if oracle.once(key, lambda: _shows(plan, planned, item, made)) else "same"


def _shows(plan: Plan, planned: PlannedExercise, item: PlannedCheck, outcomes: Mapping[int, Outcome] | Sequence[Outcome]) -> bool:
    """Whether the outcomes show some work, right or wrong: no trivial program returns them."""
    if item.check.kind == "raises":
        return True
    returned = [
        (seq, outcome) for seq in plan.own(planned.exercise.name, item.seqs) if isinstance(outcome := outcomes[seq], Returned)
    ]
    return any(not matching(plan.steps[seq], one) for seq, outcome in returned for one in results_of(decode(outcome.value)))


def _on_top_text(wrong: Sequence[str]) -> str:
    if wrong:
        return _("right on top of your own {names}, which is not right yet")
    return _("right on top of your own {names}, which keeps too few digits")


def _paid(verdict: Verdict, text: str, roots: Sequence[str]) -> Verdict:
    return msgspec.structs.replace(
        _bare(verdict), verdict="passed", message=text.format(names=_listed(roots)), earned=verdict.points
    )


def _slipped(verdict: Verdict, own: Coarse, slip: float) -> Verdict:
    """Right on top of others that keep too few digits, and as coarse itself."""
    kind: Slip = "single" if own.decimals is None else "rounded"
    text, earned = slip_text(kind, "", {}), verdict.points * (1 - slip)
    result = ResultVerdict("", "partly", verdict.points, earned, kind, text, call=verdict.call, steps=verdict.steps)
    return msgspec.structs.replace(_bare(verdict), verdict="partly", message=text, earned=earned, results=(result,))


def _waiting(verdict: Verdict, roots: Sequence[str], earned: float) -> Verdict:
    """What waits keeps the points of those of its results that are right."""
    text = _("waits for {names}: fix that first").format(names=_listed(roots))
    return msgspec.structs.replace(_bare(verdict), verdict="waits", message=text, earned=earned, waits_for=tuple(roots))


def _bare(verdict: Verdict) -> Verdict:
    return msgspec.structs.replace(verdict, misconception=None, hint="", call="", difference=None, results=(), public=True)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
