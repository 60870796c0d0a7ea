"""The database of a gradebook: its URL, its schema version, and its errors in plain words."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.errors import UsageError
from grader.integrations.nbgrader.fast_import import nbgrader

_REVISION = re.compile(r"^(down_revision|revision)\s*=\s*['\"](\w+)['\"]", re.MULTILINE)
_UPGRADE = "Copy the file to a safe place, and run in the course directory: nbgrader db upgrade"


def shown(url: str) -> str:
    """A gradebook's URL without a password."""
    from sqlalchemy.engine import make_url

    return str(make_url(url).render_as_string(hide_password=True))


def absolute(url: str) -> str:
    """A gradebook's URL that is the same from any folder."""
    from sqlalchemy.engine import make_url

    found = make_url(url)
    if found.get_backend_name() != "sqlite" or not found.database:
        return url
    return str(found.set(database=str(Path(found.database).resolve())).render_as_string(hide_password=False))


def refuse_old(url: str) -> None:
    """Refuse (UsageError) what is not a gradebook, or one of an older nbgrader, which would be half-upgraded by opening it."""
    from sqlalchemy import create_engine, inspect, text

    engine = create_engine(url, future=True)
    try:
        tables = inspect(engine).get_table_names()
        if "assignment" not in tables or "student" not in tables:
            raise UsageError(f"{shown(url)} is not an nbgrader gradebook: it has no assignments. Name the course's gradebook.")
        version = None
        if "alembic_version" in tables:
            with engine.connect() as connection:
                version = connection.execute(text("select version_num from alembic_version")).scalar()
    finally:
        engine.dispose()
    if version != (here := newest()):
        raise UsageError(
            f"the gradebook {shown(url)} has the schema {version or 'of a very old nbgrader'}, and the nbgrader here has {here}. "
            f"{_UPGRADE}"
        )


def begin(url: str) -> None:
    """Give a gradebook that has no tables yet the number of its schema, as nbgrader does when it makes them.

    nbgrader would ask alembic, in a process of its own, which takes longer than a whole release.
    """
    from sqlalchemy import create_engine, inspect, text

    engine = create_engine(url, future=True)
    try:
        if not inspect(engine).get_table_names():
            with engine.begin() as connection:
                connection.execute(text("create table alembic_version (version_num varchar(32) not null)"))
                connection.execute(text("insert into alembic_version (version_num) values (:newest)"), {"newest": newest()})
    finally:
        engine.dispose()


def newest() -> str:
    """The schema of the installed nbgrader: the revision that no other one follows."""
    folder = Path(nbgrader("dbutil").__file__).parent / "alembic" / "versions"
    found = [dict(_REVISION.findall(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.py"))]
    followed = {revision.get("down_revision") for revision in found}
    return next(str(revision["revision"]) for revision in found if revision.get("revision") not in {None, *followed})


@contextmanager
def explained(url: str, then: str = "What was graded is kept; run the same command again.") -> Iterator[None]:
    """Turn errors of the database into a UsageError that says what to do about them, and `then`."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
        if "locked" in reason:
            todo = "another program is writing to it (formgrader, nbgrader autograde?). Wait for it or close it"
        elif "no such" in reason:
            todo = f"an older nbgrader made it. {_UPGRADE}"
        else:
            todo = "is it nbgrader's gradebook, and may you write to it?"
        raise UsageError(f"the gradebook {shown(url)} cannot be used ({reason}): {todo}. {then}") from None
