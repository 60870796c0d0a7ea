"""A toy course whose inputs are drawn for each student, in one exercise altogether, in another in one check."""

from pathlib import Path

SOLUTION = """\
def double(x):
    '''Twice x.'''
    # BEGIN SOLUTION
    return 2 * x
    # END SOLUTION


def half(x):
    '''Half of x.'''
    # BEGIN SOLUTION
    return x / 2
    # END SOLUTION
"""
REFERENCE = "def double(x):\n    return x + x\n\n\ndef half(x):\n    return 0.5 * x\n"
CHECKS = """\
from grader.course.authoring import agrees, exercise, within


def vectors(rng):
    for _ in range(3):
        yield dict(x=rng.normal(size=4))


def large(rng):
    yield dict(x=rng.normal(size=50_000))


@exercise(points=1, per_student=True)
def double():
    '''Twice.'''
    yield agrees("random", cases=vectors)
    yield within("fast", cases=large, times=1000)


@exercise(points=1, per_student=("own",))
def half():
    '''Half.'''
    yield agrees("everybody's", cases=vectors)
    yield agrees("own", cases=vectors)
"""


def write_own_course(root: Path, checks: str = CHECKS) -> Path:
    """The course, with its stub cut."""
    from grader.course.stub import cut_stub

    for name, text in {
        "assignments/course.toml": '[assignments.work]\ntitle = "Work"\n',
        "assignments/work/checks.py": checks,
        "assignments/work/work.py": cut_stub(SOLUTION, root / "solutions" / "work.py"),
        "solutions/work.py": SOLUTION,
        "reference/work.py": REFERENCE,
        "course.secret": "the same in every test\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root
