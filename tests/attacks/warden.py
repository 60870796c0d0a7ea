"""Runs a command and says what it left behind: every orphan of it becomes this process's child, whatever session it is in.

python warden.py REPORT COMMAND…      writes the command lines of what still runs after the command has ended, one a line
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_LEAVING = 60.0  # seconds in which a sandbox may still be ending, on a very busy machine too


def below(parent: int) -> dict[int, str]:
    """The processes below `parent` that have not ended, with their command lines."""
    parents, names = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, ppid = stat.read_text().rpartition(")")[2].split()[:2]
            name = stat.with_name("cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if state != "Z":
            parents[int(stat.parent.name)], names[int(stat.parent.name)] = int(ppid), name
    found, grown = {parent}, True
    while grown:
        more = {pid for pid, above in parents.items() if above in found} - found
        found |= more
        grown = bool(more)
    return {pid: names[pid] for pid in found - {parent}}


def main() -> None:
    """Run, wait, look, clean up."""
    report, command = Path(sys.argv[1]), sys.argv[2:]
    if ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError("orphans cannot be caught here")
    code = subprocess.call(command)
    deadline = time.monotonic() + _LEAVING
    while (left := below(os.getpid())) and time.monotonic() < deadline:
        time.sleep(0.02)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    report.write_text("".join(f"{name[:300]}\n" for name in left.values()))
    sys.exit(code)


if __name__ == "__main__":
    main()
