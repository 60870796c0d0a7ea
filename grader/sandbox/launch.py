"""Starting a clean interpreter that can import `grader.sandbox`, numpy and nothing else.

    supervisor ── exec ──► python -sSP -X utf8 -c BOOT  <module> <directories> <arguments>
                             no site, no .pth files, no current directory, no user site, no inherited environment

The packages are imported from the directories in which this process finds them, so a checkout, an editable install, a wheel and a user
install all work. `grader/__init__.py` is not executed: the package is an empty module whose only content is `sandbox`.

Nothing is collected while modules are imported, which makes no garbage: `main` switches that on. msgspec would import
`typing_extensions` for what `typing` has too, and that takes as long as half of msgspec.
"""

import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.sandbox.offer import Offer

_BOOT = """\
import gc, sys, types
gc.disable()
module, package, folders = sys.argv[1], sys.argv[2], sys.argv[3].split("\\n")
sys.path += [folder for folder in folders if folder not in sys.path]
grader = types.ModuleType("grader")
grader.__path__ = [package]
sys.modules["grader"] = grader
sys.argv[:] = [module, *sys.argv[4:]]
sys.modules["typing_extensions"] = None
import msgspec
del sys.modules["typing_extensions"]
__import__(module)
sys.modules[module].main()
"""

START_SECONDS = 60.0  # until an interpreter is ready; then the machine is too busy
IMPORT_SECONDS = 240.0  # more, where it imports the course's own modules
PACKAGE = Path(__file__).resolve().parent.parent


def command(module: str, *arguments: str) -> list[str]:
    """The command line that runs `main()` of `module`, a module of this package, with `arguments` in `sys.argv[1:]`."""
    folders = "\n".join(map(str, library_folders()))
    return [sys.executable, "-sSP", "-X", "utf8", "-c", _BOOT, module, str(PACKAGE), folders, *arguments]


def environment() -> dict[str, str]:
    """The whole environment of that interpreter.

    BLAS gets one thread, because a locked-down child cannot start more; the order of sets is the same in every run; `PATH` is
    useless, because nothing may be executed. glibc's malloc asks for large pages: to be given thousands of small ones costs more than to
    compute with the arrays in them.
    """
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1")
    windows = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    return (
        threads
        | windows
        | {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
        | {"PYTHONHASHSEED": "0", "PATH": "/nonexistent", "HOME": "/nonexistent", "TZ": "UTC", "MPLBACKEND": "Agg"}
    )


def given(offer: "Offer | None") -> str:
    """The argument that tells a clean interpreter what a course offers; "" for nothing."""
    if offer is None or not offer.names:
        return ""
    import msgspec

    return msgspec.json.encode((offer.names, offer.places, offer.beside)).decode()


def start_seconds(given: str) -> float:
    """How long to wait until an interpreter is ready, by what it is `given`."""
    return START_SECONDS + (IMPORT_SECONDS if given else 0.0)


def library_folders() -> list[Path]:
    """The directories that hold numpy, msgspec, polib and (on Linux) pyseccomp, found without importing them."""
    folders: dict[Path, None] = {}
    for name in ("numpy", "msgspec", "pyseccomp", "polib"):
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            file = Path(spec.origin)
            folders[file.parent.parent if spec.submodule_search_locations else file.parent] = None
    return list(folders)
