"""Every format of scores and every system that submissions come from: a line each."""

from grader.integrations.canvas import format as canvas
from grader.integrations.formats import ExportFormat, ExportOption, ImportSystem
from grader.integrations.gradescope import format as gradescope
from grader.integrations.json import format as json
from grader.integrations.moodle import format as moodle
from grader.integrations.spreadsheet import format as spreadsheet

EXPORTS: tuple[ExportFormat, ...] = (spreadsheet.EXPORT, canvas.EXPORT, gradescope.EXPORT, json.EXPORT)
IMPORTS: tuple[ImportSystem, ...] = (canvas.IMPORT, gradescope.IMPORT, moodle.IMPORT)


def options() -> dict[str, tuple[ExportOption, tuple[str, ...]]]:
    """The options of single formats by name, and the formats that have each of them."""
    found = {option.name: option for form in EXPORTS for option in form.options}
    return {name: (option, tuple(form.name for form in EXPORTS if option in form.options)) for name, option in found.items()}
