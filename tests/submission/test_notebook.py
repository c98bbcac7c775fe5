"""Notebooks as submissions: their code cells in order, without what only IPython understands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gradcheck.checker import Checker
from gradcheck.cli import main
from gradcheck.submission.cells import cell_of, python
from gradcheck.submission.decode import NoCodeError
from gradcheck.submission.find import find, source, submissions
from gradcheck.submission.notebook import code
from gradcheck.submission.wanted import Wanted
from gradcheck.verdict.records import Verdict

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "specs" / "two_layer.yaml"
RIGHT = (ROOT / "submissions" / "right" / "two_layer.py").read_text(encoding="utf-8")


def cell(source: str, kind: str = "code", **metadata: Any) -> dict[str, Any]:
    """A cell, its lines as Jupyter stores them."""
    return {"cell_type": kind, "metadata": metadata, "source": source.splitlines(keepends=True)}


def notebook(*cells: dict[str, Any]) -> str:
    """A notebook's file."""
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)})


@pytest.fixture(scope="module")
def checker() -> Iterator[Checker]:
    with Checker() as checker:
        yield checker


def judged(checker: Checker, path: Path, text: str, inner: str = "") -> Verdict:
    """The verdict on a notebook with that text, or on a folder with that file."""
    (path / inner if inner else path).write_text(text, encoding="utf-8")
    return checker.check(find(path.parent, path.name), SPEC)


def test_a_cell_that_is_no_python_costs_itself(tmp_path: Path, checker: Checker) -> None:
    """Where the function stands in another, before it or behind; else it is the syntax error that it is."""
    broken = cell("x = 1\nto do: the rest\n")
    for cells in ([broken, cell(RIGHT)], [cell(RIGHT), broken]):
        verdict = judged(checker, tmp_path / "two_layer.ipynb", notebook(*cells, cell("print(x)")))
        assert verdict.status == "right"
        (note,) = verdict.notes
        place = f"two_layer.ipynb:cell {cells.index(broken) + 1}:2"
        assert note.startswith(f"{place}: SyntaxError: invalid syntax; of what follows")
        assert note.endswith("(left out: cell 3:1)")
    verdict = judged(checker, tmp_path / "two_layer.ipynb", notebook(cell("import numpy"), broken))
    assert verdict.failure is not None
    assert (verdict.failure.kind, str(verdict.failure.where)) == ("syntax", "two_layer.ipynb:cell 2:2")


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("%matplotlib inline\nimport numpy as np", ""),
        ("!pip install numpy", "!ls"),
        ("%%time\nimport numpy as np", ""),
        ("%%writefile layers.py\nimport numpy as np", "%%writefile notes.txt\nno Python"),
        ("%%bash\nrm -rf everything", "%%html\n<b>no Python</b>"),
        ("%load_ext autoreload\n%autoreload 2", "np.dot?"),
        ("files = !ls\nif files:\n    !rm *", "?np.sum"),
        ("x = (7\n % 4)", "print('100 %')"),
        ('"""\n%time in a text\n"""', ""),
        (
            "if True:\n    !pip install numpy \\\n      scipy\n",
            "try:\n    import nowhere\nexcept ImportError:\n    %pip install it",
        ),
        ("x = 1", "from __future__ import division"),
        (
            "import asyncio\nawait asyncio.sleep(0)\nx = await f()",
            "from __future__ import annotations, division  # both",
        ),
        ("get_ipython().run_line_magic('matplotlib', 'inline')", "display(3)"),
    ],
)
def test_a_notebook_is_judged_as_it_is(before: str, behind: str, tmp_path: Path, checker: Checker) -> None:
    """Whatever IPython's own lines are around it."""
    text = notebook(cell("# Title", "markdown"), cell(before), cell(RIGHT), cell(behind))
    assert judged(checker, tmp_path / "anna.ipynb", text).status == "right"


def test_a_file_with_lines_of_ipython_says_so(tmp_path: Path, checker: Checker) -> None:
    """They are left out, as a program that was exported from a notebook has them."""
    text = f"%matplotlib inline\n{RIGHT}!ls\n"
    verdict = judged(checker, tmp_path / "anna.py", text)
    assert verdict.status == "right"
    assert verdict.notes == (f"what only IPython understands is left out (lines 1, {text.count(chr(10))})",)


@pytest.mark.parametrize("name", ["anna.py", "anna.ipynb", "anna.ipynb.json", "anna.IPYNB", "anna.py.txt"])
def test_a_notebook_is_known_by_its_content(name: str, tmp_path: Path, checker: Checker) -> None:
    """Whatever it is called; and so is Python."""
    assert (
        judged(checker, tmp_path / name, notebook(cell(RIGHT), cell("open('nowhere')")))
        .notes[0]
        .startswith(f"{name}:cell 2:1: FileNotFoundError")
    )
    assert judged(checker, tmp_path / name, RIGHT).status == "right"


def test_a_notebook_of_version_3(tmp_path: Path, checker: Checker) -> None:
    """Its cells are in worksheets, and their code is an input."""
    cells = [{"cell_type": "code", "input": RIGHT.splitlines(keepends=True)}, {"cell_type": "heading"}]
    sheets = {"nbformat": 3, "worksheets": [{"cells": cells[:1]}, {"cells": cells[1:]}, 3]}
    assert judged(checker, tmp_path / "anna.ipynb", json.dumps(sheets)).status == "right"


