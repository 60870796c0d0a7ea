"""A class is graded by workers on other hosts, which share neither a loopback nor a file with the teacher's, as on one machine."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from classroom import PATIENCE, command, copy_course, environment, eventually, made, scaling, submitted_at
from hosts import Host, Hosts
from machines import ANSWERS, Machines
from record_contents import contents, look

OWN_ANSWERS = ANSWERS | {
    "asks": scaling("import socket\nsocket.create_connection(('10.219.46.2', 22), 1)\nreturn x * factor"),
    "reads": scaling("return [len(open('/etc/hostname').read())]"),
}
TIMES = 4  # each of those that are quick


class Lab:
    """The teacher's host with a course, a class and a scheduler, and two remote ones with a worker each."""

    def __init__(self, folder: Path, hosts: Hosts, machines: Machines) -> None:
        self.folder, self.hosts, self.machines = folder, hosts, machines
        self.course = copy_course(folder / "course")
        for kind, text in OWN_ANSWERS.items():
            for number in range(TIMES if kind != "endless" else 1):
                submitted_at(folder / "class", f"{kind}{number}", text=text)
        self.workers = [machines.worker(*host.before) for host in hosts.remote]

    def grade(self, out: Path, *more: object) -> "subprocess.Popen[str]":
        """Begin to grade the class, on the teacher's host."""
        arguments = ("grade", self.folder / "class", "--course", self.course, "--out", out, *more)
        return subprocess.Popen(
            [*self.hosts.teacher.before, *command(*arguments)],
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def graded(self, out: Path) -> str:
        """Grade it on the cluster, to the end; what was said."""
        run = self.grade(out, "--cluster", self.machines.address)
        _, said = run.communicate(timeout=PATIENCE)
        assert run.returncode == 0, said
        return said


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Made once; each test leaves two workers."""
    folder = tmp_path_factory.mktemp("lab")
    with (
        Hosts(hidden=(folder,)) as hosts,
        Machines(folder / "machines", before=hosts.teacher.before, host=hosts.teacher.address) as machines,
    ):
        yield Lab(folder, hosts, machines)


@pytest.fixture(scope="module")
def alone(lab: Lab) -> dict[tuple[str, str], bytes]:
    """The records of one machine."""
    run = lab.grade(lab.folder / "alone")
    _, said = run.communicate(timeout=PATIENCE)
    assert run.returncode == 0, said
    return contents(look(lab.folder / "alone"))


def test_the_hosts_share_no_file(lab: Lab) -> None:
    """Course, class and records are the teacher's alone."""
    lab.graded(lab.folder / "out")
    places = (lab.course, lab.folder / "class", lab.folder / "out")
    assert [lab.hosts.teacher.sees(place) for place in places] == [True] * 3
    assert [host.sees(place) for host in lab.hosts.remote for place in places] == [False] * 6


def test_the_hosts_share_no_loopback(lab: Lab) -> None:
    """Each is known by an address of its own."""
    said = lab.graded(lab.folder / "shared")
    assert all(f"tcp://{host.address}:" in said for host in lab.hosts.remote)


def test_the_records_are_those_of_one_machine(lab: Lab, alone: dict[tuple[str, str], bytes], tmp_path: Path) -> None:
    """Byte for byte but for timings."""
    lab.graded(tmp_path)
    assert contents(look(tmp_path)) == alone


def test_a_host_that_loses_its_cable_loses_nothing(lab: Lab, alone: dict[tuple[str, str], bytes], tmp_path: Path) -> None:
    """What it had goes to the other one, and a late answer of its is not counted twice."""
    out, cut = tmp_path / "out", lab.hosts.remote[0]
    run = lab.grade(out, "--cluster", lab.machines.address)
    eventually(lambda: len(made(out)) >= 4, run)
    _outage(lab, cut, run)
    assert (run.returncode, contents(look(out))) == (0, alone)


def _outage(lab: Lab, cut: Host, run: "subprocess.Popen[str]") -> None:
    """Pull a host's cable until the run is over; its worker ends once it hears that it was given up, and another begins."""
    cut.unplug()
    try:
        run.communicate(timeout=PATIENCE)
    finally:
        cut.unplug(pulled=False)
    lab.workers[0].wait(PATIENCE)
    lab.workers[0] = lab.machines.worker(*cut.before)
