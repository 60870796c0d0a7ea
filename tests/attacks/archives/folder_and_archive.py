"""Hands the same work in twice, as a folder and as an archive

Earns: 0
"""

import zipfile


def build(class_, student):
    (class_ / student / "vault").mkdir(parents=True)
    (class_ / student / "vault" / "vault.py").write_text("def doubled(x): return 2 * x")
    with zipfile.ZipFile(class_ / student / "vault.zip", "w") as archive:
        archive.writestr("vault.py", "def doubled(x): return 3 * x")
