"""Letting the child's user read the interpreter where only root can reach it.

Root's own Python often lives below `/root` (pyenv, uv), which user 65534 may not enter. In a mount namespace of the zygote's own, the
directory that is in the way is covered by an empty one, in which only what Python needs is put back:

    /root                        covered: nothing of it is to be seen any more
    /root/…/lib/python3.x        the interpreter's own directory, bound to its old place, read-only

Where that is not possible (no mount namespace, no right to mount), children import what the zygote imported: see `preload`.
"""

import ctypes
import os
import sys
import sysconfig
from pathlib import Path

from grader.sandbox.linux.lockdown import NOBODY

_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_REMOUNT, _MS_BIND, _MS_REC = 1, 2, 4, 32, 4096, 16384


def needed() -> list[Path]:
    """The directories that an import in a child reads: the standard library and numpy."""
    numpy = Path(str(sys.modules["numpy"].__file__)).resolve().parent
    found = {Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib")} | {
        numpy,
        numpy.with_name("numpy.libs"),
    }
    return sorted(path for path in found if path.is_dir())


def readable_by_nobody(paths: list[Path]) -> bool:
    """Whether user 65534 could list each of `paths`: tried as that user, then back to root."""
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, 0)
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        return all(os.access(path, os.R_OK | os.X_OK, effective_ids=True) for path in paths)
    finally:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)


def bind_interpreter(paths: list[Path]) -> None:
    """Put `paths` where user 65534 can reach them, in this process's own mount namespace.

    Raises:
        OSError: nothing may be mounted here.
    """
    kept = [(path, os.open(path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)) for path in paths]
    try:
        for path, _ in kept:
            blocked = next((folder for folder in reversed(path.parents) if not folder.stat().st_mode & 0o001), None)
            if blocked is not None:
                _mount("tmpfs", blocked, "tmpfs", _MS_NOSUID | _MS_NODEV, "mode=755,size=1m")
        for path, descriptor in kept:
            if not path.is_dir():
                path.mkdir(mode=0o755, parents=True)
                _mount(f"/proc/self/fd/{descriptor}", path, None, _MS_BIND | _MS_REC, None)
                _mount("none", path, None, _MS_REMOUNT | _MS_BIND | _MS_RDONLY | _MS_NOSUID, None)
    finally:
        for _, descriptor in kept:
            os.close(descriptor)


def _mount(source: str, target: Path, kind: str | None, flags: int, options: str | None) -> None:
    mount = ctypes.CDLL(None, use_errno=True).mount
    words = [None if word is None else word.encode() for word in (source, str(target), kind)]
    if mount(*words, ctypes.c_ulong(flags), None if options is None else options.encode()) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), str(target))
