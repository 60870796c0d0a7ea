"""Making the interpreter readable for the child's user where only root can reach it.

Root's own Python, environment or checkout is often below a directory that user 65534 may not enter (`/root`, `mktemp -d`). In the zygote's
own mount namespace, that directory is hidden under an empty one, in which only what Python needs is mounted again:

    /root                        hidden: none of its contents are visible any more
    /root/…/lib/python3.x        the interpreter's own directory, bind-mounted at its old path, read-only
    /root/…/numpy                the same; copied where the files themselves are root's alone (installed with umask 077)

Where that is not possible (no mount namespace, no right to mount), nothing is changed, and children can only import what the zygote
imported: see `preload`.
"""

import contextlib
import ctypes
import os
import shutil
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from grader.sandbox.linux.lockdown import NOBODY, folder_of

_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_REMOUNT, _MS_BIND, _MS_REC = 1, 2, 4, 32, 4096, 16384
_MNT_DETACH = 2
_NOT_COPIED = ("site-packages", "dist-packages", "test", "idlelib", "ensurepip", "config-*")


def required_folders() -> list[Path]:
    """The directories that an import in a child reads: the standard library and numpy."""
    numpy = folder_of("numpy").resolve()
    stdlib = {Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib")}
    return sorted(path for path in stdlib | {numpy, numpy.with_name("numpy.libs")} if path.is_dir())


def own_folders() -> list[Path]:
    """The directories that the zygote itself may still import from: the sandbox's own modules and msgspec. Children cannot read them."""
    own = Path(__file__).resolve().parent.parent
    return [own, folder_of("msgspec").resolve()]


def unreadable_by_nobody(paths: list[Path]) -> list[Path]:
    """Those of `paths` that user 65534 cannot list, or whose files it cannot read: tested as that user, then switched back to root."""
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, 0)
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        return [path for path in paths if not _readable(path)]
    finally:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)


def _readable(path: Path) -> bool:
    """Whether `path` and what lies in it can be read by the effective user; files deeper below have the modes of these."""
    if not os.access(path, os.R_OK | os.X_OK, effective_ids=True):
        return False
    return all(
        os.access(item, os.R_OK | os.X_OK if item.is_dir() else os.R_OK, effective_ids=True)
        for item in os.scandir(path)
        if not item.name.startswith("__pycache__")
    )


def bind_interpreter(paths: list[Path]) -> None:
    """Make `paths` accessible for user 65534 in this process's own mount namespace, or leave all as it was.

    Raises:
        OSError: mounting is not permitted here.
    """
    with _or_as_it_was(paths) as (kept, hidden):
        for folder in _in_the_way(paths):
            _mount("tmpfs", folder, "tmpfs", _MS_NOSUID | _MS_NODEV, "mode=755,size=1m")
            hidden.append(folder)
        for path, descriptor in kept:
            if not path.is_dir():
                path.mkdir(mode=0o755, parents=True)
                _mount(f"/proc/self/fd/{descriptor}", path, None, _MS_BIND | _MS_REC, None)
                hidden.append(path)
                _mount("none", path, None, _MS_REMOUNT | _MS_BIND | _MS_RDONLY | _MS_NOSUID, None)


def copy_readable(paths: list[Path]) -> None:
    """Cover each of `paths` by a copy of it that everybody may read, in this process's own mount namespace, or leave all as it was.

    Raises:
        OSError: mounting is not permitted here.
    """
    with _or_as_it_was(paths) as (kept, hidden):
        for path, descriptor in kept:
            path.mkdir(parents=True, exist_ok=True)  # numpy's may have been in the standard library's, which is covered by now
            _mount("tmpfs", path, "tmpfs", _MS_NOSUID | _MS_NODEV, "mode=755")
            hidden.append(path)
            _copy(Path(f"/proc/self/fd/{descriptor}"), path)
        for path in hidden:
            _mount("none", path, None, _MS_REMOUNT | _MS_RDONLY | _MS_NOSUID | _MS_NODEV, None)


@contextlib.contextmanager
def _or_as_it_was(paths: list[Path]) -> Iterator[tuple[list[tuple[Path, int]], list[Path]]]:
    """`paths` with a descriptor each, and a list for what is mounted, which an error takes away again."""
    kept = [(path, os.open(path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)) for path in paths]
    hidden: list[Path] = []
    try:
        yield kept, hidden
    except OSError:
        _unmount(hidden)
        raise
    finally:
        for _, descriptor in kept:
            os.close(descriptor)


def _copy(source: Path, target: Path) -> None:
    def copy(name: str, place: str) -> None:
        shutil.copyfile(name, place)
        Path(place).chmod(0o644)

    before = os.umask(0o022)
    try:
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(*_NOT_COPIED), copy_function=copy, dirs_exist_ok=True)
        for folder, _, _ in os.walk(target):  # copytree gives them the modes of the originals
            Path(folder).chmod(0o755)
    except shutil.Error as error:
        raise OSError(str(error)) from None
    finally:
        os.umask(before)


def _in_the_way(paths: list[Path]) -> list[Path]:
    """The directories above `paths` that others may not enter, each once: what is covered first would hide what lies below it."""
    first = (next((folder for folder in reversed(path.parents) if not folder.stat().st_mode & 0o001), None) for path in paths)
    return sorted({folder for folder in first if folder is not None})


def _mount(source: str, target: Path, kind: str | None, flags: int, options: str | None) -> None:
    words = [None if word is None else word.encode() for word in (source, str(target), kind)]
    result = _libc().mount(*words, ctypes.c_ulong(flags), None if options is None else options.encode())
    _check(result, target)


def _unmount(paths: list[Path]) -> None:
    """Take mounts away, the latest first."""
    for path in reversed(paths):
        _check(_libc().umount2(str(path).encode(), _MNT_DETACH), path)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _check(result: int, target: Path) -> None:
    if result != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), str(target))
