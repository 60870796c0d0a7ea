"""Makes shared memory by Python's own modules and by System V"""

from facts import *

import mmap
from multiprocessing import shared_memory


def vault(x):
    attempt(lambda: shared_memory.SharedMemory("grader-attack-shm", create=True, size=4096).name)
    attempt(lambda: open("/dev/shm/grader-attack-shm", "wb").write(b"x"))
    attempt(lambda: syscall(29, 0x67726164, 4096, 0o1666))
    attempt(lambda: mmap.mmap(3, 4096))
    return x
