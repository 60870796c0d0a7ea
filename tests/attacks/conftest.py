"""The class under attack is graded once, whatever tests look at it and in how many processes."""

import fcntl
import sys
from pathlib import Path

import msgspec
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from suite import Report, attacked, collect, new_world


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Report:
    """The results of the class."""
    base = tmp_path_factory.getbasetemp()
    shared = (base if worker_id == "master" else base.parent) / "class-under-attack.json"
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            with new_world() as world:
                shared.write_bytes(msgspec.json.encode(attacked(world, tuple(item for item in collect() if not item.long))))
    return msgspec.json.decode(shared.read_bytes(), type=Report)
