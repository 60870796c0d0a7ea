"""Which students a command is about: those named with --student, those of a --section, or all."""

from collections.abc import Iterable, Sequence

import msgspec

from grader.errors import UsageError
from grader.gradebook.roster import Match, Matcher, Roster, rows_of_students
from grader.text.escape import one_line
from grader.text.near import near


class Chosen(msgspec.Struct, frozen=True):
    """Some students of a class.

    Attributes:
        students: as their folders are called; a set, because every record of a class is looked up in it.
        roster: with these students alone, and those of the section who handed in nothing; None without a class list.
        rows: each student's row in it.
        unknown: why the others have none.
    """

    students: frozenset[str]
    roster: Roster | None = None
    rows: dict[str, int] = msgspec.field(default_factory=dict)
    unknown: dict[str, str] = msgspec.field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        """First and last names of the students, where the class list has them."""
        return {student: name for student, row in self.rows.items() if self.roster and (name := self.roster.name(row))}

    @property
    def identities(self) -> dict[str, tuple[str, str, str]]:
        """Last name, first name and e-mail of the students who are in the class list."""
        return {student: self.roster.identity(row) for student, row in self.rows.items()} if self.roster else {}

    def without(self, present: Iterable[str]) -> list[str]:
        """Those of the class list who are not among these students, by name."""
        if self.roster is None:
            return []
        seen = {self.rows.get(student) for student in present}
        return [self.roster.name(row) or self.roster.folder(row) for row in self.roster.students if row not in seen]


def choose(known: Iterable[str], names: Sequence[str] = (), section: str = "", roster: Roster | None = None) -> Chosen:
    """Those of the `known` students who are named and of the section; all if neither is given.

    Args:
        names: of folders, or as the class list has them.

    Raises:
        UsageError: a name or the section is not there, or a section is given without a class list.
    """
    every = sorted({*known})
    if section and roster is None:
        raise UsageError("--section needs the class list that says who is in it: --roster FILE.")
    rows, unknown = rows_of_students(roster, every) if roster else ({}, {})
    students = frozenset(_named(names, every, rows, roster) if names and every else every)
    if roster is None:
        return Chosen(students)
    if section:
        of_it = {row for row in roster.students if roster.is_in(row, section)}
        if not of_it:
            held = sorted({one for row in roster.students for one in roster.sections(row)})
            there = near(section, held) if held else "It has no column Section (or Group) with anything in it."
            raise UsageError(f"{roster.path} has no section {one_line(section, 60)!r}. {there}")
        students = frozenset(student for student in students if rows.get(student) in of_it)
        unknown = {}
        roster = roster.only(of_it)
    if names:
        roster = roster.only({rows[student] for student in students if student in rows})
    return Chosen(
        students,
        roster,
        {student: row for student, row in rows.items() if student in students},
        {student: why for student, why in unknown.items() if student in students},
    )


def _named(names: Sequence[str], known: Sequence[str], rows: dict[str, int], roster: Roster | None) -> Iterable[str]:
    """The student of each name."""
    matcher = Matcher(roster) if roster else None
    for name in names:
        if name in known:
            yield name
            continue
        match = matcher.match(name) if matcher else ""
        found = [student for student, row in rows.items() if isinstance(match, Match) and row == match.row]
        if not found and isinstance(match, Match):
            raise UsageError(f"--student {one_line(name, 60)}: in the class list, but has handed in nothing here.")
        if not found:
            raise UsageError(f"--student {one_line(name, 60)}: no student here has that name. {near(name, known)}")
        yield from found
