"""Packs members with absolute names, drive letters and backslashes

Earns: 0
"""

import zipfile


def build(class_, student):
    with zipfile.ZipFile(class_ / f"{student}.zip", "w") as archive:
        for name in ("/tmp/grader-attack-absolute.py", "C:/grader-attack.py", "..\\..\\grader-attack.py", "vault/vault.py"):
            archive.writestr(name, "def doubled(x): return 2 * x")
