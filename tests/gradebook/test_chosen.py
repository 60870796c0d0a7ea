"""The students that a command is about, by name, section and class list."""

from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.gradebook.chosen import Chosen, choose
from grader.gradebook.roster import parse_roster

LIST = parse_roster(
    "Student,ID,SIS Login ID,Section\n"
    '"Pérez, Ana",1,ana,Morning\n'
    '"Díaz, Bea",2,bea,"Morning, Lab 2"\n'
    '"Ruiz, Caro",3,caro,Evening\n'
    '"Nadie, Noé",4,noe,Morning\n',
    Path("list.csv"),
)
CLASS = ("caro", "bea", "ana", "zoe")


def chosen(*names: str, section: str = "") -> Chosen:
    """Those of the class."""
    return choose(CLASS, names, section, LIST)


def test_everybody() -> None:
    """Without a choice it is the whole class, with what the list knows of each."""
    assert chosen().students == {"ana", "bea", "caro", "zoe"}
    assert chosen().names == {"ana": "Ana Pérez", "bea": "Bea Díaz", "caro": "Caro Ruiz"}
    assert chosen().unknown == {"zoe": "nobody in the roster is called that"}


def test_without_a_list() -> None:
    """Students can be named without a class list."""
    assert choose(CLASS, ["bea"]) == Chosen(frozenset({"bea"}))


@pytest.mark.parametrize("name", ["ana", "Ana Pérez", "Pérez, Ana", "ana perez"])
def test_names(name: str) -> None:
    """As the folder is called, or as the list has it."""
    assert chosen(name).students == {"ana"}


@pytest.mark.parametrize(
    ("section", "students"),
    [("Morning", {"ana", "bea"}), ("morning", {"ana", "bea"}), ("Lab 2", {"bea"}), ("Morning, Lab 2", {"bea"})],
)
def test_section(section: str, students: set[str]) -> None:
    """Whoever is in it, in another one too; capitals do not matter."""
    assert chosen(section=section).students == students


def test_who_is_missing() -> None:
    """Those of the section who are not among the students given."""
    assert chosen(section="Morning").without(["ana", "bea"]) == ["Noé Nadie"]
    assert chosen().without(["ana", "bea", "zoe"]) == ["Caro Ruiz", "Noé Nadie"]
    assert choose(CLASS).without([]) == []


def test_named_students_of_a_section() -> None:
    """Both choices hold, and nobody else is missing."""
    found = chosen("ana", "caro", section="Morning")
    assert (found.students, found.without(["ana"])) == ({"ana"}, [])


@pytest.mark.parametrize(
    ("names", "section", "said"),
    [
        (("anna",), "", "--student anna: no student here has that name. Did you mean 'ana'?"),
        (("Noé Nadie",), "", "--student Noé Nadie: in the class list, but has handed in nothing here"),
        ((), "Evning", "list.csv has no section 'Evning'. Did you mean 'Evening'"),
        ((), "X", "There are: Evening, Lab 2, Morning."),
    ],
)
def test_what_is_not_there(names: tuple[str, ...], section: str, said: str) -> None:
    """An unknown student or section is an error that says which there are."""
    with pytest.raises(UsageError) as raised:
        chosen(*names, section=section)
    assert said in str(raised.value)


def test_section_needs_a_list() -> None:
    """Who is in a section only the class list says."""
    with pytest.raises(UsageError, match="--roster FILE"):
        choose(CLASS, section="Morning")


def test_list_without_sections() -> None:
    """A list without such a column says so."""
    with pytest.raises(UsageError, match="no column Section"):
        choose(CLASS, section="A", roster=parse_roster("student\nana\n", Path("list.csv")))


@pytest.mark.parametrize(
    "head", ["Section", "section", "Groups", "Gruppen", "Grupos", "Groupes"], ids=["Canvas", "own", "en", "de", "es", "fr"]
)
def test_columns_of_sections(head: str) -> None:
    """As Canvas and Moodle call it, and in a list of one's own."""
    roster = parse_roster(f"username;{head}\nana;A\nbea;B\n", Path("x"))
    assert choose(["ana", "bea"], section="A", roster=roster).students == {"ana"}


class Counted(str):
    """A name that counts how often one is compared or hashed."""

    looked = 0
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        Counted.looked += 1
        return str.__eq__(self, other)

    def __hash__(self) -> int:
        Counted.looked += 1
        return str.__hash__(self)


@pytest.mark.parametrize("section", ["", "A"])
def test_work_grows_with_the_class_and_not_with_its_square(section: str) -> None:
    """Twice as many students are twice the work: each is looked up once, however many there are."""
    taken = []
    for count in (200, 400):
        roster = parse_roster("username;section\n" + "".join(f"s{n};A\n" for n in range(count)), Path("x"))
        names = [Counted(f"s{n}") for n in range(count)]
        Counted.looked = 0
        found = choose(names, section=section, roster=roster)
        assert all(name in found.students for name in names)
        taken.append(Counted.looked)
    assert taken[1] < 2.5 * taken[0]
