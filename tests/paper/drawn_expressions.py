"""Chains of numbers, recurrences of a few steps, and forms of matrices, drawn."""

from __future__ import annotations

from random import Random

from drawn_formulas import (
    Call,
    Constant,
    Formula,
    Name,
    Negative,
    Partial,
    Power,
    Ref,
    Squared,
    Sum,
    Times,
    Trace,
    Turned,
    minus,
    product,
)
from drawn_network import Equation, Network

ONE, HALF, TWO = Constant(1.0), Constant(0.5), Constant(2.0)


def chain(rng: Random) -> Network:
    """e = (x − y)², x = tanh(s), s = w u + b: each link, and the whole."""
    letters = rng.choice(("exysuwb", "Lathxwb", "Cayzxwb", "Jpyzxwb"))
    e, x, y, s, u, w, b = (Ref(Name(letter)) for letter in letters)
    f = rng.choice(("tanh", "sigma", "exp", "sin"))
    half, deep = rng.random() < 0.4, rng.random() < 0.7
    off = minus(x, y)
    square = Power(off, 2)
    definitions = [
        Equation((s, Sum((Times(w, u), b))), True),
        Equation((x, Call(f, s)), True),
        Equation((e, Times(HALF, square) if half else square), True),
    ]
    slope: Formula = {
        "tanh": minus(ONE, Power(x, 2)),
        "sigma": product(x, minus(ONE, x)),
        "exp": x,
        "sin": Call("cos", s),
    }[f]
    outer: Formula = off if half else Times(TWO, off)
    by_s = product(outer, slope)
    links = ((Partial(e, x), outer), (Partial(x, s), slope), (Partial(e, s), by_s))
    claims = [Equation(sides) for sides in links]
    inputs = {y.name: (), w.name: (), u.name: (), b.name: ()}
    if deep:
        through = (product(Partial(e, x), Partial(x, s), Partial(s, w)),) if rng.random() < 0.5 else ()
        claims += [
            Equation((Partial(e, w), *through, product(by_s, u))),
            Equation((Partial(e, b), by_s)),
            Equation((Partial(e, u), product(by_s, w))),
        ]
    else:
        definitions, inputs = definitions[1:], {y.name: (), s.name: ()}
    return Network(inputs, definitions, rng.sample(claims, rng.randint(1, len(claims))))


def neuron(rng: Random) -> Network:
    """z = w_1 x_1 + w_2 x_2 + b, a = f(z): a neuron of two inputs, or all of it in one line."""
    w, x = [Ref(Name("w", n)) for n in (1, 2)], [Ref(Name("x", n)) for n in (1, 2)]
    b, y, z, a, loss = (Ref(Name(letter)) for letter in ("b", rng.choice("yt"), "z", "a", rng.choice("CLE")))
    f, half = rng.choice(("sigma", "tanh")), rng.random() < 0.5
    sum_ = Sum((Times(w[0], x[0]), Times(w[1], x[1]), b))
    in_one_line = rng.random() < 0.3
    output: Formula = Call(f, sum_) if in_one_line else a
    square = Power(minus(output, y), 2)
    definitions = [Equation((loss, Times(HALF, square) if half else square), True)]
    if not in_one_line:
        definitions = [Equation((z, sum_), True), Equation((a, Call(f, z)), True), *definitions]
    local = minus(ONE, Power(output, 2)) if f == "tanh" else product(output, minus(ONE, output))
    delta = product(*([] if half else [TWO]), minus(output, y), local)
    pairs = [*zip(w, x, strict=True), *zip(x, w, strict=True)]
    claims = [Equation((Partial(loss, one), product(delta, other))) for one, other in pairs]
    claims.append(Equation((Partial(loss, b), delta)))
    inputs = {one.name: () for one in (*w, *x, b, y)}
    return Network(inputs, definitions, rng.sample(claims, rng.randint(1, len(claims))))


