"""What is installed where."""

import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

from grader.feedback.html import TEMPLATES

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_wheel_holds_the_grader_alone(tmp_path: Path) -> None:
    """A student who installs the wheel receives neither the reference nor the solutions, nor any topic."""
    source = tmp_path / "source"
    for folder in ("grader", "reference", "solutions", "assignments"):
        shutil.copytree(ROOT / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, source)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("dl_grader-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"grader", f"dl_grader-{PROJECT['version']}.dist-info"}
    assert "grader/cli/app.py" in names
    assert {"grader/py.typed", *(path.relative_to(ROOT).as_posix() for path in TEMPLATES.iterdir())} <= set(names)


def test_students_install_little() -> None:
    """The base dependencies are numpy, msgspec, typer, rich, jinja2, and on Linux pyseccomp."""
    names = {dependency.split(">")[0].split(";")[0].strip() for dependency in PROJECT["dependencies"]}
    assert names == {"numpy", "msgspec", "typer", "rich", "jinja2", "pyseccomp"}
