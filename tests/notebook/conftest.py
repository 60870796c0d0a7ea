"""A student's folder: what is given away of the small course."""

from pathlib import Path

import pytest

from grader.course.folder import read_course
from grader.release.public import public_files


@pytest.fixture(scope="session")
def student_folder(small_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course as a student gets it, without reference and solutions."""
    folder = tmp_path_factory.mktemp("student")
    course = read_course(small_course)
    for path, content in public_files(course, course.assignments).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder
