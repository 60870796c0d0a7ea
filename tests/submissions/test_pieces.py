"""What a person reads of a submission: the text or the code of a function, read and never executed."""

import pytest

from grader.submissions.pieces import MOST, MOST_PIECES, Piece, piece_of, pieces

QUESTION = 'def why():\n    """Why?"""\n'


def text_of(body: str) -> str | None:
    """The text that is read of a function with this body."""
    return pieces([QUESTION + body])["why"].text


@pytest.mark.parametrize(
    "body",
    [
        '    return "Because."',
        "    return 'Because.'",
        '    return """\n    Because.\n    """',
        '    return (\n        "Be"\n        "cause."\n    )',
        '    return "Be" + "cause."',
        '    import textwrap\n    return textwrap.dedent("""\n        Because.""")',
        '    return """Because.""".strip()',
        '    answer = "Because."\n    return answer',
        '    # Write your answer here\n    return "Because."\n    raise NotImplementedError("why")',
    ],
)
def test_a_text_in_quotes_is_read_however_it_is_written(body: str) -> None:
    """As one text, without the indentation of the file."""
    assert text_of(body) == "Because."


def test_paragraphs_and_their_indentation_stay() -> None:
    """A list in an answer stays a list."""
    assert text_of('    return """\n    One:\n\n      * two\n    """') == "One:\n\n  * two"


@pytest.mark.parametrize(
    "body",
    [
        '    return open("/etc/passwd").read()',
        "    return __import__('os').getcwd()",
        '    return f"{1 + 1}"',
        "    return 3",
        "    pass",
    ],
)
def test_what_is_computed_is_not_executed(body: str) -> None:
    """There is no text; a person reads the code."""
    found = pieces([QUESTION + body])["why"]
    assert found.text is None and found.answer("text").endswith(body.strip())


@pytest.mark.parametrize("body", ['    raise NotImplementedError("why")', '    return ""', '    return """\n    """'])
def test_a_hole_is_nothing_to_read(body: str) -> None:
    """The stub as it is, and empty quotes."""
    assert not pieces([QUESTION + body])["why"].is_written


def test_a_mistake_elsewhere_hides_no_answer() -> None:
    """A file that Python cannot read still has the lines of the function."""
    found = pieces(["def broken(:\n\n" + QUESTION + '    return "Because."\n\nx = = 2\n'])
    assert found["why"].text == "Because."


def test_an_answer_that_python_cannot_read_is_code() -> None:
    """Quotes that do not close: a person sees what was written."""
    found = pieces([QUESTION + "    return 'it's clear'"])["why"]
    assert found.text is None and "it's clear" in found.code and found.is_written


def test_the_last_definition_counts() -> None:
    """As it does for Python, and in the cells of a notebook."""
    assert pieces([QUESTION + '    return "old"', QUESTION + '    return "new"'])["why"].text == "new"


def test_what_stands_between_functions_is_not_in_them() -> None:
    """Neither the next function, nor a comment above it."""
    found = pieces(["def a():\n    return 1\n\n# about b\ndef b():\n    return 2\n\nX = 3\n"])
    assert [piece.code for piece in found.values()] == ["def a():\n    return 1", "def b():\n    return 2"]


def test_the_digest_is_of_the_answer_alone() -> None:
    """Another way to write the same text is the same answer, and another text is not."""
    same, also, other = (
        pieces([QUESTION + f"    return {text}"])["why"].digest for text in ('"yes"', '"""\n    yes\n    """', '"no"')
    )
    assert same == also != other


@pytest.mark.parametrize("body", ["(" * 50_000, '    return "' + "a" * 100_000 + '"', "    return " + "-" * 30_000 + '"a"', "\0"])
def test_a_hostile_text_is_cut_and_breaks_nothing(body: str) -> None:
    """It has a price and a cap."""
    found = pieces([QUESTION + "    return " + body])["why"]
    assert len(found.code) <= MOST and len(found.text or "") <= MOST


def test_a_backslash_in_prose_is_a_backslash() -> None:
    """Python warns of it, and nobody needs to hear that."""
    assert text_of('    return "a \\d b"') == "a \\d b"


def test_half_a_letter_is_written_out() -> None:
    """No answer can be too odd to be kept."""
    found = pieces([QUESTION + '    return "\\ud800 and \\x00"'])["why"]
    assert found.text == "\\ud800 and \x00" and found.text.encode()


def test_a_thousand_functions_push_none_of_the_topics_out() -> None:
    """Those that the topic is about come first."""
    many = "\n".join(f"def f{number}():\n    return 1" for number in range(1000))
    found = pieces([f"{many}\n{QUESTION}    return 'yes'"], ["why"])
    assert found["why"].text == "yes" and len(found) == MOST_PIECES


def test_code_is_read_where_it_is_asked_for() -> None:
    """Though the function returns a text in quotes."""
    piece = Piece("def why(): ...", "text")
    assert (piece.answer("code"), piece.answer("text")) == ("def why(): ...", "text")


def test_a_method() -> None:
    """A person reads the lines of the method, its text by itself."""
    text = 'class C:\n    """A class."""\n\n    def one(self):\n        return 1\n\n    def why(self):\n        return "Because."\n\n    x = 2\n'
    found = pieces([text])
    assert (piece := piece_of(found, "C.why")) is not None
    assert (piece.code, piece.text) == ('def why(self):\n    return "Because."', "Because.")
    assert piece_of(found, "C.other") is None and piece_of(found, "D.why") is None and piece_of(found, "C") == found["C"]
