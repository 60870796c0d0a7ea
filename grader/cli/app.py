"""The commands and their options: `grader list | check | grade | rejudge | export | import | validate | release | doctor`.

stdout carries the result, stderr the progress. Exit codes: 0 all well, 1 something failed its checks, 2 wrong use, 3 the grader's own
fault, 130 stopped by Ctrl-C. Everything heavy is imported by the command that needs it.
"""

from pathlib import Path
from typing import Annotated

import typer

from grader.cli.format_help import FORMAT, ROSTER, SYSTEM, TO, with_options_of_formats

app = typer.Typer(
    name="grader",
    help="Grades deep-learning exercises in numpy.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _speak(language: str | None) -> str | None:
    from grader.text.language import speak

    speak(language)
    return language


CourseOption = Annotated[
    Path | None, typer.Option("--course", metavar="DIR", help="The course's folder (default: found from here upwards).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, a line for each result.")]
LangOption = Annotated[
    str | None,
    typer.Option(
        "--lang", metavar="LANG", callback=_speak, help="Language of what students read: en, es (default: the environment's)."
    ),
]
OutOption = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the records live.")]
Topics = Annotated[list[str] | None, typer.Argument(metavar="[TOPIC]...", help="Default: every assignment of the course.")]


@app.command("list")
def list_(course: CourseOption = None, json: JsonOption = False, lang: LangOption = None) -> None:
    """Assignments, exercises and points.

    Example: grader list
    """
    from grader.cli.list import list_assignments

    raise typer.Exit(list_assignments(course, json))


@app.command()
def check(
    context: typer.Context,
    target: Annotated[
        str | None, typer.Argument(metavar="[TOPIC|FILE]", help="A topic of the course, or a file that you filled.")
    ] = None,
    exercise: Annotated[str | None, typer.Option("--exercise", "-e", help="Only this exercise.")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Check again whenever the file is saved.")] = False,
    course: CourseOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Check your own work.

    Example: grader check conv --exercise conv2d --watch
    """
    from grader.cli.check import check_own

    raise typer.Exit(check_own(target, exercise, watch, course, json, context.obj))


@app.command()
def grade(
    submissions: Annotated[Path, typer.Argument(help="A folder with <student>/<topic>/<topic>.py or .ipynb; zip files too.")],
    topic: Annotated[list[str] | None, typer.Option("--topic", "-t", help="Only this assignment (may be repeated).")] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Submissions at a time (default: one a processor).")
    ] = None,
    out: OutOption = Path("results"),
    force: Annotated[bool, typer.Option("--force", help="Grade again what has a record already.")] = False,
    allow_weak_sandbox: Annotated[
        bool, typer.Option("--allow-weak-sandbox", help="Grade even where student code cannot be locked down.")
    ] = False,
    gradebook: Annotated[
        str | None,
        typer.Option(
            "--gradebook",
            metavar="URL",
            help="Write the grades into this gradebook of nbgrader too: sqlite:///DIR/gradebook.db, or DIR, nbgrader's course directory.",
        ),
    ] = None,
    course: CourseOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Grade a class.

    A second run goes on where the first stopped, and grades only what changed.

    Example: grader grade examples/class --out results
    """
    from grader.cli.grade import grade_class

    raise typer.Exit(grade_class(submissions, topic or [], jobs, out, force, allow_weak_sandbox, course, json, gradebook, lang))


@app.command()
def rejudge(
    apply: Annotated[bool, typer.Option("--apply", help="Keep the new scores.")] = False,
    out: OutOption = Path("results"),
    course: CourseOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Apply today's rubric to stored outcomes.

    No student code runs. The differences in scores are shown first and kept with --apply.

    Example: grader rejudge --apply
    """
    from grader.cli.rejudge import rejudge_class

    raise typer.Exit(rejudge_class(apply, out, course, json))


@app.command()
def validate(
    topics: Topics = None,
    mutants: Annotated[bool, typer.Option(help="Also run the mutants of the reference.")] = True,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Topics at a time (default: one a processor).")] = None,
    course: CourseOption = None,
    json: JsonOption = False,
) -> None:
    """Prove the rubrics.

    The stub and zeros earn 0, the solution full marks, every misconception is rejected and named, every mutant of the reference rejected.

    Example: grader validate conv
    """
    from grader.cli.validate import validate_topics

    raise typer.Exit(validate_topics(topics or [], mutants, jobs, course, json))


@app.command()
def release(
    topics: Topics = None,
    check: Annotated[bool, typer.Option("--check", help="Only say whether the stubs are up to date.")] = False,
    nbgrader: Annotated[
        Path | None, typer.Option("--nbgrader", metavar="DIR", help="Release as notebooks in this course of nbgrader.")
    ] = None,
    bundle: Annotated[
        Path | None, typer.Option("--bundle", metavar="DIR", help="Write what students without JupyterHub get, and a zip of it.")
    ] = None,
    wheels: Annotated[
        Path | None,
        typer.Option("--wheels", metavar="DIR", help="With --bundle: wheels of numpy etc. to put beside the grader's."),
    ] = None,
    course: CourseOption = None,
    lang: LangOption = None,
) -> None:
    """Cut the stubs that students fill from the solutions, or release them to students.

    Without options, each stub and the examples in each statement are written anew, in the course itself.

    --nbgrader DIR writes source/<topic>/<topic>.ipynb and nbgrader_config.py (merged with yours) and runs nbgrader's generate_assignment,
    so that release/<topic> is ready. Run it again after a change: grades stay.

    --bundle DIR writes stubs, statements, public checks, a guide and the grader's own wheel, and a zip of it all.

    Nothing that students get holds the reference or the solutions.

    Example: grader release conv --nbgrader ~/nbgrader_course

    Example: grader release conv pooling --bundle ~/for_students
    """
    from grader.cli.release import release_bundle, release_stubs, release_to_nbgrader

    if sum((check, nbgrader is not None, bundle is not None)) > 1 or (wheels and not bundle):
        raise typer.BadParameter("give one of --check, --nbgrader and --bundle; --wheels goes with --bundle")
    if nbgrader:
        raise typer.Exit(release_to_nbgrader(topics or [], nbgrader, course))
    if bundle:
        raise typer.Exit(release_bundle(topics or [], bundle, wheels, course))
    raise typer.Exit(release_stubs(topics or [], check, course))


@app.command("export")
@with_options_of_formats
def export_(
    topics: Topics = None,
    format_: Annotated[str, typer.Option("--format", "-f", metavar="FORMAT", help=FORMAT)] = "csv",
    to: Annotated[Path | None, typer.Option("--to", metavar="PATH", help=TO)] = None,
    roster: Annotated[Path | None, typer.Option("--roster", metavar="FILE", help=ROSTER)] = None,
    out: OutOption = Path("results"),
    course: CourseOption = None,
    lang: LangOption = None,
    **options: bool,
) -> None:
    """Write scores for a gradebook.

    The raw score, the late penalty and what is left stand beside each other; --raw says which of them Canvas gets.

    Example: grader export conv --format canvas --roster grades.csv --to for_canvas.csv
    """
    from grader.cli.export import export_scores

    raise typer.Exit(export_scores(topics or [], format_, to, roster, out, course, **options))


@app.command("import")
def import_(
    archive: Annotated[Path, typer.Argument(help="All submissions of an assignment, as the system gave them.")],
    system: Annotated[str, typer.Option("--from", metavar="SYSTEM", help=SYSTEM)],
    topic: Annotated[str, typer.Option("--topic", "-t", help="The assignment that they are for.")],
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="The class's folder.")] = Path("submissions"),
    roster: Annotated[
        Path | None,
        typer.Option("--roster", metavar="FILE", help="A class list (CSV): folders are named by it; Moodle's has the times."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put newer files in the place of others, which are kept in DIR/.replaced.")
    ] = False,
    course: CourseOption = None,
    json: JsonOption = False,
) -> None:
    """Unpack a bulk download into a class's folder.

    Example: grader import submissions.zip --from canvas --topic conv --roster grades.csv
    """
    from grader.cli.import_ import import_class

    raise typer.Exit(import_class(archive, system, topic, to, roster, replace, course, json))


@app.command()
def doctor(json: JsonOption = False) -> None:
    """Try which protections are in force here.

    Exits with 1 when a class would not be graded on this machine.

    Example: grader doctor
    """
    from grader.cli.doctor import examine

    raise typer.Exit(examine(json))
