"""Leaves shared memory, message queues and semaphores behind"""

from facts import *

import mmap


def vault(x):
    attempt(lambda: syscall(29, 0x67726164, 4096, 0o1666))
    attempt(lambda: syscall(68, 0x67726164, 0o1666))
    attempt(lambda: syscall(64, 0x67726164, 1, 0o1666))
    attempt(lambda: syscall(240, b"grader-attack", 0o101, 0o666, None))
    attempt(lambda: open("/dev/shm/grader-attack", "w"))

    def multiprocessing():
        from multiprocessing import shared_memory

        return shared_memory.SharedMemory("grader-attack", create=True, size=4096).name

    attempt(multiprocessing)
    return x
