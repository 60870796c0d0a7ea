"""Hands in modules called numpy, json, grader, sitecustomize and conftest, and an __init__"""

def build(class_, student):
    place = class_ / student / "vault"
    place.mkdir(parents=True)
    for name in ("numpy", "json", "grader", "msgspec", "sitecustomize", "usercustomize", "conftest", "__init__", "__main__", "os"):
        (place / f"{name}.py").write_text("print('shadow')\nfull_marks = 4.0\n")
    (place / "attack.pth").write_text("import os; os.system('touch /tmp/grader-attack-pth')\n")
    (place / "vault.py").write_text("def doubled(x): return 2 * x\ndef vault(x): return x\n")
