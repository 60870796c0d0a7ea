"""A hash of all that reading a submission depends on: of its files as bytes, of what the course gives, and of the code that reads.

Where nothing of that changed, a submission need not be read again: hashing a file takes a hundredth of the time of reading it.
"""

import hashlib
import os
import platform
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

import msgspec
from msgspec.structs import replace

from grader.submissions.files import Given, Held, MachineFault, OnDisk, Origin, Packed, Unreadable, UnreadableError, open_plain
from grader.submissions.read import SubmittedFiles
from grader.text.language import spoken

if TYPE_CHECKING:
    from grader.submissions.notebook.scaffold import Scaffold


_PIECE = 1 << 16  # bytes of a file that are in memory


def files_hash(item: SubmittedFiles, archives: dict[str, str] | None = None) -> str:
    """The hash of a submission. Nothing in its files is looked into.

    Args:
        archives: what is known of archives by their paths, so that one in which a whole class is is hashed once.

    Raises:
        OSError: the machine failed to open one.
    """
    needed = set(map(id, item.needed))
    digest = hashlib.sha256(_reader(spoken()))
    digest.update(f"{item.assignment}\0{item.sure}\0{_given(item.scaffold)}\0".encode())
    archives = {} if archives is None else archives
    for file in item.files:
        what = _content(file.origin, archives) if id(file) in needed else "not read"
        digest.update(msgspec.json.encode((file.parts, file.name, file.kind, what)))
    return digest.hexdigest()


def _content(origin: Origin, archives: dict[str, str]) -> str:
    """What stands for the bytes of a file; the archive that it is in, if it is in one."""
    match origin:
        case OnDisk():
            return _on_disk(origin)
        case Packed(archive=OnDisk() as archive):
            if archive.path not in archives:
                archives[archive.path] = _on_disk(archive)
            return f"{origin.name} in {archives[archive.path]}"
        case Packed():
            return f"{origin.name} in {_content(origin.archive, archives)}"
        case Held():
            return hashlib.sha256(origin.data).hexdigest()
        case Unreadable():
            return f"unreadable: {origin.problem}"
        case MachineFault():
            raise OSError(origin.errno, origin.reason)
        case Given():
            raise ValueError("a file that was opened for another process")
        case _:
            assert_never(origin)


def _on_disk(origin: OnDisk) -> str:
    try:
        descriptor = open_plain(origin.path, origin.limit)
    except UnreadableError as error:
        return f"unreadable: {error}"
    try:
        digest = hashlib.sha256()
        while data := os.read(descriptor, _PIECE):  # without a file's buffer, which takes longer than a small file
            digest.update(data)
        return digest.hexdigest()
    finally:
        os.close(descriptor)


@cache
def _reader(language: str) -> bytes:
    """What stands for the code that reads, and for the language of the problems that it finds."""
    digest = hashlib.sha256(f"{platform.python_version()}\0{language}\0".encode())
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.digest()


_of_scaffolds: dict[int, tuple["Scaffold", str]] = {}  # by identity; each is kept, so that no other gets its number


def _given(scaffold: "Scaffold | None") -> str:
    """What stands for what the course gives. Whether a person reads what was written does not change the text that is graded."""
    if scaffold is None:
        return ""
    if id(scaffold) not in _of_scaffolds:
        _of_scaffolds[id(scaffold)] = scaffold, hashlib.sha256(repr(replace(scaffold, is_read=True)).encode()).hexdigest()
    return _of_scaffolds[id(scaffold)][1]
