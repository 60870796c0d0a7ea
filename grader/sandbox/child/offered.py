"""The modules that a course offers, imported once before the fork.

During their import, only the standard library, numpy and what `Offer.places` names can be found. `HOME` is a folder of its own, because
some write a cache where they are imported for the first time; it is gone afterwards.
"""

import contextlib
import importlib
import importlib.util
import os
import pkgutil
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import msgspec

from grader.sandbox.import_policy.libraries import NEEDED, OFFERED

_SKIPPED = ("test", "tests", "testing", "_testing", "conftest", "setup")
_TOGETHER = {"matplotlib": ("matplotlib.pyplot", "matplotlib.backends.backend_agg")}  # needs a cache that children cannot write
_CACHES = ("HOME", "MPLCONFIGDIR", "XDG_CACHE_HOME")


class OfferError(Exception):
    """A module that the course offers cannot be imported; the message names it."""


def import_offered(given: str) -> tuple[tuple[tuple[str, float], ...], list[Path]]:
    """Import the modules that a course offers, in its order.

    Args:
        given: see `launch.given`.

    Returns:
        The seconds that each took, and the files and folders that children may read.

    Raises:
        OfferError: one of them cannot be imported.
    """
    if not given:
        return (), []
    names, places, beside = msgspec.json.decode(given, type=tuple[tuple[str, ...], dict[str, str], tuple[str, ...]])
    OFFERED.update(name.partition(".")[0] for name in names)
    NEEDED.update(places.keys() - OFFERED)
    import logging  # only now: most courses offer nothing

    importlib.import_module("numpy")
    sys.meta_path.append(_Places(places))
    took = []
    with _only_these(), _writable_home(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in names:
            started = time.monotonic()
            try:
                for part in (name, *_TOGETHER.get(name, ())):
                    importlib.import_module(part)
            except BaseException as error:
                raise OfferError(f"{name} cannot be imported: {type(error).__name__}: {error}") from error
            logging.getLogger(name.partition(".")[0]).addHandler(
                logging.NullHandler()
            )  # what a library logs is not what a student prints
            took.append((name, time.monotonic() - started))
    return tuple(took), [Path(path) for path in (*places.values(), *beside)]


def import_all_parts() -> None:
    """Import every module of the offered packages, for children that can read no file."""
    with _only_these(), _writable_home():
        for name in sorted(OFFERED - {"numpy"}):
            _import_parts(sys.modules[name])


def _import_parts(package: ModuleType) -> None:
    for part in pkgutil.iter_modules(getattr(package, "__path__", ()), f"{package.__name__}."):
        if part.name.rpartition(".")[2] in _SKIPPED or part.name.endswith("__main__"):
            continue
        with contextlib.suppress(BaseException):  # what needs something that is not there
            module = importlib.import_module(part.name)
            if part.ispkg:
                _import_parts(module)


class _Places:
    """Finds the offered modules, and those that they need, by their places."""

    def __init__(self, places: dict[str, str]) -> None:
        self._places = places

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """See `importlib.abc.MetaPathFinder`."""
        if name not in self._places:
            return None
        place = Path(self._places[name])
        if place.suffix:
            return importlib.util.spec_from_file_location(name, place)
        first = place / "__init__.py"
        try:
            first.stat()
        except OSError:  # a namespace package
            spec = ModuleSpec(name, None, is_package=True)
            spec.submodule_search_locations = [str(place)]
            return spec
        return importlib.util.spec_from_file_location(name, first, submodule_search_locations=[str(place)])


@contextlib.contextmanager
def _only_these() -> Iterator[None]:
    """Without the folders of installed packages on the import path."""
    before = sys.path[:]
    sys.path[:] = [entry for entry in before if "site-packages" not in entry and "dist-packages" not in entry]
    try:
        yield
    finally:
        sys.path[:] = before


@contextlib.contextmanager
def _writable_home() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in _CACHES}
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # the one place that can be written to inside of bwrap
    with tempfile.TemporaryDirectory(prefix="grader-", dir=memory, ignore_cleanup_errors=True) as folder:
        os.environ.update(dict.fromkeys(_CACHES, folder))
        try:
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value
