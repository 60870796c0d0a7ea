"""What a sandbox lacks on this machine, the consequence, and the command that provides it. Pure: facts in, advice out."""

from collections.abc import Iterator, Mapping

import msgspec

_BWRAP = "apt install bubblewrap (dnf install bubblewrap)"
# What systems say that forbid namespaces.
_FORBIDDEN = (
    "not permitted",
    "ermission denied",
    "No space left",
    "Invalid argument",
    "ot allowed",
)  # what systems say that forbid namespaces


class Missing(msgspec.Struct, frozen=True):
    """A missing protection: what it is, the consequence, and what to do."""

    name: str
    meaning: str
    remedy: str


def advice(facts: Mapping[str, str]) -> tuple[Missing, ...]:
    """What is missing according to the facts of a sandbox (see `probe.facts`)."""
    return tuple(_missing(facts))


def _missing(facts: Mapping[str, str]) -> Iterator[Missing]:
    sandbox, namespaces = facts["sandbox"], facts.get("namespaces")
    if sandbox not in ("landlock", "closed-fs"):
        why = facts.get("reason", "this system does not filter system calls")
        meaning = "student code can write files, start processes and open connections"
        yield Missing(f"a filter of system calls ({why})", meaning, _seccomp(why))
    elif sandbox == "closed-fs":
        yield Missing(
            "Landlock",
            "student code can open no file and import only what is loaded beforehand; a class can be graded",
            "a kernel of Linux 6.2 or later with landlock among its security modules: `cat /sys/kernel/security/lsm`; "
            "where it is not, add it to lsm= of the kernel's command line (GRUB_CMDLINE_LINUX in /etc/default/grub) and run `update-grub`",
        )
    tried = {name.removeprefix("not "): why for name, why in facts.items() if name.startswith("not ")}
    if namespaces == "none":
        yield Missing(
            f"namespaces ({'; '.join(f'{kind}: {why}' for kind, why in tried.items()) or 'neither bwrap nor unshare is installed'})",
            "student code could see the names and sizes of files and the numbers of processes; a class can be graded",
            _namespaces(tried),
        )
    elif namespaces == "unshare" and sandbox != "closed-fs":
        yield Missing(
            f"bubblewrap ({tried['bwrap']})" if "bwrap" in tried else "bubblewrap",
            "student code could learn whether a file exists whose name it knows; a class can be graded",
            _namespaces(tried) if "bwrap" in tried else _BWRAP,
        )
    if "cannot read" in facts.get("imports", ""):
        yield Missing(
            "an interpreter that student code may read",
            "it can import only what is loaded beforehand; a class can be graded",
            "a Python outside of root's own folder (apt install python3-venv, and make the environment with /usr/bin/python3), "
            "or run the grader as an ordinary user",
        )


def _namespaces(tried: Mapping[str, str]) -> str:
    """How to get namespaces, where each kind in `tried` was refused for its reason."""
    if not tried:
        return _BWRAP
    if not any(word in why for why in tried.values() for word in _FORBIDDEN):
        return "please report this: the system does not forbid namespaces, but the sandbox cannot start in them"
    return (
        "sysctl -w kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0, "
        "and in Docker: docker run --security-opt seccomp=unconfined"
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
