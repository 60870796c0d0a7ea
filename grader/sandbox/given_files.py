"""Files that a course gives, readable by their names as if they lay in the working directory, and held in memory.

    open("points.csv")   Path("points.csv").read_text()   np.load("x.npz")   np.loadtxt(…)   pd.read_csv(…)   os.listdir(".")

They travel with the submission's text, so the child opens no file for them and its locks stay as they are. Nobody can write to them. Where
the course's own code runs in the trusted process, they are there for the time of `present`, for that thread alone.
"""

import builtins
import contextlib
import importlib
import io
import os
import stat
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

Files = Mapping[str, bytes]
_local = threading.local()
_child: dict[str, bytes] = {}
_installing = threading.Lock()
_users = 0  # that need what is installed: threads of the trusted process, or the child
_usual: list[tuple[Any, Any, Any]] = []  # what is put back when none does


def install_for_good(files: Files) -> None:
    """Make `files` readable in this process, a child."""
    if files:
        _child.update(files)
        _install()


@contextlib.contextmanager
def present(files: Files) -> Iterator[None]:
    """Make `files` readable for this thread."""
    if not files:
        yield
        return
    _install()
    before = getattr(_local, "files", {})
    _local.files = files
    try:
        yield
    finally:
        _local.files = before
        _uninstall()


def _files() -> Files:
    return _child or getattr(_local, "files", {})


def _given(path: Any) -> str | None:
    """The name of the given file that `path` leads to, if it leads to one."""
    files = _files()
    if not files or isinstance(path, int):
        return None
    name = _relative(path)
    return name if name in files else None


def _relative(path: Any) -> str:
    """A path from the working directory, without `.` and `..`, with `/` between its parts."""
    try:
        text = os.fsdecode(path)
        if os.path.isabs(text):  # noqa: PTH117 - pathlib asks the functions that are replaced here
            text = os.path.relpath(text, os.getcwd())  # noqa: PTH109
    except (TypeError, ValueError, OSError):
        return ""
    return os.path.normpath(text).replace(os.sep, "/")


def _folder(path: Any) -> str | None:
    """The folder of given files that `path` leads to ("" for the working directory), if it leads to one."""
    files = _files()
    if not files or isinstance(path, int):
        return None
    name = _relative(path if path is not None else ".")
    if name == ".":
        return ""
    return f"{name}/" if any(file.startswith(f"{name}/") for file in files) else None


class _Bytes(io.BytesIO):
    """An open file, which has a name."""

    name: str
    mode: str


class GivenEntry:
    """What `os.scandir` yields for one of them."""

    def __init__(self, folder: str, name: str) -> None:
        self.name, self.path = name, os.path.join(folder, name)  # noqa: PTH118 - like os.scandir
        self._is_dir = _folder(self.path) is not None

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        """See `os.DirEntry`."""
        return self._is_dir

    def is_file(self, *, follow_symlinks: bool = True) -> bool:
        """See `os.DirEntry`."""
        return not self._is_dir

    def is_symlink(self) -> bool:
        """See `os.DirEntry`."""
        return False

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """See `os.DirEntry`."""
        return os.stat(self.path)  # noqa: PTH116

    def __fspath__(self) -> str:
        return self.path


class _Listing:
    """What `os.scandir` returns: an iterator that can be closed."""

    def __init__(self, entries: list[GivenEntry]) -> None:
        self._entries = iter(entries)

    def __iter__(self) -> Iterator[GivenEntry]:
        return self._entries

    def __next__(self) -> GivenEntry:
        return next(self._entries)

    def __enter__(self) -> "_Listing":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def close(self) -> None:
        """There is nothing to close."""


def _names(folder: str) -> list[str]:
    return sorted({file[len(folder) :].partition("/")[0] for file in _files() if file.startswith(folder)})


