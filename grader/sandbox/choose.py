"""Choosing the backend for this system."""

import os
import sys
from typing import TYPE_CHECKING

from grader.errors import SandboxError

if TYPE_CHECKING:
    from grader.sandbox.backend import Backend


def best_backend(weak: bool = False, mode: str | None = None) -> "Backend":
    """The strongest sandbox that this system has. Nothing is started yet.

    Args:
        weak: whether a plain child process with time limits is acceptable where there is nothing better: for one's own code
            (`grader check`), for diagnosis (`grader doctor`), or on explicit request.
        mode: one of `linux.backend.MODES`, or `subprocess`, to get exactly that.

    Raises:
        SandboxError: this system has nothing better than a plain child process and `weak` is not set. On Linux without libseccomp,
            only the first `open` can tell.
    """
    if mode != "subprocess" and sys.platform == "linux" and hasattr(os, "pidfd_open"):
        from grader.sandbox.linux.backend import LinuxBackend

        return LinuxBackend(mode, weak)
    if mode not in (None, "subprocess"):
        raise SandboxError(f"sandbox mode {mode} needs Linux")
    if mode is None and not weak:
        raise SandboxError(
            "this system cannot lock a process down: grade on Linux, or allow a weak sandbox for code that you trust"
        )
    from grader.sandbox.subprocess.backend import SubprocessBackend

    return SubprocessBackend()
