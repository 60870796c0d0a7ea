"""`grader doctor`: which protections are in force."""

from grader.cli.options import JsonOption
from grader.engine.lockdown import examine
from grader.feedback.terminal import columns, console
from grader.sandbox.probe import refusals
from grader.text.escape import json_line


def command(json: JsonOption = False) -> int:
    """Try which protections are in force here.

    Exits with 1 when a class would not be graded on this machine.

    Example: grader doctor
    """
    protections, known, lacking = examine()
    missing = refusals(protections)
    if json:
        for item in protections:
            print(json_line(item))
        return 1 if missing else 0
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
    if missing:
        names = ", ".join(item.name for item in missing)
        out.print(f"A class is not graded here; student code could: {names}", style="red", markup=False)
        return 1
    out.print("A class can be graded here.", style="green")
    return 0
