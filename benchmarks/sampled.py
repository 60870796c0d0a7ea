"""`grader`, with samples of where its sandbox spends its CPU time: `python benchmarks/sampled.py FOLDER ARGUMENT …`.

At every tick of the kernel's clock, the process that runs gets a signal, and its handler notes the stack in a file that is mapped, so that
it needs no descriptor: a zygote in the file's first part, each child in a slot of its own. A child takes a few ticks, or none at all; many
of them together say where the time goes. How much there is in all is noted where a process starts, after each answer, and by the zygote
that has reaped it: what comes after the last answer is the process's end.

Only for measurements: a child shares a file here that it may write.
"""

import atexit
import itertools
import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.sampled_threads import Threads

SLOT = 1 << 18  # bytes for the samples of one child
OWN = 256  # slots that are the zygote's own
SLOTS = 4096

# In the zygote, before anything of the grader is imported there. Its sizes and descriptor are filled in.
IN_ZYGOTE = """
def _sample():
    import ctypes, mmap, os, signal, struct, time
    room = mmap.mmap({fd}, {slots} * {size})
    os.close({fd})
    head, sample = struct.Struct("<Qddd"), struct.Struct("<H")  # the bytes of all samples, CPU seconds (see `Slot`); the bytes of one
    clock, libc = time.process_time, ctypes.CDLL(None)
    event = struct.pack("<QiiQQQQQQ", 0, signal.SIGPROF, 0, *[0] * 6)  # a sigevent: the signal, and that it goes to the process
    every = struct.pack("<qqqq", 0, 1000, 0, 1000)  # every tick: the kernel does not look more often
    forks, slots, state = {own} - 1, {{}}, [0, 0, False]  # where samples go, how many bytes there are, and whether one is noted now

    def start(slot):
        state[:] = slot * {size}, 0, False
        head.pack_into(room, state[0], 0, clock(), clock(), 0.0)
        signal.signal(signal.SIGPROF, note)
        timer = ctypes.c_void_p()  # not `setitimer`, which is silent for the first ticks
        libc.timer_create(time.CLOCK_PROCESS_CPUTIME_ID, event, ctypes.byref(timer))
        libc.timer_settime(timer, 0, every, None)

    def note(number, frame):
        if state[2]:  # the signal came again meanwhile
            return
        state[2] = True
        names, line = [], frame.f_lineno
        while frame is not None:
            code = frame.f_code
            names.append(code.co_filename + ":" + code.co_qualname)
            frame = frame.f_back
        text = (";".join(reversed(names)) + ";" + str(line)).encode("utf-8", "replace")[:65535]
        place = state[0] + head.size + state[1]
        if place + sample.size + len(text) < state[0] + ({size} if state[0] else {own} * {size}):
            sample.pack_into(room, place, len(text))
            room[place + sample.size : place + sample.size + len(text)] = text
            state[1] += sample.size + len(text)
            struct.pack_into("<Q", room, state[0], state[1])
        state[2] = False

    def before():
        nonlocal forks
        forks += 1

    def wait(pid, options, wait4=os.wait4):
        found = wait4(pid, options)
        if pid in slots:
            struct.pack_into("<d", room, slots.pop(pid) * {size} + 24, found[2].ru_utime + found[2].ru_stime)
        struct.pack_into("<d", room, 16, clock())
        return found

    def write(fd, data, write=os.write):
        count = write(fd, data)
        struct.pack_into("<d", room, state[0] + 16, clock())
        return count

    def fork(fork=os.fork):
        pid = fork()
        if pid:
            slots[pid] = forks
        return pid

    os.fork, os.wait4, os.write = fork, wait, write
    os.register_at_fork(before=before, after_in_child=lambda: forks < {slots} and start(forks))
    start(0)

_sample()
del _sample
"""


class _Popen(subprocess.Popen[Any]):
    """Has every zygote sample itself and its children."""

    folder: Path
    numbers = itertools.count()

    def __init__(self, command: Any, *rest: Any, **options: Any) -> None:
        if not isinstance(command, list) or "grader.sandbox.linux.zygote" not in command:
            super().__init__(command, *rest, **options)
            return
        role = "readers" if "grader.submissions.reading_process" in command else "children"
        file = self.folder / f"{role}-{next(self.numbers)}.samples"
        fd = os.open(file, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        os.ftruncate(fd, SLOTS * SLOT)  # nearly all of it is never written
        code = command.index("-c") + 1
        sampler = IN_ZYGOTE.format(fd=fd, slots=SLOTS, own=OWN, size=SLOT)
        command = [*command[:code], sampler + command[code], *command[code + 1 :]]
        options["pass_fds"] = (*options["pass_fds"], fd)
        super().__init__(command, *rest, **options)
        os.close(fd)


def main() -> None:
    """Run the command of the checkout in the current directory."""
    sys.path[0] = str(Path.cwd())
    _Popen.folder = Path(sys.argv[1])
    subprocess.Popen = _Popen  # type: ignore[misc, assignment]
    atexit.register(Threads((_Popen.folder / "main.samples").open("w", encoding="utf-8")).end)
    sys.argv[:] = ["grader", *sys.argv[2:]]
    runpy.run_module("grader", run_name="__main__")


if __name__ == "__main__":
    main()
