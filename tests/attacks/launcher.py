"""Runs a command on a weaker machine: an outer seccomp filter takes kernel features away, and root may become an ordinary user first.

    python launcher.py [--without landlock,namespaces,seccomp] [--user UID] COMMAND…

    landlock       landlock_*                              ENOSYS, as in a kernel without it
    namespaces     unshare, setns, clone with CLONE_NEW*   EPERM, as in a container of Docker's
    seccomp        seccomp, prctl(PR_SET_SECCOMP)          ENOSYS and EINVAL, as in a kernel without it

The kernel itself refuses, so what is graded below is graded as on such a machine. Filters add up: the grader's own still holds.
"""

import argparse
import errno
import os
import sys
from typing import Any

FEATURES = ("landlock", "namespaces", "seccomp")
_CLONE_NEW = (0x0002_0000, 0x0200_0000, 0x0400_0000, 0x0800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000)
_PR_SET_SECCOMP = 22


def take_away(features: set[str]) -> None:
    """Put this process, and all that it starts, under a filter that knows none of `features`."""
    import pyseccomp

    rules: Any = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    missing, forbidden = pyseccomp.ERRNO(errno.ENOSYS), pyseccomp.ERRNO(errno.EPERM)
    if "landlock" in features:
        for name in ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"):
            number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
            rules.add_rule(missing, number if number >= 0 else {"c": 444, "a": 445, "r": 446}[name[9]])
    if "namespaces" in features:
        for name in ("unshare", "setns"):
            rules.add_rule(forbidden, name)
        for flag in _CLONE_NEW:
            rules.add_rule(forbidden, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
        rules.add_rule(missing, "clone3")  # its flags are in memory, where a filter cannot look
    if "seccomp" in features:
        rules.add_rule(missing, "seccomp")
        rules.add_rule(pyseccomp.ERRNO(errno.EINVAL), "prctl", pyseccomp.Arg(0, pyseccomp.EQ, _PR_SET_SECCOMP))
    if features:
        rules.load()


def become(user: int) -> None:
    """Be an ordinary user, who has no other groups and no way back."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def main() -> None:
    """Take away, become, execute."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--without", default="", metavar="FEATURES", help=f"comma-separated: {', '.join(FEATURES)}")
    parser.add_argument("--user", type=int, metavar="UID", help="only as root")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    features = set(filter(None, given.without.split(",")))
    if unknown := features - set(FEATURES):
        parser.error(f"no feature {', '.join(unknown)}; there are {', '.join(FEATURES)}")
    take_away(features)
    if given.user is not None:
        become(given.user)
    if not given.command:
        parser.error("give a command")
    os.execvp(given.command[0], given.command)


if __name__ == "__main__":
    sys.exit(main())
