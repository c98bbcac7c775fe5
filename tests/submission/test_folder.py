"""A submission's folder, and what its files import from each other."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradcheck.checker import Checker
from gradcheck.submission.find import at
from gradcheck.submission.here import run_here
from gradcheck.submission.protection import Form
from gradcheck.submission.records import Call, Code, Failure
from gradcheck.submission.runner import Runner

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "specs" / "two_layer.yaml"
RIGHT = (ROOT / "submissions" / "right" / "two_layer.py").read_text(encoding="utf-8")
FORMS: list[Form] = ["light", "full"]

FOLDERS = {
    "a neighbour": {"layers.py": RIGHT, "two_layer.py": "from layers import backprop"},
    "a relative neighbour": {"layers.py": RIGHT, "two_layer.py": "from .layers import backprop"},
    "a package": {"__init__.py": "", "layers.py": RIGHT, "two_layer.py": "from .layers import backprop"},
    "what __init__.py imports": {
        "__init__.py": "from .layers import backprop",
        "layers.py": RIGHT,
        "two_layer.py": "from . import backprop",
    },
    "the folder's name at home": {"layers.py": RIGHT, "two_layer.py": "from hw1.layers import backprop"},
    "a module of that": {
        "layers.py": RIGHT,
        "two_layer.py": "from hw1 import layers\nbackprop = layers.backprop",
    },
    "a module of that by its name": {
        "layers.py": RIGHT,
        "two_layer.py": "import hw1.layers as l\nbackprop = l.backprop",
    },
    "that name in a neighbour": {
        "layers.py": "from hw1.deep import backprop",
        "deep.py": RIGHT,
        "two_layer.py": "from layers import backprop",
    },
    "a folder in the folder": {
        "hw1/layers.py": RIGHT,
        "hw1/two_layer.py": "from hw1.layers import backprop",
    },
    "beside a file further in": {"src/layers.py": RIGHT, "src/two_layer.py": "from layers import backprop"},
    "above a file further in": {
        "cs/layers.py": RIGHT,
        "cs/classes/two_layer.py": "from ..layers import backprop",
    },
    "from the top": {
        "cs/layers.py": RIGHT,
        "cs/classes/two_layer.py": "from cs.layers import *",
    },
    "no name of a package": {
        "hw 1.2 (3)/layers.py": RIGHT,
        "hw 1.2 (3)/two_layer.py": "from .layers import backprop",
    },
    "a path of its own": {
        "a/common/layers.py": RIGHT,
        "a/src/two_layer.py": "import os, sys\n"
        "sys.path.append(os.path.join(os.path.dirname(__file__), '..'))\n"
        "from common.layers import backprop",
    },
    "a file beside it": {
        "src/rate.txt": "1.0",
        "src/two_layer.py": f"rate = float(open('rate.txt').read())\n{RIGHT}",
    },
}


@pytest.fixture(scope="module", params=FORMS)
def checker(request: pytest.FixtureRequest) -> Iterator[Checker]:
    with Runner(request.param) as runner:
        if request.param == "full" and not runner.protection.sound:
            pytest.skip(str(runner.protection))
        yield Checker(runner)


@pytest.mark.slow
@pytest.mark.parametrize("files", FOLDERS.values(), ids=FOLDERS)
def test_a_folder_s_files_import_each_other(files: dict[str, str], tmp_path: Path, checker: Checker) -> None:
    """However they name each other, and whatever the folder is called that is handed in."""
    folder = tmp_path / "anna"
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    verdict = checker.check(at(folder), SPEC)
    assert verdict.status == "right", verdict.failure
    assert all(note.endswith("is taken for two_layer.py") for note in verdict.notes)


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    """Neither the folder under some name, nor a module of it."""
    (tmp_path / "gradcheck_part.py").write_text("n = 1.0")
    text = "from hw1.gradcheck_part import n"
    (tmp_path / "anna.py").write_text(text)
    code = Code(text, "anna.py", str(tmp_path), "dW = n", "a.yaml", 1)
    before = list(sys.path), list(sys.meta_path)
    with_it = set(sys.modules)
    (result,) = run_here(code, [Call({}, ("dW",))]).results
    assert not isinstance(result, Failure)
    assert (sys.path, sys.meta_path) == before
    assert not {name for name in set(sys.modules) - with_it if name.startswith(("hw1", "gradcheck_part"))}


def test_a_package_that_nobody_has_is_missing(tmp_path: Path) -> None:
    """The folder stands for no name under which none of its files is imported."""
    (tmp_path / "layers.py").write_text("n = 1.0")
    code = Code("from other.parts import n\nn()", "anna.py", str(tmp_path), "dW = f()", "a.yaml", 1)
    (result,) = run_here(code, [Call({}, ("dW",))]).results
    assert isinstance(result, Failure)
    assert result.message == "ModuleNotFoundError: No module named 'other'"


def test_a_traceback_shows_a_nested_module_by_its_path(tmp_path: Path) -> None:
    """By its path in the submission."""
    (tmp_path / "hw1").mkdir()
    (tmp_path / "hw1" / "deep.py").write_text("def f(): return 1 / 0")
    (tmp_path / "hw1" / "main.py").touch()
    inner = "hw1/main.py"
    code = Code("from .deep import f", f"anna/{inner}", str(tmp_path), "dW = f()", "a.yaml", 1, inner)
    (result,) = run_here(code, [Call({}, ("dW",))]).results
    assert isinstance(result, Failure)
    assert '  File "anna/hw1/deep.py", line 1, in f' in result.trace
