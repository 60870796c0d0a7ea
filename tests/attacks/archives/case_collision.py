"""Packs names that differ only in case, and in the form of their accents

Earns: 0
"""

import zipfile


def build(class_, student):
    with zipfile.ZipFile(class_ / f"{student}.zip", "w") as archive:
        archive.writestr("vault/vault.py", "def doubled(x): return 2 * x\ndef vault(x): return x")
        archive.writestr("vault/VAULT.py", "def doubled(x): return 3 * x")
        archive.writestr("VAULT/vault.py", "def doubled(x): return 3 * x")
        archive.writestr("vault/sen\u0303al.py", "x = 1")
        archive.writestr("vault/se\u00f1al.py", "x = 2")
