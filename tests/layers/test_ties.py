"""Where a window has its largest number twice, all of the gradient may go to one, or a part to each."""

from pathlib import Path

import pytest

from gradcheck.checker import Checker
from gradcheck.report.code import code
from gradcheck.specification.read import read
from gradcheck.submission.find import at
from halves import some

SPEC = """\
title: The zeros of a relu in a window
network:
  inputs: [1, 6, 6]
  layers:
    - conv2d: {filters: 2, size: 3, activation: relu}
    - max_pool2d: {size: 2}
    - flatten
    - dense: {units: 2}
loss: half_squared_error
check: [da1, dW1, db1]
"""
POOLED = """\
    da1 = np.zeros_like(a1)
    for n, c, i, j in np.ndindex(da2.shape):
        window = a1[n, c, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
        da1[n, c, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2] += ({}) * da2[n, c, i, j]
"""


@pytest.mark.parametrize(
    ("part", "status"),
    some(
        [
            ("np.arange(4).reshape(2, 2) == window.argmax()", "right"),
            ("window == window.max()", "right"),
            ("(window == window.max()) / (window == window.max()).sum()", "right"),
            ("2.0 * (window == window.max())", "wrong"),
            ("np.arange(4).reshape(2, 2) == window.argmin()", "wrong"),
        ],
        2,
    ),
)
def test_ties(part: str, status: str, tmp_path: Path) -> None:
    """Right without a note; twice as much, or the gradient of the smallest, is wrong."""
    spec, file = tmp_path / "spec.yaml", tmp_path / "written.py"
    spec.write_text(SPEC)
    lines = code(read(spec)).splitlines(keepends=True)
    (number,) = (n for n, line in enumerate(lines) if line.startswith("    da1 = "))
    lines[number] = POOLED.format(part)
    file.write_text("".join(lines))
    with Checker() as checker:
        verdict = checker.check(at(file), spec)
    assert verdict.quantities[0].status == status
    assert status == "wrong" or not verdict.notes
