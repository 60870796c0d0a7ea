"""Which tasks of the queue a page shows, and what comes before and after one."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlencode

import msgspec

from grader.report.review.names import Names
from grader.report.review.queue import Task

FILTERS = ("topic", "reason", "question", "sort", "all")  # of the queue; they go along from page to page


class Around(msgspec.Struct, frozen=True):
    """Where a page stands in the filtered queue: the tasks before and after, that are open."""

    previous: Task | None
    next: Task | None
    left: int


def address_of(task: Task, names: Names, query: Mapping[str, str]) -> str:
    """The page of a task, as the templates write it."""
    kept = {name: value for name in FILTERS if (value := query.get(name))} | {"item": names.item(task.item)}
    student, topic = names.id(task.item.student), quote(task.item.assignment, safe="")
    page = f"/part/{student}/{topic}/{task.place}" if task.place else f"/student/{student}/{topic}"
    return f"{page}?{urlencode(kept)}"


def filtered(every: list[Task], query: Mapping[str, str], names: Names) -> list[Task]:
    """The tasks that a query asks for, in its order; without one, by reason."""
    topic, reason, question = query.get("topic"), query.get("reason"), query.get("question")
    found = [
        task
        for task in every
        if (not topic or task.item.assignment == topic)
        and (not reason or task.item.reason == reason)
        and (not question or task.question == question)
        and (bool(query.get("all")) or task.settled is None)
    ]
    if query.get("sort") == "topic":
        found.sort(key=lambda task: task.item.assignment)
    elif query.get("sort") == "student":
        found.sort(key=lambda task: names.order(task.item.student))
    return found


def tasks_around(every: list[Task], query: Mapping[str, str], names: Names, own: Sequence[Task]) -> Around:
    """The open tasks before and after the one that a page was opened from, or after its `own` ones."""
    those = filtered(every, {**query, "all": "yes"}, names)
    item = query.get("item", "")
    mine = [place for place, task in enumerate(those) if names.item(task.item) == item or (not item and task in own)]
    place = mine[0] if mine else -1
    before = [task for task in those[: max(place, 0)] if task.settled is None]
    after = [task for task in those[place + 1 :] if task.settled is None]
    return Around(before[-1] if before else None, after[0] if after else None, sum(task.settled is None for task in those))
