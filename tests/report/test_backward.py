"""The reverse pass of a spec, shown: as a textbook prints it, and as code that passes the spec."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gradcheck.checker import Checker
from gradcheck.commands.spec import run as spec_command
from gradcheck.errors import GradcheckError
from gradcheck.report.backward import code, equations
from gradcheck.spec.read import parse, read
from gradcheck.submission.find import at
from halves import some

ROOT = Path(__file__).parents[2]
EXAMPLES = Path(__file__).parents[1] / "network" / "examples" / "specs"
SPECS = [
    *sorted(EXAMPLES.glob("*.yaml")),
    *(ROOT / "specs" / f"{n}.yaml" for n in ("rnn_layer", "two_layer")),
]

TWO_LAYERS = """\
da³ = (a³ − y) / m
δ³ = da³ ⊙ a³ ⊙ (1 − a³)
da² = (W³)ᵀ δ³
δ² = da² ⊙ a² ⊙ (1 − a²)
dW2 = δ² xᵀ
db2 = Σₙ δ²
dW3 = δ³ (a²)ᵀ
dx = (W²)ᵀ δ²"""

BATCH_NORM = """\
dxhat = dout * gamma                         # [n, d]
dstd = -sum(dxhat * xc, n) / std^2           # [d]
dvar = dstd / (2 * std)                      # [d]
dxc = dxhat / std + 2 * dvar * xc / size(n)  # [n, d]
dmu = -sum(dxc, n)                           # [d]
dx = dxc + dmu / size(n)                     # [n, d]
dgamma = sum(dout * xhat, n)                 # [d]
dbeta = sum(dout, n)                         # [d]"""

PLAIN = """\
title: t
network: {inputs: 3, layers: [dense: {units: 4, activation: tanh}, dense: {units: 2, activation: softmax}]}
loss: cross_entropy
penalty: {l2: 0.1, constant: lambda/2m}
check: [dW1, db1, dW2, db2]
"""


@pytest.mark.parametrize("spec", some(SPECS, 3), ids=lambda spec: spec.stem)
def test_the_code_passes_the_spec(spec: Path, tmp_path: Path) -> None:
    """Written from the equations alone, and graded as a submission."""
    file = tmp_path / "written.py"
    file.write_text(code(read(spec)))
    with Checker() as checker:
        verdict = checker.check(at(file), spec)
    assert [q.symbol for q in verdict.quantities if q.status != "right"] == []
    assert verdict.failure is None


def test_code_for_dictionaries_passes(tmp_path: Path) -> None:
    """A spec without `run` has `backprop(params, x, y)`."""
    spec = tmp_path / "plain.yaml"
    spec.write_text(PLAIN)
    file = tmp_path / "written.py"
    file.write_text(code(read(spec)))
    with Checker() as checker:
        assert checker.check(at(file), spec).status == "right"


def test_a_notation_prints_it() -> None:
    """As the source of the notation would."""
    assert equations(read(ROOT / "specs" / "two_layer.yaml")) == TWO_LAYERS


def test_equations_print_as_they_are_written() -> None:
    """With how each array lies."""
    assert equations(read(EXAMPLES / "batch_norm.yaml")) == BATCH_NORM


def test_latex() -> None:
    """A fraction is one, and a letter has its layer."""
    first, second, *_ = equations(read(ROOT / "specs" / "two_layer.yaml"), latex=True).splitlines()
    assert first == r"da^{3} = \frac{a^{3} - y}{m}"
    assert second == r"\delta^{3} = da^{3} \odot a^{3} \odot (1 - a^{3})"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("check:", "notation: lfd\ncheck:", "biases are part of the weights"),
        (
            "check: [dW1, db1, dW2, db2]",
            "check: [da1_dz1]",
            "local derivatives: da1_dz1",
        ),
        (
            "check: [dW1, db1, dW2, db2]",
            'submission: {run: "dW1 = f(x)[0]"}\ncheck: [dW1]',
            "as in `dW1 = f(x)[0]`",
        ),
    ],
)
def test_what_is_not_written_is_said(old: str, new: str, complaint: str) -> None:
    """And why."""
    text = PLAIN.replace(old, new)
    if "lfd" in new:
        text = text.replace("check: [dW1, db1, dW2, db2]", "check: [dW1]")
    with pytest.raises(GradcheckError, match=re.escape(complaint)):
        code(parse(text.encode(), "s.yaml"))


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    """`gradcheck spec show SPEC --backward`."""
    assert spec_command(["show", str(ROOT / "specs" / "two_layer.yaml"), "--backward"]) == 0
    assert capsys.readouterr().out.strip() == TWO_LAYERS
