"""Where the `grader` command begins and where its errors end.

`check` should answer at once, so its sandbox is started before anything else is imported.
"""

import errno
import gc
import os
import sys
import traceback
from typing import NoReturn

from grader.errors import OWN_FAULT, STOPPED, WRONG_USE, SandboxError, UsageError
from grader.text.console_encoding import tolerate

# what a disk or a folder refuses, whatever the command: that of a person's own machine, and not the grader's fault
_NO_ROOM = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}  # Windows has no quotas of this name
_PLACES = {*_NO_ROOM, errno.ENOENT, errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG}


def main() -> NoReturn:
    """Run the command line; every error that a person can fix is one message, not a traceback."""
    tolerate()
    try:
        _run()
    except UsageError as error:
        _complain(str(error), WRONG_USE)
    except SandboxError as error:
        _complain(_said("the sandbox failed: {error}").format(error=error), OWN_FAULT)
    except KeyboardInterrupt:
        _complain(_said("stopped"), STOPPED)
    except BrokenPipeError:
        _leave_quietly()
    except OSError as error:
        if error.errno not in _PLACES or not error.filename or _is_own(error.filename):
            _is_own_fault()
        text = _said("{path} cannot be written or read: {error}. Make room, change its permissions, or choose another place.")
        _complain(text.format(path=error.filename, error=error.strerror), WRONG_USE)
    except Exception:
        _is_own_fault()
    sys.exit(0)


def _is_own(path: object) -> bool:
    """Whether a file is the grader's own: that it is missing is nothing that a person could put right."""
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 (pathlib is slow to import)
    return isinstance(path, str | os.PathLike) and os.path.abspath(path).startswith(own + os.sep)  # noqa: PTH100


def _is_own_fault() -> NoReturn:
    traceback.print_exc()
    _complain(_said("this is a fault of the grader; please report it with the lines above"), OWN_FAULT)


def _run() -> None:
    early = None
    gc.disable()  # while modules are imported, which makes no garbage; the command's own are the last
    if sys.argv[1:2] == ["check"] and not {"-h", "--help"} & set(sys.argv):
        from grader.engine.lockdown import open_sandbox

        early = open_sandbox(weak=True)
        early.start()
    from grader.cli.app import app

    try:
        app(obj=early)
    finally:
        sys.stdout.flush()  # here, where a reader that went away can still be told from a fault


def _leave_quietly() -> NoReturn:
    """The reader of a pipe has seen enough (`grader grade --json | head`): what is still in the buffer goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


def _said(message: str) -> str:
    from grader.text.language import gettext

    return gettext(message)


def _complain(message: str, code: int) -> NoReturn:
    import shutil

    from grader.text.escape import plain  # file names of students may be in it
    from grader.text.from_here import folded, from_here

    text = f"grader: {from_here(plain(message, 10_000))}"
    print(folded(text, shutil.get_terminal_size().columns) if sys.stderr.isatty() else text, file=sys.stderr)
    sys.exit(code)
