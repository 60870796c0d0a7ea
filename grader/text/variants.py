"""A language's name, and the folder of its catalogs."""

MESSAGES = "LC_MESSAGES"  # the folder of a language that holds its catalogs, as gettext calls it


def variants(name: str) -> list[str]:
    """A language and the one that it is a variant of: `pt_BR`, then `pt`."""
    full = name.strip().replace("-", "_").partition(".")[0].partition("@")[0]
    return list(dict.fromkeys((full, full.partition("_")[0])))
