"""The numbers of a class, and what mistakes cost."""

import pytest
from written_class import check, grade

from grader.gradebook.adjustments import Adjustment
from grader.gradebook.entries import Entry
from grader.gradebook.lateness import Late
from grader.judge.verdicts import Grade, ResultVerdict
from grader.report.facts import Fact, Loss, fact_of
from grader.report.statistics import costs, difficulties, kinds, spread
from grader.text.language import speaking


def fact(found: Grade, *adjustments: Adjustment) -> Fact:
    """The facts of a grade that is on time."""
    return fact_of(Entry(found, Late(None, None, 0, 0.0, found.score), adjustments=adjustments))


def scored(*shares: float) -> list[Fact]:
    """Students who earned these parts of 4 points."""
    return [
        fact(grade(f"s{place}", "conv", check("a", "passed", 4 * share), check("b", "failed", 4 * (1 - share), "wrong")))
        for place, share in enumerate(shares)
    ]


def test_a_histogram_has_full_marks_in_its_last_bin_and_a_border_in_the_upper_one() -> None:
    """0 is in the first tenth, a half in the sixth, everything in the last."""
    found = spread(scored(0, 0.5, 0.99, 1))
    assert found.bins == (1, 0, 0, 0, 0, 1, 0, 0, 0, 2)
    assert (found.handed_in, found.full, found.median) == (4, 1, pytest.approx(0.745))


def test_more_than_the_maximum_is_in_the_last_bin() -> None:
    """A change by hand can add points."""
    more = Adjustment(student="s0", assignment="conv", because="x", by="m", at=None, points=3)  # type: ignore[arg-type]
    (one,) = scored(1)
    found = spread([fact(grade("s0", "conv", check("a", "passed", 4)), more), one])
    assert found.bins[-1] == 2 and found.mean == pytest.approx((7 / 4 + 1) / 2)


def test_who_is_excused_is_in_no_statistic_of_scores() -> None:
    """No score, no bin."""
    excused = Adjustment(student="s0", assignment="conv", because="ill", by="m", at=None, excused=True)  # type: ignore[arg-type]
    found = spread([fact(grade("s0", "conv", check("a", "passed", 4)), excused)])
    assert (found.scored, sum(found.bins), found.mean) == (0, 0, None)


def test_the_bands_of_an_exercise_are_from_not_begun_to_all_right() -> None:
    """One student in each."""
    not_begun = fact(grade("s9", "conv", check("a", "skipped", 4, "not implemented yet")))
    (found,) = difficulties([not_begun, *scored(0, 0.5, 0.75, 1)])
    assert found.bands == (1, 1, 1, 1, 1)
    assert found.mean == pytest.approx(2.25 / 5)


def test_a_mistake_costs_what_its_checks_lack() -> None:
    """Two checks of one student failed by the same mistake, one of another student by a second; what is nameless is in none."""
    first = grade(
        "ana",
        "conv",
        check("a", "failed", 1, "m", misconception="flipped"),
        check("b", "failed", 0.5, "m", misconception="flipped"),
        check("c", "failed", 2, "nobody knows"),
    )
    second = grade("bea", "conv", check("a", "failed", 1, "m", misconception="short"), check("b", "passed", 2.5))
    third = grade("caro", "conv", check("a", "failed", 1, "m", misconception="short"), check("b", "passed", 2.5))
    found = costs([fact(first), fact(second), fact(third)])
    assert [(one.name, one.students, one.points) for one in found] == [("short", 2, 2.0), ("flipped", 1, 1.5)]


def test_results_of_a_check_cost_each_by_itself() -> None:
    """One result is a mistake, another a slip, the third is right."""
    results = (
        ResultVerdict("dx", "failed", 1, 0, misconception="stride"),
        ResultVerdict("dw", "partly", 1, 0.75, slip="dtype"),
        ResultVerdict("db", "passed", 1, 1),
    )
    found = fact(grade("ana", "conv", check("a", "partly", 3, "m", misconception="stride", results=results, earned=1.75)))
    assert found.exercises[0].losses == (Loss("stride", False, 1), Loss("dtype", True, 0.25))


def test_submissions_that_failed_in_the_same_way_are_one_kind() -> None:
    """The commonest first, those that are all right at the end."""
    facts = [fact(grade(name, "conv", check("a", "failed", 1, "m", misconception="flipped"))) for name in ("ana", "bea")]
    facts += [fact(grade("caro", "conv", check("a", "failed", 1, "other"))), fact(grade("dan", "conv", check("a", "passed", 1)))]
    found = [(why, [one.student for one, _exercise in those]) for why, those in kinds(facts, "scale")]
    assert [those for _why, those in found] == [["ana", "bea"], ["caro"], ["dan"]]
    assert [why for why, _those in found][0::2] == ["flipped", ""]


def test_what_students_have_in_common_is_in_memory_once() -> None:
    """Equal exercises of two students have one fact, in each language."""
    ana, bea = (fact(grade(student, "conv", check("a", "failed", 4, "wrong"))) for student in ("ana", "bea"))
    assert ana.exercises[0] is bea.exercises[0]
    with speaking("es"):
        other = fact(grade("ana", "conv", check("a", "failed", 4, "wrong")))
    assert other.exercises[0] is not ana.exercises[0]
