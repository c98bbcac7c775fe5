"""The reverse pass of a spec, shown: as a textbook prints it, and as code that passes the spec."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gradcheck.checker import Checker
from gradcheck.commands.spec import run as spec_command
from gradcheck.errors import GradcheckError
from gradcheck.report.backward import equations
from gradcheck.report.code import code
from gradcheck.specification.read import parse, read
from gradcheck.submission.find import at
from halves import some

ROOT = Path(__file__).parents[2]
EXAMPLES = Path(__file__).parents[1] / "network" / "examples" / "specs"
SPECS = [
    *sorted(EXAMPLES.glob("*.yaml")),
    *sorted((ROOT / "specs").glob("*.yaml")),
]

TWO_LAYERS = """\
da³ = (a³ − y) / m
δ³ = da³ ⊙ a³ ⊙ (1 − a³)
dW³ = δ³ (a²)ᵀ
da² = (W³)ᵀ δ³
δ² = da² ⊙ a² ⊙ (1 − a²)
dW² = δ² xᵀ
db² = Σₙ δ²
dx = (W²)ᵀ δ²"""

BATCH_NORM = """\
dgamma = sum(dout * xhat, n)                 # [d]
dbeta = sum(dout, n)                         # [d]
dxhat = dout * gamma                         # [n, d]
dstd = -sum(dxhat * xc, n) / std^2           # [d]
dvar = dstd / (2 * std)                      # [d]
dxc = dxhat / std + 2 * dvar * xc / size(n)  # [n, d]
dmu = -sum(dxc, n)                           # [d]
dx = dxc + dmu / size(n)                     # [n, d]"""

PLAIN = """\
title: t
network: {inputs: 3, layers: [dense: {units: 4, activation: tanh}, dense: {units: 2, activation: softmax}]}
loss: cross_entropy
penalty: {l2: 0.1, constant: lambda/2m}
check: [dW1, db1, dW2, db2]
"""


STRUCTURE = {
    "constants, keywords and whole numbers": """title: t
network:
  sizes: {n: 4, c: 6, g: 2, r: 3, V: 5, u: 2}
  inputs: {x: [n, c], ids: {axes: [n], draw: {integers: V}}}
  parameters: {gamma: [c], E: [V, u]}
  equations: |
    G = unflatten(x, c, g, r)
    mu = mean(G, r)
    var = mean((G - mu)^2, r)
    out = gamma * flatten((G - mu) / sqrt(var + 1e-5), g, r, c)
    e = take(E, ids, V)
    J = sum(out, n, c) + sum(e^2, n, u)
submission:
  run: |
    cache = forward(x, gamma, 2, eps=1e-5)
    dx, dgamma = backward(x, gamma, groups=2, eps=1e-5)
    dE = embedding_backward(ids, E, take=5, sum=gamma)
check: [dx, dgamma, dE]
""",
    "an axis that no array has": """title: t
network:
  sizes: {n: 3, T: 4, u: 2, one: 1}
  inputs: {h: [n, T, u]}
  equations: |
    l = part(h, T, one, -1)
    J = sum(l^2, n, one, u)
submission:
  run: |
    dh = f(h)
check: [dh]
""",
    "cases of other sizes": """title: t
network:
  inputs: [4, 6, 6]
  layers:
    - conv2d: {filters: 4, size: 3, padding: 1, activation: relu}
    - max_pool2d: {size: 2}
    - group_norm: {groups: 2}
    - avg_pool2d: {size: 3}
loss: upstream
cases: [{batch: 2}, {batch: 3, inputs: [4, 8, 7]}]
check: [dW1, dgamma3]
""",
}


@pytest.mark.slow
@pytest.mark.parametrize("text", STRUCTURE.values(), ids=STRUCTURE)
def test_lengths_come_from_arrays(text: str, tmp_path: Path) -> None:
    """From what a function is handed, or has made; what no array has is the same in every case."""
    spec, file = tmp_path / "spec.yaml", tmp_path / "written.py"
    spec.write_text(text)
    file.write_text(code(read(spec)))
    with Checker() as checker:
        assert checker.check(at(file), spec).status == "right"


@pytest.mark.parametrize("spec", some(SPECS, 1), ids=lambda spec: spec.stem)
def test_the_code_passes_the_spec(spec: Path, tmp_path: Path) -> None:
    """Written from the equations alone, and graded as a submission."""
    file = tmp_path / "written.py"
    file.write_text(code(read(spec)))
    with Checker() as checker:
        verdict = checker.check(at(file), spec)
    assert [q.symbol for q in verdict.quantities if q.status != "right"] == []
    assert verdict.failure is None


@pytest.mark.slow
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


