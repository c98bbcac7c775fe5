"""Wrong answers to specs in equations: where they go wrong, by which edit, and nothing that is not so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gradcheck.checker import Checker
from gradcheck.diagnosis.equations import Tracing, Witness
from gradcheck.network.case import draw, everything
from gradcheck.network.edits import edited, edits
from gradcheck.network.forward import laid, run
from gradcheck.specification.read import read
from gradcheck.submission.find import at
from halves import some

EXAMPLES = Path(__file__).parents[1] / "network" / "examples"
SPECS = sorted((EXAMPLES / "specs").glob("*.yaml"))

TRACED = {
    "attention": ("dQ", "the factor 1 / sqrt(size(d)) is left out, and likewise in dK."),
    "batch_norm": ("dx", "the term 2 * dvar * xc / size(n) is left out."),
    "lstm_step": ("dc", "the term dh1 * o * (1 - tanh(c1)^2) is left out."),
    "recurrence": ("dWh", "the entry of the same time stands in the place of the one before it."),
    "residual": ("dX", "the term dR is left out."),
    "shared_branches": ("dW", "the term p.T @ (dhp * (1 - hp^2)) is left out, and likewise in db."),
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
    assert verdict.diagnosis.mistake.split(" 3 other changes")[0].endswith(end)
    assert verdict.diagnosis.question


@pytest.mark.slow
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_what_an_edit_makes_is_traced_to_it(spec: Path) -> None:
    """Or to one that makes the same numbers in every case; what none makes is explained by none."""
    loaded = read(spec)
    model = loaded.model
    assert model is not None
    cases = [draw(model, plan.sizes or {}, plan.seed) for plan in loaded.cases]
    true = [everything(case) for case in cases]
    names = [name for name in loaded.check if name in model.whole.equations]
    every = list(edits(model.whole, list(model.backward.equations)))
    rng = np.random.default_rng(0)
    for number in rng.permutation(len(every))[:12]:
        several = every[number]
        wrongs = [run(edited(model.whole, several), case.given, case.lengths) for case in cases]
        yours = [
            {name: np.array(laid(model.whole, name, wrong[name], case.lengths)) for name in names}
            for wrong, case in zip(wrongs, cases, strict=True)
        ]
        off = [
            name
            for name in names
            if any(
                not np.allclose(
                    mine[name], laid(model.whole, name, right[name], case.lengths), rtol=1e-7, atol=0
                )
                for mine, right, case in zip(yours, true, cases, strict=True)
            )
        ]
        if not off or not all(np.isfinite(a).all() for mine in yours for a in mine.values()):
            continue
        witnesses = [Witness(*parts) for parts in zip(cases, true, yours, strict=True)]
        assert Tracing(model, witnesses, off).explanations, several
        blurred = [
            Witness(one.case, one.true, {n: a * rng.uniform(0.9, 1.1, a.shape) for n, a in one.yours.items()})
            for one in witnesses
        ]
        assert Tracing(model, blurred, off).explanations == []


def test_what_follows_is_said(tmp_path: Path) -> None:
    """A quantity that the right equations make of a wrong one is no second mistake."""
    spec = tmp_path / "net.yaml"
    spec.write_text(
        "title: t\nnetwork:\n  sizes: {n: 4, d: 3, u: 2}\n  inputs: {x: [n, d], y: [n, u]}\n"
        "  parameters: {W: [d, u], b: [u]}\n  equations: |\n    z = x @ W + b\n    a = tanh(z)\n"
        "    J = mean(sum((a - y)^2, u), n)\n"
        "submission: {run: 'dz, dW, db = f(x, y, W, b)'}\ncheck: [dz, dW, db]\n"
    )
    (tmp_path / "net.py").write_text(
        "import numpy as np\ndef f(x, y, W, b):\n    a = np.tanh(x @ W + b)\n"
        "    dz = 2 * (a - y) * (1 - a) / len(x)\n    return dz, x.T @ dz, dz.sum(0)\n"
    )
    with Checker() as checker:
        verdict = checker.check(at(tmp_path / "net.py"), spec)
    assert verdict.diagnosis is not None
    assert verdict.diagnosis.location == "dz is the first wrong quantity; dW and db follow from dz."
    assert [q.follows for q in verdict.quantities] == ["", "dz", "dz"]
    assert verdict.diagnosis.mistake.startswith("No term, factor, sign or quantity")
