"""Hands in a named pipe, at which a reader would wait for ever

Earns: 0
"""

import os


def build(class_, student):
    place = class_ / student / "vault"
    place.mkdir(parents=True)
    os.mkfifo(place / "vault.py")
