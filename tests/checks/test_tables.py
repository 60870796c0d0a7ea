"""DataFrames and Series: compared column by column without pandas; another index, order of columns or dtype is a slip."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import pytest
from toys import exercise_of, one_case, prepared, verdict

from grader.checks.agrees import agrees
from grader.errors import RubricError
from grader.judge.call_program import program
from grader.judge.calls import call_text
from grader.sandbox.arrays import Array
from grader.sandbox.tables import Column, Table
from grader.sandbox.values import UnsendableError, Value, WireError, check, decode, encode

SALES = pd.DataFrame(
    {
        "shop": ["north", "south", "north", "west", None],
        "units": [3, 1, 4, 1, 5],
        "price": [1.5, np.nan, 2.25, 9.0, 2.5],
        "day": pd.to_datetime(["2024-01-02", "2024-01-03", None, "2024-02-01", "2024-02-02"]),
        "at": pd.to_datetime(["2024-01-02", "2024-07-03", None, "2024-02-01", "2024-02-02"]).tz_localize("Europe/Madrid"),
        "kind": pd.Categorical(["a", "b", "a", "a", "b"]),
        "whole": pd.array([1, None, 3, 4, 5], dtype="Int64"),
        "open": [True, False, True, True, False],
    }
)
BY_SHOP = SALES.groupby("shop")[["units", "price"]].sum()


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(SALES, id="all-kinds"),
        pytest.param(BY_SHOP, id="labelled-rows"),
        pytest.param(SALES.set_index(["shop", "units"])[["price"]], id="two-levels"),
        pytest.param(SALES.groupby("kind", observed=True)[["units"]].agg(["sum", "mean"]), id="two-levels-of-columns"),
        pytest.param(SALES.head(0), id="no-rows"),
        pytest.param(SALES["price"], id="series"),
        pytest.param(SALES["units"].rename(None), id="series-without-a-name"),
    ],
)
def test_they_cross_the_wire(value: Any) -> None:
    """Each arrives with its labels, dtypes and what is missing, and an argument is the same again."""
    wire = msgspec.msgpack.decode(msgspec.msgpack.encode(encode(value)), type=Value)
    check(wire)
    assert isinstance(decode(wire), Table)
    again = decode(wire, writable=True)
    if isinstance(value, pd.Series):
        pd.testing.assert_series_equal(again, value)
    else:
        pd.testing.assert_frame_equal(again, value, check_categorical=len(value) > 0)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        pytest.param(pd.DataFrame({"a": [1, "x"]}), "column", id="mixed"),
        pytest.param(pd.DataFrame({"a": [[1], [2]]}), "column", id="lists"),
        pytest.param(pd.DataFrame({(1, object()): [1]}), "column", id="labels"),
        pytest.param(pd.DataFrame(np.zeros((1, 1001))), "columns", id="wide"),
        pytest.param(pd.Series(np.zeros(100_001)), "many_items", id="long"),
        pytest.param(pd.Series(pd.period_range("2024", periods=2, freq="M")), "column", id="periods"),
        pytest.param(SALES.groupby("shop"), "type", id="groups"),
    ],
)
def test_other_columns_are_not_sent(value: Any, reason: str) -> None:
    """Objects other than text stay where they are, and the student reads why."""
    with pytest.raises(UnsendableError) as error:
        encode(value)
    assert error.value.reason == reason


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        pytest.param(pd.Series([0.0, 1.5]).astype(pd.SparseDtype(float)), "float64", id="sparse"),
        pytest.param(
            pd.Series(pd.to_datetime(["2024-07-03"]).tz_localize("dateutil/Europe/Madrid")), "datetime64[us]", id="dateutil"
        ),
    ],
)
def test_dtypes_that_only_pandas_knows(values: Any, dtype: str) -> None:
    """A column whose dtype says more than its values is sent as its values: it does not break the protocol."""
    wire = encode(values)
    check(wire)
    assert isinstance(wire, Table)
    assert wire.columns[0].dtype == dtype


ONE = Column("int64", Array("<i8", (2,), bytes(16)))
DAYS = Array("<M8[ns]", (2,), bytes(16))


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(Table("frame", (("a",),), (), (None,), (ONE,)), id="more-labels-than-columns"),
        pytest.param(Table("series", (), (), (None,), (ONE,)), id="series-of-nothing"),
        pytest.param(Table("frame", (), (), (None, None), (ONE,)), id="more-names-than-levels"),
        pytest.param(Table("frame", (), (), (None,), ()), id="no-index"),
        pytest.param(Table("frame", (("a",),), (Column("int64", Array("<i8", (1,), bytes(8))),), (None,), (ONE,)), id="shorter"),
        pytest.param(
            Table("frame", (("a",),), (Column("int64", Array("<i8", (2,), bytes(8))),), (None,), (ONE,)), id="bytes-missing"
        ),
        pytest.param(Table("frame", (("a",),), (Column("\x1b[31m", ONE.values),), (None,), (ONE,)), id="dtype-of-control-codes"),
        pytest.param(
            Table("frame", (("a",),), (Column("Int64", ONE.values, ONE.values),), (None,), (ONE,)), id="numbers-as-a-mask"
        ),
        *(
            pytest.param(Table("frame", (("a",),), (Column(dtype, values),), (None,), (ONE,)), id=f"values-of-{dtype}")
            for dtype, values in [
                ("S500000000", ONE.values),  # half a gigabyte for each number
                ("datetime64[ns]", ONE.values),
                ("str", ONE.values),
                ("Float64", ONE.values),
                ("Sparse[int]", ONE.values),
                ("datetime64[ns, dateutil//etc/passwd]", DAYS),  # read where a law makes a DataFrame of it
                ("datetime64[ns, /etc/passwd]", DAYS),
                ("datetime64[s, UTC]", DAYS),
            ]
        ),
        pytest.param(Table("frame", (("a",),), (Column("|O", Array("|O", (2,), bytes(16))),), (None,), (ONE,)), id="objects"),
    ],
)
def test_inconsistent_tables_are_refused(table: Table) -> None:
    """A child that sends what is not a table has broken the protocol."""
    with pytest.raises(WireError):
        check(table)


def nearly(table: Any) -> Any:
    """The same but for the last digits."""
    return table.assign(price=table["price"] * (1 - 1e-12))


def judged(right: Any, student: Any, **options: Any) -> Any:
    """The verdict on a result."""
    ready = prepared(exercise_of("f", agrees("one", cases=one_case(x=1.0), **options)), functions={"f": lambda x: right})
    return verdict(ready, {"f": lambda x: student})


@pytest.mark.parametrize(
    ("change", "outcome", "slip"),
    [
        pytest.param(lambda t: t, "passed", None, id="same"),
        pytest.param(lambda t: t.assign(price=t["price"] * (1 + 1e-12)), "passed", None, id="last-digits"),
        pytest.param(lambda t: t.astype({"units": "int32"}), "passed", None, id="shorter-integers"),
        pytest.param(lambda t: t.rename_axis("name"), "passed", None, id="name-of-the-index"),
        pytest.param(lambda t: t.reset_index(drop=True), "partly", "index", id="reset-index"),
        pytest.param(lambda t: t.reset_index(), "partly", "index", id="index-as-a-column"),
        pytest.param(lambda t: t[["price", "units"]], "partly", "columns", id="columns-in-another-order"),
        pytest.param(lambda t: t.astype({"units": float}), "partly", "dtype", id="floats-for-counts"),
        pytest.param(lambda t: t[["price", "units"]].reset_index(drop=True), "partly", "index", id="two-slips"),
        pytest.param(lambda t: t.iloc[::-1], "failed", None, id="rows-reversed"),
        pytest.param(lambda t: t.assign(units=t["units"] + 1), "failed", None, id="wrong-numbers"),
        pytest.param(lambda t: t.assign(units=t["units"] + 1).reset_index(), "failed", None, id="wrong-and-reset"),
        pytest.param(lambda t: t[["units"]], "failed", None, id="column-missing"),
        pytest.param(lambda t: t.iloc[:2], "failed", None, id="row-missing"),
        pytest.param(lambda t: t.where(t > 3), "failed", None, id="values-missing"),
        pytest.param(lambda t: t.to_numpy(), "failed", None, id="array"),
        pytest.param(lambda t: t.to_dict(), "failed", None, id="dict"),
        pytest.param(lambda t: None, "failed", None, id="nothing"),
    ],
)
def test_results(change: Callable[[Any], Any], outcome: str, slip: str | None) -> None:
    """Right values in another form are slips; other values are wrong in any form."""
    found = judged(BY_SHOP, change(BY_SHOP))
    assert (found.verdict, found.results[0].slip if found.results else None) == (outcome, slip), found.message


@pytest.mark.parametrize(
    ("right", "student", "outcome"),
    [
        pytest.param(SALES, SALES.copy(), "passed", id="all-kinds"),
        pytest.param(SALES["shop"], SALES["shop"].astype(object), "passed", id="texts-as-objects"),
        pytest.param(SALES["shop"], SALES["shop"].fillna("?"), "failed", id="filled"),
        pytest.param(SALES["units"], SALES["units"].rename("u"), "passed", id="name-of-a-series"),
        pytest.param(SALES["units"], SALES[["units"]], "partly", id="frame-for-a-series"),
        pytest.param(SALES["units"], SALES["units"].astype(str), "partly", id="numbers-as-text"),
        pytest.param(SALES["kind"], SALES["kind"].astype(str), "partly", id="text-for-categories"),
        pytest.param(SALES["at"], SALES["at"].dt.tz_convert("UTC"), "partly", id="another-zone"),
        pytest.param(SALES["day"], SALES["day"] + pd.Timedelta("1D"), "failed", id="next-day"),
        pytest.param(SALES["units"].max(), 5, "passed", id="a-number"),
        pytest.param(SALES.index, SALES.index, "passed", id="index"),
    ],
)
def test_columns(right: Any, student: Any, outcome: str) -> None:
    """Each kind of column; texts are texts however pandas keeps them, and a missing value is only right where one is missing."""
    assert judged(right, student).verdict == outcome


@pytest.mark.parametrize(
    ("options", "change", "outcome"),
    [
        pytest.param({"rows": "in any order"}, lambda t: t.iloc[::-1], "passed", id="any-order"),
        pytest.param({"rows": "in any order"}, lambda t: nearly(t.iloc[::-1]), "passed", id="last-digits"),
        pytest.param({"rows": "in any order"}, lambda t: t.iloc[[0, 1, 1]], "failed", id="a-row-twice"),
        pytest.param({"index": False}, lambda t: t.reset_index(drop=True), "passed", id="any-index"),
        pytest.param({"index": False}, lambda t: t.iloc[::-1], "failed", id="any-index-in-order"),
        pytest.param({"rows": "in any order", "index": False}, lambda t: t.iloc[::-1].reset_index(drop=True), "passed", id="both"),
    ],
)  # fmt: skip
def test_what_does_not_count(options: Any, change: Callable[[Any], Any], outcome: str) -> None:
    """A check may leave the order of the rows, or their labels, to the student."""
    assert judged(BY_SHOP, change(BY_SHOP), **options).verdict == outcome


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t[["units"]], "result.columns lacks 'price'"),
        (
            lambda t: t.iloc[:2],
            "result should be a DataFrame of 3 rows and 2 columns, but is a DataFrame of 2 rows and 2 columns",
        ),
        (
            lambda t: t.assign(units=[7, 1, 2]),
            "1 of 3 values of result['units'] is wrong; first result['units'][2] = 2 (should be 1)",
        ),
        (lambda t: t.rename(index={"west": "east"}), "1 of 3 values of result.index is wrong; first result.index[2] = 'east'"),
        (lambda t: t.reset_index(drop=True), "has the right values, but its rows have other labels: mind the index"),
        (lambda t: t[["price", "units"]], "its columns are in another order: 'price', 'units' instead of 'units', 'price'"),
        (lambda t: t.astype({"units": float}), "the dtype float64 instead of int64"),
        (lambda t: t.to_numpy(), "result should be a DataFrame of 3 rows and 2 columns, but is an array of shape (3, 2)"),
        (lambda t: t.assign(price=[None, 1.0, 2.0]), "result['price'][0] = missing (should be 3.75)"),
        (lambda t: t.rename(columns={"price": "p" * 100_000}), "and should not have 'pppp"),
        (lambda t: t.rename(index={"west": "w" * 100_000}), "first result.index[2] = 'wwww"),
    ],
)
def test_messages(change: Callable[[Any], Any], message: str) -> None:
    """What differs is named as one writes it in pandas, in short."""
    found = judged(BY_SHOP, change(BY_SHOP))
    assert message in found.message, found.message
    assert len(found.message) < 500


def test_a_call_with_a_table_can_be_run() -> None:
    """What is shown of a call gives the same table when it is typed in."""
    seen: list[Any] = []
    ready = prepared(
        exercise_of("f", agrees("one", cases=one_case(sales=SALES, one=BY_SHOP))),
        functions={"f": lambda sales, one: len(sales)},
        modules=("pandas",),
    )
    step, parameters = ready.plan.steps[0], ready.plan.rubric.parameters
    assert (
        call_text(step, parameters) == "f(sales=<a DataFrame of 5 rows and 8 columns>, one=<a DataFrame of 3 rows and 2 columns>)"
    )
    text = program(ready.plan.steps, [0], parameters, "work").replace("from work import f", "")
    exec(text, {"f": lambda *args: seen.extend(args)})
    pd.testing.assert_frame_equal(seen[0], SALES)
    pd.testing.assert_frame_equal(seen[1], BY_SHOP)


def test_a_course_without_tables_loads_no_pandas() -> None:
    """Neither planning nor judging imports pandas by itself."""
    code = (
        "import sys; import grader.judge.judge, grader.engine.prepare, grader.course.authoring; "
        "from grader.sandbox.values import encode; "
        "encode([1.0]); print('pandas' in sys.modules, 'matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False False\n"


def test_a_course_of_tables_names_pandas() -> None:
    """Without it, no child could make the argument: that is said before anything runs."""
    with pytest.raises(RubricError, match=r'(?s)needs pandas.*modules = \["pandas"\]'):
        prepared(exercise_of("f", agrees("one", cases=one_case(sales=[SALES]))), functions={"f": lambda sales: 1.0})
