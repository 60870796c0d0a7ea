"""`assignments/course.toml`, read once and typed: every key, its values, and the error for an unknown key or a wrong value.

title = "Deep learning in numpy"
order = ["conv", "pooling"]          the others follow by name
timezone = "America/Montevideo"      of due dates and submission times without an offset
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

from datetime import datetime, tzinfo
from pathlib import Path
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from grader.sandbox.offer import MOST

COURSE_FILE = Path("assignments/course.toml")
Visibility = Literal["hidden", "after_due_date", "after_published", "visible"]
Spent = Literal["in order", "best"]
YEAR = 366  # days; no term is longer
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
