"""From a child's exit status to the outcome that a student reads.

Once its setup is complete, whatever ends a child is its own doing. One thing is not: SIGKILL where it is locked down. Nothing that it may
call sends a signal, so that the kernel's limit on CPU time or somebody outside has sent it (a person, or the kernel when the machine has
no memory left). It was the limit if the child has used up much of it, or if it made it lower than it was set, which is seen from outside.
"""

import signal

from grader.errors import SandboxError
from grader.sandbox.backend import Limits
from grader.sandbox.control import EXIT_MEMORY, EXIT_SETUP, Reaped
from grader.sandbox.outcome import Died, Outcome, OutOfMemory, TimedOut
from grader.text.language import marked

_MEANING = {
    "SIGSEGV": marked("signal {detail}: a crash in compiled code, often endless recursion"),
    "SIGBUS": marked("signal {detail}: a crash in compiled code"),
    "SIGFPE": marked("signal {detail}: a crash in compiled code: division of integers by zero"),
    "SIGILL": marked("signal {detail}: a crash in compiled code"),
    "SIGABRT": marked("signal {detail}: compiled code gave up"),
    "SIGSYS": marked("signal {detail}: a forbidden system call"),
    "SIGXCPU": marked("signal {detail}: beyond the limit on CPU time that it set itself"),
}
_BROKEN = marked("broke the protocol: {detail}")


_COUNTED = (
    0.5  # the least part of a limit that a child has used at the limit: the kernel counts in ticks, which may be twice as much
)


def outcome_of_exit(ended: Reaped, limits: Limits, *, ready: bool, locked_down: bool, lowered: bool, output: str) -> Outcome:
    """The outcome of a child that ended by itself.

    Args:
        ready: whether its setup was complete, so that the student's code may have run.
        locked_down: whether it could send no signal, not even to itself.
        lowered: whether it lowered its own limit on CPU time.
        output: what it printed; before `ready`, that is the sandbox's own traceback.

    Raises:
        SandboxError: something other than the student's code ended it.
    """
    if not ready:
        last = output.strip().splitlines()[-1:] or [f"status {ended.status}"]
        raise SandboxError(f"a child could not be locked down: {last[0]}")
    if ended.status == EXIT_MEMORY:
        return OutOfMemory(limits.memory)
    by_limit = ended.status in (-signal.SIGKILL, -signal.SIGXCPU)
    if by_limit and lowered:
        return Died(_MEANING["SIGXCPU"], signal.Signals(-ended.status).name)
    if by_limit and ended.cpu_seconds >= _COUNTED * limits.budget_seconds:
        return TimedOut(limits.budget_seconds, "budget")
    if ended.status == -signal.SIGKILL and locked_down:
        raise SandboxError("a child was killed from outside: has the machine run out of memory?")
    if ended.status == EXIT_SETUP:
        return Died(marked("broke the program that runs it"))
    if ended.status >= 0:
        return Died(marked("exit code {detail}: it ended the program (os._exit)"), str(ended.status))
    try:
        name = signal.Signals(-ended.status).name
    except ValueError:
        name = str(-ended.status)
    return Died(_MEANING.get(name, marked("signal {detail}")), name)


def broke_protocol(problem: object) -> Died:
    """The outcome of a child that sent an invalid message or closed its channel."""
    return Died(_BROKEN, str(problem))
