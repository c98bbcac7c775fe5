"""What a wrong side should be: what is said of it is right, is what was meant, and costs little."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from gradcheck.derivation.records import Derivation, Judged, Repair, Standing
from gradcheck.formulas.dialect import formula
from gradcheck.paper.check import check, check_beside
from gradcheck.paper.effort import MOST, SEARCHED, Effort
from gradcheck.report import derivation_data, derivation_html, derivation_lines
from gradcheck.report.derivation import render
from halves import some

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "specs" / "two_layer.yaml"
SLIPS = [
    (entry["text"], entry["right"])
    for entry in yaml.safe_load((ROOT / "benchmarks" / "claims" / "slips.yaml").read_text(encoding="utf-8"))
]
OTHERS = [
    entry["text"]
    for name in ("open", "mathematics", "slips_held")
    for entry in yaml.safe_load((ROOT / "benchmarks" / "claims" / f"{name}.yaml").read_text(encoding="utf-8"))
]
LOGISTIC = "z = w x + b; p = σ(z); L = -(y log p + (1-y) log(1-p)); "
NEURON = "z = w x + b; a = σ(z); C = ½(a − y)²; "
DEEP = r"$z^l = W^l a^{l-1}$, $a^l = \tanh(z^l)$, $C = \|a^L - y\|^2$, $\delta^l = \partial C/\partial z^l$, "
CHAIN = r"$z^l = w^l a^{l-1}$, $a^l = \tanh(z^l)$, $C = (a^L - y)^2$, $\delta^l = \partial C/\partial z^l$, "
SOFTMAX = r"$p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$, $L = -\sum_k y_k \log p_k$, "
SUMS = r"$\partial y_i/\partial x_j = \sum_k \sum_m w_{im} w_{kj} x_m y_k$; "
LAYER = "z = W x + b; a = tanh(z); C = ½||a − y||²; "


def last(text: str, spec: Path | None = None) -> Judged:
    """What is said of a text's last claim."""
    return (check(text, "text") if spec is None else check_beside(text, "text", spec)).claims[-1]


def due(text: str, spec: Path | None = None) -> str:
    """What the broken side of the last claim should be."""
    repair = last(text, spec).repair
    return "" if repair is None else repair.right


@pytest.mark.parametrize(("text", "right"), some(SLIPS, 10))
def test_what_was_meant_comes_first(text: str, right: str) -> None:
    """Of derivations with one slip each."""
    derivation = check(text, "text")
    repair = derivation.claims[-1].repair
    assert repair is not None
    meant = [formula(side, derivation.dialect) for side in right.split(" or ")]
    assert formula(repair.right, derivation.dialect) in meant


@pytest.mark.parametrize("text", some([text for text, _ in SLIPS] + OTHERS, 20))
def test_suggested_sides_are_right(text: str) -> None:
    """A text that has it in the place of what is wrong is right there, when it is read anew."""
    derivation = check(text, "text")
    for number, claim in enumerate(derivation.claims):
        if claim.repair is not None:
            place = next(n for n, step in enumerate(claim.steps) if step.standing is Standing.WRONG)
            for side in filter(None, (claim.repair.right, claim.repair.other)):
                anew = check(_with(text, claim, place, claim.repair.yours, side), "text")
                assert anew.claims[number].steps[place].standing is Standing.RIGHT, side


