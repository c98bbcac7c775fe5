"""Programs whose numbers several slips make: the nearest is first, and nothing said that another refutes."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradcheck.checker import Checker
from gradcheck.submission.find import at
from gradcheck.verdict.records import Diagnosis

TWO_LAYERS = """\
title: two layers
network:
  sizes: {n: 5, d: 3, u: 4, k: 2}
  inputs: {x: [n, d], y: [n, k]}
  parameters: {W1: [d, u], b1: [u], W2: [u, k], b2: [k]}
  equations: |
    z1 = x @ W1 + b1
    h = tanh(z1)
    z2 = h @ W2 + b2
    J = sum((z2 - y)^2, n, k)
submission: {run: 'dW2, db2, dW1, db1 = f(x, y, W1, b1, W2, b2)'}
check: [dW2, db2, dW1, db1]
cases:
  - {sizes: {n: 5, d: 3, u: 4, k: 2}}
  - {sizes: {n: 1, d: 3, u: 4, k: 2}}
  - {sizes: {n: 4, d: 2, u: 3, k: 3}}
"""
OF_LAYERS = """\
title: two layers
network:
  inputs: 4
  layers: [{dense: {units: 5, activation: tanh}}, {dense: {units: 3}}]
loss: mean_squared_error
submission: {run: 'dW2, db2, dW1, db1 = f(x, y, W1, b1, W2, b2)'}
check: [dW2, db2, dW1, db1]
cases: [{batch: 6}, {batch: 4, widths: [6, 3, 5]}, {batch: 3, widths: [4, 4, 4]}]
"""
BACKWARD = """\
import numpy as np
def f(x, y, W1, b1, W2, b2):
    m, h = len(x), np.tanh(x @ W1 + b1)
    dz2 = 2 * (h @ W2 + b2 - y)
    dz1 = dz2 @ W2.T * (1 - h * h)
    dW2, db2, dW1, db1 = h.T @ dz2, dz2.sum(0), x.T @ dz1, dz1.sum(0)
    CHANGE
    return dW2, db2, dW1, db1
"""
CHAIN = """\
title: three layers whose arguments are halved
network:
  sizes: {n: 5, d: 3}
  inputs: {x: [n, d], y: [n, d]}
  parameters: {C: [d, d], c: [d], A: [d, d], a: [d], B: [d, d], b: [d]}
  equations: |
    t = x @ C + c
    g = tanh(t / 2)
    u = g @ A + a
    h = tanh(u / 2)
    v = h @ B + b
    w = tanh(v / 2)
    J = sum((w - y)^2, n, d) / (4 * size(n))
submission: {run: 'dB, db, dA, da, dC, dc = f(x, y, C, c, A, a, B, b)'}
check: [dB, db, dA, da, dC, dc]
cases: [{sizes: {n: 5, d: 3}}, {sizes: {n: 4, d: 4}}]
"""
HALVED = """\
import numpy as np
def f(x, y, C, c, A, a, B, b):
    g = np.tanh((x @ C + c) / 2)
    h = np.tanh((g @ A + a) / 2)
    w = np.tanh((h @ B + b) / 2)
    dv = (w - y) / (2 * len(x)) * (1 - w * w)
    du = dv @ B.T * (1 - h * h)
    dt = du @ A.T * (1 - g * g) / 2
    return h.T @ dv, dv.sum(0), g.T @ du, du.sum(0), x.T @ dt, dt.sum(0)
"""
MARGIN = """\
title: a margin between two inputs
network:
  sizes: {n: 5, d: 3, u: 4}
  inputs: {p: [n, d], q: [n, d], y: {axes: [n], draw: signs}}
  parameters: {W: [d, u]}
  equations: |
    f = tanh(p @ W)
    g = tanh(q @ W)
    s = f - g
    r = sum(s^2, u)
    J = mean(relu(1 - y * r), n)
submission: {run: 'dW = f(p, q, y, W)'}
check: [dW]
"""
OTHER_SIGN = """\
import numpy as np
def f(p, q, y, W):
    f, g = np.tanh(p @ W), np.tanh(q @ W)
    r = ((f - g) ** 2).sum(1)
    ds = 2 * (f - g) * (y * (1 + y * r > 0) / len(p))[:, None]
    return p.T @ (ds * (1 - f * f)) - q.T @ (ds * (1 - g * g))
"""
LOGISTIC = """\
title: a logistic loss of a margin
network:
  sizes: {n: 5, d: 3}
  inputs: {x: [n, d], y: {axes: [n], draw: signs}}
  parameters: {w: [d], b: []}
  equations: |
    f = x @ w + b
    m = y * f
    J = mean(softplus(-m), n)
