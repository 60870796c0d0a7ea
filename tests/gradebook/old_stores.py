"""Results folders as earlier versions of grader wrote them."""

import sqlite3
from contextlib import closing
from pathlib import Path

from grader.gradebook.sqlite import FILE

OLD_SCHEMAS = (1, 2, 3, 4)
_COLUMNS = """student text not null, assignment text not null, source_hash text not null, plan_hash text not null,
    rubric_hash text not null, status text not null, score real, max_score real not null, seconds real not null,
    graded_at real not null, run blob not null, grade blob not null"""
_TIMES = "handed_in text, time_source text not null default '', marked_late integer not null default 0"
_NAMES = "student, assignment, source_hash, plan_hash, rubric_hash, status, score, max_score, seconds, graded_at, run, grade"
_IS_LAST = "(student, assignment, number) in (select student, assignment, max(number) from new group by student, assignment)"
_AGE = {
    1: f"""
        create table record ({_COLUMNS}, primary key (student, assignment)) without rowid;
        insert into record select {_NAMES} from new where {_IS_LAST};
    """,
    2: f"""
        create table record ({_COLUMNS}, {_TIMES}, primary key (student, assignment)) without rowid;
        create table attempt ({_COLUMNS}, {_TIMES}, number integer not null, primary key (student, assignment, number)) without rowid;
        insert into record select {_NAMES}, submitted_at, time_source, marked_late from new where {_IS_LAST};
        insert into attempt select {_NAMES}, submitted_at, time_source, marked_late, number from new where not {_IS_LAST};
    """,
}


def age(folder: Path, schema: int) -> None:
    """Turn the store of a results folder into one of an earlier schema; what that had no room for is lost."""
    with closing(sqlite3.connect(folder / FILE)) as db:
        db.executescript(
            f"drop table folder; drop table dropped; drop table note; drop table review; drop table reading; pragma user_version={schema};"
        )
        if schema < 4:
            db.execute("drop table adjustment")
        if schema in _AGE:
            db.executescript(f"drop view record; alter table attempt rename to new; {_AGE[schema]} drop table new;")


def old_times(folder: Path) -> dict[tuple[str, str], float]:
    """When each record of an earlier schema was made."""
    with closing(sqlite3.connect(folder / FILE)) as db:
        return {(student, topic): at for student, topic, at in db.execute("select student, assignment, graded_at from record")}
