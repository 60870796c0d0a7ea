"""Groups: the teams that hand in together, from a CSV file that `[groups] file` in course.toml names.

    team,student,topic
    red,ana,
    red,bea,
    blue,ana,conv           for one topic, a student may be in another team

Students are called as their folders are. Without a topic, a row is about every topic for which its student has no row of their own.
Who is in no team hands in alone.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from grader.errors import UsageError
from grader.gradebook.csv_rows import csv_rows, head_key, read_text
from grader.text.escape import one_line

_TEAM = ("team", "group", "grupo", "equipo", "gruppe", "groupe", "équipe")
_STUDENT = ("student", "student_id", "username", "login", "estudiante", "alumno")
_TOPIC = ("topic", "assignment", "tema")
_WHAT = "[groups] in course.toml names a CSV file whose first line is: team,student (and topic, if teams change)"


class Team(msgspec.Struct, frozen=True):
    """Who hands in together, and the line of the file with the first of them."""

    name: str
    members: tuple[str, ...]
    line: int


class Groups(msgspec.Struct, frozen=True):
    """The teams of a class.

    Attributes:
        teams: by assignment and student.
        lines: of the file, by student.
    """

    path: Path = Path()
    teams: Mapping[tuple[str, str], Team] = msgspec.field(default_factory=dict)
    lines: Mapping[str, int] = msgspec.field(default_factory=dict)

    def team(self, student: str, assignment: str) -> Team | None:
        """The team of a student at an assignment."""
        return self.teams.get((assignment, student))

    def members(self, student: str, assignment: str) -> tuple[str, ...]:
        """Those who hand in together with a student, who is one of them."""
        team = self.team(student, assignment)
        return team.members if team else (student,)


def read_groups(path: Path, topics: Sequence[str]) -> Groups:
    """The groups in a file.

    Raises:
        UsageError: it cannot be read, or one of its rows is wrong; names its line.
    """
    return parse_groups(read_text(path, f"{_WHAT}."), path, topics)


def parse_groups(text: str, path: Path, topics: Sequence[str]) -> Groups:
    """The groups in a text; see `read_groups`."""
    (_, header), *rows = csv_rows(text, path, f"{_WHAT}.").rows
    places = [
        next((place for place, head in enumerate(header) if head_key(head) in names), None) for names in (_TEAM, _STUDENT, _TOPIC)
    ]
    if places[0] is None or places[1] is None:
        raise UsageError(f"{path} has the columns {one_line(', '.join(header), 200)}. {_WHAT}.")
    found: dict[tuple[str, str], tuple[str, int]] = {}
    for line, row in rows:
        team, student, topic = (row[place].strip() if place is not None and place < len(row) else "" for place in places)
        where = f"{path}, line {line}"
        if not student:
            raise UsageError(f"{where}: the team {one_line(team, 40)!r} has no student here. Name one, or remove the line.")
        if not team:
            raise UsageError(
                f"{where}: {one_line(student, 40)} has no team here. Name it, or remove the line: who is in no team hands in alone."
            )
        if topic and topic not in topics:
            near = difflib.get_close_matches(topic, topics, 1)
            advice = f"Did you mean {near[0]!r}?" if near else f"The topics are {', '.join(topics)}."
            raise UsageError(f"{where}: {one_line(topic, 40)!r} is not a topic. {advice}")
        other, first = found.setdefault((topic, student), (team, line))
        if first != line:
            again = f"in the team {one_line(other, 40)!r} by line {first}" + (
                f" and in {one_line(team, 40)!r} by this one" if other != team else ""
            )
            raise UsageError(f"{where}: {one_line(student, 40)} is {again}. Remove one of the two lines.")
    return Groups(path, dict(_teams(found, topics)), {student: line for (_, student), (_, line) in reversed(found.items())})


def _teams(found: Mapping[tuple[str, str], tuple[str, int]], topics: Sequence[str]) -> Iterable[tuple[tuple[str, str], Team]]:
    """Each student's team, by topic and student."""
    general = {student: place for (topic, student), place in found.items() if not topic}
    for topic in topics:
        mine = general | {student: place for (only, student), place in found.items() if only == topic}
        members: dict[str, list[str]] = {}
        for student, (team, _) in mine.items():
            members.setdefault(team, []).append(student)
        teams = {
            name: Team(name, tuple(sorted(those)), min(mine[student][1] for student in those)) for name, those in members.items()
        }
        for student, (team, _) in mine.items():
            yield (topic, student), teams[team]
