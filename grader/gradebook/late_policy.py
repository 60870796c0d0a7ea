"""A course's rules for time and attempts, as `course.toml` says them.

timezone = "America/Montevideo"      of due dates without an offset, and of clock times in archives
attempts = "best"                    which attempt counts: the last one (by default) or the best one

[assignments.conv]
due = 2027-04-23T23:59:00-03:00

[late]
penalty_per_day = 0.1                a tenth of the assignment's points for each day that began
cap = 0.5                            half of them at most
grace_minutes = 15
file_times = true                    take the time of loose files for the hand-in's, where there is no timestamp.txt

[extensions.ana]
conv = 2027-04-26T23:59:00-03:00     her own due date
pooling = 2                          or so many days more
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from grader.course.folder import COURSE_FILE, Course
from grader.errors import RubricError
from grader.gradebook.lateness import LatePolicy

T = TypeVar("T")
_MOST_GRACE = 7 * 24 * 60  # minutes
_RULES = ("penalty_per_day", "cap", "grace_minutes", "file_times")


def read_late_policy(course: Course) -> LatePolicy:
    """The rules of a course.

    Raises:
        RubricError: a rule is wrong; it names the setting, what was expected and how to mend it.
    """
    return _Reader(course).policy()


class _Reader:
    """One `course.toml`."""

    def __init__(self, course: Course) -> None:
        self._path: Path = course.root / COURSE_FILE
        self._settings = course.settings
        self._assignments = {found.name: found.settings for found in course.assignments}
        self._zone = self._timezone()

    def policy(self) -> LatePolicy:
        late = self._table(self._settings, "late", "late")
        for name in late:
            if name not in _RULES:
                raise self._error(f"[late] has {name!r}, which is no rule", f"the rules are {', '.join(_RULES)}")
        attempts = self._settings.get("attempts", "last")
        if attempts not in ("last", "best"):
            raise self._error(f"attempts is {attempts!r}", 'it is "last" or "best"')
        due = {
            name: self._due(settings["due"], f"due of [assignments.{name}]")
            for name, settings in self._assignments.items()
            if "due" in settings
        }
        part = "a part of the points between 0 and 1, like 0.1"
        return LatePolicy(
            per_day=self._number(late, "penalty_per_day", 0.0, 1.0, part),
            cap=self._number(late, "cap", 1.0, 1.0, part),
            grace=timedelta(minutes=self._number(late, "grace_minutes", 0.0, _MOST_GRACE, "minutes, at most a week")),
            due=due,
            extensions=self._extensions(due),
            attempts=attempts,
            file_times=self._truth(late, "file_times"),
            timezone=self._zone or UTC,
        )

    def _extensions(self, due: Mapping[str, datetime]) -> dict[tuple[str, str], datetime]:
        found = {}
        for student, topics in self._table(self._settings, "extensions", "extensions").items():
            for topic, value in self._table({student: topics}, student, f"extensions.{student}").items():
                where = f"{topic} in [extensions.{student}]"
                if topic not in due:
                    known = ", ".join(due) or "none"
                    raise self._error(
                        f"{where} belongs to no assignment with a due date", f"assignments with a due date: {known}"
                    )
                found[student, topic] = self._extended(due[topic], value, where)
        return found

    def _extended(self, due: datetime, value: object, where: str) -> datetime:
        if isinstance(value, int | float) and not isinstance(value, bool):
            if not 0 < value <= 3660:
                raise self._error(f"{where} is {value}", "it is a number of days, more than 0, or a date and time")
            return due + timedelta(days=value)
        own = self._due(value, where)
        if own.astimezone(UTC) < due.astimezone(UTC):
            raise self._error(f"{where} is {own}, before the due date {due}", "an extension moves the due date to a later time")
        return own

    def _due(self, value: object, where: str) -> datetime:
        if not isinstance(value, datetime):
            raise self._error(f"{where} is {value!r}", "write a date and time, like 2027-04-12T23:59:00-03:00, without quotes")
        if value.tzinfo is None and self._zone is None:
            raise self._error(
                f"{where} is {value}, in no time zone",
                f'write its offset, like {value.isoformat()}-03:00, or timezone = "America/Montevideo" above all tables',
            )
        return value if value.tzinfo else value.replace(tzinfo=self._zone)

    def _timezone(self) -> tzinfo | None:
        name = self._settings.get("timezone")
        if name is None:
            return None
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, TypeError, OSError):
            raise self._error(f"timezone is {name!r}", 'it is a name like "America/Montevideo" or "UTC"') from None

    def _number(self, table: Mapping[str, Any], name: str, default: float, most: float, expected: str) -> float:
        return self._value(
            table, name, default, lambda v: isinstance(v, int | float) and not isinstance(v, bool) and 0 <= v <= most, expected
        )

    def _truth(self, table: Mapping[str, Any], name: str) -> bool:
        return self._value(table, name, False, lambda value: isinstance(value, bool), "true or false")

    def _value(self, table: Mapping[str, Any], name: str, default: T, fits: Callable[[Any], bool], expected: str) -> T:
        value: T = table.get(name, default)
        if not fits(value):
            raise self._error(f"{name} of [late] is {value!r}", f"it is {expected}")
        return value

    def _table(self, settings: Mapping[str, Any], name: str, shown: str) -> Mapping[str, Any]:
        found = settings.get(name, {})
        if not isinstance(found, dict):
            raise self._error(f"{name} is {found!r}", f"make it a table: [{shown}]")
        return found

    def _error(self, problem: str, mend: str) -> RubricError:
        return RubricError(self._path, "", problem, mend)
