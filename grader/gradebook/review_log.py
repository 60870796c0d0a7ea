"""What people noted while they reviewed a class: requests of students, and what was settled.

It only grows, like the history of adjustments. Marks are not in it: they change by adjustments alone.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

Reason = Literal["request", "manual", "not graded", "similar", "attempts"]
Answer = Literal["done", "accepted", "refused", "open"]


class Item(msgspec.Struct, frozen=True):
    """What needs a person, by what makes it this one and no other.

    Attributes:
        detail: the number of the request or of the attempt, the place of a part that a person decides, or the other student.
    """

    reason: Reason
    student: str
    assignment: str
    detail: str


class Request(msgspec.Struct, frozen=True, kw_only=True, tag="request"):
    """A student asks for another look at a mark.

    Attributes:
        number: its place in the log, from 1.
        by: who entered it.
    """

    student: str
    assignment: str
    text: str
    by: str
    at: datetime
    number: int = 0

    @property
    def item(self) -> Item:
        """What there is to do about it."""
        return Item("request", self.student, self.assignment, str(self.number))


class Settled(msgspec.Struct, frozen=True, kw_only=True, tag="settled"):
    """An item was dealt with, or opened again."""

    item: Item
    answer: Answer
    by: str
    at: datetime
    because: str = ""
    number: int = 0


Event = Request | Settled


def requests(log: Iterable[Event]) -> list[Request]:
    """Every request, the first one first."""
    return [event for event in log if isinstance(event, Request)]


def settled(log: Iterable[Event]) -> dict[Item, Settled]:
    """Who dealt with each item, and how: the last word on it, unless that opens it again."""
    last = {event.item: event for event in log if isinstance(event, Settled)}
    return {item: event for item, event in last.items() if event.answer != "open"}
