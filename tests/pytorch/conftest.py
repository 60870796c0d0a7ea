"""The tests that need PyTorch have the marker `torch`; runs without them do not import it."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest


class Unread(pytest.File):
    """A file that stands for its tests, because the run leaves them out or torch is not installed."""

    def collect(self) -> Iterator[pytest.Item]:
        """Nothing that could be run."""
        yield WithoutTorch.from_parent(self, name="needs torch")


class WithoutTorch(pytest.Item):
    """All tests of such a file: deselected, or failed where somebody asks for them without torch."""

    def runtest(self) -> None:
        """Say what is missing."""
        pytest.fail("torch is not installed: `make torch` installs it and runs these tests", pytrace=False)


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.File:
    """Mark every file of this folder; read it only where its tests can run and are asked for."""
    left_out = "not torch" in parent.config.getoption("markexpr") or find_spec("torch") is None
    found = (Unread if left_out else pytest.Module).from_parent(parent, path=module_path)
    found.add_marker("torch")
    return found
