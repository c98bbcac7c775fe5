"""A class to grade: honest submissions for the shipped specs, right and wrong, and hostile ones among them.

    python benchmarks/class_of.py FOLDER [HONEST] [HOSTILE]

Without numbers there are 937 honest and 63 hostile ones. The same numbers give the same class; an honest
submission is the same whatever else there is.
"""

from __future__ import annotations

import ast
import itertools
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

from gradcheck.specification.read import read

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests" / "attacks"))

from attack import Attack  # noqa: E402
from catalogue import ATTACKS  # noqa: E402

_WRONG = 0.3
"""How often an honest student's file is one of the wrong ones."""
_MISSING = 0.02
_SUFFIXES = ("_", "2", "_now", "_of", "_s", "_value", "_k", "0")
_NOBODY = (1 << 22) + 1
"""More than any process's number on Linux."""
_BY_LOOPS = """
def by_loops(A, B):
    if np.ndim(A) != 2 or np.ndim(B) != 2:
        return A @ B
    C = np.zeros((A.shape[0], B.shape[1]))
    for i in range(A.shape[0]):
        for j in range(B.shape[1]):
            for k in range(A.shape[1]):
                C[i, j] += A[i, k] * B[k, j]
    return C
"""


def main(folder: Path, honest: int = 937, hostile: int = 63) -> None:
    """Write the class into `folder`, which must not exist."""
    texts = _shipped()
    folder.mkdir(parents=True)
    for number in range(honest):
        _write(folder / f"{number:05d}", _honest(texts, Random(f"honest {number}")))
    traps = _traps(folder / ".traps")
    runs = {name: text for name, text in _runs().items() if name in texts}
    for number, attack in enumerate(itertools.islice(itertools.cycle(_mixed(ATTACKS)), hostile)):
        place = number * max(honest, 1) // hostile
        files = {
            name: attack.submission(texts[name][-1], run, {**traps, "own": name})
            for name, run in runs.items()
        }
        _write(folder / f"{place:05d}x-{number:03d}-{attack.name}", files)


def _shipped() -> dict[str, list[str]]:
    """Every file that a spec asks for -> the submissions there are: the right one, then wrong ones."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "submissions").glob("*/*.py"), key=lambda path: path.parent.name != "right"):
        found.setdefault(path.name, []).append(path.read_text("utf-8"))
    return found


def _runs() -> dict[str, str]:
    """The file that a spec asks for -> how it calls it."""
    specs = [read(path) for path in sorted((ROOT / "specs").glob("*.yaml"))]
    return {spec.contract.file: spec.contract.run for spec in specs}


def _mixed(attacks: Sequence[Attack]) -> list[Attack]:
    attacks = list(attacks)
    Random("hostile").shuffle(attacks)
    return attacks


def _honest(texts: dict[str, list[str]], random: Random) -> dict[str, str]:
    """One student's files: each a variation of the right one, or of one that is wrong, or missing."""
    files = {}
    for name, (right, *wrong) in texts.items():
        if random.random() >= _MISSING:
            files[name] = _varied(random.choice(wrong) if random.random() < _WRONG else right, random)
    return files


def _varied(text: str, random: Random) -> str:
    """The same mathematics in other words: names, algebra, products by loops, single precision."""
    tree = ast.parse(text)
    style = random.choice(["@", "np.dot", "np.matmul", "by_loops"])
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        _Renamed(function, random).visit(function)
    tree = _Algebra(style, random.random() < 0.5, random.random() < 0.5).visit(tree)
    if random.random() < 0.1:
        tree = _Single().visit(tree)
    written = ast.unparse(ast.fix_missing_locations(tree))
    helper = _BY_LOOPS if style == "by_loops" else ""
    return f"# variation {random.randrange(1 << 30)}\nimport numpy as np\n{helper}\n{written}\n"


class _Renamed(ast.NodeTransformer):
    """A function's own variables get other names; its parameters keep theirs, which callers may use."""

    def __init__(self, function: ast.FunctionDef, random: Random) -> None:
        names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
        taken = {node.id for node in names} | {argument.arg for argument in function.args.args}
        own = sorted({node.id for node in names if isinstance(node.ctx, ast.Store)})
        self._names: dict[str, str] = {}
        for name in own:
            new = name + random.choice(_SUFFIXES)
            if new not in taken and name not in {argument.arg for argument in function.args.args}:
                self._names[name] = new
                taken.add(new)

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self._names.get(node.id, node.id)
        return node


class _Algebra(ast.NodeTransformer):
    """A @ B as a call, a * (1 - a) as a - a², 1 / (1 + exp(-z)) by the hyperbolic tangent."""

    def __init__(self, product: str, squares: bool, tanh: bool) -> None:
        self._product, self._squares, self._tanh = product, squares, tanh

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        match ast.unparse(node), node:
            case "1 / (1 + np.exp(-z))", _ if self._tanh:
                return _expression("(1 + np.tanh(z / 2)) / 2")
            case _, ast.BinOp(
                ast.Name(a), ast.Mult(), ast.BinOp(ast.Constant(1), ast.Sub(), ast.Name(b))
            ) if a == b and self._squares:
                return _expression(f"{a} - {a} ** 2")
            case _, ast.BinOp(
                ast.BinOp(factor, ast.Mult(), ast.Name(a)),
                ast.Mult(),
                ast.BinOp(ast.Constant(1), ast.Sub(), ast.Name(b)),
            ) if a == b and self._squares:
                return ast.BinOp(factor, ast.Mult(), _expression(f"{a} - {a} ** 2"))
            case _, ast.BinOp(left, ast.MatMult(), right) if self._product != "@":
                return ast.Call(_expression(self._product), [left, right], [])
        return node


class _Single(ast.NodeTransformer):
    """What a backward pass returns is rounded to single precision."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        return node if node.name.endswith("forward") else self._visited(node)

    def visit_Return(self, node: ast.Return) -> ast.Return:
        if isinstance(node.value, ast.Tuple):
            node.value = _expression(f"tuple(np.float32(a) for a in {ast.unparse(node.value)})")
        return node

    def _visited(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        return node


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _traps(folder: Path) -> dict[str, object]:
    """Things to steal and to break; the attacks leave all else alone, even where nothing holds them."""
    folder.mkdir()
    for name in ("secret", "results"):
        (folder / name).write_text("this must neither be read nor changed\n", "utf-8")
        (folder / name).chmod(0o666)
    paths = {name: str(folder / name) for name in ("secret", "results", "specs", "cache", "kept", "unix")}
    return paths | {
        "folder": str(folder),
        "neighbour": str(folder.parent / "00000" / "two_layer.py"),
        "places": [],
        "mark": "gradcheck-attack",
        "abstract": "gradcheck-attack",
        "sentinel": _NOBODY,
        "grader": _NOBODY,
        "tcp": 9,
        "udp": 9,
    }


def _write(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
