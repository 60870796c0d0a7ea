"""Packs a member that climbs out of the archive

Earns: 0
"""

import zipfile


def build(class_, student):
    with zipfile.ZipFile(class_ / f"{student}.zip", "w") as archive:
        archive.writestr("../../grader-attack-climbed.py", "x = 1")
        archive.writestr("../aaa-honest/vault/vault.py", "def doubled(x): return 0")
        archive.writestr("vault/vault.py", "def doubled(x): return 2 * x")
