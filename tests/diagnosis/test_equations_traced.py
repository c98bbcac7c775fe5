"""Wrong answers to specs in equations: where they go wrong, by which edit, and nothing that is not so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from gradcheck.arrays import Array
from gradcheck.checker import Checker
from gradcheck.diagnosis.evidence import Evidence
from gradcheck.diagnosis.tracing import Tracing
from gradcheck.diagnosis.variants import Variants
from gradcheck.diagnosis.witness import Witness, makes
from gradcheck.edits.candidates import FACTOR, Candidates
from gradcheck.edits.edit import Edit, alike, edited
from gradcheck.edits.reads import RATE
from gradcheck.expr.named import Named
from gradcheck.network.backward import backward
from gradcheck.network.case import Case, draw, everything
from gradcheck.network.forward import laid, run
from gradcheck.specification.read import read
from gradcheck.submission.find import at
from gradcheck.verdict.records import Diagnosis, Verdict
from halves import some

EXAMPLES = Path(__file__).parents[1] / "network" / "examples"
SPECS = sorted((EXAMPLES / "specs").glob("*.yaml"))

TRACED = {
    "attention": ("dQ", "the factor 1 / sqrt(size(d)) is left out, and likewise in dK."),
    "batch_norm": ("dx", "the term 2 * dvar * xc / size(n) is left out."),
    "lstm_step": ("dc1_total", "the term dh1 * o * (1 - tanh(c1)^2) is left out."),
    "recurrence": ("dWh", "the entry of the same time step stands in place of the previous one."),
    "residual": ("dX", "the term dR is left out."),
    "shared_branches": ("dhp", "dhp is taken to be 0."),
}
"""The first wrong quantity, and the end of what is said, of each wrong submission."""


@pytest.mark.parametrize("spec", some(SPECS, 1), ids=lambda spec: spec.stem)
def test_the_mistake_is_named(spec: Path) -> None:
    """Each of the examples' mistakes is one edit of an equation."""
    with Checker() as checker:
        verdict = checker.check(at(EXAMPLES / "submissions" / "wrong"), spec)
    first, end = TRACED[spec.stem]
    assert verdict.diagnosis is not None
    assert verdict.diagnosis.symbol == first
    assert verdict.diagnosis.mistake.split(" The same numbers")[0].endswith(end)
    assert verdict.diagnosis.question


def variants_of(spec: Path, draws: list[Case]) -> Variants:
    """The variants of a spec's network, whose cases are these."""
    model = read(spec).model
    assert model is not None
    reverse = partial(backward, upstream=model.upstream or None)
    several = [one.lengths for one in draws]
    is_right = partial(makes, model.whole, everything(draws[0]), draws[0].lengths)
    candidates = Candidates(model.network, model.whole, model.parameters, several, reverse, is_right)
    return Variants(candidates, list(read(spec).check), len(draws))


def cases_of(spec: Path) -> list[Case]:
    """The cases of a spec in equations."""
    loaded = read(spec)
    assert loaded.model is not None
    return [draw(loaded.model, plan.sizes or {}, plan.seed) for plan in loaded.cases]


def witness(number: int, case: Case, made: Mapping[str, Named], names: list[str]) -> Witness:
    """A case in which somebody handed in what was made."""
    whole, true = case.model.whole, everything(case)
    yours, right = ({n: np.array(laid(whole, n, of[n], case.lengths)) for n in names} for of in (made, true))
    return Witness(case.lengths, true, Evidence(number, yours, right))


