"""Reads its own memory map, page map, stack and system call through /proc"""

from facts import *

def vault(x):
    for name in ("maps", "smaps", "pagemap", "stack", "syscall", "mem", "auxv", "environ", "mountinfo", "cgroup", "status"):
        attempt(lambda: open(f"/proc/self/{name}", "rb").read(200))
        attempt(lambda: open(f"/proc/thread-self/{name}", "rb").read(200))
    return x
