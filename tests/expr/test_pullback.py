"""What expressions hand back in numbers is what the expressions of it come to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gradcheck.expr.adjoint import adjoints
from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.named import Named, arranged
from gradcheck.expr.pullback import Pullback
from gradcheck.expr.tree import Name, axis_of
from gradcheck.network.case import draw, everything
from gradcheck.specification.read import read

SPECS = sorted((Path(__file__).parents[1] / "network" / "examples" / "specs").glob("*.yaml"))


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_numbers_are_those_of_the_expressions(spec: Path) -> None:
    """Of every equation, forward and backward, and of any adjoint of it."""
    loaded = read(spec)
    assert loaded.model is not None
    case = draw(loaded.model, loaded.cases[0].sizes or {}, loaded.cases[0].seed)
    values, rng = everything(case), np.random.default_rng(0)
    for name, equation in case.model.whole.equations.items():
        e = equation.expression
        g = Named(rng.normal(size=[case.lengths[axis_of(axis)] for axis in e.axes]), e.axes)
        known = {**values, "the value": evaluate(e, values, case.lengths), "the adjoint": g}
        due: dict[Name, np.ndarray] = {}
        for read_name, term in adjoints(e, Name("the value", e.axes), Name("the adjoint", e.axes)):
            array = arranged(evaluate(term, known, case.lengths), read_name.axes, case.lengths)
            due[read_name] = due.get(read_name, 0.0) + array
        found = Pullback(values, case.lengths, {}).of(e, g)
        assert found.keys() == {one.text for one in due}, name
        for one, array in due.items():
            got = arranged(found[one.text], one.axes, case.lengths)
            np.testing.assert_allclose(got, array, rtol=1e-9, atol=1e-12, err_msg=f"{one.text} of {name}")
