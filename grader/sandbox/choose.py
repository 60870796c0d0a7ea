"""Which backend to use here."""

import os
import sys
from typing import TYPE_CHECKING

from grader.errors import SandboxError

if TYPE_CHECKING:
    from grader.sandbox.backend import Backend


def best_backend(weak: bool = False, mode: str | None = None) -> "Backend":
    """The strongest sandbox that this system has. Nothing is started yet.

    Args:
        weak: whether a plain child process with time limits will do where there is nothing better. It is fit for one's own code
            (`grader check`), for looking (`grader doctor`), and for whoever insists.
        mode: one of `linux.backend.MODES`, or `subprocess`, to have exactly that.

    Raises:
        SandboxError: this system has nothing better than a plain child process and `weak` is not set. On Linux without libseccomp
            this is only found out by the first `open`.
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
