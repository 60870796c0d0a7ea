"""The portable backend keeps the contract."""

from collections.abc import Iterator

import pytest
from contract import Contract
from students import run

from grader.sandbox.outcome import Raised
from grader.sandbox.subprocess.backend import PortableBackend

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def backend() -> Iterator[PortableBackend]:
    """The backend."""
    with PortableBackend() as backend:
        yield backend


class TestPortable(Contract):
    """A plain child process."""

    def test_clean_environment(self, backend: PortableBackend, monkeypatch: pytest.MonkeyPatch) -> None:
        """The supervisor's environment is not the child's."""
        monkeypatch.setenv("GRADER_SECRET", "seed")
        assert isinstance(run(backend, "import os\ndef f(): return os.environ['GRADER_SECRET']"), Raised)
