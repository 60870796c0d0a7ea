"""A class list: the rows of another system's CSV file, and which of them a student's folder belongs to.

Any CSV file with known column names will do (Canvas's gradebook, nbgrader's or Moodle's students). It may have a byte order mark,
commas, semicolons or tabs, and names with commas and quotes. It is written again exactly as it was read.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

import msgspec

from grader.errors import UsageError
from grader.gradebook.csv_rows import csv_rows, head_key, read_text

_WHAT = "--roster takes the CSV file that your gradebook exports."
# The columns that identify a student, the most reliable first; each with its known headers, in lower case.
_WAYS: dict[str, tuple[str, ...]] = {
    "SIS Login ID": (
        *("sis login id", "login", "login id", "username", "user name", "nombre de usuario", "anmeldename", "nom d'utilisateur"),
        *("nome de usuário", "nome de utilizador", "identificação de usuário"),
    ),
    "SIS User ID": (
        *("sis user id", "sid", "student_id", "student id", "id number", "número de id", "id-nummer", "matrikelnummer"),
        *("numéro d'identification", "numéro d’identification", "número de identificação"),
    ),
    "ID": ("id", "lms_user_id"),
    "Integration ID": ("integration id",),
    "email": (
        *("email", "email address", "e-mail", "dirección de correo", "dirección email", "correo electrónico", "e-mail-adresse"),
        *("adresse de courriel", "adresse e-mail", "courriel", "endereço de email", "endereço de e-mail", "correio eletrónico"),
    ),
    "Identifier": ("identifier", "identificador", "identifiant"),  # Moodle's, different in each assignment
}
_FIRST = ("first_name", "firstname", "first name", "nombre", "vorname", "prénom", "nome próprio")
_LAST = (
    "last_name",
    "lastname",
    "last name",
    "surname",
    "apellido(s)",
    "apellidos",
    "nachname",
    "nom de famille",
    "sobrenome",
    "apelido",
)
_PARTICIPANT = re.compile(
    r"(participant|teilnehmer(/in)?|participante)\s*\d+", re.IGNORECASE
)  # in Moodle's German column "ID", too
_SECTION = (
    *("section", "sections", "group", "groups", "grupo", "grupos", "gruppe", "gruppen", "groupe", "groupes", "sección", "seção"),
    *("comisión", "turma", "turmas"),
)
_SEVERAL = re.compile(r"\s*(?:[;,|]|\band\b)\s*")  # between the sections of a student, as Canvas and Moodle write them
_LOGIN, _EMAIL = _WAYS["SIS Login ID"], _WAYS["email"]
_NAME = ("student", "name", "full name", "nombre completo", "vollständiger name", "nom complet", "nome completo")
_NOT_STUDENTS = re.compile(r"\s*(muted|manual posting.*)?\s*", re.IGNORECASE)


class Match(msgspec.Struct, frozen=True):
    """The row of a student: its index in `Roster.rows`, and the column it was found by."""

    row: int
    by: str


class Roster(msgspec.Struct, frozen=True):
    """A class list as it was read.

    Attributes:
        rows: all rows below the header, each at least as long as the header.
        students: the indices of the rows that are students (Canvas writes others above them).
        lines: of the file, by row.
    """

    path: Path
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    students: tuple[int, ...]
    delimiter: str = ","
    bom: bool = False
    lines: tuple[int, ...] = ()

    def line(self, row: int) -> int:
        """The line of the file with (the end of) a row."""
        return self.lines[row]

    def column(self, names: Sequence[str]) -> int | None:
        """The index of the first column called one of `names` (in lower case)."""
        return next((place for place, head in enumerate(self.header) if head_key(head) in names), None)

    def identity(self, row: int) -> tuple[str, str, str]:
        """Last name, first name and e-mail of a row, "" for what is missing."""
        last, first, email, login = (self.cell(row, names) for names in (_LAST, _FIRST, _EMAIL, _LOGIN))
        name = self.cell(row, _NAME)
        if name and not (last or first):
            last, comma, first = (part.strip() for part in name.partition(","))
            last, first = (last, first) if comma else ("", last)
        return last, first, email or (login if "@" in login else "")

    def folder(self, row: int) -> str:
        """The name for a student's folder: the most reliable identifier."""
        found = [value for names in _WAYS.values() if (value := self.cell(row, names))]
        return next((value for value in found if not _PARTICIPANT.fullmatch(value)), found[0] if found else self.cell(row, _NAME))

    def name(self, row: int) -> str:
        """First and last name of a row; "" if they are not in the list."""
        last, first, _ = self.identity(row)
        return f"{first} {last}".strip()

    def sections(self, row: int) -> list[str]:
        """The sections of a row, which may be several."""
        return [part for part in _SEVERAL.split(self.cell(row, _SECTION)) if part]

    def is_in(self, row: int, section: str) -> bool:
        """Whether a row is in a section, whose name may itself have a comma."""
        return plain_name(section) in map(plain_name, (self.cell(row, _SECTION), *self.sections(row)))

    def only(self, rows: Collection[int]) -> "Roster":
        """The same list with only these rows as students."""
        return msgspec.structs.replace(self, students=tuple(row for row in self.students if row in rows))

    def cell(self, row: int, names: Sequence[str]) -> str:
        """The cell in the first column called one of `names`; "" if there is none."""
        place = self.column(names)
        return self.rows[row][place].strip() if place is not None else ""

    def names(self, row: int) -> list[str]:
        """Every way to write the name of a row."""
        last, first, _ = self.identity(row)
        whole = self.cell(row, _NAME)
        return [name for name in (whole, f"{first} {last}".strip(), f"{last}, {first}" if last and first else "") if name]


