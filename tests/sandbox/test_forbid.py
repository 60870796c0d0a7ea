"""What is forbidden is not there for student code, whatever way it takes, and still is for numpy's own."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from students import LIMITS, call, value

from grader.sandbox.backend import Backend, Session, Source
from grader.sandbox.import_policy.rules import Rules
from grader.sandbox.linux.backend import LinuxBackend
from grader.sandbox.outcome import Outcome, Raised, Returned
from grader.sandbox.subprocess.backend import SubprocessBackend

pytestmark = pytest.mark.slow

RULES = Rules(None, ("numpy.convolve", "numpy.correlate", "numpy.maximum"))
FEW = Rules(("numpy", "math"), ())
X = np.array([1.0, 2.0, 4.0])
INNER = (  # numpy's own modules have other names before numpy 2
    "from numpy import _core as core; from numpy.lib import _polynomial_impl as polynomial"
    if hasattr(np, "_core")
    else "from numpy import core; from numpy.lib import polynomial"
)


@pytest.fixture(scope="module", params=["landlock", "closed-fs", "subprocess"])
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    """Every kind of child."""
    with SubprocessBackend() if request.param == "subprocess" else LinuxBackend(request.param) as found:
        yield found


def outcome(backend: Backend, text: str, rules: Rules = RULES, **helpers: str) -> Outcome:
    """What comes of `f(X)` in a submission of this text under `rules`."""
    session = backend.open(Source("work", {"work": text, **helpers}, rules), LIMITS)
    try:
        return call(session, "f", X) if isinstance(session.loaded, Returned) else session.loaded
    finally:
        session.close()


WAYS = [
    ("np.convolve", "np.convolve(x, x)"),
    ("np.convolve", "getattr(np, 'con' + 'volve')(x, x)"),
    ("np.convolve", "vars(np)['convolve'](x, x)"),
    ("np.convolve", "sys.modules['numpy'].convolve(x, x)"),
    ("np.convolve", "importlib.import_module('numpy').convolve(x, x)"),
    ("np.convolve", "operator.attrgetter('convolve')(np)(x, x)"),
    ("np.convolve", "polynomial.NX.convolve(x, x)"),
    ("np.convolve", "core.numeric.convolve(x, x)"),
    ("np.convolve", "np.ma.convolve(x, x)"),
    ("np.convolve", "np.apply_along_axis(np.convolve, 0, x, x)"),
    ("np.convolve", "np.vectorize(np.convolve)(x, x)"),
    ("np.convolve", "list(map(np.convolve, [x], [x]))"),
    ("np.convolve", "np.convolve.__wrapped__(x, x) if hasattr(np.convolve, '__wrapped__') else np.convolve(x, x)"),
    ("np.correlate", "core.multiarray.correlate(x, x, 'full')"),
    ("np.correlate", "core.multiarray.correlate2(x, x, 'full')"),
    ("np.maximum", "np.maximum(x, 0)"),
    ("np.maximum", "np.maximum.reduce(x)"),
]

OWN: list[tuple[str, Any]] = [
    ("np.polymul(x, x)", np.polymul(X, X)),
    ("np.poly(x)", np.poly(X)),
    ("np.polynomial.polynomial.polypow(x, 3)", np.polynomial.polynomial.polypow(X, 3)),
    ("np.polynomial.chebyshev.chebmul(x, x)", np.polynomial.chebyshev.chebmul(X, X)),
    ("np.polynomial.Polynomial(x) ** 2 is not None", True),
    ("np.linalg.svd(np.outer(x, x))[1]", np.linalg.svd(np.outer(X, X))[1]),
]


@pytest.fixture(scope="module")
def trying(backend: Backend) -> Iterator[Session]:
    """A child that goes all of these ways, and calls what numpy itself needs them for, one after the other."""
    head = f"import importlib, operator, sys; {INNER}\nimport numpy as np\n"
    functions = "".join(f"def way_{number}(x): return {body}\n" for number, (_, body) in enumerate(WAYS))
    functions += "".join(f"def own_{number}(x): return {body}\n" for number, (body, _) in enumerate(OWN))
    opened = backend.open(Source("work", {"work": head + functions}, RULES), LIMITS)
    yield opened
    opened.close()


@pytest.mark.parametrize("number", range(len(WAYS)), ids=[body for _, body in WAYS])
def test_functions_of_numpy(trying: Session, number: int) -> None:
    """Every way to a forbidden function of numpy ends in an error that says which one it is, in the student's line."""
    found = call(trying, f"way_{number}", X, seq=number)
    assert isinstance(found, Raised)
    assert (found.name, found.message, found.line) == ("ForbiddenError", WAYS[number][0], 3 + number)


