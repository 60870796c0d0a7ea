"""What a sandbox lacks on this machine, what follows from it, and the command that provides it. Pure: facts in, advice out."""

from collections.abc import Iterator, Mapping

import msgspec


class Missing(msgspec.Struct, frozen=True):
    """Something that is not there: what it is, what follows, and what to do."""

    name: str
    meaning: str
    remedy: str


def advice(facts: Mapping[str, str]) -> tuple[Missing, ...]:
    """What to say about the facts of a sandbox (see `probe.facts`); nothing when all is there."""
    return tuple(_advice(facts))


def _advice(facts: Mapping[str, str]) -> Iterator[Missing]:
    sandbox, namespaces = facts["sandbox"], facts.get("namespaces")
    if sandbox not in ("landlock", "closed-fs"):
        why = facts.get("reason", "this system does not filter system calls")
        yield Missing(
            f"a filter of system calls ({why})",
            "student code can write files, start processes and open connections",
            _seccomp(why),
        )
    elif sandbox == "closed-fs":
        yield Missing(
            "Landlock",
            "every file is closed to student code, and it can import only what is loaded beforehand; a class is graded",
            "a kernel of Linux 6.2 or later with landlock among its security modules: `cat /sys/kernel/security/lsm`; "
            "where it is not, add it to lsm= of the kernel's command line (GRUB_CMDLINE_LINUX in /etc/default/grub) and run `update-grub`",
        )
    if namespaces == "none":
        yield Missing(
            "namespaces",
            "student code could see the names and sizes of files and the numbers of processes; a class is graded",
            "apt install bubblewrap (dnf install bubblewrap); where it is installed: sysctl -w kernel.unprivileged_userns_clone=1 "
            "kernel.apparmor_restrict_unprivileged_userns=0, and in Docker: docker run --security-opt seccomp=unconfined",
        )
    elif namespaces == "unshare" and sandbox != "closed-fs":
        yield Missing(
            "bubblewrap",
            "student code could learn whether a file exists whose name it knows; a class is graded",
            "apt install bubblewrap (dnf install bubblewrap)",
        )
    if "cannot read" in facts.get("imports", ""):
        yield Missing(
            "an interpreter that student code may read",
            "it can import only what is loaded beforehand; a class is graded",
            "a Python outside of root's own folder (apt install python3-venv, and make the environment with /usr/bin/python3), "
            "or run the grader as an ordinary user",
        )


def _seccomp(why: str) -> str:
    if "No module named" in why:
        return "pip install pyseccomp"
    if "kernel loads no filter" in why or "does not filter" in why:
        return (
            "a Linux whose kernel filters system calls (`grep SECCOMP_FILTER /boot/config-$(uname -r)`), "
            "and a container that does not forbid it (docker run --security-opt seccomp=unconfined)"
        )
    return "apt install libseccomp2 (dnf install libseccomp), and pip install pyseccomp"
