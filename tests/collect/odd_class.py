"""A class of sixty in odd layouts: what people hand in for one assignment, as folders or as Canvas's bulk download.

Each text is handed in once in every layout, so a layout that costs points shows. `python tests/collect/odd_class.py conv DIR` makes such a
class of the sample class's texts.
"""

import io
import json
import sys
import tarfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

Files = Mapping[str, bytes]


class Person(msgspec.Struct, frozen=True):
    """A student: login, name, Canvas's number, and what is handed in; `text` is what should be graded."""

    login: str
    name: str
    number: int
    layout: str
    files: Files
    text: str


def notebook(text: str) -> bytes:
    """A notebook with one cell of code."""
    cell = {"cell_type": "code", "source": text, "metadata": {}, "outputs": [], "execution_count": None}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).encode()


def zipped(files: Files) -> bytes:
    """A zip of files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2027, 4, 20, 20, 15, 0)), data)
    return packed.getvalue()


def tarred(files: Files) -> bytes:
    """A tar.gz of files."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mtime = len(data), 1_808_000_000
            archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()


LAYOUTS: dict[str, Callable[[str, str, str], Files]] = {  # of the topic, the text and the stub
    "as it should be": lambda topic, text, stub: {f"{topic}/{topic}.py": text.encode()},
    "no folder": lambda topic, text, stub: {f"{topic}.py": text.encode()},
    "capital letters, and a folder more": lambda topic, text, stub: {
        f"{topic}/{topic.title()}/{topic.title()}.py": text.encode()
    },
    "a notebook": lambda topic, text, stub: {f"{topic}/{topic}.ipynb": notebook(text)},
    "a module beside an untouched notebook": lambda topic, text, stub: {
        f"{topic}/{topic}.ipynb": notebook(stub),
        f"{topic}/{topic}.py": text.encode(),
    },
    "a browser's second copy": lambda topic, text, stub: {
        f"{topic}/{topic}.py": stub.encode(),
        f"{topic}/{topic} (1).py": text.encode(),
    },
    "another name": lambda topic, text, stub: {f"{topic}/solution.py": text.encode()},
    "another name beside the stub": lambda topic, text, stub: {
        f"{topic}/{topic}.py": stub.encode(),
        f"{topic}/final version.py": text.encode(),
    },
    "an archive of the assignment": lambda topic, text, stub: {f"{topic}.zip": zipped({f"{topic}.py": text.encode()})},
    "an archive of another name": lambda topic, text, stub: {"x.zip": zipped({f"new folder/{topic}.py": text.encode()})},
    "an archive in an archive": lambda topic, text, stub: {
        f"{topic}.zip": zipped({"inner.zip": zipped({f"{topic}.py": text.encode()})})
    },
    "a tar.gz": lambda topic, text, stub: {f"{topic}.tar.gz": tarred({f"{topic}/{topic}.py": text.encode()})},
    "what a Mac leaves": lambda topic, text, stub: {
        f"{topic}.zip": zipped(
            {f"{topic}/{topic}.py": text.encode(), f"__MACOSX/{topic}/._{topic}.py": b"\0\5\26\7", f"{topic}/.DS_Store": b"\0"}
        )
    },
    "what Windows writes": lambda topic, text, stub: {
        f"{topic}/{topic}.py": b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    },
    "a text file": lambda topic, text, stub: {f"{topic}/{topic}.py.txt": text.encode()},
}
FIRST = (
    "Ana",
    "Bruno",
    "Çağla",
    "Dmytro",
    "Éléonore",
    "Fátima",
    "Güneş",
    "Håkon",
    "Íñigo",
    "Jun",
    "Kofi",
    "Lucía",
    "Mateo",
    "Nadia",
    "Øyvind",
)
LAST = ("Álvarez", "Brown-Smith", "da Silva", "O'Neill")


def odd_class(topic: str, texts: Sequence[str], stub: str) -> list[Person]:
    """A person for each layout and each of `texts`."""
    people = []
    for round_, text in enumerate(texts):
        for place, (layout, files) in enumerate(LAYOUTS.items()):
            number = 4000 + len(people)
            first, last = FIRST[place % len(FIRST)], LAST[round_ % len(LAST)]
            people.append(Person(f"s{number}", f"{last}, {first}", number, layout, files(topic, text, stub), text))
    return people


def as_folders(folder: Path, people: Sequence[Person]) -> Path:
    """A folder for each student, by login."""
    for person in people:
        for name, data in person.files.items():
            path = folder / person.login / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    return folder


def as_canvas(path: Path, people: Sequence[Person], late: Sequence[str] = ()) -> Path:
    """Canvas's bulk download: a flat zip; who has folders has packed them. `late`: the logins that it marks."""
    members: dict[str, bytes] = {}
    for person in people:
        own = person.files if all("/" not in name for name in person.files) else {"work.zip": zipped(person.files)}
        short = "".join(letter for letter in person.name.lower() if letter.isalnum())
        mark = "_LATE" if person.login in late else ""
        for count, (name, data) in enumerate(own.items()):
            members[f"{short}{mark}_{person.number}_{90_000 + 10 * person.number + count}_{name}"] = data
    path.write_bytes(zipped(members))
    return path


def as_roster(path: Path, people: Sequence[Person], column: str) -> Path:
    """Canvas's export of its gradebook, with one more student who handed in nothing."""
    lines = [f"Student,ID,SIS User ID,SIS Login ID,Section,{column}", "    Points Possible,,,,,10"]
    lines += [f'"{person.name}",{person.number},,{person.login},{"AB"[person.number % 2]},' for person in people]
    lines.append('"Nobody, Niels",4999,,s4999,A,')
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return path


def main(topic: str, folder: Path) -> None:
    """Write the class for a topic of the course, from the sample class's first four texts."""
    root = Path(__file__).resolve().parents[2]
    texts = [path.read_text() for path in sorted((root / "examples" / "class").glob(f"*/{topic}/{topic}.py"))[:4]]
    people = odd_class(topic, texts, (root / "assignments" / topic / f"{topic}.py").read_text())
    as_folders(folder / "class", people)
    as_canvas(folder / f"{topic}.zip", people, [person.login for person in people[::10]])
    as_roster(folder / "grades.csv", people, f"{topic.title()} (77)")
    print(f"{folder}: {len(people)} people in {len(LAYOUTS)} layouts, {len(texts)} texts")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
