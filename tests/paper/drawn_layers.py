"""Networks of layers, drawn: one example as a column, or a batch in rows or in columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from drawn_formulas import (
    Call,
    Constant,
    Diagonal,
    Formula,
    Gathered,
    Name,
    Negative,
    Over,
    Partial,
    Positive,
    Power,
    Ref,
    Shape,
    Squared,
    Sum,
    Times,
    Total,
    Trace,
    Turned,
    minus,
    product,
)
from drawn_network import Equation, Network

ONE, HALF, COUNT = Constant(1.0), Constant(0.5), Ref(Name("m"))
AFTER = str.maketrans("zZ", "aA")
FUNCTIONS = ("sigma", "tanh", "relu", "exp", "identity")
DELTAS = ("spelled", "partial", "alias", "defined")
"""How a gradient goes into the next one: written out, as ∂C/∂z, as δ = ∂C/∂z, or as a δ that is defined."""


@dataclass
class Layers:
    """A network of layers while it is made."""

    rng: Random
    inputs: dict[Name, Shape] = field(default_factory=dict)
    definitions: list[Equation] = field(default_factory=list)
    claims: list[Equation] = field(default_factory=list)
    aliases: dict[Name, Partial] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    distributions: frozenset[Name] = frozenset()
    lengths: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.loss = Name(self.rng.choice("CLJE"))
        self.target = Name(self.rng.choice("yyt"))
        self.depth = self.rng.choice((1, 1, 2, 2, 3))
        self.deltas = self.rng.choice(DELTAS)
        self.has_bias = self.rng.random() < 0.7
        self.sizes = self.rng.sample((2, 3, 4, 5), self.depth + 1)
        self.pieces: list[tuple[str, str]] = []
        """Of each layer its function, and by which letter it goes."""

    def name(self, letter: str, layer: int) -> Name:
        """A quantity of a layer, without a number where there is but one."""
        return Name(letter, layer if self.depth > 1 else 0)

    def ref(self, letter: str, layer: int) -> Ref:
        """The same in a formula."""
        return Ref(self.name(letter, layer))

    def input(self, letter: str, layer: int, shape: Shape) -> Ref:
        """Something that is given."""
        self.inputs[self.name(letter, layer)] = shape
        return self.ref(letter, layer)

    def define(self, head: Ref, body: Formula) -> None:
        """Add a definition."""
        self.definitions.append(Equation((head, body), defines=True))

    def claim(self, by: Ref, *bodies: Formula) -> None:
        """Add what the loss's derivative is."""
        self.claims.append(Equation((Partial(Ref(self.loss), by), *bodies)))

    def choose_function(self, *, last: bool) -> str:
        """One for the next layer; its letter."""
        grows = any(function == "exp" for function, _ in self.pieces)
        every = [one for one in FUNCTIONS if one != ("identity" if not last else "exp" if grows else "")]
        function = self.rng.choice(every)
        letter = function
        if function in ("sigma", "tanh", "relu") and self.rng.random() < 0.2:
            letter = self.rng.choice(("theta", "f", "g"))
            if self.functions.setdefault(letter, function) != function:
                letter = function
        self.pieces.append((function, letter))
        return letter

    def slope(self, layer: int, z: Formula, a: Formula) -> Formula | None:
        """The derivative of a layer's function; None of the identity."""
        function, letter = self.pieces[layer - 1]
        if function == "exp":
            return a
        if function == "identity":
            return None
        if letter != function or self.rng.random() < 0.5:
            return Call(letter, z, slope=True)
        if function == "sigma":
            return product(a, minus(ONE, a), by="entry")
        return minus(ONE, Power(a, 2)) if function == "tanh" else Positive(z)

    def delta(self, layer: int, z: Ref, right: Formula) -> Formula:
        """What a gradient by z is called from here on; the claims or the definition that this takes."""
        delta = self.ref("delta", layer)
        partial = Partial(Ref(self.loss), z)
        if self.deltas == "alias":
            self.aliases[delta.name] = partial
            self.claims.append(Equation((delta, partial, right)))
            return delta
        if self.deltas == "defined":
            self.claims += [Equation((delta, right), defines=True), Equation((partial, delta))]
            return delta
        through = []
        if isinstance(right, Times) and right.by == "entry" and self.rng.random() < 0.15:
            upstream = Partial(Ref(self.loss), self.ref(z.name.letter.translate(AFTER), layer))
            through.append(Times(upstream, right.right, "entry"))
        self.claim(z, *through, right)
        return partial if self.deltas == "partial" else right

    def network(self) -> Network:
        """All of it."""
        return Network(
            self.inputs,
            self.definitions,
            self.claims,
            self.functions,
            self.lengths,
            distributions=self.distributions,
            aliases=self.aliases,
        )


