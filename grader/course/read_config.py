"""Reading `course.toml`: errors on unknown keys, wrong values and dates without a zone name the key, its value and what was expected."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Meta

from grader.course.config import EXTENSION, AssignmentConfig, CourseConfig
from grader.course.settings_fit import checked
from grader.course.source import read_toml, refuse_unknown
from grader.errors import RubricError

MOST_DAYS = 3660  # of an extension


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
