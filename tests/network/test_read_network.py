"""Texts of networks that mean nothing, or not what they seem to: what is said of them, and of which words."""

from __future__ import annotations

import numpy as np
import pytest

from gradcheck.expr.named import Named
from gradcheck.expr.tree import Axes
from gradcheck.network.autograd import differentiate
from gradcheck.network.backward import backward
from gradcheck.network.forward import run
from gradcheck.network.read import EquationsError, read_network

GIVEN: dict[str, Axes] = {"x": ("n",), "s": ("n", "T"), "k": ("n",), "A": ("n", "d"), "U": ("u", "u")}
LOOP = "h[-1] = k\nfor t in T:\n  h[t] = h[t-1]\n"


@pytest.mark.parametrize(
    ("text", "words", "complaint"),
    [
        ("a = b\nb = x", "b", "b is used before it is made; line 2 of the equations makes it"),
        ("a = a + x", "a", "a is made from itself"),
        ("a = x\na = x", "a", "a is made twice; line 1 of the equations makes it, too"),
        ("x = k", "x", "x is given: it can't be made by an equation, too"),
        ("n = x", "n", "n is an axis, too: give one of them another name"),
        ("dx = x", "dx", "dx is what the gradient of x is called: give it another name"),
        ("a == x", "a == x", "this is no equation: write `name = expression`"),
        ("a += x", "a += x", "a quantity gets its value once: write a = ... with all its terms"),
        ("if x: a = x", "if x: a = x", "here stand equations `name = expression` and loops"),
        ("a = x < k < 1", "<", "a comparison is not compared again: put brackets"),
        ("a = s[0]", "[0]", "s[0] stands in no loop: write s for all of it, or put this line under"),
        ("a[t] = x", "a", "a[t] stands in no loop: write it under `for t in T:`"),
        ("h[-1] = k\nh = k", "h", "h is made in no loop, so nothing stands before its first"),
        (LOOP + "h[-1] = k", "h", "what stands before the first h is said twice"),
        ("h[-1] = k\nfor t in T:\n  h[t] = h[t] + s[t]", "h[t]", "h[t] is used before it is made"),
        ("h[-1] = k\nfor t in T:\n  z[t] = h[t]\n  h[t] = z[t]", "h[t]", "h[t] is used before it is made"),
        ("for t in T:\n  h[t] = s[t-1]", "s[t-1]", "what stands before the first s is not said"),
        ("for t in T:\n  h[t] = s[t+1]", "[t+1]", "[t+1] is no time here: there are [t] and [t-1]"),
        ("for t in T:\n  h[t] = s * 2", "s", "s has the axis T of the loop: write s[t] or s[t-1]"),
        ("for t in T:\n  h[t] = x[t]", "x[t]", "x has no axis T, so it has no entry at a time"),
        ("for t in T:\n  h = s[t]", "h", "in a loop an entry is made: write h[t] for h"),
        ("for n in T:\n  h[n] = s[n]", "for n in ", "n is an axis here"),
        ("for x in T:\n  h[x] = s[x]", "for x in ", "x is a quantity here"),
        ("for t in R:\n  h[t] = s[t]", "R", "R is no axis; there are n, T, d, u, p"),
        ("for t in T:\n  for r in T:\n    h[t] = s[t]", "for r in T:", "loops are not nested"),
        ("for t in T:", "for t in T:", "a loop needs lines under it, indented further"),
        ("a = A @ U", "A @ U", "axis d of A meets axis u of U ([n, d] @ [u, u])"),
        ("a = sum(U, u)", "U", "U has the axis u twice, and over which one sum goes is not clear"),
        ("a = sum(A, n, n)", "A", "sum goes over n twice"),
        ("", "", "there is no equation"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_refused(text: str, words: str, complaint: str) -> None:
    with pytest.raises(EquationsError) as refusal:
        read_network(text, GIVEN, "nTdup")
    (fault,) = refusal.value.faults
    assert fault.reason.startswith(complaint)
    assert text[slice(*fault.span)] == words


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a = x" + " + x" * 101, "it has more than 100 operators: give its parts equations of their own"),
        ("a = x" + " + x" * 2000, "it has 8,001 characters, and 4,000 are the most"),
        ("a = " + "(" * 3000 + "x", "it is nested more than 60 levels deep"),
        ("a = " + "-" * 3000 + "x", "it is nested more than 60 levels deep"),
        ("a = x" + "^x" * 1000, "it is nested more than 60 levels deep"),
        ("a = x\n" * 401, "there are 401 equations, and 400 are the most"),
        ("a" * 1_000_000, "the equations have 1,000,000 characters, and 40,000 are the most"),
    ],
    ids=range(7),
)
def test_what_is_too_much_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(EquationsError) as refusal:
        read_network(text, GIVEN, "nTdup")
    assert refusal.value.faults[0].reason == complaint


@pytest.mark.slow
def test_the_most_operators_are_carried_through() -> None:
    """No recursion of reading, deriving or running goes deeper than Python allows."""
    network = read_network("J = " + "*".join(["w"] * 101), {"w": ()}, "n")
    values = run(network, {"w": Named(np.array(1.0), ())}, {})
    assert run(backward(network), values, {})["dw"].array == 101
    assert differentiate(network, {"w": np.array(1.0)}, {}).gradients["w"] == 101


def test_every_fault_is_listed_but_those_that_follow_from_others() -> None:
    with pytest.raises(EquationsError) as refusal:
        read_network("a = nothing\nb = a + x\nc = x @\nd = sum(x, z)\n", GIVEN, "nTdup")
    assert [fault.reason.split(";")[0] for fault in refusal.value.faults] == [
        "there is no nothing here",
        "it ends with '@': what should stand behind it is missing",
        "d is an axis, too: give one of them another name",
    ]
