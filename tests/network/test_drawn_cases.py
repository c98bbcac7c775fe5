"""Cases are drawn where the equations have values and derivatives, and not near where they have none."""

import numpy as np
import pytest

from gradcheck.errors import SpecError
from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.operation import Entrywise
from gradcheck.expr.reader import Scope, read
from gradcheck.expr.registry import CALLED, OPERATORS
from gradcheck.layers import Stack
from gradcheck.layers.activation import Activation
from gradcheck.layers.dense import Dense
from gradcheck.losses import LOSSES
from gradcheck.network.case import NEAR_A_KINK, OutsideError, draw, everything
from gradcheck.network.draws import Draw
from gradcheck.network.model import Model
from gradcheck.network.read import read_network
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
