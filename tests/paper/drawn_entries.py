"""Networks whose entries are written down one by one, and means over examples, drawn."""

from __future__ import annotations

from random import Random

from drawn_formulas import (
    Call,
    Constant,
    Formula,
    Name,
    Negative,
    Over,
    Partial,
    Power,
    Ref,
    Same,
    Sum,
    Times,
    Total,
    Turned,
    minus,
    product,
)
from drawn_network import Equation, Network

ONE, HALF, TWO = Constant(1.0), Constant(0.5), Constant(2.0)


def by_entries(rng: Random) -> Network:
    """z_i = Σ_j w_ij x_j + b_i, one layer or two; the gradient of each weight."""
    deep = rng.random() < 0.4
    loss, f = Ref(Name(rng.choice("CLE"))), rng.choice(("sigma", "tanh"))
    layer = 1 if deep else 0
    i, j, k = rng.choice(("ijk", "jki", "kij", "nmk"))
    sizes = {j: 4, i: 3, k: 2}
    inputs = {Name("x"): (4, 1), Name("w", layer): (3, 4)}
    x, w = Ref(Name("x"), (j,)), Ref(Name("w", layer), (i, j))
    z, a = Ref(Name("z", layer), (i,)), Ref(Name("a", layer), (i,))
    body: Formula = Total(j, Times(w, x))
    has_bias = rng.random() < 0.6
    if has_bias:
        inputs[Name("b", layer)] = (3, 1)
        body = Sum((body, Ref(Name("b", layer), (i,))))
    definitions = [Equation((z, body), True), Equation((a, Call(f, z)), True)]
    last, letter, last_z = a, i, z
    weights = Ref(Name("w", 2), (k, i))
    if deep:
        inputs[Name("w", 2)] = (2, 3)
        last_z, last, letter = Ref(Name("z", 2), (k,)), Ref(Name("a", 2), (k,)), k
        definitions += [
            Equation((last_z, Total(i, Times(weights, a))), True),
            Equation((last, Call(f, last_z)), True),
        ]
    y = Ref(Name(rng.choice("yt")), (letter,))
    inputs[y.name] = (sizes[letter], 1)
    off = minus(last, y)
    half = rng.random() < 0.6
    square = Total(letter, Power(off, 2))
    definitions.append(Equation((loss, Times(HALF, square) if half else square), True))
    slope: Formula = Call(f, last_z, slope=True)
    delta: Formula
    if rng.random() < 0.5:
        slope = product(last, minus(ONE, last)) if f == "sigma" else minus(ONE, Power(last, 2))
    right = product(off, slope) if half else product(TWO, off, slope)
    aliases: dict[Name, Partial] = {}
    claims: list[Equation] = []
    partial = Partial(loss, last_z)
    if rng.random() < 0.6:
        name = Name("delta", 2 if deep else 0)
        delta = Ref(name, (letter,))
        aliases[name] = Partial(loss, Ref(last_z.name))
        claims.append(Equation((delta, partial, right)))
    else:
        delta = right
        claims.append(Equation((partial, right)))
    if deep:
        claims.append(Equation((Partial(loss, weights), product(delta, a))))
        here = Call(f, z, slope=True)
        inner = Total(k, product(delta, weights))
        claims.append(Equation((Partial(loss, z), product(here, inner))))
        claims.append(Equation((Partial(loss, w), product(here, x, inner))))
    else:
        claims.append(Equation((Partial(loss, w), product(delta, x))))
        if has_bias:
            claims.append(Equation((Partial(loss, Ref(Name("b"), (i,))), delta)))
        if rng.random() < 0.5:
            claims.append(Equation((Partial(loss, x), Total(i, product(delta, w)))))
    return Network(inputs, definitions, claims, lengths=sizes, aliases=aliases)


