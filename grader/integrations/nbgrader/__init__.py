"""nbgrader: submitted notebooks are graded in the sandbox, and the grades are stored where nbgrader keeps them.

    a notebook ─► ipynb.py      its cells; nothing is executed, outputs are not even decoded
                  magics.py     IPython syntax, removed and reported
                  source.py     the cells as the modules of one submission, which the sandbox's child runs in order
                        │
                      Record    (grader.engine.grade)
                        │
              cell_reports.py   points, report and comment of each cell
                   ╱        ╲
    preprocessors.py         gradebook.py, autograded.py
    inside `nbgrader autograde`      the fast way: `grader grade COURSE/submitted --gradebook URL`

The upper half needs neither nbgrader nor nbformat; what does is imported only where it is used.
"""

#: `c.Autograde.sanitize_preprocessors`: nbgrader's own, and one that keeps a copied cell from ending the run.
SANITIZE_PREPROCESSORS = (
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "grader.integrations.nbgrader.preprocessors.GraderRepair",
    "nbgrader.preprocessors.CheckCellMetadata",
)

#: `c.Autograde.exporter_class`: reads what was handed in.
EXPORTER = "grader.integrations.nbgrader.exporter.GraderExporter"

#: `c.Autograde.autograde_preprocessors` of a course's nbgrader_config.py.
AUTOGRADE_PREPROCESSORS = (
    "grader.integrations.nbgrader.preprocessors.GraderPreprocessor",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "grader.integrations.nbgrader.preprocessors.GraderComments",
    "grader.integrations.nbgrader.preprocessors.GraderLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
)
