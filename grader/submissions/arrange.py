"""Which of a student's files belong to the assignment, and their places in the student's folder."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

from grader.submissions.archives import bare, is_archive, is_noise, suffix
from grader.submissions.files import NOTEBOOK
from grader.submissions.submitted_at import MARK, TIMESTAMP

T = TypeVar("T")
Place = tuple[str, ...]
LONGEST, DEEPEST = 200, 20  # bytes of a name, and parts of a place
_COPY = re.compile(
    r"[-_ ]{0,9}\((?P<bracketed>\d{1,3})\)|[-_ ](?P<number>\d{1,3})|[-_ ]{1,9}(?:copy|copia|cópia|copie|kopie)( ?\(?\d{1,3}\)?)?",
    re.IGNORECASE,
)
_TEXT = (".txt", ".json")  # what browsers and mail programs make of a .py or .ipynb file
_UNFIT = re.compile(r'[\x00-\x1f\x7f\ud800-\udfff<>:"|?*\\]')


def arrange(topic: str, submitted: Mapping[Place, T], several: Collection[str] = ()) -> tuple[dict[Place, T], list[str]]:
    """Where each file goes below the student's folder (`conv/conv.py`), and notes on guesses and files left aside.

    The main file may be in a folder, or be named as systems name a second copy (`conv-1.py`, `conv (2).ipynb`). Without such a file, it is
    the only one with the topic in its name, or else the only one of its kind; what it holds decides whether it is read as a notebook. A
    single archive becomes the topic's archive, which `read_class` reads.

    Args:
        several: the modules that students fill, where these are several: they keep their names, and the folder that has most of them is
            the assignment's.
    """
    files: dict[Place, T] = {}
    notes: list[str] = []
    for place, item in submitted.items():
        if is_noise(place):
            continue
        fit = tuple(_UNFIT.sub("_", part).rstrip(" .") or "_" for part in place)  # every system can write it
        if len(fit) > DEEPEST or any(len(part.encode()) > LONGEST for part in fit):
            notes.append(f"{'/'.join(place)!r:.200} has too long a name; left aside")
        elif files.setdefault(fit, item) is not item:
            notes.append(f"{'/'.join(place)!r} is called like another file; left aside")
    main, sure = _main(topic, list(files)) if not _has(several, files) else (None, False)
    if main is None and len(files) == 1 and is_archive((only := next(iter(files)))[-1]):
        return {(f"{topic}{suffix(only[-1])}",): files[only]}, notes
    folder = main[:-1] if main else most_of(several, files)
    right = f"{topic}{NOTEBOOK if main[-1].lower().endswith(NOTEBOOK) else '.py'}" if main else ""
    if main and not sure:
        notes.append(f"{'/'.join(main)} is taken for {right}")
    arranged: dict[Place, T] = {}
    folders: set[Place] = set()
    for place, item in sorted(files.items(), key=lambda one: one[0] != main):
        inside = place[len(folder) :] if place[: len(folder)] == folder else place
        where = (topic, *((right,) if place == main else inside))
        if where[1:] in ((TIMESTAMP,), (MARK,)):  # these come from the system, not the student
            notes.append(f"{'/'.join(place)} was handed in by the student; left aside")
        elif where in folders or any(where[:end] in arranged for end in range(2, len(where) + 1)):
            notes.append(f"{'/'.join(place)} is called like another file; left aside")
        else:
            arranged[where] = item
            folders.update(where[:end] for end in range(2, len(where)))
    return arranged, notes


def _has(several: Collection[str], places: Iterable[Place]) -> bool:
    return any(place[-1] in several for place in places)


def most_of(several: Collection[str], places: Iterable[Place]) -> Place:
    """The folder that has most of the modules `several`; of two that have as many, the one nearest to the top."""
    counts = Counter(place[:-1] for place in places if place and place[-1] in several)
    return min(counts, key=lambda folder: (-counts[folder], len(folder), folder), default=())


def _main(topic: str, places: list[Place]) -> tuple[Place | None, bool]:
    """The assignment's main file, and whether that is certain: by its name, nearest to the top; else by the name of a second copy; else
    the only one with the topic in its name; else the only one of its kind.
    """
    code = [place for place in places if is_code(place[-1])]
    named = [place for place in code if bare(place[-1]) == topic]
    if named:
        return min(named, key=lambda place: (len(place), not place[-1].lower().endswith(NOTEBOOK), place)), True
    numbered = [(number, place) for place in code if (number := copy_number(topic, bare(place[-1]))) is not None]
    if numbered:
        return max(numbered)[1], len(numbered) == 1
    texts = [place for place in places if place[-1].lower().endswith(_TEXT)]
    for candidates in (code, [] if code else texts):
        within = [place for place in candidates if topic.casefold() in place[-1].casefold()]
        if len(within) == 1:
            return within[0], False
    for suffix_ in (NOTEBOOK, ".py"):
        alike = [place for place in code if place[-1].lower().endswith(suffix_)]
        if alike:
            return (alike[0] if len(alike) == 1 else None), False
    return None, False


def is_code(name: str) -> bool:
    """Whether a file of this name is a module or a notebook."""
    return name.lower().endswith((".py", NOTEBOOK))


def copy_number(topic: str, stem: str) -> int | None:
    """The number in the name of a copy of the topic's file (0 without one); None if it is another name."""
    if stem[: len(topic)].casefold() != topic.casefold() or len(stem) > LONGEST:
        return None
    found = _COPY.fullmatch(stem[len(topic) :])
    if found is None:
        return 0 if len(stem) == len(topic) else None
    return int(found["number"] or found["bracketed"] or 0)
