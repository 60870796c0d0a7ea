"""The system calls that a child may make: all others fail with EPERM.

The filter is built and translated once in the zygote, and loaded in each child by one system call: libseccomp would translate it there
anew. Reading files is allowed only where Landlock restricts which ones; in mode
`closed-fs` every open and stat is denied. Denying clone prevents threads and child processes, so that the memory limit is a true total and
killing one process ends everything.

Importing `pyseccomp` looks up two libraries, which runs `ldconfig` for each: it has to happen in the zygote, before anything is locked,
and is avoided where the libraries have their usual names.
"""

import ctypes.util
import errno
import os
from typing import Any

COMPUTE = """
read write readv writev pread64 close fstat lseek dup poll ppoll select pselect6
mmap mprotect munmap mremap brk madvise
rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack restart_syscall
getpid gettid getppid getuid geteuid getgid getegid
clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times getrusage sysinfo uname getrandom
futex set_robust_list rseq membarrier sched_yield sched_getaffinity getcpu
exit exit_group
"""

READ_FILES = """
openat open newfstatat stat lstat statx getdents64 readlink readlinkat getcwd access faccessat faccessat2 fstatfs statfs
"""

# Duplicating and flags. Not F_SETOWN and F_SETSIG, which can signal other processes; not F_SETPIPE_SZ, F_ADD_SEALS, F_NOTIFY.
_FCNTL = (0, 1, 2, 3, 4, 1030)
# TCGETS (isatty), FIONCLEX, FIOCLEX, FIONBIO. Not TIOCSTI.
_IOCTL = (0x5401, 0x5450, 0x5451, 0x5421)
_LOW_32 = 0xFFFF_FFFF  # the kernel reads these arguments as 32 bits: the upper half must be ignored


_SET_MODE_FILTER = 1


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


class Filter:
    """A filter as the kernel takes it.

    Args:
        code: its instructions, 8 bytes each.
        number: of the system call `seccomp`.
    """

    def __init__(self, code: bytes, number: int) -> None:
        self._code = ctypes.create_string_buffer(code, len(code))  # which the program points to
        self._program = _Program(len(code) // 8, ctypes.addressof(self._code))
        self._arguments = (
            ctypes.c_long(number),
            ctypes.c_uint(_SET_MODE_FILTER),
            ctypes.c_uint(0),
            ctypes.byref(self._program),
        )
        self._call = ctypes.CDLL(None, use_errno=True).syscall

    def load(self) -> None:
        """Filter the system calls of this process from now on. `no_new_privs` must have been set.

        Raises:
            OSError: the kernel refuses.
        """
        if self._call(*self._arguments) != 0:
            error = ctypes.get_errno()
            raise OSError(error, os.strerror(error))


def build_filter(read_files: bool) -> Filter:
    """The filter; `load()` it in the child.

    Raises:
        ImportError, RuntimeError: libseccomp or its binding is not installed.
        OSError: this kernel does not filter system calls.
    """
    pyseccomp = import_binding()
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))

    def allow(name: str, argument: int = 0, values: tuple[int, ...] = ()) -> None:
        number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
        if number < 0:  # there is no such call on this architecture
            return
        if not values:
            rules.add_rule(pyseccomp.ALLOW, number)
        for value in values:
            rules.add_rule(pyseccomp.ALLOW, number, pyseccomp.Arg(argument, pyseccomp.MASKED_EQ, _LOW_32, value))

    for name in (COMPUTE + (READ_FILES if read_files else "")).split():
        allow(name)
    allow("fcntl", 1, _FCNTL)
    allow("ioctl", 1, _IOCTL)
    allow("prlimit64", 0, (0,))  # of itself
    # glibc falls back to clone, which fails with EPERM, only if clone3 does not exist
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    with os.fdopen(os.memfd_create("filter"), "w+b") as file:
        rules.export_bpf(file)
        file.seek(0)
        code = file.read()
    return Filter(code, pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, "seccomp"))


def import_binding() -> Any:
    """`pyseccomp`, with its libraries opened by the names that they have on nearly every Linux, otherwise looked up."""
    look_up = ctypes.util.find_library
    ctypes.util.find_library = lambda name: {"c": "libc.so.6", "seccomp": "libseccomp.so.2"}.get(name)
    try:
        import pyseccomp
    except OSError:  # other names here
        ctypes.util.find_library = look_up
        import pyseccomp
    finally:
        ctypes.util.find_library = look_up
    return pyseccomp
