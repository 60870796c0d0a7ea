"""Grades the class under attack on every machine that this one can be, and writes `docs/attacks.md`.

    python tests/attacks/run_modes.py [--bwrap PROGRAM] [--user UID] [--keep FOLDER [--only WORD]]

As root, every machine is run as root and as an ordinary user (for whom the interpreter is copied where root's own cannot be reached);
as an ordinary user, only as that. Takes some minutes for each. With `--keep`, machines may be run one at a time: the page is written from
the reports in the folder that are about today's attacks, and names the machines that there is none for.
"""

import argparse
import contextlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parent)]

import msgspec  # noqa: E402
import numpy as np  # noqa: E402
from suite import HERE, REPO, Attack, Report, collect, fingerprint  # noqa: E402
from table import DOCUMENT, Mode, document  # noqa: E402

BWRAP = "with bwrap"
WITHOUT = {
    "all there is": "",
    BWRAP: "",
    "no Landlock": "landlock",
    "no namespaces": "namespaces",
    "neither": "landlock,namespaces",
    "no seccomp": "seccomp",
}
USERS = {"root": None, "ordinary user": 1234}
RAN_ON = f"Linux {platform.release()}, {platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}"
PATIENCE = 1800
_LEFT_OUT = shutil.ignore_patterns(
    "site-packages", "test", "tests", "__pycache__", "config-*", "idlelib", "lib2to3", "ensurepip", "tkinter"
)


def reachable(uid: int, program: Path) -> bool:
    """Whether user `uid` could run `program`."""
    return all(path.stat().st_mode & 0o001 or path.stat().st_uid == uid for path in program.resolve().parents)


@contextlib.contextmanager
def interpreter_for(uid: int) -> Iterator[tuple[str, str]]:
    """An interpreter that user `uid` can run, and what to put on its path."""
    packages = os.pathsep.join(sorted({str(Path(str(module.__file__)).parents[1]) for module in (np, msgspec)}))
    if reachable(uid, Path(sys.executable)):
        yield sys.executable, packages
        return
    version = f"python3.{sys.version_info.minor}"
    with tempfile.TemporaryDirectory(prefix="python-for-") as folder:
        Path(folder).chmod(0o755)
        base = Path(sys.base_prefix)
        for name in (
            f"bin/{version}",
            f"lib/{version}",
            *(str(path.relative_to(base)) for path in base.glob("lib/libpython*.so*")),
        ):
            source, target = base / name, Path(folder) / name
            target.parent.mkdir(exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=_LEFT_OUT)
            else:
                shutil.copy2(source, target)
        yield str(Path(folder) / "bin" / version), packages


@contextlib.contextmanager
def programs(bwrap: Path | None) -> Iterator[str]:
    """A folder with the programs that the sandbox looks for: `bwrap` only where the machine should have it."""
    with tempfile.TemporaryDirectory(prefix="programs-") as folder:
        Path(folder).chmod(0o755)
        for name, program in (("unshare", shutil.which("unshare")), ("bwrap", bwrap)):
            if program:
                Path(folder, name).symlink_to(program)
        yield folder


def run(name: str, suite: str, without: str, user: int | None, bwrap: Path | None) -> Mode:
    """One machine, with the attacks whose fingerprint is `suite`."""
    interpreter = interpreter_for(user) if user is not None else contextlib.nullcontext((sys.executable, ""))
    with interpreter as (python, path), programs(bwrap) as found:
        return _run(name, suite, without, user, python, path, found)


def _run(name: str, suite: str, without: str, user: int | None, python: str, path: str, programs: str) -> Mode:
    command = [sys.executable, str(HERE / "launcher.py"), "--without", without]
    command += [] if user is None else ["--user", str(user)]
    environment = {
        "PATH": programs,
        "PYTHONPATH": f"{REPO}{os.pathsep}{path}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANGUAGE": "en",
        "HOME": "/nonexistent",
    }
    if "seccomp" in without:
        return Mode(name, suite, RAN_ON, None, _refusal(name, [*command, python], environment))
    done = subprocess.run(
        [*command, python, str(HERE / "suite.py")], env=environment, stdout=subprocess.PIPE, cwd="/", timeout=PATIENCE, check=True
    )
    return Mode(name, suite, RAN_ON, msgspec.json.decode(done.stdout, type=Report))


