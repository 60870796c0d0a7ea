"""`grader doctor`: which protections are in force, and whether what the course offers can be imported."""

from pathlib import Path

from rich.console import Console

from grader.cli.options import CourseOption, JsonOption
from grader.course.folder import course_root, read_course
from grader.engine.lockdown import examine
from grader.engine.offered import Imported, try_modules
from grader.errors import UsageError
from grader.feedback.terminal import columns, console
from grader.sandbox.probe import refusals
from grader.text.escape import json_line


def command(course: CourseOption = None, json: JsonOption = False) -> int:
    """Try which protections are in force here, and import the modules that the course offers.

    Exits with 1 when a class would not be graded on this machine.

    Example: grader doctor
    """
    protections, known, lacking = examine()
    missing = refusals(protections)
    modules = list(try_modules(_offered(course)))
    absent = [one for one in modules if one.problem]
    if json:
        for item in (*protections, *modules):
            print(json_line(item))
        return 1 if missing or absent else 0
    out = console()
    table = columns(("", "a submission tries to", "result"))
    for item in protections:
        mark = "[green]✓[/]" if item.in_force else "[red]✗[/]" if item.required else "[yellow]–[/]"
        remedy = f"  → {item.remedy}" if item.remedy and not item.in_force else ""
        table.add_row(mark, item.name, f"{item.detail}{remedy}")
    out.print(table)
    out.print("  ".join(f"{name}: {value}" for name, value in known.items()), style="dim", markup=False)
    for lack in lacking:
        out.print(f"not here: {lack.name}", style="red" if missing else "yellow", markup=False)
        out.print(f"  {lack.meaning}\n  → {lack.remedy}", markup=False, soft_wrap=True)
    _print_modules(out, modules)
    if missing:
        names = ", ".join(item.name for item in missing)
        out.print(f"A class is not graded here; student code could: {names}", style="red", markup=False)
        return 1
    if absent:
        out.print("Assignments that offer this are not graded here.", style="red")
        return 1
    out.print("A class can be graded here.", style="green")
    return 0


def _offered(given: Path | None) -> list[str]:
    """The modules that the course at or above this folder offers; none where there is no course."""
    try:
        root = course_root(Path.cwd(), given)
    except UsageError:
        if given is not None:
            raise
        return []
    return [name for assignment in read_course(root).assignments for name in assignment.modules]


def _print_modules(out: Console, modules: list[Imported]) -> None:
    for one in modules:
        if one.problem:
            out.print(f"✗ {one.name}: {one.problem}", style="red", markup=False, soft_wrap=True)
        else:
            version = f" {one.version}" if one.version else ""
            out.print(f"✓ {one.name}{version}: imported in the sandbox in {one.seconds:.1f} s", markup=False)
