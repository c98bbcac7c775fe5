"""Specs in equations: what is wrong with one is said at its line and column, all of it at once."""

from __future__ import annotations

import pytest

from complaints import complaints
from gradcheck.errors import UsageError
from gradcheck.network.case import draw, everything
from gradcheck.network.forward import laid
from gradcheck.oracle.equations import autograd
from gradcheck.specification.read import parse

GOOD = """\
title: t
network:
  sizes: {n: 5, T: 3, d: 4, u: 6}
  inputs: {x: [n, d], s: [n, T, d], h0: [n, u], y: {axes: [n, u], draw: one_hot}}
  parameters: {W: [d, u], b: [u], U: [u, u]}
  equations: |
    z = x @ W + b
    a = tanh(z)
    h[-1] = h0
    for t in T:
      h[t] = tanh(s[t] @ W + h[t-1] @ U)
    g = sum(h, T)
    J = mean(sum(y * log(softmax(a * g, u)), u), n)
check: [dW, dU, db]
"""

COMPLAINTS = [
    ("z = x @ W + b", "z = x @ U + b", "7:9: axis d of x meets axis u of U ([n, d] @ [u, u])"),
    ("a = tanh(z)", "a = tanhh(z)", "8:9: there is no function tanhh; did you mean tanh?"),
    ("a = tanh(z)", "a = tanh(zz)", "8:14: there is no zz here; did you mean z?"),
    ("a = tanh(z)", "a = tanh(g)", "8:14: g is used before it is made; line 6 of the equations makes it"),
    ("a = tanh(z)", "a = tanh(a)", "8:14: a is made from itself: give what it is made from another name"),
    ("a = tanh(z)", "a = tanh(z", "8:13: this ( is never closed"),
    ("a = tanh(z)", "a = tanh(z) -", "8:17: it ends with '-': what should stand behind it is missing"),
    ("a = tanh(z)", "a =", "8:8: nothing stands here"),
    ("    h[-1] = h0\n", "", "10:30: what stands before the first h is not said: put a line in front of the loop, as in h[-1] = 0"),
    ("h[-1] = h0", "h[-1] = 0", "11:30: h[-1], which stands before the first, is a single number: where h[t] is an array, say how h lies"),
    ("a = tanh(z)", "a = 2 tanh(z)", "8:11: an operator is missing before 'tanh'; a product is written with * or @"),
    ("a = tanh(z)", "a += tanh(z)", "8:5: a quantity gets its value once: write a = ... with all its terms"),
    ("a = tanh(z)", "a = tanh(z)\n    z = 2 * x", "9:5: z is made twice; line 1 of the equations makes it, too"),
    ("a = tanh(z)", "a = tanh(z)\n    W = 2 * x", "9:5: W is given: it can't be made by an equation, too"),
    ("a = tanh(z)", "a = tanh(z)\n    dx = 2 * x", "9:5: dx is what the gradient of x is called: give it another name"),
    ("a = tanh(z)", "a = tanh(z)\n    if a: b", "9:5: here stand equations `name = expression` and loops"),
    ("a = tanh(z)", "a = np.tanh(z)", "8:9: functions stand alone: write tanh(...), not np.tanh"),
    ("g = sum(h, T)", "g = sum(h, axis=1)", "12:16: an axis goes by its name: write sum(x, n), without axis="),
    ("g = sum(h, T)", "g = sum(h, T) / m", "12:21: there is no m here; the length of an axis is size(n)"),
    ("for t in T:", "for t in range(T):", "10:5: a loop goes over an axis by its name: write for t in T:"),
    ("for t in T:", "for t in T:\n      for i in d:", "11:7: loops are not nested: along other axes whole arrays go"),
    ("h[-1] = h0", "h[0] = h0", "9:5: a loop makes the entries of h; what stands before them is h[-1]"),
    ("draw: one_hot", "draw: onehot", "4:73: there is no draw onehot"),
    ("draw: one_hot", "draw: one_hot, over: T", "4:88: T is no axis of y"),
    ("draw: one_hot", "draw: binary, over: u", "4:81: what is drawn so goes over no axis"),
    ("g = sum(h, T)", "g = sum(h)", "12:9: sum takes one array and the axis that it goes over: sum(x, n)"),
    ("g = sum(h, T)", "g = sum(x, T) + a", "12:13: x has no axis T; it has [n, d]"),
    ("g = sum(h, T)", "g = sum(U, u) + a", "12:13: U has the axis u twice"),
    ("g = sum(h, T)", "g = h[t]", "12:10: h[t] stands in no loop: write h for all of it, or put this line under `for t in T:`"),
    ("g = sum(h, T)", "g = size(z) + a", "12:14: z is no axis; there are n, T, d, u"),
    ("s[t] @ W", "s @ W", "11:19: s has the axis T of the loop: write s[t] or s[t-1]"),
    ("h[t-1] @ U", "h[t-2] @ U", "11:31: [t-2] is no time here: there are [t] and [t-1]"),
    ("s[t] @ W", "s[t-1] @ W", "11:19: what stands before the first s is not said"),
    ("h[t] = tanh", "h = tanh", "11:7: in a loop an entry is made: write h[t] for h"),
    ("for t in T:", "for t in Q:", "10:14: Q is no axis; there are n, T, d, u"),
    ("h[-1] = h0", "h[-1] = x", "11:30: axis d of h[t-1] meets axis u of U ([n, d] @ [u, u])"),
    ("h[-1] = h0", "h[-1] = b", "11:7: h[t] has the axes [n, u], and what stands before the first, h[-1], has"),
    ("J = mean(sum(y * log(softmax(a * g, u)), u), n)", "J = sum(a * g, u)", "13:5: J is a single number, and this has the axes n: sum or average over them"),
    ("check: [dW, dU, db]", "check: [dy]", "14:9: dy does not exist: y is drawn from one_hot"),
    ("check: [dW, dU, db]", "check: [W]", "14:9: W is handed to the submission, not computed by it"),
    ("check: [dW, dU, db]", "check: [dV]", "14:9: the equations have no quantity dV"),
    ("x: [n, d]", "x: [n, e]", "4:19: e is no axis of sizes"),
    ("W: [d, u]", "x: [d, u]", "5:16: x is an input already"),
    ("draw: one_hot", "draw: labels", "4:73: how many labels there are is not said"),
    ("title: t\n", "title: t\nloss: squared_error\n", "2:1: loss is for networks of layers"),
    ("check: [dW, dU, db]", "check: [dW]\ncases: [{batch: 3}]", "15:10: batch is for networks of layers"),
    ("check: [dW, dU, db]", "check: [dW]\ncases: [{sizes: {w: 3}}]", "15:18: w is no axis of the network"),
    ("n: 5, T: 3,", "n: 9000, T: 300,", "3:10: s would have"),
    ("n: 5, T: 3,", "n: 5, T: 1000000000000000000,", "3:20: T is a number of more than 18 digits"),
    ("a = tanh(z)", "a = tanh(z) * b1\n    b1 = c1\n    c1 = a", "8:19: each is made from the next, a from b1, b1 from c1, c1 from a: none of them can be the first"),
    ("a = tanh(z)", "a = softmax(z, n, u)", "8:9: softmax goes over one axis: flatten several to one before"),
    ("a = tanh(z)", "a = tanh(z)\n    q = take(x, z, d)", "9:5: take goes by whole numbers, from 0: write one, or draw"),
    ("a = tanh(z)", "a = tanh(z)\n    q = take(x, 4, d)", "3:10: take goes by numbers up to 4, and along d = 4 there are 0 to 3"),
    ("a = tanh(z)", "a = tanh(z)\n    lambda = z", "9:5: 'lambda' can't be the name of a variable in Python"),
    ("s: [n, T, d]", "s: [n, T, d], None: [n]", "4:37: 'None' can't be the name of a variable in Python"),
    ("  equations", "  layout: {zz: [u, n], x: [d, n]}\n  equations", "6:12: no equation makes zz"),
    ("  equations", "  layout: {zz: [u, n], x: [d, n]}\n  equations", "6:24: x lies as its axes are listed"),
]  # fmt: skip


