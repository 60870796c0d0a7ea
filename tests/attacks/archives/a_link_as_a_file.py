"""Hands in links to the reference and to the secret

Earns: 0
"""

def build(class_, student):
    place = class_ / student / "vault"
    place.mkdir(parents=True)
    course = class_.parent / "course"
    (place / "vault.py").symlink_to(course / "reference" / "vault.py")
    (place / "secret.py").symlink_to(course / "course.secret")
