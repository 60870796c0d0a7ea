"""The backends are shared by the tests of a module: starting a zygote takes longer than most tests."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
pytest.register_assert_rewrite("contract", "students")

from grader.sandbox.linux.backend import LinuxBackend  # noqa: E402


@pytest.fixture(scope="module")
def forked() -> Iterator[LinuxBackend]:
    """A backend in the best mode of this machine."""
    with LinuxBackend() as backend:
        yield backend