def test_the_good_one_is_good() -> None:
    """Nothing is wrong with the spec that the others are made from."""
    spec = parse(GOOD.encode(), "s.yaml")
    assert spec.check == ("dW", "dU", "db")
    assert len(spec.cases) == 3


@pytest.mark.parametrize(("old", "new", "complaint"), COMPLAINTS, ids=[c[1].strip() for c in COMPLAINTS])
def test_a_fault_is_reported_where_it_stands(old: str, new: str, complaint: str) -> None:
    """Line, column, what is wrong, and what to write."""
    assert GOOD.count(old) == 1
    assert f"s.yaml:{complaint}" in complaints(GOOD.replace(old, new))


STRUCTURE = """\
title: t
network:
  sizes: {n: 2, h: 6, p: 5, i: 2}
  inputs: {x: [n, h]}
  equations: "J = sum(max(windows(x, h, p, i), i), n, p)"
check: [dx]
cases: [{sizes: {h: 9, p: 8}}, {sizes: {n: 3}}]
"""


def test_an_axis_that_code_cannot_see_keeps_its_length() -> None:
    """Where no other length asks for another one."""
    assert [case.sizes["p"] for case in parse(STRUCTURE.encode(), "s.yaml").cases if case.sizes] == [8, 5]
    report = complaints(STRUCTURE.replace("h: 9, p: 8", "p: 4, i: 3"))
    assert "s.yaml:7:18: no array that code is given has the axis p" in report
    assert "s.yaml:7:24: no array that code is given has the axis i" in report


