"""Hands in a text in a coding that costs the reader dear

Earns: 0
"""

def build(class_, student):
    place = class_ / student / "vault"
    place.mkdir(parents=True)
    (place / "vault.py").write_bytes(b"# coding: punycode\n" + b"a" * 200_000)