submission: {run: 'dw, db = f(x, y, w, b)'}
check: [dw, db]
"""
LOST_SIGN = """\
import numpy as np
def f(x, y, w, b):
    df = y / (1 + np.exp(y * (x @ w + b))) / len(x)
    return x.T @ df, df.sum()
"""

HIGHWAY = """\
title: a gate between two ways
network:
  sizes: {n: 5, d: 3}
  inputs: {x: [n, d], h: [n, d]}
  parameters: {W: [d, d]}
  equations: |
    g = sigmoid(x @ W)
    y = (1 - g) * x + g * h
submission: {run: 'dx, dh, dW = f(x, h, W, dy)'}
check: [dh, dW, dx]
cases: [{sizes: {n: 5, d: 3}}, {sizes: {n: 4, d: 4}}]
"""
GATE_ITSELF = """\
import numpy as np
def f(x, h, W, dy):
    g = 1 / (1 + np.exp(-(x @ W)))
    dz = dy * (h - x) * g * (1 - g)
    return dy * g + dz @ W.T, dy * g, x.T @ dz
"""
PENALISED = """\
title: two layers with a penalty of one half
network:
  inputs: 4
  layers: [{dense: {units: 5, activation: tanh}}, {dense: {units: 3}}]
loss: mean_squared_error
penalty: {l2: 0.5, constant: lambda/2}
submission: {run: 'dW2, db2, dW1, db1 = f(x, y, W1, b1, W2, b2, lam)'}
check: [dW2, db2, dW1, db1]
cases: [{batch: 6}, {batch: 4, widths: [6, 3, 5]}, {batch: 3, widths: [4, 4, 4]}]
"""
TWICE = """\
import numpy as np
def f(x, y, W1, b1, W2, b2, lam):
    h = np.tanh(x @ W1 + b1)
    dz2 = 2 * (h @ W2 + b2 - y) / y.size
    dz1 = dz2 @ W2.T * (1 - h * h)
    dW2, dW1 = h.T @ dz2 + 2 * lam * W2, x.T @ dz1 + 2 * lam * W1
    return dW2, dz2.mean(0), dW1, dz1.mean(0)
