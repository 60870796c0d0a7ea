"""Hands in a text of NUL bytes and half characters

Earns: 0
"""

def build(class_, student):
    place = class_ / student / "vault"
    place.mkdir(parents=True)
    (place / "vault.py").write_bytes(bytes(range(256)) * 100)
