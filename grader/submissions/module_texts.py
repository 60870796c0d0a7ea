"""The texts of the modules among the files of one submission."""

import codecs
import io
import tokenize
from collections.abc import Sequence

from grader.sandbox.limits import size_text
from grader.submissions.files import MAX_FILES, NOTEBOOK, File, UnreadableError
from grader.submissions.notebook.magics import as_python
from grader.submissions.submitted_at import NOT_IMPORTED
from grader.text.language import gettext as _

MAX_WHY = 2000  # bytes of what `grader import` left to say
MAX_SOURCE = 4 << 20  # characters of all modules of one submission
_ENCODINGS = (
    "utf-8",
    "ascii",
    "iso8859-",
    "cp125",
    "mac-",
    "koi8-",
)  # other encodings of Python can be slow, or give invalid text


def modules_in(topic: str, files: Sequence[File], main: str | None = None) -> dict[str, str]:
    """The text of every module among the files of one submission.

    Args:
        main: the required file, `<topic>.py` by default ("" for none).

    Raises:
        UnreadableError: one of them cannot be read, or `main` is missing.
    """
    main = f"{topic}.py" if main is None else main
    for file in files:
        if len(file.parts) < 2:
            file.read()  # raises why it cannot be read
    named: dict[str, File] = {}
    for file in files:
        if named.setdefault("/".join(file.parts[1:]), file) is not file:
            file.read()  # if both are in one zip file, this raises
            text = _("{name} was handed in twice (in a folder and in a zip file?); leave one")
            raise UnreadableError(text, name="/".join(file.parts))
    left = named.pop(NOT_IMPORTED, None)
    if main and main not in named:
        if left:
            text = _("{topic}.py is missing. It was not imported: {why}")
            raise UnreadableError(text, topic=topic, why=left.read()[:MAX_WHY].decode("utf-8", "replace").strip())
        others = ", ".join(sorted(named))[:200] or _("nothing")
        if any(name.lower().endswith(NOTEBOOK) for name in named):
            raise UnreadableError(_("{topic}.ipynb is missing; {topic}/ holds {others}"), topic=topic, others=others)
        raise UnreadableError(_("{topic}.py is missing; {topic}/ holds {others}"), topic=topic, others=others)
    sources = {name: file for name, file in named.items() if is_module(file.parts)}
    if len(sources) > MAX_FILES:
        raise UnreadableError(_("{n} Python files; at most {most} are read"), n=len(sources), most=MAX_FILES)
    texts = {name.removesuffix(".py"): _text(name, file.read()) for name, file in sources.items()}
    if (size := sum(map(len, texts.values()))) > MAX_SOURCE:
        text = _("the Python files are {size} together; at most {most} are read")
        raise UnreadableError(text, size=size_text(size), most=size_text(MAX_SOURCE))
    return texts


def is_module(parts: tuple[str, ...]) -> bool:
    """Whether a place is that of a module: directly in the assignment's folder."""
    return len(parts) == 2 and parts[1].endswith(".py")


def _text(name: str, data: bytes) -> str:
    """Python source as text, by its coding line (PEP 263); UTF-8 without one."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableError(_("{name} is UTF-16 text, as Notepad's «Unicode» writes it; save it as UTF-8"), name=name)
    if b"\0" in data:
        raise UnreadableError(_("{name} has NUL bytes; is it really a Python file?"), name=name)
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        if not codecs.lookup(encoding).name.startswith(_ENCODINGS):
            text = _("{name} is written in {encoding}, which is not read; save it as UTF-8")
            raise UnreadableError(text, name=name, encoding=encoding)
        return as_python(io.TextIOWrapper(io.BytesIO(data), encoding).read())
    except (SyntaxError, UnicodeError, LookupError) as error:
        at_byte = _("{name} is not UTF-8 text at byte {place}; save it as UTF-8")
        text = at_byte if isinstance(error, UnicodeDecodeError) else _("{name} is not UTF-8 text; save it as UTF-8")
        raise UnreadableError(text.format(name=name, place=getattr(error, "start", 0))) from None
