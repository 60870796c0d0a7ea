"""A file's statements run one by one: one that fails costs only what needs it, and what is absent costs only who needs a number of it."""

import warnings

import msgspec
import pytest
from students import LIMITS, call, session, source, value

from grader.sandbox.child.statements import run_file
from grader.sandbox.import_policy.rules import Rules
from grader.sandbox.linux.backend import LinuxBackend
from grader.sandbox.outcome import Raised

RIGHT = "import os, sys\nimport numpy as np\n{top}\ndef f(x):\n    return 2 * x\n{bottom}\n"
HABITS = {
    "own test fails": "assert f(1) == 3, 'mine'",
    "input": "name = input('name? ')",
    "exit": "exit()",
    "quit": "quit()",
    "sys.exit": "sys.exit(0)",
    "main": "def main():\n    print(f(1))\nif __name__ == '__main__':\n    main()",
    "argparse": "import argparse\np = argparse.ArgumentParser()\np.add_argument('file')\nargs = p.parse_args()",
    "doctest": "import doctest\ndoctest.testmod()",
    "unittest": "import unittest\nunittest.main()",
    "help": "help(f)",
    "save": "np.save('result.npy', np.ones(3))",
    "pickle": "import pickle\nwith open('x.pkl', 'wb') as file:\n    pickle.dump({}, file)",
    "own file": "print(open(__file__).read())",
    "own folder": "os.chdir(os.path.dirname(os.path.abspath(__file__)))\nprint(os.getcwd())",
    "list of files": "print(os.listdir('.'))",
    "reconfigure": "sys.stdout.reconfigure(encoding='utf-8')",
    "wrap again": "import io\nsys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding='utf-8')\nprint(f(1))",
    "path": "sys.path.append('..')\nsys.path.insert(0, 'src')",
    "arguments": "path = sys.argv[1]",
    "environment": "os.environ['OMP_NUM_THREADS'] = '1'",
    "locale": "import locale\nlocale.setlocale(locale.LC_ALL, 'de_DE.UTF-8')",
    "warnings": "import warnings\nwarnings.filterwarnings('ignore')",
    "log file": "import logging\nlogging.basicConfig(filename='debug.log', level=logging.DEBUG)",
    "seed": "np.random.seed(0)",
    "large print": "print(np.zeros((200, 200)))",
    "pool": "from multiprocessing import Pool\nif __name__ == '__main__':\n    with Pool(2) as pool:\n        print(pool.map(f, [1]))",
    "thread": "import threading\nt = threading.Thread(target=print)\nt.start()\nt.join()",
    "sleep": "import time\ntime.sleep(0.01)",
    "windows": "import tkinter as tk\nroot = tk.Tk()\nroot.mainloop()",
    "plot": "import matplotlib.pyplot as plt\nplt.rcParams['figure.figsize'] = 8, 6\nfig, ax = plt.subplots()\nax.plot([1])\nplt.show()",
    "style": "import seaborn as sns\nsns.set_theme()",
    "drive": "from google.colab import drive\ndrive.mount('/content/drive')",
    "progress": "from tqdm import tqdm\nfor i in tqdm(range(3)):\n    pass",
    "fallback": "try:\n    import torch\n    gpu = torch.cuda.is_available()\nexcept ImportError:\n    torch = None",
    "subclass": "import torch\nclass Net(torch.nn.Module):\n    pass",
    "decorator": "import numba\n@numba.njit(cache=True)\ndef g(x):\n    return x",
    "version": "import torch\nprint(torch.__version__)",
    "deleted attribute": "import torch\ndel torch.cuda",
    "operators": "import torch\nx = torch.float32 | torch.int8",
    "union": "from typing_extensions import TypedDict, Self",
}


@pytest.mark.parametrize("place", ["top", "bottom"])
@pytest.mark.parametrize("habit", HABITS)
def test_ordinary_habit_costs_nothing(forked: LinuxBackend, habit: str, place: str) -> None:
    """Above or below the function, the function is right."""
    text = RIGHT.format(**{"top": "", "bottom": ""} | {place: HABITS[habit]})
    with session(forked, text, LIMITS) as opened:
        assert value(call(opened, "f", 3)) == 6


def test_future_features_hold_for_the_whole_file(forked: LinuxBackend) -> None:
    """An annotation that is never evaluated may name what is not there."""
    text = "'''Mine.'''\nfrom __future__ import annotations\n1 / 0\ndef f(x: Absent) -> Absent:\n    return x\n"
    with session(forked, text, LIMITS) as opened:
        assert value(call(opened, "f", 3)) == 3


ONE_BY_ONE = {
    "a line of three": ("a = 1; b = a / 0; c = 3", {"a": 1, "c": 3}),
    "in a function": ("def g():\n    raise OSError\na = 1\ng()\nb = 2", {"a": 1, "b": 2}),
    "in a decorator": ("def g(f): raise OSError\na = 1\n@g\ndef h(): pass\nb = 2", {"a": 1, "b": 2}),
    "in a block": ("a = 1\nif a:\n    b = 2\n    1 / 0\n    c = 3\nd = 4", {"a": 1, "b": 2, "d": 4}),
    "twice": ("a = 1\n1 / 0\nb = 2\n[][0]\nc = 3", {"a": 1, "b": 2, "c": 3}),
    "not twice": ("seen = []\nseen.append(1)\n1 / 0\nseen.append(2)", {"seen": [1, 2]}),
    "not compiled": ("a = 1\nreturn 5\nb = 2", {"a": 1, "b": 2}),
    "letters of two bytes": ("ä = 1; ö = ä / 0; ü = 3", {"ä": 1, "ü": 3}),
}


@pytest.mark.parametrize("name", ONE_BY_ONE)
def test_only_the_statement_that_failed_is_left_out(name: str) -> None:
    """Each of the others is executed once."""
    text, found = ONE_BY_ONE[name]
    space: dict[str, object] = {"__name__": "work"}
    assert run_file(text, "work.py", space) is not None
    assert {key: value for key, value in space.items() if not key.startswith("__") and not callable(value)} == found


@pytest.mark.parametrize("end", ["", "1 / 0", "return"])
def test_a_text_warns_once(end: str) -> None:
    """However often it has to be compiled."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        run_file(f"x = '\\d'\n{end}\ny = 1 is 1\n", "work.py", {"__name__": "work"})
    assert len(heard) == 2


def test_who_needs_what_failed_is_told_its_line(forked: LinuxBackend) -> None:
    """The message names the statement that should have bound the name."""
    with session(forked, "table = open('/absent').read()\ndef f(x):\n    return table\n", LIMITS) as opened:
        outcome = call(opened, "f", 3)
    assert isinstance(outcome, Raised) and outcome.name == "NameError" and "line 1" in outcome.message


@pytest.mark.parametrize("asked", ["float(torch.tanh(x))", "np.array(torch.tanh(x)) + 1", "1 if torch.tanh(x) > 0 else 2"])
def test_number_of_what_is_absent(forked: LinuxBackend, asked: str) -> None:
    """The error names what was used, not what stands in for it."""
    few = Rules(("numpy",))
    text = f"import numpy as np\nimport torch\ndef f(x):\n    return {asked}\n"
    opened = forked.open(msgspec.structs.replace(source(text), rules=few), LIMITS)
    try:
        outcome = call(opened, "f", 3)
    finally:
        opened.close()
    assert isinstance(outcome, Raised) and outcome.name == "ForbiddenError" and outcome.message.startswith("torch")
