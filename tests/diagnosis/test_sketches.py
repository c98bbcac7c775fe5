"""What is worked out for many edits at once is what each makes alone, and none that agrees is left out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_equations_traced import SPECS, cases_of, variants_of

from gradcheck.arrays import Array
from gradcheck.checker import Checker
from gradcheck.diagnosis import evaluation
from gradcheck.diagnosis.evaluation import Memory
from gradcheck.diagnosis.evidence import Evidence
from gradcheck.diagnosis.screen import Screening
from gradcheck.diagnosis.sketch import near, weights
from gradcheck.diagnosis.tracing import Tracing
from gradcheck.diagnosis.variants import Variants
from gradcheck.diagnosis.witness import Witness, numbers, values_of
from gradcheck.edits.edit import edited
from gradcheck.edits.explanation import Explanation, Pass
from gradcheck.expr import by_numpy
from gradcheck.expr.named import Named
from gradcheck.expr.tree import Number
from gradcheck.network.case import Case, everything
from gradcheck.network.forward import laid
from gradcheck.network.records import named
from gradcheck.submission.find import at
from halves import some

ROOT = Path(__file__).parents[2]
SOME = 40
"""How many edits of a spec are tried."""


def garbage(case: Case, number: int, names: Sequence[str], seed: int) -> Witness:
    """A case of whose gradients somebody handed in random numbers."""
    rng, true = np.random.default_rng((seed, number)), everything(case)
    right = {name: laid(case.model.whole, name, true[name], case.lengths) for name in names}
    yours = {name: rng.normal(size=array.shape) for name, array in right.items()}
    return Witness(case.lengths, true, Evidence(number, yours, right))


def agree(sketch: Array, array: Array) -> bool:
    """Whether a sketch is that of an array, but for rounding."""
    size = float(np.abs(array).max(initial=0.0)) * array.size
    return bool(np.allclose(sketch, array.ravel() @ weights(array.size), rtol=1e-7, atol=1e-9 * max(size, 1)))


@pytest.mark.parametrize("spec", some(SPECS, 1), ids=lambda spec: spec.stem)
def test_sketches_are_of_what_edits_make_by_themselves(spec: Path) -> None:
    """Of the equations from an edited one to a quantity that is handed in, run anew."""
    cases = cases_of(spec)
    variants = variants_of(spec, cases)
    whole, names = (
        variants.candidates.whole,
        [n for n in variants.asked if n in variants.candidates.whole.equations],
    )
    one = garbage(cases[0], 0, names, 0)
    tracing = Tracing(variants, [one])
    trial = tracing._trials(tracing.start)[0]
    sources = [(name, root) for root in names for name in tracing.reach.sources(root)]
    rng, tried = np.random.default_rng(1), 0
    for place in rng.permutation(len(sources)):
        name, root = sources[place]
        choices = variants.choices(name)
        sketches = trial.evaluation.sketches(name, root, choices)
        for n, row in choices.plain[rng.permutation(len(choices.plain))[:4]]:
            edit = choices.edits[n]
            if not set(edit.new.axes) <= set(named(whole.layouts[name])):  # it can't be handed on
                continue
            between = edited(tracing.reach.after(name)[0], [edit])
            values = values_of(between, trial.evaluation.values, one.lengths)
            made = values and one.value(edited(whole, [edit]).equations[root].expression, values)
            if made and set(made.axes) <= set(named(whole.layouts[root])) and one._is_as_long(made):
                array = laid(whole, root, made, one.lengths)
                if np.isfinite(array).all():
                    assert agree(sketches[row], array), (root, edit)
                    tried += 1
        if tried > SOME:
            return


@pytest.mark.slow
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_a_screen_holds_what_variants_make_by_themselves(spec: Path) -> None:
    """Wherever it does not leave open what they make."""
    case = cases_of(spec)[0]
    variants = variants_of(spec, [case])
    true, candidates = everything(case), variants.candidates
    rng = np.random.default_rng(0)
    several = [Explanation(e, where) for e in variants._forward for where in variants._passes(e)]
    several += [Explanation(edits) for edits in variants._backward]
    several = [several[n] for n in rng.permutation(len(several))[: 3 * SOME]]
    networks = candidates.forward, candidates.whole, candidates.derived
    asked = frozenset(variants.asked)
    screen = Screening(*networks, candidates.reverse, asked, true, case.lengths).screen(several)
    right = {name: laid(candidates.whole, name, true[name], case.lengths) for name in asked}
    known = 0
    for n, explanation in enumerate(several):
        network = variants._network(explanation)
        made = network and numbers(candidates.whole, network, asked, true, case.lengths)
        if made and not all(np.allclose(array, right[name]) for name, array in made.items()):
            for name, array in made.items():
                if np.isfinite(array).all() and not screen.unknown[name][n]:
                    assert agree(screen.sketches[name][n], array), (name, explanation)
                    known += 1
    assert known > SOME
    assert {one.where for one in several} >= {Pass.FORWARD, Pass.FORWARD_ALONE}


@given(st.integers(0, 2**32), st.integers(1, 40), st.booleans(), st.sampled_from([None, 2, 5]))
def test_what_agrees_is_never_left_out(seed: int, size: int, single: bool, decimals: int | None) -> None:
    """However far a prediction may be off, its sketch is as near as that allows."""
    rng = np.random.default_rng(seed)
    predicted = rng.normal(size=size) * 10.0 ** rng.integers(-8, 8)
    one = Evidence(0, {"dW": predicted}, {"dW": predicted}, decimals, single)
    off = rng.choice([-1, 1], size) * one._tolerance("dW", float(np.abs(predicted).max())) * 0.999
    yours = Evidence(0, {"dW": predicted + off}, {"dW": predicted}, decimals, single)
    assert yours.agrees("dW", predicted)
    sketches = np.array([predicted @ weights(size)])
    assert near(sketches, yours.yours["dW"], yours.widest("dW")).all()


def count_evaluations(
    variants: Variants, witnesses: Sequence[Witness], monkeypatch: pytest.MonkeyPatch
) -> int:
    """How many operations are applied to find out that nothing explains an answer."""
    count, applied = 0, by_numpy.applied

    def counting(*arguments: object) -> object:
        nonlocal count
        count += 1
        return applied(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(by_numpy, "applied", counting)
        assert Tracing(variants, witnesses).explanations == []
    return count


@pytest.mark.slow
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_what_edits_make_is_worked_out_once_for_a_class(spec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second answer that nothing explains takes a tenth of the operations that the first one takes."""
    cases = cases_of(spec)
    variants = variants_of(spec, cases)
    names = [name for name in variants.asked if name in variants.candidates.whole.equations]
    counts = [
        count_evaluations(
            variants, [garbage(case, n, names, seed) for n, case in enumerate(cases)], monkeypatch
        )
        for seed in range(2)
    ]
    assert counts[1] < counts[0] / 10, counts


