"""What needs a network of hosts, which root can make of namespaces."""

import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "cluster"), str(TESTS / "faults")]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that is in this folder needs them."""
    for item in items:
        if "tests/hosts/" in item.path.as_posix():
            item.add_marker(pytest.mark.hosts)
