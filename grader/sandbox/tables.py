"""Tables on the wire: a DataFrame or a Series of pandas as named columns of plain arrays, never pickled.

    child         DataFrame ──► encode_table ──► Table          pandas is loaded there if anything of it can come
    supervisor    Table: checked, compared by its arrays         without pandas; `to_pandas` is for laws and arguments

A column's dtype is its name; what is missing in it is a mask where no number can say so. The labels of rows and columns are tuples of as
many levels as they have. Categories are what occurs.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

import msgspec
import numpy as np

from grader.sandbox.arrays import Array, check_array, decode_array, encode_array
from grader.sandbox.limits import MAX_COLUMNS, MAX_ITEMS, UnsendableError, WireError
from grader.sandbox.moments import Moment, check_moment, decode_moment, encode_moment

_ZONED = re.compile(r"(datetime64\[\w+)(, (?!dateutil/)[A-Za-z][\w+-]*(/[\w+-]+)*(:\d\d)?)\]")  # `dateutil/` would read any file
_MASKED = re.compile(r"U?Int\d+|Float\d+|boolean")  # pandas' own numbers, of which any may be missing
TEXTS = ("object", "str", "string")
MAX_LEVELS = 8

Label = None | bool | int | float | str | Moment
Labels = Annotated[tuple[Label, ...], msgspec.Meta(min_length=1, max_length=MAX_LEVELS)]


class Column(msgspec.Struct, frozen=True, array_like=True):
    """One column, or one level of the labels of the rows.

    Attributes:
        dtype: as pandas names it.
        missing: where nothing is known, if the values cannot say so themselves.
    """

    dtype: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    values: Array
    missing: Array | None = None

    @property
    def array(self) -> np.ndarray[Any, Any]:
        """The values."""
        return decode_array(self.values)

    @property
    def known(self) -> np.ndarray[Any, Any]:
        """Where a value is known: not NaN, and no missing date."""
        array = self.array
        known = np.ones(array.shape, bool) if self.missing is None else ~decode_array(self.missing)
        if array.dtype.kind in "fc":
            known &= ~np.isnan(array)
        elif array.dtype.kind in "mM":
            known &= ~np.isnat(array)
        return known


class Table(msgspec.Struct, frozen=True, tag="table", array_like=True):
    """A DataFrame or a Series.

    Attributes:
        labels: of the columns; of a Series its name.
        index: the labels of the rows, level by level; `names` are theirs.
    """

    kind: Literal["frame", "series"]
    labels: tuple[Labels, ...]
    columns: tuple[Column, ...]
    names: Labels
    index: tuple[Column, ...]

    @property
    def rows(self) -> int:
        """How many there are."""
        return self.index[0].values.shape[0]

    def to_pandas(self) -> Any:
        """What it stands for, as pandas has it."""
        import pandas as pd

        index = [_series(column) for column in self.index]
        names = [_python(name) for name in self.names]
        if len(index) == 1:
            rows = pd.RangeIndex(self.rows, name=names[0]) if self.is_counted else pd.Index(index[0], name=names[0])
        else:
            rows = pd.MultiIndex.from_arrays(index, names=names)
        data = [_series(column) for column in self.columns]
        if self.kind == "series":
            return pd.Series(data[0].array, index=rows, name=_label(self.labels[0]))
        frame = pd.DataFrame({place: column.array for place, column in enumerate(data)}, index=rows)
        labels = [_label(label) for label in self.labels]
        several = labels and all(isinstance(label, tuple) for label in labels)
        frame.columns = pd.MultiIndex.from_tuples(labels) if several else pd.Index(labels)
        return frame

    @property
    def is_counted(self) -> bool:
        """Whether the rows are labelled 0, 1, 2, … and by nothing else."""
        first = self.index[0]
        return len(self.index) == 1 and first.dtype == "int64" and np.array_equal(first.array, np.arange(self.rows))


def _python(label: Label) -> Any:
    return decode_moment(label) if isinstance(label, Moment) else label


def _label(label: Sequence[Label]) -> Any:
    found = tuple(map(_python, label))
    return found[0] if len(found) == 1 else found


def check_table(value: Table) -> None:
    """Raise `WireError` unless its columns go together and are within the limits."""
    if len(value.columns) != len(value.labels) or len(value.columns) > MAX_COLUMNS:
        raise WireError(f"{len(value.labels)} labels of {len(value.columns)} columns")
    if not value.index or len(value.index) != len(value.names):
        raise WireError(f"{len(value.names)} names of {len(value.index)} levels")
    if value.kind == "series" and len(value.columns) != 1:
        raise WireError(f"a series of {len(value.columns)} columns")
    shape = value.index[0].values.shape
    if len(shape) != 1 or shape[0] > MAX_ITEMS:
        raise WireError(f"rows of shape {shape!r:.80}")
    for column in (*value.columns, *value.index):
        _check_column(column, shape)
    for label in (*value.labels, value.names):
        for item in label:
            if isinstance(item, Moment):
                check_moment(item)


def _check_column(column: Column, shape: tuple[int, ...]) -> None:
    check_array(column.values)
    if column.values.shape != shape:
        raise WireError(f"a column of shape {column.values.shape!r:.80} among {shape!r:.80}")
    if not _stands_for(column.dtype, np.dtype(column.values.dtype)):
        raise WireError(f"a column of dtype {column.dtype!r:.40} with values of {column.values.dtype}")
    if column.missing is not None:
        check_array(column.missing)
        if column.missing.dtype != "|b1" or column.missing.shape != shape:
            raise WireError(f"missing values of shape {column.missing.shape!r:.80} among {shape!r:.80}")


def _stands_for(name: str, values: np.dtype[Any]) -> bool:
    """Whether a column that pandas calls `name` has such values: `to_pandas` is asked for nothing that takes more than they do."""
    if name in TEXTS:
        return values.kind == "U"
    if name == "category":
        return True
    if _MASKED.fullmatch(name):
        return values.name == ("bool" if name == "boolean" else name.lower())
    return values.name == (f"{zoned[1]}]" if (zoned := _ZONED.fullmatch(name)) else name)


# --- where pandas is ----------------------------------------------------------------------------------------------------------------------


def is_table(obj: object) -> bool:
    """Whether it is a DataFrame, a Series or an index; without pandas nothing is."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(obj, (pandas.DataFrame, pandas.Series, pandas.Index))


