"""What students are called in a report, and the names of its files, which are safe whatever a student or an exercise is called."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from grader.text.escape import one_line
from grader.text.language import gettext as _

SLUG = 40  # characters of a name that a file's name keeps
_OTHERS = re.compile(r"[^a-z0-9]+")


class Names:
    """The names of a class's students and pages."""

    def __init__(self, students: Iterable[str], full: Mapping[str, str] = MappingProxyType({}), anonymous: bool = False) -> None:
        """The students may be in any order; anonymous ones are numbered in an order that says nothing of their names.

        Args:
            full: first and last names, where they are known.
        """
        known = sorted({*students})
        self._full, self._anonymous = full, anonymous
        self._numbers = {name: number for number, name in enumerate(sorted(known, key=_digest), 1)}
        self._width = len(str(len(known)))

    def shown(self, student: str) -> str:
        """What a student is called in the report: by name, and as their folder."""
        if self._anonymous:
            return _("student {number}").format(number=f"{self._numbers[student]:0{self._width}}")
        name = self._full.get(student, "")
        return f"{one_line(name, 60)} ({one_line(student, 60)})" if name and name != student else one_line(student, 60)

    def knows(self, student: str) -> bool:
        """Whether the student has a page."""
        return student in self._numbers

    def stranger(self, student: str) -> str:
        """What somebody is called who has no page: not by name, where students are anonymous."""
        return _("other {number}").format(number=_digest(student)[:6]) if self._anonymous else one_line(student, 60)

    def order(self, student: str) -> tuple[int, str]:
        """The key by which students are sorted."""
        return (self._numbers[student], "") if self._anonymous else (0, self.shown(student).casefold())

    def student(self, student: str) -> str:
        """The page of a student, from the report's folder."""
        name = f"{self._numbers[student]:0{self._width}}" if self._anonymous else file_name(student)
        return f"students/{name}.html"

    def exercise(self, assignment: str, exercise: str) -> str:
        """The page of an exercise, from the report's folder."""
        return f"exercises/{file_name(assignment, exercise)}.html"

    def pair(self, assignment: str, students: Sequence[str]) -> str:
        """The page of two submissions that are alike, from the report's folder."""
        if self._anonymous:
            students = [self.shown(one) if self.knows(one) else self.stranger(one) for one in students]
        return f"similar/{file_name(assignment, *students)}.html"


def file_name(*names: str) -> str:
    """A file's name for things with these names: readable where it can be, and different for different names on every file system."""
    plain = unicodedata.normalize("NFKD", "-".join(names)).casefold().encode("ascii", "ignore").decode()
    slug = _OTHERS.sub("-", plain).strip("-")[:SLUG].strip("-")
    return f"{slug}-{_digest(chr(0).join(names))[:10]}" if slug else _digest(chr(0).join(names))[:10]


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
