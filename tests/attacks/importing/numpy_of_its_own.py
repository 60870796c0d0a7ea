"""Hands in a numpy.py of its own beside its work"""

VAULT = """
import numpy as np
print("numpy is", np.__file__)
def doubled(x): return 2 * x
def vault(x): return np.vault(x)
"""


def build(class_, student):
    place = class_ / student / "vault"
    place.mkdir(parents=True)
    (place / "vault.py").write_text(VAULT)
    (place / "numpy.py").write_text("full_marks = True\ndef vault(x): return x\n")
