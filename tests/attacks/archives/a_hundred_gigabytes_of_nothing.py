"""Hands in a sparse file of a hundred gigabytes

Earns: 0
"""

def build(class_, student):
    place = class_ / student / "vault"
    place.mkdir(parents=True)
    with (place / "vault.py").open("wb") as file:
        file.truncate(100 << 30)
