"""The documents are true: what they list is what there is."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from gradcheck.cli import main
from gradcheck.commands.prompt import HELP
from gradcheck.expr import reader
from gradcheck.expr.arithmetic import MAX_EXPONENT
from gradcheck.expr.registry import CALLED, MOVING, OPERATORS, OVER
from gradcheck.expr.structure import Rename
from gradcheck.formulas.commands import DISPLAYS
from gradcheck.formulas.macros import BUILT_IN, DEFINING
from gradcheck.function.point import FUNCTIONS
from gradcheck.layers import LAYERS
from gradcheck.layers.activation import OPTIONS
from gradcheck.losses import LOSSES, OUTCOMES
from gradcheck.network.text import MAX_LENGTH, MAX_LINES
from gradcheck.specification.language import CaseText, Sheet, Submission
from gradcheck.specification.network_language import Equations, LayerOfEquations, Layers, Quantity
from gradcheck.specification.read import parse
from gradcheck.specification.shipped import NOTATIONS, shipped
from stack_contract import draw_layer

ROOT = Path(__file__).parent.parent
SPECS = (ROOT / "docs" / "specs.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*OPTIONS, *LOSSES, *LAYERS, *NOTATIONS])
def test_every_name_is_in_the_guide(name: str) -> None:
    """The guide to specs names every activation, loss, layer and notation."""
    assert f"`{name}`" in SPECS


@pytest.mark.parametrize("kind", LAYERS)
def test_every_layer_is_in_the_table(kind: str) -> None:
    """With its options, their defaults, and its parameters with as many axes as they have."""
    cells = re.search(rf"^\| `{kind}` \|(.*)\|$", SPECS, re.MULTILINE)
    assert cells
    options, _, parameters, _ = cells[1].split("|")
    written = re.findall(r"`(\w+)`(?: \(`?([\w.-]+|the size)`?\))?", options)
    assert written == [(one.name, _default(one)) for one in fields(LAYERS[kind])]
    stack = draw_layer(LAYERS[kind], np.random.default_rng(0)).stack
    last = [
        one for one in map(stack.quantities.__getitem__, stack.parameters) if one.layer == len(stack.layers)
    ]
    of_one_gate = [one for one in last if kind != "lstm" or one.base.endswith("i")]
    shapes = {letter: axes.count(",") + 1 for letter, axes in re.findall(r"`(\w+)` \(([^)]*)\)", parameters)}
    assert shapes.items() >= {one.base: len(stack.parameters[one.name]) for one in of_one_gate}.items()


def _default(option: Any) -> str:
    """As the table has it."""
    if option.default is MISSING:
        return ""
    if option.default is None:
        return "the size"
    if isinstance(option.default, bool):
        return str(option.default).lower()
    return str(getattr(option.default, "name", option.default))


EQUATIONS = SPECS.partition("## Equations")[2].partition("## Layers")[0]


@pytest.mark.parametrize("name", [*CALLED, *OVER, *OPERATORS])
def test_every_operation_is_in_the_guide(name: str) -> None:
    """The guide to equations names every function and operator."""
    assert re.search(rf"`[^`\n]*(?<!\w){re.escape(name)}(?!\w)[^`\n]*`", EQUATIONS)


@pytest.mark.parametrize("form", [*(operation.form for operation in MOVING.values()), Rename.form])
def test_every_way_to_move_entries_is_in_the_guide(form: str) -> None:
    """The guide to equations shows how each of them is called."""
    assert f"`{form}`" in EQUATIONS


@pytest.mark.parametrize(
    "limit",
    [
        f"{reader.MAX_LENGTH:,} characters",
        f"{reader.MAX_OPERATORS} operators",
        f"{reader.MAX_DEPTH} levels",
        f"{MAX_LENGTH:,} characters",
        f"{MAX_LINES} lines",
        f"exponent is {MAX_EXPONENT} at most",
    ],
)
def test_every_limit_of_equations_is_in_the_guide(limit: str) -> None:
    """The guide to equations says how long they may be."""
    assert limit in EQUATIONS


@pytest.mark.parametrize(
    "key",
    sorted(
        {
            key
            for model in (Sheet, Layers, LayerOfEquations, Equations, Quantity, Submission, CaseText)
            for key in model.model_fields
        }
    ),
)
def test_every_key_is_in_the_guide(key: str) -> None:
    """The guide to specs names every key."""
    assert re.search(rf"\b{key}\b", SPECS)


@pytest.mark.parametrize("kind", [*OUTCOMES, "labels"])
def test_every_kind_of_targets_is_in_the_guide(kind: str) -> None:
    """The guide to specs explains what y can be drawn from."""
    assert re.search(rf"^\|.*`{kind}`.*\|.*\|$", SPECS.partition("### Targets")[2], re.MULTILINE)


@pytest.mark.parametrize("name", NOTATIONS)
def test_the_letters_of_inputs_are_in_the_guide(name: str) -> None:
    """Whether a notation writes x or X, y or Y, stands in the table."""
    letters = shipped(name)["letters"]
    (row,) = re.findall(rf"^\| `{name}` \|.*$", SPECS, re.MULTILINE)
    assert f"| `{letters['x']}`, `{letters['y']}` |" in row


@pytest.mark.parametrize("name", [*FUNCTIONS, "randn", "rand"])
def test_every_function_of_a_point_is_in_the_guide(name: str) -> None:
    """The guide to functions names everything that --at may call."""
    assert f"`{name}`" in (ROOT / "docs" / "functions.md").read_text(encoding="utf-8")


FORMULAS = (ROOT / "docs" / "formulas.md").read_text(encoding="utf-8")


def test_every_option_of_formulas_is_in_their_guide(capsys: pytest.CaptureFixture[str]) -> None:
    """And every format."""
    with pytest.raises(SystemExit):
        main(["formula", "--help"])
    usage = capsys.readouterr().out.partition("\n\n")[0]
    options = FORMULAS.partition("## Options")[2].partition("\n## ")[0]
    for option in re.findall(r"--[a-z]+", usage):
        assert f"`{option}" in options or f" {option} " in options, option
    for name in re.findall(r"--format \{(.*?)\}", usage)[0].split(","):
        assert f"`{name}`" in options


@pytest.mark.parametrize("word", [word for word in re.findall(r":[a-z]+", HELP) if word != ":help"])
def test_every_word_of_the_prompt_is_in_the_guide(word: str) -> None:
    """With its colon."""
    assert f"`{word}" in FORMULAS


def test_ways_to_define_a_macro_are_there() -> None:
    """All that the guide lists."""
    listed = FORMULAS.partition("**Macros**")[2].partition("\n* ")[0]
    names = set(re.findall(r"`\\(\w+)`", listed))
    assert names <= DEFINING | BUILT_IN.keys()
    assert len(names) > 10


@pytest.mark.parametrize("name", sorted(DISPLAYS - {"document", "math", "displaymath"}))
def test_every_display_is_in_the_guide(name: str) -> None:
    """The environments of LaTeX whose lines are read; those within others, aligned, are named after them."""
    assert f"`{name.removesuffix('ed').removesuffix('edat')}" in FORMULAS


def test_the_readmes_spec_is_sound() -> None:
    """The spec that the README shows is read without complaint."""
    (spec,) = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert parse(spec.encode(), "readme.yaml").check == ("dW2", "dW1", "db1")
    assert yaml.safe_load(spec)["points"] == {"dW3": 2, "dW2": 4, "db2": 2}


def test_the_readme_is_short() -> None:
    """It is read to its end."""
    assert len(README.splitlines()) <= 120


def test_ci_runs_the_readmes_commands() -> None:
    """The two commands of the README are those that the continuous integration runs, step by step."""
    first, second = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for command in (first, second):
        assert command in script


def test_links_lead_somewhere() -> None:
    """Every relative link of the documents is the path of a file."""
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert target.startswith("https://") or (page.parent / target).exists(), (page, target)


def test_every_benchmark_is_in_its_page() -> None:
    """With the command that runs it."""
    page = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    for script in (ROOT / "benchmarks").glob("*.py"):
        runs = '__name__ == "__main__"' in script.read_text(encoding="utf-8")
        assert f"python benchmarks/{script.name}" in page.replace("\n", " ") or not runs, script
