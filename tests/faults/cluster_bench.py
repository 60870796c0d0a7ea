"""A cluster whose workers are replaced when they end, and a class with the records that one undisturbed machine makes of it."""

import signal
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "faults"), str(TESTS / "cluster"), str(TESTS / "cli"), str(TESTS.parent)]

from classroom import command, environment  # noqa: E402
from crowd import answers, make_class, make_course  # noqa: E402
from hosts import Host, Hosts  # noqa: E402
from machines import Machines, Process  # noqa: E402
from processes import below, children, comm, known  # noqa: E402
from record_contents import contents, look  # noqa: E402

WORKERS = 2
TTL = 5.0  # seconds of silence after which the scheduler gives a worker up
PATIENCE = 600.0  # seconds after which a run is taken to hang


class Grid:
    """A scheduler, and a worker in each place, where another one begins when it ends."""

    def __init__(self, folder: Path, hosts: Hosts | None) -> None:
        variables = {"TMPDIR": str(folder), "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": f"{TTL}s"}
        where = {"before": hosts.teacher.before, "host": hosts.teacher.address} if hosts else {}
        folder.mkdir()
        self.machines = Machines(folder, **where, **variables)  # type: ignore[arg-type]
        self.hosts: list[Host | None] = [*hosts.remote] if hosts else [None] * WORKERS
        self.family: set[tuple[int, str]] = set()
        self.folder = folder

    def __enter__(self) -> "Grid":
        try:
            self.machines.__enter__()
            self.workers = [self._begin(place, wait=True) for place in range(WORKERS)]
        except BaseException:
            self.machines.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.note()
        self.machines.__exit__()

    @property
    def whole(self) -> bool:
        """Whether its scheduler is there."""
        return self.machines.scheduler.poll() is None

    def _begin(self, place: int, wait: bool) -> Process:
        host = self.hosts[place]
        return self.machines.worker(*(host.before if host else ()), wait=wait)

    def replace_ended(self) -> None:
        """Begin another worker where one ended."""
        self.note()
        if self.whole:
            self.workers = [
                worker if worker.poll() is None else self._begin(place, wait=False) for place, worker in enumerate(self.workers)
            ]

    def note(self) -> None:
        """Remember which processes there are."""
        self.family |= known(pid for worker in self.machines.processes for pid in (worker.pid, *below(worker.pid)))

    def sandboxes(self) -> list[str]:
        """The processes that workers started and kept."""
        return [comm(child) for worker in self.workers if worker.poll() is None for child in children(worker.pid)]

    def courses(self) -> list[str]:
        """The copies of the course that are there, on every host."""
        search = ["find", str(self.machines.scratch), "-name", "grader-worker-*"]
        commands = [[*(host.before if host else ()), *search] for host in self.hosts]
        return [
            line for one in commands for line in subprocess.run(one, capture_output=True, encoding="utf-8").stdout.splitlines()
        ]

    def said(self, worker: Process) -> str:
        """What a worker logged."""
        return (self.folder / f"{self.machines.processes.index(worker)}.log").read_text()


class Bench:
    """A class and its records from one undisturbed machine. All is in `folder`."""

    def __init__(self, folder: Path, submissions: int, hosts: Hosts | None) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.submissions, self.hosts = folder, submissions, hosts
        self.course = make_course(folder / "course")
        self.class_ = make_class(folder / "class", answers(submissions))
        run = self.start(folder / "undisturbed")
        _, said = run.communicate(timeout=PATIENCE)
        assert run.returncode == 0, said
        self.expected = contents(look(folder / "undisturbed"))
        self._grids = self.classes = 0

    def grid(self) -> Grid:
        """A new cluster."""
        self._grids += 1
        return Grid(self.folder / f"grid{self._grids}", self.hosts)

    def start(self, out: Path, address: str = "") -> "subprocess.Popen[str]":
        """Begin to grade the class, on a cluster if there is an address."""
        arguments = ("grade", self.class_, "--course", self.course, "--out", out)
        more = ("--cluster", address) if address else ("--jobs", 2)
        return subprocess.Popen(
            [*(self.hosts.teacher.before if self.hosts and address else ()), *command(*arguments, *more)],
            env=environment(LANGUAGE="en", DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT="10s"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
