"""Runs `grader` (or, as `-m pytest`, pytest) as on a system that is not Unix: without fork, rlimits, alarms and what else is Unix's.

Only what Python offers is taken away, here and in the child that runs student code; the kernel is Linux's. Other packages and the standard
library are imported first, since they choose their own ways by the system.
"""

import os
import pathlib
import runpy
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import zoneinfo

import numpy.random
import rich.console
import rich.table
import typer

TAKEN_AWAY = """\
import os, signal, sys
for name in ("fork", "forkpty", "wait4", "wait3", "pidfd_open", "sched_getaffinity", "fchmod", "chown", "getuid",
             "setuid", "getpgid", "mkfifo", "memfd_create"):
    vars(os).pop(name, None)
for name in ("SIGALRM", "SIGVTALRM", "SIGXCPU", "setitimer", "alarm", "ITIMER_VIRTUAL", "pidfd_send_signal"):
    vars(signal).pop(name, None)
for name in ("resource", "fcntl", "termios", "pwd", "grp", "pyseccomp"):
    sys.modules[name] = None
"""


def main() -> None:
    """Take away what another system has not, and go on as the command line says."""
    wait4 = os.wait4
    if sys.argv[1:2] == ["-m"]:
        import pytest  # noqa: F401
        import xdist  # noqa: F401
    exec(TAKEN_AWAY)
    from grader.sandbox import launch

    launch._BOOT = TAKEN_AWAY + launch._BOOT
    module, arguments, sys.platform = "grader", sys.argv[1:], "win32"  # as the grader asks from here on
    if arguments[:1] == ["-m"]:
        module, arguments, sys.platform = arguments[1], arguments[2:], "darwin"  # pytest would look for a console of Windows
        os.wait4 = wait4
        del sys.modules["resource"]  # which macOS has, too
    sys.argv[:] = [module, *arguments]
    runpy.run_module(module, run_name="__main__")


if __name__ == "__main__":
    assert all((os, pathlib, shutil, signal, subprocess, tempfile, threading, zoneinfo, numpy, rich, typer))  # before that
    main()
