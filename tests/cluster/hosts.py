"""Machines of a network of their own, on this one: each is a network namespace with an address, a cable to a switch and its own disks.

What runs on such a host reaches another one only over its cable, which can be pulled, and a remote one has empty folders for temporary
files in place of this machine's. Processes are seen from here, so that what is left can be counted. Needs root, and iproute2.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Self

NETWORK = "10.219.46"  # all of it is inside the namespaces
TEMPORARY = ("/tmp", "/var/tmp", "/dev/shm")  # of this machine, which a remote host does not see
PYTHON = (Path(__file__).resolve().parents[2], *map(Path, (sys.prefix, sys.base_prefix)))  # which it has
EMPTY = 'for folder in "$@"; do test ! -d "$folder" || mount -t tmpfs -o mode=1777 tmpfs "$folder" || exit 1; done'
HOLD = f"{EMPTY}; hostname $HOST && ip link set lo up && echo up && exec sleep infinity"


class Host:
    """One of them, which its cable connects with the switch."""

    def __init__(self, number: int, hidden: tuple[str, ...]) -> None:
        """A host begins without a cable, and with nothing in the folders `hidden`."""
        self.number, self.address = number, f"{NETWORK}.{number}"
        apart = ["unshare", "--net", "--mount", "--uts", "--ipc", "--propagation", "private"]
        self._held = subprocess.Popen(
            [*apart, "sh", "-c", HOLD, "sh", *hidden],
            env={**os.environ, "HOST": f"host{number}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        assert self._held.stdout is not None and self._held.stderr is not None
        if self._held.stdout.readline() != "up\n":
            raise AssertionError(f"these tests need root, and iproute2: {self._held.stderr.read()}")
        self.before: tuple[str, ...] = ("nsenter", "--net", "--mount", "--uts", "--ipc", f"--target={self._held.pid}", "--")

    def run(self, *command: object) -> str:
        """Run a command there, which must succeed; what it printed."""
        done = subprocess.run([*self.before, *map(str, command)], capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout

    def sees(self, path: Path) -> bool:
        """Whether a file or folder is there."""
        return subprocess.run([*self.before, "test", "-e", path], check=False).returncode == 0

    def plug(self, switch: "Host") -> None:
        """Lay a cable to the switch."""
        port = f"port{self.number}"
        switch.run("ip", "link", "add", port, "type", "veth", "peer", "name", "cable", "netns", self._held.pid)
        switch.run("ip", "link", "set", port, "master", "switch", "up")
        self.run("ip", "address", "add", f"{self.address}/24", "dev", "cable")
        self.run("ip", "link", "set", "cable", "up")

    def unplug(self, pulled: bool = True) -> None:
        """Pull the cable, or put it back."""
        self.run("ip", "link", "set", "cable", "down" if pulled else "up")

    def close(self) -> None:
        """Let go of it; the namespaces end with the last process in them."""
        self._held.send_signal(signal.SIGKILL)
        self._held.communicate()


class Hosts:
    """The teacher's host, on which the class is, and remote ones. Use as a context manager."""

    def __init__(self, remote: int = 2, hidden: tuple[Path, ...] = ()) -> None:
        """The remote ones do not see the folders `hidden` either."""
        self._switch = Host(1, ())
        self._switch.run("ip", "link", "add", "switch", "type", "bridge")
        self._switch.run("ip", "link", "set", "switch", "up")
        self.teacher = Host(2, ())
        empty = [folder for folder in TEMPORARY if not any(place.is_relative_to(folder) for place in PYTHON)]
        self.remote = [Host(3 + number, (*empty, *map(str, hidden))) for number in range(remote)]
        for host in (self.teacher, *self.remote):
            host.plug(self._switch)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for host in (*self.remote, self.teacher, self._switch):
            host.close()
