"""The stub, cut from the solution."""

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toys import HERE, ROOT

from grader.course.stub import LINE, cut_stub
from grader.errors import RubricError

PATH = Path("solutions/work.py")
SOLUTION = '''"""What to do."""

import numpy as np


def f(x):
    """Doubles x."""
    # BEGIN SOLUTION
    y = 2 * x
    return y
    # END SOLUTION


HELPER = 1
'''


def cut(source: str) -> str:
    """The stub of this solution."""
    return cut_stub(source, PATH)


def hole(stub: str) -> str:
    """The message of the stub's only hole."""
    namespace: dict[str, object] = {}
    exec(compile(stub, "stub", "exec"), namespace)
    with pytest.raises(NotImplementedError) as found:
        namespace["f"](1)  # type: ignore[operator]
    return str(found.value)


def test_cut() -> None:
    """What stands between the markers becomes a hole; everything else stays as it is."""
    assert cut(SOLUTION) == SOLUTION.replace(
        "    # BEGIN SOLUTION\n    y = 2 * x\n    return y\n    # END SOLUTION\n",
        '    raise NotImplementedError("f: Doubles x.")\n',
    )


def test_nothing_to_cut() -> None:
    """A file without markers stays as it is."""
    text = '"""Docstring."""\n\nX = "…"\n'
    assert cut(text) == text


def test_no_newline_at_the_end() -> None:
    """The stub ends with a newline."""
    assert cut("X = 1") == "X = 1\n"


@pytest.mark.parametrize(
    "title",
    ['Say "hello".', "It's «δ = −∂ε²/∂s».", "A backslash: \\\\alpha.", "Emoji 🙂 and 漢字", "{braces} %s"],
    ids=["quotes", "non-ascii", "backslash", "wide", "format"],
)
def test_titles(title: str) -> None:
    """Any title arrives whole in the hole."""
    stub = cut(SOLUTION.replace('"""Doubles x."""', f"'''{title}\n\n    More.\n    '''"))
    assert hole(stub) == "f: " + title.replace(2 * "\\", "\\")


@settings(max_examples=50, derandomize=True, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=200))
def test_any_title_compiles(title: str) -> None:
    """The stub of any docstring compiles and says its first line."""
    docstring = ast.unparse(ast.Expr(ast.Constant(f"T{title}")))
    stub = cut(SOLUTION.replace('"""Doubles x."""', docstring))
    assert hole(stub) == f"f: T{title}".rstrip()


def test_no_docstring() -> None:
    """Without a docstring, the hole has the function's name."""
    assert hole(cut(SOLUTION.replace('    """Doubles x."""\n', ""))) == "f"


def test_long_title_is_broken() -> None:
    """A hole that would be too long for the line is broken after the bracket."""
    stub = cut(SOLUTION.replace("Doubles x.", "x" * 120))
    assert hole(stub) == f"f: {'x' * 120}"
    assert max(map(len, cut(SOLUTION.replace("Doubles x.", "x" * 110)).splitlines())) <= LINE


def test_methods() -> None:
    """A hole of a method is called Class.method, and is indented as deep as its marker."""
    source = (
        "class Net:\n    class Inner:\n        def g(self):\n            '''G.'''\n"
        "            # BEGIN SOLUTION\n            return 1\n            # END SOLUTION\n"
    )
    assert cut(source).splitlines()[-1] == '            raise NotImplementedError("Net.Inner.g: G.")'


def test_several_holes() -> None:
    """Every function has its own hole, and a helper inside of a solution is cut with it."""
    source = SOLUTION + SOLUTION.replace("def f", "def g").replace(
        "y = 2 * x", "def helper():\n        return 1\n    y = helper()"
    )
    stub = cut(source)
    assert stub.count("raise NotImplementedError") == 2
    assert '"g: Doubles x."' in stub and "helper" not in stub


def test_part_of_a_function() -> None:
    """What stands before and after the markers stays in the function."""
    source = "def f(x):\n    '''T.'''\n    y = 1\n    # BEGIN SOLUTION\n    y = x\n    # END SOLUTION\n    return y\n"
    assert cut(source) == "def f(x):\n    '''T.'''\n    y = 1\n    raise NotImplementedError(\"f: T.\")\n    return y\n"


@pytest.mark.parametrize("odd", ["\x0c", "\u2028", "\x85"], ids=["form-feed", "line-separator", "next-line"])
def test_lines_are_those_of_python(odd: str) -> None:
    """Characters that only some take for the end of a line do not move the holes, and stay."""
    source = (
        SOLUTION.replace("What to do.", f"What{odd}to do.") + "\n\n" + SOLUTION.replace("def f", "def g").split("\n\n\n", 1)[1]
    )
    stub = cut(source)
    assert f"What{odd}to do." in stub
    assert [line.strip() for line in stub.split("\n") if "raise" in line] == [
        f'raise NotImplementedError("{name}: Doubles x.")' for name in "fg"
    ]


