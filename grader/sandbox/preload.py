"""What the zygote imports before it forks, so that a child needs no file for it.

Where a child may read the standard library, this only saves time. Where it may not (mode `closed-fs`, or an interpreter in a
directory that the child's user cannot enter), it is the list of what students can import.
"""

import importlib
import random
import sys
import warnings

import numpy as np

NUMPY = """
numpy.random numpy.linalg numpy.fft numpy.ma numpy.polynomial numpy.testing numpy.lib.stride_tricks numpy.typing
numpy.lib.recfunctions numpy.lib.scimath numpy.char numpy.rec numpy.exceptions numpy.dtypes
"""

STDLIB = """
__future__ _strptime abc argparse array ast atexit base64 binascii bisect builtins calendar cmath collections collections.abc contextlib
contextvars copy copyreg csv ctypes dataclasses datetime decimal difflib dis doctest encodings.ascii encodings.idna encodings.latin_1
encodings.utf_16 encodings.utf_8_sig enum errno fractions functools gc getpass glob graphlib gzip hashlib heapq html importlib.util inspect
io itertools json keyword linecache locale logging math mmap numbers operator os os.path pathlib pickle platform pprint queue random re
reprlib resource secrets shelve shutil signal socket stat statistics string struct subprocess sys sysconfig tempfile textwrap threading time
timeit token tokenize traceback types typing unicodedata unittest urllib.parse uuid warnings weakref zipfile zlib
"""


def preload() -> None:
    """Import all of it, and make numpy allocate and load what it otherwise would on first use."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in (NUMPY + STDLIB).split():
            try:
                importlib.import_module(name)
            except ImportError:  # not built into this interpreter
                continue
        matrix = np.eye(64) + np.random.default_rng(0).normal(size=(64, 64)) / 100
        np.linalg.svd(np.linalg.inv(matrix) @ matrix)
        np.einsum("ij,jk,kl", matrix, matrix, matrix, optimize=True)
        repr(matrix), str(np.float32(1.5)), np.fft.fft(matrix), np.unique(matrix)
        np.array(["2020-01-01"], dtype="datetime64[D]").astype(str)
    np.random.seed(0)
    random.seed(0)


def forget_the_way() -> None:
    """Leave only the standard library on the import path: neither this package nor its neighbours can be found from here on."""
    own = {entry for entry in sys.path if "site-packages" in entry or "dist-packages" in entry}
    stdlib = importlib.import_module("sysconfig").get_paths()
    keep = {stdlib["stdlib"], stdlib["platstdlib"]}
    sys.path[:] = [entry for entry in sys.path if entry not in own and any(entry.startswith(root) for root in keep)]
    sys.modules["grader"].__path__ = []
    sys.argv[:] = sys.orig_argv[:] = [""]
    sys.dont_write_bytecode = True