def softmax(rng: Random) -> Network:
    """p_i = e^{z_i} / Σ_j e^{z_j} and its cross-entropy; the derivatives by cases of i and j."""
    i, j, k = rng.choice(("ijk", "kij", "ikj"))
    z, p = Name(rng.choice("zao")), Name(rng.choice(("p", "s", "y_hat")))
    y, loss = Name(rng.choice("yt")), Ref(Name(rng.choice("LCE")))
    head = Over(Call("exp", Ref(z, (i,))), Total(k, Call("exp", Ref(z, (k,)))))
    definitions = [
        Equation((Ref(p, (i,)), head), True),
        Equation((loss, Negative(Total(k, Times(Ref(y, (k,)), Call("log", Ref(p, (k,))))))), True),
    ]
    links = product(Ref(p, (i,)), minus(Same(i, j), Ref(p, (j,))))
    claims = [Equation((Partial(Ref(p, (i,)), Ref(z, (j,))), links))]
    claims.append(Equation((Partial(loss, Ref(z, (i,))), minus(Ref(p, (i,)), Ref(y, (i,))))))
    claims.append(Equation((Partial(loss, Ref(p, (i,))), Negative(Over(Ref(y, (i,)), Ref(p, (i,)))))))
    return Network(
        {z: (3, 1), y: (3, 1)},
        definitions,
        rng.sample(claims, rng.choice((2, 3))),
        lengths={i: 3, j: 3, k: 3},
        distributions=frozenset({y}),
    )


def regression(rng: Random) -> Network:
    """p_i = f(wᵀ x_i + b) of vectors x_i, and the mean of its loss."""
    w, b, m, i = Ref(Name("w")), Ref(Name("b")), Ref(Name(rng.choice("mN"))), rng.choice("in")
    x, y, p = Ref(Name("x"), (i,)), Ref(Name(rng.choice("yt")), (i,)), Ref(Name(rng.choice("pa")), (i,))
    loss = Ref(Name(rng.choice("LJE")))
    z: Formula = Sum((Times(Turned(w), x), b))
    logistic = rng.random() < 0.5
    if logistic:
        one = Times(y, Call("log", p))
        other = Times(minus(ONE, y), Call("log", minus(ONE, p)))
        whole: Formula = Times(Negative(Over(ONE, m)), Total(i, Sum((one, other))))
        front: Formula = Over(ONE, m)
    else:
        whole, front = Times(Over(ONE, m), Total(i, Power(minus(p, y), 2))), Over(TWO, m)
    definitions = [Equation((p, Call("sigma", z) if logistic else z), True), Equation((loss, whole), True)]
    claims = [
        Equation((Partial(loss, w), Times(front, Total(i, product(minus(p, y), x))))),
        Equation((Partial(loss, b), Times(front, Total(i, minus(p, y))))),
    ]
    inputs = {w.name: (3, 1), b.name: (), x.name: (6, 3), y.name: (6, 1), m.name: ()}
    return Network(inputs, definitions, claims, lengths={i: 6})


def mean(rng: Random) -> Network:
    """A neuron of one input, and the mean of its loss over m examples."""
    w, b, m = Ref(Name("w")), Ref(Name("b")), Ref(Name(rng.choice("mnN")))
    i = "i" if m.name.letter != "n" or rng.random() < 0.5 else "k"
    x, y, p = Ref(Name("x"), (i,)), Ref(Name("y"), (i,)), Ref(Name(rng.choice(("p", "y_hat", "a"))), (i,))
    f = rng.choice(("identity", "sigma", "tanh"))
    z: Formula = Sum((Times(w, x), b))
    binary = f == "sigma" and rng.random() < 0.5
    halves = rng.random() < 0.4
    loss = Ref(Name(rng.choice("LJE")))
    off = minus(p, y)
    if binary:
        one = Times(y, Call("log", p))
        other = Times(minus(ONE, y), Call("log", minus(ONE, p)))
        each: Formula = Sum((one, other))
        scale: Formula = Negative(Over(ONE, m))
        front = Over(ONE, m)
        slope: list[Formula] = [off]
    else:
        each, scale = Power(off, 2), Over(ONE, Times(TWO, m) if halves else m)
        front = Over(ONE if halves else TWO, m)
        local: dict[str, list[Formula]] = {
            "identity": [],
            "sigma": [product(p, minus(ONE, p))],
            "tanh": [minus(ONE, Power(p, 2))],
        }
        slope = [off, *local[f]]
    definitions = [
        Equation((p, z if f == "identity" else Call(f, z)), True),
        Equation((loss, Times(scale, Total(i, each))), True),
    ]
    claims = [
        Equation((Partial(loss, w), Times(front, Total(i, product(*slope, x))))),
        Equation((Partial(loss, b), Times(front, Total(i, product(*slope))))),
    ]
    inputs = {w.name: (), b.name: (), x.name: (6, 1), y.name: (6, 1), m.name: ()}
    return Network(inputs, definitions, claims, lengths={i: 6})
