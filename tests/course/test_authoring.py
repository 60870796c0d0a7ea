"""What authors import."""

from grader import spec
from grader.course import authoring


def test_the_short_name_has_the_same_names() -> None:
    """`from grader.spec import …` is the authoring language."""
    assert spec.__all__ == authoring.__all__
    assert all(getattr(spec, name) is getattr(authoring, name) for name in spec.__all__)
