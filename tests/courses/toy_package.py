"""A third-party package as pip installs it, in a folder of its own: what a course may offer besides numpy."""

from pathlib import Path

FILES = {
    "toylib/__init__.py": "import toyneed\nfrom toylib.core import doubled\n__version__ = '1.2'\n",
    "toylib/core.py": "import numpy as np\n\ndef doubled(x):\n    return toy_convolve(x, [2.0])\n\n"
    "def toy_convolve(x, y):\n    return np.convolve(x, y)\n",
    "toylib/late.py": "def word():\n    return 'late'\n",
    "toyneed.py": "def word():\n    return 'needed'\n",
    "toyextra.py": "raise RuntimeError('nobody asked for it')\n",
    "toylib-1.2.dist-info/METADATA": "Metadata-Version: 2.1\nName: toylib\nVersion: 1.2\nRequires-Dist: toy-need>=0.1\n"
    'Requires-Dist: toyextra; extra == "all"\n',
    "toylib-1.2.dist-info/RECORD": "toylib/__init__.py,,\ntoylib/core.py,,\ntoylib/late.py,,\ntoylib-1.2.dist-info/METADATA,,\n",
    "toy_need-0.1.dist-info/METADATA": "Metadata-Version: 2.1\nName: toy-need\nVersion: 0.1\n",
    "toy_need-0.1.dist-info/RECORD": "toyneed.py,,\ntoy_need-0.1.dist-info/METADATA,,\n",
}


def install(folder: Path, **changed: str) -> Path:
    """Write the package into `folder`; `changed` is the text of other top-level modules, by name."""
    for name, text in {**FILES, **{f"{name}.py": text for name, text in changed.items()}}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder
