"""The zip that Gradescope takes as an assignment's autograder.

    setup.sh                 once, when Gradescope builds its image: Python, the grader, permissions
    run_autograder           for each submission: `grader.integrations.gradescope.run`
    READ_ME_FIRST.txt        what this is, for whoever finds it
    course/                  one topic: stub, rubric, examples, solution, reference, misconceptions, course.toml, course.secret
    wheels/dl_grader-….whl   this grader

It contains the reference and the secret behind the inputs, which grading needs: it is for Gradescope alone. Only root can read it there,
and the student's code runs as the user nobody in the sandbox, which opens no files at all.
"""

from pathlib import Path, PurePosixPath

from grader.course.config import COURSE_FILE
from grader.course.folder import SECRET_FILE, Assignment, Course
from grader.errors import UsageError
from grader.release.public import Files, course_toml, is_left_out
from grader.release.wheel import own_wheel, zipped
from grader.sandbox.offer import offer_of, package
from grader.text.language import decided, spoken
from grader.text.translations import mo_files

_SETUP = r"""#!/usr/bin/env bash
# Gradescope runs this once, when it builds the image of the autograder.
set -euo pipefail
source_dir="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(dirname "$source_dir")"

# The reference and the secret are in here: only root may read them, and student code runs as the user nobody.
chmod -R go-rwx "$source_dir"

install() { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"; }
fits() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if fits "$name"; then command -v "$name"; return; fi
    done
    return 1
}

python="$(find_python)" || {
    install python3-venv || true
    python="$(find_python)" || { install python3.11 python3.11-venv && python="$(find_python)"; }
} || { echo "no Python from 3.11 on could be installed: choose a newer base image" >&2; exit 1; }
ldconfig -p 2>/dev/null | grep 'libseccomp\.so\.2' >/dev/null || install libseccomp2 # -q would end ldconfig early: a failure, by pipefail

"$python" -m venv "$root/venv"
"$root/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-cache-dir \
    --find-links "$source_dir/wheels" "$source_dir"/wheels/dl_grader-*.whl {packages}

# For information only: the sandbox is tested again for each submission, and nothing is graded without it.
"$root/venv/bin/grader" doctor || echo "the sandbox is incomplete while this image is built; see above"
"""
_RUN = r"""#!/usr/bin/env bash
# Gradescope runs this for each submission. Without results.json it reports a failed autograder: never a zero.
root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
export LANGUAGE={language}
exec "$root/venv/bin/python" -I -m grader.integrations.gradescope.run "$root"
"""
_READ_ME = """Autograder of "{title}" ({name}) for Gradescope: Configure Autograder -> upload this zip as it is.

It contains the reference solution and the secret behind the inputs of the checks. Do not give it to students.

How student code is kept from them: setup.sh lets only root read this folder; each submission runs in a process of its own, as the
user nobody, without files, network or other processes, and sends back nothing but numbers, which are judged outside of it. Where the
machine cannot lock it down, nothing is graded, and Gradescope reports a failed autograder.

Points: {points:g}. Set the assignment's points in Gradescope to the same. Students hand in {name}.py or {name}.ipynb.
"""


def autograder_zip(course: Course, assignment: Assignment) -> bytes:
    """The zip for one assignment.

    Raises:
        UsageError: the course has no reference for it.
        RubricError: course.toml has an unknown setting for Gradescope.
    """
    from grader.course.rubric import read_rubric

    if not assignment.reference.is_file():
        raise UsageError(f"{course.root} has no reference for {assignment.name}; make autograders in the instructor's course.")
    files: Files = {PurePosixPath("course") / path: content for path, content in _course_files(course, assignment).items()}
    wheel, content = own_wheel()
    files[PurePosixPath("wheels") / wheel] = content
    read_me = _READ_ME.format(title=assignment.title, name=assignment.name, points=read_rubric(assignment).points)
    packages = " ".join(f"'{name}'" for name in _with_versions(assignment))
    own = {
        "setup.sh": _SETUP.replace(" {packages}", f" {packages}" if packages else ""),
        "run_autograder": _RUN.replace("{language}", spoken()),
        "READ_ME_FIRST.txt": read_me,
    }
    return zipped(
        {name: text.encode() for name, text in own.items()}
        | {path.as_posix(): content for path, content in sorted(files.items())}
    )


def _with_versions(assignment: Assignment) -> list[str]:
    """What pip installs of the modules that the assignment offers, in the versions with which its instructor has tried it."""
    versions = offer_of(assignment.modules).versions
    return [f"{package(name)}=={version}" if version else package(name) for name, version in versions.items()]


def _course_files(course: Course, assignment: Assignment) -> Files:
    """The course with this one topic and all that grading it needs, including the solution, of which misconceptions are edits."""
    hidden = f'\n[gradescope]\nhidden = "{course.config.gradescope.hidden}"\n'
    files: Files = {
        PurePosixPath(COURSE_FILE): (course_toml(course, [assignment], decided()) + hidden).encode(),
        PurePosixPath(SECRET_FILE): course.secret().encode() + b"\n",
    }
    reference = _reference(course.root / "reference", assignment.name)
    wanted = [*filter(Path.is_file, assignment.solution_files), *_below(assignment.folder), *reference]
    found = {path: path.read_bytes() for path in wanted}
    for domain in ("course", assignment.name):
        found |= dict(mo_files(assignment.catalogs, domain))
    return files | {PurePosixPath(path.relative_to(course.root).as_posix()): content for path, content in found.items()}


def _reference(folder: Path, topic: str) -> list[Path]:
    """The reference, which may import other topics', without the misconceptions of those."""
    return [
        path
        for path in _below(folder)
        if path.relative_to(folder).parts[0] not in ("misconceptions", "mutants") or path.stem in (topic, "__init__")
    ]


def _below(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not is_left_out(path.relative_to(folder))]
