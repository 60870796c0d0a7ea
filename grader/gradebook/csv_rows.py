"""The rows of a CSV file that a person or another system made: with or without a byte order mark, commas, semicolons or tabs."""

import csv
import io
from pathlib import Path

import msgspec

from grader.errors import UsageError

MAX_CSV = 20 << 20
BOM = "\ufeff"


class CsvRows(msgspec.Struct, frozen=True):
    """The rows that are not empty, each with the number of its (last) line, and how the file was written."""

    rows: tuple[tuple[int, tuple[str, ...]], ...]
    delimiter: str = ","
    bom: bool = False


def read_text(path: Path, what: str) -> str:
    """The text of a CSV file.

    Args:
        what: what is expected there, as a sentence.

    Raises:
        UsageError: it cannot be read, or is another kind of file.
    """
    try:
        size = path.stat().st_size
        if size > MAX_CSV:
            raise UsageError(f"{path} has {size} bytes; a class list has at most {MAX_CSV}. Is it the right file?")
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}. {what}") from None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UsageError(f"{path} is UTF-16 text. Save it as «CSV UTF-8» and try again.")
    if data.startswith(b"PK\3\4"):
        raise UsageError(f"{path} is a spreadsheet or a zip file, not a CSV file. Save it as «CSV UTF-8» and try again.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text at byte {error.start}. Save it as «CSV UTF-8» and try again.") from None


def csv_rows(text: str, path: Path, what: str) -> CsvRows:
    """The rows in a text of `path`; see `read_text`."""
    bom, text = text.startswith(BOM), text.removeprefix(BOM)
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = tuple((reader.line_num, tuple(row)) for row in reader if any(row))
    except csv.Error as error:
        raise UsageError(f"{path} is not a CSV file: {error} in line {reader.line_num}. {what}") from None
    if not rows:
        raise UsageError(f"{path} is empty. {what}")
    return CsvRows(rows, delimiter, bom)


def head_key(head: str) -> str:
    """A column's header for comparison."""
    return " ".join(head.split()).casefold()


def _delimiter(text: str) -> str:
    """As Canvas does it: the one that gives the first lines the same number of fields, else the one that gives the header the most."""
    counts = {}
    for delimiter in ",;\t":
        try:
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            fields = [len(row) for row, _ in zip((row for row in reader if row), range(3), strict=False)]
        except csv.Error:
            continue
        counts[delimiter] = (len({*fields}) == 1 and fields[0] > 1, fields[0] if fields else 0)
    return max(counts, key=lambda delimiter: counts[delimiter], default=",")
