"""Whether student code can be locked down here. The only place that opens a sandbox, without numpy: one can start before that is there."""

from typing import TYPE_CHECKING

from grader.errors import UsageError
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
    """Refuse to grade a class where student code cannot be locked down, by what the best sandbox here lets through.

    Args:
        override: how to grade anyway, in words for people.

    Raises:
        UsageError: with the reasons, and what to install.
    """
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