@pytest.mark.slow
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_what_an_edit_makes_is_traced_to_it(spec: Path) -> None:
    """Or to one that makes the same numbers in every case; what none makes is explained by none."""
    cases = cases_of(spec)
    variants = variants_of(spec, cases)
    whole, forward = variants.candidates.whole, variants.candidates.forward
    names = [name for name in variants.asked if name in whole.equations]
    every = [
        e for name in whole.equations if name not in forward.equations for e in variants.candidates.of(name)
    ]
    closed = [edit for edit in every if edit.new.reads.isdisjoint((FACTOR.text, RATE.text))]
    rng = np.random.default_rng(0)
    for number in rng.permutation(len(closed))[:12]:
        edit = closed[number]
        try:
            made = [run(edited(whole, [edit]), case.given, case.lengths) for case in cases]
            witnesses = [witness(n, *pair, names) for n, pair in enumerate(zip(cases, made, strict=True))]
        except (ValueError, KeyError):  # arrays that don't meet, or that are made later
            continue
        tracing = Tracing(variants, witnesses)
        numbers = [array for one in witnesses for array in one.evidence.yours.values()]
        if not tracing.wrong or not all(np.isfinite(array).all() for array in numbers):
            continue
        if any(np.abs(one.evidence.yours[n]).max() < 1e-12 for one in witnesses for n in tracing.wrong):
            continue  # nothing but rounding is left of it
        assert tracing.explanations, edit
        blurred = [replace(one, evidence=blur(one.evidence, rng)) for one in witnesses]
        assert Tracing(variants, blurred).explanations == []


TOGETHER: dict[str, tuple[str, list[tuple[str, str, int]], int]] = {
    "one end at every root": ("lstm_step", [(name, "last", 0) for name in ("dWi", "dWf", "dWo", "dWg")], 1),
    "two behind one quantity": ("batch_norm", [("dxhat", "factor", 1), ("dxc", "factor", 2)], 2),
    "two at their own roots": ("residual", [("dX", "term", 0), ("db2", "mean", 0)], 2),
}
"""What is tried -> a spec, edits by equation, kind and place that are made together, how many they are."""


@pytest.mark.slow
@pytest.mark.parametrize("name", TOGETHER)
def test_edits_that_are_made_together_are_traced(name: str) -> None:
    """To as many mistakes, which make the same numbers in every case."""
    stem, chosen, mistakes = TOGETHER[name]
    spec = EXAMPLES / "specs" / f"{stem}.yaml"
    cases = cases_of(spec)
    variants = variants_of(spec, cases)
    of = variants.candidates.of
    edits = [[e for e in of(equation) if e.kind == kind][place] for equation, kind, place in chosen]
    witnesses = handed_in(variants, cases, edits)
    found = Tracing(variants, witnesses).explanations
    assert found
    assert len(alike(found[0].edits)) == mistakes
    assert all(variants.makes(one, witness) for one in found for witness in witnesses)


def handed_in(variants: Variants, cases: list[Case], edits: Sequence[Edit]) -> list[Witness]:
    """What somebody hands in whose equations have these edits."""
    whole = variants.candidates.whole
    names = [name for name in variants.asked if name in whole.equations]
    made = [run(edited(whole, edits), case.given, case.lengths) for case in cases]
    return [witness(n, *pair, names) for n, pair in enumerate(zip(cases, made, strict=True))]


@pytest.mark.slow
def test_equations_in_each_others_place_are_traced() -> None:
    """Though each of the two alone explains nothing."""
    spec = EXAMPLES / "specs" / "lstm_step.yaml"
    cases = cases_of(spec)
    variants = variants_of(spec, cases)
    group = next(g for g in variants.candidates.groups if g[0].kind == "exchanged" and len(g) == 2)
    found = Tracing(variants, handed_in(variants, cases, group)).explanations
    assert {edit.kind for edit in found[0].edits} == {"exchanged"}


@pytest.mark.slow
@pytest.mark.parametrize("turn", [np.transpose, np.atleast_3d])
def test_another_shape_is_no_obstacle(turn: Callable[[Array], Array]) -> None:
    """What is wrong with the numbers is said, and a transposed array is called that."""
    spec = EXAMPLES / "specs" / "lstm_step.yaml"
    cases = cases_of(spec)
    variants = variants_of(spec, cases)
    mean = next(e for e in variants.candidates.of("dWf") if e.kind == "mean")
    witnesses = handed_in(variants, cases, [] if turn is np.transpose else [mean])
    turned = [{**one.evidence.yours, "dWf": turn(one.evidence.yours["dWf"])} for one in witnesses]
    witnesses = [
        replace(one, evidence=replace(one.evidence, yours=yours))
        for one, yours in zip(witnesses, turned, strict=True)
    ]
    found = Tracing(variants, witnesses).explanations
    assert [edit.kind for edit in found[0].edits] == ["transposed" if turn is np.transpose else "mean"]