def test_a_notebook_may_run_another(tmp_path: Path, checker: Checker) -> None:
    """Or a file; so what is handed in together belongs together."""
    helper = RIGHT.partition("def backprop")[0]
    backprop = "import numpy as np\ndef backprop" + RIGHT.partition("def backprop")[2]
    for number, (name, text) in enumerate([("helper.py", helper), ("helper.ipynb", notebook(cell(helper)))]):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / name).write_text(text)
        lab = notebook(cell(f"%run ./{name}"), cell(backprop))
        assert judged(checker, folder, lab, "two_layer.ipynb").status == "right"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"cells": [{"cell_type": "co', r"is cut off \(line 1\): save it anew"),
        ('{"cells": [\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> b\n]}', r"contains a merge conflict \(line 2\)"),
        ('{"cells": [1 2]}', r"is damaged \(line 1\): save it anew"),
        ("", "is empty: save it anew"),
        (
            '{"cells": [], "metadata": {"kernelspec": {"language": "R"}}}',
            "is written in r; hand in one in Python",
        ),
    ],
)
def test_what_is_wrong_with_a_notebook(text: str, reason: str) -> None:
    """In words, with the line."""
    with pytest.raises(NoCodeError, match=f"this notebook {reason}"):
        code(text)


def test_a_failure_has_its_cell(tmp_path: Path, checker: Checker) -> None:
    """Cells are counted as in Jupyter, those of text, too."""
    fails = cell("def f():\n    return 1 / 0\n\nf()")
    text = notebook(cell("text", "markdown"), cell("%pylab\nx = 1"), fails)
    verdict = judged(checker, tmp_path / "anna.ipynb", text)
    assert verdict.failure is not None
    assert str(verdict.failure.where) == "anna.ipynb:cell 3:2 in f"
    assert any("cell 3" in line and "line 4" in line for line in verdict.failure.trace)
    assert any("f()" in line for line in verdict.failure.trace)


def test_an_error_of_syntax_has_its_cell(tmp_path: Path, checker: Checker) -> None:
    """As it stands on its line."""
    verdict = judged(checker, tmp_path / "anna.ipynb", notebook(cell("import os"), cell("x = 1\ny = = 2")))
    assert verdict.failure is not None
    assert (verdict.failure.kind, str(verdict.failure.where)) == ("syntax", "anna.ipynb:cell 2:2")


def test_tagged_cells_are_all_that_counts() -> None:
    """Where there are some."""
    text = notebook(cell("train()"), cell("def f(): ...", tags=["gradcheck", "other"]), cell("plot()"))
    assert code(text) == "# %% cell 2\ndef f(): ...\n"


def test_nbgraders_tests_are_left_out() -> None:
    """Solutions are taken, be they graded by hand or not."""
    graded = cell("assert f(1) == 2", nbgrader={"grade": True, "solution": False, "locked": True})
    solution = cell("def f(x): return 2", nbgrader={"grade": False, "solution": True})
    manual = cell("y = 3", nbgrader={"grade": True, "solution": True})
    text = notebook(graded, solution, manual)
    assert code(text) == "# %% cell 2\ndef f(x): return 2\n# %% cell 3\ny = 3\n"


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"cells": 3}', "{" * 100_000, '{"cells": [' * 100_000])
def test_what_is_no_notebook_says_so(text: str) -> None:
    """Never with a traceback."""
    with pytest.raises(NoCodeError, match=r"this notebook is|this is no notebook"):
        code(text)


@pytest.mark.parametrize(
    "cells",
    [
        [3, None, "text"],
        [{"cell_type": "code"}],
        [{"cell_type": "code", "source": {"a": 1}, "metadata": 3}],
        [{"cell_type": "code", "source": [1, None, "x = 1"], "metadata": {"tags": 3, "nbgrader": []}}],
    ],
)
def test_odd_cells_are_no_code(cells: list[Any]) -> None:
    """A file may hold anything."""
    compile(code(json.dumps({"cells": cells})), "hw", "exec")


def test_lines_keep_their_numbers() -> None:
    """An error of the student's own stays, and nothing behind it is touched."""
    text = "%time f()\nx = = 3\n!ls"
    assert python(text) == "pass  # %time f()\nx = = 3\n!ls"
    assert cell_of(["# %% cell 4\n", "a\n", "b\n"], 3) == (4, 2)
    assert cell_of(["a\n"], 1) is None


def test_a_class_with_notebooks(tmp_path: Path) -> None:
    """Code comes before a notebook of its name; a folder's notebook is taken where the file is missing."""
    (tmp_path / "anna.py").write_text("x = 1")
    (tmp_path / "carl").mkdir()
    for name in ("anna.ipynb", "dora.ipynb", "carl/two_layer.ipynb"):
        (tmp_path / name).write_text(notebook(cell("y = 2")))
    found = {one.name: one for one in submissions(tmp_path)}
    assert sorted(found) == ["anna", "carl", "dora"]
    assert source(found["anna"], Wanted("two_layer.py"))[0] == "x = 1"
    for name in ("dora", "carl"):
        text, shown, _ = source(found[name], Wanted("two_layer.py"))
        assert (text, Path(shown).suffix) == ("# %% cell 1\ny = 2\n", ".ipynb")


def test_one_function_of_a_notebook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As of a file."""
    text = notebook(cell("%pylab inline\ndef f(w): return w ** 3"), cell("def df(w): return 3 * w ** 2"))
    (tmp_path / "hw.ipynb").write_text(text)
    assert main([f"{tmp_path / 'hw.ipynb'}:f", "--grad", "df"]) == 0
    assert "right" in capsys.readouterr().out
