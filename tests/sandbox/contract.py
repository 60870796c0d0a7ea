"""What every backend promises, written once: `test_forked` and `test_portable` run all of it."""

from typing import Any

import msgspec
import numpy as np
import pytest
from students import LIMITS, SHORT, call, run, session, source, value

from grader.run import report_of
from grader.sandbox.backend import Backend, Usage
from grader.sandbox.outcome import BadReturn, Died, Outcome, OutOfMemory, Raised, Returned, TimedOut, Unimplemented
from grader.sandbox.values import MAX_BYTES, Ref, encode
from grader.sandbox.wire import Step, frame


def failure(loaded: Outcome) -> Raised:
    """The first statement of a module that failed."""
    assert isinstance(loaded, Returned)
    found = report_of(loaded.value).failed
    assert found is not None
    return Raised(*found)


class Contract:
    """Subclasses give the fixture `backend`."""

    def test_returns_a_value(self, backend: Backend) -> None:
        """A function's result comes back as it was."""
        got = value(run(backend, "def f(x): return x * 2, 'ä', None, {'k': [1, 2.5]}", np.arange(6.0).reshape(2, 3)))
        np.testing.assert_array_equal(got[0], np.arange(6.0).reshape(2, 3) * 2)
        assert got[1:] == ("ä", None, {"k": [1, 2.5]})

    def test_many_calls_in_one_session(self, backend: Backend) -> None:
        """One child answers one call after the other."""
        with session(backend, "def f(x): return x + 1") as opened:
            assert [value(call(opened, "f", n, seq=n)) for n in range(50)] == list(range(1, 51))

    def test_questions_that_are_sent_along(self, backend: Backend) -> None:
        """Each has its own answer, however many wait in the child, and however large they are."""
        arrays = [np.arange(float(n)) for n in (*range(60), 30_000, 3, 300_000, 3, 4)]
        frames = [frame(Step(seq, seq, "call", "f", (encode(array),))) for seq, array in enumerate(arrays)]
        with session(backend, "def f(x): return x, x.size") as opened:
            for seq, array in enumerate(arrays):
                got, size = value(opened.call(seq, frames[seq], 5.0, frames[seq + 1 :]))
                assert size == len(array) and got.tobytes() == array.tobytes()

    def test_the_end_among_questions_that_were_sent_along(self, backend: Backend) -> None:
        """What was answered before is kept, and the step that ended the child is the one that is told."""
        frames = [frame(Step(seq, seq, "call", "f", (seq,))) for seq in range(9)]
        with session(backend, "import os\ndef f(n): return os._exit(3) if n == 5 else n") as opened:
            found = [opened.call(seq, frames[seq], 5.0, frames[seq + 1 :]) for seq in range(9)]
        assert found[:5] == [Returned(n) for n in range(5)]
        assert len(set(found[5:])) == 1 and isinstance(found[5], Died)

    def test_large_arguments_and_results(self, backend: Backend) -> None:
        """Frames larger than any buffer on the way arrive whole."""
        array = np.arange(1_000_000.0)
        np.testing.assert_array_equal(value(run(backend, "def f(x): return x[::-1]", array)), array[::-1])

    def test_raised(self, backend: Backend) -> None:
        """An exception comes back with its class, its bases, its message and the student's line."""
        outcome = run(backend, "def f():\n    x = 1\n    raise KeyError('no')\n")
        assert isinstance(outcome, Raised)
        assert (outcome.name, outcome.line, outcome.text) == ("KeyError", 3, "raise KeyError('no')")
        assert "LookupError" in outcome.bases

    def test_line_after_pasted_text(self, backend: Backend) -> None:
        """A separator of lines that came along with pasted text ends no line."""
        outcome = run(backend, "# a\u2028b\x0c\x85\ndef f():\n    raise KeyError('no')\n")
        assert isinstance(outcome, Raised) and (outcome.line, outcome.text) == (3, "raise KeyError('no')")

    @pytest.mark.parametrize("text", ["raise ValueError('\\udc80')", "return '\\udc80'"])
    def test_text_that_is_not_unicode(self, backend: Backend, text: str) -> None:
        """Half a surrogate pair in a message or a result is an outcome."""
        assert isinstance(run(backend, f"def f(): {text}"), Raised | BadReturn)

    def test_exception_that_cannot_be_shown(self, backend: Backend) -> None:
        """An exception whose own text raises is still an outcome."""
        text = "class E(Exception):\n    def __str__(self): raise SystemExit\ndef f(): raise E"
        assert isinstance(run(backend, text), Raised)

    def test_unimplemented(self, backend: Backend) -> None:
        """A hole that still raises NotImplementedError is said to be one."""
        outcome = run(backend, "def f(): raise NotImplementedError('todo')")
        assert outcome == Unimplemented("todo", missing=False)

    def test_missing(self, backend: Backend) -> None:
        """A function that is not there is missing, not an error."""
        outcome = run(backend, "def ff(): pass")
        assert isinstance(outcome, Unimplemented) and outcome.missing

    @pytest.mark.parametrize(
        "text", ["return object()", "return (n for n in [])", "return np.array([[1], [1, 2]], dtype=object)", "return {1j: 2}"]
    )
    def test_bad_return(self, backend: Backend, text: str) -> None:
        """What the wire does not carry is a bad return, with a reason, and the child lives on."""
        with session(backend, f"import numpy as np\ndef f(): {text}\ndef g(): return 1") as opened:
            assert isinstance(call(opened, "f"), BadReturn)
            assert value(call(opened, "g", seq=1)) == 1

    def test_broadcast_view_of_terabytes(self, backend: Backend) -> None:
        """An array of terabytes that takes no memory is refused by its size before it is copied."""
        outcome = run(backend, "import numpy as np\ndef f(): return np.broadcast_to(1.0, (1 << 40,))")
        assert isinstance(outcome, BadReturn)
        assert "TB" in outcome.values[1]

    def test_result_too_large_for_a_frame(self, backend: Backend) -> None:
        """Many arrays that are small enough one by one, but not together, are a bad return."""
        text = f"import numpy as np\ndef f(): return [np.ones({MAX_BYTES} // 8)] * 3"
        assert isinstance(run(backend, text, limits=_with(memory=1 << 30)), BadReturn)

    @pytest.mark.parametrize(
        "make", ["np.matrix([[1.0, 2.0]])", "np.ma.array([[1.0, 2.0]], mask=[[0, 1]])", "Liar([[1.0, 2.0]])"]
    )
    def test_subclasses_arrive_plain(self, backend: Backend, make: str) -> None:
        """A matrix, a masked array and a subclass that lies about equality arrive as plain arrays of what they hold."""
        text = f"""
            import numpy as np
            class Liar(np.ndarray):
                def __new__(cls, data): return np.array(data).view(cls)
                def __eq__(self, other): return True
            def f(): return {make}
        """
        got = value(run(backend, text))
        assert type(got) is np.ndarray
        assert got.tolist() == [[1.0, 2.0]]

    def test_nan_and_infinity(self, backend: Backend) -> None:
        """NaN, infinities and the sign of zero survive the way."""
        got = value(run(backend, "def f(x): return x", np.array([np.nan, np.inf, -np.inf, -0.0])))
        assert got.tobytes() == np.array([np.nan, np.inf, -np.inf, -0.0]).tobytes()

    def test_mutated_argument(self, backend: Backend) -> None:
        """Arguments come back as they were after the call when that is asked."""
        outcome = run(backend, "def f(x): x[0] = 9", np.zeros(2), after=True)
        assert isinstance(outcome, Returned)
        assert value(Returned(outcome.after[0])).tolist() == [9.0, 0.0]

    def test_argument_changed_into_nonsense(self, backend: Backend) -> None:
        """A list argument that now holds something the wire does not carry is a bad return."""
        assert isinstance(run(backend, "def f(x): x.append(object())", [1], after=True), BadReturn)

    def test_arguments_are_fresh_in_every_call(self, backend: Backend) -> None:
        """What one call does to its arguments is not seen by the next."""
        with session(backend, "def f(x):\n    x += 1\n    return x") as opened:
            for seq in range(2):
                assert value(call(opened, "f", np.zeros(1), seq=seq)).tolist() == [1.0]

    def test_objects_stay_in_the_child(self, backend: Backend) -> None:
        """An object is made, called and read under its handle, within one case and not in the next."""
        text = (
            "class C:\n    def __init__(self, n): self.n = n\n    def add(self, m):\n        self.n += m\n        return self.n"
        )
        with session(backend, text) as opened:
            assert value(call(opened, "C", 1, op="new", save="c", reply=False)) is None
            assert value(call(opened, "c.add", 2, seq=1, case=0)) == 3
            assert value(call(opened, "c.n", seq=2, case=0, op="get")) == 3
            missing = call(opened, "c.n", seq=3, case=1, op="get")
            assert isinstance(missing, Unimplemented) and missing.missing

    def test_an_item_of_an_earlier_result(self, backend: Backend) -> None:
        """One item of a result that stayed in the child can be an argument of the next step."""
        with session(backend, "def f(): return object(), 41\ndef g(n): return n + 1") as opened:
            call(opened, "f", save="pair", reply=False)
            assert value(call(opened, "g", Ref("pair", 1), seq=1, case=0)) == 42

    def test_helper_modules(self, backend: Backend) -> None:
        """The other files of a submission can be imported, and a fault in one is told with its place."""
        helper = "def g():\n    raise ValueError('here')\nK = 7"
        with session(backend, "import helper\nfrom helper import K\ndef f(): return K\ng = helper.g", helper=helper) as opened:
            assert value(call(opened, "f")) == 7
            outcome = call(opened, "g", seq=1)
            assert isinstance(outcome, Raised)
            assert (outcome.file, outcome.line) == ("helper.py", 2)

    def test_warnings(self, backend: Backend) -> None:
        """numpy's warnings come back with the result."""
        outcome = run(backend, "import numpy as np\ndef f(): return np.array([1.0]) / 0")
        assert isinstance(outcome, Returned)
        assert "divide by zero" in outcome.warnings[0]

    def test_the_same_random_numbers(self, backend: Backend) -> None:
        """The global random generators start alike in every child, at load and in a case of the same number."""
        text = "import random, numpy as np\nA = np.random.rand(), random.random()\ndef f(): return A, np.random.rand(), random.random()"
        assert value(run(backend, text)) == value(run(backend, text))

    def test_no_addresses_in_what_is_said(self, backend: Backend) -> None:
        """The address of an object, another in every run, is neither in messages nor in warnings nor in what was printed."""
        text = """
            import warnings
            def f():
                print(f)
                warnings.warn(f"{f}")
                return [1]
            def g(): raise ValueError(f"{f} is no {object()}")
        """
        with session(backend, text) as opened:
            returned, raised = call(opened, "f"), call(opened, "g", seq=1)
            assert isinstance(returned, Returned) and isinstance(raised, Raised)
            assert returned.warnings == ("UserWarning: <function f at 0x...>",)
            assert raised.message == "<function f at 0x...> is no <object object at 0x...>"
            assert opened.close().output == "<function f at 0x...>\n"

    def test_recursion(self, backend: Backend) -> None:
        """Endless recursion is an exception of the student's."""
        outcome = run(backend, "def f(): return f()")
        assert isinstance(outcome, Raised) and outcome.name == "RecursionError"

    def test_result_that_holds_itself(self, backend: Backend) -> None:
        """A list that holds itself is a bad return."""
        assert isinstance(run(backend, "def f():\n    x = []\n    x.append(x)\n    return x"), BadReturn)

    def test_out_of_memory(self, backend: Backend) -> None:
        """More memory than allowed is told with the limit, and the child lives on."""
        with session(backend, "import numpy as np\ndef f(): return np.ones(1 << 30).sum()\ndef g(): return 1") as opened:
            assert call(opened, "f") == OutOfMemory(LIMITS.memory)
            assert value(call(opened, "g", seq=1)) == 1

    def test_memory_that_is_never_given_back(self, backend: Backend) -> None:
        """A child that filled its memory to the brim still gives outcomes."""
        text = """
            kept = []
            def f():
                for size in (1 << 24, 1 << 16, 1 << 10, 16):
                    try:
                        while True: kept.append(bytearray(size))
                    except MemoryError: pass
        """
        with session(backend, text) as opened:
            first = call(opened, "f", seconds=5.0)
            second = call(opened, "f", np.ones(1 << 20), seq=1, seconds=5.0)
        for outcome in (first, second):
            assert isinstance(outcome, Returned | OutOfMemory | Raised), outcome

    def test_sleeping(self, backend: Backend) -> None:
        """A child that sleeps is ended by the wall clock, although it uses no CPU."""
        text = "import time\ndef f(): time.sleep(600)"
        line = "def f(): time.sleep(600)"
        assert run(backend, text, limits=SHORT, seconds=0.2) == TimedOut(1.0, "wall", "work.py", 2, line)

    def test_endless_loop(self, backend: Backend) -> None:
        """A loop without end is ended, and the session with it; its line is said, and later steps hear the same."""
        with session(backend, "def f():\n    while True: pass", SHORT) as opened:
            outcome = call(opened, "f", seconds=0.2)
            assert isinstance(outcome, TimedOut)
            assert (outcome.file, outcome.line, outcome.text) == ("work.py", 2, "while True: pass")
            assert not opened.alive
            assert call(opened, "f", seq=1) == outcome

    def test_endless_loop_that_catches_everything(self, backend: Backend) -> None:
        """Catching every exception and ignoring every signal does not help against the time limit."""
        text = """
            import signal
            for number in range(1, 32):
                try: signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError): pass
            def f():
                while True:
                    try:
                        while True: pass
                    except BaseException: pass
        """
        assert isinstance(run(backend, text, limits=_with(wall_floor=1.0, idle_seconds=0.3), seconds=0.2), TimedOut)

    def test_endless_loop_at_load(self, backend: Backend) -> None:
        """A module that never finishes loading is stopped, and what it defined can be called."""
        with session(backend, "def f(): return 1\nwhile True: pass", _with(load_seconds=0.2, wall_floor=1.0)) as opened:
            assert isinstance(opened.loaded, TimedOut)
            assert (opened.loaded.line, opened.loaded.text) == (2, "while True: pass")
            assert value(call(opened, "f")) == 1

    def test_sleeping_at_load(self, backend: Backend) -> None:
        """A module that sleeps is woken by the wall clock, and what it defined can be called."""
        text = "def f(): return 1\nimport time\ntime.sleep(600)"
        with session(backend, text, _with(load_seconds=0.2, wall_floor=1.0)) as opened:
            assert opened.loaded == TimedOut(1.0, "wall", "work.py", 3, "time.sleep(600)")
            assert value(call(opened, "f")) == 1

    def test_endless_loop_at_load_that_catches_everything(self, backend: Backend) -> None:
        """A module that does not let itself be stopped is ended."""
        text = "def f(): return 1\nwhile True:\n    try: sum(range(99_999))\n    except BaseException: pass"
        with session(backend, text, _with(load_seconds=0.2, wall_floor=1.0, idle_seconds=0.3)) as opened:
            assert isinstance(opened.loaded, TimedOut)
            assert not opened.alive

    def test_result_after_the_time_is_up(self, backend: Backend) -> None:
        """Who catches the end of the time and returns all the same is as late as anybody."""
        text = """
            def f():
                try:
                    while True: sum(range(9))
                except BaseException:
                    return 1
        """
        with session(backend, text, SHORT) as opened:
            outcome = call(opened, "f", seconds=0.2)
            assert isinstance(outcome, TimedOut)
            assert not opened.alive

    def test_stopped_by_nobody(self, backend: Backend) -> None:
        """Who raises the supervisor's exception without having been asked to stop gains nothing by it."""
        text = "from grader.sandbox.outcome import OutOfTimeError\ndef f(): raise OutOfTimeError"
        outcome = run(backend, text)
        assert isinstance(outcome, Raised) and outcome.name == "OutOfTimeError"

    @pytest.mark.parametrize(
        ("line", "name"),
        [
            ("1/0", "ZeroDivisionError"),
            ("quit(1)", "SystemExit"),
            ("input('n = ')", "EOFError"),
            ("open('cat.txt')", "OSError"),
            ("import pdb; pdb.set_trace()", "BdbQuit"),
            ("raise KeyboardInterrupt", "KeyboardInterrupt"),
            ("bytearray(1 << 40)", "MemoryError"),
            ("deep(1)", "RecursionError"),
            ("todo()", "NotImplementedError"),
            ("import helper", "ValueError"),
        ],
    )
    def test_a_statement_that_fails(self, backend: Backend, line: str, name: str) -> None:
        """Whatever a statement raises, its line is said, and the functions above and below it can be called."""
        text = f"def f(): return 1\ndef deep(n): return deep(n)\ndef todo(): raise NotImplementedError\n{line}\ndef g(): return 2"
        with session(backend, text, helper="raise ValueError") as opened:
            failed = failure(opened.loaded)
            place = ("helper.py", 1) if name == "ValueError" else ("work.py", 4)
            if name != "BdbQuit":  # which is raised at the next line that would run
                assert name in failed.bases
                assert (failed.file, failed.line) == place
            assert (value(call(opened, "f")), value(call(opened, "g", seq=1))) == (1, 2)

    def test_leaving_without_an_error(self, backend: Backend) -> None:
        """`exit()` and `sys.exit(0)` are not failures: what stands below is executed, as in a notebook."""
        with session(backend, "import sys\nexit()\nsys.exit(0)\ndef f(): return 1") as opened:
            assert isinstance(opened.loaded, Returned)
            assert report_of(opened.loaded.value).failed is None
            assert value(call(opened, "f")) == 1

    def test_breakpoint(self, backend: Backend) -> None:
        """A breakpoint that was forgotten costs nothing, since nobody is there to debug."""
        assert value(run(backend, "breakpoint()\ndef f():\n    breakpoint()\n    return 1")) == 1

    def test_a_definition_that_fails(self, backend: Backend) -> None:
        """A function whose own definition failed raises that again, with its line; one that is not written is missing."""
        with session(backend, "def gg(): pass\n@oops\ndef g(): pass") as opened:
            outcome = call(opened, "g")
            assert isinstance(outcome, Raised) and (outcome.name, outcome.line) == ("NameError", 2)
            assert call(opened, "ggg", seq=1) == Unimplemented("ggg", missing=True, near="gg")

    def test_a_name_that_a_failed_statement_should_have_bound(self, backend: Backend) -> None:
        """Who needs it is told which statement failed, and why."""
        outcome = run(backend, "table = 1/0\ndef f(): return table")
        assert isinstance(outcome, Raised) and outcome.name == "NameError"
        assert outcome.message == "name 'table' is not defined (work.py, line 1: ZeroDivisionError: division by zero)"

    def test_fault_at_load(self, backend: Backend) -> None:
        """A module that is not Python says why and where."""
        with session(backend, "def f(:") as opened:
            assert isinstance(opened.loaded, Raised)
            assert (opened.loaded.name, opened.loaded.line) == ("SyntaxError", 1)

    def test_sys_exit(self, backend: Backend) -> None:
        """sys.exit is an exception like any other."""
        outcome = run(backend, "import sys\ndef f(): sys.exit(0)")
        assert isinstance(outcome, Raised) and outcome.name == "SystemExit"

    @pytest.mark.parametrize("code", [0, 3, 71])
    def test_os_exit(self, backend: Backend, code: int) -> None:
        """Ending the process ends the session; the exit code is told."""
        with session(backend, f"import os\ndef f(): os._exit({code})") as opened:
            outcome = call(opened, "f")
            assert (
                isinstance(outcome, OutOfMemory)
                if code == 71
                else outcome == Died("exit code {detail}: it ended the program (os._exit)", str(code))
            )
            assert not opened.alive

    def test_exit_at_load(self, backend: Backend) -> None:
        """Ending the process while the module loads is the student's doing."""
        with session(backend, "import os\nos._exit(70)") as opened:
            assert isinstance(opened.loaded, Died)

    def test_crash(self, backend: Backend) -> None:
        """A crash in compiled code is told by its signal."""
        outcome = run(backend, "import ctypes\ndef f(): ctypes.string_at(0)")
        assert isinstance(outcome, Died) and outcome.detail == "SIGSEGV"

    def test_printing(self, backend: Backend) -> None:
        """What it prints is kept, on both streams, and never mixed up with its answers."""
        opened = backend.open(source("import sys\nprint('hi')\ndef f():\n    print('ä', file=sys.stderr)\n    return 1"), LIMITS)
        assert value(call(opened, "f")) == 1
        usage = opened.close()
        assert sorted(usage.output.split()) == ["hi", "ä"]
        assert usage.printed == len("hi\nä\n".encode())

    def test_printing_megabytes(self, backend: Backend) -> None:
        """Megabytes of output are read, counted and dropped; the answer arrives."""
        opened = backend.open(source("def f():\n    for _ in range(5): print('x' * (1 << 20))\n    return 1"), LIMITS)
        assert value(call(opened, "f", seconds=5.0)) == 1
        usage = opened.close()
        assert len(usage.output) == LIMITS.output
        assert usage.printed == 5 * ((1 << 20) + 1)

    def test_replaced_streams(self, backend: Backend) -> None:
        """Closing or replacing stdout hurts nobody."""
        assert value(run(backend, "import sys\ndef f():\n    sys.stdout.close()\n    sys.stderr = None\n    return 1")) == 1

    def test_reading_input(self, backend: Backend) -> None:
        """There is nothing to read on stdin."""
        outcome = run(backend, "def f(): return input()")
        assert isinstance(outcome, Raised) and outcome.name == "EOFError"

    def test_usage(self, backend: Backend) -> None:
        """Closing says what was used, the same when asked again."""
        opened = backend.open(source("def f(): return sum(range(3_000_000))"), LIMITS)
        call(opened, "f", seconds=5.0)
        usage = opened.close()
        assert isinstance(usage, Usage)
        assert 0.01 < usage.cpu_seconds < 5
        assert usage.peak_kib > 1000
        assert opened.close() == usage
        assert not opened.alive
        assert isinstance(call(opened, "f", seq=1), Died)

    def test_imports_of_the_grader_and_of_packages(self, backend: Backend) -> None:
        """A submission finds neither the rest of the grader nor packages that are not numpy: what stands in for them is told by name."""
        names = ("grader.judge", "grader.course.authoring", "pytest", "reference")
        text = "".join(
            f"def plain_{number}():\n    import {name} as found\n    return found\n"
            f"def found_{number}(): __import__('importlib').import_module('{name}')\n"
            for number, name in enumerate(names)
        )
        with session(backend, text) as opened:
            for number, name in enumerate(names):
                outcome = call(opened, f"plain_{number}", seq=2 * number)
                assert isinstance(outcome, Raised) and (outcome.name, outcome.message) == ("ForbiddenError", name), outcome
                outcome = call(opened, f"found_{number}", seq=2 * number + 1)
                assert isinstance(outcome, Raised) and outcome.name == "ModuleNotFoundError", (name, outcome)

    def test_imports_that_students_use(self, backend: Backend) -> None:
        """The standard library and all of numpy can be imported."""
        names = ("numpy.typing", "csv", "statistics", "dataclasses", "unittest", "datetime", "pathlib")
        text = "".join(f"def f{number}():\n    import {name}\n    return '{name}'\n" for number, name in enumerate(names))
        with session(backend, text) as opened:
            assert [value(call(opened, f"f{number}", seq=number)) for number in range(len(names))] == [*names]

    def test_two_sessions_at_once(self, backend: Backend) -> None:
        """Sessions share nothing."""
        with (
            session(backend, "n = 0\ndef f():\n    global n\n    n += 1\n    return n") as one,
            session(backend, "def f(): return -1") as two,
        ):
            assert value(call(one, "f")) == 1
            assert value(call(two, "f")) == -1
            assert value(call(one, "f", seq=1)) == 2


def _with(**changes: Any) -> Any:
    return msgspec.structs.replace(LIMITS, **changes)
