"""The contract of operations, over every entry of the registry: a new one is under it at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import contract
import numpy as np
import pytest
from contract import applications

from gradcheck.arrays import Array
from gradcheck.expr.adjoint import kinks
from gradcheck.expr.arithmetic import EQUAL, MAXIMUM, MINIMUM, UNEQUAL
from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.errors import ExprError
from gradcheck.expr.named import Named
from gradcheck.expr.operation import Along, Entrywise, Operation
from gradcheck.expr.reader import Scope, read
from gradcheck.expr.registry import CALLED, OPERATIONS
from gradcheck.expr.structure import Rename
from gradcheck.expr.tree import Apply, Name
from halves import some
from jumps import jumps
from planting import wrong

EVERY: list[Operation] = [*OPERATIONS, Rename((("n", "k"),)), Rename((("n", "k"), ("k", "n")))]
ALONG = [operation for operation in OPERATIONS if isinstance(operation, Along)]
ENTRYWISE = [operation for operation in OPERATIONS if isinstance(operation, Entrywise)]

every_operation = pytest.mark.parametrize("operation", some(EVERY, 20), ids=lambda op: op.name)
count = pytest.mark.parametrize("count", [3, pytest.param(100, marks=pytest.mark.slow)])


@count
@every_operation
def test_contract(operation: Operation, count: int) -> None:
    """Value = PyTorch's, adjoint = autograd's = differences', copies = one by one, single stays single."""
    for application in applications(operation, count):
        contract.check(application)


@every_operation
def test_linear_is_what_has_no_second_difference(operation: Operation) -> None:
    """Linear in each argument, the others held; where all numbers may be drawn, kinks lie between."""
    rng = np.random.default_rng(0)
    bounded = isinstance(operation, Entrywise) and operation.domain
    straight = all(
        contract.is_straight(application, name, 0.01 if bounded else 4, rng)
        for application in applications(operation, 20)
        for name in application.arrays
        if name in application.smooth or isinstance(operation, Entrywise)
    )
    assert straight == getattr(operation, "linear", False) or operation in (EQUAL, UNEQUAL)


@pytest.mark.parametrize("operation", [*ENTRYWISE, *ALONG], ids=lambda op: op.name)
def test_exact_is_what_makes_no_new_numbers(operation: Entrywise | Along) -> None:
    """Up to their signs, and but for 0, 1 and 6."""
    picked = True
    for one in applications(operation, 20):
        numbers = np.concatenate([[0, 1, 6], *(np.ravel(a.array) for a in one.arrays.values())])
        picked &= bool(np.isin(np.abs(one.value().array), np.abs(numbers)).all())
    in_steps = isinstance(operation, Entrywise) and not any(operation.derivatives)
    assert picked == (operation.exact or in_steps)


@pytest.mark.parametrize("operation", some(ENTRYWISE, 12), ids=lambda op: op.name)
def test_kinks_are_declared(operation: Entrywise) -> None:
    """Wherever a derivative jumps, or nears a pole, an expression among the kinks is all but 0."""
    rng = np.random.default_rng(1)
    for n in range(operation.arity):
        for _ in range(3):
            others = contract.draw_numbers(operation, rng)
            grid = contract.grid(operation, n)
            for a, b in jumps(contract.along_argument(operation, others, n), grid):
                here = contract.single([*others[:n], np.asarray((a + b) / 2), *others[n + 1 :]])
                gaps = contract.kink_values(operation, here, {})
                assert min(map(abs, gaps), default=np.inf) < 0.005, (n, a)


@pytest.mark.parametrize("operation", ALONG, ids=lambda op: op.name)
def test_kinks_along_an_axis_are_those_declared(operation: Along) -> None:
    """On lines through all entries, as many as there are: the derivative jumps, or it does not."""
    rng, seen = np.random.default_rng(4), 0
    for _ in range(10):
        start, way, weights = rng.normal(size=(3, 4, 1))

        def value(t: Array, start: Array = start, way: Array = way, weights: Array = weights) -> Array:
            y: Array = np.sum(weights * operation.value(start + t * way, 0), 0)
            return y

        for a, b in jumps(value, np.linspace(-3, 3, 1001)):
            seen += 1
            x = Named((start + (a + b) / 2 * way)[:, 0], ("k",))
            gaps = [
                evaluate(kink, {"x": x}, {"k": 4}).array
                for kink in kinks(Apply(operation, (Name("x", ("k",)),), ("k",)))
            ]
            assert np.min(np.abs(gaps), initial=np.inf) < 1e-4
    assert bool(seen) == bool(operation.kinks)


@pytest.mark.slow
@pytest.mark.parametrize("operation", [op for op in ENTRYWISE if op.kinks], ids=lambda op: op.name)
def test_declared_kinks_are_kinks(operation: Entrywise) -> None:
    """Where an expression among the kinks changes its sign, differences from both sides differ."""
    rng, seen = np.random.default_rng(2), set()
    for _ in range(5):
        others = contract.draw_numbers(operation, rng)
        for n in range(operation.arity):
            value = contract.along_argument(operation, others, n)
            for kink, x in contract.kinks_along(operation, others, n):
                h = 1e-6
                left, right = (value(x) - value(x - h)) / h, (value(x + h) - value(x)) / h
                assert not abs(left - right) <= 1e-4, (kink, x)
                seen.add(kink)
    assert seen == set(range(len(operation.kinks)))


@pytest.mark.parametrize(
    "operation",
    # max(0, x) comes back as people write it, x > 0; PyTorch's maximum has 1/2 there.
    [op for op in ENTRYWISE if op.kinks and op not in (MAXIMUM, MINIMUM)],
    ids=lambda op: op.name,
)
def test_adjoint_at_a_kink_is_that_of_autograd(operation: Entrywise) -> None:
    for application in contract.at_kinks(operation, np.random.default_rng(3)):
        contract.check_adjoint(application)


@pytest.mark.parametrize("further", [False, True], ids=["registry", "further"])
@pytest.mark.parametrize("name", sorted(CALLED.keys() - {"max", "min"}))
def test_what_works_entry_by_entry_takes_no_axis(name: str, further: bool) -> None:
    """Neither of the registry, nor by another name that a text may call it by."""
    called = f"own_{name}" if further else name
    scope = Scope(
        {"z": (Name("z", ("n", "u")), ("n", "u"))}, {"u": ("u",)}, further={f"own_{name}": CALLED[name]}
    )
    call = f"{called}({', '.join(['z'] * CALLED[name].arity)}, u)"
    with pytest.raises(
        ExprError, match=f"{called} goes over no axis, entry by entry: leave u out"
    ) as refusal:
        read(f"1 + {call}", scope)
    assert refusal.value.span == (4, 4 + len(call))


@pytest.mark.slow
@every_operation
def test_a_wrong_derivative_breaks_the_contract(operation: Operation) -> None:
    for check in (contract.check_adjoint, lambda a: contract.check_differences(a, np.random.default_rng(0))):
        assert any(fails(check, application) for application in applications(wrong(operation), 10))


def fails(check: Callable[[Any], None], application: Any) -> bool:
    try:
        check(application)
    except AssertionError:
        return True
    return False
