"""Files that are called otherwise than the spec has it: taken where only one can be meant, and said so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gradcheck.checker import Checker
from gradcheck.errors import SubmissionError
from gradcheck.submission.find import at, source
from gradcheck.submission.wanted import Wanted

ROOT = Path(__file__).parents[2]
RIGHT = (ROOT / "submissions" / "right" / "two_layer.py").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def checker() -> Iterator[Checker]:
    with Checker() as checker:
        yield checker


@pytest.mark.parametrize(
    "name",
    [
        "two_layer (1).py",
        "Two_Layer.py",
        "two-layer.py",
        "twolayer.py",
        "Copy of two_layer.py",
        "two_layer - Copy.py",
        "two_layer copy 2.py",
        "two layer (2) (1).py",
        "hw1/two_layer.py",
        "hw1/src/Two Layer (3).py",
    ],
)
def test_the_only_file_that_is_called_alike_is_taken(name: str, tmp_path: Path, checker: Checker) -> None:
    """And a note says so."""
    file = tmp_path / "anna" / name
    file.parent.mkdir(parents=True)
    file.write_text(f"import helper\n{RIGHT}", encoding="utf-8")
    (file.parent / "helper.py").write_text("x = 1")
    (tmp_path / "anna" / "__MACOSX").mkdir()
    (tmp_path / "anna" / "__MACOSX" / "two_layer.py").write_text("resources of a Mac")
    verdict = checker.check(at(tmp_path / "anna"), ROOT / "specs" / "two_layer.yaml")
    assert (verdict.status, verdict.notes) == ("right", (f"{name} is taken for two_layer.py",))


def test_of_two_none_is_taken(tmp_path: Path) -> None:
    """They are named."""
    for name in ("two_layer (1).py", "two_layer (2).py"):
        (tmp_path / name).write_text("x = 1")
    with pytest.raises(SubmissionError, match=r"Is it two_layer \(1\)\.py or two_layer \(2\)\.py\?"):
        source(at(tmp_path), Wanted("two_layer.py"))


def test_the_name_itself_comes_first(tmp_path: Path) -> None:
    """Whatever else is there."""
    (tmp_path / "two_layer (1).py").write_text("old = 1")
    (tmp_path / "two_layer.py").write_text("new = 1")
    assert source(at(tmp_path), Wanted("two_layer.py"))[0] == "new = 1"
    assert not at(tmp_path).misnamed(Wanted("two_layer.py"))


@pytest.mark.parametrize("name", ["two_layers.py", "three_layer.py", "two_layer.txt", ".two_layer.py"])
def test_other_names_are_missing(name: str, tmp_path: Path) -> None:
    """What is only near is suggested, and not taken, where it may be for another spec."""
    (tmp_path / name).write_text("x = 1")
    with pytest.raises(SubmissionError, match="there is no such file"):
        source(at(tmp_path), Wanted("two_layer.py", others=[Wanted("net.py")]))


CALL = "dW2, db2, dW3, delta2, delta3 = backprop(x, y, W2, b2, W3)"
HELPER = "import numpy as np\n\ndef sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n"


def chosen(folder: Path, files: dict[str, str], **wanted: Any) -> str:
    """The file that is taken for two_layer.py, or the reason why none is."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    asked = Wanted("two_layer.py", CALL, **wanted)
    try:
        source(at(folder), asked)
    except SubmissionError as error:
        return str(error).partition("the spec asks for it. ")[2]
    return at(folder).inner(asked)


@pytest.mark.parametrize(
    ("files", "file"),
    [
        ({"otto.py": RIGHT}, "otto.py"),
        ({"otto.py": "print 'no Python 3'"}, "otto.py"),
        ({"solution_final_v2 (2).py": RIGHT, "README.md": "hi"}, "solution_final_v2 (2).py"),
        ({"two_layer.py.txt": RIGHT}, "two_layer.py.txt"),
        ({"TWO_LAYER.PY": RIGHT}, "TWO_LAYER.PY"),
        ({"two_layer.txt": RIGHT}, "two_layer.txt"),
        ({"work": RIGHT}, "work"),
        ({"main.py": f"from helpers import sigmoid\n{RIGHT}", "helpers.py": HELPER}, "main.py"),
        ({"train.py": "from net import backprop\n", "net.py": RIGHT}, "net.py"),
        ({"hw.py": RIGHT, "hw.ipynb": "{}"}, "hw.py"),
        ({"code.py": RIGHT, "__init__.py": ""}, "code.py"),
        ({"code.py": RIGHT, "venv/pyvenv.cfg": "", "venv/lib/net.py": RIGHT}, "code.py"),
        ({"src/main.py": RIGHT, "tests/test_main.py": "from main import backprop\n"}, "src/main.py"),
        ({"two_layer (1).py": RIGHT, "old/two_layer.py": HELPER}, "two_layer (1).py"),
        ({"a.py": "backprop = make(3)\n", "b.py": HELPER}, "a.py"),
        ({"a.py": "class backprop:\n    pass\n", "b.py": HELPER}, "a.py"),
        ({"a.py": "def backprop(x, y):\n    pass\n", "b.py": RIGHT}, "b.py"),
        ({"a.py": "def backprop(x, y,  # both\n  *rest, m=(1, 2)):\n    pass\n", "b.py": HELPER}, "a.py"),
    ],
)
def test_the_only_file_that_can_be_meant_is_taken(files: dict[str, str], file: str, tmp_path: Path) -> None:
    """Whatever it is called: the only code, or what defines the function that `run` calls."""
    assert chosen(tmp_path, files) == file


