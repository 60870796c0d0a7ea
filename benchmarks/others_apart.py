"""The same checks of conv in otter-grader and in check50, each installed in an environment of its own."""

import json
import shutil
from importlib.metadata import version
from pathlib import Path

from benchmarks.apart import python_with, version_of
from benchmarks.same_checks import ENVIRONMENT, EXERCISES, ROOT, TESTS, Cost, each, run

# What the calls and the reference need there: the same in all of them.
NEEDED = tuple(f"{name}=={version(name)}" for name in ("numpy", "msgspec", "polib"))
_SHARED = "shared_checks"  # what the checks have in common: Python imports it once in a process
_OTTER_TEST = """
from otter.test_files import test_case
from support import {shared}

OK_FORMAT = False
name = "exercise{place}"
points = 2

def tested(planned):
    @test_case(name=planned.check.name)
    def test(env):
        {shared}.check(planned, {shared}.Executor(env))
    return test

for number, planned in enumerate({shared}.ready.plan.exercises[{place}].checks):
    globals()[f"test_{{number}}"] = tested(planned)
"""
_CHECK50 = """
import sys
sys.path.insert(0, {folder!r})
import check50
import check50.py
import {shared}

@check50.check()
def exists():
    "conv.py exists"
    check50.exists("conv.py")

def checked(number, planned):
    def check():
        conv = check50.py.import_("conv.py")
        {shared}.check(planned, {shared}.Executor(vars(conv)))
    check.__name__, check.__doc__ = f"check_{{number}}", planned.check.name
    return check50.check(exists)(check)

for number, planned in enumerate(c for e in {shared}.ready.plan.exercises for c in e.checks):
    globals()[f"check_{{number}}"] = checked(number, planned)
"""


def otter(folder: Path, count: int) -> tuple[Cost, str]:
    """`otter run`, which grades one script without a container, with a test file for each exercise.

    Raises:
        NotInstalledError: otter-grader cannot be installed.
    """
    python = python_with("otter", ("otter-grader", "ipykernel", *NEEDED))
    tests = folder / "tests"
    tests.mkdir(parents=True)
    (folder / "support").mkdir()  # a module beside what is handed in would count as handed in
    _share(folder / "support")
    for place in range(EXERCISES):
        (tests / f"exercise{place}.py").write_text(_OTTER_TEST.format(shared=_SHARED, place=place), encoding="utf-8")
    command = [str(python), "-m", "otter"]
    run([*command, "generate", "-t", "tests", "-o", "autograder.zip", f"support/{_SHARED}.py"], folder)
    shutil.copy(ROOT / "solutions" / "conv.py", folder / "conv.py")
    path = f"{python.parent}:{ENVIRONMENT.get('PATH', '')}"
    grade = [*command, "run", "-a", "autograder.zip", "-o", ".", "--no-logo", "conv.py"]
    costs = []
    for number in range(1 + count):
        cost = run(grade, folder, ENVIRONMENT | {"PATH": path})
        costs += [cost] if number else []  # the first one compiles
        results = json.loads((folder / "results.json").read_text("utf-8"))
        found = [test for test in results["tests"] if test["name"].startswith("exercise")]
        if len(found) != EXERCISES or any(test["score"] != test["max_score"] for test in found):
            raise RuntimeError(f"the comparison's own tests fail:\n{json.dumps(results)[:2000]}")
    return each(costs, count), version_of(python, "otter-grader")


def check50(folder: Path, count: int) -> tuple[Cost, str]:
    """`check50 --dev`, which runs a folder of checks here, with one of its checks for each of ours.

    Raises:
        NotInstalledError: check50 cannot be installed.
    """
    python = python_with("check50", ("check50", "setuptools<81", *NEEDED))
    checks, student = folder / "checks", folder / "student"
    checks.mkdir(parents=True)
    student.mkdir()
    _share(checks)
    (checks / ".cs50.yml").write_text("check50: true\n", encoding="utf-8")
    (checks / "__init__.py").write_text(_CHECK50.format(shared=_SHARED, folder=str(checks)), encoding="utf-8")
    shutil.copy(ROOT / "solutions" / "conv.py", student / "conv.py")
    command = [str(python), "-m", "check50", "--dev", "-o", "json", "--output-file", str(folder / "results.json"), str(checks)]
    costs = []
    for number in range(1 + count):
        cost = run(command, student)
        costs += [cost] if number else []
        results = json.loads((folder / "results.json").read_text("utf-8"))
        if "results" not in results or not all(one["passed"] for one in results["results"]):
            raise RuntimeError(f"the comparison's own checks fail:\n{json.dumps(results)[:2000]}")
    return each(costs, count), version_of(python, "check50")


def _share(folder: Path) -> None:
    shared = TESTS.format(root=str(ROOT)).replace("import conv\n", "").replace("student = Executor(vars(conv))\n", "")
    (folder / f"{_SHARED}.py").write_text(shared.replace(", student=student", ", student"), encoding="utf-8")
