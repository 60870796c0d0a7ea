"""The bundle for students without JupyterHub: one folder, and a zip of it.

GUIDE.md                  how to install and how to check, in the language of the bundle, or in all of the course
assignments/…             see `public`
.vscode/…                 see `editor`
wheels/dl_grader-….whl    the grader itself, and its dependencies if `--wheels` gives them
"""

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from grader.course.folder import Assignment, Course
from grader.course.rubric import read_rubric
from grader.errors import UsageError
from grader.release.editor import vscode_files
from grader.release.guide import GUIDE, guide
from grader.release.public import Files, public_files
from grader.release.wheel import own_requirements, own_wheel, zipped
from grader.sandbox.offer import packages_of
from grader.text import atomic

WHEELS = "wheels"


def write_bundle(
    course: Course, assignments: Sequence[Assignment], folder: Path, wheels: Path | None, language: str | None = None
) -> Iterator[str]:
    """Write the bundle and its zip beside it; yields a line on each.

    Args:
        language: of everything in it; by default it has every language of the course side by side.

    Raises:
        UsageError: the folder holds something else, or `wheels` holds no wheels. Nothing is written then.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file. Give a folder that is empty or not there yet.")
    if folder.is_dir() and not (folder / GUIDE).is_file() and any(folder.iterdir()):
        raise UsageError(f"{folder} holds something else. Give a folder that is empty, not there yet, or an earlier bundle.")
    name = folder.resolve().name
    archive = folder.resolve().parent / f"{name}.zip"
    files = bundle_files(course, assignments, wheels, language)
    _remove_earlier(folder, archive, files)
    for path in sorted(files, key=lambda path: path.name != GUIDE):  # the guide first: by it a bundle that was cut short is known
        atomic.write(folder / path, files[path])
    atomic.write(archive, zipped({f"{name}/{path}": content for path, content in files.items()}))
    yield f"{folder}: {len(files)} files for {', '.join(assignment.name for assignment in assignments)}"
    yield f"{archive}: the same as a zip"


def bundle_files(course: Course, assignments: Sequence[Assignment], wheels: Path | None, language: str | None = None) -> Files:
    """Everything in the bundle."""
    files = public_files(course, assignments, language)
    packages = packages_of(name for assignment in assignments for name in assignment.modules)
    name, content = own_wheel()
    given = sorted(wheels.glob("*.whl")) if wheels else []
    if wheels and not given:
        needed = " ".join(f"'{requirement}'" for requirement in (*own_requirements(), *packages))
        download = f"python -m pip download -d {wheels} --only-binary :all: {needed}"
        raise UsageError(f"{wheels} holds no wheels (*.whl). Fill it: {download}")
    files |= {PurePosixPath(WHEELS) / path.name: path.read_bytes() for path in given}
    files[PurePosixPath(WHEELS) / name] = content
    files |= vscode_files(language)
    listed = [(assignment, read_rubric(assignment).exercises[0].name) for assignment in assignments]
    files[PurePosixPath(GUIDE)] = guide(course, listed, name, wheels is not None, packages, language).encode()
    return files


def _remove_earlier(folder: Path, archive: Path, files: Files) -> None:
    """Remove the unchanged files of an earlier bundle that are not in this one (of a topic, an older wheel)."""
    if not (folder.is_dir() and zipfile.is_zipfile(archive)):
        return
    with zipfile.ZipFile(archive) as earlier:
        for member in earlier.infolist():
            path = PurePosixPath(member.filename).relative_to(PurePosixPath(member.filename).parts[0])
            place = folder / path
            if path not in files and ".." not in path.parts and place.is_file() and place.read_bytes() == earlier.read(member):
                place.unlink()
