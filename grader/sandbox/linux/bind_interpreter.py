"""Making the interpreter readable for the child's user where only root can reach it.

Root's own Python is often below `/root` (pyenv, uv), which user 65534 may not enter. In the zygote's own mount namespace, the inaccessible
directory is hidden under an empty one, in which only what Python needs is mounted again:

    /root                        hidden: none of its contents are visible any more
    /root/…/lib/python3.x        the interpreter's own directory, bind-mounted at its old path, read-only

Where that is not possible (no mount namespace, no right to mount), children can only import what the zygote imported: see `preload`.
"""

import ctypes
import os
import sys
import sysconfig
from pathlib import Path

from grader.sandbox.linux.lockdown import NOBODY

_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_REMOUNT, _MS_BIND, _MS_REC = 1, 2, 4, 32, 4096, 16384


def required_folders() -> list[Path]:
    """The directories that an import in a child reads: the standard library and numpy."""
    numpy = Path(str(sys.modules["numpy"].__file__)).resolve().parent
    stdlib = {Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib")}
    return sorted(path for path in stdlib | {numpy, numpy.with_name("numpy.libs")} if path.is_dir())


def readable_by_nobody(paths: list[Path]) -> bool:
    """Whether user 65534 can list each of `paths`: tested as that user, then switched back to root."""
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, 0)
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        return all(os.access(path, os.R_OK | os.X_OK, effective_ids=True) for path in paths)
    finally:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)


def bind_interpreter(paths: list[Path]) -> None:
    """Make `paths` accessible for user 65534 in this process's own mount namespace.

    Raises:
        OSError: mounting is not permitted here.
    """
    kept = [(path, os.open(path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)) for path in paths]
    try:
        for folder in _in_the_way(paths):
            _mount("tmpfs", folder, "tmpfs", _MS_NOSUID | _MS_NODEV, "mode=755,size=1m")
        for path, descriptor in kept:
            if not path.is_dir():
                path.mkdir(mode=0o755, parents=True)
                _mount(f"/proc/self/fd/{descriptor}", path, None, _MS_BIND | _MS_REC, None)
                _mount("none", path, None, _MS_REMOUNT | _MS_BIND | _MS_RDONLY | _MS_NOSUID, None)
    finally:
        for _, descriptor in kept:
            os.close(descriptor)


def _in_the_way(paths: list[Path]) -> list[Path]:
    """The directories above `paths` that others may not enter, each once: what is covered first would hide what lies below it."""
    first = (next((folder for folder in reversed(path.parents) if not folder.stat().st_mode & 0o001), None) for path in paths)
    return sorted({folder for folder in first if folder is not None})


def _mount(source: str, target: Path, kind: str | None, flags: int, options: str | None) -> None:
    mount = ctypes.CDLL(None, use_errno=True).mount
    words = [None if word is None else word.encode() for word in (source, str(target), kind)]
    if mount(*words, ctypes.c_ulong(flags), None if options is None else options.encode()) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), str(target))
