"""What needs a person: found in the records, asked by students, or seen in the class's code."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from grader.feedback.summary import points
from grader.gradebook.lateness import Attempt
from grader.gradebook.review_log import Answer, Event, Item, Reason, Settled, requests, settled
from grader.gradebook.store import Store
from grader.submissions.fingerprints import Pair
from grader.text.escape import one_line
from grader.text.language import gettext as _
from grader.text.language import marked

LEAP = 0.5  # of the maximum: who gains more from one attempt to the next may have found more than an idea
TITLES: dict[Reason, str] = {
    "request": marked("regrade request"),
    "manual": marked("to decide"),
    "not graded": marked("not graded"),
    "similar": marked("similar code"),
    "attempts": marked("gap between attempts"),
}
ANSWERS: dict[Answer, str] = {
    "done": marked("done"),
    "open": marked("opened again"),
    "accepted": marked("accepted"),
    "refused": marked("refused"),
}


class Task(msgspec.Struct, frozen=True):
    """An item of the queue.

    Attributes:
        text: why it needs a person, in a line.
        settled: who dealt with it, and how.
        other: the other student of a pair.
        place: of a part that a person decides: the exercise, and its number among the exercise's parts; `called`: how people
            call it.
    """

    item: Item
    text: str
    settled: Settled | None = None
    other: str = ""
    place: str = ""
    called: str = ""

    @property
    def question(self) -> str:
        """By what parts are decided across the class ("" for other tasks)."""
        return f"{self.item.assignment}/{self.place}" if self.place else ""

    @property
    def title(self) -> str:
        """The reason in a few words."""
        return _(TITLES[self.item.reason])

    @property
    def settled_text(self) -> str:
        """Who dealt with it, how and when; "" if nobody did."""
        if self.settled is None:
            return ""
        why = f": {one_line(self.settled.because, 200)}" if self.settled.because else ""
        answer, by = _(ANSWERS[self.settled.answer]), one_line(self.settled.by, 30)
        return _("{answer} by {who}, {when}").format(answer=answer, who=by, when=f"{self.settled.at:%Y-%m-%d %H:%M}") + why


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
            text = _("a fault of the grader: {message}").format(message=one_line(grade.message, 160))
            yield Task(Item("not graded", student, topic, number), text)
        elif not grade.judged:
            yield Task(Item("not graded", student, topic, number), one_line(grade.message, 160))
    for before, after in pairwise(attempts):
        old, new, most = before.grade.score, after.grade.score, after.grade.max_score
        if old is None or new is None or old - 1e-9 <= new <= old + LEAP * most:
            continue
        what = _("fell") if new < old else _("rose by more than half")
        text = _("{what}: {old} in attempt {before}, {new} of {most} in attempt {after}").format(
            what=what, old=points(old), before=before.number, new=points(new), most=points(most), after=after.number
        )
        yield Task(Item("attempts", student, topic, str(after.number)), text)


def _of_pair(topic: str, pair: Pair) -> Task:
    first, second = sorted((pair.first, pair.second))
    text = _("{share} of what is rarer in the class is alike, {n} stretches").format(
        share=f"{pair.share:.0%}", n=f"{pair.evidence:.0f}"
    )
    return Task(Item("similar", first, topic, second), text, other=second)