def _with(text: str, claim: Judged, place: int, yours: str, side: str) -> str:
    """The text with a side in the place of another."""
    line, column = claim.steps[place].place
    lines = text.split("\n")
    row = lines[line - 1]
    at = row.find(yours, column - 1) if row.find(yours, column - 1) >= 0 else row.rfind(yours)
    assert at >= 0, yours
    lines[line - 1] = row[:at] + side + row[at + len(yours) :]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (LOGISTIC + "dL/dw = (p + y) x", "(p - y) x"),
        (LOGISTIC + "dL/dw = -(p - y) x", "(p - y) x"),
        (LOGISTIC + "dL/dw = (z - y) x", "(p - y) x"),
        (LOGISTIC + "dL/dw = 2 (p - y) x", "(p - y) x"),
        (LOGISTIC + "dL/dw = (p - y) x^2", "(p - y) x"),
        (LOGISTIC + "dL/dw = (p - y)/x", "(p - y) x"),
        (LOGISTIC + "dL/dw = p - y", "(p - y) x"),
        (LOGISTIC + "dL/dw = p x", "(p - y) x"),
        (NEURON + "∂C/∂w = (a - y) σ(z) x", "(a - y) σ'(z) x"),
        (NEURON + "∂C/∂w = (a - y) a x", "(a - y) a (1 - a) x"),
        (NEURON + "∂C/∂w = a - y", "(a - y) a (1 - a) x"),
        (LAYER + "∂C/∂x = W ((a - y) ⊙ (1 - a^2))", "W^T ((a - y) ⊙ (1 - a^2))"),
        (LAYER + "∂C/∂W = x^T ((a - y) ⊙ (1 - a^2))", "((a - y) ⊙ (1 - a^2)) x^T"),
        (LAYER + "∂C/∂W = (a - y) x^T", "((a - y) ⊙ (1 - a^2)) x^T"),
        (LAYER + "∂C/∂x = W^T (a - y)", "W^T ((a - y) ⊙ (1 - a^2))"),
        (LAYER + "∂C/∂z = (a - y)^T ⊙ (1 - a^2)", "(a - y) ⊙ (1 - a^2)"),
        ("f(x) = x^3; f'(x) = 3 x^3", "3 x^2"),
        ("f(x) = x^n; f'(x) = n x^n", "n x^{n-1}"),
        ("y_i = Σ_j w_ij x_j; ∂y_i/∂x_j = w_ji", "w_ij"),
        ("L = ||X w - y||^2 + λ ||w||^2; ∂L/∂w = 2 X^T (X w - y)", "2 X^T (X w - y) + 2 λ w"),
    ],
)  # fmt: skip
def test_each_kind_of_change_is_found(text: str, right: str) -> None:
    """The first that is given is what anybody would write, but for the order of factors."""
    repair = last(text).repair
    assert repair is not None
    given = [repair.right, repair.other]
    assert any(_factors(side) == _factors(right) for side in given), given


def _factors(side: str) -> list[str]:
    """The characters of a side, in any order."""
    return sorted(side.replace(" ", ""))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("δ³ = a³ − y", "(a³ − y) σ'(z³)"),
        ("δ³ = (a³ − y) ⊙ a³", "(a³ − y) ⊙ σ'(z³)"),
        ("δ² = (W³ δ³) ⊙ σ′(z²)", "((W³)ᵀ δ³) ⊙ σ′(z²)"),
        ("dW3 = δ³ (a³)ᵀ", "δ³ (a²)ᵀ"),
        (r"\frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_j \delta^l_k", r"a^{l-1}_k \delta^l_j"),
        (
            r"\frac{\partial C}{\partial w^2_{jk}} = w^2_{1j} \delta^3_1 \sigma'(z^2_j) x_k",
            r"w^3_{1j} \delta^3_1 \sigma'(z^2_j) x_k",
        ),
        (r"\frac{\partial C}{\partial b^2_j} = 2 \delta^2_j", r"\delta^2_j"),
    ],
)
def test_beside_a_spec_names_are_those_of_its_network(text: str, right: str) -> None:
    """Also such as the text doesn't have."""
    assert due(text, SPEC) == right


def test_a_claim_for_all_layers_is_mended_for_all_of_them() -> None:
    """By the letter of its layers."""
    wrong = r"$\frac{\partial C}{\partial W^l} = \delta^l (a^l)^T$"
    assert due(DEEP + wrong) == r"\delta^l (a^{l-1})^T"


def test_a_number_is_none_that_only_the_axes_have() -> None:
    """Where 3 entries are drawn, 1/3 is 1/n."""
    assert due("μ = 1/n Σ_i x_i; ∂μ/∂x_i = 1") == "1/n"


def test_what_holds_for_distributions_alone_has_a_note() -> None:
    """As p - y of a softmax's cross entropy does."""
    repair = last(SOFTMAX + r"$\partial L/\partial z_i = p_i + y_i$").repair
    assert repair is not None
    assert repair.right == "p_i - y_i"
    assert repair.change.endswith("it is right, where the targets add up to 1.")


def test_nothing_is_given_that_says_itself() -> None:
    """The side in front would always be right."""
    repair = last("y = sin(w x); ∂y/∂w = w^3 exp(x) log(w)").repair
    assert repair is None or "∂" not in repair.right
    assert due("δ² = (W³)^T δ³", SPEC) != "δ²"


def test_the_middle_of_a_chain_is_mended_and_its_end_is_right() -> None:
    """Both are said."""
    claim = last(LOGISTIC + "dL/dz = p - y = p + y = p - y")
    assert claim.end_right
    assert claim.repair == Repair("p + y", "p - y", "With the other sign in front of y it is right.")


