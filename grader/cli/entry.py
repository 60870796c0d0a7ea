"""Where the `grader` command begins and where its errors end.

`check` should answer at once, so its sandbox is started before anything else is imported.
"""

import gc
import os
import sys
import traceback
from typing import NoReturn

from grader.errors import OWN_FAULT, STOPPED, WRONG_USE, SandboxError, UsageError
from grader.text.console_encoding import tolerate


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
    except Exception:
        traceback.print_exc()
        _complain(_said("this is a fault of the grader; please report it with the lines above"), OWN_FAULT)
    sys.exit(0)


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
