"""Third-party modules that a course offers are there for its submissions, and nothing more is."""

from collections.abc import Iterator

import numpy as np
import pytest
from students import LIMITS, call, value
from toy_package import install

from grader.errors import SandboxError, UsageError
from grader.sandbox.backend import Backend, Source
from grader.sandbox.import_policy.rules import Rules
from grader.sandbox.linux.backend import LinuxBackend
from grader.sandbox.offer import offer_of, packages_of, require, versions
from grader.sandbox.outcome import Outcome, Raised, Returned
from grader.sandbox.probe import probe, refusals
from grader.sandbox.subprocess.backend import SubprocessBackend

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A toy package that is installed for this module's tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(install(tmp_path_factory.mktemp("site"), toybroken="1 / 0\n")))
        yield
    offer_of.cache_clear()


@pytest.fixture(scope="module", params=["landlock", "closed-fs", "subprocess"])
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    """Every kind of child."""
    with SubprocessBackend() if request.param == "subprocess" else LinuxBackend(request.param) as found:
        yield found


def outcome(
    backend: Backend, text: str, *args: object, offered: tuple[str, ...] = ("toylib",), rules: Rules | None = None
) -> Outcome:
    """What comes of `f(*args)` in a submission of this text."""
    session = backend.open(Source("work", {"work": text}, rules, offered), LIMITS)
    try:
        return call(session, "f", *args, seconds=20.0) if isinstance(session.loaded, Returned) else session.loaded
    finally:
        session.close()


def test_an_offered_module_can_be_used(backend: Backend) -> None:
    """A submission imports it as at home."""
    text = "import toylib\nfrom toylib import doubled\ndef f(x): return doubled(x), toylib.__version__"
    doubled, version = value(outcome(backend, text, np.array([1.0, 2.0])))
    assert doubled.tolist() == [2.0, 4.0] and version == "1.2"


def test_parts_are_loaded_on_first_use(backend: Backend) -> None:
    """What the module has not imported itself can be imported by the submission, also where no file can be read."""
    assert value(outcome(backend, "def f():\n    import toylib.late\n    return toylib.late.word()")) == "late"


def test_what_a_library_logs_is_not_what_a_student_prints(backend: Backend) -> None:
    """A note of its own, such as the place of a cache that cannot be written, would differ from run to run."""
    told = "for name in ('toylib.late', 'work'): logging.getLogger(name).warning('mine' if name == 'work' else 'noise')"
    text = f"import logging, toylib\ndef f():\n    {told}"
    session = backend.open(Source("work", {"work": text}, None, ("toylib",)), LIMITS)
    call(session, "f", seconds=20.0)
    assert session.close().output.split() == ["mine"]


def test_without_an_offer_it_is_not_there(backend: Backend) -> None:
    """An assignment that offers nothing has numpy alone, whatever another assignment of the course offers."""
    text = "import toylib\ndef f(): return float(toylib.doubled(1))"
    assert value(outcome(backend, "import toylib\ndef f(): return toylib.__version__")) == "1.2"
    found = outcome(backend, text, offered=())
    assert isinstance(found, Raised) and (found.name, found.message) == ("ForbiddenError", "toylib.doubled")


def test_what_it_needs_is_not_offered(backend: Backend) -> None:
    """A module that is only there because another one needs it is not there for submissions."""
    found = outcome(backend, "import toyneed\ndef f(): return float(toyneed.word())")
    assert isinstance(found, Raised) and found.message == "toyneed.word"


def test_a_library_may_use_what_submissions_may_not(backend: Backend) -> None:
    """A forbidden function of numpy still works inside the library, and not in the submission that gets at it through there."""
    rules = Rules(None, ("numpy.convolve",))
    assert value(outcome(backend, "import toylib\ndef f(x): return toylib.doubled(x)", np.ones(2), rules=rules)).tolist() == [
        2,
        2,
    ]
    sly = "import toylib.core\ndef f(x): return toylib.core.np.convolve(x, x)"
    assert isinstance(outcome(backend, sly, np.ones(2), rules=rules), Raised)


def test_a_policy_narrows_the_offer(backend: Backend) -> None:
    """Where the assignment's policy names what may be imported, the offer alone does not allow it."""
    found = outcome(backend, "import toylib\ndef f(x): return toylib.doubled(x)", np.ones(2), rules=Rules(("math",), (), ("f",)))
    assert isinstance(found, Raised) and found.name == "ForbiddenError"


@pytest.mark.parametrize("mode", ["landlock", "closed-fs"])
def test_its_files_are_all_that_can_be_read(mode: str) -> None:
    """Beside the module's own files there are none: not the folder that it is installed in, not the grader."""
    with LinuxBackend(mode) as backend:
        for path in (
            "os.path.dirname(os.path.dirname(toylib.__file__))",
            "'/etc'",
            "os.path.dirname(toylib.__file__) + '/../..'",
        ):
            found = outcome(backend, f"import os, toylib\ndef f(): return os.listdir({path})")
            assert isinstance(found, Raised) and "OSError" in found.bases, found
        found = outcome(backend, "import toylib\ndef f(): return open(toylib.__file__, 'a')")
        assert isinstance(found, Raised) and "OSError" in found.bases


def test_optional_packages_are_not_found() -> None:
    """A library finds what it requires and no more, so that it does the same on every machine."""
    assert sorted(offer_of(("toylib",)).places) == ["toylib", "toyneed"]


def test_versions_are_known() -> None:
    """The record says what a submission ran with."""
    assert versions(("toylib.core",)) == {"numpy": np.__version__, "toylib": "1.2"}


def test_what_is_missing_is_told_with_the_command() -> None:
    """What is not installed is named as pip calls it."""
    with pytest.raises(UsageError, match=r"uses nonesuch, not installed here\. Install: pip install nonesuch"):
        require(["toylib", "nonesuch.part"])
    assert packages_of(["sklearn", "PIL", "scipy.stats", "scipy"]) == ["scikit-learn", "pillow", "scipy"]


def test_a_module_that_cannot_be_imported_is_the_graders_fault() -> None:
    """It ends the sandbox's start with its reason: no weaker sandbox is tried, and no student is blamed."""
    with (
        LinuxBackend() as backend,
        pytest.raises(SandboxError, match="toybroken cannot be imported: ZeroDivisionError: division by zero"),
    ):
        outcome(backend, "def f(): pass", offered=("toybroken",))


@pytest.mark.parametrize("mode", ["landlock", "closed-fs"])
def test_no_protection_is_weaker(mode: str) -> None:
    """What a submission must not be able to do is refused as well where large libraries are loaded beside it."""
    with LinuxBackend(mode) as backend:
        alone, beside = probe(backend), probe(backend, ("scipy.stats", "pandas"))
    assert [(item.name, item.in_force) for item in alone] == [(item.name, item.in_force) for item in beside]
    assert refusals(beside) == ()


def test_real_libraries_work_locked_down() -> None:
    """Tables, distributions and what they load on first use."""
    text = """
import numpy as np, pandas as pd, scipy.stats
def f():
    table = pd.DataFrame({"name": ["x", "y", "x"], "n": [1.0, 2.0, 3.0], "day": pd.to_datetime(["2020-01-01"] * 3)})
    import scipy.optimize, scipy.signal
    root = scipy.optimize.brentq(lambda x: x - 1, 0, 3)
    return float(table.groupby("name").n.mean().sum() + scipy.stats.norm.cdf(0) + root), repr(table.describe())[:5]
"""
    with LinuxBackend() as backend:
        found, _text = value(outcome(backend, text, offered=("pandas", "scipy.stats")))
    assert found == pytest.approx(5.5)
