"""A coverage-guided search for a text that the reader of times cannot bear.

    python tests/fuzz/fuzz_timestamp.py --runs 100000       needs atheris (`pip install atheris`); prints what it saw

What `one_input` raises is a fault. An input that found one belongs into a test of `tests/test_written_time.py`.
"""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

from searching import search  # noqa: E402

from grader.submissions import written_time  # noqa: E402
from grader.submissions.submitted_at import MOST, decoded  # noqa: E402
from grader.submissions.written_time import YEARS, read_column, read_time  # noqa: E402

SEEDS = [
    *(b"2027-04-12 23:59:30.000000 UTC", b"2027-04-12T20:59:30-03:00", b"1807574370", b"20270412T235930Z", b"03/04/2027 8:00 pm"),
    *("viernes, 23 de abril de 2027, 8:15 p.\u00a0m.".encode(), "Freitag, 23. April 2027 um 20:15 Uhr".encode("utf-16")),
    *("vendredi 23 avril 2027 à 20h15".encode(), "sexta-feira, 23 abr. 2027 às 20:15 Europe/Madrid".encode()),
]
FUNCTIONS = (
    "_clean",
    "_bare",
    "_from_epoch",
    "_at",
    "_zone",
    "_day",
    "_named",
    "_numeric",
    "_number",
    "read_time",
    "read_column",
)


def one_input(data: bytes) -> str:
    """Read `data` as a `timestamp.txt`, and as a column; the result, in a word."""
    text = decoded(data[:MOST])
    time = read_time(text)
    times, unread = read_column(dict(enumerate(text.splitlines())), None)
    assert len(times) + len(unread) == len(text.splitlines())
    if time is None:
        return "refused"
    assert time.year in range(YEARS.start - 1, YEARS.stop + 1)
    assert time == read_time(text) == read_time(time.isoformat()), "another time at the second reading"
    return f"{type(time).__name__} {'in UTC' if time.tzinfo else 'of a clock'}"


if __name__ == "__main__":
    search(__doc__, one_input, SEEDS, [(written_time, FUNCTIONS)])