def blur(evidence: Evidence, rng: np.random.Generator) -> Evidence:
    """Every number off by what no equation makes."""
    yours = {name: array + rng.uniform(0.1, 1, array.shape) for name, array in evidence.yours.items()}
    return replace(evidence, yours=yours)


SPEC = """\
title: t
scoring: follow_through
network:
  sizes: {n: 24, d: 3, u: 2}
  inputs: {x: [n, d], y: [n, u]}
  parameters: {W: [d, u], b: [u]}
  equations: |
    z = x @ W + b
    a = tanh(z)
    J = mean(sum((a - y)^2, u), n)
submission: {run: 'dz, dW, db = f(x, y, W, b)'}
check: [dz, dW, db]
"""


def program(lines: str) -> str:
    """Such lines behind dz, which is right."""
    return (
        "import numpy as np\nlast = []\ndef f(x, y, W, b):\n    a = np.tanh(x @ W + b)\n"
        f"    dz = 2 * (a - y) * (1 - a * a) / len(x)\n    {lines}\n    return dz, x.T @ dz, dz.sum(0)\n"
    )


def judged(tmp_path: Path, lines: str, secret: int | None = None) -> Verdict:
    """The verdict on such lines behind dz, which is right; in a class where there is a secret."""
    (tmp_path / "net.yaml").write_text(SPEC)
    (tmp_path / "net.py").write_text(program(lines))
    with Checker(secret=secret) as checker:
        return checker.check(at(tmp_path / "net.py"), tmp_path / "net.yaml")


@pytest.mark.slow
@pytest.mark.parametrize("secret", [None, 7])
def test_what_follows_is_named_and_earns_its_points(tmp_path: Path, secret: int | None) -> None:
    """A quantity that the right equations make of a wrong one is no second mistake."""
    verdict = judged(tmp_path, "dz = dz * np.cos(a + 1)", secret)
    assert verdict.diagnosis is not None
    assert verdict.diagnosis.location == "dz is the first wrong quantity that you handed in."
    assert verdict.diagnosis.consequences == "dW and db follow from dz."
    assert [q.follows for q in verdict.quantities] == ["", "dz", "dz"]
    assert [q.points for q in verdict.quantities] == [0, 1, 1]
    assert verdict.diagnosis.mistake.startswith("No mistake that gradcheck knows makes these numbers")


def diagnosis_of(tmp_path: Path, lines: str, checked: str) -> Diagnosis:
    """What is said of such lines behind dz where only this is handed in."""
    return_all, spec = "dz, x.T @ dz, dz.sum(0)", SPEC.replace("dz, dW, db", checked)
    handed_in = {"dz": "dz", "dW": "x.T @ dz", "db": "dz.sum(0)"}
    (tmp_path / "net.yaml").write_text(spec)
    (tmp_path / "net.py").write_text(
        program(lines).replace(return_all, ", ".join(handed_in[name] for name in checked.split(", ")))
    )
    with Checker() as checker:
        found = checker.check(at(tmp_path / "net.py"), tmp_path / "net.yaml").diagnosis
    assert found is not None
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("checked", "location", "consequences"),
    [
        ("dz, dW, db", "dz is the first wrong quantity.", "dW and db follow from dz."),
        (
            "dW, db",
            "The first wrong quantity seems to be dz, which you did not hand in.",
            "dW and db follow from dz.",
        ),
        ("db", "db is the first wrong quantity that you handed in.", ""),
    ],
)
def test_a_quantity_follows_from_one_that_was_not_handed_in(
    tmp_path: Path, checked: str, location: str, consequences: str
) -> None:
    """Where it shows in several; where it shows in one alone, that is the first to be seen."""
    found = diagnosis_of(tmp_path, "dz = dz / (1 + a)", checked)
    assert found.corrections
    assert (found.location, found.consequences) == (location, consequences)


SHARED = """\
title: one layer for two inputs
network:
  sizes: {n: 4, d: 3, u: 2}
  inputs: {p: [n, d], q: [n, d], y: [n]}
  parameters: {W: [d, u]}
  equations: |
    f = tanh(p @ W)
    g = tanh(q @ W)
    s = sum(f * g, u)
    J = mean((s - y)^2, n)
submission: {run: 'df, dg, dW = f(p, q, y, W)'}
check: [df, dg, dW]
"""


