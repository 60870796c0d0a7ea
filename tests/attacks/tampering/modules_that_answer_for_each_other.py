"""Hands in two modules, of which one says that all functions are its own, takes the other's place, and is imported by it without end

Topic: studio
"""


def build(class_, student):
    place = class_ / student / "studio"
    place.mkdir(parents=True)
    honest = "def doubled(x):\n    return 2 * x\n"
    (place / "drawing.py").write_text(
        "import sys\n" + honest + "import walks\nsys.modules['walks'] = sys.modules['drawing']\n"
        "drawn = by_shop = receipt = due = walk = own = weighted = doubled\n"
    )
    (place / "walks.py").write_text(
        "import sys\nimport drawing\n"
        "def doubled(x):\n    raise ValueError('not mine')\ndoubled.__module__ = 'drawing'\n"
        "def walk(n, start):\n    import importlib\n    importlib.reload(sys.modules['drawing'])\n    return iter([start] * 5)\n"
    )