def recurrence(rng: Random) -> Network:
    """h_t = tanh(w x_t + u h_{t−1}) for two or three times: the weights are used at each of them."""
    steps, f = rng.choice((2, 2, 3)), rng.choice(("tanh", "sigma"))
    w, u, y, loss = Ref(Name("w")), Ref(Name("u")), Ref(Name("y")), Ref(Name("L"))
    x, h = [Ref(Name("x", t)) for t in range(steps + 1)], [Ref(Name("h", t)) for t in range(steps + 1)]
    inputs = {one.name: () for one in (w, u, y, *x[1:])}
    definitions = []
    for t in range(1, steps + 1):
        body: Formula = Times(w, x[t])
        body = Sum((body, Times(u, h[t - 1]))) if t > 1 else body
        definitions.append(Equation((h[t], Call(f, body)), True))
    definitions.append(Equation((loss, Power(minus(h[-1], y), 2)), True))
    local = [minus(ONE, Power(one, 2)) if f == "tanh" else product(one, minus(ONE, one)) for one in h]
    claims = [Equation((Partial(loss, h[-1]), Times(TWO, minus(h[-1], y))))]
    claims += [
        Equation((Partial(loss, h[t]), product(Partial(loss, h[t + 1]), local[t + 1], u)))
        for t in range(steps - 1, 0, -1)
    ]
    by_w = [product(Partial(loss, h[t]), local[t], x[t]) for t in range(1, steps + 1)]
    by_u = [product(Partial(loss, h[t]), local[t], h[t - 1]) for t in range(2, steps + 1)]
    claims.append(Equation((Partial(loss, w), Sum(tuple(by_w)))))
    claims.append(Equation((Partial(loss, u), Sum(tuple(by_u)) if len(by_u) > 1 else by_u[0])))
    return Network(inputs, definitions, claims)


def attention(rng: Random) -> Network:
    """q = W_q x, k = W_k u and what becomes of qᵀ k: the letters below say whose weights they are."""
    x, u, t, s, loss = (Ref(Name(letter)) for letter in "xutsL")
    ours, theirs = rng.sample(("q", "k", "v", "r", "p"), 2)
    q, k = Ref(Name(ours)), Ref(Name(theirs))
    w_q, w_k = Ref(Name("W", part=ours)), Ref(Name("W", part=theirs))
    definitions = [
        Equation((q, Times(w_q, x)), True),
        Equation((k, Times(w_k, u)), True),
        Equation((s, Times(Turned(q), k)), True),
        Equation((loss, Power(minus(s, t), 2)), True),
    ]
    front = Times(TWO, minus(s, t))
    claims = [
        Equation((Partial(loss, s), front)),
        Equation((Partial(s, q), k)),
        Equation((Partial(s, w_q), Times(k, Turned(x)))),
        Equation((Partial(loss, w_q), product(front, k, Turned(x)))),
        Equation((Partial(loss, w_k), product(front, q, Turned(u)))),
        Equation((Partial(loss, x), product(front, Turned(w_q), k))),
    ]
    inputs = {x.name: (2, 1), u.name: (4, 1), t.name: (), w_q.name: (3, 2), w_k.name: (3, 4)}
    return Network(inputs, definitions, rng.sample(claims, rng.randint(1, len(claims))))


def form(rng: Random) -> Network:
    """Quadratic forms, traces, norms."""
    f = Ref(Name(rng.choice("fLJ")))
    x, a, b, matrix, other = (Ref(Name(letter)) for letter in "xabAX")
    rest = minus(Times(matrix, x), b)
    every: list[tuple[Formula, dict[Name, tuple[int, ...]], list[tuple[Ref, Formula]]]] = [
        (
            product(Turned(x), matrix, x),
            {x.name: (3, 1), matrix.name: (3, 3)},
            [(x, Times(Sum((matrix, Turned(matrix))), x)), (matrix, Times(x, Turned(x)))],
        ),
        (
            Squared(rest),
            {x.name: (3, 1), matrix.name: (4, 3), b.name: (4, 1)},
            [
                (x, product(TWO, Turned(matrix), rest)),
                (matrix, product(TWO, rest, Turned(x))),
                (b, Times(Constant(-2.0), rest)),
            ],
        ),
        (
            Times(HALF, Squared(rest)),
            {x.name: (3, 1), matrix.name: (4, 3), b.name: (4, 1)},
            [(x, Times(Turned(matrix), rest)), (matrix, Times(rest, Turned(x))), (b, Negative(rest))],
        ),
        (
            product(Turned(a), other, b),
            {a.name: (3, 1), b.name: (4, 1), other.name: (3, 4)},
            [(other, Times(a, Turned(b))), (a, Times(other, b)), (b, Times(Turned(other), a))],
        ),
        (
            Trace(Times(matrix, other)),
            {matrix.name: (3, 4), other.name: (4, 3)},
            [(other, Turned(matrix)), (matrix, Turned(other))],
        ),
        (
            Trace(product(Turned(other), matrix, other)),
            {matrix.name: (3, 3), other.name: (3, 4)},
            [(other, Times(Sum((matrix, Turned(matrix))), other)), (matrix, Times(other, Turned(other)))],
        ),
        (Squared(other), {other.name: (3, 4)}, [(other, Times(TWO, other))]),
    ]
    value, inputs, gradients = rng.choice(every)
    claims = [Equation((Partial(f, by), right)) for by, right in gradients]
    definitions = [Equation((f, value), True)]
    return Network(inputs, definitions, rng.sample(claims, rng.randint(1, len(claims))))
