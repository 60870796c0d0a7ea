"""What the tests share."""

import atexit
import gc
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

os.environ["LANGUAGE"] = "en"  # whatever is spoken here: tests read English unless they say otherwise
os.environ.pop("COLUMNS", None)  # readline sets it for the workers of a parallel run, whose output no terminal shows
os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="state-")  # what tests check is nobody's progress
atexit.register(shutil.rmtree, os.environ["XDG_STATE_HOME"], ignore_errors=True)
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of processes would compile the grader anew
sys.dont_write_bytecode = False
sys.path[:0] = [str(Path(__file__).parent / folder) for folder in ("cli", "courses", "gradebook", "report")]
pytest.register_assert_rewrite(
    "classroom", "toys", "toy_package", "given_course", "nets_course", "own_course", "store_contract", "written_class"
)
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell's background job: what tests start would not hear Ctrl-C either
    signal.signal(signal.SIGINT, signal.default_int_handler)
# a busy machine must not fail a test
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

import lean  # noqa: E402, F401
from classroom import copy_course, graded_class  # noqa: E402

from grader.text import language  # noqa: E402

LEFT_OUT = {
    "torch": "PyTorch (`make torch`)",
    "archives": "libarchive (`make archives`)",
    "browser": "Chromium (`make browser`)",
    "postgres": "PostgreSQL (`make postgres`)",
    "hosts": "root (`make hosts`)",
    "slow": "the slow tests (`make test-all`)",
}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say in one line what a run of the whole suite left out, and which task runs it."""
    left_out = [text for marker, text in LEFT_OUT.items() if f"not {marker}" in config.getoption("markexpr")]
    if left_out and config.args_source is not pytest.Config.ArgsSource.ARGS:
        terminalreporter.write_line(f"left out: {', '.join(left_out)}")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is collected stays until the end: nothing is gained by looking for garbage among it, then or in every test."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A file whose tests are all slow is not even imported where none is run, nor a folder that has the name of what is left out."""
    left_out = config.getoption("markexpr")
    if collection_path.parent == Path(__file__).parent and f"not {collection_path.name}" in left_out:
        return collection_path.name in LEFT_OUT or None
    if collection_path.suffix != ".py" or "not slow" not in left_out:
        return None
    return "\npytestmark = pytest.mark.slow\n" in collection_path.read_text(encoding="utf-8") or None


@pytest.hookimpl(tryfirst=True, optionalhook=True)  # before the grader's own plugin; nothing is scheduled without pytest-xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Neighbours stay in one process as long as all are busy, so that what the tests of a file share is made once."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log)


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """What a test speaks is forgotten after it, so that the next one hears English again."""
    before, catalogs = (language._spoken, language._chosen), dict(language._catalogs)
    yield
    language._spoken, language._chosen = before
    language._catalogs.clear()
    language._catalogs.update(catalogs)


@pytest.fixture(scope="session")
def small_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course of `tests/cli/course`, to be left as it is."""
    return copy_course(tmp_path_factory.mktemp("small") / "course")


@pytest.fixture
def own_course(tmp_path: Path) -> Path:
    """A copy of the small course that the test may change."""
    return copy_course(tmp_path / "course")


@pytest.fixture(scope="session")
def _graded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return graded_class(tmp_path_factory.mktemp("graded"))


@pytest.fixture
def graded(_graded_once: Path, tmp_path: Path) -> Path:
    """A copy of a folder with a course, a class and its records, which the test may change (see `graded_class`)."""
    return Path(shutil.copytree(_graded_once, tmp_path / "graded"))
