"""`grader messages`: what students read, collected for translators; a new language is begun in the same way."""

import importlib.util
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.options import CourseOption, Topics, TopicsOption, topics_asked
from grader.course.folder import CATALOGS, Course, course_root, read_course
from grader.errors import UsageError
from grader.release import catalogs
from grader.text import atomic
from grader.text.language import OWN, SOURCE, languages
from grader.text.variants import MESSAGES, variants

if TYPE_CHECKING:  # an installed grader may lack Babel
    from babel.messages import Catalog

_NAME = re.compile(r"[a-zA-Z]{2,3}(_[a-zA-Z]{2,4})?")
SHOWN = 5  # messages of a catalog that are listed; the file has them all


def command(
    topics: Topics = None,
    topic: TopicsOption = None,
    language: Annotated[
        list[str] | None,
        typer.Option(
            "--lang",
            metavar="LANG",
            help="Only this language, which is added if it is new (may be repeated; default: all there are).",
        ),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing: only say what is missing or out of date.")] = False,
    framework: Annotated[
        bool, typer.Option("--framework", help="The grader's own texts instead of a course's, in a checkout of its source.")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="List all messages that are left, not only the first.")] = False,
    course: CourseOption = None,
) -> int:
    """Collect what students read of the course for translators.

    Titles, names of checks, hints, and the docstrings of stubs go into assignments/locale/LANG/LC_MESSAGES, a .po file for each topic.
    Translate there, with any editor, and run it again: what is translated is kept, and it says what is left. Of a text that was changed
    the old translation stays as a guess (fuzzy), which is not shown to students until you take the mark away.

    TOPIC may be `course`: the titles of the course and of its topics.

    Example: grader messages --lang pt

    Example: grader messages conv --check
    """
    if importlib.util.find_spec("babel") is None:
        raise UsageError("collecting messages needs Babel. Install it: pip install 'dl-grader[messages]'")
    wanted = topics_asked(topics, topic)
    names = list(dict.fromkeys(map(_named, language or ())))
    if framework:
        if wanted or course is not None:
            raise UsageError("--framework is about the grader itself: give it no topics and no course.")
        return _report(_own(names), check, SHOWN if not every else None)
    root = course_root(Path.cwd(), course)
    if OWN.is_relative_to(root / "assignments"):
        raise UsageError(f"{root} is inside the grader's installation. Go to your course.")
    folder = root / CATALOGS
    added = [name for name in names if not (folder / name).is_dir()]
    if not check:
        for name in added:
            (folder / name / MESSAGES).mkdir(parents=True, exist_ok=True)
    found = read_course(root)
    spoken = names or [name for name in languages(folder) if (folder / name).is_dir()]
    if not spoken:
        raise UsageError("the course has no other language yet. Add one: grader messages --lang es")
    code = _report(catalogs.of_topics(found, wanted, spoken), check, SHOWN if not every else None)
    for line in _advice(found, wanted, spoken, added):
        print(line)
    return code


def _named(language: str) -> str:
    """The name of a language's folder."""
    name = variants(language)[0]
    if not _NAME.fullmatch(name) or name == SOURCE:
        raise UsageError(
            f"--lang {language}: expected a language other than {SOURCE}, in which the course is written, by its code: es, pt, pt_BR."
        )
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        raise UsageError(f"--lang {language}: there is no language with this code. Write it like es, pt or pt_BR.") from None
    return name


def own_texts() -> list[str]:
    """What the grader says that does not stand in its code as a message: the texts of `--help`, the headings of the guides."""
    import typer.main

    from grader.cli.app import app
    from grader.cli.help import guide_headings
    from grader.cli.help_texts import help_messages

    return [*help_messages(typer.main.get_command(app)), *guide_headings()]


def _own(names: Sequence[str]) -> "Iterator[tuple[Path, Catalog]]":
    """The framework's catalogs; only a checkout holds their sources."""
    if not (catalogs.PACKAGE.parent / "pyproject.toml").is_file():
        raise UsageError(
            f"this grader is installed in {catalogs.PACKAGE}: its own messages are collected in a checkout of its source only."
        )
    spoken = names or [name for name in languages() if name != SOURCE]
    return catalogs.own(own_texts(), spoken)


def _report(found: "Iterator[tuple[Path, Catalog]]", check: bool, most: int | None) -> int:
    """Write the files (or only compare them), and say of each what is left; returns the exit code."""
    problems = 0
    for po, catalog in found:
        changed = catalogs.stale(po, catalog)
        if changed and not check:
            atomic.write(po, catalogs.po_text(catalog))
        left = catalogs.left(catalog)
        problems += len(left.all) + (changed and check)
        state = [f"{len(catalog)} messages"]
        state += [f"{len(left.missing)} missing"] if left.missing else []
        state += [f"{len(left.unlike)} with other names in braces"] if left.unlike else []
        state += [f"{len(left.fuzzy)} fuzzy"] if left.fuzzy else []
        state += ["complete"] if not left.all else []
        state += ["out of date" if check else "written"] if changed else []
        print(f"{_seen(po)}: {', '.join(state)}")
        for text in left.all[:most]:
            print(f"  {' '.join(text.split())[:100]}")
        if most is not None and len(left.all) > most:
            print(f"  … and {len(left.all) - most} more: --all lists them")
    return 1 if problems else 0


def _advice(course: Course, topics: Sequence[str], spoken: Sequence[str], added: Sequence[str]) -> Iterator[str]:
    """What the catalogs do not hold: statements, and the framework's own texts."""
    named = [name for name in topics if name != catalogs.COURSE]
    for name in spoken:
        statements = [found.name for found in course.select(named) if not (found.folder / f"README.{name}.md").is_file()]
        if statements and (named or not topics):
            yield f"{name}: no statement README.{name}.md of {', '.join(statements)}; students read README.md"
    for name in added:
        if not {*variants(name)} & {*languages()}:
            yield f"{name}: the grader's own texts are not in this language yet; students read them in English"


def _seen(path: Path) -> Path:
    """The path as seen from here."""
    here = Path.cwd().resolve()
    return path.resolve().relative_to(here) if path.resolve().is_relative_to(here) else path
