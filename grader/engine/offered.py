"""Whether the modules that a course offers can be imported in the sandbox here: tried, not assumed."""

import time
from collections.abc import Iterator, Sequence

import msgspec

from grader.engine.lockdown import open_sandbox
from grader.errors import SandboxError, UsageError
from grader.run import report_of
from grader.sandbox.backend import Backend, Limits, Source
from grader.sandbox.offer import offer_of, top
from grader.sandbox.outcome import Returned


class Imported(msgspec.Struct, frozen=True):
    """A module that the course offers, as it was found in the sandbox.

    Attributes:
        seconds: that its import took, once for a class.
        problem: why no submission can import it, and what to do ("" if they can).
    """

    name: str
    version: str = ""
    seconds: float = 0.0
    problem: str = ""


def try_modules(names: Sequence[str]) -> Iterator[Imported]:
    """Each of the modules that a course offers, imported by a submission in the sandbox."""
    for name in dict.fromkeys(names):
        try:
            found = offer_of((name,)).versions[top(name)]
            with open_sandbox(weak=True) as backend:
                yield Imported(name, found, _imported(backend, name))
        except (UsageError, SandboxError) as error:
            yield Imported(name, problem=str(error))


def _imported(backend: Backend, name: str) -> float:
    """The seconds that the import took.

    Raises:
        SandboxError: a submission cannot import it.
    """
    started = time.monotonic()
    session = backend.open(Source("trial", {"trial": f"import {name}\nassert {name}.__name__"}, offered=(name,)), Limits())
    passed = time.monotonic() - started
    try:
        if not isinstance(session.loaded, Returned) or report_of(session.loaded.value).failed:
            raise SandboxError(f"{name} is installed, but a submission cannot import it: {session.loaded!r:.300}")
    finally:
        session.close()
    return backend.imported((name,)).get(name, passed)
