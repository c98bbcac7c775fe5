"""What the specs of a folder ask for."""

from __future__ import annotations

from pathlib import Path

from gradcheck.specification.neighbours import files_beside


def test_the_files_that_specs_ask_for(tmp_path: Path) -> None:
    """Named, or called like the spec; a spec may be wrong otherwise."""
    texts = {
        "a.yaml": "submission:\n  file: net.py   # the net\n  run: |\n    x = 1\n",
        "b.yml": 'submission: {file: "lab 2.py", seconds: 3}\n',
        "c.yaml": "submission: [\n",
        "d.txt": "submission:\n  file: other.py\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    assert files_beside(tmp_path / "a.yaml") == {"net.py", "lab 2.py", "c.py"}
    assert files_beside(tmp_path / "nowhere" / "a.yaml") == frozenset()
