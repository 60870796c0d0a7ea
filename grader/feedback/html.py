"""A check as a small HTML table: what passed, what did not, and for arrays what came beside what should have come."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from grader.checks.base import Example, traits
from grader.checks.compare import Difference, Tolerance, as_array, number
from grader.checks.example import WorkedExample
from grader.feedback.summary import lacking, points, scored, told
from grader.judge.verdicts import ExerciseGrade, Grade, Verdict
from grader.plan import Plan, PlannedCheck, PlannedExercise
from grader.run import Run
from grader.sandbox.outcome import Returned
from grader.sandbox.values import decode
from grader.text.escape import markup
from grader.text.language import gettext as _

SHOWN = 8  # rows and columns of an array
LINES, LINE = 8, 200  # of what it printed
MATRICES = 3  # of an array of more dimensions
_MARKS = {"passed": "✓", "failed": "✗", "skipped": "–", "grader_error": "!"}
_PART = re.compile(r"(\w*)((?:\[\d+\])*)")
# Colours that are seen on a white and on a black page; names are qualified, for notebooks style every table.
STYLE = """<style>
.grader-check { font-size: 14px; line-height: 1.45; max-width: 60em; margin: .3em 0 }
.grader-check table.grader-list { border-collapse: collapse; border: none; margin: .2em 0 0; width: auto; font-size: inherit }
.grader-check table.grader-list > tbody > tr { background: none; border-top: 1px solid rgba(128, 128, 128, .25) }
.grader-check table.grader-list > tbody > tr > td { text-align: left; vertical-align: top; padding: .3em .6em; border: none;
  white-space: normal; max-width: none }
