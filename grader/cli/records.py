"""`grader records`: where the records of a class are, and moving them to another database."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from grader.cli.options import JsonOption, LangOption, OutOption
from grader.errors import UsageError
from grader.feedback.terminal import say
from grader.gradebook.move import move_records, use
from grader.gradebook.open_store import address_in, open_address, open_store
from grader.text.escape import json_line, one_line

What = Literal["move", "use"]


def command(
    what: Annotated[What | None, typer.Argument(metavar="[move|use]", help="Default: say where the records are.")] = None,
    addresses: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ADDRESS]...", help="A results folder, or postgresql://USER@HOST/DATABASE?class=NAME."),
    ] = None,
    out: OutOption = Path("results"),
    json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    """Say where the records of a class are, or move them, whole, to or from a PostgreSQL database.

    They are in one file of the results folder, which one run writes at a time. In a database many do: graders on several machines, the
    review app and exports. A folder whose records were moved keeps the address, so that all commands go on with `--out` as before.
    `use` makes another folder, on another machine, use the same records.

    Example: grader records move results "postgresql://marta@db.example.org/grades?class=dl_2027"

    Example: grader records use "postgresql://marta@db.example.org/grades?class=dl_2027"
    """
    given = addresses or []
    match what:
        case "move":
            if len(given) != 2:
                raise UsageError(f"move takes two addresses, from where and to where: grader records move {out} postgresql://…")
            return _move(given[0], given[1], json)
        case "use":
            if len(given) != 1:
                raise UsageError("use takes one address: grader records use 'postgresql://…'")
            if "://" not in given[0]:
                raise UsageError(f"{given[0]!r} is not the address of a database; for a folder, choose it with --out.")
            with open_address(given[0], write=False) as store:
                count = len(store.keys())
            use(out, given[0])
            print(f"{out} uses the records of {given[0]}: {count} of them")
            return 0
        case None:
            return _tell(out, json)


def _tell(out: Path, json: bool) -> int:
    with open_store(out, write=False) as store:
        plans, dropped = store.plans(), len(store.dropped())
        keys = store.keys()
        students = len({student for student, _ in keys})
        records = sum(count for _, _, count in plans)
        damage = store.damage()
    where = address_in(out) or str(out)
    found = {"where": where, "students": students, "records": records, "dropped": dropped, "damaged": len(damage)}
    if json:
        print(json_line(found))
    else:
        print(f"{where}: {records} records of {students} students{f', {dropped} of them dropped' if dropped else ''}")
    for one in damage:
        say(one_line(one.text, 500))
    return 0


def _move(source: str, target: str, json: bool) -> int:
    moved = move_records(source, target)
    if json:
        print(json_line({"from": source, "to": target, "rows": moved.rows}))
    else:
        rows = moved.rows
        print(
            f"{rows['attempt']} attempts, {rows['adjustment']} changes by hand and {rows['review']} reviews are moved to {target}"
        )
        print(f"what was there before is kept: {moved.kept or source}")
    for one in moved.damage:
        say(f"not moved: {one_line(one.text, 500)}")
    return 0
