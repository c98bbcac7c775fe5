"""Who imports whom: the table in docs/architecture.md, and nothing besides."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "harness" / "gradcheck"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
FACES = {"commands", "entry", "cli", "pytest_plugin", "pytest_items", "api", "magic", "__init__", "__main__"}
RENDERERS = FACES | {"report"}
BESIDE_RENDERERS = RENDERERS | {"formats", "grading"}


def table() -> dict[str, set[str]]:
    """Package -> those that it may import, by the page."""
    allowed: dict[str, set[str]] = {}
    for row in re.findall(
        r"^\| (`.*) \|$", PAGE.partition("| package |")[2].partition("\n\n")[0], re.MULTILINE
    ):
        several, _, imports, _ = row.split(" |")
        for name in re.findall(r"`(\w+)(?:/|\.py)`", several):
            allowed[name] = set(re.findall(r"`(\w+)`", imports)) - {name}
    return allowed


def imported(path: Path) -> Iterator[str]:
    """The packages that a file imports when it is run; what only types need is not."""
    for node in statements(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "gradcheck":
            yield from (alias.name for alias in node.names if not alias.name.startswith("__"))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gradcheck."):
            yield (node.module or "").split(".")[1]
        elif isinstance(node, ast.Import):
            yield from (a.name.split(".")[1] for a in node.names if a.name.startswith("gradcheck."))


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """All statements, but for those under `if TYPE_CHECKING`."""
    for part in ("body", "orelse", "handlers", "finalbody", "cases"):
        for inner in getattr(node, part, ()):
            if not (isinstance(inner, ast.If) and ast.unparse(inner.test) == "TYPE_CHECKING"):
                yield inner
                yield from statements(inner)


def package_of(path: Path) -> str:
    """A folder of the package, or a file beside them."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def imports() -> dict[str, set[str]]:
    """Package -> those that it imports."""
    found: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        found.setdefault(package_of(path), set()).update(set(imported(path)) - {package_of(path)})
    return found


PACKAGES = {package_of(path) for path in PACKAGE.rglob("*.py")}
ALLOWED = table()


def test_every_package_has_a_row() -> None:
    assert ALLOWED.keys() | {"__init__", "__main__"} == PACKAGES


@pytest.mark.slow
@pytest.mark.parametrize("package", sorted(PACKAGES - FACES))
def test_a_package_imports_what_its_row_lists(package: str) -> None:
    assert imports()[package] <= ALLOWED[package], "see the table in docs/architecture.md"


UNREAD = {
    "derivation", "diagnosis", "edits", "layers", "losses", "mistakes", "network", "oracle", "quantity",
    "verdict",
}  # fmt: skip
"""Packages that read no names: those are texts to the readers of specs, formulas and code alone."""
CUTS = {
    "startswith", "endswith", "removeprefix", "removesuffix", "partition", "rpartition", "split",
    "strip", "lstrip", "rstrip", "replace", "isdigit",
}  # fmt: skip


def cuts(text: str) -> list[str]:
    """Where something that is called a name is taken apart, by a method or an index."""
    found = []
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in CUTS:
                of = value
            case ast.Subscript(value=value, slice=ast.Slice() | ast.UnaryOp() | ast.Constant(value=int())):
                of = value
            case _:
                continue
        called = of.id if isinstance(of, ast.Name) else of.attr if isinstance(of, ast.Attribute) else ""
        if called in ("name", "letter", "axis", "equation", "quantity", "gradient"):
            found.append(ast.unparse(node))
    return found


@pytest.mark.parametrize("package", sorted(UNREAD))
def test_no_name_is_cut(package: str) -> None:
    """What a quantity is, `quantity.py` says."""
    for path in PACKAGE.rglob("*.py"):
        if package_of(path) == package:
            assert not cuts(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("text", ["name[1:]", "one.name[-1]", "letter[0]", "a.name.split(1)"])
def test_cuts_are_seen(text: str) -> None:
    assert cuts(text) == [text]


def test_the_table_has_no_cycle() -> None:
    """Of packages each stands above those that it imports."""
    TopologicalSorter(ALLOWED).prepare()


def test_the_core_imports_no_renderer() -> None:
    for package in ALLOWED.keys() - BESIDE_RENDERERS:
        assert not ALLOWED[package] & RENDERERS, package


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import gradcheck.report.text", ["report"]),
        ("from gradcheck.report import text", ["report"]),
        ("from gradcheck import report, __version__", ["report"]),
        ("def f():\n    from gradcheck.report.text import x", ["report"]),
        ("if TYPE_CHECKING:\n    from gradcheck.report import text", []),
        ("import gradcheckers.report", []),
    ],
)
def test_imports_are_seen(text: str, expected: list[str], tmp_path: Path) -> None:
    """Wherever they stand, but for those that only types need."""
    path = tmp_path / "file.py"
    path.write_text(text, encoding="utf-8")
    assert list(imported(path)) == expected
