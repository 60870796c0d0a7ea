"""A control group of Linux for some processes of a benchmark: a share of a processor for all of them, and an end that none outlives.

Version 1 has a folder for limits (`/sys/fs/cgroup/cpu`) and mostly another one for what was used (`cpuacct`), version 2 one for everything.
Each needs root.
"""

import contextlib
import os
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path("/sys/fs/cgroup")
PERIOD: Final = 100_000  # microseconds, in each of which a group gets its share
TIMES: Final = 16  # as much as one other process gets, up to its share: what else the machine does shall not count
END_SECONDS: Final = 20.0  # that processes may take to end once they are killed
_ENTER = 'while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs" || exit 70; shift; done; shift; exec "$@"'


class NoGroupsError(Exception):
    """This machine has no control groups for processors, or this user may not make one."""


class Group:
    """A control group, and what runs in it."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Its folder, for limits, and the one for what was used where that is another."""
        self._folders = folders
        self._old = (folders[0] / "cpu.cfs_quota_us").exists()

    def inside(self, command: Sequence[str]) -> list[str]:
        """The command that runs `command`, and all that it starts, in this group."""
        return ["sh", "-c", _ENTER, "enter", *map(str, self._folders), "--", *command]

    @property
    def seconds(self) -> float:
        """Of processors, that all which runs or ran in it used."""
        if self._old:
            return int((self._folders[-1] / "cpuacct.usage").read_text()) / 1e9
        found = dict(line.split() for line in (self._folders[0] / "cpu.stat").read_text().splitlines())
        return int(found["usage_usec"]) / 1e6

    def limit(self, share: float | None) -> None:
        """Give all its processes together that share of one processor; None is all that they want."""
        if self._old:
            (self._folders[0] / "cpu.cfs_period_us").write_text(str(PERIOD))
            (self._folders[0] / "cpu.cfs_quota_us").write_text("-1" if share is None else str(int(share * PERIOD)))
            (self._folders[0] / "cpu.shares").write_text(str(1024 * TIMES))
        else:
            (self._folders[0] / "cpu.max").write_text(f"{'max' if share is None else int(share * PERIOD)} {PERIOD}")
            (self._folders[0] / "cpu.weight").write_text(str(100 * TIMES))

    def remove(self) -> None:
        """Kill everything in it, and remove it."""
        self.limit(None)  # what has used up its share would end late
        deadline = time.monotonic() + END_SECONDS
        for folder in self._folders:
            while folder.exists():
                for process in (folder / "cgroup.procs").read_text().split():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(int(process), signal.SIGKILL)
                try:
                    folder.rmdir()
                except OSError:  # they are ending
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.05)


@contextlib.contextmanager
def group(name: str, share: float | None = None) -> Iterator[Group]:
    """A new group with its share of one processor (None: no limit), which is gone afterwards with all that ran in it.

    Raises:
        NoGroupsError: there are none here.
    """
    folders = [above / f"{name}-{os.getpid()}" for above in _above()]
    made = []
    try:
        for folder in folders:
            folder.mkdir()
            made.append(folder)
    except OSError as error:
        for folder in made:
            folder.rmdir()
        raise NoGroupsError(f"no control group can be made in {folders[0].parent} ({error.strerror}): it needs root") from None
    found = Group(folders)
    try:
        found.limit(share)
        yield found
    finally:
        found.remove()


def _above() -> list[Path]:
    """Where groups are made, as `Group` takes them."""
    if (ROOT / "cpu" / "cgroup.procs").exists():
        limits, used = (ROOT / "cpu").resolve(), (ROOT / "cpuacct").resolve()  # often links to one folder of both
        return [limits] if limits == used else [limits, used]
    given = ROOT / "cgroup.subtree_control"
    if not given.exists():
        raise NoGroupsError(f"{ROOT} has no control groups for processors")
    if "cpu" not in given.read_text().split():
        raise NoGroupsError(f"groups have no shares of processors here; as root: echo +cpu > {given}")
    return [ROOT]
