"""Merging nbgrader_config.py: the instructor's text stays, the grader's block is renewed."""

from pathlib import Path

import pytest
from traitlets.config import Config

from grader.errors import UsageError
from grader.integrations.nbgrader import AUTOGRADE_PREPROCESSORS, EXPORTER, SANITIZE_PREPROCESSORS
from grader.integrations.nbgrader.release_config import merged, own_lists

COURSE, FOLDER, FILE = Path("/srv/course"), Path("/srv/Deep Learning 2027"), Path("nbgrader_config.py")
OWN = "c = get_config()\nc.CourseDirectory.course_id = 'mine'\n"


def merge(text: str | None, course: Path = COURSE, language: str = "en") -> str:
    """The text with the grader's block."""
    return merged(text, course, FOLDER, FILE, language)


def read(text: str) -> Config:
    """The configuration as nbgrader reads it."""
    config = Config()
    exec(compile(text, "nbgrader_config.py", "exec"), {"get_config": lambda: config})
    return config


def test_new_configuration() -> None:
    """Where there was none, the course gets an id from its folder's name, and our preprocessors."""
    found = read(merge(None))
    assert found.CourseDirectory.course_id == "deep-learning-2027"
    assert found.Autograde.autograde_preprocessors == list(AUTOGRADE_PREPROCESSORS)
    assert found.Autograde.sanitize_preprocessors == list(SANITIZE_PREPROCESSORS)
    assert found.Autograde.exporter_class == EXPORTER
    assert found.GraderPreprocessor.course == "/srv/course"


def test_own_text_stays() -> None:
    """An existing configuration keeps every line, and gets ours after it."""
    text = merge(OWN)
    assert text.startswith(OWN)
    assert read(text).CourseDirectory.course_id == "mine"
    assert "GraderPreprocessor" in text


@pytest.mark.parametrize(
    "text", [None, OWN, OWN + "# last", OWN.replace("\n", "\r\n")], ids=["none", "own", "no-newline", "windows"]
)
def test_merging_twice_is_merging_once(text: str | None) -> None:
    """The second time changes nothing."""
    assert merge(merge(text)) == merge(text)


def test_lines_below_the_block_stay() -> None:
    """What stands below the block stays below it, and has the last word."""
    text = merge(merge(OWN) + "\nc.GraderPreprocessor.course = '/elsewhere'\n")
    assert read(text).GraderPreprocessor.course == "/elsewhere"


def test_block_is_renewed() -> None:
    """Another course replaces the one in the block, whatever was changed there by hand."""
    old = merge(OWN).replace("c.Autograde", "c.Altered")
    assert merge(old, Path("/srv/new")) == merge(OWN, Path("/srv/new"))


def test_course_around_the_folder_is_named_relative_to_it() -> None:
    """nbgrader's folder inside of the course's moves with it."""
    text = merged(None, COURSE, COURSE / "examples" / "nb", FILE)
    assert read(text).GraderPreprocessor.course == "../.."


def test_own_list_is_left_alone() -> None:
    """The instructor's own list of preprocessors stays in force, and a comment says what to do."""
    own = OWN + "c.Autograde.autograde_preprocessors = ['mine.Own']\n"
    text = merge(own)
    assert own_lists(text) == ("autograde_preprocessors",)
    assert read(text).Autograde.autograde_preprocessors == ["mine.Own"]
    assert "AUTOGRADE_PREPROCESSORS in grader/integrations/nbgrader/__init__.py" in text


def test_commented_list_is_no_list() -> None:
    """A list in a comment, as in a generated configuration, is none."""
    text = merge(OWN + "# c.Autograde.autograde_preprocessors = []\n")
    assert read(text).Autograde.autograde_preprocessors == list(AUTOGRADE_PREPROCESSORS)


def test_text_that_is_no_python() -> None:
    """A syntax error of the instructor's is named by its line."""
    with pytest.raises(UsageError, match=r"nbgrader_config\.py, line 2: .*Fix it first"):
        merge("c = get_config()\nc.X = (\n")


def test_half_a_block() -> None:
    """One marker without the other is refused: what to replace is unknown."""
    with pytest.raises(UsageError, match=r"found 1 and 0"):
        merge(merge(OWN).replace("# ---- grader: end ----", ""))