@pytest.mark.parametrize("number", range(len(OWN)), ids=[body for body, _ in OWN])
def test_numpys_own_code(trying: Session, number: int) -> None:
    """What numpy itself makes of a forbidden function goes on working."""
    np.testing.assert_array_equal(value(call(trying, f"own_{number}", X, seq=len(WAYS) + number)), OWN[number][1])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("os.getpid", "import os\ndef f(x): return os.getpid()"),
        ("os.path.join", "from os import path\ndef f(x): return path.join('a', 'b')"),
        ("scipy.signal.convolve", "import scipy.signal as s\ndef f(x): return s.convolve(x, x)"),
        ("torch.pi", "import torch\ndef f(x): return torch.pi * 2"),
        ("torch.pi", "import torch\ndef f(x): return [1, torch.pi]"),
        ("torch.tensor.item", "import torch\ndef f(x): return float(torch.tensor(x).item())"),
        ("torch.cuda.is_available", "import torch\ndef f(x): return 1 if torch.cuda.is_available() else 2"),
        ("tqdm.tqdm", "from tqdm import tqdm\ndef f(x): return sum(i for i in tqdm(range(3)))"),
        ("os.getpid", "import helper\ndef f(x): return helper.h()"),
        ("os.environ", "from os import *\nfrom os import environ\ndef f(x): return environ['HOME']"),
    ],
)
def test_modules(backend: Backend, name: str, text: str) -> None:
    """A module that may not be imported can be mentioned; using it says which one it is."""
    found = outcome(backend, text, FEW, helper="import os\ndef h(): return os.getpid()")
    assert isinstance(found, Raised)
    assert (found.name, found.message) == ("ForbiddenError", name)


def test_stray_imports(backend: Backend) -> None:
    """What is imported and not used costs nothing, and what may be imported works."""
    text = "from __future__ import annotations\nimport os, scipy.signal, math, helper\nimport numpy.linalg as la\nfrom torch import nn\n"
    assert (
        value(outcome(backend, f"{text}def f(x): return math.sqrt(4) + helper.K", FEW, helper="import math\nK = math.floor(1.5)"))
        == 3.0
    )


def test_forbidden_by_name(backend: Backend) -> None:
    """A module that is forbidden by its name is not there, and those beside it are."""
    rules = Rules(None, ("json.decoder",))
    found = outcome(backend, "from json import decoder\ndef f(x): return decoder.JSONDecoder()", rules)
    assert isinstance(found, Raised) and found.message == "json.decoder.JSONDecoder"
    assert value(outcome(backend, "import math\ndef f(x): return math.floor(2.5)", rules)) == 2


def test_a_used_module_at_load(backend: Backend) -> None:
    """A number of it that a definition needs keeps that from being defined, with the line."""
    found = outcome(backend, "import torch\n@torch.jit.script_if(float(torch.pi))\ndef f(x): return x", FEW)
    assert isinstance(found, Raised)
    assert (found.name, found.message, found.line) == ("ForbiddenError", "torch.pi", 2)


@pytest.mark.parametrize(
    "body",
    [
        "spec = importlib.util.find_spec('numpy._core._multiarray_umath')\n    np = importlib.util.module_from_spec(spec)",
        "importlib.reload(core.numeric)\n    np = core.numeric",
        "del sys.modules['numpy.lib']\n    importlib.import_module('numpy.lib._function_base_impl')",
        "exec('def mine(a, b): return convolve(a, b)', vars(core.numeric))\n    return core.numeric.mine(x, x)",
        "exec('def convolve(a, b): return multiarray.correlate(a, b, 2)', vars(core.numeric))\n    return core.numeric.convolve(x, x)",
        "return object.__getattribute__(np.convolve, '_Guard__original')(x, x)",
    ],
    ids=["compiled part", "reloaded", "imported anew", "in numpy's namespace", "written anew there", "out of the guard's slot"],
)
def test_no_second_copy(backend: Backend, body: str) -> None:
    """A forbidden function is not had by loading numpy once more, by code in numpy's own namespace, or out of its guard."""
    code = f"import importlib.util, sys; {INNER}\nimport numpy as np\ndef f(x):\n    {body}\n    return np.convolve(x, x)"
    assert isinstance(outcome(backend, code), Raised)


def test_without_rules(backend: Backend) -> None:
    """One child's rules are not the next one's."""
    assert isinstance(outcome(backend, "import numpy as np\ndef f(x): return np.convolve(x, x)"), Raised)
    session = backend.open(Source("work", {"work": "import numpy as np, os\ndef f(x): return np.convolve(x, x)"}), LIMITS)
    assert isinstance(call(session, "f", X), Returned)
    session.close()
