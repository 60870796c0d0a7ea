"""`assignments/course.toml`, read once and typed: every key, its values, and the error for an unknown key or a wrong value.

title = "Deep learning in numpy"
order = ["conv", "pooling"]          the others follow by name
timezone = "America/Montevideo"      of due dates and hand-in times without an offset
attempts = "best"                    which attempt counts
modules = ["pandas"]                 what submissions may import besides numpy and the standard library
adjustments = "attempt"              marks changed by hand go with the attempt, not with the assignment

[assignments.conv]
title = "Convolution"
due = 2027-04-23T23:59:00-03:00
published = 2027-05-03               when its grades are: feedback then shows everything of hidden checks

[late]
penalty_per_day = 0.1
cap = 0.5
grace_minutes = 15
days = 5                             late days that cost nothing, for each student in the whole term
days_per_assignment = 2              at most so many of them on one assignment
spent = "best"                       where they bring the most points; "in order" of the due dates by default

[extensions.ana]
conv = 2027-04-26T23:59:00-03:00     her own due date
pooling = 2                          or a number of days

[groups]
file = "groups.csv"                  beside course.toml: which students hand in together

[total]
canvas = 4711                        the number or the name of the course total's column in Canvas
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from grader.course.settings_fit import YEAR, checked
from grader.course.source import read_toml, refuse_unknown
from grader.errors import RubricError
from grader.sandbox.offer import MOST

COURSE_FILE = Path("assignments/course.toml")
Visibility = Literal["hidden", "after_due_date", "after_published", "visible"]
Spent = Literal["in order", "best"]
MOST_DAYS = 3660  # of an extension
EXTENSION = "a date and time, like 2027-04-12T23:59:00-03:00, without quotes, or a number of days"


_MODULES = f'a list of at most {MOST} modules, like ["pandas", "scipy.stats"]: what submissions may import besides numpy'
Modules = Annotated[list[str], Meta(max_length=MOST, description=_MODULES)]


class AssignmentConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[assignments.<topic>]`."""

    title: Annotated[str, Meta(description="a text: what people call the assignment; the folder's name by default")] = ""
    weight: Annotated[float, Meta(ge=0, description="a number, 0 or more: its share of the course's total")] = 1
    due: Annotated[
        datetime | None, Meta(description="a date and time, like 2027-04-12T23:59:00-03:00, without quotes: when it is due")
    ] = None
    published: Annotated[
        datetime | None,
        Meta(description="a date, like 2027-05-03, or a date and time, without quotes: when the grades are published"),
    ] = None
    canvas: Annotated[str | int, Meta(description="the name or the number of its column in Canvas")] = ""
    modules: Annotated[Modules | None, Meta(description=_MODULES)] = None
    files: Annotated[
        list[str], Meta(max_length=16, description='a list of the modules that students fill, like ["layers.py", "train.py"]')
    ] = []
    given: Annotated[
        list[str], Meta(max_length=64, description='a list of files of its folder, like ["helpers.py", "points.csv"]')
    ] = []


class LateConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[late]`."""

    penalty_per_day: Annotated[
        float, Meta(ge=0, le=1, description="a part of the points between 0 and 1, like 0.1: what each day that has begun costs")
    ] = 0.0
    cap: Annotated[
        float,
        Meta(ge=0, le=1, description="a part of the points between 0 and 1, like 0.5: the most that all days cost together"),
    ] = 1.0
    grace_minutes: Annotated[
        float, Meta(ge=0, le=7 * 24 * 60, description="minutes, at most a week: how long after the due date is still on time")
    ] = 0
    file_times: Annotated[
        bool,
        Meta(description="true or false: whether the time of a loose file, or in a student's archive, is when it was handed in"),
    ] = False
    days: Annotated[
        int, Meta(ge=0, le=YEAR, description="a whole number of days that cost nothing, of each student in the term")
    ] = 0
    days_per_assignment: Annotated[
        int, Meta(ge=1, le=YEAR, description="a whole number: how many of these days one assignment can take")
    ] = YEAR
    spent: Annotated[Spent, Meta(description='"in order" (of the due dates) or "best" (where they bring the most points)')] = (
        "in order"
    )


class GroupsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[groups]`."""

    file: Annotated[
        str, Meta(min_length=1, description='the name of a CSV file beside course.toml, like "groups.csv": who hands in together')
    ] = ""


class TotalConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[total]`: of the course total."""

    canvas: Annotated[str | int, Meta(description="the name or the number of its column in Canvas")] = ""


class GradescopeConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[gradescope]`."""

    hidden: Annotated[
        Visibility,
        Meta(description=f"one of {', '.join(get_args(Visibility))}: when students see the checks that need the reference"),
    ] = "after_published"


class NbgraderConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[nbgrader]`."""

    execute_other_cells: Annotated[
        bool,
        Meta(description="true or false: whether the instructor's own cells run in a kernel, unprotected, as in plain nbgrader"),
    ] = False


class CourseConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of `course.toml`; due dates without an offset are in the course's `timezone`."""

    title: Annotated[str, Meta(description="a text: the course's title")] = ""
    order: Annotated[
        list[str], Meta(description='a list of topics, like ["conv", "pooling"]: the order of the course; others follow by name')
    ] = []
    language: Annotated[
        str, Meta(description='a language like "es" or "pt": of what students read; the environment\'s by default')
    ] = ""
    timezone: Annotated[
        str, Meta(description='a name like "America/Montevideo" or "UTC": the zone of dates and times without an offset')
    ] = ""
    attempts: Annotated[Literal["last", "best"], Meta(description='"last" or "best": which attempt counts')] = "last"
    adjustments: Annotated[
        Literal["assignment", "attempt"], Meta(description='"assignment" or "attempt": what a mark changed by hand belongs to')
    ] = "assignment"
    modules: Modules = []
    assignments: dict[str, AssignmentConfig] = {}
    late: LateConfig = LateConfig()
    extensions: dict[str, dict[str, Annotated[datetime | float, Meta(description=EXTENSION)]]] = {}
    groups: GroupsConfig = GroupsConfig()
    total: TotalConfig = TotalConfig()
    gradescope: GradescopeConfig = GradescopeConfig()
    nbgrader: NbgraderConfig = NbgraderConfig()

    @property
    def zone(self) -> tzinfo | None:
        """The course's time zone, if it has one."""
        return ZoneInfo(self.timezone) if self.timezone else None

    @property
    def due(self) -> dict[str, datetime]:
        """The due dates, by assignment."""
        return {name: found.due for name, found in self.assignments.items() if found.due is not None}

    def is_published(self, topic: str, now: datetime) -> bool:
        """Whether the grades of a topic are published by its date in `course.toml`."""
        found = self.assignments.get(topic, AssignmentConfig()).published
        return found is not None and now >= found


def read_config(path: Path) -> CourseConfig:
    """The settings in the file at `path`.

    Raises:
        RubricError: one of them is wrong; names it, its value and what was expected.
    """
    table = read_toml(path)
    _refuse_unknown(path, table, CourseConfig, "")
    _begin_days(table)
    try:
        found = msgspec.convert(table, CourseConfig, builtin_types=(datetime,))  # a quoted date is a string
    except msgspec.ValidationError as error:
        raise _wrong_value(path, table, str(error)) from None
    return _with_instants(path, checked(path, found))


def _begin_days(table: Mapping[str, Any]) -> None:
    """Put the beginning of the day in place of each date on which grades are published."""
    found = table.get("assignments")
    for settings in found.values() if isinstance(found, dict) else ():
        if isinstance(settings, dict) and type(settings.get("published")) is date:
            settings["published"] = datetime.combine(settings["published"], time())


def _types(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(kind)}


def _refuse_unknown(path: Path, table: Mapping[str, Any], kind: type[msgspec.Struct], where: str) -> None:
    """Raise for the first key in `table`, or in a table inside it, that `kind` does not have."""
    fields = _types(kind)
    refuse_unknown(path, "", table, fields, f"[{where}]" if where else "course.toml")
    for name, value in table.items():
        if not isinstance(value, dict):
            continue
        if isinstance(fields[name], type) and issubclass(fields[name], msgspec.Struct):
            _refuse_unknown(path, value, fields[name], f"{where}.{name}" if where else name)
        elif name == "assignments" and not where:
            for topic, settings in value.items():
                if isinstance(settings, dict):
                    _refuse_unknown(path, settings, AssignmentConfig, f"assignments.{topic}")


