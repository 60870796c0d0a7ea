"""Samples of where the threads of this process spend their CPU time: each has a timer, whose signal it gets itself, at every tick.

`faulthandler` writes where a thread is from within the signal. A handler in Python would run later, and in the main thread, which mostly
waits; a thread that looks at the others would come when they have gone on to where they wait.
"""

import ctypes
import faulthandler
import re
import signal
import struct
import threading
import time
from collections import Counter
from pathlib import Path
from typing import IO

_TO_A_THREAD = 4
_EVENT = struct.Struct("<QiiiiQQQQQ")  # sigevent: a value, the signal, how it is sent, and to which thread
_EVERY = struct.pack("<qqqq", 0, 1000, 0, 1000)  # every tick: the kernel does not look more often
_FRAME = re.compile(r'  File "(.*)", line (\S+) in (.*)')


class Threads:
    """Samples from now on, until `end`.

    Args:
        file: gets the samples; at its end, the CPU seconds of this process.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file, self._timers = file, list[ctypes.c_void_p]()
        faulthandler.register(signal.SIGPROF, file=file, all_threads=False)
        self._start()
        run = threading.Thread.run

        def sampled(thread: threading.Thread) -> None:
            self._start()
            run(thread)

        threading.Thread.run = sampled  # type: ignore[method-assign, assignment]

    def end(self) -> None:
        """Sample no more."""
        for timer in self._timers:
            ctypes.CDLL(None).timer_delete(timer)
        self._file.write(f"{time.process_time()}\n")
        self._file.flush()

    def _start(self) -> None:
        """Sample this thread."""
        libc, timer = ctypes.CDLL(None), ctypes.c_void_p()
        event = _EVENT.pack(0, signal.SIGPROF, _TO_A_THREAD, threading.get_native_id(), 0, *[0] * 5)
        libc.timer_create(time.CLOCK_THREAD_CPUTIME_ID, event, ctypes.byref(timer))
        libc.timer_settime(timer, 0, _EVERY, None)
        self._timers.append(timer)


def read(file: Path) -> tuple[float, Counter[str]]:
    """CPU seconds of the process, and how often each stack was seen: files and functions with what is called last, then a line."""
    found: Counter[str] = Counter()
    *samples, seconds = file.read_text("utf-8", "replace").rstrip().rsplit("\n", 1)
    for sample in re.split(r"^(?:Stack|Current thread).*\n", "".join(samples), flags=re.MULTILINE):
        if frames := _FRAME.findall(sample):
            found[";".join([*(f"{path}:{function}" for path, _, function in reversed(frames)), frames[0][1]])] += 1
    return float(seconds), found
