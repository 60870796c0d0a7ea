"""Submissions that are alike: the pairs of a class, and each pair side by side with what they share marked."""

from collections.abc import Iterator, Mapping

import msgspec

from grader.report.code import LINE
from grader.report.names import Names
from grader.submissions.fingerprints import Pair, clusters
from grader.submissions.side_by_side import Side, side_by_side
from grader.submissions.similar import Found, OwnCode
from grader.text.escape import plain


class Alike(msgspec.Struct, frozen=True):
    """What `grader similar` finds in one assignment: the pairs, and every submission by student."""

    found: Found
    submissions: Mapping[str, OwnCode]


class PairLink(msgspec.Struct, frozen=True):
    """A pair as one of the two sees it: who the `other` is."""

    assignment: str
    other: str
    page: str
    share: str


class PairRow(msgspec.Struct, frozen=True):
    """A pair in the table: the two, each with a page, and who handed in first ("" if unknown)."""

    assignment: str
    page: str
    first: tuple[str, str]
    second: tuple[str, str]
    share: float
    evidence: float
    earlier: str


class SimilarPage(msgspec.Struct, frozen=True):
    """All pairs, and the groups of more than two, by assignment."""

    pairs: tuple[PairRow, ...]
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    compared: tuple[tuple[str, int, int], ...]  # assignment, how many were compared, how many could not be read


class PairPage(msgspec.Struct, frozen=True):
    """Two submissions beside each other, the functions of the same name at the same height."""

    assignment: str
    first: tuple[str, str]
    second: tuple[str, str]
    share: str
    rows: tuple[tuple[Side | None, Side | None], ...]


def similar_page(alike: Mapping[str, Alike], names: Names) -> SimilarPage:
    """The list of pairs."""
    rows, groups, compared = [], [], []
    for assignment, one in alike.items():
        compared.append((assignment, len(one.submissions), len(one.found.unread)))
        for pair in one.found.pairs:
            people = [_person(student, names) for student in (pair.first, pair.second)]
            rows.append(
                PairRow(
                    assignment,
                    names.pair(assignment, (pair.first, pair.second)),
                    people[0],
                    people[1],
                    pair.share,
                    pair.evidence,
                    _earlier(pair, one.submissions, names),
                )
            )
        groups += [
            (assignment, tuple(_person(student, names)[0] for student in group))
            for group in clusters(one.found.pairs)
            if len(group) > 2
        ]
    return SimilarPage(tuple(rows), tuple(groups), tuple(compared))


def pair_pages(alike: Mapping[str, Alike], names: Names) -> Iterator[tuple[str, PairPage]]:
    """The address and the page of each pair."""
    for assignment, one in alike.items():
        for pair in one.found.pairs:
            texts = (one.submissions[student].text for student in (pair.first, pair.second))
            people = [_person(student, names) for student in (pair.first, pair.second)]
            address = names.pair(assignment, (pair.first, pair.second))
            yield address, PairPage(assignment, people[0], people[1], f"{pair.share:.0%}", safe_sides(pair, *texts))


def safe_sides(pair: Pair, first: str, second: str) -> tuple[tuple[Side | None, Side | None], ...]:
    """The two texts side by side, free of control codes and of lines without end."""
    return tuple((_shown(left), _shown(right)) for left, right in side_by_side(pair, first, second))


def links_of(alike: Mapping[str, Alike], names: Names) -> Mapping[str, tuple[PairLink, ...]]:
    """The pairs of each student."""
    found: dict[str, tuple[PairLink, ...]] = {}
    for assignment, one in alike.items():
        for pair in one.found.pairs:
            address = names.pair(assignment, (pair.first, pair.second))
            for mine, other in ((pair.first, pair.second), (pair.second, pair.first)):
                link = PairLink(assignment, _person(other, names)[0], address, f"{pair.share:.0%}")
                found[mine] = (*found.get(mine, ()), link)
    return found


def _person(student: str, names: Names) -> tuple[str, str]:
    """Name and page of a student; no page for one without a record."""
    return (names.shown(student), names.student(student)) if names.knows(student) else (names.stranger(student), "")


def _earlier(pair: Pair, submissions: Mapping[str, OwnCode], names: Names) -> str:
    one, two = (submissions[student].time for student in (pair.first, pair.second))
    if one is None or two is None or one == two:
        return ""
    return _person(pair.first if one < two else pair.second, names)[0]


def _shown(side: Side | None) -> Side | None:
    return side and Side(side.number, plain(side.text.expandtabs(4), LINE), side.shared)
