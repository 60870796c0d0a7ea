"""What the types of `course.toml`'s settings cannot say: which values go together, and which names submissions can use."""

import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from grader.course.config import YEAR, CourseConfig
from grader.errors import RubricError


def checked(path: Path, config: CourseConfig) -> CourseConfig:
    """`config`, which satisfies what types cannot express."""
    for name in config.order:
        if config.order.count(name) > 1:
            raise RubricError(path, "", f"order names {name!r} twice", "name each topic once")
    if config.timezone:
        try:
            ZoneInfo(config.timezone)
        except (KeyError, ValueError, OSError):
            advice = 'write a name like "America/Montevideo" or "UTC"'
            raise RubricError(path, "", f"timezone is {config.timezone!r}", advice) from None
    _hold_modules(path, config.modules, "modules")
    for name, found in config.assignments.items():
        _hold_modules(path, found.modules or [], f"modules of [assignments.{name}]")
        _hold_files(path, found.files, name)
    late = config.late
    if late.days and not late.penalty_per_day:
        advice = "write penalty_per_day too: what each day beyond these costs"
        raise RubricError(path, "", f"days of [late] is {late.days}, but no late day costs anything", advice)
    if late.days_per_assignment < YEAR and not late.days:
        advice = "write days too: how many there are in the term"
        raise RubricError(
            path, "", f"days_per_assignment of [late] is {late.days_per_assignment}, but there are no late days", advice
        )
    return config


def _hold_modules(path: Path, modules: list[str], where: str) -> None:
    """Refuse what cannot be imported by submissions, or is there without being named."""
    for name in modules:
        top = name.partition(".")[0]
        if not all(part.isidentifier() for part in name.split(".")):
            raise RubricError(
                path, "", f"{where} names {name!r}", 'write a module as it is imported, like "pandas" or "scipy.stats"'
            )
        if modules.count(name) > 1:
            raise RubricError(path, "", f"{where} names {name!r} twice", "name each module once")
        if top == "numpy" or top in sys.stdlib_module_names:
            raise RubricError(path, "", f"{where} names {name!r}", "take it out: numpy and the standard library are always there")
        if top == "grader":
            raise RubricError(path, "", f"{where} names {name!r}", "take it out: submissions never see the grader")


def _hold_files(path: Path, files: list[str], topic: str) -> None:
    """Refuse what cannot be the modules of one submission."""
    for name in files:
        stem = name.removesuffix(".py")
        where = f"files of [assignments.{topic}] names {name!r}"
        if not name.endswith(".py") or not stem.isidentifier():
            raise RubricError(path, "", where, 'write the names of modules in the assignment\'s folder, like "layers.py"')
        if files.count(name) > 1:
            raise RubricError(path, "", f"{where} twice", "name each file once")
        if stem in (topic, "checks", "numpy", "grader") or stem in sys.stdlib_module_names:
            taken = "the assignment itself" if stem == topic else "another module"
            raise RubricError(path, "", f"{where}, and {stem} is {taken}", "give it another name")
