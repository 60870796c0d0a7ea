"""Where the records of a results folder are, and opening them: its own file, or the database that its `records.url` names."""

from pathlib import Path
from typing import Final

from grader.errors import UsageError
from grader.gradebook.store import Store

ADDRESS = "records.url"  # the file in a results folder whose records are in a database
SQLITE: Final = "sqlite:///"


def open_store(folder: Path, *, write: bool, alone: bool = False) -> Store:
    """The store of a results folder: the database that its `records.url` names, or else its own file, which is created to `write`.

    Args:
        alone: whether this must be the only writer: what it reads would be wrong if another one wrote meanwhile.

    Raises:
        BusyError: another run is writing.
        UsageError: there is nothing to read, or the store cannot be used.
    """
    elsewhere = address_in(folder)
    if elsewhere:
        return _postgres(elsewhere, write=write, alone=alone)
    return _sqlite(folder, write=write)


def open_address(address: str, *, write: bool, alone: bool = False) -> Store:
    """The store at an address: `postgresql://…`, `sqlite:///FOLDER` (the folder's own file) or a results folder (wherever it keeps them).

    Raises:
        BusyError, UsageError: as `open_store`.
    """
    if address.startswith(SQLITE):
        return _sqlite(Path(address.removeprefix(SQLITE)), write=write)
    if "://" in address:
        return _postgres(address, write=write, alone=alone)
    return open_store(Path(address), write=write, alone=alone)


def address_in(folder: Path) -> str:
    """The address of the database that has the records of a results folder; "" where they are in the folder itself.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return (folder / ADDRESS).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{folder / ADDRESS} cannot be read: {error}. It holds one line, the address of the records.") from None


def _sqlite(folder: Path, *, write: bool) -> Store:
    from grader.gradebook.sqlite import SqliteStore  # only where records are in a file

    return SqliteStore(folder, write=write)


def _postgres(address: str, *, write: bool, alone: bool) -> Store:
    from grader.gradebook.postgres_address import Address  # only where records are in a database

    parsed = Address.parse(address)
    try:
        from grader.gradebook.postgres import PostgresStore
    except ImportError as error:
        raise UsageError(f"{parsed} needs psycopg ({error}). Install it: pip install 'dl-grader[postgres]'") from None
    return PostgresStore(parsed, write=write, alone=alone)


def open_to_change(folder: Path) -> Store:
    """The store of a folder that has records already, to write to it; nothing is made where there are none.

    Raises:
        UsageError: there are none, another run is writing, or the store cannot be used.
    """
    open_store(folder, write=False).close()
    return open_store(folder, write=True)
