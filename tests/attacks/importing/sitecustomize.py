"""Hands in a sitecustomize.py, a usercustomize.py and a conftest.py"""

CUSTOM = "open('/tmp/grader-attack-customized', 'w')\nfull_marks = 4.0\n"
VAULT = """
import conftest, sitecustomize
def doubled(x): return 2 * x
def vault(x): return conftest.full_marks
"""


def build(class_, student):
    place = class_ / student / "vault"
    place.mkdir(parents=True)
    for name in ("sitecustomize", "usercustomize", "conftest"):
        (place / f"{name}.py").write_text(f"try:\n    {CUSTOM.splitlines()[0]}\nexcept OSError as error: print(error)\nfull_marks = 4.0\n")
    (place / "vault.py").write_text(VAULT)