GARBAGE = """import chain_right
from numpy.random import default_rng

def links(*given):
    rng = default_rng(0)
    return [link + rng.normal(size=link.shape) for link in chain_right.links(*given)]

product = chain_right.product
"""


@pytest.mark.slow
def test_numbers_of_what_no_equation_makes_are_looked_at_by_themselves(tmp_path: Path) -> None:
    """A spec may ask for ∂a/∂z: there is a diagnosis of numbers that nothing explains."""
    right = (ROOT / "submissions" / "right" / "chain_function.py").read_text(encoding="utf-8")
    (tmp_path / "chain_right.py").write_text(right, encoding="utf-8")
    (tmp_path / "chain_function.py").write_text(GARBAGE, encoding="utf-8")
    with Checker() as checker:
        verdict = checker.check(at(tmp_path), ROOT / "specs" / "chain_function.yaml")
    assert verdict.internal is None
    assert verdict.diagnosis is not None
    assert verdict.diagnosis.corrections == ()


def test_a_memory_has_room_for_so_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What no longer fits is worked out again."""
    monkeypatch.setattr(evaluation, "ROOM", 5000)
    memory = Memory(None, ())
    for number in range(100):
        memory[Number(float(number))] = Named(np.zeros(10), ("n",))
    assert 0 < len(memory) <= 5000 / 80
