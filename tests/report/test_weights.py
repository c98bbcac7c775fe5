"""The table of the weights that are not right."""

from __future__ import annotations

import numpy as np
from report_examples import EXAMPLES, table, wrong

from gradcheck.report.weights import weight_columns
from gradcheck.verdict.records import Quantity


def _columns(quantity: Quantity) -> dict[str, list[str]]:
    return weight_columns(quantity, quantity.discrepancies)


def test_all_that_is_known_of_a_weight() -> None:
    """Its name, its three values with the error bar, and how they differ."""
    cells = _columns(EXAMPLES["wrong_matrix"].quantities[1])
    assert {header: column[1] for header, column in cells.items()} == {
        "weight": "W[2, 0]",
        "yours": "0.048210",
        "autograd": "-0.016070",
        "differences": "-0.01606999(3)",
        "off by": "0.0643",
        "yours/true": "-3.000",
    }


def test_a_function_checked_by_differences_alone_has_no_autograd() -> None:
    """The column is left out, not left empty."""
    assert "autograd" not in _columns(EXAMPLES["function"].quantities[0])


def test_a_ratio_to_nothing_is_not_told() -> None:
    """Where the true value is within the tolerance of 0, a ratio to it means nothing."""
    quantity = wrong("dW", table([1.0, 3.0], [1e-12, 1.0]))
    assert _columns(quantity)["yours/true"] == ["3.000", ""]
    assert "yours/true" not in _columns(wrong("dW", table([1.0, 3.0], [0.0, 0.0])))


def test_a_weight_of_which_nobody_can_tell_is_marked() -> None:
    """A question mark stands behind its name."""
    quantity = wrong("dW", table([1.0, 3.0], [2.0, 1.0], unknown=np.array([True, False])))
    assert _columns(quantity)["weight"] == ["W[1]", "W[0] ?"]


def test_what_rounding_leaves_of_zero_is_zero() -> None:
    """A sum that is 0 on one machine and 1e-19 on another is written as 0, and asks for no more digits."""
    tables = [table([1.0, 3.0], [residue, 1.0], tolerance=1e-9) for residue in (0.0, 1e-19, -3e-17)]
    assert all(_columns(wrong("dW", one)) == _columns(wrong("dW", tables[0])) for one in tables)
    assert _columns(wrong("dW", tables[0]))["autograd"] == ["1.0000", "0.0000"]