def _wrong_value(path: Path, table: Mapping[str, Any], problem: str) -> RubricError:
    """The error for a value of the wrong type or out of range, from msgspec's: "… - at `$.late.cap`"."""
    place = re.search(r"at `\$\.?(.*)`$", problem)
    keys = re.findall(r"\[\.\.\.\]|[^.\[\]]+|\[\d+\]", place[1]) if place else []
    keys = _written(table, keys, problem)
    value: Any = table
    for key in keys:
        value = value[key]
    *tables, name = keys
    shown = f"{name} of [{'.'.join(tables)}]" if tables else name
    expected = _description(keys)
    if not expected:
        return RubricError(path, "", f"{name} is {value!r}", f"make it a table: [{'.'.join(keys)}]")
    return RubricError(path, "", f"{shown} is {value!r}", f"write {expected}")


def _written(table: Mapping[str, Any], keys: list[str], problem: str) -> list[str]:
    """The keys, where `[...]`, by which msgspec abbreviates any name, is replaced by the first name whose value has the problem."""
    if "[...]" not in keys:
        return [key for key in keys if not key.startswith("[")]
    place = keys.index("[...]")
    above: Any = table
    for key in keys[:place]:
        above = above[key]
    if keys[0] == "assignments":
        kind: Any = AssignmentConfig
    else:  # of [extensions]: a student's table, or a value in it
        kind = dict[str, datetime | float] if place == 1 else datetime | float
    for name, value in above.items():
        try:
            msgspec.convert(value, kind, builtin_types=(datetime,))
        except msgspec.ValidationError:
            return _written(table, [*keys[:place], name, *keys[place + 1 :]], problem)
    return keys[:place]


def _description(keys: list[str]) -> str:
    """The description of the setting at `keys`; "" for a table."""
    if keys[0] == "assignments":
        owner: type[msgspec.Struct] = AssignmentConfig
        keys = keys[2:]
    elif keys[0] == "extensions":
        return EXTENSION if len(keys) == 3 else ""
    else:
        owner = CourseConfig
        for key in keys[:-1]:
            owner = _types(owner)[key]
    found = _types(owner).get(keys[-1]) if keys else None
    return next((str(note.description) for note in getattr(found, "__metadata__", ()) if isinstance(note, Meta)), "")


def _with_instants(path: Path, config: CourseConfig) -> CourseConfig:
    """`config` with every due date and every extension in a time zone."""
    dated = {
        name: msgspec.structs.replace(
            found,
            due=_instant(path, config, found.due, f"due of [assignments.{name}]"),
            published=_instant(path, config, found.published, f"published of [assignments.{name}]"),
        )
        for name, found in config.assignments.items()
    }
    config = msgspec.structs.replace(config, assignments=dated)
    extended: dict[str, dict[str, datetime | float]] = {
        student: {
            topic: _extended(path, config, topic, value, f"{topic} in [extensions.{student}]") for topic, value in topics.items()
        }
        for student, topics in config.extensions.items()
    }
    return msgspec.structs.replace(config, extensions=extended)


def _instant(path: Path, config: CourseConfig, value: datetime | None, where: str) -> datetime | None:
    if value is None or value.tzinfo is not None:
        return value
    if config.zone is None:
        advice = f'write its offset, like {value.isoformat()}-03:00, or timezone = "America/Montevideo" above all tables'
        raise RubricError(path, "", f"{where} is {value}, without a time zone", advice)
    return value.replace(tzinfo=config.zone)


def _extended(path: Path, config: CourseConfig, topic: str, value: datetime | float, where: str) -> datetime:
    due = config.due.get(topic)
    if due is None:
        known = ", ".join(config.due) or "none"
        raise RubricError(
            path, "", f"{where} does not belong to an assignment with a due date", f"assignments with a due date: {known}"
        )
    if isinstance(value, datetime):
        own = _instant(path, config, value, where)
        assert own is not None
        if own.astimezone(UTC) < due.astimezone(UTC):
            advice = "an extension moves the due date to a later time"
            raise RubricError(path, "", f"{where} is {own}, before the due date {due}", advice)
        return own
    if not 0 < value <= MOST_DAYS:
        raise RubricError(path, "", f"{where} is {value:g}", "write a number of days, more than 0, or a date and time")
    return due + timedelta(days=value)
