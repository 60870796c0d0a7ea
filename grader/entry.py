"""Where the `grader` command begins and where its errors end.

`check` should answer at once, so its sandbox is started before anything else is imported.
"""

import sys
from typing import NoReturn

from grader.errors import UsageError

WRONG_USE, OWN_FAULT, STOPPED = 2, 3, 130


def main() -> NoReturn:
    """Run the command line; every error that a person can mend is one message, not a traceback."""
    from grader.errors import SandboxError

    try:
        early = None
        if sys.argv[1:2] == ["check"] and "--help" not in sys.argv:
            from grader.sandbox.choose import best_backend

            early = best_backend(weak=True)
            early.start()
        from grader.cli import app

        app(obj=early)
    except UsageError as error:
        _complain(str(error), WRONG_USE)
    except SandboxError as error:
        _complain(f"the sandbox failed: {error}", OWN_FAULT)
    except KeyboardInterrupt:
        _complain("stopped", STOPPED)
    sys.exit(0)


def _complain(message: str, code: int) -> NoReturn:
    from grader.report.escape import plain  # file names of students may be in it

    print(f"grader: {plain(message, 10_000)}", file=sys.stderr)
    sys.exit(code)
