"""What comes back from a child in place of a result: what it printed, and what it drew; and the arguments that it makes from names."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from students import LIMITS, source, value
from students import call as step

from grader.sandbox.backend import Backend
from grader.sandbox.linux.backend import LinuxBackend
from grader.sandbox.outcome import BadReturn, Raised, Returned
from grader.sandbox.subprocess.backend import SubprocessBackend
from grader.sandbox.tables import Table
from grader.sandbox.values import Function

pytestmark = pytest.mark.slow
PRINTING = """
    import contextlib, io, os, sys
    from sys import stdout
    write = sys.stdout.write
    print("while it is loaded")

    def plain(x): print(x, "  ")
    def bound(x): stdout.write("a\\n"); write("b \\n"); sys.stdout.write("c")
    def bytes_(x): sys.stdout.buffer.write(b"a\\n"); sys.stdout.buffer.flush(); print("b")
    def errors(x): print("x", file=sys.stderr); print("y")
    def inside(x):
        with contextlib.redirect_stdout(io.StringIO()) as kept: print("not seen")
        print(kept.getvalue().upper(), end="")
    class Loud:
        def write(self, text): write(text.upper())
        def flush(self): pass
    def replaced(x):
        sys.stdout = Loud()
        print("loud")
    def closed(x):
        sys.stdout = stdout
        print("before")
        sys.stdout.close()
    def numbers(x): print(x); return 2 * x
    def raising(x): print("so far"); raise ValueError("no")
    def much(x): print("x" * 60_000)
    def generator(x):
        print("first"); yield 1
        print("second"); yield 2
"""


@pytest.fixture(scope="module", params=[LinuxBackend, SubprocessBackend], ids=["linux", "subprocess"])
def backend(request: pytest.FixtureRequest) -> Any:
    """Both backends."""
    with request.param() as opened:
        yield opened


def sent(backend: Backend, text: str, target: str, *args: Any, offered: tuple[str, ...] = (), **fields: Any) -> Any:
    """What one step of a submission of this text sends."""
    found = source(text)
    session = backend.open(type(found)(found.main, found.modules, offered=offered), LIMITS)
    try:
        assert isinstance(session.loaded, Returned), session.loaded
        return step(session, target, *args, seconds=10.0, **fields)
    finally:
        session.close()


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("plain", "3"),
        ("bound", "a\nb\nc"),
        ("bytes_", "a\nb"),
        ("errors", "y"),
        ("inside", "NOT SEEN"),
        ("replaced", "LOUD"),
        ("closed", "before"),
    ],
)
def test_whatever_reaches_the_standard_output_is_heard(backend: Backend, target: str, text: str) -> None:
    """By `print`, by a stream that was imported or a method that was kept; not what goes elsewhere, nor what was printed before."""
    assert value(sent(backend, PRINTING, target, 3, sends=("printed",))) == text


def test_text_and_result_come_together(backend: Backend) -> None:
    """Both are sent, in the order that the step says."""
    assert value(sent(backend, PRINTING, "numbers", 3, sends=("printed", "result"))) == ("3", 6)


def test_what_went_the_other_way_comes_aside(backend: Backend) -> None:
    """Where nothing is returned, what was printed is told."""
    found = sent(backend, PRINTING, "plain", 3)
    assert isinstance(found, Returned) and (found.value, found.instead) == (None, "3")
    found = sent(backend, PRINTING, "numbers", 3)
    assert isinstance(found, Returned) and found.instead == ""


def test_too_much_is_not_sent(backend: Backend) -> None:
    """What is longer than the limit is refused with its size."""
    assert sent(backend, PRINTING, "much", 3, sends=("printed",)) == BadReturn("printed", ("60001", "50000"))


def test_an_exception_is_what_counts(backend: Backend) -> None:
    """What was printed before it is not a result."""
    assert isinstance(sent(backend, PRINTING, "raising", 3, sends=("printed",)), Raised)


def test_a_generator_prints_while_it_is_asked(backend: Backend) -> None:
    """The items that are asked for are made while somebody listens."""
    assert value(sent(backend, PRINTING, "generator", 3, sends=("printed", "result"), first=2)) == ("first\nsecond", [1, 2])


def test_functions_are_found_by_their_names(backend: Backend) -> None:
    """Of numpy, of Python's library, and of a module beside the submission."""
    text = "def f(*functions): return [function(4.0) for function in functions]"
    assert value(sent(backend, text, "f", Function("numpy.sqrt"), Function("math.sqrt"), Function("builtins.int"))) == [
        2.0,
        2.0,
        4,
    ]


def test_time_zones_are_there(backend: Backend) -> None:
    """An argument has the hours of its zone, and student code can ask for another."""
    text = """
        import datetime, zoneinfo
        def f(at):
            later = (at + datetime.timedelta(hours=24))
            return [later.utcoffset(), at.astimezone(zoneinfo.ZoneInfo("Asia/Tokyo")).isoformat()]
    """
    found = value(sent(backend, text, "f", dt.datetime(2024, 3, 30, 12, tzinfo=ZoneInfo("Europe/Madrid"))))
    assert found == [dt.timedelta(hours=2), "2024-03-30T20:00:00+09:00"]


TABLES = """
    import pandas as pd
    def f(table): return table.groupby("k")["v"].sum().rename("total").to_frame()
"""


def test_tables_are_made_where_pandas_is_offered(backend: Backend) -> None:
    """An argument is a DataFrame there, and one comes back as columns."""
    table = pd.DataFrame({"k": ["a", "b", "a"], "v": [1.0, 2.0, 3.0]})
    found = value(sent(backend, TABLES, "f", table, offered=("pandas",)))
    assert isinstance(found, Table)
    pd.testing.assert_frame_equal(found.to_pandas(), pd.DataFrame({"total": [4.0, 2.0]}, index=pd.Index(["a", "b"], name="k")))


def test_rows_come_in_one_order(backend: Backend) -> None:
    """Where neither the order of the rows nor their labels count, they are the same in every table that is sent."""
    table = pd.DataFrame({"k": ["a", "b"], "v": [1.0, 2.0]})
    text = "def same(table): return table\ndef turned(table): return table.iloc[::-1]"
    loosely = ("rows in any order", "any index")
    one, other = (sent(backend, text, name, table, offered=("pandas",), loosely=loosely) for name in ("same", "turned"))
    assert value(one) == value(other)


FIGURES = """
    import matplotlib.pyplot as plt
    import numpy as np

    def f(n):
        fig, axes = plt.subplots()
        axes.plot(np.arange(n), np.arange(n) ** 2, label="squares")
        axes.set(xlabel="n", yscale="log")
        axes.legend()
        fig.tight_layout()
        fig.canvas.draw()
        plt.savefig("figure.png")
        plt.show()
"""


@pytest.mark.parametrize("offered", [("matplotlib",), ("matplotlib.pyplot",)])
def test_figures_are_looked_at(backend: Backend, offered: tuple[str, ...]) -> None:
    """Their data come back; nothing is drawn, saved or shown."""
    what = ("lines", "scales", "legends", "has labels")
    lines, scales, legends, labelled = value(sent(backend, FIGURES, "f", 3, offered=offered, sends=what))
    np.testing.assert_array_equal(lines[0][0], [[0, 0], [1, 1], [2, 4]])
    assert (scales, legends, labelled) == ([["linear", "log"]], [["squares"]], [False])


def test_without_matplotlib_there_are_no_figures(backend: Backend) -> None:
    """Where it is not offered, that is what is said."""
    assert sent(backend, FIGURES, "f", 3, sends=("axes",)) == BadReturn("figures", ("matplotlib",))
