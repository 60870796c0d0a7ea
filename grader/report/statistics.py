"""The numbers of a class, from its facts. Pure functions: a score that does not exist (excused, not graded) counts nowhere."""

import statistics as numbers
from collections import defaultdict
from collections.abc import Iterable

import msgspec

from grader.report.facts import ExerciseFact, Fact
from grader.text.language import marked

BINS = 10  # of a histogram
BANDS = (marked("not begun"), marked("nothing right"), marked("up to half"), marked("more than half"), marked("all right"))


class Spread(msgspec.Struct, frozen=True):
    """The scores of one assignment, as parts of the maximum.

    Attributes:
        bins: how many are in each tenth; full marks are in the last one.
        handed_in: how many handed it in; `scored`: how many of them have a score.
    """

    bins: tuple[int, ...]
    handed_in: int
    scored: int
    full: int
    mean: float | None
    median: float | None


class Difficulty(msgspec.Struct, frozen=True):
    """How one exercise went.

    Attributes:
        mean: the part of its points that was earned.
        bands: how many students are in each of `BANDS`.
    """

    assignment: str
    exercise: str
    title: str
    students: int
    mean: float
    bands: tuple[int, ...]


class Cost(msgspec.Struct, frozen=True):
    """A mistake or a slip: how many students made it, and how many points it cost all of them."""

    assignment: str
    name: str
    is_slip: bool
    exercises: tuple[str, ...]
    students: int
    points: float


def spread(facts: Iterable[Fact]) -> Spread:
    """The scores of one assignment."""
    mine = list(facts)
    shares = [share for fact in mine if (share := fact.share) is not None]
    bins = [0] * BINS
    for share in shares:
        bins[max(0, min(int(share * BINS + 1e-9), BINS - 1))] += 1
    return Spread(
        tuple(bins),
        sum(fact.attempts > 0 for fact in mine),
        len(shares),
        sum(share >= 1 - 1e-9 for share in shares),
        numbers.fmean(shares) if shares else None,
        numbers.median(shares) if shares else None,
    )


def difficulties(facts: Iterable[Fact]) -> list[Difficulty]:
    """Every exercise of one assignment, in its order. What a person has not decided yet is left out, unless nothing is decided."""
    of: defaultdict[str, list[ExerciseFact]] = defaultdict(list)
    assignment = ""
    for fact in facts:
        assignment = fact.assignment
        for exercise in fact.exercises:
            of[exercise.name].append(exercise)
    found = []
    for name, every in of.items():
        those = [one for one in every if not one.waits] or every
        bands = [0] * len(BANDS)
        for one in those:
            bands[_band(one)] += 1
        found.append(
            Difficulty(assignment, name, those[0].title, len(those), numbers.fmean(one.share for one in those), tuple(bands))
        )
    return found


def _band(exercise: ExerciseFact) -> int:
    if not exercise.begun:
        return 0
    if exercise.share >= 1 - 1e-9:
        return 4
    return 1 if exercise.share <= 0 else 2 if exercise.share <= 0.5 else 3


def costs(facts: Iterable[Fact]) -> list[Cost]:
    """What each mistake and slip cost, that of most students first."""
    made: defaultdict[tuple[str, str, bool], list[tuple[str, str, float]]] = defaultdict(list)
    for fact in facts:
        for exercise in fact.exercises:
            for loss in exercise.losses:
                made[fact.assignment, loss.name, loss.is_slip].append((exercise.name, fact.student, loss.points))
    found = [
        Cost(*key, tuple(dict.fromkeys(name for name, *_ in those)), len({one[1] for one in those}), sum(one[2] for one in those))
        for key, those in made.items()
    ]
    return sorted(found, key=lambda cost: (-cost.students, -cost.points, cost.assignment, cost.name))


def kinds(facts: Iterable[Fact], exercise: str) -> list[tuple[str, list[tuple[Fact, ExerciseFact]]]]:
    """The submissions of an assignment by the way in which an exercise failed ("" for all right, at the end), most common first."""
    found: defaultdict[str, list[tuple[Fact, ExerciseFact]]] = defaultdict(list)
    for fact in facts:
        for one in fact.exercises:
            if one.name == exercise:
                found[one.why].append((fact, one))
    return sorted(found.items(), key=lambda item: (item[0] == "", -len(item[1]), item[0]))


def by_assignment(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    """The facts of each assignment."""
    found: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        found[fact.assignment].append(fact)
    return dict(found)
