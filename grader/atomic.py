"""Writing a file whole: its name stands for what was there before or for all that is new, after a crash and on a full disk as well."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def write(path: Path, content: bytes | str, *, mode: int | None = None, exclusive: bool = False) -> None:
    """Write `content` (text as UTF-8) to `path`, in a folder that is made where there is none.

    It is written to a draft beside `path`, which then takes its name. What was there before gives its permissions to the new file. A link
    is followed, and what is no file (a pipe, a terminal) is written to as it is.

    Args:
        mode: the permissions, whatever was there before.
        exclusive: write only where nothing is there, not even a link. Of several that try, one succeeds.

    Raises:
        FileExistsError: something is there (with `exclusive`).
        OSError: it cannot be written; what was there before still is.
    """
    data = content.encode() if isinstance(content, str) else content
    status = None if exclusive else _status(path)
    if status and not stat.S_ISREG(status.st_mode):
        with path.open("wb") as there:
            there.write(data)
        return
    if status and mode is None:
        mode = stat.S_IMODE(status.st_mode)
    path = path if exclusive else path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    with _draft(path.parent, 0o666 if mode is None else 0o600) as (draft, descriptor):
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if mode is not None:
                os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        if exclusive:
            os.link(draft, path)
        else:
            draft.replace(path)
    with suppress(OSError):  # not every file system lets a folder be synchronised
        _sync(path.parent)


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


@contextmanager
def _draft(folder: Path, mode: int) -> Iterator[tuple[Path, int]]:
    """A new file that is open for writing, and gone in the end unless it has another name by then."""
    draft = folder / f".{os.urandom(8).hex()}.draft"  # not from the file's name, which may be as long as a name can be
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        yield draft, descriptor
    finally:
        draft.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
