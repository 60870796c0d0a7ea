"""The attacks as one class: handed in beside honest work, graded by `grader grade`, and the world looked at before and after.

    <family>/<name>.py    a submission that attacks, or (with a function `build`) trusted code that packs one

Of each attack: what it earned, what its attempts got, whether anything secret is in its record. Of the world: files, modes, processes,
sockets, shared memory, keys.
"""

import contextlib
import hashlib
import json
import os
import re
import runpy
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

HERE = Path(__file__).resolve().parent
REPO = HERE.parents[1]
FAMILIES = ("tampering", "reading", "writing", "resources", "leaving", "importing", "text", "archives")
TOPIC, OTHER = "vault", "studio"
NOBODY = 65534
MARK = "grader-attack"  # in the name of everything that an attack makes
SECRETS = ("REFERENCE", "SOLUTION", "SECRET", "NEIGHBOUR", "ENVIRONMENT", "FILE")


class Attack(msgspec.Struct, frozen=True):
    """One file of the suite: its first line says what it `does`, `Earns:` what its honest part is worth (1 by default).

    With `Topic: studio`, it is handed in for what courses have beside numbers: figures, tables, texts, dates, given files, several modules.
    With `Long: yes`, it takes seconds and is left to the run of every mode.
    """

    family: str
    name: str
    does: str
    earns: float
    long: bool
    path: Path
    topic: str = TOPIC

    @property
    def student(self) -> str:
        """Who hands it in."""
        return f"{self.family}-{self.name}"


class Told(msgspec.Struct, frozen=True):
    """The result of one attack.

    Attributes:
        score: None where there is no record, or the grader failed.
        said: everything that its record says, as text.
        tried: the lines «got: …» and «refused: …» that it printed.
        outcomes: of the checks of the exercise that it attacks with.
        leaked: the secrets that are in its record.
    """

    score: float | None
    said: str
    tried: tuple[str, ...]
    outcomes: tuple[str, ...]
    leaked: tuple[str, ...]


class Report(msgspec.Struct, frozen=True):
    """The results of the whole class, and the state of the world around it.

    Attributes:
        facts: the sandbox that it was graded in.
        honest: the grades of honest students, `undisturbed` those that they have without attackers beside them.
        changed: what is not as it was before.
        shown: what `grader grade` and `grader show` print of the class for people, and `lines` what is printed for programs.
    """

    code: int
    stderr: str
    facts: dict[str, str]
    attacks: dict[str, Told]
    honest: dict[str, Any]
    undisturbed: dict[str, Any]
    changed: tuple[str, ...]
    shown: str
    lines: str


def collect(root: Path = HERE) -> tuple[Attack, ...]:
    """Every attack of the suite, by family."""
    return tuple(_attack(family, path) for family in FAMILIES for path in sorted((root / family).glob("*.py")))


