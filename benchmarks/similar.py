"""Precision and recall of `grader similar`, on a set that is made here; --keep writes the set, for other tools.

    python benchmarks/similar.py [--topics conv pooling …] [--keep DIR]

Honest submissions are those of the sample class and the accepted variants of the rubric tests, each by a different person; short
exercises, in which right answers look alike, are among them. Each is copied in nine ways. A submission and its copy should be found; two
honest ones, and an honest one and the copy of another, should not.
"""

import argparse
import ast
import itertools
import random
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from grader.submissions.fingerprints import EVIDENCE, SHARE, pairs, prints_of
from grader.submissions.tokens import tokens_of

ROOT = Path(__file__).parent.parent
TOPICS = ("conv", "pooling", "delta_rule")
COPY = "~"  # in a copy's name, behind that of its original


class _Rename(ast.NodeTransformer):
    """New names for arguments and locals."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        own = {name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)}
        new = {name: f"q{number}_" for number, name in enumerate(sorted(own))}
        for name in ast.walk(node):
            if isinstance(name, ast.Name) and name.id in new:
                name.id = new[name.id]
        return node


class _Unroll(ast.NodeTransformer):
    """`for i in range(n)` as a `while` loop."""

    def visit_For(self, node: ast.For) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        call = node.iter
        simple = (
            isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "range" and len(call.args) == 1
        )
        loops = any(isinstance(inner, ast.Continue) for inner in ast.walk(node))
        if not simple or loops or not isinstance(node.target, ast.Name):
            return node
        assert isinstance(call, ast.Call)
        name = node.target.id
        test = ast.Compare(ast.Name(name, ast.Load()), [ast.Lt()], [call.args[0]])
        step = ast.AugAssign(ast.Name(name, ast.Store()), ast.Add(), ast.Constant(1))
        start = ast.Assign([ast.Name(name, ast.Store())], ast.Constant(0), lineno=0)
        return [start, ast.While(test, [*node.body, step], [])]


class _Negate(ast.NodeTransformer):
    """The branches of `if … else …` exchanged."""

    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        if not node.orelse:
            return node
        return ast.If(ast.UnaryOp(ast.Not(), node.test), node.orelse, node.body)


class _Named(ast.NodeTransformer):
    """Each returned expression gets a name first."""

    def visit_Return(self, node: ast.Return) -> ast.AST | list[ast.stmt]:
        if node.value is None or isinstance(node.value, ast.Name | ast.Tuple):
            return node
        return [ast.Assign([ast.Name("answer", ast.Store())], node.value, lineno=0), ast.Return(ast.Name("answer", ast.Load()))]


def _rewritten(*changes: ast.NodeTransformer) -> Callable[[str], str]:
    def copy(source: str) -> str:
        tree = ast.parse(source)
        for change in changes:
            tree = change.visit(tree)
        return ast.unparse(ast.fix_missing_locations(tree)) + "\n"

    return copy


def _reordered(source: str) -> str:
    """Functions in another order, and neighbouring assignments exchanged where neither uses the other."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            body = node.body
            for place in range(1, len(body) - 1, 2):
                one, two = body[place], body[place + 1]
                if isinstance(one, ast.Assign) and isinstance(two, ast.Assign):
                    names = [{name.id for name in ast.walk(item) if isinstance(name, ast.Name)} - {"np"} for item in (one, two)]
                    if not names[0] & names[1]:
                        body[place], body[place + 1] = two, one
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    others = [node for node in tree.body if node not in functions]
    return ast.unparse(ast.fix_missing_locations(ast.Module([*others, *reversed(functions)], [])))


