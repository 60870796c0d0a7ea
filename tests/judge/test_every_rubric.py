"""Of every topic, which is prepared once for all of these tests: what its rubric makes of odd values and, again, of the known mistakes, and
in what language it speaks of them.

That whatever is returned in place of a right result makes a grade is a small part of the search of `fuzz/fuzz_judge.py`.
"""

import random
import sys
from collections.abc import Iterator
from functools import cache
from gettext import NullTranslations
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "fuzz"))
from fuzz_judge import ROOT, Bench, a_copy, fuzz, kinds, with_reference

from grader.checks.methods import class_of
from grader.course.folder import PUBLIC_SEED, find_course
from grader.engine.prepare import Prepared, prepare
from grader.engine.record import Record, abridged, restored
from grader.feedback.summary import failed_checks
from grader.judge.judge import judge
from grader.prove.validate import advice
from grader.run import Run
from grader.sandbox.outcome import Outcome, Returned
from grader.text import language

pytestmark = pytest.mark.slow
COURSE = find_course(ROOT)
TOPICS = [assignment.name for assignment in COURSE.assignments]
EACH = 12  # mistakes are too many to judge all of them twice
VALUES = 150  # that are replaced


@cache  # its known mistakes are run once: most of what a test here takes
def prepared(topic: str) -> Prepared:
    """A topic, ready to judge."""
    return prepare(COURSE.assignment(topic), PUBLIC_SEED)


def mistaken(ready: Prepared) -> Iterator[tuple[str, Run]]:
    """A run for each of the mistakes, made in every function that knows it, with right code that calls these."""
    assert ready.oracle is not None
    every = range(len(ready.plan.steps))
    names = list(dict.fromkeys(found.name for found in ready.oracle.misconceptions))
    for name in names[::EACH]:
        same = [found for found in ready.oracle.misconceptions if found.name == name]
        made = ready.oracle.composed(same, every) or ready.oracle.wrong(same[0], every)
        outcomes: tuple[Outcome, ...] = tuple(made[seq] for seq in every)
        yield name, Run(Returned(), outcomes)


def faults(bench: Bench, name: str) -> list[str]:
    """What is the grader's own fault where odd values come."""
    return list(fuzz(bench, VALUES, random.Random(name)))


@pytest.mark.parametrize("topic", TOPICS)
def test_odd_values_are_no_fault_of_the_grader(topic: str) -> None:
    """With the reference, odd values fail and no check fails itself."""
    assert faults(with_reference(prepared(topic)), topic) == []


@pytest.mark.parametrize("topic", TOPICS)
def test_odd_values_are_no_fault_of_the_grader_in_a_copy(topic: str) -> None:
    """So it is where a student checks their own work."""
    assert faults(a_copy(COURSE.assignment(topic)), topic) == []


def test_odd_values_among_dates_tables_texts_and_figures() -> None:
    """So it is where no topic has such results."""
    for bench in kinds():
        assert list(fuzz(bench, 2000, random.Random(1))) == []


@pytest.mark.parametrize("topic", TOPICS)
def test_the_same_rubric_gives_the_same_grade_again(topic: str) -> None:
    """Nobody loses points because large results are not kept: a record is judged again, whatever was too large to keep."""
    ready = prepared(topic)
    for name, run in mistaken(ready):
        grade = judge(ready.plan, run, ready.oracle, "ana")
        record = Record("ana", topic, "", ready.plan.hash, "", abridged(run, grade, ready.plan, ready.oracle), grade)
        again = restored(record, ready.plan, ready.oracle)
        assert again is not None, name
        assert judge(ready.plan, again, ready.oracle, "ana") == grade, name


class _Marks(NullTranslations):
    """A language in which every message stands in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


@pytest.mark.parametrize("topic", TOPICS)
def test_nothing_is_said_past_the_catalogs(topic: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is said of the mistakes went through a catalog."""
    monkeypatch.setattr(language, "_spoken", "marks")
    monkeypatch.setattr(language, "_catalogs", {("marks", Path()): _Marks()})
    ready, said = prepared(topic), []
    for name, run in mistaken(ready):
        failed = list(failed_checks(judge(ready.plan, run, ready.oracle, "ana")))
        assert failed, name
        said += [text for check in failed for text in (check.message, check.hint) if text]
    assert [text for text in said if not text.startswith("⟦")] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_rubric_needs_no_advice(topic: str) -> None:
    """Every derivative has its large call, and every exercise that takes arrays is checked for leaving them as they were."""
    assert list(advice(prepared(topic))) == []


@pytest.mark.parametrize("topic", ["autoencoder", "mlp", "rnn", "sequential"])
def test_right_code_on_top_of_a_mistake_is_paid(topic: str) -> None:
    """One exercise pays for a known mistake; the others lose points only where nothing of them returns."""
    ready = prepared(topic)
    assert ready.oracle is not None
    every, lost = range(len(ready.plan.steps)), []
    for mistake in ready.oracle.misconceptions[::EACH]:
        made = ready.oracle.composed([mistake], every)
        if made is None:
            continue
        found = judge(ready.plan, Run(Returned(), tuple(made[seq] for seq in every)), ready.oracle, "ana", ready.known)
        for planned, graded in zip(ready.plan.exercises, found.exercises, strict=True):
            is_own = class_of(graded.name) == class_of(mistake.of)
            returned = all(
                isinstance(made[seq], Returned) for item in planned.checks if item.check.kind != "raises" for seq in item.seqs
            )
            if returned and not is_own and graded.score < graded.max_score:
                lost.append(f"{mistake.name} in {mistake.of}: {graded.name} {graded.score:g} of {graded.max_score:g}")
    assert lost == []
