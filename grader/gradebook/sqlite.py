"""The store as one SQLite file in the results folder, one transaction a submission.

records.sqlite    the tables of `grader.gradebook.sql_store`; only its owner can read it
running.lock      held by the run that writes
"""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from pathlib import Path

from grader.errors import UsageError
from grader.gradebook.rows import text
from grader.gradebook.schema import READING, bring_up_to_date
from grader.gradebook.sql_store import SqlStore
from grader.gradebook.sqlite_file import FILE, LOCK, empty, remedy, take_lock
from grader.text import private

__all__ = ["FILE", "LOCK", "SqliteStore"]

BUSY_SECONDS = 60.0  # that another program may lock the file, such as a database browser


class SqliteStore(SqlStore):
    """The attempts in the file of one results folder; see `grader.gradebook.store.Store`."""

    _errors = sqlite3.DatabaseError
    _db: sqlite3.Connection

    def __init__(self, folder: Path, *, write: bool) -> None:
        super().__init__()
        self._folder = folder
        path = folder / FILE
        if not write and not path.is_file():
            raise empty(folder)
        try:
            with ExitStack() as opened:
                if write:
                    private.make_folder(folder)
                    opened.enter_context(closing(take_lock(folder)))
                    private.make_file(path)
                for beside in ("", "-wal", "-shm"):  # SQLite gives those that it creates the mode of the first
                    private.narrow(path.with_name(FILE + beside))
                self._db = opened.enter_context(closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)))
                self._db.text_factory = text
                self._db.execute("pragma journal_mode=wal")
                self._db.execute("pragma synchronous=normal")
                if not bring_up_to_date(self._db, path, write, lambda: nullcontext() if write else closing(take_lock(folder))):
                    raise empty(folder)
                if write:
                    self._db.execute(READING)
                self._opened = opened.pop_all()
        except sqlite3.DatabaseError as error:
            message = f"{path} cannot be used: {error}. Either {remedy(error)}, or choose another folder with --out."
            raise UsageError(message) from error
        except OSError as error:
            raise UsageError(f"{folder} cannot be written: {error.strerror}. Choose another folder with --out.") from error

    def close(self) -> None:
        """Release the file and the lock."""
        self._opened.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """A transaction: all that is written in this block, or nothing; nested blocks join the outermost one."""
        if self._db.in_transaction:
            yield
            return
        try:
            self._db.execute("begin immediate")
            yield
            self._db.execute("commit")
        except BaseException as error:
            with suppress(sqlite3.Error):
                self._db.execute("rollback")
            if not isinstance(error, sqlite3.Error):
                raise
            raise UsageError(
                f"{self._folder / FILE} cannot be written: {error}. "
                f"What was graded before is kept; {remedy(error)} and run the same command again."
            ) from error

    def _claim(self, *what: str) -> None:
        """There is one writer from opening to closing."""

    def _cannot_read(self, error: Exception) -> UsageError:
        assert isinstance(error, sqlite3.Error)
        return UsageError(f"{self._folder / FILE} cannot be read: {error}. Please {remedy(error)}.")
