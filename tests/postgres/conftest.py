"""A PostgreSQL server of the tests' own: in a temporary folder, on a socket, without a network."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "gradebook"))  # the contract of a store


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that is in this folder needs the server."""
    for item in items:
        if "tests/postgres/" in item.path.as_posix():
            item.add_marker(pytest.mark.postgres)


def _program(name: str) -> str:
    """A program of the server; Debian keeps them out of the path."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name) or (str(installed[-1]) if installed else "")
    assert found, f"these tests need {name}: apt install postgresql"
    return found


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a database, to which `&class=…` is added."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path is
    user = {}
    if os.getuid() == 0:  # as root it refuses to start
        user = {"user": "postgres", "group": "postgres"}
        shutil.chown(folder, "postgres", "postgres")
    data, options = str(folder / "data"), f"-c listen_addresses='' -k {folder}"
    subprocess.run(
        [_program("initdb"), "-D", data, "-U", "grader", "-A", "trust", "-N", "-E", "UTF8", "--locale=C.UTF-8"],
        check=True,
        capture_output=True,
        **user,  # type: ignore[call-overload]
    )
    run = [_program("pg_ctl"), "-D", data, "-w", "-l", str(folder / "log"), "-o", options]
    subprocess.run([*run, "start"], check=True, stdout=subprocess.DEVNULL, **user)  # type: ignore[call-overload]
    yield f"postgresql://grader@/postgres?host={folder}"
    subprocess.run([*run, "-m", "immediate", "stop"], check=True, stdout=subprocess.DEVNULL, **user)  # type: ignore[call-overload]
    shutil.rmtree(folder)


@pytest.fixture
def address(server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a class of this test's own."""
    import psycopg

    yield f"{server}&class=tested"
    with psycopg.connect(server) as conn:
        conn.execute("drop schema if exists tested cascade")
