"""Packs two members of the same name: one to be looked at, one to be run

Earns: 0
"""

import warnings
import zipfile


def build(class_, student):
    with warnings.catch_warnings(), zipfile.ZipFile(class_ / f"{student}.zip", "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("vault/vault.py", "def doubled(x): return 2 * x")
        archive.writestr("vault/vault.py", "def doubled(x): return 3 * x")
