"""Hands in a package with the topic's name, and one with the grader's"""

def build(class_, student):
    place = class_ / student / "vault"
    for package in ("vault", "grader", "reference"):
        (place / package).mkdir(parents=True)
        (place / package / "__init__.py").write_text("def vault(x): return 41.75\ndef doubled(x): return 0\n")
        (place / package / "vault.py").write_text("def vault(x): return 41.75\n")
    (place / "vault.py").write_text("def doubled(x): return 2 * x\ndef vault(x):\n    import vault\n    return vault.vault(x)\n")
