"""Lies beside every attack as a module of its submission: an attacker who was told all about the machine, and says what it got."""

import errno as _errno
import sys as _sys

COURSE = "@COURSE@"  # the course's folder, with the reference and the secret
NEIGHBOUR = "@NEIGHBOUR@"  # another submission
RESULTS = "@RESULTS@"  # where the records are
FOLDER = "@FOLDER@"  # a folder that this process's user owns
FILE = "@FILE@"  # a file in it, likewise
VICTIM = int("@VICTIM@")  # a process of this process's user, outside
GRADER = int("@GRADER@")  # the process that started all
PORT = int("@PORT@")  # somebody listens there, by TCP and UDP
UNIX = "@UNIX@"  # and there
ABSTRACT = "\0@ABSTRACT@"  # and there


def attempt(action):
    """Do it, print whether it was refused, and return what was got."""
    try:
        got = action()
        repr(got)
    except BaseException as error:
        code = _errno.errorcode.get(getattr(error, "errno", None), "")
        print(f"\nrefused: {type(error).__name__} {code} {str(error)[:100]!r}")
        return None
    print(f"\ngot: {repr(got)[:4000]}")
    return got


def syscall(number, *arguments):
    """A system call by its number on x86_64; `OSError` when it fails."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    result = libc.syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), "system call")
    return result


def inside(name):
    """A module of the sandbox's own, which runs beside this one."""
    return _sys.modules[f"grader.sandbox.{name}"]


def doubled(x):
    """The honest part: worth one point."""
    return 2 * x


def take_over(outcome):
    """Answer every request from now on oneself: `outcome` of the request's number is an object or the bytes of one."""
    worker, frame, msgspec = inside("child.worker"), _sys._getframe(), _sys.modules["msgspec"]
    while "request" not in frame.f_locals:
        frame = frame.f_back
    number = frame.f_locals["request"].seq
    while True:
        told = outcome(number)
        raw = msgspec.Raw(told if isinstance(told, bytes) else msgspec.msgpack.encode(told))
        body = msgspec.msgpack.encode({"seq": number, "outcome": raw})
        worker._write(3, len(body).to_bytes(4, "little") + body)
        number = worker._read(3).seq


def returned(value, after=()):
    """The outcome that says that a function returned `value`."""
    return {"type": "returned", "value": value, "after": list(after), "warnings": []}
