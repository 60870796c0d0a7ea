"""The folder that Classroom 50 runs at each submission, `CLASSROOM/autograders/ASSIGNMENT/` of the configuration repository.

autograder.py            starts it: an environment, the grader from the wheel, then `classroom50.run`
course/assignments/…     what students get of this topic
wheels/dl_grader-….whl   this grader
"""

from pathlib import PurePosixPath

from grader.course.folder import Assignment, Course
from grader.release.public import Files, public_files
from grader.release.wheel import own_wheel
from grader.text.language import spoken

_START = '''"""Grades the submission in the working directory; Classroom 50 runs it. Exits with 0 if result.json was written."""

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

here = Path(__file__).resolve().parent
os.environ.setdefault("LANGUAGE", "{language}")
with tempfile.TemporaryDirectory() as folder:
    venv.create(folder, with_pip=True)
    python = Path(folder, "Scripts" if os.name == "nt" else "bin", "python")
    wheel = next((here / "wheels").glob("dl_grader-*.whl"))
    install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--find-links", here / "wheels", wheel]
    subprocess.run(install, check=True)
    run = [python, "-I", "-m", "grader.integrations.classroom50.run", here / "course", os.getcwd()]
    sys.exit(subprocess.run(run).returncode)
'''


def autograder_files(course: Course, assignment: Assignment) -> Files:
    """The files of one assignment's autograder, by their places in its folder.

    Raises:
        RubricError: something of the instructor's would be published.
    """
    wheel, content = own_wheel()
    files: Files = {PurePosixPath("course") / path: data for path, data in public_files(course, [assignment]).items()}
    files[PurePosixPath("wheels") / wheel] = content
    return {PurePosixPath("autograder.py"): _START.replace("{language}", spoken()).encode()} | files
