"""Every export format and every import system."""

from grader.integrations.canvas import format as canvas
from grader.integrations.classroom50 import format as classroom50
from grader.integrations.formats import ExportFormat, ExportOption, ImportSystem
from grader.integrations.gradescope import format as gradescope
from grader.integrations.json import format as json
from grader.integrations.moodle import format as moodle
from grader.integrations.spreadsheet import format as spreadsheet

EXPORTS: tuple[ExportFormat, ...] = (
    *(spreadsheet.CSV, spreadsheet.WORKBOOK, canvas.EXPORT, moodle.EXPORT),
    *(gradescope.EXPORT, classroom50.EXPORT, json.EXPORT),
)
IMPORTS: tuple[ImportSystem, ...] = (canvas.IMPORT, gradescope.IMPORT, moodle.IMPORT, classroom50.IMPORT)


def options() -> dict[str, tuple[ExportOption, tuple[str, ...]]]:
    """The format-specific options by name, each with the names of the formats that have it."""
    found = {option.name: option for form in EXPORTS for option in form.options}
    return {name: (option, tuple(form.name for form in EXPORTS if option in form.options)) for name, option in found.items()}
