"""Third-party modules that a course offers to student code: which there are here, and what importing them reads.

    course.toml   modules = ["pandas", "scipy.stats"]
        │
        ├─ pandas      pandas/                and what it requires: dateutil/, six.py
        └─ scipy       scipy/, scipy.libs/

The zygote imports them by this list and by nothing else: optional packages that happen to be installed are not found, so that a
library does the same on every machine. Children may read these files only, for what a library loads on first use.
"""

import functools
import importlib.util
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from grader.errors import UsageError
from grader.text.language import gettext as _

if TYPE_CHECKING:  # it takes a seventh of numpy, and most courses offer nothing
    from importlib.metadata import Distribution

MOST = 20  # modules of one assignment
_OTHER_NAMES = {  # what pip installs, where the module is called otherwise
    "sklearn": "scikit-learn",
    "skimage": "scikit-image",
    "PIL": "pillow",
    "cv2": "opencv-python-headless",
    "yaml": "PyYAML",
    "dateutil": "python-dateutil",
    "bs4": "beautifulsoup4",
}
_OWN = {"dl-grader"}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Offer(msgspec.Struct, frozen=True):
    """Modules as they are installed here.

    Attributes:
        names: as the course writes them; they are imported in this order.
        places: the file or folder of each top-level module that they, or what they require, consist of.
        beside: folders of shared libraries that belong to these.
        versions: of the packages that the names belong to, by the top-level module ("" where it has none).
    """

    names: tuple[str, ...] = ()
    places: dict[str, str] = {}
    beside: tuple[str, ...] = ()
    versions: dict[str, str] = {}

    @property
    def readable(self) -> list[Path]:
        """What an import reads."""
        return [Path(path) for path in (*self.places.values(), *self.beside)]


NOTHING = Offer()


def top(module: str) -> str:
    """The package of a module: `scipy` of `scipy.stats`."""
    return module.partition(".")[0]


def package(module: str) -> str:
    """What pip calls the package of a module."""
    return _OTHER_NAMES.get(top(module), top(module))


def packages_of(modules: Iterable[str]) -> list[str]:
    """What pip installs for these modules, each once."""
    return list(dict.fromkeys(map(package, modules)))


def missing(names: Sequence[str]) -> list[str]:
    """Those whose package is not installed here."""
    return [name for name in names if importlib.util.find_spec(top(name)) is None]


def require(names: Sequence[str]) -> None:
    """Refuse where some of the modules are not installed.

    Raises:
        UsageError: names them, with pip's command.
    """
    if absent := missing(names):
        command = "pip install " + " ".join(packages_of(absent))
        text = _("this course uses {modules}, not installed here. Install: {command}")
        raise UsageError(text.format(modules=", ".join(dict.fromkeys(map(top, absent))), command=command))


@functools.cache
def offer_of(names: tuple[str, ...]) -> Offer:
    """The modules `names` as they are installed here.

    Raises:
        UsageError: one is not.
    """
    if not names:
        return NOTHING
    require(names)
    places: dict[str, str] = {}
    beside: dict[str, None] = {}
    versions: dict[str, str] = {}
    for name in dict.fromkeys(map(top, names)):
        spec = importlib.util.find_spec(name)
        assert spec is not None  # `require`
        inside = list(spec.submodule_search_locations or ())
        places[name] = inside[0] if inside else str(spec.origin)
        found = _distribution(name)
        versions[name] = found.version if found else ""
        for one in _with_required(found) if found else ():
            for part in _parts(one):
                if part.name.endswith(".libs"):
                    beside[str(part)] = None
                else:
                    places.setdefault(part.name.partition(".")[0], str(part))
    places.pop("numpy", None)  # which is there anyway
    return Offer(names, places, tuple(beside), versions)


def versions(names: tuple[str, ...]) -> dict[str, str]:
    """The versions of numpy and of the modules `names`, by top-level module: what a submission ran with."""
    return {"numpy": _numpy(), **offer_of(names).versions}


@functools.cache
def _numpy() -> str:
    import numpy as np

    return str(np.__version__)


def _distribution(name: str) -> "Distribution | None":
    """The installed package that a top-level module belongs to."""
    import importlib.metadata

    try:
        return importlib.metadata.distribution(_OTHER_NAMES.get(name, name))
    except importlib.metadata.PackageNotFoundError:
        owners = importlib.metadata.packages_distributions().get(name)  # it reads all that is installed
        return importlib.metadata.distribution(owners[0]) if owners else None


def _parts(found: "Distribution") -> list[Path]:
    """The files and folders of a package that can be imported, and its folders of shared libraries."""
    tops = {Path(str(found.locate_file(file.parts[0]))) for file in found.files or () if file.parts}
    libraries = [path for path in tops if path.name.endswith(".libs")]
    modules = [path for path in tops if path.suffix in ("", ".py", ".so", ".pyd") and path.name.partition(".")[0].isidentifier()]
    return sorted(path for path in (*libraries, *modules) if path.exists() and path.name != "__pycache__")


def _with_required(found: "Distribution") -> "Iterator[Distribution]":
    """A package and all that it requires, as far as it is installed."""
    import importlib.metadata

    waiting, seen = [found], {_normal(found.name)} | _OWN
    for one in waiting:
        yield one
        for text in one.requires or ():
            requirement, _semicolon, marker = text.partition(";")
            name = _NAME.match(requirement)
            if name is None or "extra" in marker or _normal(name[0]) in seen:
                continue
            seen.add(_normal(name[0]))
            try:
                waiting.append(importlib.metadata.distribution(name[0]))
            except importlib.metadata.PackageNotFoundError:  # for another system
                continue


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