@pytest.mark.parametrize(
    ("source", "problem", "advice"),
    [
        pytest.param(
            SOLUTION.replace("    y = 2 * x\n", "    # BEGIN SOLUTION\n"),
            "line 9: # BEGIN SOLUTION inside the one of line 8",
            "end that with # END SOLUTION",
            id="nested",
        ),
        pytest.param(
            SOLUTION.replace("    # END SOLUTION\n", ""),
            "line 8: # BEGIN SOLUTION is never ended",
            "add # END SOLUTION",
            id="unclosed",
        ),
        pytest.param(
            SOLUTION.replace("    # BEGIN SOLUTION\n", ""),
            "line 10: # END SOLUTION without # BEGIN SOLUTION",
            "add the marker",
            id="unopened",
        ),
        pytest.param(
            "# BEGIN SOLUTION\n# nothing\n# END SOLUTION\n",
            "line 1: nothing stands between the markers",
            "around what students write",
            id="empty",
        ),
        pytest.param(
            "X = [\n    # BEGIN SOLUTION\n    1,\n    # END SOLUTION\n]\n",
            "lines 2 to 4: the markers cut through the statement of line 1",
            "around whole statements",
            id="through",
        ),
        pytest.param("def f(:\n    pass\n", "line 1: ", "fix the syntax", id="syntax"),
    ],
)
def test_faults(source: str, problem: str, advice: str) -> None:
    """A marker without a partner, or one that cuts through a statement, is told with its line."""
    with pytest.raises(RubricError) as found:
        cut(source)
    assert found.value.file == PATH
    assert problem in str(found.value) and advice in str(found.value)


SOLUTIONS = [
    *((path, ROOT / f"assignments/{path.stem}/{path.name}") for path in sorted((ROOT / "solutions").glob("*.py"))),
    (HERE / "toy/solutions/vectors.py", HERE / "toy/assignments/vectors/vectors.py"),
]


@pytest.mark.parametrize(("solution", "stub"), SOLUTIONS, ids=lambda path: path.stem)
def test_stubs_are_cut_from_solutions(solution: Path, stub: Path) -> None:
    """Every stub of the course is what is cut from its solution."""
    assert cut_stub(solution.read_text(encoding="utf-8"), solution) == stub.read_text(encoding="utf-8")


@pytest.mark.parametrize("solution", [path for path, _ in SOLUTIONS], ids=lambda path: path.stem)
def test_stubs_have_no_solution(solution: Path) -> None:
    """No line of a solution is left in the stub, which compiles and keeps every function and its docstring."""
    source = solution.read_text(encoding="utf-8")
    stub = cut_stub(source, solution)
    functions = [
        {node.name: ast.get_docstring(node) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)}
        for text in (source, stub)
    ]
    assert "SOLUTION" not in stub
    assert functions[1].items() <= functions[0].items()


MODULE = """import numpy as np

# BEGIN SOLUTION
from math import log

EPS: float = 1e-8
LOW, HIGH = 0, 1
_hidden = 2
# END SOLUTION


class Layer:
    # BEGIN SOLUTION
    rate = 0.1

    @property
    def size(self) -> int:
        '''How large it is.'''
        return 3
    # END SOLUTION


# BEGIN SOLUTION
@register
class Whole(Layer):
    '''A whole class.'''

    def go(self, x, *, twice=False):
        return x

    def _help(self): ...
# END SOLUTION
# BEGIN SOLUTION
for _ in range(3):
    print(EPS)
# END SOLUTION
"""
LEFT = """import numpy as np

...  # yours to import
EPS: float = ...  # yours to write
LOW = ...  # yours to write
HIGH = ...  # yours to write


class Layer:
    rate = ...  # yours to write

    def size(self) -> int:
        \"\"\"How large it is.\"\"\"
        raise NotImplementedError("Layer.size: How large it is.")


class Whole(Layer):
    \"\"\"A whole class.\"\"\"

    def go(self, x, *, twice=False):
        raise NotImplementedError("Whole.go")
...  # yours to write
"""


def test_what_stands_in_a_module_and_in_a_class() -> None:
    """Imports, constants, decorated methods and whole classes leave names that can be imported, and no line of the solution."""
    stub = cut(MODULE)
    assert stub == LEFT
    namespace: dict[str, object] = {}
    exec(compile(stub, "stub", "exec"), namespace)
    assert namespace["EPS"] is ... and namespace["Layer"].rate is ...  # type: ignore[attr-defined]


def test_the_stub_of_what_is_cut_needs_no_other_cut() -> None:
    """What was cut has no markers any more."""
    assert cut(cut(MODULE)) == cut(MODULE)
