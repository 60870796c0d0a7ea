"""Is a student whose name is control codes, markup and a formula"""

def build(class_, student):
    name = "=1+1\x1b[2J\u202e<script>\x9b"
    place = class_ / name / "vault"
    place.mkdir(parents=True)
    (place / "vault.py").write_text("def doubled(x): return 2 * x\ndef vault(x): return x\n")
    return name
