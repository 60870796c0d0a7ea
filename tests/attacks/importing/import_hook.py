"""Puts a finder of its own in front of all imports"""

from facts import *

import importlib
import sys


class Finder:
    def find_spec(self, name, path=None, target=None):
        print("asked for", name)
        if name.startswith("grader"):
            raise SystemExit(0)
        return None


sys.meta_path.insert(0, Finder())
sys.path_hooks.insert(0, lambda path: 1 / 0)
sys.path_importer_cache.clear()


def vault(x):
    attempt(lambda: importlib.import_module("grader.judge"))
    attempt(lambda: importlib.import_module("mailbox") and 1 / 0)
    return x
