"""What a file is by its name."""

from __future__ import annotations

import pytest

from gradcheck.submission.kinds import kind, stem


@pytest.mark.parametrize(
    ("name", "of", "plain"),
    [
        ("two_layer.py", ".py", "two_layer"),
        ("Two_Layer.PY", ".py", "Two_Layer"),
        ("two_layer.py.txt", ".py", "two_layer"),
        ("lab.ipynb", ".ipynb", "lab"),
        ("lab.ipynb.json", ".ipynb", "lab"),
        ("lab (1).ipynb.TXT", ".ipynb", "lab (1)"),
        ("lab.json", "", "lab"),
        ("notes.txt", "", "notes"),
        ("a.b.tex", "", "a.b"),
        ("work", "", "work"),
    ],
)
def test_what_browsers_add_does_not_matter(name: str, of: str, plain: str) -> None:
    """Nor does upper case."""
    assert (kind(name), stem(name)) == (of, plain)
