"""What needs a person: found in the records, asked by students, or seen in the class's code."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from grader.feedback.summary import points
from grader.gradebook.lateness import Attempt
from grader.gradebook.review_log import Event, Item, Reason, Settled, requests, settled
from grader.gradebook.store import Store
from grader.submissions.fingerprints import Pair
from grader.text.escape import one_line

LEAP = 0.5  # of the maximum: who gains more from one attempt to the next may have found more than an idea
TITLES: dict[Reason, str] = {
    "request": "regrade request",
    "manual": "to decide",
    "not graded": "not graded",
    "similar": "similar code",
    "attempts": "gap between attempts",
}


class Task(msgspec.Struct, frozen=True):
    """An item of the queue.

    Attributes:
        text: why it needs a person, in a line.
        settled: who dealt with it, and how.
        other: the other student of a pair.
        place: of a part that a person decides: the exercise, and its number among the exercise's parts.
    """

    item: Item
    text: str
    settled: Settled | None = None
    other: str = ""
    place: str = ""

    @property
    def question(self) -> str:
        """By what parts are decided across the class ("" for other tasks)."""
        return f"{self.item.assignment}/{self.place}" if self.place else ""

    @property
    def title(self) -> str:
        """The reason in a few words."""
        return TITLES[self.item.reason]

    @property
    def settled_text(self) -> str:
        """Who dealt with it, how and when; "" if nobody did."""
        if self.settled is None:
            return ""
        why = f": {one_line(self.settled.because, 200)}" if self.settled.because else ""
        return f"{self.settled.answer} by {one_line(self.settled.by, 30)}, {self.settled.at:%Y-%m-%d %H:%M}{why}"


def found_in(store: Store) -> list[Task]:
    """What the records say: not graded, or a big gap between two attempts."""
    keys = store.keys()
    return [task for key in keys for task in of_attempts(*key, store.attempts(*key))]


def tasks(found: list[Task], log: list[Event], pairs: Mapping[str, tuple[Pair, ...]], manual: Sequence[Task] = ()) -> list[Task]:
    """The whole queue, with what was settled.

    Args:
        manual: parts that a person decides, which are settled by their decisions.
    """
    done = settled(log)
    asked = [Task(one.item, one_line(one.text, 160)) for one in requests(log)]
    alike = [_of_pair(topic, pair) for topic, those in pairs.items() for pair in those]
    order = list(TITLES)
    every = [msgspec.structs.replace(task, settled=done.get(task.item)) for task in (*asked, *found, *alike)]
    return sorted([*every, *manual], key=lambda task: order.index(task.item.reason))


def of_attempts(student: str, topic: str, attempts: list[Attempt]) -> Iterator[Task]:
    """The tasks that the attempts of one student and assignment give."""
    if attempts:
        grade, number = attempts[-1].grade, str(attempts[-1].number)
        if grade.status == "grader_error":
            text = f"a fault of the grader: {one_line(grade.message, 160)}"
            yield Task(Item("not graded", student, topic, number), text)
        elif not grade.judged:
            yield Task(Item("not graded", student, topic, number), one_line(grade.message, 160))
    for before, after in pairwise(attempts):
        old, new, most = before.grade.score, after.grade.score, after.grade.max_score
        if old is None or new is None or old - 1e-9 <= new <= old + LEAP * most:
            continue
        what = "fell" if new < old else "rose by more than half"
        text = f"{what}: {points(old)} in attempt {before.number}, {points(new)} of {points(most)} in attempt {after.number}"
        yield Task(Item("attempts", student, topic, str(after.number)), text)


def _of_pair(topic: str, pair: Pair) -> Task:
    first, second = sorted((pair.first, pair.second))
    text = f"{pair.share:.0%} of what is rarer in the class is alike, {pair.evidence:.0f} stretches"
    return Task(Item("similar", first, topic, second), text, other=second)