def _refusal(name: str, command: list[str], environment: dict[str, str]) -> str:
    """A machine on which a class must be refused, and `doctor` must say so."""
    main = ["-c", "from grader.cli.entry import main; main()"]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        shutil.copytree(HERE / "course", Path(folder) / "course")
        shutil.copytree(HERE / "course" / "solutions", Path(folder) / "class" / "ana" / "vault")
        graded = subprocess.run(
            [*command, *main, "grade", "class", "--course", "course", "--out", "/nonexistent/results"],
            env=environment, cwd=folder, capture_output=True, text=True, timeout=PATIENCE,
        )  # fmt: skip
        doctor = subprocess.run(
            [*command, *main, "doctor"], env=environment, cwd=folder, capture_output=True, text=True, timeout=PATIENCE
        )
    if (graded.returncode, doctor.returncode) != (2, 1):
        raise SystemExit(f"{name}: grade ended with {graded.returncode}, doctor with {doctor.returncode}\n{graded.stderr}")
    return f"exit code {graded.returncode}, nothing is run; `grader doctor` ends with {doctor.returncode}"


def main() -> None:
    """Run, print what was found, write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--bwrap", type=Path, default=shutil.which("bwrap"), help="to be one machine more (default: that on the path)"
    )
    parser.add_argument("--user", type=int, default=USERS["ordinary user"], help="the ordinary user, when started as root")
    parser.add_argument("--keep", type=Path, help="keep the reports in this folder, and take from it what is there already")
    parser.add_argument(
        "--only", default="", metavar="WORD", help="run only machines with this in their names, none if it is in no name"
    )
    given = parser.parse_args()
    if given.only and not given.keep:
        parser.error("--only needs --keep: the page is written from all reports that are kept")
    attacks = collect()
    suite, root = fingerprint(attacks), os.geteuid() == 0
    modes, missing = [], []
    for who, user in {**USERS, "ordinary user": given.user if root else None}.items():
        for words, without in WITHOUT.items():
            name = f"{who}, {words}"
            mode = kept(given.keep, name, suite)
            runs = given.only in name and (root or who != "root") and (given.bwrap or words != BWRAP)
            if mode is None and runs:
                mode = run(name, suite, without, user, given.bwrap if words == BWRAP else None)
                keep(given.keep, mode)
            if mode is None:
                missing.append(name)
            else:
                modes.append(mode)
                _print(mode, attacks)
    if any(mode.report for mode in modes):
        DOCUMENT.write_text(document(attacks, modes, missing), encoding="utf-8")


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name.replace(' ', '-')}.json"


def kept(folder: Path | None, name: str, suite: str) -> Mode | None:
    """The report on a machine, if one about these attacks is kept."""
    if folder is None or not _file(folder, name).is_file():
        return None
    mode = msgspec.json.decode(_file(folder, name).read_bytes(), type=Mode)
    return mode if mode.suite == suite else None


def keep(folder: Path | None, mode: Mode) -> None:
    """Keep a report, if there is a folder for it."""
    if folder is not None:
        folder.mkdir(exist_ok=True)
        _file(folder, mode.name).write_bytes(msgspec.json.encode(mode))


def _print(mode: Mode, attacks: tuple[Attack, ...]) -> None:
    report = mode.report
    if report is None:
        print(f"{mode.name}: {mode.refusal}", flush=True)
        return
    wrong = [item.student for item in attacks if report.attacks[item.student].score != item.earns]
    leaked = {name: told.leaked for name, told in report.attacks.items() if told.leaked}
    same = report.honest == report.undisturbed
    print(
        f"{mode.name}: {report.facts['sandbox']}, {report.facts['namespaces']}, user {report.facts['user']}; {len(attacks)} attacks;",
        end=" ",
    )
    print(
        f"not what they should earn: {wrong or 'none'}; leaked: {leaked or 'nothing'}; changed: {report.changed or 'nothing'};",
        end=" ",
    )
    print(f"honest grades {'the same' if same else 'OTHERS'}; exit code {report.code}", flush=True)


if __name__ == "__main__":
    main()
