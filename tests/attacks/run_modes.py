"""Grades the class under attack on every machine that this one can be, and writes `docs/attacks.md`.

    python tests/attacks/run_modes.py [--bwrap PROGRAM] [--user UID] [--only WORD] [--keep FOLDER]

As root, every machine is run as root and as an ordinary user (for whom the interpreter is copied where root's own cannot be reached);
as an ordinary user, only as that. Takes some minutes.
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
from suite import HERE, REPO, Report, collect  # noqa: E402
from table import DOCUMENT, Mode, document  # noqa: E402

WITHOUT = {
    "all there is": "",
    "no Landlock": "landlock",
    "no namespaces": "namespaces",
    "neither": "landlock,namespaces",
    "no seccomp": "seccomp",
}
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
            (Path(folder) / name).parent.mkdir(exist_ok=True)
            copy = shutil.copytree if (base / name).is_dir() else shutil.copy2
            copy(base / name, Path(folder) / name, **({"ignore": _LEFT_OUT} if copy is shutil.copytree else {}))  # type: ignore[operator]
        yield str(Path(folder) / "bin" / version), packages


def run(name: str, without: str, user: int | None, python: str, path: str, bwrap: Path | None) -> Mode:
    """One machine."""
    command = [sys.executable, str(HERE / "launcher.py"), "--without", without]
    command += [] if user is None else ["--user", str(user)]
    environment = {
        "PATH": os.pathsep.join([*([str(bwrap.parent)] if bwrap else []), "/usr/local/bin", "/usr/bin", "/bin"]),
        "PYTHONPATH": f"{REPO}{os.pathsep}{path}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANGUAGE": "en",
        "HOME": "/nonexistent",
    }
    if "seccomp" in without:
        return _refused(name, [*command, python], environment)
    done = subprocess.run(
        [*command, python, str(HERE / "suite.py")], env=environment, stdout=subprocess.PIPE, cwd="/", timeout=PATIENCE, check=True
    )
    return Mode(name, msgspec.json.decode(done.stdout, type=Report))


def _refused(name: str, command: list[str], environment: dict[str, str]) -> Mode:
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
    return Mode(name, None, f"exit code {graded.returncode}, nothing is run; `grader doctor` ends with {doctor.returncode}")


def main() -> None:
    """Run, print what was found, write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bwrap", type=Path, help="a bwrap that is not on the path, to be one machine more")
    parser.add_argument("--user", type=int, default=1234, help="the ordinary user, when started as root")
    parser.add_argument("--only", default="", help="only machines with this in their names; the page is then not written")
    parser.add_argument("--keep", type=Path, help="keep the reports in this folder, and take from it what is there already")
    given = parser.parse_args()
    attacks = collect()
    root = os.geteuid() == 0
    modes = []
    for user in (None, given.user) if root else (None,):
        who = "ordinary user" if user is not None or not root else "root"
        ordinary = interpreter_for(user) if user is not None else contextlib.nullcontext((sys.executable, ""))
        machines = [(words, without, None) for words, without in WITHOUT.items()]
        machines[1:1] = [("with bwrap", "", given.bwrap)] if given.bwrap else []
        with ordinary as (python, path):
            for words, without, bwrap in machines:
                name = f"{who}, {words}"
                if given.only not in name:
                    continue
                kept = (given.keep or Path(os.devnull)) / f"{name.replace(' ', '-')}.json"
                if kept.is_file():
                    modes.append(msgspec.json.decode(kept.read_bytes(), type=Mode))
                else:
                    modes.append(run(name, without, user, python, path, bwrap))
                _print(modes[-1], attacks)
                if given.keep:
                    given.keep.mkdir(exist_ok=True)
                    kept.write_bytes(msgspec.json.encode(modes[-1]))
    if not given.only:
        machine = f"Linux {platform.release()}, {platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}"
        DOCUMENT.parent.mkdir(exist_ok=True)
        DOCUMENT.write_text(document(attacks, modes, machine), encoding="utf-8")


def _print(mode: Mode, attacks: tuple) -> None:  # type: ignore[type-arg]
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
