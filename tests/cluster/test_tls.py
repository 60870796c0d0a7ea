"""A cluster that wants certificates grades for who has one, and nobody else: `--cluster tls://…`, with Dask's own configuration."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from certificates import Certificates
from classroom import PATIENCE, command, copy_course, environment, scaling, submitted_at
from machines import Machines

sys.path.insert(0, str(Path(__file__).parents[1] / "faults"))
from record_contents import contents, look

pytestmark = pytest.mark.slow
ANSWERS = {"right": scaling("return x * factor"), "wrong": scaling("return x + factor"), "broken": "def scale(x, c:\n"}


class Guarded:
    """A scheduler and a worker that want certificates, the certificates, and a class."""

    def __init__(self, folder: Path, machines: Machines, own: Certificates) -> None:
        self.folder, self.machines, self.own = folder, machines, own
        self.course = copy_course(folder / "course")
        for student, text in ANSWERS.items():
            submitted_at(folder / "class", student, text=text)

    def grade(self, out: Path, *more: object, **settings: str) -> "subprocess.CompletedProcess[str]":
        """Run `grader grade` where Dask is configured so."""
        arguments = ("grade", self.folder / "class", "--course", self.course, "--out", out, *more)
        return subprocess.run(
            command(*arguments),
            env=environment(**settings),
            cwd=self.folder,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
        )


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """The cluster, whose machines are configured by variables."""
    folder = tmp_path_factory.mktemp("tls")
    own = Certificates(folder / "own")
    with Machines(folder / "machines", **own.variables()) as machines:
        assert machines.address.startswith("tls://")
        machines.worker()
        yield Guarded(folder, machines, own)


@pytest.fixture(scope="module")
def near(guarded: Guarded) -> Path:
    """What one machine made of the class."""
    done = guarded.grade(guarded.folder / "near")
    assert done.returncode == 0, done.stderr
    return guarded.folder / "near"


def refusal(done: "subprocess.CompletedProcess[str]", out: Path) -> str:
    """The line with which a run was refused that graded nothing."""
    said = [line for line in done.stderr.splitlines() if not line.startswith("graded 0 of")]
    assert (done.returncode, len(said), look(out)) == (2, 1, {}), done.stderr
    return said[0]


@pytest.mark.parametrize("by", ["variables", "file"])
def test_with_a_certificate_the_records_are_those_of_one_machine(guarded: Guarded, near: Path, tmp_path: Path, by: str) -> None:
    """Whether the client is configured by variables or by a file."""
    file = {"DASK_CONFIG": str(guarded.own.file(tmp_path / "dask.yaml"))}
    settings = guarded.own.variables() if by == "variables" else file
    far = guarded.grade(tmp_path / "far", "--cluster", guarded.machines.address, **settings)
    assert far.returncode == 0, far.stderr
    assert contents(look(tmp_path / "far")) == contents(look(near))
    assert len(look(tmp_path / "far")) == len(ANSWERS)


def test_without_a_certificate_the_setting_is_named(guarded: Guarded, tmp_path: Path) -> None:
    """Nothing is graded."""
    done = guarded.grade(tmp_path, "--cluster", guarded.machines.address)
    assert "Dask's configuration does not say distributed.comm.tls.ca-file" in refusal(done, tmp_path)


def test_a_certificate_that_is_not_there_is_named(guarded: Guarded, tmp_path: Path) -> None:
    """With the setting that names it."""
    settings = {**guarded.own.variables(), "DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT": "gone.pem"}
    done = guarded.grade(tmp_path, "--cluster", guarded.machines.address, **settings)
    assert "distributed.comm.tls.client.cert: gone.pem, and there is no such file" in refusal(done, tmp_path)


@pytest.mark.parametrize("trusts", ["the cluster", "itself"])
def test_a_stranger_is_refused(guarded: Guarded, tmp_path: Path, trusts: str) -> None:
    """Its certificate is of another authority; or the cluster's is, as it sees it."""
    other = Certificates(tmp_path / "other")
    settings = other.variables(authority=guarded.own.authority if trusts == "the cluster" else None)
    done = guarded.grade(tmp_path / "out", "--cluster", guarded.machines.address, **settings)
    assert "is each side's certificate signed by the authority in the other's" in refusal(done, tmp_path / "out")


def test_who_does_not_encrypt_is_refused(guarded: Guarded, tmp_path: Path) -> None:
    """And reads with what such an address begins."""
    done = guarded.grade(tmp_path, "--cluster", guarded.machines.address.replace("tls://", "tcp://"))
    assert "an address that begins with tls://" in refusal(done, tmp_path)


def test_a_refused_run_goes_on_with_a_certificate(guarded: Guarded, tmp_path: Path) -> None:
    """Nothing of it was lost: what was graded before is kept, and the rest is graded."""
    first = guarded.grade(tmp_path, "--student", "right", "--cluster", guarded.machines.address, **guarded.own.variables())
    refused = guarded.grade(tmp_path, "--cluster", guarded.machines.address)
    again = guarded.grade(tmp_path, "--cluster", guarded.machines.address, **guarded.own.variables())
    assert [done.returncode for done in (first, refused, again)] == [0, 2, 0]
    assert "2 graded, 1 unchanged since the last run" in again.stderr
