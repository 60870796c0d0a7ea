"""What a student is called in addresses, and on the screen: numbers in a blind review, the same ones every time."""

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterable

import msgspec

from grader.gradebook.review_log import Item
from grader.text.escape import one_line
from grader.text.language import gettext as _

SHORT, LONG = 6, 18  # digits


class Names:
    """Students by number. Addresses never hold a name: the history of a browser and the screen show them."""

    def __init__(self, students: Iterable[str], secret: str, blind: bool) -> None:
        """The numbers hang on the course's `secret`, so that nobody can work out whose they are."""
        self.blind, self._secret = blind, secret.encode()
        numbers = {student: self._number(student) for student in students}
        common = Counter(number[:SHORT] for number in numbers.values())
        self._ids = {student: number[: SHORT if common[number[:SHORT]] == 1 else LONG] for student, number in numbers.items()}
        self._students = {number: student for student, number in self._ids.items()}

    def _number(self, text: str) -> str:
        digest = hmac.digest(self._secret, b"review\0" + text.encode("utf-8", "surrogatepass"), "sha256")
        return f"{int.from_bytes(digest[:12], 'big') % 10**LONG:0{LONG}}"

    def id(self, student: str) -> str:
        """The number of a student."""
        return self._ids.get(student) or self._number(student)

    def student(self, number: str) -> str | None:
        """The student with a number."""
        return self._students.get(number)

    def shown(self, student: str) -> str:
        """What the student is called on the screen."""
        return _("Student {number}").format(number=self.id(student)) if self.blind else one_line(student, 60)

    def order(self, student: str) -> str:
        """By what students are sorted: an order by name would tell something of it."""
        return self.id(student) if self.blind else student.casefold()

    def item(self, item: Item) -> str:
        """A short name of an item, for addresses."""
        return hashlib.sha256(self._secret + msgspec.json.encode(item)).hexdigest()[:16]

    def hidden(self, text: str, *students: str) -> str:
        """A text in which the names of these students, as their folders are called, are replaced in a blind review."""
        for student in students if self.blind else ():
            text = re.sub(rf"(?<!\w){re.escape(student)}(?!\w)", self.shown(student), text)
        return text
