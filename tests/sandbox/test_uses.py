"""What the text of a submission uses of what is forbidden, and whose that is."""

import textwrap

import pytest

from grader.sandbox.import_policy.rules import Rules
from grader.sandbox.import_policy.scan import find_uses

RULES = Rules(("numpy", "math", "collections.abc"), ("numpy.convolve", "numpy.fft"), ("f", "g"))


def uses(text: str, rules: Rules = RULES, **helpers: str) -> list[tuple[str, str, str, int]]:
    """The uses in a submission called `work`: exercise, name, file, line."""
    modules = {"work": textwrap.dedent(text)} | {name: textwrap.dedent(helper) for name, helper in helpers.items()}
    return [(use.exercise, use.name, use.file, use.line) for use in find_uses("work", modules, rules)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("import numpy as np\ndef f(x): return np.convolve(x, x)", id="attribute"),
        pytest.param("import numpy\ndef f(x): return numpy.convolve(x, x)", id="without an alias"),
        pytest.param("import numpy as n\ndef f(x): return n.convolve(x, x)", id="another alias"),
        pytest.param("from numpy import convolve\ndef f(x): return convolve(x, x)", id="from"),
        pytest.param("from numpy import convolve as c\ndef f(x): return c(x, x)", id="from with an alias"),
        pytest.param("from numpy import *\ndef f(x): return convolve(x, x)", id="star"),
    ],
)
def test_names(text: str) -> None:
    """A forbidden function is seen under every name that an import can give it."""
    assert uses(text) == [("f", "np.convolve", "work.py", 2)]


def test_import_inside() -> None:
    """An import inside a function counts."""
    assert uses("def f(x):\n    import numpy as q\n    return q.convolve(x, x)") == [("f", "np.convolve", "work.py", 3)]


def test_module_of_numpy() -> None:
    """What is in a forbidden module is forbidden."""
    assert uses("import numpy as np\ndef f(x): return np.fft.rfft(x)") == [("f", "np.fft", "work.py", 2)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import scipy.signal\ndef f(x): return scipy.signal.convolve(x, x)", "scipy.signal.convolve"),
        ("from scipy import signal as s\ndef f(x): return s.convolve(x, x)", "scipy.signal.convolve"),
        ("import os\ndef f(x): return os.listdir()", "os.listdir"),
    ],
)
def test_modules_that_may_not_be_imported(text: str, name: str) -> None:
    """Using a module that is not among those that may be imported is a use of it."""
    assert uses(text) == [("f", name, "work.py", 2)]


@pytest.mark.parametrize(
    "text", ["import scipy.signal\ndef f(x): return x", "import os\ndef other(): return os.getpid()\ndef f(x): return x"]
)
def test_stray_imports(text: str) -> None:
    """Importing something, or using it where no exercise does, costs nothing."""
    assert uses(text) == []


@pytest.mark.parametrize("name", ["math.sqrt", "collections.abc.Sequence", "numpy.sqrt"])
def test_what_may_be_imported(name: str) -> None:
    """What may be imported may be used, and so may numpy."""
    assert uses(f"import {name.rpartition('.')[0]}\ndef f(x): return {name}(x)") == []


def test_through_helpers() -> None:
    """What a helper of a helper uses belongs to the exercise that mentions it, and not to its neighbour."""
    text = """
        import numpy as np
        def deep(x): return np.convolve(x, x)
        def helper(x): return deep(x)
        def f(x): return x
        def g(x): return helper(x)
    """
    assert uses(text) == [("g", "np.convolve", "work.py", 3)]


@pytest.mark.parametrize(
    "text",
    [
        "import tools\ndef f(x): return tools.h(x)",
        "from tools import h\ndef f(x): return h(x)",
        "from tools import *\ndef f(x): return h(x)",
    ],
)
def test_through_another_file(text: str) -> None:
    """The file and the line are those of the use."""
    assert uses(text, tools="import numpy as np\ndef h(x):\n    return np.convolve(x, x)") == [
        ("f", "np.convolve", "tools.py", 3)
    ]


def test_through_a_name() -> None:
    """A value of the module that is made of it counts where it is used."""
    assert uses("import numpy as np\nc = np.convolve\ndef f(x): return c(x, x)\ndef g(x): return x") == [
        ("f", "np.convolve", "work.py", 2)
    ]


def test_in_a_method() -> None:
    """An exercise that is a class uses what its methods use."""
    assert uses("import numpy as np\nclass f:\n    def m(self, x): return np.convolve(x, x)") == [
        ("f", "np.convolve", "work.py", 3)
    ]


def test_parameters_hide_imports() -> None:
    """A parameter or variable called like an import is not the import."""
    assert (
        uses("from scipy import signal\ndef f(signal): return signal.sum()\ndef g(x):\n    signal = x\n    return signal.sum()")
        == []
    )


def test_first_use() -> None:
    """Of several uses the first is told."""
    assert uses("import numpy as np\ndef f(x):\n    y = np.fft.fft(x)\n    return np.convolve(x, y)") == [
        ("f", "np.fft", "work.py", 3)
    ]


@pytest.mark.parametrize("text", ["def f(x: return", "(" * 5000, "x = " + "-" * 100_000 + "1", "\0"])
def test_text_that_cannot_be_parsed(text: str) -> None:
    """A text that cannot be parsed uses nothing: running it says what is wrong with it."""
    assert uses(text) == []


def test_no_rules() -> None:
    """Without imports and forbidden names nothing is a use."""
    assert uses("import os\ndef f(): return os.getpid()", Rules(exercises=("f",))) == []


METHODS = """
    import numpy as np
    class C:
        def fit(self, x):
            return self._solve(x)
        def _solve(self, x):
            return np.convolve(x, x)
        def predict(self, x):
            return x
"""


def test_methods_that_are_exercises() -> None:
    """A method answers for its own text and what it calls of its class; the class for what is left of it."""
    rules = Rules(forbidden=("numpy.convolve",), exercises=("C.fit", "C.predict"))
    assert uses(METHODS, rules) == [("C.fit", "np.convolve", "work.py", 7)]
    rules = Rules(forbidden=("numpy.convolve",), exercises=("C", "C._solve"))
    assert uses(METHODS, rules) == [("C._solve", "np.convolve", "work.py", 7)]
