"""A task of the Makefile fails where a part of it does."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("imports_end", "lint_ends"), [(0, 0), (1, 2)])
def test_lint_fails_where_a_room_imports_another_that_it_may_not(tmp_path: Path, imports_end: int, lint_ends: int) -> None:
    """What shows the end of an output does not hide how its program ended."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name, code in (("python", 0), ("lint-imports", imports_end)):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {code}\n")
        (tmp_path / name).chmod(0o755)
    done = subprocess.run(["make", "-s", "lint", "PY=./python"], cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert done.returncode == lint_ends, done.stderr
