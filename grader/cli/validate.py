"""`grader validate`: proving the rubrics."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from rich.table import Table

from grader.course.folder import Assignment, find_course
from grader.engine.lockdown import open_sandbox
from grader.feedback.summary import points
from grader.feedback.terminal import console
from grader.prove.validate import Proof, validate
from grader.text.escape import json_line


def validate_topics(topics: Sequence[str], mutants: bool, jobs: int | None, course_folder: Path | None, json: bool) -> int:
    """Prove each rubric and print the table; returns the exit code."""
    assignments = find_course(Path.cwd(), course_folder).select(topics)
    err = console(stderr=True)
    err.print(f"proving {', '.join(assignment.name for assignment in assignments)} …", style="dim")
    found: dict[str, Proof] = {}
    for proof in _proofs(assignments, mutants, min(jobs or os.cpu_count() or 1, len(assignments))):
        err.print(f"{proof.assignment}: {_problems(proof) if proof.problems else 'proved'}", style="dim")
        found[proof.assignment] = proof
    proofs = [found[assignment.name] for assignment in assignments]
    if json:
        for proof in proofs:
            print(json_line(proof))
    else:
        console().print(_table(proofs))
        for proof in proofs:
            for problem in proof.problems:
                console().print(f"✗ {proof.assignment}: {problem}", style="red", markup=False)
    return 1 if any(proof.problems for proof in proofs) else 0


def _proofs(assignments: Sequence[Assignment], mutants: bool, jobs: int) -> Iterator[Proof]:
    """The proofs as they are made, `jobs` at a time; each process has a sandbox of its own."""
    if jobs == 1:
        yield from (_prove(assignment, mutants) for assignment in assignments)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        waiting = [pool.submit(_prove, assignment, mutants) for assignment in assignments]
        try:
            yield from (done.result() for done in as_completed(waiting))
        finally:
            pool.shutdown(cancel_futures=True)


def _prove(assignment: Assignment, mutants: bool) -> Proof:
    with open_sandbox(weak=True) as backend:
        return validate(assignment, backend, mutants)


def _table(proofs: Sequence[Proof]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("assignment")
    for column in (
        "points",
        "exercises",
        "checks",
        "calls",
        "misconceptions named",
        "accepted",
        "rejected",
        "mutants killed",
        "equivalent",
        "seconds",
    ):
        table.add_column(column, justify="right")
    table.add_column("")
    for proof in proofs:
        table.add_row(proof.assignment, *_cells(proof), f"{proof.seconds:.1f}", _mark(proof))
    if len(proofs) > 1:
        table.add_section()
        table.add_row("all", *_cells(_total(proofs)), f"{sum(proof.seconds for proof in proofs):.1f}", "")
    return table


def _cells(proof: Proof) -> list[str]:
    """What stands in the columns of numbers."""
    return [
        points(proof.points),
        str(proof.exercises),
        str(proof.checks),
        str(proof.calls),
        f"{proof.named} of {proof.misconceptions}",
        str(proof.accepted),
        str(proof.wrong),
        f"{proof.killed} of {proof.mutants - proof.equivalent}",
        str(proof.equivalent),
    ]


def _mark(proof: Proof) -> str:
    return f"[red]✗ {_problems(proof)}[/]" if proof.problems else "[green]✓[/]"


def _problems(proof: Proof) -> str:
    return "1 problem" if len(proof.problems) == 1 else f"{len(proof.problems)} problems"


def _total(proofs: Sequence[Proof]) -> Proof:
    """The numbers of all proofs added up."""
    numbers = (
        "points",
        "exercises",
        "checks",
        "calls",
        "misconceptions",
        "named",
        "accepted",
        "wrong",
        "mutants",
        "killed",
        "equivalent",
    )
    sums = {name: sum(getattr(proof, name) for proof in proofs) for name in numbers}
    return Proof(assignment="all", seconds=0.0, problems=(), **sums)
