"""Packs ten thousand members

Earns: 0
"""

import zipfile


def build(class_, student):
    with zipfile.ZipFile(class_ / f"{student}.zip", "w") as archive:
        for number in range(10_000):
            archive.writestr(f"vault/f{number}.py", "")
