"""The subprocess backend keeps the contract."""

from collections.abc import Iterator

import pytest
from contract import Contract
from students import run

from grader.sandbox.outcome import Raised
from grader.sandbox.subprocess.backend import SubprocessBackend

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def backend() -> Iterator[SubprocessBackend]:
    """The backend."""
    with SubprocessBackend() as backend:
        yield backend


class TestSubprocess(Contract):
    """A plain child process."""

    def test_clean_environment(self, backend: SubprocessBackend, monkeypatch: pytest.MonkeyPatch) -> None:
        """The supervisor's environment is not the child's."""
        monkeypatch.setenv("GRADER_SECRET", "seed")
        assert isinstance(run(backend, "import os\ndef f(): return os.environ['GRADER_SECRET']"), Raised)