class Matcher:
    """Finds students in a roster by the names of their folders.

    Tried in this order: login, SIS ID, ID, e-mail, Moodle's identifier, name ("Pérez, Ana" or "Ana Pérez"), the name given by an import
    ("perezana_12345"), the part of a login or e-mail before the @, the name without accents, spaces and capitals. What matches two
    students matches none.
    """

    def __init__(self, roster: Roster) -> None:
        self._ways: list[tuple[str, Callable[[str], str], dict[str, list[int]]]] = []
        for by, names in _WAYS.items():
            self._add(by, plain_name, roster, lambda row, names=names: [plain_name(roster.cell(row, names))])  # type: ignore[misc]
        self._add("name", plain_name, roster, lambda row: map(plain_name, roster.names(row)))
        self._add("name and ID", _imported, roster, lambda row: _imports(roster, row))
        for by in ("SIS Login ID", "email"):
            self._add(
                f"{by} before the @",
                plain_name,
                roster,
                lambda row, by=by: [plain_name(cell.partition("@")[0]) for cell in [roster.cell(row, _WAYS[by])] if "@" in cell],  # type: ignore[misc]
            )
        self._add("name", _squeezed, roster, lambda row: map(_squeezed, roster.names(row)))

    def _add(self, by: str, key: Callable[[str], str], roster: Roster, keys: Callable[[int], Iterable[str]]) -> None:
        known: dict[str, list[int]] = {}
        for row in roster.students:
            for found in {*keys(row)} - {""}:
                known.setdefault(found, []).append(row)
        self._ways.append((by, key, known))

    def match(self, student: str) -> Match | str:
        """The row of `student`, or why there is none."""
        for by, key, known in self._ways:
            rows = known.get(key(student), [])
            if len(rows) == 1:
                return Match(rows[0], by)
            if rows:
                return f"{by} fits {len(rows)} students of the roster"
        return "nobody in the roster is called that"


def rows_of_students(roster: Roster, students: Iterable[str]) -> tuple[dict[str, int], dict[str, str]]:
    """The row of each student, and for those without one, why."""
    matcher = Matcher(roster)
    rows: dict[str, int] = {}
    unknown: dict[str, str] = {}
    for student in dict.fromkeys(students):
        found = matcher.match(student)
        if isinstance(found, Match):
            rows[student] = found.row
        else:
            unknown[student] = found
    return rows, unknown


def read_roster(path: Path, what: str = _WHAT) -> Roster:
    """The class list in a file.

    Args:
        what: is expected there, as a sentence.

    Raises:
        UsageError: it cannot be read, is not a CSV file, or has no column that identifies students.
    """
    return parse_roster(read_text(path, what), path, what)


def parse_roster(text: str, path: Path, what: str = _WHAT) -> Roster:
    """The class list in a text; see `read_roster`."""
    found = csv_rows(text, path, what)
    header, *below = (row for _, row in found.rows)
    known = {*_NAME, *_LAST, *(name for names in _WAYS.values() for name in names)}
    if not known.intersection(map(head_key, header)):
        raise UsageError(
            f"{path} has no column by which a student can be found: it has {', '.join(header)[:200]}. "
            "One should be called Student, ID, SIS Login ID, student_id or email; the first line is the header."
        )
    rows = tuple(tuple((*row, *[""] * len(header))[: max(len(header), len(row))]) for row in below)
    students = tuple(place for place, row in enumerate(rows) if _is_student(row))
    if not students:
        raise UsageError(f"{path} has a header and no students. Export it again from your gradebook.")
    lines = tuple(line for line, _ in found.rows[1:])
    return Roster(path, header, rows, students, found.delimiter, found.bom, lines)


def _is_student(row: Sequence[str]) -> bool:
    """Whether it is none of Canvas's rows of points and manual posting."""
    return "Points Possible" not in row[0] and not all(_NOT_STUDENTS.fullmatch(cell) for cell in row)


def plain_name(name: str) -> str:
    """A name for comparison: independent of case and of how accents are encoded."""
    return unicodedata.normalize("NFC", name).casefold().strip()


def _squeezed(name: str) -> str:
    """A name without accents, spaces, punctuation and capitals."""
    return "".join(char for char in unicodedata.normalize("NFKD", name).casefold() if char.isalnum())


def _imported(student: str) -> str:
    """The folder name that an import gives: a squeezed name and an ID."""
    name, _, number = student.rpartition("_")
    return f"{_squeezed(name)}_{number}" if number.isascii() and number.isdigit() else ""


def _imports(roster: Roster, row: int) -> list[str]:
    """The folder names that an import without a class list gives; Moodle's number stands behind a word, "Participant 4711"."""
    cell = roster.cell(row, _WAYS["ID"]) or roster.cell(row, _WAYS["Identifier"])
    word, number = re.fullmatch(r"(.*?)\s*(\d*)", cell, re.DOTALL).groups()  # type: ignore[union-attr]  # it matches any text
    names = [*roster.names(row), *([word] if word else [])]
    return [f"{_squeezed(name)}_{number}" for name in names] if number else []