def test_of_several_that_define_the_function_none_is_taken(tmp_path: Path) -> None:
    """They are named; so is what doesn't define it."""
    assert chosen(tmp_path, {"a.py": RIGHT, "b.py": RIGHT}) == "Is it a.py or b.py? Rename it."
    assert chosen(tmp_path / "c", {"c.py": HELPER, "d.py": HELPER}) == (
        "No file defines backprop. There are: c.py, d.py"
    )


def test_the_file_of_another_spec_is_for_that_one(tmp_path: Path) -> None:
    """Whether that spec is checked, too, or lies beside this one."""
    rnn = Wanted("rnn.py", "dW = rnn_backward(x)")
    assert chosen(tmp_path, {"RNN (1).py": RIGHT}, others=[rnn]).startswith("RNN (1).py is for another spec.")
    assert chosen(tmp_path, {}, elsewhere=lambda: {"rnn.py"}).startswith("RNN (1).py is for another spec.")
    assert chosen(tmp_path, {"otto.py": RIGHT}, others=[rnn]) == "otto.py"


def test_each_spec_of_a_run_has_its_file(tmp_path: Path) -> None:
    """Whatever they are called; what is there for none is for none."""
    rnn = (ROOT / "submissions" / "right" / "rnn_layer.py").read_text(encoding="utf-8")
    specs = [ROOT / "specs" / f"{name}.yaml" for name in ("two_layer", "rnn_layer", "conv_layer")]
    (tmp_path / "ex1.py").write_text(RIGHT, encoding="utf-8")
    (tmp_path / "ex2.py").write_text(rnn, encoding="utf-8")
    with Checker(specs=specs) as checker:
        verdicts = list(checker.check_all(at(tmp_path), specs))
    assert [(one.status, one.notes) for one in verdicts[:2]] == [
        ("right", ("ex1.py is taken for two_layer.py",)),
        ("right", ("ex2.py is taken for rnn_layer.py",)),
    ]
    failure = verdicts[2].failure
    assert failure is not None
    assert failure.kind == "missing"
    assert "No file defines conv_backward. There are: ex1.py, ex2.py" in failure.message


def test_a_file_that_two_specs_may_mean_is_for_neither(tmp_path: Path) -> None:
    """Unless the other one's is there."""
    net = Wanted("net.py", CALL)
    assert chosen(tmp_path, {"hw.py": RIGHT}, others=[net]) == (
        "hw.py can be meant for two_layer.py or net.py: rename it to the one that it is"
    )
    assert chosen(tmp_path, {"net.py": RIGHT}, others=[net]) == "hw.py"


def test_a_file_that_has_the_functions_of_two_specs_is_for_both(tmp_path: Path) -> None:
    """As a notebook with all of an exercise sheet is."""
    rnn = Wanted("rnn.py", "dW = rnn_backward(x)")
    text = f"{RIGHT}def rnn_backward(x):\n    return x\n"
    assert chosen(tmp_path, {"sheet.py": text, "helper.py": HELPER}, others=[rnn]) == "sheet.py"


def test_formulas_of_the_right_name_come_before_code_of_another(tmp_path: Path) -> None:
    """A script that plots lies beside them."""
    wanted = Wanted("two_layer.py", CALL, formula=True)
    (tmp_path / "plots.py").write_text(HELPER)
    assert at(tmp_path).paper(wanted) is None
    (tmp_path / "two_layer.tex").write_text("$x$")
    assert at(tmp_path).paper(wanted) == tmp_path / "two_layer.tex"
    (tmp_path / "Two-Layer.py").write_text(RIGHT)
    assert at(tmp_path).paper(wanted) is None


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """It may lead anywhere."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "two_layer.py").write_text("x = 1")
    (tmp_path / "anna").mkdir()
    (tmp_path / "anna" / "hw1").symlink_to(tmp_path / "other")
    with pytest.raises(SubmissionError, match="there is no such file"):
        source(at(tmp_path / "anna"), Wanted("two_layer.py"))