.grader-check table.grader-list > tbody > tr > td:last-child { text-align: right; white-space: nowrap; opacity: .75 }
.grader-check .grader-passed { color: #1a8a3c; font-weight: bold }
.grader-check .grader-failed, .grader-check .grader-grader_error { color: #d1242f; font-weight: bold }
.grader-check .grader-skipped { color: #9a6700; font-weight: bold }
.grader-check .grader-quiet { opacity: .7 }
.grader-check code { font-size: 92%; background: rgba(128, 128, 128, .12); padding: .1em .3em; border-radius: 3px; white-space: pre-wrap }
.grader-check .grader-hint { border-left: 3px solid #d4a72c; padding: .1em .6em; margin: .4em 0 }
.grader-check .grader-printed { font-family: monospace; font-size: 92%; white-space: pre-wrap; padding-left: 1em }
.grader-check .grader-arrays { display: flex; flex-wrap: wrap; gap: .4em 2em; margin: .5em 0; align-items: flex-start }
.grader-check .grader-arrays figure { margin: 0 }
.grader-check .grader-arrays figcaption { font-size: 90%; opacity: .75; margin-bottom: .2em; text-align: left }
.grader-check table.grader-array { border-collapse: collapse; margin: 0 0 .4em; width: auto; font-size: 92%;
  border: none; border-left: 2px solid rgba(128, 128, 128, .6); border-right: 2px solid rgba(128, 128, 128, .6) }
.grader-check table.grader-array tr { background: none }
.grader-check table.grader-array td { text-align: right; padding: .1em .55em; border: none; font-family: monospace; white-space: nowrap;
  max-width: none }
.grader-check table.grader-array mark { background: rgba(255, 80, 80, .3); color: inherit; padding: .05em .3em; margin: 0 -.3em;
  border-radius: 3px; font-weight: bold }
</style>
"""


class Pair(msgspec.Struct, frozen=True, eq=False):
    """What should have come and what came, of the same result, and which elements are wrong (None: they cannot be compared)."""

    name: str
    expected: NDArray[Any]
    got: NDArray[Any]
    wrong: NDArray[np.bool_] | None


def page(
    title: str, grade: Grade | None, plan: Plan | None, run: Run | None, problem: str = "", notes: Sequence[str] = ()
) -> str:
    """The HTML of a check; text of students is escaped here.

    Args:
        grade: None where nothing could be checked; `problem` says why.
        plan, run: None where nothing was run.
        notes: on cells of the notebook.
    """
    if grade is None:
        return f'{STYLE}<div class="grader-check"><span class="grader-skipped">–</span> {markup(problem)}</div>'
    parts = [f'{STYLE}<div class="grader-check">']
    if grade.message:
        mark = "grader_error" if grade.status == "grader_error" else "skipped" if plan is None else "failed"
        parts.append(f'<span class="grader-{mark}">{_MARKS[mark]}</span> {markup(grade.message)}')
    else:
        for place, found in enumerate(grade.exercises):
            planned = plan.exercises[place] if plan else None
            parts.append(_exercise(found, planned, plan, run))
    if grade.printed:
        printed = markup(_first_lines(grade.printed))
        parts.append(f'<div class="grader-quiet">{markup(_("it printed:"))}<div class="grader-printed">{printed}</div></div>')
    parts += [f'<div class="grader-quiet">{markup(note)}</div>' for note in notes]
    return "".join([*parts, "</div>"])


def _first_lines(text: str) -> str:
    lines = text.rstrip().split("\n")
    return "\n".join(line[:LINE] for line in lines[:LINES]) + "\n…" * (len(lines) > LINES)


def _exercise(found: ExerciseGrade, planned: PlannedExercise | None, plan: Plan | None, run: Run | None) -> str:
    waiting = sum(check.points for check in found.checks if check.at_hand_in)
    word = "failed" if lacking(found) else "passed"
    if lacking(found) and all(check.verdict == "skipped" for check in found.checks):
        word = "skipped"
    score = "".join(scored(found.score, found.max_score, waiting))
    head = (
        f'<span class="grader-{word}">{_MARKS[word]} {markup(found.name)}</span> {markup(found.title)} '
        f'<span class="grader-quiet">{markup(score)}</span>'
    )
    if word == "skipped":
        return f"<div>{head} <br>{markup(next(check.message for check in found.checks if not check.at_hand_in))}</div>"
    rows, beside = [], told(found)
    for place, check in enumerate(found.checks):
        body = ""
        if beside.get(check.name):
            body = f' <span class="grader-quiet">({markup(beside[check.name])})</span>'
        elif check.name in beside:
            pair = _pair(planned, planned.checks[place], plan, run, check) if planned and plan and run else None
            body = _detail(check, pair)
        rows.append(_row(check, body))
    return f'<div>{head}<table class="grader-list"><tbody>{"".join(rows)}</tbody></table></div>'


def _row(check: Verdict, body: str) -> str:
    worth = points(check.points)
    if check.at_hand_in:
        mark, name = "", f'<span class="grader-quiet">{markup(_(check.name))}: {markup(check.message)}</span>'
    else:
        mark = f'<span class="grader-{check.verdict}">{_MARKS[check.verdict]}</span>'
        name = markup(_(check.name))
        worth = worth if check.verdict == "passed" else _("{score} of {most}").format(score=0, most=worth)
    return f"<tr><td>{mark}</td><td>{name}{body}</td><td>{markup(worth)}</td></tr>"


def _detail(check: Verdict, pair: Pair | None) -> str:
    parts = [f"<div><code>{markup(check.call, 400)}</code></div>"] if check.call else []
    parts.append(f"<div>{markup(check.message)}</div>")
    if pair:
        parts.append(_arrays(pair))
    if check.hint:
        parts.append(f'<div class="grader-hint">{markup(check.hint)}</div>')
    return "".join(parts)


def _pair(planned: PlannedExercise, item: PlannedCheck, plan: Plan, run: Run, verdict: Verdict) -> Pair | None:
    """Both arrays of a worked example; None where the difference is not in an array."""
    if not isinstance(item.check, WorkedExample) or verdict.difference is None or not run.outcomes:
        return None
    seq, example = item.data
    outcome = run.outcomes[seq]
    assert isinstance(example, Example)
    if not isinstance(outcome, Returned):
        return None
    names, path = planned.exercise.returns, verdict.difference.path
    expected = example.expected
    if isinstance(expected, dict):
        expected = tuple(expected[name] for name in names) if len(names) > 1 else next(iter(expected.values()))
    want, have = _part(expected, path, names), _part(decode(outcome.value), path, names)
    if want is None or have is None or want.ndim == 0:
        return None
    wrong = None
    if want.shape == have.shape:
        tolerance = Tolerance(traits(plan.steps[seq]).itemsize, None, example.atol)
        wrong = _wrong(want, have, tolerance, verdict.difference)
    return Pair(path or _("the result"), want, have, wrong)


def _wrong(want: NDArray[Any], have: NDArray[Any], tolerance: Tolerance, difference: Difference) -> NDArray[np.bool_]:
    """The elements that are wrong: those that are not finite, or those that are too far away."""
    with np.errstate(all="ignore"):
        if difference.stage == "finite":
            return np.asarray(~np.isfinite(have) & np.isfinite(want))
        far = ~(np.abs(have - want) <= tolerance.at(want, have))
        return np.asarray(far & ~(have == want))


def _part(value: Any, path: str, names: Sequence[str]) -> NDArray[Any] | None:
    """The result that a difference's path names («dw», «[1]», «dW[0]»), when it is an array of numbers."""
    found = _PART.fullmatch(path)
    if found is None:
        return None
    name, places = found.groups()
    steps = [int(place) for place in re.findall(r"\d+", places)]
    if name and len(names) > 1:
        steps = [names.index(name), *steps] if name in names else []
    for step in steps:
        if not isinstance(value, tuple | list) or step >= len(value):
            return None
        value = value[step]
    array = as_array(value, array_like=True)
    return array if array is not None and array.dtype.kind in "biuf" else None


def _arrays(pair: Pair) -> str:
    sides = ((_("should be"), pair.expected, None), (_("yours"), pair.got, pair.wrong))
    figures = []
    for word, array, marked in sides:
        matrices = [_matrix(word, *part) for part in _matrices(pair.name, array, marked, pair.wrong)]
        figures.append(f"<figure>{''.join(matrices)}</figure>")
    return f'<div class="grader-arrays">{"".join(figures)}</div>'


def _matrices(
    name: str, array: NDArray[Any], marked: NDArray[np.bool_] | None, wrong: NDArray[np.bool_] | None
) -> Iterator[tuple[str, NDArray[Any], NDArray[np.bool_] | None, tuple[int, int]]]:
    """Some matrices of an array, those with something wrong first: label, numbers, marks, and where the first wrong element is."""
    if array.ndim < 2:
        array = array.reshape(1, -1)
        marked = marked if marked is None else marked.reshape(1, -1)
        wrong = wrong if wrong is None else wrong.reshape(1, -1)
    places = list(np.ndindex(array.shape[:-2]))
    shown = places
    if len(places) > MATRICES:
        shown = sorted(places, key=lambda place: wrong is not None and not wrong[place].any())[:MATRICES]
    for place in sorted(shown):
        label = f"{name}[{', '.join(map(str, place))}]" if len(places) > 1 else name
        first = (0, 0)
        if wrong is not None and wrong[place].any():
            row, column = np.argwhere(wrong[place])[0]
            first = (int(row), int(column))
        yield label, array[place], None if marked is None else marked[place], first


def _matrix(word: str, label: str, matrix: NDArray[Any], marks: NDArray[np.bool_] | None, first: tuple[int, int]) -> str:
    rows, columns = (_window(size, start) for size, start in zip(matrix.shape, first, strict=True))
    lines = []
    if rows.start:
        lines.append(f'<tr><td colspan="{len(columns) + 2}">⋮</td></tr>')
    for row in rows:
        cells = []
        for column in columns:
            text = markup(number(matrix[row, column]))
            wrong = marks is not None and bool(marks[row, column])
            cells.append(f"<td><mark>{text}</mark></td>" if wrong else f"<td>{text}</td>")
        before, after = "<td>⋯</td>" * (columns.start > 0), "<td>⋯</td>" * (columns.stop < matrix.shape[1])
        lines.append(f"<tr>{before}{''.join(cells)}{after}</tr>")
    if rows.stop < matrix.shape[0]:
        lines.append(f'<tr><td colspan="{len(columns) + 2}">⋮</td></tr>')
    size = "×".join(map(str, matrix.shape))
    small = len(rows) == matrix.shape[0] and len(columns) == matrix.shape[1]
    caption = f"{label}: {word}" if small else f"{label} ({size}): {word}"
    return f'<figcaption>{markup(caption)}</figcaption><table class="grader-array"><tbody>{"".join(lines)}</tbody></table>'


def _window(size: int, first: int) -> range:
    """The rows (or columns) of an axis that are shown: all of a short one, else some around the first wrong element."""
    start = 0 if size <= SHOWN else max(0, min(first - SHOWN // 2, size - SHOWN))
    return range(start, min(size, start + SHOWN))
