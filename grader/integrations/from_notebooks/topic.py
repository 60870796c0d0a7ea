"""A topic out of a source notebook: its texts, before anything is written."""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from grader.integrations.from_notebooks.assertions import Statements
from grader.integrations.from_notebooks.found import Asked, Call, Example, Refusal
from grader.integrations.from_notebooks.parts import Left, Question, Source
from grader.integrations.from_notebooks.solution import assigned, given_of, imports_of, solution_of
from grader.integrations.from_notebooks.values import SHOWN, declared, size
from grader.text.syntax import parse

ITEMS = 10  # of a generator that count, where no test says how many


class Exercise(msgspec.Struct):
    """What is known of one exercise."""

    name: str
    points: float = 0.0
    examples: list[Example] = []
    asked: list[Asked] = []
    refusals: list[Refusal] = []
    first: int = 0  # items of a generator that count

    @property
    def is_checked(self) -> bool:
        """Whether any of its tests could be read."""
        return bool(self.examples or self.asked or self.refusals)


class Topic(msgspec.Struct):
    """A topic to be written.

    Attributes:
        module: the solution's text, with markers.
        left: what is left to do, in the order of the notebook.
        hidden: what hidden tests expect, for the author alone.
    """

    title: str
    module: str
    exercises: list[Exercise]
    statement: str
    left: list[Left]
    hidden: list[Asked]


def topic_of(source: Source, file: Path) -> Topic:
    """The topic of a notebook; `file` is where it stands, for the texts."""
    left = list(source.left)
    imports: dict[str, None] = {}
    given: list[str] = []
    for cell in source.given:
        some, rest = given_of(cell, left)
        imports |= dict.fromkeys(some)
        given += rest
    definitions: dict[str, str] = {}
    of_question: list[tuple[Question, list[str]]] = []
    for question in source.questions:
        names = []
        for cell in question.solutions:
            imports |= dict.fromkeys(imports_of(cell))
            for name, text in solution_of(cell, left, given):
                definitions[name] = text
                names.append(name)
        of_question.append((question, names))
    parameters, classes = _signatures(definitions)
    exercises = {name: Exercise(name) for name in definitions}
    before: list[ast.Assign] = []
    for question, names in of_question:
        before += [node for cell in question.solutions for node in assigned(cell)]
        _read_tests(question, names, exercises, parameters, classes, before, left)
    _count_items(exercises, definitions)
    _only_what_toml_holds(exercises, definitions)
    for exercise in exercises.values():
        if not exercise.is_checked:
            advice = "none of its tests could be read; a person decides it until you write checks"
            left.append(Left(_cell_of(exercise.name, source), 0, f"{exercise.name}: {advice}"))
    head = f'"""{source.title or file.stem}: fill in what is missing."""'
    bodies = [text.strip("\n") for text in definitions.values()]
    given = [text for place, text in enumerate(given) if _binds(text) & _needed([*given[place + 1 :], *bodies])]
    used = [line for line in imports if "*" in line or _binds(line) & _needed([*given, *bodies])]
    left += [
        Left(0, 0, f"`{line}`: numpy and the standard library are allowed; name others under `modules` in course.toml")
        for line in used
        if _is_foreign(line)
    ]
    module = "\n\n\n".join(["\n".join([head, "", *used]).strip(), *given, *bodies]) + "\n"
    hidden = [item for exercise in exercises.values() for item in exercise.asked if item.hidden]
    statement = "\n\n".join(text.strip() for text in source.texts if text.strip()) or f"# {source.title or file.stem}"
    return Topic(source.title, module, list(exercises.values()), statement + "\n", sorted(set(left)), hidden)


def _read_tests(
    question: Question,
    names: list[str],
    exercises: Mapping[str, Exercise],
    parameters: Mapping[str, list[str]],
    classes: set[str],
    before: Sequence[ast.Assign],
    left: list[Left],
) -> None:
    """Give every claim to its exercise, and the question's points to those that it is about."""
    tested: dict[str, None] = {}
    points = [cell.points for cell in question.tests if cell.points is not None]
    for cell in question.tests:
        for found in Statements(cell, parameters, classes, before).read():
            match found:
                case Left():
                    left.append(found)
                case Example(call):
                    _add(exercises[call.function].examples, found)
                    tested[call.function] = None
                case Refusal(call):
                    _add(exercises[call.function].refusals, found)
                    tested[call.function] = None
                case Asked(exercise):
                    _add(exercises[exercise].asked, found)
                    tested[exercise] = None
    worth = question.points if question.points is not None else sum(points) if points else 1.0
    own = [name for name in tested if name in names] or list(tested) or names[:1]
    for name in own:
        exercises[name].points += worth / len(own)


