"""Where a PostgreSQL store is: a server's address as libpq has it, and the class, which is a schema of the database."""

import re
from typing import Final, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

from grader.errors import UsageError

SCHEMES: Final = ("postgresql", "postgres")
CLASS: Final = "class"  # the part of the address that names the class
_NAME: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_EXAMPLE: Final = "postgresql://marta@db.example.org/grades?class=dl_2027"


class Address(msgspec.Struct, frozen=True):
    """The address of a store.

    Attributes:
        conninfo: what libpq connects to; it holds no password.
        schema: the schema of the database that holds the class.
    """

    conninfo: str
    schema: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """The address in a text.

        Raises:
            UsageError: it is not one, has a password or no class.
        """
        try:
            parts = urlsplit(text.strip())
            port = parts.port
        except ValueError as error:
            raise UsageError(f"{text!r} is not an address: {error}. An example: {_EXAMPLE}") from None
        if parts.scheme not in SCHEMES or not parts.path.strip("/"):
            raise UsageError(f"{text!r} is not the address of a PostgreSQL database. An example: {_EXAMPLE}")
        query = parse_qsl(parts.query)
        if parts.password or any(name == "password" for name, _ in query):
            host = f"{parts.hostname or 'localhost'}:{port or 5432}"
            raise UsageError(
                f"the address of {host} holds a password, and it would be read in the results folder. Put it into ~/.pgpass "
                f"({host}:{parts.path.strip('/')}:{parts.username or 'USER'}:PASSWORD), or into PGPASSWORD, and leave it out here."
            )
        schema = next((value for name, value in query if name == CLASS), "")
        if not _NAME.fullmatch(schema):
            wrong = f"{schema!r} is not a name" if schema else "it names no class"
            raise UsageError(f"{text!r}: {wrong}. Small letters, digits and _ make one: {_EXAMPLE}")
        rest = urlencode([(name, value) for name, value in query if name != CLASS])
        return cls(f"postgresql://{parts.netloc}{parts.path}{'?' if rest else ''}{rest}", schema)

    def __str__(self) -> str:
        """As a person writes it."""
        return f"{self.conninfo}{'&' if '?' in self.conninfo else '?'}{CLASS}={self.schema}"
