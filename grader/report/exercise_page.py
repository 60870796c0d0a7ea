"""What a report says of one exercise: how each check went, and in which ways it failed, with a piece of code for each."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from grader.feedback.summary import points
from grader.report.class_page import Cell, level, percent
from grader.report.code import Module
from grader.report.exercise_words import VERDICTS, lost_text, slip_text, students_text
from grader.report.facts import SLIPS, ExerciseFact, Fact
from grader.report.names import Names
from grader.report.statistics import BANDS, difficulties, kinds
from grader.text.language import gettext as _

SAMPLED = 5  # students of a kind whose code is looked for
MESSAGES = 3  # different ones that are shown of a kind


class CheckRow(msgspec.Struct, frozen=True):
    """How many students each check of the exercise has by verdict, in the order of `VERDICTS`."""

    name: str
    counts: tuple[Cell, ...]


class Kind(msgspec.Struct, frozen=True):
    """Students with whom the exercise failed in the same way.

    Attributes:
        titles: what the mistakes are, for those that are known.
        students: name and page of each.
        lost: the points that it lacks, of all of them.
        messages: what the checks said, the commonest first.
        sample: the code of one of them, and whose it is.
    """

    why: str
    titles: tuple[str, ...]
    students: tuple[tuple[str, str], ...]
    lost: str
    messages: tuple[str, ...]
    sample: Module | None = None
    sample_of: str = ""


class ExercisePage(msgspec.Struct, frozen=True):
    """One exercise of a class; `right`: who has it all right."""

    assignment: str
    assignment_title: str
    name: str
    title: str
    students: int
    mean: str
    bands: tuple[tuple[str, int], ...]
    checks: tuple[CheckRow, ...]
    kinds: tuple[Kind, ...]
    right: tuple[tuple[str, str], ...]


def exercise_pages(
    assignment_title: str,
    facts: Sequence[Fact],
    titles: Mapping[tuple[str, str], str],
    names: Names,
    sample: Callable[[Fact, str], Module | None],
) -> Iterator[ExercisePage]:
    """The page of each exercise of an assignment.

    Args:
        titles: of the mistakes, by assignment and name.
        sample: the code of an exercise in a submission, if it is known.
    """
    for one in difficulties(facts):
        ways = dict(kinds(facts, one.exercise))
        right = ways.pop("", [])
        every = [exercise for found in (*ways.values(), right) for _fact, exercise in found]
        yield ExercisePage(
            one.assignment,
            assignment_title,
            one.exercise,
            one.title,
            one.students,
            students_text(one.students, percent(one.mean)),
            tuple(zip(map(_, BANDS), one.bands, strict=True)),
            tuple(_checks(every)),
            tuple(_kind(why, found, one.exercise, titles, names, sample) for why, found in ways.items()),
            tuple(_people(right, names)),
        )


def _checks(exercises: Sequence[ExerciseFact]) -> Iterator[CheckRow]:
    counts: dict[str, Counter[str]] = {}
    for exercise in exercises:
        for check in exercise.checks:
            counts.setdefault(check.name, Counter())[check.verdict] += 1
    for name, found in counts.items():
        total = found.total()
        yield CheckRow(
            name,
            tuple(Cell(str(found[word]) if found[word] else "", found[word], level(found[word] / total)) for word in VERDICTS),
        )


def _kind(
    why: str,
    found: Sequence[tuple[Fact, ExerciseFact]],
    exercise: str,
    titles: Mapping[tuple[str, str], str],
    names: Names,
    sample: Callable[[Fact, str], Module | None],
) -> Kind:
    said = Counter(message for _fact, one in found for message in dict.fromkeys(check.message for check in one.checks) if message)
    made = dict.fromkeys(loss for _fact, one in found for loss in ((loss.name, loss.is_slip) for loss in one.losses))
    assignment = found[0][0].assignment
    told = [slip_text(SLIPS.get(name, name)) if is_slip else titles.get((assignment, name), "") for name, is_slip in made]
    samples = ((code, fact) for fact, _one in found[:SAMPLED] if (code := sample(fact, exercise)))
    code, fact = next(samples, (None, None))
    return Kind(
        why,
        tuple(filter(None, told)),
        tuple(_people(found, names)),
        lost_text(len(found), points(sum(one.max_score - one.score - one.open for _fact, one in found))),
        tuple(message for message, _count in said.most_common(MESSAGES)),
        code,
        names.shown(fact.student) if fact else "",
    )


def _people(found: Sequence[tuple[Fact, ExerciseFact]], names: Names) -> Iterator[tuple[str, str]]:
    for fact, _one in sorted(found, key=lambda item: names.order(item[0].student)):
        yield names.shown(fact.student), names.student(fact.student)