@pytest.mark.slow
def test_a_quantity_follows_from_all_that_it_is_made_of(tmp_path: Path) -> None:
    """Two of which are changed alike: that is said of their numbers alone."""
    (tmp_path / "net.yaml").write_text(SHARED)
    (tmp_path / "net.py").write_text(
        "import numpy as np\ndef f(p, q, y, W):\n    f, g = np.tanh(p @ W), np.tanh(q @ W)\n"
        "    ds = 2 * ((f * g).sum(1) - y)[:, None] / len(p)\n    df, dg = ds * f, ds * g\n"
        "    return df, dg, p.T @ (df * (1 - f * f)) + q.T @ (dg * (1 - g * g))\n"
    )
    with Checker() as checker:
        verdict = checker.check(at(tmp_path / "net.py"), tmp_path / "net.yaml")
    assert verdict.diagnosis is not None
    first, other = verdict.diagnosis.symbol, {"df", "dg"}.difference({verdict.diagnosis.symbol}).pop()
    assert verdict.diagnosis.location == f"{first} is the first wrong quantity."
    assert verdict.diagnosis.consequences == (
        f"dW follows from {first} and {other}; {other} is wrong because of the same change."
    )
    assert verdict.quantities[2].follows == f"{first} and {other}"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lines", "remark"),
    [
        ("dz[0] = np.cos(dz[0])", "but only one row of dz is wrong."),
        ("dz = np.where(np.arange(2) == 1, 3 * dz, dz)", "but only one column of dz is wrong."),
        ("dz = dz * (1 + 1e-5 * np.cos(a * 99))", "dz is right up to 1e-5 of its size"),
        ("dz = np.roll(dz, 1, 0)", "but dz has the right numbers in other places."),
    ],
)
def test_what_is_true_of_numbers_that_nothing_makes_is_named(tmp_path: Path, lines: str, remark: str) -> None:
    """As of those of layers."""
    diagnosis = judged(tmp_path, lines).diagnosis
    assert diagnosis is not None
    assert remark in diagnosis.mistake


@pytest.mark.slow
def test_what_makes_the_first_wrong_numbers_alone_is_named(tmp_path: Path) -> None:
    """Where nothing makes all of them; the rest is not explained, and costs its points."""
    verdict = judged(tmp_path, "return dz, x.T @ dz / len(x), np.cos(dz.sum(0))")
    assert verdict.diagnosis is not None
    assert verdict.diagnosis.location == "dW is the first wrong quantity; dz is right."
    assert verdict.diagnosis.corrections[0].yours == "dW = x.T @ dz / size(n)"
    assert verdict.diagnosis.consequences == "db is wrong, too, and not explained by this."
    assert [q.points for q in verdict.quantities] == [1, 0, 0]


@pytest.mark.slow
@pytest.mark.parametrize("how", ["np.round(one, 3)", "np.round(one, 2)", "np.float32(one)"])
def test_rounded_numbers_are_traced(tmp_path: Path, how: str) -> None:
    """Though what the right equations make of them is not what was handed in."""
    lines = f"dz = 2 * (a - y) / len(x); return [{how} for one in (dz, x.T @ dz, dz.sum(0))]"
    diagnosis = judged(tmp_path, lines).diagnosis
    assert diagnosis is not None
    (correction,) = diagnosis.corrections
    assert correction.change == "the factor 1 - a^2 is left out"


@pytest.mark.slow
def test_what_a_fresh_case_refutes_is_not_reported(tmp_path: Path) -> None:
    """Twice the right numbers in the spec's own cases, three times in the one of a class."""
    lines = "last.append(1); dz = dz * (2 if len(last) < 5 else 3)"
    alone, in_class = (judged(tmp_path, lines, secret).diagnosis for secret in (None, 7))
    assert alone is not None
    assert in_class is not None
    assert alone.corrections
    assert in_class.mistake.startswith("No mistake that gradcheck knows makes these numbers")


@pytest.mark.slow
def test_an_answer_that_depends_on_earlier_calls_is_called_that(tmp_path: Path) -> None:
    """Nothing else is said of it."""
    diagnosis = judged(tmp_path, "last.append(dz); dz = sum(last)").diagnosis
    assert diagnosis is not None
    assert "earlier calls" in diagnosis.location
