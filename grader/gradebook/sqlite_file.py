"""The store's file: its name and its lock, and what a person can do where SQLite cannot use it."""

import sqlite3
from pathlib import Path

from grader.errors import UsageError
from grader.gradebook.store import BusyError
from grader.text import private

FILE = "records.sqlite"
LOCK = "running.lock"


def empty(folder: Path) -> UsageError:
    """The error for a folder without records."""
    return UsageError(f"{folder} has no records. Grade first: grader grade SUBMISSIONS --out {folder}")


def remedy(error: sqlite3.Error) -> str:
    """What a person can do about an error."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary one
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "close the other program that has held the file for so long"
    if code == sqlite3.SQLITE_NOTADB:
        return "move it away: it is not a file of grader's, or its beginning is damaged"
    if code == sqlite3.SQLITE_CORRUPT:
        return (
            f"save what can still be read (sqlite3 {FILE} .recover | sqlite3 saved.sqlite), move {FILE} away with the files that begin "
            f"like it, rename saved.sqlite to {FILE}, and grade again"
        )
    return "make room"


def take_lock(folder: Path) -> sqlite3.Connection:
    """A lock that ends with the process on every system: an exclusive transaction on its own file."""
    private.make_file(folder / LOCK)
    lock = sqlite3.connect(folder / LOCK, timeout=0, isolation_level=None)
    try:
        lock.execute("begin exclusive")
    except sqlite3.Error as error:
        lock.close()
        if "locked" in str(error):
            message = f"another run is writing to {folder}. Wait for it to end, or choose another folder with --out."
            raise BusyError(message) from None
        raise
    return lock
