"""A few faults of every kind in a cluster that grades a class; the long campaign is `cluster_faults.py`."""

import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from cluster_bench import Bench
from cluster_faults import Grids, Report, one_class
from cluster_kinds import PASSING

pytestmark = pytest.mark.slow

SUBMISSIONS = 40


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A class and the records of one undisturbed machine."""
    return Bench(tmp_path_factory.mktemp("cluster_faults") / "bench", SUBMISSIONS, None)


@pytest.mark.parametrize("kinds", [["kill_scheduler"], ["ctrl_c"], [*PASSING]], ids=["kill_scheduler", "ctrl_c", "passing"])
def test_faults_in_a_cluster_lose_nothing(bench: Bench, kinds: list[str]) -> None:
    """The class is graded in the end, every record as on one machine and made once; no process, sandbox or course is left."""
    report = Report()
    with Grids(bench, report) as grids:
        one_class(bench, grids, [*kinds], random.Random(), report)
    assert report.clean, report