BIAS_IN_WEIGHTS = """\
title: t
notation: lfd
network: {inputs: 3, layers: [dense: {units: 4, activation: tanh}, dense: {units: 2, activation: tanh}]}
loss: squared_error
check: [dW1, dW2, delta1]
cases: [{batch: 2}, {batch: 3, widths: [2, 5, 3]}]
"""


@pytest.mark.slow
def test_biases_among_the_weights(tmp_path: Path) -> None:
    """On paper they stand apart, which is said; in code they are the first row, in every case's sizes."""
    spec, file = tmp_path / "spec.yaml", tmp_path / "written.py"
    spec.write_text(BIAS_IN_WEIGHTS)
    first, *rest = equations(read(spec)).splitlines()
    assert first == "(the first row of W stands apart here, as b)"
    assert {"dW^(2) = (x^(1))ᵀ δ^(2)", "db^(2) = Σₙ δ^(2)"} <= set(rest)
    file.write_text(code(read(spec)))
    with Checker() as checker:
        assert checker.check(at(file), spec).status == "right"


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_every_spec_is_shown(spec: Path) -> None:
    """As LaTeX, too; an adjoint whose name is that of a given gradient has another one."""
    shown = equations(read(spec))
    assert equations(read(spec), latex=True).count(" = ") >= shown.count(" = ") > 0


def test_latex() -> None:
    """A fraction is one, and a letter has its layer."""
    first, second, *_ = equations(read(ROOT / "specs" / "two_layer.yaml"), latex=True).splitlines()
    assert first == r"da^{3} = \frac{a^{3} - y}{m}"
    assert second == r"\delta^{3} = da^{3} \odot a^{3} \odot (1 - a^{3})"


NAMES = """\
title: t
network:
  sizes: {n: 2, T: 3, u: 2}
  inputs: {x: [n, T, u]}
  parameters: {Wxi: [u, u], gamma: [u], h0: [u]}
  equations: |
    xhat = x @ Wxi * gamma
    h[-1] = h0
    for t in T:
      h[t] = xhat[t] + h[t-1]
    hT = first(flip(h, T), T)
    std = sqrt(sum(hT^2, u) + 1e-5)
    J = sum(std, n)
  layout: {h: [n, T, u]}
check: [dx]
"""


def test_names_on_paper() -> None:
    """Greek letters, hats, indices; an array that is whole is one at a time in a loop; no line says d = d."""
    spec = parse(NAMES.encode(), "s.yaml")
    assert equations(spec, latex=True).splitlines() == [
        r"d\mathrm{std} = 1",
        r"dh_{T} = \frac{h_{T}}{\mathrm{std}}",
        r"\text{(beyond the last time there is nothing: what has t+1 is 0)}",
        r"\text{for } t = T, \dots, 1:",
        r"  dh_t = \operatorname{flip}_T(\operatorname{only\_first}_T(dh_{T}))_t + dh_{t+1}",
        r"dh_{0} = \sum_n dh_1",
        r"d\hat{x} = dh",
        r"dx = (d\hat{x} \odot \gamma) W_{xi}^\top",
        r"dW_{xi} = \sum_t x_t^\top (d\hat{x}_t \odot \gamma)",
        r"d\gamma = \sum_{n,T} d\hat{x} \odot x W_{xi}",
    ]
    assert "dh[t] = flip(only_first(dhT, T), T)[t] + dh[t+1]" in equations(spec)
    network = "notation: nielsen\nnetwork: {inputs: 3, layers: [layer_norm: {}]}\nloss: upstream"
    layers = f"title: t\n{network}\ncheck: [dx]"
    assert equations(parse(layers.encode(), "s.yaml")).splitlines()[0] == "dγ = Σₙ dout ⊙ x̂"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            "check: [dW1, db1, dW2, db2]",
            "check: [da2_dz2]",
            "no code is written for da2_dz2, a matrix for each example",
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
    with pytest.raises(GradcheckError, match=re.escape(complaint)):
        code(parse(text.encode(), "s.yaml"))


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    """`gradcheck spec show SPEC --backward`."""
    assert spec_command(["show", str(ROOT / "specs" / "two_layer.yaml"), "--backward"]) == 0
    assert capsys.readouterr().out.strip() == TWO_LAYERS


def test_code_is_not_written_for_labels() -> None:
    """It would take them for one-hot rows."""
    text = """title: t
network: {inputs: 2, layers: [dense: {units: 3}]}
loss: cross_entropy_with_logits
labels: true
submission: {run: "dW1, db1 = f(x, y, W1, b1)"}
check: [dW1, db1]
"""
    with pytest.raises(GradcheckError, match=r"begin with y = np\.eye"):
        code(parse(text.encode(), "s.yaml"))
