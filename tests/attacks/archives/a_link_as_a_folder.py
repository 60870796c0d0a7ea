"""Hands in a link to a neighbour's folder

Earns: 0
"""

def build(class_, student):
    (class_ / student).symlink_to(class_ / "aaa-honest", target_is_directory=True)
