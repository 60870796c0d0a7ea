"""Landlock, which restricts the files that a process may open, through the kernel's three system calls.

    create_ruleset(handled rights) ─► fd       once, in the zygote: every known right is handled, and so denied by default
    add_rule(fd, path, read)                   once per path that may be read
    restrict_self(fd)                          in each child; then the descriptor is closed, because all forks share the ruleset

The system calls have the same numbers on x86_64 and aarch64. Landlock does not restrict chmod, stat, utime or xattr: see `seccomp`.
"""

import ctypes
import functools
import os
import stat
from collections.abc import Iterable
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1  # flag of create_ruleset: return the version
_PATH_BENEATH = 1

READ_FILE, READ_DIR = 1 << 2, 1 << 3
_FS_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}  # number of file rights in each version; 16 from version 5 on
_NET_RIGHTS = 0b11  # bind and connect of TCP, from version 4 on
_SCOPES = 0b11  # abstract unix sockets and signals to processes outside, from version 6 on

MINIMUM = 3  # the first version that restricts truncate()


class _RulesetAttr(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneathAttr(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _syscall(number: int, *arguments: object) -> int:
    """The result of a system call; `OSError` if it failed."""
    call = _libc().syscall
    call.restype = ctypes.c_long
    result = int(call(ctypes.c_long(number), *arguments))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result


def version() -> int:
    """The Landlock version of this kernel; 0 if it has none."""
    try:
        return _syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))
    except OSError:
        return 0


def create_ruleset(readable: Iterable[Path], listable: Iterable[Path] = ()) -> int:
    """A descriptor of a ruleset that only allows reading beneath `readable` and listing beneath `listable`."""
    known = version()
    if not known:
        raise OSError("this kernel has no Landlock")
    files = (1 << _FS_RIGHTS.get(known, 16)) - 1
    attr = _RulesetAttr(fs=files, net=_NET_RIGHTS if known >= 4 else 0, scoped=_SCOPES if known >= 6 else 0)
    size = 8 if known < 4 else 16 if known < 6 else 24
    ruleset = _syscall(_CREATE_RULESET, ctypes.byref(attr), ctypes.c_size_t(size), ctypes.c_uint32(0))
    for path in readable:
        _allow(ruleset, path, READ_FILE | READ_DIR)
    for path in listable:
        _allow(ruleset, path, READ_DIR)
    return ruleset


def _allow(ruleset: int, path: Path, rights: int) -> None:
    """Allow `rights` beneath `path`, if it exists."""
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return
    try:
        if not stat.S_ISDIR(os.fstat(parent).st_mode):
            rights &= ~READ_DIR
        attr = _PathBeneathAttr(allowed=rights, parent=parent)
        _syscall(_ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH), ctypes.byref(attr), ctypes.c_uint32(0))
    finally:
        os.close(parent)


def restrict(ruleset: int) -> None:
    """Restrict this process by `ruleset` permanently, and close the descriptor. `no_new_privs` must have been set."""
    _syscall(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    os.close(ruleset)
