"""The rules for time and attempts of `course.toml`, and mistakes in them."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from toys import write_course

from grader.course.config import COURSE_FILE
from grader.course.folder import read_course
from grader.errors import RubricError
from grader.gradebook.lateness import LatePolicy, late_policy

DUE = datetime(2027, 4, 23, 23, 59, tzinfo=timezone(timedelta(hours=-3)))
TABLE = "[assignments.work]\ndue = 2027-04-23T23:59:00-03:00\n"


def policy(folder: Path, settings: str) -> LatePolicy:
    """The policy of a course with one assignment, `work`."""
    write_course(folder, settings=settings)
    return late_policy(read_course(folder).config)


def test_nothing_is_said(tmp_path: Path) -> None:
    """A course without rules has no due date and no penalty, and the last attempt counts."""
    assert policy(tmp_path, "") == LatePolicy(timezone=UTC)


def test_everything_is_said(tmp_path: Path) -> None:
    """Every rule is read."""
    found = policy(
        tmp_path,
        'attempts = "best"\ntimezone = "America/Montevideo"\n'
        "[late]\npenalty_per_day = 0.1\ncap = 0.5\ngrace_minutes = 15\nfile_times = true\n"
        'days = 5\ndays_per_assignment = 2\nspent = "best"\n' + TABLE + "weight = 2\n",
    )
    zone = ZoneInfo("America/Montevideo")
    assert found == LatePolicy(
        *(0.1, 0.5, timedelta(minutes=15), {"work": DUE}, {}, "best", True, zone), 5, 2, "best", {"work": 2}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "due"),
    [
        ("2027-04-26T23:59:00-03:00", DUE + timedelta(days=3)),
        ("3", DUE + timedelta(days=3)),
        ("0.5", DUE + timedelta(hours=12)),
        ("2027-04-24T05:59:00Z", DUE + timedelta(hours=3)),
    ],
)
def test_extension(tmp_path: Path, value: str, due: datetime) -> None:
    """An extension is a due date or a number of days."""
    assert policy(tmp_path, TABLE + f"[extensions.ana]\nwork = {value}\n").due_for("ana", "work") == due


def test_extension_of_a_student_with_a_strange_name(tmp_path: Path) -> None:
    """A student's name may need quotes."""
    found = policy(tmp_path, TABLE + '[extensions."Pérez, Ana"]\nwork = 1\n')
    assert found.due_for("Pérez, Ana", "work") == DUE + timedelta(days=1)
    assert found.due_for("Ana", "work") == DUE


def test_extension_keeps_the_hour_of_the_clock(tmp_path: Path) -> None:
    """Days of an extension end at the hour of the due date, over a change of daylight saving too."""
    settings = 'timezone = "Europe/Madrid"\n[assignments.work]\ndue = 2027-03-27T23:59:00\n[extensions.ana]\nwork = 1\n'
    due = policy(tmp_path, settings).due_for("ana", "work")
    assert due is not None and due.astimezone(UTC) == datetime(2027, 3, 28, 21, 59, tzinfo=UTC)


def test_due_date_in_the_courses_time_zone(tmp_path: Path) -> None:
    """A due date without an offset is one of the course's time zone."""
    found = policy(tmp_path, 'timezone = "America/Montevideo"\n[assignments.work]\ndue = 2027-04-23T23:59:00\n')
    assert found.due["work"].astimezone(UTC) == DUE.astimezone(UTC)


