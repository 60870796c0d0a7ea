"""Writing a file atomically: after a crash or on a full disk, `path` has either its old content or all of the new."""

import os
import stat
from contextlib import suppress
from pathlib import Path


def write(path: Path, content: bytes | str, *, mode: int | None = None, exclusive: bool = False) -> None:
    """Write `content` (text as UTF-8) to `path`, whose folder is created if missing.

    A draft beside `path` is written and then renamed. The new file keeps the permissions of the old one. A link is followed, and anything
    but a regular file (a pipe, a terminal) is written to directly.

    Args:
        mode: the permissions, whatever those of the old file.
        exclusive: write only if nothing exists at `path`, not even a link. Of several writers at once, one succeeds.

    Raises:
        FileExistsError: something exists at `path` (with `exclusive`).
        OSError: it cannot be written; the old content is still there. Its `filename` is the file or the folder that cannot be written.
    """
    try:
        _write(path, content, mode, exclusive)
    except OSError as error:
        if error.filename is None:  # a disk that is full says this of an open file, which has no name
            error.filename = str(path)
        raise


def _write(path: Path, content: bytes | str, mode: int | None, exclusive: bool) -> None:
    data = content.encode() if isinstance(content, str) else content
    if not exclusive:
        with suppress(FileNotFoundError):
            old_mode = path.stat().st_mode
            if not stat.S_ISREG(old_mode):
                path.write_bytes(data)
                return
            mode = stat.S_IMODE(old_mode) if mode is None else mode
        path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.parent / f".{os.urandom(8).hex()}.draft"  # not named after the file, whose name may be as long as names can be
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if mode is not None and hasattr(os, "fchmod"):  # Windows has other permissions
                os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        if exclusive:
            os.link(draft, path)
        else:
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    with suppress(OSError):  # not every file system can sync a folder
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
