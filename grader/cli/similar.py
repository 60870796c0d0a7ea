"""`grader similar`: submissions of a class that look copied."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from grader.cli.options import CourseOption, JsonOption, LangOption, Topics, TopicsOption, topics_asked
from grader.course.folder import Assignment, Course, find_course
from grader.errors import UsageError
from grader.feedback.progress import counted
from grader.feedback.terminal import columns, console
from grader.gradebook.lateness import course_policy, instant
from grader.report.class_code import open_class
from grader.submissions.fingerprints import Pair, clusters
from grader.submissions.side_by_side import Side, side_by_side
from grader.submissions.similar import Found, OwnCode, own_code, similar
from grader.text.escape import json_line, listed, one_line, plain
from grader.text.near import near

PAIRS = 20  # of an assignment, in the table
NAMES = 12  # of a group
LINE = 200  # characters of a line that is shown


def command(
    submissions: Annotated[Path, typer.Argument(metavar="SUBMISSIONS", help="The class: what `grader grade` takes.")],
    topics: Topics = None,
    topic: TopicsOption = None,
    against: Annotated[
        list[Path] | None, typer.Option("--against", metavar="CLASS", help="Also with this older class (may be repeated).")
    ] = None,
    side_by_side: Annotated[
        tuple[str, str] | None, typer.Option("--show", metavar="A B", help="The two students' code side by side.")
    ] = None,
    course: CourseOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    """Find submissions that share what others do not have.

    The stub does not count, nor what many wrote; renaming, reordering and reformatting change little. It suggests where to look, and
    changes no mark.

    Example: grader similar submissions -t conv --show ana bruno
    """
    found = find_course(Path.cwd(), course)
    chosen = found.select(topics_asked(topics, topic))
    class_ = _read(found, submissions, chosen)
    older = [_read(found, path, chosen, f"{path.name}/") for path in against or ()]
    shown = 0
    for assignment in chosen:
        own, unread = class_.get(assignment.name, ({}, []))
        old: dict[str, OwnCode] = {}
        for items in older:
            old |= items.get(assignment.name, ({}, []))[0]
        if not own:
            continue
        result = similar(assignment, own, unread, old)
        if side_by_side:
            shown += _show(result, {**own, **old}, side_by_side)
        elif json:
            for pair in result.pairs:
                print(json_line(_line(assignment.name, pair, {**own, **old})))
        else:
            _print(result, {**own, **old})
    if side_by_side and not shown:
        known = {name for own, _unread in class_.values() for name in own}
        unknown = [f"{name!r}: {near(name, sorted(known))}" for name in side_by_side if name not in known]
        topics_shown = ", ".join(one.name for one in chosen)
        raise UsageError(" ".join([f"{' and '.join(side_by_side)} did not both hand in one of {topics_shown}.", *unknown]))
    return 0


def _read(
    course: Course, path: Path, chosen: tuple[Assignment, ...], prefix: str = ""
) -> dict[str, tuple[dict[str, OwnCode], list[str]]]:
    """The submissions of a class by assignment, with `prefix` before the students' names, and who could not be read."""
    policy = course_policy(course)
    found = {}
    with open_class(course, path, chosen) as items:
        for one in chosen:
            mine = [item for item in items if item.assignment == one.name]
            shown = counted(console(stderr=True), mine, len(mine), f"reading {one.name}", lambda item: item.student)
            found[one.name] = own_code(shown, prefix, when=lambda at: instant(policy, at))
    return found


def _line(assignment: str, pair: Pair, texts: Mapping[str, OwnCode]) -> dict[str, object]:
    students = (pair.first, pair.second)
    return {
        "assignment": assignment,
        "students": students,
        "share": round(pair.share, 3),
        "evidence": round(pair.evidence, 1),
        "handed_in": [time.isoformat() if (time := texts[one].time) else None for one in students],
        "lines": pair.lines,
    }


def _print(result: Found, texts: Mapping[str, OwnCode]) -> None:
    out = console()
    unread = f", {len(result.unread)} could not be read" if result.unread else ""
    found = {0: "nothing is alike beyond what everybody writes", 1: "one pair is worth a look"}.get(
        len(result.pairs), f"{len(result.pairs)} pairs are worth a look"
    )
    out.print(f"{result.assignment}: {len(texts)} compared{unread}; {found}", markup=False)
    if not result.pairs:
        return
    table = columns(("  students", ""), ("alike", "stretches"))
    table.add_column("handed in first")
    for pair in result.pairs[:PAIRS]:
        names = [Text(one_line(name, 24)) for name in (pair.first, pair.second)]
        table.add_row(Text("  ") + names[0], names[1], f"{pair.share:.0%}", f"{pair.evidence:.0f}", _first(pair, texts))
    out.print(table)
    if len(result.pairs) > PAIRS:
        out.print(f"  … and {len(result.pairs) - PAIRS} more; --json prints them all")
    for group in clusters(result.pairs):
        if len(group) > 2:
            out.print(Text(f"  one group: {listed(group, NAMES, limit=24)}"))


def _first(pair: Pair, texts: Mapping[str, OwnCode]) -> str:
    """Who handed in earlier, and by how much; "" if that is unknown."""
    one, two = (texts[name].time for name in (pair.first, pair.second))
    if one is None or two is None or abs((two - one).total_seconds()) < 60:
        return ""
    hours = abs((two - one).total_seconds()) / 3600
    apart = f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} hours" if hours >= 2 else f"{hours * 60:.0f} minutes"
    return f"{one_line(pair.first if one < two else pair.second, 24)}, by {apart}"


def _show(result: Found, texts: Mapping[str, OwnCode], students: tuple[str, str]) -> int:
    """Print two submissions side by side, what they share marked; returns 0 if one of them is not there."""
    if not all(student in texts for student in students):
        return 0
    out = console()
    pair = next((pair for pair in result.pairs if {pair.first, pair.second} == set(students)), None)
    if pair is None:
        out.print(
            f"{result.assignment}: {students[0]} and {students[1]} are not alike beyond what everybody writes", markup=False
        )
        return 1
    out.print(f"{result.assignment}: {pair.share:.0%} of what is rarer in the class is alike; ▌ marks it", markup=False)
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    for student in (pair.first, pair.second):
        table.add_column("", no_wrap=True)
        table.add_column(Text(one_line(student, 30)), ratio=1, overflow="fold")  # nothing of a line is cut off
    for left, right in side_by_side(pair, texts[pair.first].text, texts[pair.second].text):
        table.add_row(*_code(left), *_code(right))
    out.print(table)
    return 1


def _code(side: Side | None) -> tuple[Text, Text]:
    """The number of a line, marked if it is alike, and the code."""
    if side is None:
        return Text(), Text()
    style = "yellow" if side.shared else "dim"
    return Text(f"{'▌' if side.shared else ' '}{side.number:4}", style), Text(plain(side.text, LINE), style)