@pytest.mark.parametrize(
    ("published", "begins"),
    [
        pytest.param("2027-05-03", datetime(2027, 5, 3, 3, tzinfo=UTC), id="the-day"),
        pytest.param("2027-05-03T10:00:00", datetime(2027, 5, 3, 13, tzinfo=UTC), id="the-hour"),
        pytest.param("2027-05-03T10:00:00Z", datetime(2027, 5, 3, 10, tzinfo=UTC), id="an-offset"),
    ],
)
def test_when_grades_are_published(tmp_path: Path, published: str, begins: datetime) -> None:
    """From the beginning of that day, or that moment, in the course's time zone; the other assignments' are not."""
    settings = f'timezone = "America/Montevideo"\n[assignments.work]\npublished = {published}\n'
    write_course(tmp_path, settings=settings)
    config = read_course(tmp_path).config
    assert (config.is_published("work", begins), config.is_published("work", begins - timedelta(seconds=1))) == (True, False)
    assert not config.is_published("other", begins)


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        pytest.param("[assignments.work]\npublished = 2027-05-03\n", "without a time zone", id="published on a naive day"),
        pytest.param('[assignments.work]\npublished = "2027-05-03"\n', "write a date, like 2027-05-03", id="published in quotes"),
        pytest.param("[assignments.work]\ndue = 2027-04-23T23:59:00\n", "without a time zone", id="naive"),
        pytest.param("[assignments.work]\ndue = 2027-04-23\n", "write a date and time", id="date"),
        pytest.param('[assignments.work]\ndue = "2027-04-23T23:59:00-03:00"\n', "without quotes", id="text"),
        pytest.param("[late]\npenalty_per_day = 10\n", "penalty_per_day of [late] is 10", id="per cent"),
        pytest.param("[late]\npenalty_per_day = -0.1\n", "between 0 and 1", id="negative"),
        pytest.param("[late]\ncap = true\n", "cap of [late] is True", id="truth for a number"),
        pytest.param("[late]\ncap = nan\n", "cap of [late] is nan", id="nan"),
        pytest.param("[late]\ngrace_minutes = 999999\n", "at most a week", id="grace"),
        pytest.param(
            "[late]\ngrace = 15\n",
            "[late] has 'grace', which is not a setting\n  → did you mean 'grace_minutes'?",
            id="unknown rule",
        ),
        pytest.param("[late]\nfile_times = 1\n", "true or false", id="number for a truth"),
        pytest.param(
            '[gradescope]\nhidden = "never"\n', "hidden of [gradescope] is 'never'\n  → write one of hidden, after_due", id="word"
        ),
        pytest.param('gradescope = "x"\n', "make it a table: [gradescope]", id="text for a table"),
        pytest.param(
            "[nbgrader]\nexecute = true\n", "[nbgrader] has 'execute', which is not a setting", id="unknown key of nbgrader"
        ),
        pytest.param(
            "atempts = 'best'\n", "course.toml has 'atempts', which is not a setting\n  → did you mean 'attempts'?", id="typo"
        ),
        pytest.param(
            "[assignments.work]\nweigth = 2\n", "[assignments.work] has 'weigth', which is not a setting", id="topic's typo"
        ),
        pytest.param(
            "[assignments.work]\nweight = -1\n", "weight of [assignments.work] is -1\n  → write a number, 0 or more", id="weight"
        ),
        pytest.param('[assignments.work]\ndue = "tomorrow"\n', "due of [assignments.work] is 'tomorrow'", id="due in words"),
        pytest.param('order = ["work", "work"]\n', "order names 'work' twice", id="twice"),
        pytest.param("[late]\ndays = 5\n", "days of [late] is 5, but no late day costs anything", id="days of nothing"),
        pytest.param("[late]\ndays = -1\n", "days of [late] is -1\n  → write a whole number of days", id="days in debt"),
        pytest.param("[late]\ndays_per_assignment = 2\n", "but there are no late days", id="days without a budget"),
        pytest.param('[late]\nspent = "wisely"\n', "spent of [late] is 'wisely'\n  → write \"in order\"", id="spent"),
        pytest.param("[late]\nday = 5\n", "[late] has 'day', which is not a setting\n  → did you mean 'days'?", id="one day"),
        pytest.param('[groups]\nfiles = "g.csv"\n', "did you mean 'file'?", id="files"),
        pytest.param(
            '[groups]\nfile = ""\n', "file of [groups] is ''\n  → write the name of a CSV file", id="file without a name"
        ),
        pytest.param("late = 3\n", "make it a table: [late]", id="no table"),
        pytest.param('attempts = "first"\n', "attempts is 'first'", id="attempts"),
        pytest.param('timezone = "Mars/Phobos"\n', "timezone is 'Mars/Phobos'", id="time zone"),
        pytest.param('timezone = "../../etc/passwd"\n', "timezone is", id="time zone that is a path"),
        pytest.param(TABLE + "[extensions.ana]\nwrok = 1\n", "assignments with a due date: work", id="unknown topic"),
        pytest.param(TABLE + "[extensions.ana]\nwork = 0\n", "a number of days, more than 0", id="no days"),
        pytest.param(TABLE + '[extensions.ana]\nwork = "two"\n', "write a date and time", id="days in words"),
        pytest.param(
            TABLE + "[extensions.ana]\nwork = 2027-04-22T23:59:00-03:00\n",
            "before the due date",
            id="extension to an earlier time",
        ),
        pytest.param(TABLE + "[extensions]\nana = 2\n", "make it a table: [extensions.ana]", id="extension without a topic"),
    ],
)
def test_mistakes(tmp_path: Path, settings: str, problem: str) -> None:
    """A wrong rule is refused with its name, its value and what was expected; the message names the file."""
    with pytest.raises(RubricError) as found:
        policy(tmp_path, settings)
    assert problem in str(found.value)
    assert found.value.file.resolve() == (tmp_path / COURSE_FILE).resolve()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('modules = ["numpy"]', "modules names 'numpy'\n  → take it out: numpy and the standard library are always there"),
        ('modules = ["json.decoder"]', "modules names 'json.decoder'\n  → take it out"),
        ('modules = ["grader"]', "modules names 'grader'\n  → take it out: submissions never see the grader"),
        ('modules = ["scikit-learn"]', "modules names 'scikit-learn'\n  → write a module as it is imported"),
        ('[assignments.work]\nmodules = ["a", "a"]', "modules of [assignments.work] names 'a' twice"),
        ('modules = "pandas"', "modules is 'pandas'\n  → write a list of at most 20 modules"),
        ("[assignments.work]\nmodules = [1]", "modules of [assignments.work] is [1]\n  → write a list"),
        ('module = ["pandas"]', "module"),
    ],
)
def test_wrong_modules(tmp_path: Path, settings: str, said: str) -> None:
    """What submissions cannot import, or need no leave for, is refused with what to write."""
    with pytest.raises(RubricError) as error:
        policy(tmp_path, settings + "\n")
    assert said in str(error.value)


def test_modules_of_an_assignment(tmp_path: Path) -> None:
    """An assignment has the course's modules, or its own in their place, which may be none."""
    for settings, modules in (
        ('modules = ["pandas"]\n', ("pandas",)),
        ('modules = ["pandas"]\n[assignments.work]\nmodules = ["scipy.stats"]\n', ("scipy.stats",)),
        ('modules = ["pandas"]\n[assignments.work]\nmodules = []\n', ()),
    ):
        write_course(tmp_path, settings=settings)
        assert read_course(tmp_path).assignment("work").modules == modules
