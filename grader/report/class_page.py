"""What a report says of a class: its numbers, and the table of students and assignments that everything else hangs on."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from grader.course.folder import Assignment
from grader.feedback.summary import points
from grader.gradebook.totals import Total
from grader.report.charts import Arrivals, Chart, histogram, progress
from grader.report.facts import SLIPS, Fact
from grader.report.names import Names
from grader.report.statistics import BANDS, Spread, costs, difficulties, spread
from grader.text.language import gettext as _

LEVELS = 10  # of a colour


class Cell(msgspec.Struct, frozen=True):
    """A number in a table.

    Attributes:
        value: by which it is sorted; None comes after all others.
        level: its colour, from 0 to `LEVELS`; None for none.
        remark: what else is to be known of it.
    """

    shown: str
    value: float | None
    level: int | None = None
    remark: str = ""


class Row(msgspec.Struct, frozen=True):
    """One student.

    Attributes:
        page: its address; "" for one who has no page.
        is_: by what the row can be found: "missing", "ungraded", "changed", "late", "excused".
    """

    student: str
    page: str
    total: Cell
    cells: tuple[Cell, ...]
    is_: tuple[str, ...]


class AssignmentPart(msgspec.Struct, frozen=True):
    """The scores of one assignment."""

    name: str
    title: str
    weight: str
    most: str
    spread: Spread
    mean: str
    median: str
    chart: Chart | None


class ExerciseRow(msgspec.Struct, frozen=True):
    """One exercise in the heat map: its page, the mean, and how many students are in each band."""

    assignment: str
    exercise: str
    title: str
    page: str
    mean: Cell
    bands: tuple[Cell, ...]


class MistakeRow(msgspec.Struct, frozen=True):
    """A mistake or a slip, and what it cost."""

    assignment: str
    exercises: tuple[tuple[str, str], ...]  # name and page
    name: str
    title: str
    students: int
    points: str
    value: float


class Ungraded(msgspec.Struct, frozen=True):
    """A submission without a score that its code earned."""

    student: str
    page: str
    assignment: str
    why: str


class ClassPage(msgspec.Struct, frozen=True):
    """The whole class.

    Attributes:
        absent: who of the class list handed in nothing at all.
        untimed: how many submissions have no known time.
    """

    assignments: tuple[AssignmentPart, ...]
    rows: tuple[Row, ...]
    exercises: tuple[ExerciseRow, ...]
    mistakes: tuple[MistakeRow, ...]
    ungraded: tuple[Ungraded, ...]
    absent: tuple[str, ...]
    progress: Chart | None
    timed: int
    untimed: int
    bands: tuple[str, ...] = BANDS


def class_page(
    assignments: Sequence[Assignment],
    facts: Mapping[str, Sequence[Fact]],
    totals: Mapping[str, Total],
    titles: Mapping[tuple[str, str], str],
    names: Names,
    absent: Iterable[str] = (),
) -> ClassPage:
    """The page of a class.

    Args:
        facts: by assignment; those without any are left out.
        totals: by student.
        titles: of the mistakes, by assignment and name.
        absent: who of the class list handed in nothing.
    """
    shown = [one for one in assignments if facts.get(one.name)]
    all_facts = [fact for one in shown for fact in facts[one.name]]
    chart, timed = _progress(shown, facts)
    return ClassPage(
        tuple(_assignment(one, facts[one.name]) for one in shown),
        tuple(_rows(shown, all_facts, totals, names)),
        tuple(_exercise_rows(shown, facts, names)),
        tuple(_mistakes(all_facts, titles, names)),
        tuple(
            Ungraded(names.shown(fact.student), names.student(fact.student), fact.assignment, fact.ungraded)
            for fact in all_facts
            if fact.ungraded
        ),
        tuple(absent),
        chart,
        timed,
        sum(fact.attempts > 0 for fact in all_facts) - timed,
    )


def level(share: float | None) -> int | None:
    """The colour of a part from 0 to 1."""
    return None if share is None else max(0, min(LEVELS, int(share * LEVELS + 1e-9)))


def percent(share: float | None) -> str:
    """A part as a whole percentage."""
    return "–" if share is None else f"{100 * share:.0f} %"


def _assignment(assignment: Assignment, facts: Sequence[Fact]) -> AssignmentPart:
    found = spread(facts)
    tenths = "; ".join(f"{place * 10}–{place * 10 + 10} %: {count}" for place, count in enumerate(found.bins) if count)
    text = _("Scores in {assignment}, in percent of the points, and how many students have them: {scores}.").format(
        assignment=_(assignment.title), scores=tenths
    )
    most = max(fact.max_score for fact in facts)
    return AssignmentPart(
        assignment.name,
        _(assignment.title),
        f"{assignment.config.weight:g}",
        points(most),
        found,
        percent(found.mean),
        percent(found.median),
        histogram(found.bins, text) if found.scored else None,
    )


def _rows(assignments: Sequence[Assignment], facts: Iterable[Fact], totals: Mapping[str, Total], names: Names) -> Iterable[Row]:
    of: dict[str, dict[str, Fact]] = {}
    for fact in facts:
        of.setdefault(fact.student, {})[fact.assignment] = fact
    for student in sorted(of, key=names.order):
        mine = of[student]
        those = mine.values()
        total = totals.get(student, Total()).percent
        traits = {
            "missing": len(mine) < len(assignments),
            "ungraded": any(fact.ungraded for fact in those),
            "changed": any(fact.changed for fact in those),
            "late": any(fact.late for fact in those),
            "excused": any(fact.excused for fact in those),
        }
        yield Row(
            names.shown(student),
            names.student(student),
            Cell("–" if total is None else f"{total:.1f}", total, level(None if total is None else total / 100)),
            tuple(_cell(mine.get(one.name)) for one in assignments),
            tuple(name for name, holds in traits.items() if holds),
        )


def _cell(fact: Fact | None) -> Cell:
    if fact is None:
        return Cell("", None)
    remarks = [
        fact.late,
        _("changed by hand") if fact.changed and not fact.excused else "",
        _("not graded") if fact.ungraded else "",
    ]
    return Cell(fact.shown, fact.final, level(fact.share), "; ".join(filter(None, remarks)))


def _exercise_rows(assignments: Sequence[Assignment], facts: Mapping[str, Sequence[Fact]], names: Names) -> Iterable[ExerciseRow]:
    for assignment in assignments:
        for one in difficulties(facts[assignment.name]):
            yield ExerciseRow(
                assignment.name,
                one.exercise,
                one.title,
                names.exercise(assignment.name, one.exercise),
                Cell(percent(one.mean), one.mean, level(one.mean)),
                tuple(Cell(str(count) if count else "", count, level(count / one.students)) for count in one.bands),
            )


def _mistakes(facts: Iterable[Fact], titles: Mapping[tuple[str, str], str], names: Names) -> Iterable[MistakeRow]:
    for cost in costs(facts):
        yield MistakeRow(
            cost.assignment,
            tuple((name, names.exercise(cost.assignment, name)) for name in cost.exercises),
            _("slip") if cost.is_slip else cost.name,
            _(SLIPS.get(cost.name, cost.name)) if cost.is_slip else titles.get((cost.assignment, cost.name), ""),
            cost.students,
            points(cost.points),
            cost.points,
        )


def _progress(assignments: Sequence[Assignment], facts: Mapping[str, Sequence[Fact]]) -> tuple[Chart | None, int]:
    """How the submissions came in, and of how many the time is known."""
    arrivals = [
        Arrivals(one.name, tuple(sorted(fact.handed_in for fact in facts[one.name] if fact.handed_in)), one.config.due)
        for one in assignments
    ]
    known = [one for one in arrivals if one.times]
    if not known:
        return None, 0
    said = "; ".join(f"{one.name}: {len(one.times)}, {one.times[0]:%Y-%m-%d} – {one.times[-1]:%Y-%m-%d}" for one in known)
    return progress(known, _("How many had handed in at what time. {said}.").format(said=said)), sum(
        len(one.times) for one in known
    )