def _half(source: str) -> str:
    """Only the longer half of the functions is copied; the others are not written."""
    tree = ast.parse(source)
    functions = sorted(
        (node for node in tree.body if isinstance(node, ast.FunctionDef)), key=lambda node: -len(ast.unparse(node))
    )
    for node in functions[len(functions) // 2 + len(functions) % 2 :]:
        node.body = [ast.Raise(ast.Call(ast.Name("NotImplementedError", ast.Load()), [], []))]
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


COPIES: Mapping[str, Callable[[str], str]] = {
    "as it is": lambda source: source,
    "reformatted": _rewritten(),
    "commented": lambda source: re.sub(r"(?m)^( +)(return|for|if)\b", r"\1# now the next step\n\1\2", source),
    "renamed": _rewritten(_Rename()),
    "reordered": _reordered,
    "loops": _rewritten(_Unroll()),
    "branches": _rewritten(_Negate(), _Named()),
    "half": _half,
    "all of it": lambda source: _reordered(_rewritten(_Rename(), _Unroll(), _Negate(), _Named())(source)),
}


def honest(topic: str) -> Iterator[tuple[str, str]]:
    """Submissions by different people, by name."""
    for file in sorted((ROOT / "examples" / "class").glob(f"*/{topic}/{topic}.py")):
        yield file.parts[-3], _text(file.read_bytes())
    for packed in sorted((ROOT / "examples" / "class").glob(f"*/{topic}.zip")):
        with zipfile.ZipFile(packed) as members:
            yield packed.parent.name, _text(members.read(next(name for name in members.namelist() if name.endswith(".py"))))
    for file in sorted((ROOT / "tests" / "submissions" / topic / "accepted").glob("*.py")):
        yield file.stem, file.read_text()


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def written(folder: Path, topics: Iterable[str]) -> None:
    """Write the set: DIR/<topic>/<name>.py, and DIR/<topic>/<name>~<copy>.py."""
    stub_lines = {topic: {line.strip() for line in stub(topic).splitlines()} for topic in topics}
    for topic in topics:
        (folder / topic).mkdir(parents=True, exist_ok=True)
        for name, source in honest(topic):
            try:
                ast.parse(source)
            except (SyntaxError, ValueError):
                continue
            if sum(line.strip() not in stub_lines[topic] for line in source.splitlines()) < 10:
                continue  # the stub as it was given
            (folder / topic / f"{name}.py").write_text(source)
            for kind, copy in COPIES.items():
                (folder / topic / f"{name}{COPY}{kind.replace(' ', '_')}.py").write_text(copy(source))


def stub(topic: str) -> str:
    """What every student was given."""
    return (ROOT / "assignments" / topic / f"{topic}.py").read_text()


def classes(folder: Path, topic: str) -> Iterator[tuple[str, list[Path]]]:
    """For each way of copying a class: all honest submissions, and a third of them copied."""
    names = sorted(path.stem for path in (folder / topic).glob("*.py") if COPY not in path.stem)
    for kind in COPIES:
        chosen = random.Random(kind).sample(names, len(names) // 3)
        files = [folder / topic / f"{name}.py" for name in names]
        yield kind, files + [folder / topic / f"{name}{COPY}{kind.replace(' ', '_')}.py" for name in chosen]


def ours(topic: str, files: Iterable[Path]) -> dict[frozenset[str], bool]:
    """The pairs that `grader similar` shows."""
    prints = {file.stem: prints_of(tokens_of(file.read_text())) for file in files}
    others = [prints_of(tokens_of((ROOT / "solutions" / f"{topic}.py").read_text()))]
    return {frozenset((pair.first, pair.second)): True for pair in pairs(prints, [prints_of(tokens_of(stub(topic)))], others)}


def main() -> None:
    """Print a row for each way of copying."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--topics", nargs="+", default=TOPICS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        written(folder, options.topics)
        print(f"share ≥ {SHARE}, evidence ≥ {EVIDENCE}")
        print(f"{'copied':12} {'pairs':>6} {'found':>6} {'false':>6} of {'honest pairs':>6}")
        for kind in COPIES:
            right = found_right = false = wrong = 0
            for topic in options.topics:
                files = dict(classes(folder, topic))[kind]
                found = ours(topic, files)
                for one, two in itertools.combinations([file.stem for file in files], 2):
                    is_copy = one.partition(COPY)[0] == two.partition(COPY)[0]
                    hit = found.get(frozenset((one, two)), False)
                    right += is_copy
                    found_right += is_copy and hit
                    wrong += not is_copy
                    if hit and not is_copy:
                        false += 1
                        print("   false:", topic, one, two)
            print(f"{kind:12} {right:6} {found_right:6} {false:6} of {wrong:6}")


if __name__ == "__main__":
    main()
