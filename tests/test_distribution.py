"""What is installed where."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from grader.feedback.html import TEMPLATES
from grader.text.translations import compiled

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
GUIDES = [str(path.relative_to(ROOT)) for path in (ROOT / "docs" / "authors.md", *(ROOT / "docs" / "authors").glob("*.md"))]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the source."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in ("grader", "reference", "solutions", "assignments"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    for file in ("pyproject.toml", "MANIFEST.in", "build_catalogs.py", "README.md", "LICENSE", *GUIDES):
        (source / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, source / file)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("dl_grader-*.whl")
    return built


def test_the_wheel_holds_the_grader_alone(wheel: Path) -> None:
    """A student who installs the wheel receives neither the reference nor the solutions, nor any topic."""
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"grader", f"dl_grader-{PROJECT['version']}.dist-info"}
    assert "grader/cli/app.py" in names
    assert {"grader/py.typed", *(path.relative_to(ROOT).as_posix() for path in TEMPLATES.iterdir())} <= set(names)


def test_an_installed_grader_begins_courses_and_explains_them(wheel: Path, tmp_path: Path) -> None:
    """Outside any checkout, `new` finds its templates and `help authoring` the guide, which is the one in docs/."""
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
        assert all(archive.read(f"grader/{page}") == (ROOT / page).read_bytes() for page in GUIDES)
    environment = {**os.environ, "PYTHONPATH": str(site), "COLUMNS": "80"}

    def grader(*arguments: str, cwd: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "grader", *arguments]
        return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)

    for like in ("plain", "conv", "class"):
        assert grader("new", "course", like, "--like", like).returncode == 0
        assert grader("release", "--check", cwd=tmp_path / like).returncode == 0
    told = grader("help", "authoring")
    assert (told.returncode, told.stdout) == (0, (ROOT / "docs/authors.md").read_text(encoding="utf-8"))


def test_the_wheel_holds_compiled_catalogs(wheel: Path) -> None:
    """Every .po file of the framework is in the wheel as a .mo file, and only so."""
    with zipfile.ZipFile(wheel) as archive:
        found = {name: archive.read(name) for name in archive.namelist() if name.endswith((".po", ".mo"))}
    sources = sorted((ROOT / "grader" / "locale").rglob("*.po"))
    assert found == {po.with_suffix(".mo").relative_to(ROOT).as_posix(): compiled(po) for po in sources} != {}


def test_messages_are_collected_in_a_checkout_only(wheel: Path, tmp_path: Path) -> None:
    """An installed grader refuses to collect its own messages, and its files stay as they are; a course's go into the course."""
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"}
    course = Path(shutil.copytree(ROOT / "tests/courses/toy", tmp_path / "course"))

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "grader", "messages", *arguments]
        return subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True)

    done = run("--framework")
    assert done.returncode == 2, done.stderr
    assert f"this grader is installed in {site / 'grader'}: its own messages are collected in a checkout" in done.stderr
    done = run("--lang", "fr")
    assert done.returncode == 1, done.stderr  # nothing is translated yet
    assert (course / "assignments/locale/fr/LC_MESSAGES/course.po").is_file()
    assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before


def test_students_install_little() -> None:
    """The base dependencies are numpy, msgspec, typer, rich, polib, jinja2, and on Linux pyseccomp."""
    names = {dependency.split(">")[0].split(";")[0].strip() for dependency in PROJECT["dependencies"]}
    assert names == {"numpy", "msgspec", "typer", "rich", "polib", "jinja2", "pyseccomp"}


def extra(name: str) -> set[str]:
    """The names of what an extra brings, with the extras that it contains."""
    asked = [dependency.split(">")[0].split("=")[0].strip() for dependency in PROJECT["optional-dependencies"][name]]
    inner = [part for item in asked if item.startswith("dl-grader[") for part in item[10:-1].split(",")]
    return {item.partition("[")[0] for item in asked if not item.startswith("dl-grader[")}.union(*map(extra, inner))


def test_all_is_what_users_want() -> None:
    """The extra `all` brings what grading a class can use, and no tool of developers."""
    assert extra("all") == {
        "nbgrader",
        "PyYAML",
        "libarchive-c",
        "matplotlib",
        "starlette",
        "uvicorn",
        "babel",
        "openpyxl",
        "psycopg",
    }


def test_developers_need_no_torch() -> None:
    """Only the extra `torch` brings torch: a default build of it is gigabytes."""
    locked = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert "torch" in extra("torch") - extra("dev")
    assert [line for line in locked.splitlines() if line.startswith(("torch", "nvidia", "triton"))] == []


def test_lock_names_the_public_index_alone() -> None:
    """No mirror and no folder of the machine that wrote it is in the lock."""
    text = (ROOT / "uv.lock").read_text(encoding="utf-8")
    assert set(re.findall(r"\w+://[^/\"]*", text)) == {"https://pypi.org", "https://files.pythonhosted.org"}
    packages = tomllib.loads(text)["package"]
    assert {tuple(package["source"]) for package in packages} == {("registry",), ("editable",)}


def test_development_is_locked() -> None:
    """Everything that developing needs has one version in `constraints.txt` for each Python, and it is that of the lock."""
    locked = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {tuple(line.partition(";")[0].strip().split("==")) for line in lines}
    assert pinned <= {(package["name"], package.get("version")) for package in locked}
    assert {name.lower() for name in extra("dev")} <= {name for name, _ in pinned}
