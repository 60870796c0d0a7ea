"""The page that comes with a bundle: how to install and how to check, in English and in Spanish."""

from collections.abc import Sequence

from grader.course.folder import Assignment

_ENGLISH = """\
# {title}

[Español más abajo](#en-español)

You need Python 3.11 or newer (`python3 --version`). Everything happens in this folder: open a terminal here.

## 1. Install, once

On Linux and macOS:

    python3 -m venv .venv
    .venv/bin/python -m pip install {install}

On Windows:

    py -m venv .venv
    .venv\\Scripts\\python -m pip install {install}

{online}

Then switch it on, in every new terminal: `source .venv/bin/activate`, on Windows `.venv\\Scripts\\activate`.

## 2. Work

In `assignments/<topic>/`, `README.md` says what to do and `<topic>.py` has the holes: each function with a `raise NotImplementedError` is
yours to write. The docstring above it is all you need. Here are:

{topics}

To try things, write them at the end of the file, below `if __name__ == "__main__":`, and run `python assignments/{first}/{first}.py`.
That part does not run when you are graded.

## 3. Check

    grader list                     how far you are, and what is next
    grader check                    check what you saved last
    grader check {first}{pad}check assignments/{first}/{first}.py
    grader check {first} --watch{pad_watch}again whenever you save the file

Your code runs on this machine only, in a process of its own with limits on time and memory; nothing is sent anywhere. Where something is
wrong, you read which call shows it, what came and what should have come, and often which mistake it is. Some checks run when you
hand in; the report says how many points they are worth.

In a Jupyter notebook in this folder (`pip install notebook`): `%load_ext grader`, then `grader.check("{exercise}")`.

In Visual Studio Code, open this folder: Ctrl+Shift+B (⇧⌘B) checks the topic whose file you edit and marks what failed beside your code.
After `pip install pytest`, the test explorer there (and PyCharm's) shows each check red or green, and so does `pytest assignments/{first}`.

## 4. Hand in

Hand in `<topic>.py`, as your course says. The other files are yours to look at; changing them changes nothing at hand-in.
"""

_SPANISH = """\
# En español

Hace falta Python 3.11 o más nuevo (`python3 --version`). Todo ocurre en esta carpeta: abre una terminal aquí.

## 1. Instalar, una vez

En Linux y macOS:

    python3 -m venv .venv
    .venv/bin/python -m pip install {install}

En Windows:

    py -m venv .venv
    .venv\\Scripts\\python -m pip install {install}

{online}

Después se activa, en cada terminal nueva: `source .venv/bin/activate`, en Windows `.venv\\Scripts\\activate`.

## 2. Trabajar

En `assignments/<tema>/`, `README.es.md` (o `README.md`) dice qué hacer y `<tema>.py` tiene los huecos: cada función con un
`raise NotImplementedError` es para que la escribas. El docstring de arriba es todo lo que necesitas. Aquí están:

{topics}

Para probar algo, escríbelo al final del archivo, debajo de `if __name__ == "__main__":`, y ejecuta
`python assignments/{first}/{first}.py`. Esa parte no se ejecuta cuando te evalúan.

## 3. Comprobar

    grader list --lang es                   hasta dónde llegaste, y qué sigue
    grader check --lang es                  comprueba lo último que guardaste
    grader check {first} --lang es{pad}comprueba assignments/{first}/{first}.py
    grader check {first} --lang es --watch{pad_watch}otra vez cada vez que guardas el archivo

Tu código corre solo en esta máquina, en un proceso propio con límites de tiempo y de memoria; nada se envía a ninguna parte. Donde algo
está mal, lees qué llamada lo muestra, qué salió y qué debía salir, y muchas veces de qué error se trata. Algunas comprobaciones
corren al entregar; el informe dice cuántos puntos valen.

En un notebook de Jupyter en esta carpeta (`pip install notebook`): `%load_ext grader`, luego `%grader_language es` y
`grader.check("{exercise}")`.

En Visual Studio Code, abre esta carpeta: Ctrl+Shift+B (⇧⌘B) comprueba el tema cuyo archivo editas y marca lo que falló junto a tu código.
Después de `pip install pytest`, su explorador de tests (y el de PyCharm) muestra cada comprobación en rojo o en verde, y también
`pytest assignments/{first}`.

## 4. Entregar

Entrega `<tema>.py`, como lo pide tu curso. Los otros archivos son para mirar; cambiarlos no cambia nada en la entrega.
"""

_ONLINE = {
    "en": "This fetches numpy and four small packages from the internet; the grader itself comes from the folder `wheels`.",
    "es": "Esto baja numpy y cuatro paquetes pequeños de internet; el corrector mismo viene de la carpeta `wheels`.",
}
_OFFLINE = {
    "en": "No internet is needed: all packages come from the folder `wheels`.",
    "es": "No hace falta internet: todos los paquetes vienen de la carpeta `wheels`.",
}
_AND = {
    "en": "It fetches {packages}, too, which this course uses.",
    "es": "También baja {packages}, que usa este curso.",
}


def guide(
    title: str, assignments: Sequence[tuple[Assignment, str]], wheel: str, offline: bool, packages: Sequence[str] = ()
) -> str:
    """The guide in Markdown.

    Args:
        assignments: what is in the bundle, each with the name of its first exercise.
        wheel: the file name of the grader's wheel.
        offline: whether the wheels of all dependencies are beside it.
        packages: what else the assignments use, as pip calls it.
    """
    first, exercise = assignments[0][0].name, assignments[0][1]
    topics = "\n".join(f"* `{assignment.name}`: {assignment.title}" for assignment, _ in assignments)
    install = f"--no-index --find-links wheels {wheel.partition('-')[0].replace('_', '-')}" if offline else f"wheels/{wheel}"
    install = " ".join((install, *packages))
    pages = []
    for language, text, flag, column in (("en", _ENGLISH, "", 32), ("es", _SPANISH, " --lang es", 40)):
        pad, pad_watch = (" " * max(2, column - len(f"grader check {first}{flag}{option}")) for option in ("", " --watch"))
        online = (_OFFLINE if offline else _ONLINE)[language]
        online += " " + _AND[language].format(packages=", ".join(packages)) if packages and not offline else ""
        values = {"title": title, "install": install, "online": online, "topics": topics, "first": first, "exercise": exercise}
        pages.append(text.format(**values, pad=pad, pad_watch=pad_watch))
    return "\n".join(pages)
