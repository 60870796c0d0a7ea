"""All records of a class, moved from one store to another: every row as it is, or nothing."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import msgspec

from grader.errors import UsageError
from grader.gradebook.open_store import ADDRESS, SQLITE, address_in, open_address
from grader.gradebook.rows import Damage
from grader.gradebook.schema import ORDERED_BY
from grader.gradebook.sql_store import SqlStore
from grader.gradebook.sqlite_file import FILE
from grader.text import atomic, private

KEPT: Final = "records-moved.sqlite"  # the file of a folder whose records were moved into a database


class Moved(msgspec.Struct, frozen=True):
    """What was moved.

    Attributes:
        rows: how many each table has.
        kept: the file that held the records before, if they were in one.
        damage: rows that were left behind, because they cannot be read.
    """

    rows: dict[str, int]
    kept: Path | None
    damage: list[Damage]


def move_records(source: str, target: str) -> Moved:
    """Move all records from one address to another (see `open_address`). A results folder at either end goes on with the target.

    Raises:
        UsageError: there is nothing to move, a run is writing, the target holds records, or what was written cannot be verified;
            nothing is moved then.
    """
    if _place(source) == _place(target):
        raise UsageError(f"{source} and {target} are the same place.")
    open_address(source, write=False).close()  # nothing is made where there is nothing to move
    with ExitStack() as stack:
        stores = [stack.enter_context(open_address(one, write=True, alone=True)) for one in (source, target)]
        read, written = (one for one in stores if isinstance(one, SqlStore))
        rows = copy(read, written)
        damage = read.damage()
    kept = None
    from_, to = _folder(source), _folder(target)
    if from_ and not address_in(from_):
        kept = (from_ / FILE).replace(from_ / KEPT)
    if from_ and not to:
        use(from_, target)
    if to:
        (to / ADDRESS).unlink(missing_ok=True)
    return Moved(rows, kept, damage)


def use(folder: Path, address: str) -> None:
    """Let a results folder have its records at an address of a database.

    Raises:
        UsageError: the folder has records of its own, or cannot be written.
    """
    if (folder / FILE).exists():
        raise UsageError(
            f"{folder} has records of its own. Move them: grader records move {folder} '{address}', or use another --out."
        )
    try:
        private.make_folder(folder)
        atomic.write(folder / ADDRESS, f"{address}\n", mode=private.MODE)
    except OSError as error:
        raise UsageError(f"{folder / ADDRESS} cannot be written: {error.strerror}.") from error


def _folder(address: str) -> Path | None:
    """The results folder of an address, if it is one's."""
    if address.startswith(SQLITE):
        return Path(address.removeprefix(SQLITE))
    return None if "://" in address else Path(address)


def _place(address: str) -> object:
    """What is equal for two addresses of the same records."""
    folder = _folder(address)
    if folder is None:
        return address
    elsewhere = "" if address.startswith(SQLITE) else address_in(folder)
    return elsewhere or folder.resolve()


def copy(source: SqlStore, target: SqlStore) -> dict[str, int]:
    """Copy every row of `source` into `target`, which must be empty, and compare both afterwards.

    Damaged rows are left out: `source.damage()` has them afterwards, and the source keeps them.

    Returns:
        How many rows each table has.

    Raises:
        UsageError: the target holds records, or holds other rows than the source afterwards; nothing is written then.
    """
    counts, before, after = {}, hashlib.sha256(), hashlib.sha256()
    with target.together():
        for table in ORDERED_BY:
            if next(target.whole_rows(table), None) is not None:
                raise UsageError("the target has records already. Choose a class, or a folder, without any.")
        for table in ORDERED_BY:
            counts[table] = target.fill(table, _seen(source.whole_rows(table), before))
        for table in ORDERED_BY:
            for _ in _seen(target.whole_rows(table), after):
                pass
        if before.digest() != after.digest():
            raise UsageError("what was written there is not what was read here. Nothing was moved; try again.")
    return counts


def _seen(rows: Iterator[dict[str, Any]], digest: "hashlib._Hash") -> Iterator[dict[str, Any]]:
    """The rows, each added to the digest."""
    for row in rows:
        digest.update(repr(sorted(row.items())).encode("utf-8", "surrogatepass"))
        yield row
