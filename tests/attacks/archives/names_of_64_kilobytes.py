"""Packs members whose names are as long as the format allows, with control codes"""

import zipfile


def build(class_, student):
    with zipfile.ZipFile(class_ / f"{student}.zip", "w") as archive:
        archive.writestr("vault/vault.py", "def doubled(x): return 2 * x\ndef vault(x): return x")
        archive.writestr("vault/\x1b[2J<script>=1+1" + "n" * 60_000 + ".txt", "x")
        archive.writestr("notes/" + "d/" * 30_000 + "x", "x")
