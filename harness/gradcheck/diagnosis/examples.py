"""Each kind of edit with an example: the plainest of those that it makes in a few small networks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import chain
from typing import NamedTuple

from gradcheck.diagnosis.changes import Changes
from gradcheck.diagnosis.findings import Change
from gradcheck.diagnosis.trial import with_constant
from gradcheck.edits.candidates import Candidates, unknown_of
from gradcheck.edits.edit import Edit, Kind
from gradcheck.edits.explanation import Explanation
from gradcheck.edits.kinds import CATEGORIES, KINDS
from gradcheck.expr.tree import Axes, Expr, Number
from gradcheck.expr.writing.plain import Plain
from gradcheck.network.backward import backward
from gradcheck.network.read import read_network
from gradcheck.network.records import Network
from gradcheck.network.write import writer_of


class Example(NamedTuple):
    """Of a kind of edits."""

    kind: Kind
    category: str
    change: Change


class _Stated(NamedTuple):
    text: str
    given: Mapping[str, Axes]
    parameters: frozenset[str]
    axes: str
    """A letter each."""
    unasked: frozenset[str] = frozenset(("dy", "dlam", "db1", "db2"))
    """Gradients that make no good example."""


_NETWORKS = (
    _Stated(
        """
z1 = x @ W1 + b1
a1 = tanh(z1)
z2 = a1 @ W2 + b2
p = softmax(z2, k)
J = -sum(y * log(p), n, k) / size(n)
""",
        {"x": ("n", "d"), "W1": ("d", "u"), "b1": ("u",), "W2": ("u", "k"), "b2": ("k",), "y": ("n", "k")},
        frozenset(("W1", "b1", "W2", "b2")),
        "ndku",
    ),
    _Stated(
        """
mu = mean(x, n)
xc = x - mu
var = mean(xc^2, n)
xhat = xc / sqrt(var + 1e-5)
z = xhat @ W + x @ V
J = mean(sum(max(0, 1 - y * relu(z))^2, u), n) + lam * sum(W^2, d, u)
""",
        {"x": ("n", "d"), "W": ("d", "u"), "V": ("d", "u"), "y": ("n", "u"), "lam": ()},
        frozenset(("W", "V")),
        "ndu",
    ),
    _Stated(
        """
h[-1] = h0
for t in T:
  z[t] = x[t] @ Wx + h[t-1] @ Wh + b
  h[t] = tanh(z[t])
J = sum((h - y)^2, n, T, u) / 2
""",
        {"x": ("n", "T", "d"), "h0": ("n", "u"), "Wx": ("d", "u"), "Wh": ("u", "u"), "b": ("u",)}
        | {"y": ("n", "T", "u")},
        frozenset(("Wx", "Wh", "b")),
        "nTdu",
    ),
    _Stated(
        """
e = take(E, ids, v)
z = e @ W
a = e + tanh(z)
J = sum((a - y)^2, n, d)
""",
        {"E": ("v", "d"), "ids": ("n",), "W": ("d", "d"), "y": ("n", "d")},
        frozenset(("E", "W")),
        "vdn",
    ),
    _Stated(
        """
z = sum(windows(x, h, p, i, 2, 1) * w, c, i) + b
a = relu(z)
J = sum((a - y)^2, n, f, p)
""",
        {"x": ("n", "c", "h"), "w": ("f", "c", "i"), "b": ("f",), "y": ("n", "f", "p")},
        frozenset(("w", "b")),
        "nchpif",
    ),
)


def examples() -> Iterator[Example]:
    """One of each kind, the likeliest kinds first. Raises LookupError where none of the networks has one.

    The shortest one of the first network that has any, in the reverse pass rather than in the forward pass.
    """
    found: dict[Kind, tuple[tuple[bool, int, int, str], Change]] = {}
    for number, stated in enumerate(_NETWORKS):
        candidates = _candidates(stated)
        writer = writer_of(candidates.whole, Plain())
        changes = Changes(candidates.whole, writer, (), candidates.forward.equations)
        for name in [n for n in candidates.whole.equations if n not in stated.unasked]:
            everywhere = (edits for edits in candidates.throughout if edits[0].equation == name)
            for edits in chain(((edit,) for edit in candidates.of(name)), everywhere):
                change = changes.change([Explanation(tuple(map(_with_number, edits)))])
                correction, kind = change.corrections[0], edits[0].kind
                size = len(correction.yours) + len(correction.right)
                rank = name in candidates.forward.equations, number, size, correction.yours
                if kind not in found or rank < found[kind][0]:
                    found[kind] = rank, change
    for kind in sorted(KINDS, key=lambda kind: KINDS[kind].rank):
        if kind not in found:
            raise LookupError(f"no example of the kind {kind}")
        yield Example(kind, CATEGORIES[kind], found[kind][1])


def _with_number(edit: Edit) -> Edit:
    """The edit with 2 for a number that nobody knows but whoever made it."""
    unknown = unknown_of(edit)
    return edit if unknown is None else with_constant(edit, unknown, Number(2))


def _candidates(stated: _Stated) -> Candidates:
    network = read_network(stated.text, stated.given, list(stated.axes))
    reverse = partial(backward, by_name=True)
    whole = Network(network.given, (*network.steps, *reverse(network).steps))
    lengths = {axis: 2 + place for place, axis in enumerate(stated.axes)}
    return Candidates(network, whole, stated.parameters, [lengths], reverse, _none)


def _none(name: str, expression: Expr) -> bool:
    return False
