"""Packs devices and pipes

Earns: 0
"""

import zipfile


def build(class_, student):
    with zipfile.ZipFile(class_ / f"{student}.zip", "w") as archive:
        for name, kind in (("vault/vault.py", 0o020666), ("vault/pipe.py", 0o010666), ("vault/socket.py", 0o140666)):
            member = zipfile.ZipInfo(name)
            member.external_attr = kind << 16
            archive.writestr(member, "def doubled(x): return 2 * x")
