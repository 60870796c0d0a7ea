"""What the zygote imports before it forks, so that a child need not.

`COMMON` saves every child time. `RARE` is imported only if a child cannot read the standard library (in mode `closed-fs`, or if the
interpreter is in a directory that the child's user cannot enter): then students can import only what is in these two lists.
"""

import importlib
import random
import warnings
import zoneinfo

import numpy as np

from grader.sandbox.child.offered import import_all_parts
from grader.sandbox.import_policy.enforce import own_code

COMMON = """
numpy.random numpy.linalg numpy.fft numpy.lib.stride_tricks numpy.exceptions numpy.polynomial numpy.typing
__future__ abc array bisect cmath collections collections.abc contextlib copy copyreg dataclasses encodings.ascii
encodings.latin_1 enum functools gc heapq inspect io itertools keyword linecache math numbers operator os os.path pathlib
pickle pprint random re reprlib string struct sys textwrap threading time timeit traceback types typing warnings weakref
"""

RARE = """
numpy.ma numpy.testing numpy.lib.recfunctions numpy.lib.scimath numpy.char numpy.rec numpy.dtypes
_strptime argparse ast atexit base64 binascii builtins calendar contextvars csv ctypes datetime decimal difflib dis doctest
encodings.idna encodings.utf_16 encodings.utf_8_sig errno fractions getpass glob graphlib gzip hashlib html importlib.util json
locale logging mmap platform queue resource secrets shelve shutil signal socket stat statistics subprocess sysconfig tempfile
token tokenize encodings.cp437 unicodedata unittest urllib.parse uuid zipfile zlib
"""


_zones: list[zoneinfo.ZoneInfo] = []  # `ZoneInfo` finds those that somebody holds


def preload(everything: bool) -> None:
    """Import `COMMON` (and `RARE`, if `everything`), and make numpy allocate and load now what it otherwise would on first use."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in (COMMON + (RARE if everything else "")).split():
            try:
                importlib.import_module(name)
            except ImportError:  # not built into this interpreter
                continue
        matrix = np.eye(64) + np.random.default_rng(0).normal(size=(64, 64)) / 100
        np.linalg.svd(np.linalg.inv(matrix) @ matrix)
        np.einsum("ij,jk,kl", matrix, matrix, matrix, optimize=True)
        repr(matrix), str(np.float32(1.5)), np.fft.fft(matrix)
        if everything:
            _zones.extend(map(zoneinfo.ZoneInfo, sorted(zoneinfo.available_timezones())))
            np.unique(matrix)  # imports numpy.ma
            import_all_parts()
        np.array(["2020-01-01"], dtype="datetime64[D]").astype(str)
    own_code()
    np.random.seed(0)
    random.seed(0)