def fingerprint(attacks: tuple[Attack, ...]) -> str:
    """What a report is about: the names and the code of the attacks, without what is said of them (`Earns:`)."""
    code = "\0".join(
        part for item in attacks for part in (item.student, item.path.read_text(encoding="utf-8").split('"""', 2)[2])
    )
    return hashlib.sha256(code.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _attack(family: str, path: Path) -> Attack:
    said = path.read_text(encoding="utf-8").split('"""')[1]
    earns = re.search(r"^Earns: (\S+)$", said, re.MULTILINE)
    does, topic = said.splitlines()[0].rstrip("."), OTHER if f"\nTopic: {OTHER}" in said else TOPIC
    return Attack(family, path.stem, does, float(earns[1]) if earns else 1.0, "\nLong: yes" in said, path, topic)


HONEST = """\
import numpy as np
# @NEIGHBOUR@
def doubled(x): return x + x
def vault(x):
    if len(x) == 0: raise ValueError("empty")
    return np.asarray(x) * 0.7310585786300049 + 41.75
"""
HALF = "def doubled(x): return [value * 2 for value in x]\ndef vault(x): return x\n"
NEIGHBOURS = {"aaa-honest": HONEST, "monica-honest": HALF, "reading-a-neighbour": HONEST, "zzz-honest": HONEST}


class World:
    """A course, a class and everything else that an attack could reach, in `folder`. The secrets in it differ from run to run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.course, self.results = folder / "course", folder / "results"
        self.class_, self.quiet = folder / "class", folder / "quiet"
        self.secrets = {name: f"CANARY-{secrets.token_hex(8)}-{name}" for name in SECRETS}
        self.students: dict[str, str] = {}  # under what name an attack was handed in
        self._open = contextlib.ExitStack()

    def __enter__(self) -> "World":
        self.folder.chmod(0o755)
        shutil.copytree(HERE / "course", self.course, ignore=shutil.ignore_patterns("__pycache__"))
        for path in (*(self.course / "reference").glob("*.py"), *(self.course / "solutions").rglob("*.py")):
            path.write_text(self._filled(path.read_text()))
        (self.course / "course.secret").write_text(self.secrets["SECRET"] + "\n")
        own = self.folder / "own"
        own.mkdir()
        self.file = own / "canary"
        self.file.write_text(self.secrets["FILE"])
        self._listeners = [
            self._open.enter_context(socket.create_server(("127.0.0.1", 0))),
            self._open.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)),
            self._open.enter_context(socket.socket(socket.AF_UNIX)),
            self._open.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)),
        ]
        port = self._listeners[0].getsockname()[1]
        self._listeners[1].bind(("127.0.0.1", port))
        self._listeners[2].bind(str(own / "socket"))
        self._listeners[2].listen()
        abstract = f"{MARK}-{secrets.token_hex(4)}"
        self._listeners[3].bind(f"\0{abstract}")
        (own / "socket").chmod(0o777)
        as_child = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        self._victim = subprocess.Popen(["/bin/sleep", "86400"], cwd="/", **as_child)  # type: ignore[call-overload]
        self._open.callback(self._victim.wait)
        self._open.callback(self._victim.kill)
        if os.geteuid() == 0:
            for path in (own, *own.iterdir()):
                os.chown(path, NOBODY, NOBODY)
        self._values: dict[str, object] = {
            "COURSE": self.course,
            "NEIGHBOUR": self.class_ / "aaa-honest" / TOPIC / f"{TOPIC}.py",
            "RESULTS": self.results,
            "FOLDER": own,
            "FILE": self.file,
            "VICTIM": self._victim.pid,
            "GRADER": os.getpid(),
            "PORT": port,
            "UNIX": own / "socket",
            "ABSTRACT": abstract,
        }
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _filled(self, text: str, values: Mapping[str, object] | None = None) -> str:
        for name, value in {**self.secrets, **(values or {})}.items():
            text = text.replace(f"@{name}@", str(value))
        return text

    def hand_in(self, attacks: tuple[Attack, ...]) -> None:
        """Lay the class out: honest work alone in `quiet`, the same with the attacks in `class_`."""
        facts = self._filled((HERE / "facts.py").read_text(), self._values)
        for folder in (self.class_, self.quiet):
            for student, text in NEIGHBOURS.items():
                _write(folder / student / TOPIC / f"{TOPIC}.py", self._filled(text))
            for path in (HERE / "course" / "solutions" / OTHER).glob("*.py"):
                text = path.read_text(encoding="utf-8").replace("@SOLUTION@", "@NEIGHBOUR@")
                _write(folder / "aaa-honest" / OTHER / path.name, self._filled(text))
        for attack in attacks:
            text = attack.path.read_text(encoding="utf-8")
            self.students[attack.student] = attack.student
            if "\ndef build(" in text:
                name = runpy.run_path(str(attack.path))["build"](self.class_, attack.student)
                self.students[attack.student] = name or attack.student
            else:
                _write(self.class_ / attack.student / attack.topic / f"{attack.topic}.py", text)
                _write(self.class_ / attack.student / attack.topic / "facts.py", facts)

    def state(self) -> dict[str, str]:
        """What must be the same afterwards, in words."""
        found = {str(path): _file_state(path) for top in ("course", "class", "own") for path in _files(self.folder / top)}
        for place in ("/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/", str(Path.home())):
            with contextlib.suppress(OSError):
                found |= {str(path): "there" for path in Path(place).glob(f"*{MARK}*") if path != self.folder}
        for place in ("/proc/sysvipc/shm", "/proc/sysvipc/msg", "/proc/sysvipc/sem", "/proc/keys"):
            with contextlib.suppress(OSError):
                lines = Path(place).read_text().splitlines()
                found |= {f"{place}: {line}": "there" for line in lines if MARK in line or str(0x67726164) in line.split()[:1]}
        victim = Path(f"/proc/{self._victim.pid}")
        with contextlib.suppress(OSError):
            fields = (victim / "stat").read_text().rpartition(")")[2].split()
            found["the victim's state"] = fields[0]
            found["the victim's priority"] = " ".join(fields[15:17])
            found["the victim's limits"] = (victim / "limits").read_text()
            found["the victim's cpus"] = str(os.sched_getaffinity(self._victim.pid))
        found["the victim lives"] = str(self._victim.poll() is None)
        for listener in self._listeners:
            listener.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                if listener.type == socket.SOCK_STREAM:
                    listener.accept()[0].close()
                else:
                    listener.recv(100)
                found[f"somebody came to {listener.getsockname()!r}"] = "yes"
        return found


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", errors="surrogateescape")


def _files(top: Path) -> Iterator[Path]:
    yield top
    for folder, folders, files in os.walk(top):
        yield from (Path(folder, name) for name in (*folders, *files))


def _file_state(path: Path) -> str:
    status = path.lstat()
    return f"{status.st_mode:o} {status.st_uid} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"


def attacked(world: World, attacks: tuple[Attack, ...], jobs: int = 2) -> Report:
    """Grade the honest alone, then everybody, and return the report."""
    world.hand_in(attacks)
    quiet = _by_student(_run(world, world.quiet, world.folder / "quiet-results", jobs, "--json")[1])
    before = world.state()
    code, lines, stderr, left = _run(world, world.class_, world.results, jobs, "--json")
    after = world.state()
    grades = _by_student(lines)
    shown = _run(world, world.class_, world.results, jobs)[1] + _shown(world)
    changed = [
        f"{name}: {before.get(name)} → {after.get(name)}" for name in before | after if before.get(name) != after.get(name)
    ]
    changed += [f"still runs: {line}" for line in left]
    kept = b"".join(path.read_bytes() for path in _files(world.results) if path.is_file())
    changed += [f"in the records: {name}" for name, mark in world.secrets.items() if mark.encode() in kept]
    return Report(
        code,
        stderr,
        _facts(),
        {item.student: _told(grades.get(_row(world.students[item.student], item.topic)), world.secrets) for item in attacks},
        {name: grade for name, grade in grades.items() if grade["student"] not in world.students.values()},
        quiet,
        tuple(changed),
        shown,
        lines,
    )


def _by_student(lines: str) -> dict[str, Any]:
    grades = {(grade["student"], grade["assignment"]): grade for grade in map(json.loads, lines.splitlines())}
    return {_row(student, topic): grade for (student, topic), grade in grades.items()}


def _row(student: str, topic: str) -> str:
    """What a grade is called here."""
    return student if topic == TOPIC else f"{student}, {topic}"


def _shown(world: World) -> str:
    """All of the class's table, of which `grade` prints the beginning."""
    command = [sys.executable, "-c", "from grader.cli.entry import main; main()", "show"]
    places = ["--out", str(world.results), "--course", str(world.course)]
    environment = {**os.environ, "PYTHONPATH": f"{REPO}:{os.environ.get('PYTHONPATH', '')}", "LANGUAGE": "en"}
    done = subprocess.run(
        [*command, *places], env=environment, cwd=world.folder, capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout


def _run(world: World, class_: Path, out: Path, jobs: int, *flags: str) -> tuple[int, str, str, list[str]]:
    """The exit code of `grader grade`, what it printed, its complaints, and what it left running."""
    left = world.folder / "left"
    command = [
        sys.executable, "-c", "from grader.cli.entry import main; main()",
        "grade", str(class_), "--out", str(out), "--jobs", str(jobs), "--course", str(world.course), *flags,
    ]  # fmt: skip
    environment = {
        **os.environ,
        "PYTHONPATH": f"{REPO}:{os.environ.get('PYTHONPATH', '')}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANGUAGE": "en",
        "GRADER_CANARY": world.secrets["ENVIRONMENT"],
    }
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        code = subprocess.call(
            [sys.executable, str(HERE / "warden.py"), str(left), *command],
            env=environment,
            cwd=world.folder,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
        )
        said = [os.pread(file.fileno(), 1 << 26, 0).decode("utf-8", "replace") for file in (stdout, stderr)]
    return code, said[0], said[1], left.read_text().splitlines()


def _told(grade: dict[str, Any] | None, marks: Mapping[str, str]) -> Told:
    if grade is None:
        return Told(None, "", (), (), ())
    said = json.dumps(grade, ensure_ascii=False)
    checks = [check for exercise in grade["exercises"] if exercise["name"] != "doubled" for check in exercise["checks"]]
    tried = tuple(dict.fromkeys(line for line in grade["printed"].splitlines() if line.startswith(("got: ", "refused: "))))
    outcomes = tuple(dict.fromkeys(str(check["outcome"]) for check in checks))
    leaked = tuple(name for name, mark in marks.items() if mark in said)
    return Told(grade["score"], said, tried, outcomes, leaked)


def _facts() -> dict[str, str]:
    from grader.sandbox.choose import best_backend
    from grader.sandbox.probe import facts

    with best_backend(weak=True) as backend:
        return facts(backend)


@contextlib.contextmanager
def new_world() -> Iterator[World]:
    """A world in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="class-under-", ignore_cleanup_errors=True) as folder, World(Path(folder)) as world:
        yield world


def main() -> None:
    """Run all of it once; the report as JSON on stdout."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with new_world() as world:
        sys.stdout.buffer.write(msgspec.json.encode(attacked(world, collect())) + b"\n")


if __name__ == "__main__":
    sys.path.insert(0, str(REPO))
    main()
