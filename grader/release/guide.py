"""The page that comes with a bundle: how to install and how to check, in one language, or in each that the course has."""

import re
import textwrap
from collections.abc import Iterator, Sequence

from grader.course.folder import CATALOGS, Assignment, Course
from grader.text.language import OWN, SOURCE, add_catalog, known_as, languages, speaking
from grader.text.language import gettext as _

GUIDE = "GUIDE.md"
WIDTH = 120
_GAP = 2  # spaces between a command and what it does


def guide(
    course: Course,
    assignments: Sequence[tuple[Assignment, str]],
    wheel: str,
    offline: bool,
    packages: Sequence[str] = (),
    language: str | None = None,
) -> str:
    """The guide in Markdown.

    Args:
        assignments: what is in the bundle, each with the name of its first exercise.
        wheel: the file name of the grader's wheel.
        offline: whether the wheels of all dependencies are beside it.
        packages: what else the assignments use, as pip calls it.
        language: of the bundle; by default it has every language of the course that the framework speaks, and so has the guide.
    """
    spoken_here = (
        [language] if language else [SOURCE, *(name for name in languages(course.root / CATALOGS) if _both(name, course))]
    )
    install = f"--no-index --find-links wheels {wheel.partition('-')[0].replace('_', '-')}" if offline else f"wheels/{wheel}"
    install = " ".join((install, *packages))
    pages = []
    for name in spoken_here:
        with speaking(name):
            add_catalog("course", course.root / CATALOGS)
            others = [] if name != spoken_here[0] else spoken_here[1:]
            flag = f" --lang {name}" if language is None and name != SOURCE else ""
            title = _(course.title) if name == spoken_here[0] else _in_this_language()
            pages.append(
                "\n\n".join(map(_wrapped, _page(title, others, assignments, install, [] if offline else packages, offline, flag)))
                + "\n"
            )
    return "\n".join(pages)


def _wrapped(paragraph: str) -> str:
    """A paragraph in lines that an editor shows; what has lines of its own keeps them."""
    return paragraph if "\n" in paragraph else textwrap.fill(paragraph, WIDTH, break_long_words=False, break_on_hyphens=False)


def _both(language: str, course: Course) -> bool:
    """Whether course and framework speak a language that is not the source's."""
    folder = course.root / CATALOGS / language
    return language != SOURCE and folder.is_dir() and known_as(language, [path.name for path in OWN.iterdir()]) is not None


def _in_this_language() -> str:
    return _("In English")


def _link(language: str) -> str:
    """A link to the part of the page that is in another language, written in it."""
    with speaking(language):
        title = _in_this_language()
    anchor = re.sub(r"[^\w-]", "", title.lower().replace(" ", "-"))
    return f"[{title}](#{anchor})"


def _page(
    title: str,
    others: Sequence[str],
    assignments: Sequence[tuple[Assignment, str]],
    install: str,
    fetched: Sequence[str],
    offline: bool,
    flag: str,
) -> Iterator[str]:
    """The paragraphs in the language in force.

    Args:
        others: the languages further down.
        fetched: packages that the course uses besides.
        flag: what commands need to speak this language.
    """
    first, exercise = assignments[0][0].name, assignments[0][1]
    yield f"# {title}"
    if others:
        yield " · ".join(map(_link, others))
    yield _("You need Python 3.11 or newer (`python3 --version`). Everything happens in this folder: open a terminal here.")
    yield "## 1. " + _("Install, once")
    yield _("On Linux and macOS:")
    yield f"    python3 -m venv .venv\n    .venv/bin/python -m pip install {install}"
    yield _("On Windows:")
    yield f"    py -m venv .venv\n    .venv\\Scripts\\python -m pip install {install}"
    if offline:
        yield _("No internet is needed: all packages come from the folder `wheels`.")
    else:
        online = _(
            "This fetches numpy and four small packages from the internet; the grader itself comes from the folder `wheels`."
        )
        more = _("It fetches {packages}, too, which this course uses.").format(packages=", ".join(fetched)) if fetched else ""
        yield f"{online} {more}".strip()
    activate = {"linux": "`source .venv/bin/activate`", "windows": "`.venv\\Scripts\\activate`"}
    yield _("Then switch it on, in every new terminal: {linux}, on Windows {windows}.").format(**activate)
    yield "## 2. " + _("Work")
    hole = "`raise NotImplementedError`"
    yield _(
        "In `assignments/<topic>/`, `README.md` says what to do and `<topic>.py` has the holes: each function with a {hole} is yours to "
        "write. The docstring above it is all you need. Here are:"
    ).format(hole=hole)
    yield "\n".join(f"* `{assignment.name}`: {_(assignment.title)}" for assignment, _first in assignments)
    trial = {"block": '`if __name__ == "__main__":`', "command": f"`python assignments/{first}/{first}.py`"}
    yield _(
        "To try things, write them at the end of the file, below {block}, and run {command}. That part does not run when you are graded."
    ).format(**trial)
    yield "## 3. " + _("Check")
    yield _commands(assignments[0][0], flag)
    yield _(
        "Your code runs on this machine only, in a process of its own with limits on time and memory; nothing is sent anywhere. Where "
        "something is wrong, you read which call shows it, what came and what should have come, and often which mistake it is. Some "
        "checks run when you hand in; the report says how many points they are worth."
    )
    yield _("In a Jupyter notebook in this folder (`pip install notebook`), run {cells}.").format(cells=_cells(exercise, flag))
    yield _(
        "In Visual Studio Code, open this folder: Ctrl+Shift+B (⇧⌘B) checks the topic whose file you edit, and marks what failed beside "
        "your code. After `pip install pytest`, the test explorer there (and PyCharm's) shows each check, and so does {command}."
    ).format(command=f"`pytest assignments/{first}`")
    yield "## 4. " + _("Hand in")
    yield _(
        "Hand in `<topic>.py`, as your course says. The other files are yours to look at; changes to them have no effect when you hand in."
    )


def _commands(assignment: Assignment, flag: str) -> str:
    first = assignment.name
    said = {
        f"grader list{flag}": _("how far you are, and what is next"),
        f"grader check{flag}": _("check what you saved last"),
        f"grader check {first}{flag}": _("check {file}").format(file=f"assignments/{first}/{first}.py"),
        f"grader check {first}{flag} --watch": _("again whenever you save the file"),
    }
    if assignment.plots.is_file():
        said[f"grader plot {first}{flag}"] = _("pictures of what your functions return")
    width = max(map(len, said)) + _GAP
    return "\n".join(f"    {command:<{width}}{text}" for command, text in said.items())


def _cells(exercise: str, flag: str) -> str:
    chosen = [f"`%grader_language {flag.split()[-1]}`"] if flag else []
    return ", ".join(["`%load_ext grader`", *chosen, f'`grader.check("{exercise}")`'])
