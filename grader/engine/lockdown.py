"""Whether student code can be locked down here. The only place that opens a sandbox, without numpy: one can start before that is there."""

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from grader.errors import SandboxError, UsageError
from grader.sandbox.choose import best_backend

if TYPE_CHECKING:
    from grader.sandbox.advice import Missing
    from grader.sandbox.backend import Backend
    from grader.sandbox.probe import Protection


def open_sandbox(weak: bool = False) -> "Backend":
    """The strongest sandbox that this machine has; nothing is started yet (see `sandbox.choose.best_backend`)."""
    return best_backend(weak)


def examine() -> "tuple[list[Protection], dict[str, str], tuple[Missing, ...]]":
    """Every protection, tried; facts about the sandbox; what this machine lacks."""
    from grader.sandbox.advice import advice
    from grader.sandbox.probe import facts, probe

    with best_backend(weak=True) as backend:
        protections, known = list(probe(backend)), facts(backend)
    return protections, known, advice(known)


def require_lockdown(override: str) -> None:
    """The same as `locked_down`, for who has no use for the sandbox."""
    locked_down(override).close()


@contextlib.contextmanager
def tried(override: str, weak: bool = False) -> "Iterator[Callable[[], Backend]]":
    """What waits for the sandbox of a class, tried meanwhile (see `locked_down`) unless a weak one will do; closed at the end."""
    with ThreadPoolExecutor(1) as beside:
        found = beside.submit(lambda: open_sandbox(weak) if weak else locked_down(override))
        try:
            yield found.result
        finally:
            if found.exception() is None:
                found.result().close()


def locked_down(override: str) -> "Backend":
    """The sandbox for a class, after everything that it should keep student code from was tried in it.

    Args:
        override: how to grade anyway, in words for people.

    Raises:
        UsageError: student code cannot be locked down here; with the reasons, and what to install.
    """
    from grader.sandbox.probe import probe, refusals

    with contextlib.suppress(SandboxError):  # why, is asked below
        backend = open_sandbox()
        try:
            if not refusals(probe(backend)):
                return backend
        except BaseException:
            backend.close()
            raise
        backend.close()
    _refuse(override)
    return open_sandbox()


def _refuse(override: str) -> None:
    """Say why student code cannot be locked down, by what the best sandbox here lets through."""
    from grader.sandbox.advice import advice
    from grader.sandbox.probe import facts, probe, refusals

    with best_backend(weak=True) as backend:
        missing = refusals(probe(backend))
        lacking = advice(facts(backend)) if missing else ()
    if missing:
        reasons = "\n".join(f"  - {item.name}: {item.detail}" for item in missing)
        reasons += "".join(f"\n  not here: {item.name}\n  → {item.remedy}" for item in lacking)
        raise UsageError(
            f"student code cannot be locked down here, so a class is not graded:\n{reasons}\n`grader doctor` shows all; {override}"
        )
