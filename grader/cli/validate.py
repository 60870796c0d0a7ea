"""`grader validate`: proving the rubrics."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from pathlib import Path
from threading import Thread
from typing import Annotated, NoReturn

import typer
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from grader.cli.options import CourseOption, JsonOption, Topics, TopicsOption, topics_asked
from grader.cli.watch import saves
from grader.course.folder import Assignment, find_course
from grader.engine.lockdown import open_sandbox
from grader.errors import STOPPED, RubricError, UsageError
from grader.feedback.progress import counted
from grader.feedback.summary import points
from grader.feedback.terminal import columns, console
from grader.prove.again import Mistake, Texts, changed, exercise_problems, mistake_problems, texts, watched
from grader.prove.validate import Proof, validate
from grader.text.escape import json_line
from grader.text.from_here import from_here

WIDE = 1000  # columns, more than any table wants
SHOWN = 4  # names of assignments in a line
NUMBERS = (
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
)


def command(
    topics: Topics = None,
    topic: TopicsOption = None,
    mutants: Annotated[
        bool | None,
        typer.Option("--mutants/--no-mutants", help="Also run the mutants of the reference (default: unless watching)."),
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Prove again, after each save, what it changed; of one topic.")] = False,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", metavar="N", min=1, help="Topics at a time (default: one per processor).")
    ] = None,
    show_prices: Annotated[bool, typer.Option("--prices", help="Print what each known mistake costs.")] = False,
    course: CourseOption = None,
    json: JsonOption = False,
) -> int:
    """Prove the rubrics.

    The stub and trivial programs earn 0, the solution full marks, every misconception is rejected and named, and costs its price;
    every mutant of the reference is rejected.

    Example: grader validate conv
    """
    assignments = find_course(Path.cwd(), course).select(topics_asked(topics, topic))
    if watch:
        if len(assignments) != 1 or json or show_prices:
            raise UsageError("--watch takes one topic, and neither --json nor --prices: grader validate --watch TOPIC.")
        _watch(assignments[0], mutants or False)
    mutants = mutants is not False
    err = console(stderr=True)
    names = [assignment.name for assignment in assignments]
    if err.is_terminal:
        err.print(f"proving {', '.join(names) if len(names) <= SHOWN else f'{len(names)} assignments'} …", style="dim")
    found: dict[str, Proof] = {}
    proofs_made = _proofs(assignments, mutants, min(jobs or os.cpu_count() or 1, len(assignments)))
    for proof in counted(err, proofs_made, len(names), "proving", lambda proof: proof.assignment):
        err.print(f"{proof.assignment}: {_problems(proof) if proof.problems else 'proved'}", style="dim")
        found[proof.assignment] = proof
    proofs = [found[assignment.name] for assignment in assignments]
    if json:
        for proof in proofs:
            print(json_line(proof))
    else:
        out = console()
        out.print(_fitting(proofs, out))
        if show_prices:
            console().print(*map(_price_table, proofs), sep="\n")
        worst = _worst(proofs)
        console().print(
            f"{worst.trivial.text} of {points(worst.points)}" + (f" in {worst.assignment}" if worst.trivial.points else "")
        )
        for proof in proofs:
            for advice in proof.advice:
                console().print(f"{proof.assignment}: {advice}", markup=False)
            for problem in proof.problems:
                console().print(f"✗ {proof.assignment}: {problem}", style="red", markup=False)
            if proof.blocks:
                console().print(
                    f"Where one changes no result, say why in reference/mutants/{proof.assignment}.toml:", markup=False
                )
            for block in proof.blocks:
                console().print(f"\n{block}", markup=False, highlight=False, soft_wrap=True)
    return 1 if any(proof.problems for proof in proofs) else 0


def _watch(assignment: Assignment, mutants: bool) -> NoReturn:
    """Prove the topic exercise by exercise, and after each save what it changed; until Ctrl-C."""
    out, before = console(), Texts()
    exercises: dict[str, list[str]] = {}
    mistakes: dict[Mistake, list[str]] = {}
    with open_sandbox(weak=True) as backend:
        for again in saves(lambda: watched(assignment)):
            started = time.monotonic()
            if again:
                print("\033[2J\033[H" if sys.stdout.isatty() else "─" * 40)
            if out.is_terminal:
                out.print(f"proving {assignment.name} …", style="dim")
            try:
                now = texts(assignment)
                todo = changed(before, now)
                own = [key for key in now.mistakes if key[0] in todo.exercises]
                for name in todo.exercises:
                    exercises[name] = exercise_problems(assignment, name, backend, mutants)
                mistakes |= mistake_problems(assignment, [*own, *todo.mistakes])
            except RubricError as error:
                out.print(f"✗ {from_here(str(error))}", style="red", markup=False)
                continue  # all that changed since the last proof is proved when this is corrected
            before = now
            proved = [*todo.exercises, *(f"{name} of {of}" for of, name in todo.mistakes)]
            problems = [problem for name in now.exercises for problem in exercises[name]]
            problems += [problem for key in now.mistakes for problem in mistakes[key]]
            for problem in dict.fromkeys(problems):
                out.print(f"✗ {problem}", style="red", markup=False)
            if not problems:
                out.print("✓ no problem", style="green")
            what = f"proved: {', '.join(proved)}" if proved else "nothing to prove in what was saved"
            out.print(
                f"{what} ({time.monotonic() - started:.1f} s). The whole proof: grader validate {assignment.name}", style="dim"
            )
    raise AssertionError("it is watched for ever")


def _proofs(assignments: Sequence[Assignment], mutants: bool, jobs: int) -> Iterator[Proof]:
    """The proofs as they are made, `jobs` at a time; each process has a sandbox of its own."""
    if jobs == 1:
        yield from (_prove(assignment, mutants) for assignment in assignments)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_end_with_parent) as pool:
        waiting = [pool.submit(_prove, assignment, mutants) for assignment in assignments]
        try:
            yield from (done.result() for done in as_completed(waiting))
        finally:
            pool.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """End this process when its parent ends: one that is killed cannot stop its workers, and they would prove on."""
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(STOPPED)  # its sandbox ends with it

    Thread(target=watch, daemon=True).start()


def _prove(assignment: Assignment, mutants: bool) -> Proof:
    with open_sandbox(weak=True) as backend:
        return validate(assignment, backend, mutants)


def _table(proofs: Sequence[Proof]) -> Table:
    table = columns(["assignment"], NUMBERS)
    table.add_column("")
    for proof in proofs:
        table.add_row(*_cells(proof), f"[red]✗ {_problems(proof)}[/]" if proof.problems else "[green]✓[/]")
    if len(proofs) > 1:
        counted = [name for name in Proof.__struct_fields__ if isinstance(getattr(proofs[0], name), int | float)]
        sums = {name: sum(getattr(proof, name) for proof in proofs) for name in counted}
        table.add_section()
        table.add_row(*_cells(Proof(assignment="all", problems=(), trivial=_worst(proofs).trivial, prices=(), **sums)), "")
    return table


def _fitting(proofs: Sequence[Proof], out: Console) -> Table | Group:
    """The table, or its lines where it does not fit."""
    table = _table(proofs)
    wanted = out.measure(table, options=out.options.update(max_width=WIDE)).maximum
    return table if wanted <= out.width else Group(*map(_lines, proofs))


def _lines(proof: Proof) -> Text:
    """What the table has of one assignment, where there is no room for the table."""
    found = dict(zip(("assignment", *NUMBERS), _cells(proof), strict=True))
    head = Text(
        f"✗ {proof.assignment}: {_problems(proof)}" if proof.problems else f"✓ {proof.assignment}",
        "red" if proof.problems else "green",
    )
    rows = (
        ("points", "exercises", "checks", "calls", "seconds"),
        ("misconceptions named", "accepted", "rejected"),
        ("mutants killed", "equivalent"),
    )
    for row in rows:
        head.append("\n  " + ", ".join(f"{name} {found[name]}" for name in row), "default")
    return head


def _price_table(proof: Proof) -> Table:
    table = columns([f"{proof.assignment}: exercise", "mistake"], ["of it", "points"])
    table.add_column("price")
    for price in proof.prices:
        name = price.name if price.kind == "misconception" else f"{price.kind}: {price.name}"
        table.add_row(price.exercise, Text(name), f"{price.part:.0%}", points(price.points), price.wanted)
    return table


def _worst(proofs: Sequence[Proof]) -> Proof:
    return max(proofs, key=lambda proof: proof.trivial.points)


def _cells(proof: Proof) -> list[str]:
    return [
        proof.assignment,
        points(proof.points),
        str(proof.exercises),
        str(proof.checks),
        str(proof.calls),
        f"{proof.named} of {proof.misconceptions}",
        str(proof.accepted),
        str(proof.wrong),
        f"{proof.killed} of {proof.mutants - proof.equivalent}",
        str(proof.equivalent),
        f"{proof.seconds:.1f}",
    ]


def _problems(proof: Proof) -> str:
    return "1 problem" if len(proof.problems) == 1 else f"{len(proof.problems)} problems"