def test_an_end_is_right_only_where_it_is_in_all_layers() -> None:
    """That it is in the first that breaks is not enough."""
    chain = r"$\delta^l = \delta^l + 1 = w^{l+1} \delta^{l+1} (1 - (a^l)^2)$"
    assert last(CHAIN + chain).end_right
    chain = r"$\delta^l = \delta^l + 1 = \delta^2$"
    assert not last(CHAIN + chain).end_right


@pytest.mark.parametrize(
    "text",
    [
        NEURON + "∂C/∂w = " + " + ".join(["(a - y) z^3 x"] * 90),
        NEURON + "∂C/∂w = " + "(" * 9 + "a y z" + ")" * 9,
        NEURON + "∂C/∂w = a y z; " * 200,
        r"$y_i = \sum_j w_{ij} x_j$; " + SUMS * 50,
    ],
    ids=["a long sum", "many brackets", "many claims", "sums in sums"],
)
def test_the_search_is_bounded(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In each claim and in all of the text."""
    efforts: list[Effort] = []
    searching = Effort.searching

    def noted(effort: Effort) -> object:
        efforts.append(effort)
        return searching(effort)

    monkeypatch.setattr(Effort, "searching", noted)
    check(text, "text")
    assert efforts
    assert all(0 <= effort.search <= SEARCHED for effort in efforts)
    assert MOST < SEARCHED


MARKED = """\
      what   With the other sign in front of (1-y)/(1-p) it is right.
             you have      -y/p - (1-y)/(1-p)
                                ^
             it should be  -y/p + (1-y)/(1-p)
                                ^
"""


def _logistic() -> Derivation:
    return check(LOGISTIC + "dL/dp = -y/p - (1-y)/(1-p)", "text")


def test_a_report_marks_what_is_another() -> None:
    """Below either side."""
    assert render(_logistic()).endswith(MARKED.rstrip())


def test_a_long_side_is_marked_in_its_piece() -> None:
    """Where it goes on on the next line."""
    text = LOGISTIC + "dL/dw = " + "1 (x - x) + " * 6 + "(p + y) x"
    lines = render(check(text, "text"), width=60).splitlines()
    carets = [n for n, line in enumerate(lines) if line.strip() == "^"]
    assert len(carets) == 2
    for n, sign in zip(carets, "+-", strict=True):
        assert lines[n - 1][lines[n].index("^")] == sign
    assert all(len(line) <= 60 for line in lines)


def test_a_second_change_stands_behind_or() -> None:
    """In every form of the report."""
    text = r"$p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$, $\partial p_i/\partial z_j = p_j (\delta_{ij} - p_j)$"
    derivation = check(text, "text")
    repair = derivation.claims[-1].repair
    assert repair is not None
    assert repair.other
    assert f"             or            {repair.other}" in render(derivation)
    assert f"it should be {repair.right} or {repair.other}" in derivation_lines.lines(derivation)
    assert '<strong class="label">or</strong>' in derivation_html.render(derivation)


def test_a_mistake_stands_once_and_every_side_that_should_be_another() -> None:
    """Where two claims have the same mistake, and a third one all of the second."""
    claims = "dL/dw = -(p - y) x; dL/db = -(p - y); dL/db = -(p - y)"
    shown = render(check(LOGISTIC + claims, "text"))
    assert shown.count("with the other sign") == 1
    assert shown.count("As in line 1.") == 2
    assert shown.count("it should be") == 2


def test_programs_have_it_as_a_correction() -> None:
    """As of code."""
    (result,) = json.loads(derivation_data.dumps(_logistic()))["results"]
    assert result["claims"][-1]["diagnosis"]["corrections"] == [
        {
            "yours": "-y/p - (1-y)/(1-p)",
            "right": "-y/p + (1-y)/(1-p)",
            "change": "With the other sign in front of (1-y)/(1-p) it is right.",
        }
    ]


def test_lines_and_annotations_have_it() -> None:
    """On the one line that there is."""
    for shown in (derivation_lines.lines(_logistic()), derivation_lines.github(_logistic())):
        assert "it should be -y/p + (1-y)/(1-p)" in shown


def test_a_page_marks_it_or_sets_it() -> None:
    """Plain text is marked; what is LaTeX is set by the page, between dollars."""
    assert '<mark class="right">+</mark>' in derivation_html.render(_logistic())
    text = r"$a = \tanh(z)$, $\frac{\partial a}{\partial z} = 1 + a^2$"
    assert '<span class="tex">$1 - a^2$</span>' in derivation_html.render(check(text, "text"))