def _count_items(exercises: Mapping[str, Exercise], definitions: Mapping[str, str]) -> None:
    """How many items of each generator count: as many as the tests look at. An example has all of them; a shorter one is asked for."""
    for name, exercise in exercises.items():
        body = parse(definitions[name]).body[0]
        if isinstance(body, ast.ClassDef) or not any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(body)):
            continue
        calls = [
            *(item.call for item in exercise.examples),
            *(item.call for item in exercise.asked if isinstance(item.call, Call)),
        ]
        exercise.first = max((call.first for call in calls), default=0) or ITEMS
        short = [item for item in exercise.examples if item.call.first != exercise.first]
        exercise.examples = [item for item in exercise.examples if item not in short]
        for item in short:
            _add(exercise.asked, Asked(name, item.call, False, "fewer items than another test looks at", 0))


def _add(items: list[Any], found: Any) -> None:
    if not any(repr(found.call) == repr(item.call) for item in items):  # arrays do not compare
        items.append(found)


def _signatures(definitions: Mapping[str, str]) -> tuple[dict[str, list[str]], set[str]]:
    """The parameters of each function, and of what makes an object of each class; and the classes."""
    parameters, classes = {}, set()
    for name, text in definitions.items():
        node = parse(text).body[0]
        if isinstance(node, ast.ClassDef):
            classes.add(name)
            made = (item for item in node.body if isinstance(item, ast.FunctionDef) and item.name == "__init__")
            parameters[name] = next((_names(item)[1:] for item in made), [])
        else:
            assert isinstance(node, ast.FunctionDef)
            parameters[name] = _names(node)
    return parameters, classes


def _names(node: ast.FunctionDef) -> list[str]:
    return [item.arg for item in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]


def _only_what_toml_holds(exercises: Mapping[str, Exercise], definitions: dict[str, str]) -> None:
    """Declare texts, lists and dicts where the stub does not; examples that even so would be read otherwise are left to the reference."""
    for name, exercise in exercises.items():
        kinds: dict[str, set[str]] = defaultdict(set)
        for item in exercise.examples:
            for parameter, value in item.call.arguments.items():
                kinds[parameter].add(declared(value))
            kinds["return"].add("" if item.call.names else declared(item.expected))
        clear = {key: next(iter(found)) for key, found in kinds.items() if len(found) == 1}
        kept, moved = list[Example](), list[Example]()
        for item in exercise.examples:
            values = [*item.call.arguments.items(), *([] if item.call.names else [("return", item.expected)])]
            named = list(item.expected.values()) if item.call.names else []
            fits = all(clear.get(key) not in (None, "?") for key, _value in values) and all(
                declared(value) == "" for value in named
            )
            (kept if fits and sum(size(value) for _key, value in values) <= SHOWN else moved).append(item)
        exercise.examples = kept
        for item in moved:
            plain = msgspec.structs.replace(item.call, names=())
            _add(exercise.asked, Asked(name, plain, False, "an example that is long, or not of one kind", 0))
        if kept:
            definitions[name] = annotated(definitions[name], {key: kind for key, kind in clear.items() if kind not in ("", "?")})


def annotated(text: str, kinds: Mapping[str, str]) -> str:
    """A function's text in which parameters without a type have these, and so has its result (`return`)."""
    node = parse(text).body[0]
    if not isinstance(node, ast.FunctionDef):
        return text
    lines = text.splitlines()
    places = [
        (item.end_lineno or 0, item.end_col_offset or 0, f": {kinds[item.arg]}")
        for item in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        if item.arg in kinds and item.annotation is None
    ]
    if "return" in kinds and node.returns is None:
        last = node.body[0].lineno - 1
        for number in range(node.lineno, last + 1):
            if lines[number - 1].rstrip().endswith("):"):
                places.append((number, len(lines[number - 1].rstrip()) - 1, f" -> {kinds['return']}"))
                break
    for number, column, more in sorted(places, reverse=True):
        line = lines[number - 1].encode()
        lines[number - 1] = (line[:column] + more.encode() + line[column:]).decode()
    return "\n".join(lines) + "\n"


def _binds(text: str) -> set[str]:
    """The names that statements bring into a module."""
    found: set[str] = set()
    for node in parse(text).body:
        match node:
            case ast.Import(names) | ast.ImportFrom(names=names):
                found |= {item.asname or item.name.partition(".")[0] for item in names}
            case ast.FunctionDef(name) | ast.ClassDef(name):
                found.add(name)
            case ast.Assign(targets):
                found |= {inner.id for target in targets for inner in ast.walk(target) if isinstance(inner, ast.Name)}
    return found


def _needed(texts: list[str]) -> set[str]:
    """The names that code uses."""
    return {node.id for text in texts for node in ast.walk(parse(text)) if isinstance(node, ast.Name)}


def _is_foreign(line: str) -> bool:
    """Whether an import is of a module that no submission may use without a policy."""
    node = parse(line).body[0]
    module = (
        (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name if isinstance(node, ast.Import) else ""
    )
    top = module.partition(".")[0]
    return top != "numpy" and top not in sys.stdlib_module_names


def _cell_of(name: str, source: Source) -> int:
    found: Iterator[int] = (
        cell.number
        for question in source.questions
        for cell in question.solutions
        if f"def {name}" in cell.text or f"class {name}" in cell.text
    )
    return next(found, 0)
