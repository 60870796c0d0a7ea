"""How much time the submissions of a class get, so that those that compute or wait without end cannot hold up the others.

Each is first tried with little more than the solution needs. Who needs longer is run again when the others are done, with the full limits
of a submission by itself, unless there are so many of them that the class's own time must be shared: then each gets an equal part.
The parts follow from how many they are, not from how long anything took, so that every run of a class gives the same.
"""

from pathlib import Path

import msgspec

from grader.sandbox.backend import Limits

TIMES = 10.0  # the CPU time of a first try, in that of the solution
LEAST_SECONDS = 0.5  # of CPU time in a first try
TRIAL_IDLE = 0.025  # seconds; a computing child is never idle, and for one that is, a second try is all it costs
CLASS_SECONDS = 3600.0  # for all that compute long, at least
EACH_SECONDS = 5.0  # a submission of the class, where that is more
CLASS_IDLE = 400.0  # for a call of each of those that wait; they are run side by side
LEAST_IDLE = 0.2
MOST_WAITING = 64  # run side by side


def trial(limits: Limits, pace: float) -> Limits:
    """The limits of a first try, where the solution takes `pace` seconds of CPU time."""
    seconds = min(limits.budget_seconds, max(LEAST_SECONDS, TIMES * pace))
    return msgspec.structs.replace(limits, call_seconds=seconds, budget_seconds=seconds, idle_seconds=TRIAL_IDLE, trial=True)


def shared(limits: Limits, submissions: int, slow: int) -> Limits:
    """The limits of those that compute long, of which there are `slow` in a class of so many `submissions`."""
    seconds = max(CLASS_SECONDS, EACH_SECONDS * submissions) / max(slow, 1)
    if seconds >= limits.budget_seconds:
        return limits
    seconds = max(round(seconds, 1), LEAST_SECONDS)
    idle = min(limits.idle_seconds, seconds)
    return msgspec.structs.replace(limits, call_seconds=seconds / 2, budget_seconds=seconds, idle_seconds=idle)


def waiting(limits: Limits, slow: int) -> Limits:
    """The limits of those that wait, of which there are `slow`."""
    seconds = max(LEAST_IDLE, round(CLASS_IDLE / max(slow, 1), 1))
    return msgspec.structs.replace(limits, idle_seconds=min(limits.idle_seconds, seconds))


def together(jobs: int, limits: Limits) -> int:
    """How many that wait can be run side by side: as many as the memory is for, should all of them want it at once."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        available = next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration):
        return jobs
    return max(jobs, min(MOST_WAITING, available // limits.memory))


def told(limits: Limits, given: Limits, slow: int) -> str:
    """The line for an instructor where `slow` submissions got less than the `limits` of one by itself."""
    less = []
    if given.budget_seconds < limits.budget_seconds:
        less.append(f"{given.budget_seconds:g} s of CPU time in place of {limits.budget_seconds:g} s")
    if given.idle_seconds < limits.idle_seconds:
        less.append(f"{given.idle_seconds:g} s of waiting in a call in place of {limits.idle_seconds:g} s")
    return f"{slow} slow submissions shared the class's time, each with {' and '.join(less)}; any of them graded alone gets all of it"
