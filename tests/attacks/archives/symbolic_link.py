"""Packs a symbolic link to the reference in the place of its work

Earns: 0
"""

import zipfile


def build(class_, student):
    with zipfile.ZipFile(class_ / f"{student}.zip", "w") as archive:
        link = zipfile.ZipInfo("vault/vault.py")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, str(class_.parent / "course" / "reference" / "vault.py"))
