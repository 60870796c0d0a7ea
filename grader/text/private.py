"""Files that hold expected values, grades or what students' code returned: only their owner reads them."""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

MODE: Final = 0o600
_OTHERS: Final = 0o077


def make_folder(path: Path) -> None:
    """Create a folder that only its owner can enter, and what is missing above it; one that exists keeps its permissions.

    Raises:
        OSError: it cannot be created.
    """
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)


def make_file(path: Path) -> None:
    """Create an empty file that only its owner can read; one that exists is narrowed.

    Raises:
        OSError: it cannot be created.
    """
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, MODE))
    narrow(path)


def narrow(path: Path) -> None:
    """Take the permissions of others away from a file, if it exists and is this user's."""
    with suppress(FileNotFoundError, PermissionError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & _OTHERS:
            path.chmod(mode & ~_OTHERS)
