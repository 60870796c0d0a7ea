"""Restricting what the zygote sees of the system: no network, no other processes, and with bwrap no other files.

    bwrap      own network, processes, ipc, and a file tree with only what Python needs
    unshare    own network, processes, ipc                    (util-linux, nearly everywhere)
    none       no restriction

Only the command that starts the zygote differs, and only starting it shows whether it works: containers and hardened kernels often forbid
namespaces, and then the next kind is tried. An ordinary user needs a user namespace for it. Root must not have one: a user namespace
without a map has no other user to become, and root would stay root outside.
"""

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.sandbox import launch

KINDS = ("bwrap", "unshare", "none")


def candidates(kinds: tuple[str, ...] = KINDS, also: Sequence[Path] = ()) -> Iterator[tuple[str, list[str]]]:
    """Kinds of namespace that may work here, best first, with the prefix for the zygote's command line; it sees the files `also`, too."""
    root = os.geteuid() == 0
    for kind in kinds:
        if kind == "none":
            yield kind, []
        elif program := shutil.which(kind):
            yield kind, [program, *(_bwrap(root, also) if kind == "bwrap" else _unshare(root)), "--"]


def _unshare(root: bool) -> list[str]:
    own = ("--mount",) if root else ("--user",)  # root mounts what the child's user cannot reach: see `bind_interpreter`
    return [*own, "--net", "--ipc", "--pid", "--fork", "--kill-child=SIGKILL"]


def _bwrap(root: bool, also: Sequence[Path]) -> list[str]:
    """Flags of bwrap. If the zygote is root, it keeps the two capabilities that it needs to become nobody."""
    keep = ("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID") if root else ("--unshare-user",)
    flags = [*keep, "--unshare-net", "--unshare-ipc", "--unshare-pid", "--unshare-uts", "--new-session"]
    visible = _visible(also)
    for folder in sorted({above for path in visible for above in path.parents} - {Path("/")}):
        flags += ["--dir", str(folder)]  # which everybody may enter: bwrap's own are for their owner alone
    for path in visible:
        flags += ["--ro-bind", str(path), str(path)]
    for link in (Path("/lib"), Path("/lib32"), Path("/lib64"), Path("/bin"), Path("/sbin")):
        if link.is_symlink():
            flags += ["--symlink", str(link.readlink()), str(link)]
        elif link.is_dir():
            flags += ["--ro-bind", str(link), str(link)]
    for name in ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives"):
        flags += ["--ro-bind-try", name, name]
    return [*flags, "--proc", "/proc", "--dev", "/dev", "--chdir", "/"]


def _visible(also: Sequence[Path]) -> list[Path]:
    """The directories of the interpreter, its libraries and the sandbox's own modules, shortest first, none inside another."""
    found: list[Path] = []
    wanted = {Path("/usr"), Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parent.parent}
    wanted |= {*launch.library_folders(), launch.PACKAGE / "sandbox", *also}
    for path in sorted(wanted, key=lambda path: len(path.parts)):
        if not any(path.is_relative_to(other) for other in found):
            found.append(path)
    return found
