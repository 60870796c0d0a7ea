"""Whether student code can be locked down here. The only place that opens a sandbox."""

import time
from collections.abc import Iterator, Sequence

import msgspec

from grader.errors import SandboxError, UsageError
from grader.run import report_of
from grader.sandbox.advice import Missing, advice
from grader.sandbox.backend import Backend, Limits, Source
from grader.sandbox.choose import best_backend
from grader.sandbox.offer import offer_of, top
from grader.sandbox.outcome import Returned
from grader.sandbox.probe import Protection, facts, probe, refusals


def open_sandbox(weak: bool = False) -> Backend:
    """The strongest sandbox that this machine has; nothing is started yet (see `sandbox.choose.best_backend`)."""
    return best_backend(weak)


def examine() -> tuple[list[Protection], dict[str, str], tuple[Missing, ...]]:
    """Every protection, tried; facts about the sandbox; what this machine lacks."""
    with best_backend(weak=True) as backend:
        protections, known = list(probe(backend)), facts(backend)
    return protections, known, advice(known)


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
            with best_backend(weak=True) as backend:
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


def require_lockdown(override: str) -> None:
    """Refuse to grade a class where student code cannot be locked down, by what the best sandbox here lets through.

    Args:
        override: how to grade anyway, in words for people.

    Raises:
        UsageError: with the reasons, and what to install.
    """
    with best_backend(weak=True) as backend:
        missing = refusals(probe(backend))
        lacking = advice(facts(backend)) if missing else ()
    if missing:
        reasons = "\n".join(f"  - {item.name}: {item.detail}" for item in missing)
        reasons += "".join(f"\n  not here: {item.name}\n  → {item.remedy}" for item in lacking)
        raise UsageError(
            f"student code cannot be locked down here, so a class is not graded:\n{reasons}\n`grader doctor` shows all; {override}"
        )
