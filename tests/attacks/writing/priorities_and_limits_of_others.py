"""Changes priorities, limits and processors of others"""

from facts import *

import os
import resource


def vault(x):
    for pid in (os.getppid(), VICTIM, GRADER):
        attempt(lambda: os.setpriority(os.PRIO_PROCESS, pid, 19) or "set")
        attempt(lambda: resource.prlimit(pid, resource.RLIMIT_CPU, (1, 1)))
        attempt(lambda: os.sched_setaffinity(pid, {0}) or "set")
        attempt(lambda: os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0)) or "set")
        attempt(lambda: syscall(251, 1, pid, 0x6000))
    return x
