"""Cases are drawn where the equations have values and derivatives, and not near where they have none."""

from math import inf

import numpy as np
import pytest

from gradcheck.errors import SpecError
from gradcheck.expr.adjoint import edges, interval
from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.operation import Entrywise
from gradcheck.expr.reader import Scope, read
from gradcheck.expr.registry import CALLED, OPERATORS
from gradcheck.layers import Stack
from gradcheck.layers.activation import Activation
from gradcheck.layers.dense import Dense
from gradcheck.losses import LOSSES
from gradcheck.network.case import OutsideError, draw, everything
from gradcheck.network.draws import Draw
from gradcheck.network.model import Model
from gradcheck.network.read import read_network
from gradcheck.network.search import NEAR_A_KINK, first_speaking
from gradcheck.network.sides import distances
from gradcheck.specification.cases import draw as draw_layered
from gradcheck.specification.cases import run_passes
from gradcheck.specification.read import parse
from halves import some

GIVEN = {"x": ("n", "d"), "v": ("n", "d"), "w": ("d",)}
LIMITED = [op for op in (*CALLED.values(), *OPERATORS.values()) if isinstance(op, Entrywise) and op.domain]


def model(equation: str) -> Model:
    network = read_network(f"z = {equation}\nJ = sum(z * w, n, d)", GIVEN, "nd")
    draws = {"x": Draw("normal"), "v": Draw("normal"), "w": Draw("weights")}
    return Model(network, {"n": 3, "d": 2}, draws, frozenset("w"))


def called(operation: Entrywise) -> str:
    """The operation with given arrays as its arguments, options left out."""
    if operation.name in OPERATORS:
        return f"x {operation.name} v"
    arguments = ["x", "v"][: operation.arity - len(operation.defaults)]
    return f"{operation.name}({', '.join(arguments)})"


@pytest.mark.parametrize("operation", some(LIMITED, 4), ids=[op.name for op in LIMITED])
def test_arguments_lie_in_the_domain(operation: Entrywise) -> None:
    """Of every operation that declares one, and not near its ends."""
    for seed in range(20):
        case = draw(model(called(operation)), {}, seed)
        arity = operation.arity - len(operation.defaults)
        for name, (low, high) in zip("xv"[:arity], operation.domain, strict=False):
            assert low + NEAR_A_KINK <= case.given[name].array.min()
            assert case.given[name].array.max() <= high - NEAR_A_KINK


@pytest.mark.parametrize(
    ("equation", "limit"),
    [
        ("log(x)", "x"),
        ("sqrt(x * v)", "x * v"),
        ("log(x - v)", "x - v"),
        ("log(-x) + v", "-x"),
        ("arcsin(3 * x)", "1 - abs(3 * x)"),
        ("x^0.5 + x^v", "x"),
        ("sqrt(sum(x, d) - 1)", "sum(x, d) - 1"),
        ("1 / (x - v)", "abs(x - v)"),
        ("(x - v)^-1", "abs(x - v)"),
        ("x / sum(v, d)", "abs(sum(v, d))"),
        ("abs(x + v)", "abs(x + v)"),
        ("max(x, v)", "abs(x - v)"),
    ],
)
def test_no_number_is_near_a_kink_or_a_pole(equation: str, limit: str) -> None:
    """What has to be positive is, by more than a step of the differences."""
    limited = model(equation)
    scope = Scope({name: (limited.network.quantity(name), GIVEN[name]) for name in "xv"}, {"d": ("d",)})
    distance = read(limit, scope).expression
    for seed in range(20):
        case = draw(limited, {}, seed)
        assert evaluate(distance, case.given, case.lengths).array.min() >= NEAR_A_KINK
        assert all(np.isfinite(value.array).all() for value in everything(case).values())


@pytest.mark.parametrize(
    "equation", ["log(x) + log(-x)", "1 / (x - x)", "sqrt(-x^2)", "exp(exp(exp(x^2 + 9)))"]
)
def test_an_equation_without_values_is_named(equation: str) -> None:
    """By the equation."""
    with pytest.raises(OutsideError, match="z has no finite value"):
        draw(model(equation), {}, 0)


SPECS = {
    "s.yaml:6:5: in case 1 z has no finite value": """title: t
network:
  sizes: {n: 3, d: 2}
  inputs: {x: [n, d]}
  equations: |
    z = log(x) + log(-x)
    J = sum(z, n, d)
check: [dx]
""",
    "s.yaml:5:5: in case 1 a1 has no finite value": """title: t
network:
  inputs: 3
  layers:
    - dense: {units: 2, activation: {custom: "log(z) + log(-z)"}}
loss: squared_error
check: [dW1]
""",
}


@pytest.mark.parametrize("complaint", SPECS)
def test_a_spec_without_values_is_refused(complaint: str) -> None:
    """At its equation, or its layer; where numbers of one sign help, they are drawn."""
    with pytest.raises(SpecError) as caught:
        parse(SPECS[complaint].encode(), "s.yaml")
    assert complaint in str(caught.value)
    text = SPECS[complaint].replace(" + log(-x)", "").replace(" + log(-z)", "")
    assert parse(text.encode(), "s.yaml").check


@pytest.mark.parametrize("seed", range(10))
def test_logarithms_of_what_layers_make_are_drawn_positive(seed: int) -> None:
    """All numbers of the case, where others make none."""
    layers = (Dense(3, Activation("custom", {"formula": "log(z)"})), Dense(2))
    stack = Stack(layers, (3,), LOSSES["squared_error"]())
    passes = run_passes(draw_layered(stack, 5, seed))
    assert passes.infinite is None
    assert passes.values["z1"].min() >= NEAR_A_KINK


@pytest.mark.parametrize(
    ("equation", "count"),
    [
        ("log(x)", 1),
        ("log(softmax(x, d))", 0),
        ("arcsin(tanh(x) + 1)", 1),
        ("log(softplus(x) + 0.5)", 0),
        ("log(relu(x))", 1),
        ("log(elu(x, v))", 2),
    ],
)
def test_what_lies_within_a_domain_has_no_edge(equation: str, count: int) -> None:
    """Nor has it where it has a name of its own."""
    assert len(list(edges(model(equation).network.equations["z"].expression))) == count
    inner, outer = equation.split("(", 1)[1][:-1], equation.split("(", 1)[0]
    network = read_network(f"p = {inner}\nz = {outer}(p)", GIVEN, "nd")
    known = {"p": interval(network.equations["p"].expression)}
    assert len(list(edges(network.equations["z"].expression, known))) == bool(count)


@pytest.mark.parametrize(
    ("equation", "kinks"),
    [("relu(x)", 1), ("relu(softplus(x))", 0), ("relu6(sigmoid(x))", 0), ("relu6(softplus(x))", 1)],
)
def test_a_side_that_is_never_reached_is_not_sought(equation: str, kinks: int) -> None:
    assert len(list(distances(model(equation)))) == kinks


@pytest.mark.parametrize(("numbers", "attempts"), [(1, 40), (100_000, 10), (10**9, 4)])
def test_of_large_cases_few_are_drawn(numbers: int, attempts: int) -> None:
    """But for numbers of which equations have values at all, which are sought to the end."""
    assert first_speaking(lambda number, _: (-number, number), numbers) == (0, 0)
    assert first_speaking(lambda number, _: (number / 10_000, number), numbers)[1] == attempts - 1
    assert first_speaking(lambda number, _: (-inf if number < 39 else 0.0, number), numbers) == (0.0, 39)
