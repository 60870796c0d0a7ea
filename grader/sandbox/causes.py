"""From the way a child ended to the outcome that a student reads."""

import signal

from grader.errors import SandboxError
from grader.sandbox.backend import Limits
from grader.sandbox.control import EXIT_MEMORY, EXIT_SETUP, Reaped
from grader.sandbox.outcome import Died, Outcome, OutOfMemory, TimedOut

_MEANING = {
    "SIGSEGV": "a crash in compiled code, often endless recursion",
    "SIGBUS": "a crash in compiled code",
    "SIGFPE": "a crash in compiled code: division of integers by zero",
    "SIGILL": "a crash in compiled code",
    "SIGABRT": "compiled code gave up",
    "SIGSYS": "a forbidden system call",
}


def cause_of_death(ended: Reaped, limits: Limits, *, ready: bool, sealed: bool, said: str) -> Outcome:
    """The outcome of a child that ended by itself.

    Args:
        ended: how it ended.
        limits: what it was allowed.
        ready: whether it had been locked down, so that the student's code may have run.
        sealed: whether it was kept from killing itself, so that SIGKILL can only have come from elsewhere.
        said: what it printed, which before `ready` is the sandbox's own traceback.

    Raises:
        SandboxError: it was not the student's code that ended it.
    """
    if not ready:
        last = said.strip().splitlines()[-1:] or [_words(ended.status)]
        raise SandboxError(f"a child could not be locked down: {last[0]}")
    if ended.status == EXIT_MEMORY:
        return OutOfMemory(limits.memory)
    if ended.status in (-signal.SIGKILL, -signal.SIGXCPU) and ended.cpu_seconds >= limits.budget_seconds:
        return TimedOut(limits.budget_seconds, "budget")
    if ended.status == -signal.SIGKILL and sealed:
        raise SandboxError("a child was killed from outside: has the machine run out of memory?")
    if ended.status == EXIT_SETUP:
        return Died("broke the program that runs it")
    return Died(_words(ended.status))


def _words(status: int) -> str:
    if status >= 0:
        return f"exit code {status}: it ended the program (os._exit)"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = str(-status)
    meaning = _MEANING.get(name)
    return f"signal {name}" + (f": {meaning}" if meaning else "")
