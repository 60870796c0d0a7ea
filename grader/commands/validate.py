"""`grader validate`: proving the rubrics."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.table import Table

from grader.course import find_course
from grader.report.summary import points
from grader.report.terminal import console
from grader.sandbox.choose import best_backend
from grader.validate import Proof, validate


def validate_topics(topics: Sequence[str], course_folder: Path | None, json: bool) -> int:
    """Prove each rubric and print the table; returns the exit code."""
    course = find_course(Path.cwd(), course_folder)
    proofs: list[Proof] = []
    with best_backend(weak=True) as backend:
        for assignment in course.select(topics):
            console(stderr=True).print(f"proving {assignment.name} …", style="dim")
            proofs.append(validate(assignment, backend))
            if json:
                print(msgspec.json.encode(proofs[-1]).decode())
    if not json:
        console().print(_table(proofs))
        for proof in proofs:
            for problem in proof.problems:
                console().print(f"✗ {proof.assignment}: {problem}", style="red", markup=False)
    return 1 if any(proof.problems for proof in proofs) else 0


def _table(proofs: Sequence[Proof]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("assignment")
    for column in ("points", "exercises", "checks", "calls", "misconceptions named", "accepted", "rejected", "seconds"):
        table.add_column(column, justify="right")
    table.add_column("")
    for proof in proofs:
        numbers = (points(proof.points), proof.exercises, proof.checks, proof.calls, f"{proof.named} of {proof.misconceptions}")
        mark = "[green]✓[/]" if not proof.problems else f"[red]✗ {len(proof.problems)} problems[/]"
        table.add_row(proof.assignment, *map(str, numbers), str(proof.accepted), str(proof.wrong), f"{proof.seconds:.1f}", mark)
    return table
