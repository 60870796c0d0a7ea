"""Tables compared: kind → columns → rows → labels of the rows → dtypes → values, and the forms in which the right values may come.

Missing values count as values: where the expected table has one, there must be one. Texts are texts, whatever their dtype is called.
"""

from collections.abc import Callable, Iterator
from typing import Literal

import msgspec
import numpy as np

from grader.checks.moments import moment_text
from grader.checks.unordered import text_of
from grader.sandbox.moments import Moment, decode_moment
from grader.sandbox.tables import TEXTS, Column, Labels, Table
from grader.text.language import gettext as _
from grader.text.language import ngettext

TableSlip = Literal["index", "columns", "dtype", "kind"]


def label_text(label: Labels) -> str:
    """The label of a column, as one writes it, a long one in short."""
    texts = [repr(moment_text(decode_moment(item))) if isinstance(item, Moment) else text_of(item) for item in label]
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def kind_text(value: Table) -> str:
    """What it is, and how large."""
    rows = ngettext("{n} row", "{n} rows", value.rows).format(n=value.rows)
    if value.kind == "series":
        return _("a Series of {rows}").format(rows=rows)
    columns = ngettext("{n} column", "{n} columns", len(value.columns)).format(n=len(value.columns))
    return _("a DataFrame of {rows} and {columns}").format(rows=rows, columns=columns)


def unlike_columns(want: Table, have: Table) -> tuple[tuple[Labels, ...], tuple[Labels, ...]]:
    """The labels of the columns that are missing, and of those that should not be there; of a Series, its name does not count."""
    if want.kind == "series":
        return (), ()
    missing, extra = list(want.labels), []
    for label in have.labels:
        if label in missing:
            missing.remove(label)
        else:
            extra.append(label)
    return tuple(missing), tuple(extra)


def columns_text(labels: tuple[Labels, ...]) -> str:
    """The labels of some columns."""
    shown = ", ".join(map(label_text, labels[:5]))
    return _("{keys} and {n} more").format(keys=shown, n=len(labels) - 5) if len(labels) > 5 else shown


def paired_columns(want: Table, have: Table) -> Iterator[tuple[str, Column, Column]]:
    """Every column, and every level of the labels of the rows, with the one that came, and what it is called in a message."""
    for level, (expected, got) in enumerate(zip(want.index, have.index, strict=True)):
        yield "index" if len(want.index) == 1 else f"index[{level}]", expected, got
    for label, expected, got in zip(want.labels, want.columns, have.columns, strict=True):
        yield "values" if want.kind == "series" else f"[{label_text(label)}]", expected, got


def same_dtype(want: Column, have: Column) -> bool:
    """Whether two columns are of the same kind: floats of any size, integers of any size, texts however they are kept."""
    return _family(want) == _family(have)


def _family(column: Column) -> str:
    if column.dtype == "category":
        return "category"
    if column.dtype in TEXTS:
        return "text"
    kind = column.array.dtype.kind
    zone = column.dtype.rpartition(",")[2] if kind == "M" else ""
    return f"{'i' if kind == 'u' else kind}{zone}"


def forms(want: Table, have: Table) -> Iterator[tuple[TableSlip | None, Table]]:
    """`have`, and what it is with one thing about its form put right, or several: each with the first of them."""
    yield None, have
    slip: TableSlip | None = None
    for name, change in _CHANGES:
        changed = change(want, have)
        if changed is not None:
            slip, have = slip or name, changed
            yield slip, have


def _as_kind(want: Table, have: Table) -> Table | None:
    """A DataFrame of one column as a Series, and the reverse."""
    if want.kind == have.kind or len(have.columns) != 1 or len(want.columns) != 1:
        return None
    return msgspec.structs.replace(have, kind=want.kind, labels=want.labels)


def _labels_back(want: Table, have: Table) -> Table | None:
    """The rows with the labels that they should have, where these have become columns, or have been numbered anew."""
    if have.rows != want.rows or have.index == want.index:
        return None
    if have.is_counted and have.kind == want.kind == "frame" and len(have.columns) == len(want.columns) + len(want.index):
        pairs = list(zip(have.labels, have.columns, strict=True))
        levels = tuple(column for label, column in pairs if label not in want.labels)
        left = [(label, column) for label, column in pairs if label in want.labels]
        if len(levels) == len(want.index):
            labels, columns = tuple(label for label, _column in left), tuple(column for _label, column in left)
            return msgspec.structs.replace(have, names=want.names, index=levels, labels=labels, columns=columns)
    if have.is_counted or want.is_counted:
        return msgspec.structs.replace(have, names=want.names, index=want.index)
    return None


def _columns_back(want: Table, have: Table) -> Table | None:
    """The columns in the expected order."""
    found = set(have.labels)
    if have.labels == want.labels or not len(found) == len(have.labels) == len(want.labels) or found != set(want.labels):
        return None
    columns = tuple(have.columns[have.labels.index(label)] for label in want.labels)
    return msgspec.structs.replace(have, labels=want.labels, columns=columns)


def _dtypes_back(want: Table, have: Table) -> Table | None:
    """The columns in the expected dtypes, where they hold the same."""
    if len(have.columns) != len(want.columns) or have.rows != want.rows:
        return None
    pairs = list(zip(want.columns, have.columns, strict=True))
    columns = tuple(_as_dtype(expected, got) for expected, got in pairs)
    levels = (
        tuple(_as_dtype(*pair) for pair in zip(want.index, have.index, strict=False))
        if len(want.index) == len(have.index)
        else have.index
    )
    changed = msgspec.structs.replace(have, columns=columns, index=levels)
    return changed if changed != have else None


def _as_dtype(want: Column, have: Column) -> Column:
    """A column that holds the same values as another dtype: whole floats, numbers as text, categories."""
    if same_dtype(want, have) or have.array.dtype.kind == "c":
        return have
    array, known = have.array, have.known
    target = want.array.dtype
    try:
        with np.errstate(all="ignore"):
            filled = np.where(known, array, np.zeros(1, array.dtype))
            moved = filled.astype(target)
            back = moved.astype(array.dtype) if target.kind != "U" else filled
    except (ValueError, TypeError, OverflowError, RuntimeError):  # numpy cannot write every date
        return have
    if not np.array_equal(filled, back):
        return have
    return msgspec.structs.replace(
        have,
        dtype=want.dtype,
        values=msgspec.structs.replace(have.values, dtype=moved.dtype.str, data=moved.tobytes()),
        missing=None if known.all() else msgspec.structs.replace(have.values, dtype="|b1", data=(~known).tobytes()),
    )


_CHANGES: tuple[tuple[TableSlip, Callable[[Table, Table], Table | None]], ...] = (
    ("kind", _as_kind),
    ("index", _labels_back),
    ("columns", _columns_back),
    ("dtype", _dtypes_back),
)