def _install() -> None:
    """Put the functions that know these files in the place of Python's, if they are not there yet."""
    global _users
    with _installing:
        _users += 1
        if _usual:
            return
        opened, listed, scanned, folder = builtins.open, os.listdir, os.scandir, os.getcwd

        def given_open(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            name = _given(file)
            if name is None:
                return opened(file, mode, *args, **kwargs)
            if set(mode) & set("wax+"):
                raise PermissionError(13, "it is given by the course, and cannot be written", name)
            return _stream(name, mode, *args, **kwargs)

        def given_stat(usual: Callable[..., os.stat_result]) -> Callable[..., os.stat_result]:
            def found(path: Any, *args: Any, **kwargs: Any) -> os.stat_result:
                name = _given(path)
                if name is not None:
                    return os.stat_result((stat.S_IFREG | 0o444, 0, 0, 1, 0, 0, len(_files()[name]), 0, 0, 0))
                if _folder(path):
                    return os.stat_result((stat.S_IFDIR | 0o555, 0, 0, 1, 0, 0, 0, 0, 0, 0))
                return usual(path, *args, **kwargs)

            return found

        def given_listdir(path: Any = None) -> list[str]:
            folder = _folder(path)
            return _names(folder) if folder is not None else listed(path)

        def given_scandir(path: Any = None) -> Any:
            folder = _folder(path)
            if folder is None:
                return scanned(path)
            return _Listing([GivenEntry(os.fsdecode(path or ""), name) for name in _names(folder)])

        def given_cwd() -> str:
            try:
                return folder()
            except PermissionError:  # in a child that may not open files, not even this is known
                return os.sep

        def is_there(usual: Callable[[Any], bool], kinds: tuple[Callable[[Any], str | None], ...]) -> Callable[[Any], bool]:
            return lambda path: any(kind(path) is not None for kind in kinds) or usual(path)

        replaced: tuple[tuple[Any, str, Callable[..., Any]], ...] = (
            (builtins, "open", given_open),
            (io, "open", given_open),
            (os, "stat", given_stat(os.stat)),
            (os, "lstat", given_stat(os.lstat)),
            (os, "listdir", given_listdir),
            (os, "scandir", given_scandir),
            (os, "getcwd", given_cwd),
            (os.path, "exists", is_there(os.path.exists, (_given, _folder))),
            (os.path, "isfile", is_there(os.path.isfile, (_given,))),
            (os.path, "isdir", is_there(os.path.isdir, (_folder,))),
            (np, "fromfile", _from_file(np.fromfile)),
        )
        openers = importlib.import_module("numpy.lib._datasource")._file_openers  # of `np.loadtxt`: it keeps `io.open`
        _usual.extend((vars(module), name, getattr(module, name)) for module, name, _ in replaced)
        _usual.append((openers._file_openers, None, openers._file_openers[None]))
        for module, name, function in replaced:
            setattr(module, name, function)
        openers._file_openers[None] = given_open


def _uninstall() -> None:
    """Put Python's functions back once nobody needs the others: what the trusted process reads is no longer looked up here."""
    global _users
    with _installing:
        _users -= 1
        if not _users:
            for place, name, function in _usual:
                place[name] = function
            _usual.clear()


def _from_file(usual: Callable[..., Any]) -> Callable[..., Any]:
    """`np.fromfile`, which reads by itself, beneath Python."""

    def fromfile(file: Any, dtype: Any = float, count: int = -1, sep: str = "", offset: int = 0, **more: Any) -> Any:
        name = _given(file) if isinstance(file, str | bytes | os.PathLike) else None
        if name is None or sep:
            return usual(file, dtype, count, sep, offset, **more)
        data = _files()[name][offset:]
        whole = len(data) // np.dtype(dtype).itemsize
        return np.frombuffer(data, dtype, whole if count < 0 else min(count, whole)).copy()

    return fromfile


def _stream(
    name: str,
    mode: str,
    buffering: int = -1,
    encoding: str | None = None,
    errors: str | None = None,
    newline: str | None = None,
    closefd: bool = True,
    opener: Any = None,
) -> Any:
    """An open file of these bytes."""
    raw = _Bytes(_files()[name])
    raw.name, raw.mode = name, "rb"
    if "b" in mode:
        return raw
    return io.TextIOWrapper(raw, encoding or "utf-8", errors, newline)