def test_what_nothing_depends_on_has_no_gradient_to_be_asked() -> None:
    """It would be 0 for everybody."""
    report = complaints(GOOD.replace("b: [u],", "b: [u], V: [u],").replace("[dW,", "[dV, dW,"))
    assert "s.yaml:14:9: J does not depend on V: dV is 0" in report


def test_what_is_made_on_the_way_has_its_limit_too() -> None:
    """A sum of what would have too many numbers has few, and a product of matrices makes none on the way."""
    text = GOOD.replace("n: 5, T: 3, d: 4, u: 6", "n: 50, T: 50, d: 50, u: 90")
    assert parse(text.replace("z = x @ W", "z = x @ W + sum(s @ W, T)").encode(), "s.yaml")
    report = complaints(text.replace("z = x @ W", "z = x @ W + sum(tanh(s * W), T, d)"))
    assert "s.yaml:3:10: a part of z would have 11,250,000 numbers, and 10,000,000 are the most" in report


def test_all_faults_are_reported_at_once() -> None:
    """Of an equation that can't be read nothing follows, and the others are read all the same."""
    text = GOOD.replace("tanh(z)", "tanhh(z)").replace("sum(h, T)", "sum(h, Q)").replace("y * log", "v * log")
    report = complaints(text)
    assert "there is no function tanhh" in report
    assert "there is no Q here" in report
    assert "there is no v here" in report
    assert report.endswith("Found 3 complaints.")


def test_one_equation_may_have_many_faults() -> None:
    """Unknown names and functions, one that is not read itself, and what ends the reading: each once."""
    text = GOOD.replace("a = tanh(z)", "a = tanhh(zz) + mm @ zz + z *")
    text = text.replace("g = sum(h, T)", "g = a + sum(h; T)").replace("for t in T:", "for t in T")
    text = text.replace("check: [dW, dU, db]", "check: [dW]\nrun: 1\nsubmission: {run: 'dW = f(x W)'}")
    report = complaints(text)
    for complaint in (
        "8:9: there is no function tanhh",
        "8:15: there is no zz here",
        "8:21: there is no mm here",
        "8:33: it ends with '*'",
        "10:5: a loop's first line ends with a colon: write for t in T:",
        "12:18: ';' is out of place",
        "15:1: the spec has no key run",
        "help: it is a key of submission",
        "run is not Python",
        "Found 8 complaints.",
    ):
        assert complaint in report


@pytest.mark.parametrize(
    "inner", ["(" * 10_000 + "x", "-" * 10_000 + "x", "x" + " @ W" * 10_000, "2^" * 5000 + "2"]
)
def test_monsters_are_refused(inner: str) -> None:
    """However long or deep."""
    report = complaints(GOOD.replace("tanh(z)", inner))
    assert "levels deep" in report or "characters" in report


def test_a_megabyte_is_refused() -> None:
    """By its size."""
    report = complaints(GOOD.replace("    g = sum(h, T)\n", "    q = x\n" * 100_000))
    assert "characters" in report or "most" in report


def test_formulas_on_paper_are_for_layers() -> None:
    """A spec in equations takes none, and `gradcheck formula` reads none of it."""
    with_formula = GOOD + "submission: {formula: true}\n"
    place = f"{with_formula.count(chr(10))}:23"
    assert f"s.yaml:{place}: formulas on paper are read of networks of layers" in complaints(with_formula)
    with pytest.raises(UsageError, match=r"stated in equations: gradcheck FILE\.py --spec s\.yaml"):
        parse(GOOD.encode(), "s.yaml").whole((1,))


def test_an_objective_may_be_an_array_of_one_number() -> None:
    """As it is where targets lie in one row: J = mean(row, samples) has an axis of length one left."""
    text = """
title: One row
network:
  sizes: {d: 3, n: 5}
  inputs: {X: [d, n], Y: [1, n]}
  parameters: {w: [1, d]}
  equations: J = mean((w @ X - Y)^2, n)
check: [dw, J]
submission: {file: row.py, run: "dw, J = f(X, Y, w)"}
"""
    spec = parse(text.encode(), "row.yaml")
    assert spec.model is not None
    case = draw(spec.model, {}, 1)
    assert laid(spec.model.whole, "J", everything(case)["J"], case.lengths).shape == (1,)
    gradient = autograd(case).gradients["w"]
    X, Y, w = (case.given[name].array for name in ("X", "Y", "w"))
    assert gradient.ravel() == pytest.approx(2 / 5 * X @ (w @ X - Y))


def test_of_many_unknown_keys_nothing_is_suggested() -> None:
    """A few have a suggestion each."""
    few, many = (complaints(GOOD + "".join(f"titel{n}: t\n" for n in range(count))) for count in (50, 51))
    assert few.count("did you mean title?") == 50
    assert many.endswith("Found 51 complaints; the first 50 are shown.")
    assert "did you mean" not in many