def one_example(rng: Random) -> Network:
    """A column x, weights in front of it."""
    net = Layers(rng)
    x = a = Ref(Name("x"))
    net.inputs[x.name] = (net.sizes[0], 1)
    kind = rng.choice(("half", "norm", "sum" if net.depth == 1 else "half", "softmax", "binary"))
    for n in range(1, net.depth + 1):
        a = _layer(net, n, a, kind if n == net.depth else "")
    y = Ref(net.target)
    net.inputs[y.name] = (net.sizes[-1], 1)
    penalty = rng.random() < 0.2
    loss, slope = _loss(net, kind, a, y)
    if penalty:
        net.inputs[Name("lambda")] = ()
        strength = Ref(Name("lambda"))
        weight = Times(HALF, strength) if rng.random() < 0.5 else Over(strength, Constant(2))
        weights = [Times(weight, Squared(net.ref("W", n))) for n in range(1, net.depth + 1)]
        loss = Sum((loss, *weights))
    net.define(Ref(net.loss), loss)
    net.lengths["k"] = net.sizes[-1]
    if kind in ("half", "norm", "sum") and rng.random() < 0.5:
        net.claim(a, slope)
    if rng.random() < 0.15:
        _jacobians(net)
    _backward(net, slope, kind, penalty=penalty)
    return net.network()


def _layer(net: Layers, n: int, before: Ref, kind: str) -> Ref:
    """z = W a + b and a = f(z)."""
    rows, columns = net.sizes[n], net.sizes[n - 1]
    z, a = net.ref("z", n), net.ref("a", n)
    body: Formula = Times(net.input("W", n, (rows, columns)), before)
    if net.has_bias:
        body = Sum((body, net.input("b", n, (rows, 1))))
    net.define(z, body)
    if kind in ("softmax", "binary"):
        letter = "softmax" if kind == "softmax" else "sigma"
        net.pieces.append((letter, letter))
    else:
        letter = net.choose_function(last=n == net.depth)
    net.define(a, z if letter == "identity" else Call(letter, z))
    return a


def _loss(net: Layers, kind: str, a: Ref, y: Ref) -> tuple[Formula, Formula]:
    """The loss, and its derivative by a, or by z where that is the simple one."""
    off = minus(a, y)
    match kind:
        case "half":
            return Times(HALF, Squared(off)), off
        case "norm":
            return Squared(off), Times(Constant(2), off)
        case "sum":
            entries = minus(Ref(a.name, ("k",)), Ref(y.name, ("k",)))
            return Times(HALF, Total("k", Power(entries, 2))), off
        case "softmax":
            net.distributions = frozenset({y.name})
            return Negative(Times(Turned(y), Call("log", a))), off
    one = Times(Turned(y), Call("log", a))
    other = Times(Turned(minus(ONE, y)), Call("log", minus(ONE, a)))
    return Negative(Sum((one, other))), off