def encode_table(obj: Any) -> "Table | Array":
    """A DataFrame or a Series as it is sent; an index as the array of its labels.

    Raises:
        UnsendableError: a column holds what cannot be sent, or it is too large.
    """
    import pandas as pd

    if isinstance(obj, pd.Index):
        column = _column(obj.to_frame().iloc[:, 0] if not isinstance(obj, pd.MultiIndex) else pd.Series(range(len(obj))), "index")
        return column.values
    if len(obj) > MAX_ITEMS:
        raise UnsendableError("many_items", type(obj).__name__, len(obj))
    levels = [obj.index.get_level_values(place) for place in range(obj.index.nlevels)]
    index = tuple(_column(level.to_series(), "index") for level in levels)
    names = tuple(map(_scalar, obj.index.names))[:MAX_LEVELS]
    if isinstance(obj, pd.Series):
        return Table("series", (_labels(obj.name),), (_column(obj, obj.name),), names, index[:MAX_LEVELS])
    if obj.shape[1] > MAX_COLUMNS:
        raise UnsendableError("columns", obj.shape[1], MAX_COLUMNS)
    columns = tuple(_column(obj.iloc[:, place], obj.columns[place]) for place in range(obj.shape[1]))
    return Table("frame", tuple(map(_labels, obj.columns)), columns, names, index[:MAX_LEVELS])


def _labels(label: Any) -> tuple[Label, ...]:
    return tuple(map(_scalar, label)) if isinstance(label, tuple) and 0 < len(label) <= MAX_LEVELS else (_scalar(label),)


def _scalar(label: Any) -> Label:
    """One label, as a plain number, a text or a date."""
    import datetime

    found = label.item() if isinstance(label, np.generic) else label
    if found is None or type(found) in (bool, float, str) or (type(found) is int and -(1 << 63) <= found < 1 << 64):
        return found  # type: ignore[no-any-return]  # one of these types
    if isinstance(found, datetime.date | datetime.time | datetime.timedelta) and isinstance(
        moment := encode_moment(found), Moment
    ):
        return moment
    raise UnsendableError("column", "labels", type(label).__name__)


