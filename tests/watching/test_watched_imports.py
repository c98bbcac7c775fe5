"""Which files a file imports, from its text alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradcheck.watching.imports import imported

FILES = ["a.py", "b.py", "pack/__init__.py", "pack/c.py", "pack/deep/__init__.py", "pack/deep/d.py"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import a", {"a.py"}),
        ("import numpy as np, a as x, b", {"a.py", "b.py"}),
        ("from a import f", {"a.py"}),
        ("from pack import c", {"pack/__init__.py", "pack/c.py"}),
        ("import pack.deep.d", {"pack/__init__.py", "pack/deep/__init__.py", "pack/deep/d.py"}),
        ("from pack import (\n    c,\n    deep as e,\n)", {*FILES[2:5]}),
        ("def f():\n    from a import x", {"a.py"}),
        ("from . import a, b", {"a.py", "b.py"}),
        ("from .a import *", {"a.py"}),
        ('{"source": ["import numpy\\n",\n  "import a\\n"]}', {"a.py"}),
        ("def broken(:\n  import a", {"a.py"}),
        ("# import a\ntext = 'import b'", set()),
        ("import os, nowhere", set()),
        ("from .... import not_there", set()),
        ("", set()),
    ],
)  # fmt: skip
def test_what_is_found(text: str, found: set[str], tmp_path: Path) -> None:
    """In the folder, wherever the import stands; what is installed is none."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    file = tmp_path / "main.py"
    file.write_text(text, encoding="utf-8")
    assert {path.relative_to(tmp_path).as_posix() for path in imported(file, [tmp_path])} == found


def test_imports_of_imports(tmp_path: Path) -> None:
    """Also in a circle, and of a file that isn't there."""
    (tmp_path / "a.py").write_text("import b", encoding="utf-8")
    (tmp_path / "b.py").write_text("import a, main", encoding="utf-8")
    file = tmp_path / "main.py"
    file.write_text("import a", encoding="utf-8")
    assert {path.name for path in imported(file, [tmp_path])} == {"a.py", "b.py"}
    assert imported(tmp_path / "nowhere.py", [tmp_path]) == set()
