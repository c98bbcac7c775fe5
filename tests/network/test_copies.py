"""Copies of a network in which some equations are others: each is what it is when it is run by itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gradcheck.expr.arithmetic import ADD
from gradcheck.expr.named import arranged
from gradcheck.expr.tree import Apply, Expr
from gradcheck.network.case import draw
from gradcheck.network.copies import Copies, copy_of
from gradcheck.network.forward import run
from gradcheck.network.records import Network, change_equations, named
from gradcheck.specification.read import read

SPECS = sorted((Path(__file__).parent / "examples" / "specs").glob("*.yaml"))


@pytest.mark.slow
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_each_copy_is_as_if_it_was_run_alone(spec: Path) -> None:
    """In each copy another equation is twice what it should be; those of loops are so at every time."""
    loaded = read(spec)
    assert loaded.model is not None
    case = draw(loaded.model, loaded.cases[0].sizes or {}, loaded.cases[0].seed)
    whole = case.model.whole
    true = run(whole, case.given, case.lengths)
    doubled = {name: doubled_of(e.expression) for name, e in whole.equations.items()}
    copies = Copies(
        true, case.lengths, len(doubled), {name: {n: e} for n, (name, e) in enumerate(doubled.items())}
    )
    copies.run(whole)
    for n, (name, new) in enumerate(doubled.items()):
        alone = run(with_equation(whole, name, new), case.given, case.lengths)
        for made in whole.equations:
            axes = named(whole.layouts[made])
            one, other = (
                arranged(v, axes, case.lengths) for v in (copy_of(copies.values[made], n), alone[made])
            )
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12, err_msg=f"{made}, twice {name}")


def doubled_of(e: Expr) -> Expr:
    """The expression twice."""
    return Apply(ADD, (e, e))


def with_equation(network: Network, name: str, new: Expr) -> Network:
    """The network with another equation of one quantity."""
    steps = change_equations(network.steps, lambda e: replace(e, expression=new) if e.name == name else e)
    return replace(network, steps=steps)
