"""The grader's own wheel, from its installed files: installing it needs no package index, and building it no build tool.

It holds only the package, with the metadata of the installation that builds it: no course, no topic.
"""

import base64
import hashlib
import io
import zipfile
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from grader.errors import UsageError
from grader.text.language import OWN
from grader.text.translations import mo_files

DISTRIBUTION = "dl-grader"
PACKAGE = Path(__file__).resolve().parents[1]
_LEFT_OUT = (".pyc", ".po", ".mo", "~")  # catalogs are compiled for the wheel
_WHEEL = "Wheel-Version: 1.0\nGenerator: grader\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def own_wheel() -> tuple[str, bytes]:
    """The wheel's file name and its content.

    Raises:
        UsageError: the grader is not installed, so its version is unknown.
    """
    installed = _installed()
    stem = f"{DISTRIBUTION.replace('-', '_')}-{installed.version}"
    metadata = installed.read_text("METADATA") or installed.read_text("PKG-INFO") or ""
    entry_points = installed.read_text("entry_points.txt") or ""
    contents: dict[Path, bytes] = {}
    for path in sorted(PACKAGE.rglob("*")):
        hidden = any(part.startswith((".", "__pycache__")) for part in path.relative_to(PACKAGE).parts)
        if path.is_file() and not hidden and not path.name.endswith(_LEFT_OUT):
            contents[path] = path.read_bytes()
    contents |= mo_files(OWN, "*")
    files = {f"{PACKAGE.name}/{path.relative_to(PACKAGE).as_posix()}": content for path, content in contents.items()}
    info = f"{stem}.dist-info"
    texts = {"METADATA": metadata, "WHEEL": _WHEEL, "entry_points.txt": entry_points, "top_level.txt": f"{PACKAGE.name}\n"}
    files |= {f"{info}/{name}": text.encode() for name, text in texts.items()}
    record = []
    for name, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
        record.append(f"{name},sha256={digest},{len(content)}")
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""]).encode()
    return f"{stem}-py3-none-any.whl", zipped(files)


def own_requirements() -> list[str]:
    """The grader's requirements in pip's syntax, without the extras.

    Raises:
        UsageError: the grader is not installed.
    """
    return [requirement for requirement in _installed().requires or () if "extra ==" not in requirement]


def _installed() -> Distribution:
    try:
        return distribution(DISTRIBUTION)
    except PackageNotFoundError:
        problem = f"{DISTRIBUTION} is not installed here, so its wheel cannot be made. Install it: pip install -e ."
        raise UsageError(problem) from None


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip archive of these files: the same bytes for the same files."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name)  # of 1980: with the current date, every archive would differ
            member.external_attr = 0o100644 << 16
            member.compress_type = zipfile.ZIP_STORED if name.endswith(".whl") else zipfile.ZIP_DEFLATED  # compressed already
            archive.writestr(member, content)
    return data.getvalue()
