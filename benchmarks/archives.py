"""The supervisor's memory for a class of zip files of 20 MB: `python benchmarks/archives.py [--counts 200 1000]`.

Each zip holds one right `conv.py` and zeros. They are hard links of one file; in a zip of the class they are packed, so that it is small.
"""

import argparse
import io
import os
import sys
import tempfile
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.bench import ROOT, _grade_measured

SIZE = 20 * 1000 * 1000


def main() -> None:
    """Grade each class and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=int, nargs="+", default=[20, 200, 1000], help="students in the classes")
    parser.add_argument("--nested", type=int, nargs="+", default=[20, 100], help="students in the zip files of a class")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in given.counts:
            _print(f"{count:5d} zip files", _folder(folder / f"class-{count}", count), folder / f"out-{count}")
        for count in given.nested:
            _print(f"{count:5d} in one zip", _one_zip(folder / f"class-{count}.zip", count), folder / f"nested-{count}")


def _print(what: str, submissions: Path, out: Path) -> None:
    seconds, peak = _grade_measured(submissions, out)
    print(f"{what} of {SIZE / 1e6:.0f} MB: {seconds:6.1f} s, supervisor's peak {peak / 1024:.0f} MiB", flush=True)


def _zip() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.write(ROOT / "solutions" / "conv.py", "conv/conv.py")
        archive.writestr("conv/data.bin", bytes(SIZE - (1 << 16)))
    return data.getvalue()


def _folder(folder: Path, count: int) -> Path:
    folder.mkdir()
    first = folder / "student0000.zip"
    first.write_bytes(_zip())
    for number in range(1, count):
        os.link(first, folder / f"student{number:04d}.zip")
    return folder


def _one_zip(path: Path, count: int) -> Path:
    packed = _zip()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(count):
            archive.writestr(f"student{number:04d}.zip", packed)
    return path


if __name__ == "__main__":
    main()
