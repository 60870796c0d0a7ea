"""The sample class of `examples/nbgrader_course` and students with odd notebooks, graded once in both ways for the whole run."""

import sys
from pathlib import Path

import nbgrader  # noqa: F401 - whole, before a test has the fast way import only a part of it
import pytest

sys.path.insert(0, str(Path(__file__).parent))
pytest.register_assert_rewrite("both_ways", "small_class")

from both_ways import BothWays, grade_both_ways  # noqa: E402
from classroom import once  # noqa: E402
from small_class import SmallClass, copied, make_small_class  # noqa: E402


@pytest.fixture(scope="session")
def both(tmp_path_factory: pytest.TempPathFactory) -> BothWays:
    """The class graded by `nbgrader autograde` and by `grader grade --gradebook`, to be left as it is."""
    return BothWays(once(tmp_path_factory, "both-ways", grade_both_ways))


@pytest.fixture
def small(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> SmallClass:
    """A small class that was graded into nbgrader's gradebook, to be changed."""
    return copied(once(tmp_path_factory, "small-class", make_small_class), tmp_path / "small")
