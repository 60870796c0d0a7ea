"""The address of a database is checked before anything is connected to it."""

from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.gradebook.move import use
from grader.gradebook.postgres_address import Address
from grader.gradebook.sqlite_file import FILE


def test_class_is_taken_out_of_what_the_server_is_told() -> None:
    """The rest is libpq's, options and all; and a person reads it as it was written."""
    text = "postgresql://marta@db.example.org:5433/grades?sslmode=require&class=dl_2027"
    address = Address.parse(text)
    assert address == Address("postgresql://marta@db.example.org:5433/grades?sslmode=require", "dl_2027")
    assert str(address) == text


def test_a_socket_has_no_host() -> None:
    """libpq takes a folder as host."""
    assert Address.parse("postgres:///grades?host=/run/pg&class=a").conninfo == "postgresql:///grades?host=%2Frun%2Fpg"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("postgresql://marta:secret@db/grades?class=a", r"holds a password.*db:5432:grades:marta:PASSWORD"),
        ("postgresql://db/grades?class=a&password=secret", "holds a password"),
        ("postgresql://db/grades", "it names no class"),
        ("postgresql://db/grades?class=DL 27", "'DL 27' is not a name"),
        ("postgresql://db/grades?class=a;drop table", "is not a name"),
        ("postgresql://db?class=a", "is not the address of a PostgreSQL database"),
        ("mysql://db/grades?class=a", "is not the address of a PostgreSQL database"),
        ("postgresql://db:port/grades?class=a", "is not an address"),
    ],
)
def test_other_addresses_are_refused(text: str, said: str) -> None:
    """With what is wrong, what to do, and without the password."""
    with pytest.raises(UsageError, match=said) as refused:
        Address.parse(text)
    assert "secret" not in str(refused.value)


def test_a_folder_with_records_does_not_use_others(tmp_path: Path) -> None:
    """Its own would be out of sight."""
    (tmp_path / FILE).touch()
    with pytest.raises(UsageError, match="has records of its own"):
        use(tmp_path, "postgresql://db/grades?class=a")