"""


def diagnosis(tmp_path: Path, spec: str, program: str) -> Diagnosis:
    """What is said of a program."""
    (tmp_path / "net.yaml").write_text(spec)
    (tmp_path / "net.py").write_text(program)
    with Checker() as checker:
        found = checker.check(at(tmp_path / "net.py"), tmp_path / "net.yaml").diagnosis
    assert found is not None
    return found


def changed(change: str) -> str:
    """A program with some lines behind right gradients."""
    return BACKWARD.replace("CHANGE", change)


def test_of_equal_forward_passes_the_one_with_another_sign_in_the_loss_is_first(tmp_path: Path) -> None:
    """Not the one with another sign in an early step; and it may be the backward pass alone that is wrong."""
    found = diagnosis(tmp_path, MARGIN, OTHER_SIGN)
    assert found.location == (
        "Your numbers are those of a network that computes J differently, or of a backward pass written for "
        "such a network."
    )
    assert found.corrections[0].yours == "J = mean(relu(1 + y * r), n)"
    assert found.alternatives == ("r = -sum(s^2, u)",)


@pytest.mark.slow
def test_a_minus_that_is_lost_comes_before_one_that_is_gained(tmp_path: Path) -> None:
    """Either makes the same numbers; and where both lines of two gradients may have it, that is said."""
    found = diagnosis(tmp_path, LOGISTIC, LOST_SIGN)
    assert found.location == (
        "The first wrong quantity seems to be dm, which you did not hand in, or the same slip is in dw "
        "and db."
    )
    assert found.corrections[0].yours == "dm = sigmoid(-m) / size(n)"
    assert "df = -dm * y" in found.alternatives


@pytest.mark.slow
@pytest.mark.parametrize("spec", [TWO_LAYERS, OF_LAYERS])
@pytest.mark.parametrize(
    ("change", "clause"),
    [
        ("for i in range(m): dW1, db1 = np.outer(x[i], dz1[i]), dz1[i]", "only the last term of the sum"),
        ("dW1, db1 = x[1:].T @ dz1[1:], dz1[1:].sum(0)", "one end of the range is left out"),
        ("dW1, db1 = dW1 / m, db1 / m", "the sum in dW1 is replaced by a mean"),
    ],
)
def test_a_slip_in_two_lines_is_not_one_in_the_delta_before_them(
    tmp_path: Path, spec: str, change: str, clause: str
) -> None:
    """Which was not handed in: what is handed in is called first, and the delta is another reading."""
    right = "" if spec is TWO_LAYERS else "dW2, db2, dW1, db1 = (g / dz2.size for g in (dW2, db2, dW1, db1))"
    found = diagnosis(tmp_path, spec, changed(f"{change}\n    {right}"))
    assert found.location.startswith("dW1 is the first wrong quantity that you handed in")
    assert found.consequences == "db1 is wrong because of the same change."
    assert clause in found.corrections[0].change
    assert found.corrections[0].change.endswith("and likewise in db1")
    assert found.alternatives[0].startswith("dz1 = ")


@pytest.mark.slow
def test_a_report_says_where_its_equations_divide(tmp_path: Path) -> None:
    """What it says should be there may be what a program has that divides later, or should."""
    right = "dW2, db2, dW1, db1 = (g / dz2.size for g in (dW2, db2, dW1, db1))"
    found = diagnosis(tmp_path, OF_LAYERS, changed(f"{right}; dW1, db1 = dW1 * m, db1 * m"))
    assert found.corrections[0].right == "dW1 = x.T @ dz1"
    assert found.corrections[0].change == (
        "dW1 is m times what it should be, and likewise in db1; in these equations dz1 holds 1 / m already"
    )


@pytest.mark.slow
def test_a_slip_in_a_delta_may_be_in_all_lines_that_read_it(tmp_path: Path) -> None:
    """Where 1/m is missing everywhere, nothing is said to follow from the delta."""
    change = "dW2, db2, dW1, db1 = (g * m / dz2.size for g in (dW2, db2, dW1, db1))"
    found = diagnosis(tmp_path, OF_LAYERS, changed(change))
    assert found.location == (
        "The first wrong quantity seems to be dz2, which you did not hand in, or the same slip is in dW2, "
        "db2, dW1 and db1."
    )
    assert found.consequences == ""


@pytest.mark.slow
def test_a_slip_in_two_of_several_like_places_is_one(tmp_path: Path) -> None:
    """Its square in one place, and what makes up for that in the lines between, is no reading."""
    found = diagnosis(tmp_path, CHAIN, HALVED)
    (correction,) = found.corrections
    assert correction.change == "the factor 1 / 2 is left out, and likewise in du"
    assert found.consequences == "dB and db follow from dv; dA, da, dC and dc follow from du."
    assert not any("dB" in equation for equation in found.alternatives)


@pytest.mark.slow
def test_a_cause_is_one_way_in_which_an_equation_comes_about(tmp_path: Path) -> None:
    """A slope that was written once too often is not called an array that is overwritten."""
    found = diagnosis(tmp_path, TWO_LAYERS, changed("dW2 = (1 - h * h).T @ dz2"))
    assert found.corrections[0].change == (
        "1 - h^2 stands in place of h, as if its array were overwritten before this line"
    )


@pytest.mark.slow
def test_what_reads_another_wrong_quantity_is_not_made_by_the_same_change_alone(tmp_path: Path) -> None:
    """In a case with one example a mean changes nothing, and db1 is wrong by dz1."""
    change = "dz1 = dz2 @ W2.T; dW2, dW1, db1 = dW2 / m, x.T @ dz1, dz1.mean(0)"
    found = diagnosis(tmp_path, TWO_LAYERS, changed(change))
    assert [correction.yours for correction in found.corrections] == [
        "dW2 = h.T @ dz2 / size(n)",
        "dz1 = dz2 @ W2.T",
    ]
    assert found.consequences == "dW1 follows from dz1; db1 is wrong, too."


def test_a_gate_in_the_place_of_its_rest_is_named_as_it_is(tmp_path: Path) -> None:
    """And not the other way round, which within 1 - g makes the same numbers."""
    (found,) = diagnosis(tmp_path, HIGHWAY, GATE_ITSELF).corrections
    assert found.change == "g stands in place of 1 - g"


def test_a_factor_may_be_doubled_where_it_seems_left_out(tmp_path: Path) -> None:
    """Of ½ both are 1."""
    changes = [one.change for one in diagnosis(tmp_path, PENALISED, TWICE).corrections]
    about = [change for change in changes if "lam" in change or "penalty" in change]
    assert about
    assert all("2 * lam stands there" in change or "twice" in change for change in about)
