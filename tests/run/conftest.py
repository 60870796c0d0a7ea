"""The sandbox in which the tests of a run execute submissions."""

from collections.abc import Iterator

import pytest

from grader.sandbox.backend import Backend
from grader.sandbox.choose import best_backend


@pytest.fixture(scope="module")
def backend() -> Iterator[Backend]:
    """The best sandbox of this machine."""
    with best_backend(weak=True) as found:
        yield found