def _jacobians(net: Layers) -> None:
    """Links of the chain, in either layout."""
    n = net.rng.randint(1, net.depth)
    z, a = net.ref("z", n), net.ref("a", n)
    before = net.ref("a", n - 1) if n > 1 else Ref(Name("x"))
    weights = net.ref("W", n)
    net.claims.append(Equation((Partial(z, before), weights if net.rng.random() < 0.6 else Turned(weights))))
    if net.pieces[n - 1][0] in ("sigma", "tanh", "exp") and (slope := net.slope(n, z, a)) is not None:
        net.claims.append(Equation((Partial(a, z), Diagonal(slope))))


def _backward(net: Layers, slope: Formula, kind: str, *, penalty: bool) -> None:
    """The claims, from the last layer to the first."""
    upstream = slope
    for n in range(net.depth, 0, -1):
        z, a = net.ref("z", n), net.ref("a", n)
        before = net.ref("a", n - 1) if n > 1 else Ref(Name("x"))
        local = None if n == net.depth and kind in ("softmax", "binary") else net.slope(n, z, a)
        right = upstream if local is None else Times(upstream, local, "entry")
        delta = net.delta(n, z, right)
        weights: Formula = Times(delta, Turned(before))
        if penalty:
            weights = Sum((weights, Times(Ref(Name("lambda")), net.ref("W", n))))
        net.claim(net.ref("W", n), weights)
        if net.has_bias:
            net.claim(net.ref("b", n), delta)
        upstream = Times(Turned(net.ref("W", n)), delta)
        if net.rng.random() < 0.3:
            net.claim(before, upstream)


def batch(rng: Random) -> Network:
    """Examples in rows, weights behind them; or in columns, weights in front."""
    net, rows = Layers(rng), rng.random() < 0.5
    net.target, net.deltas, examples = Name("Y"), rng.choice(("spelled", "partial", "alias")), 6
    a = Ref(Name("X"))
    net.inputs[a.name] = (examples, net.sizes[0]) if rows else (net.sizes[0], examples)
    for n in range(1, net.depth + 1):
        z, next_, shape = net.ref("Z", n), net.ref("A", n), (net.sizes[n - 1], net.sizes[n])
        weights = net.input("W", n, shape if rows else shape[::-1])
        body: Formula = Times(a, weights) if rows else Times(weights, a)
        if net.has_bias:
            bias = net.input("b", n, (1, net.sizes[n]) if rows else (net.sizes[n], 1))
            body = Sum((body, bias))
        net.define(z, body)
        letter = net.choose_function(last=n == net.depth)
        net.define(next_, z if letter == "identity" else Call(letter, z))
        a = next_
    y = Ref(net.target)
    net.inputs[y.name] = (examples, net.sizes[-1]) if rows else (net.sizes[-1], examples)
    off = minus(a, y)
    upstream: Formula = off
    if rng.random() < 0.3:
        net.define(Ref(net.loss), Times(HALF, Trace(Times(Turned(off), off))))
    elif rng.random() < 0.5:
        net.inputs[Name("m")] = ()
        net.define(Ref(net.loss), Times(Over(ONE, COUNT), Squared(off)))
        upstream = Times(Over(Constant(2), COUNT), off)
    else:
        net.define(Ref(net.loss), Times(HALF, Squared(off)))
    for n in range(net.depth, 0, -1):
        z, here = net.ref("Z", n), net.ref("A", n)
        before = net.ref("A", n - 1) if n > 1 else Ref(Name("X"))
        local = net.slope(n, z, here)
        delta = net.delta(n, z, upstream if local is None else Times(upstream, local, "entry"))
        weights = net.ref("W", n)
        net.claim(weights, Times(Turned(before), delta) if rows else Times(delta, Turned(before)))
        if net.has_bias:
            net.claim(net.ref("b", n), Gathered(delta, 0 if rows else 1))
        upstream = Times(delta, Turned(weights)) if rows else Times(Turned(weights), delta)
        if rng.random() < 0.3:
            net.claim(before, upstream)
    return net.network()
