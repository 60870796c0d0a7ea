"""Hands in its own versions of what the course gives, huge, and modules named like the ones that are offered

Topic: studio
"""


def build(class_, student):
    place = class_ / student / "studio"
    place.mkdir(parents=True)
    (place / "points.csv").write_text("9,9\n" * 200_000)
    (place / "helpers.py").write_text("def load(name=''):\n    return 0\nraise SystemExit\n")
    for name in ("pandas", "matplotlib", "numpy", "walks", "datetime"):
        (place / f"{name}.py").write_text("raise SystemExit('mine')\n")
    (place / "drawing.py").write_text("from helpers import load\nimport pandas\ndef doubled(x):\n    return 2 * x\n")
