"""Writing a file where `--to` says."""

from pathlib import Path

from grader.errors import UsageError
from grader.text import atomic, private


def write_file(to: Path, data: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all.

    Raises:
        UsageError: it cannot be written.
    """
    if to.is_dir():
        raise UsageError(f"{to} is a folder. Give --to the file that is to be written.")
    try:
        atomic.write(to, data, mode=private.MODE)
    except OSError as error:
        raise UsageError(f"{to} cannot be written: {error.strerror}. Choose another place with --to.") from error
