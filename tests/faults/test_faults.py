"""A fault of each kind at a random moment of a run; the long campaign is `faults.py`, where each kind is explained."""

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from faults import ENDING, PASSING, Bench, Report, one_round

pytestmark = pytest.mark.slow

SUBMISSIONS = 60


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A class and the records of an undisturbed run."""
    bench = Bench(tmp_path_factory.mktemp("faults") / "bench", SUBMISSIONS)
    yield bench
    bench.close()


@pytest.mark.parametrize("kinds", [*([kind] for kind in ENDING), [*PASSING]], ids=[*ENDING, "passing"])
def test_faults_lose_nothing(bench: Bench, kinds: list[str]) -> None:
    """Records are neither lost nor doubled nor halved; the next run completes, and all is as without the fault."""
    report = Report()
    one_round(bench, kinds, random.Random(), report, startup=0.0)
    assert report.rounds == 1