def _column(series: Any, label: Any) -> Column:
    """One column; where something is missing in a text or a masked number, anything stands there."""
    dtype = str(series.dtype)
    if dtype == "category":
        inner = _column(series.astype(series.cat.categories.dtype), label)
        return Column(dtype, inner.values, inner.missing)
    if dtype in TEXTS or _MASKED.fullmatch(dtype):
        missing = series.isna().to_numpy(dtype=bool)
        filling: Any = "" if dtype in TEXTS else False if dtype == "boolean" else 0
        items = [filling if gone else item for item, gone in zip(series.tolist(), missing.tolist(), strict=True)]
        if dtype in TEXTS and not all(type(item) is str for item in items):
            raise UnsendableError(
                "column", f"{label!r:.40}", next(type(item).__name__ for item in items if type(item) is not str)
            )
        values = np.array(items, dtype=np.str_ if dtype in TEXTS else bool if dtype == "boolean" else dtype.lower())
        mask = encode_array(missing) if missing.any() else None
        assert not isinstance(mask, str)
    else:
        zoned = "datetime64[" in dtype and "," in dtype
        values = (series.dt.tz_convert("UTC").dt.tz_localize(None) if zoned else series).to_numpy()
        mask = None
    if values.dtype.kind not in "biufcUMm":
        raise UnsendableError("column", f"{label!r:.40}", dtype[:60])
    found = encode_array(values)
    assert not isinstance(found, str)
    kept = np.dtype(found.dtype)
    return Column(dtype if _stands_for(dtype, kept) else kept.name, found, mask)  # sparse numbers are numbers


def _series(column: Column) -> Any:
    """A column as pandas has it."""
    import pandas as pd

    array, dtype = decode_array(column.values, writable=True), column.dtype
    if column.values.dtype.startswith("<U"):
        array = array.astype(object)
    if column.missing is not None:
        array = array.astype(object)
        array[decode_array(column.missing)] = None
    if "datetime64[" in dtype and "," in dtype:
        return pd.Series(array).dt.tz_localize("UTC").astype(dtype)
    if dtype == "str" and int(pd.__version__.partition(".")[0]) < 3:  # its `str` is an order to convert
        dtype = "object"
    return pd.Series(array, dtype=dtype)


def numbers(value: Table) -> Iterator[np.ndarray[Any, Any]]:
    """The columns that hold numbers."""
    return (column.array for column in value.columns if column.array.dtype.kind in "biufc")


def loosened(value: Table, loosely: Sequence[str]) -> Table:
    """The table in the one form that all have that differ in nothing but the order of rows, or their labels."""
    if "any index" in loosely:
        counted = encode_array(np.arange(value.rows))
        assert isinstance(counted, Array)
        value = msgspec.structs.replace(value, names=(None,), index=(Column("int64", counted),))
    if "rows in any order" in loosely and value.columns:
        by_label = sorted(zip(value.labels, value.columns, strict=True), key=lambda item: repr(item[0]))
        labels = () if value.is_counted else value.index
        order = np.lexsort([_place(column) for column in reversed([*(column for _, column in by_label), *labels])])
        moved = [] if value.is_counted else [_taken(column, order) for column in value.index]
        columns = tuple(_taken(column, order) for column in value.columns)
        value = msgspec.structs.replace(value, columns=columns, index=tuple(moved) or value.index)
    return value


def _place(column: Column) -> np.ndarray[Any, Any]:
    """What sorts a column's values: the last digits of floats may differ from one right program to another."""
    array = column.array
    if array.dtype.kind in "mM":
        array = array.astype(np.int64)
    elif array.dtype.kind in "fc":
        array = array.real.astype(float)
        with np.errstate(all="ignore"):
            scale = np.abs(array[np.isfinite(array)]).max(initial=0.0) or 1.0
            array = np.where(np.isnan(array), np.inf, np.round(array / scale, 6))
    return np.asarray(np.unique(array, return_inverse=True)[1] * 2 + ~column.known)


def _taken(column: Column, order: np.ndarray[Any, Any]) -> Column:
    values, missing = encode_array(column.array[order]), None
    if column.missing is not None:
        missing = encode_array(decode_array(column.missing)[order])
    assert isinstance(values, Array) and not isinstance(missing, str)
    return Column(column.dtype, values, missing)
