"""The shipped questions, with the answers that were posted to them, right and wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from syrupy.assertion import SnapshotAssertion

from gradcheck.checker import Checker
from gradcheck.report.terminal import render
from gradcheck.submission.find import find
from gradcheck.verdict.records import Verdict
from snapshot import Text

ROOT = Path(__file__).parent.parent
SPECS = sorted(path.name for path in ROOT.glob("specs/*.yaml"))

WRONG = {
    ("asker", "two_layer"): {
        "dW3": "right",
        "dW2": "values",
        "db2": "values",
        "delta3": "right",
        "delta2": "values",
    },
    ("asker_on_paper", "two_layer"): {
        "dW3": "right",
        "dW2": "values",
        "db2": "values",
        "delta3": "right",
        "delta2": "values",
    },
    ("index_slip", "two_layer"): {
        "dW3": "shape",
        "dW2": "shape",
        "db2": "right",
        "delta3": "right",
        "delta2": "right",
    },
    ("answer", "chain_function"): {
        "dJ_dh3": "values",
        "dh3_dz2": "right",
        "dz2_dW2": "right",
        "dW2": "values",
    },
    ("answer", "three_matrices"): {"dW3": "right", "dW2": "values", "dW1": "values"},
    ("slope_forgotten", "tanh_delta"): {"delta2": "values", "dW2": "values"},
    ("kernel_rotated", "conv_layer"): {"dx": "values", "dw": "right", "db": "right"},
    ("next_step_lost", "rnn_layer"): {"dx": "values", "dWx": "values", "dWh": "values", "db": "values"},
}
"""What each wrong submission gets right, and for what reason the rest is wrong."""

PAPER = (("on_paper", "two_layer"), ("on_paper", "tanh_delta"))
"""Right formulas."""


@pytest.fixture(scope="module")
def checker() -> Iterator[Checker]:
    """One for all questions."""
    with Checker() as checker:
        yield checker


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports name files as seen from there."""
    monkeypatch.chdir(ROOT)


def verdict(checker: Checker, submission: str, spec: str) -> Verdict:
    """What is said of a shipped submission."""
    return checker.check(find(Path("submissions"), submission), Path("specs", spec))


@pytest.mark.parametrize("spec", SPECS)
def test_right(checker: Checker, spec: str) -> None:
    """The right submission earns every point, far below the tolerance."""
    said = verdict(checker, "right", spec)
    assert {q.status for q in (*said.quantities, *said.accepted)} == {"right"}
    assert said.points == said.max_points > 0
    tables = [q.table for q in said.quantities if q.table]
    assert len(tables) == len(said.quantities)
    assert all(table.off.max() <= 1e-13 * np.abs(table.true).max() for table in tables)
    assert not said.notes


@pytest.mark.parametrize(("submission", "spec"), PAPER)
def test_right_on_paper(checker: Checker, submission: str, spec: str) -> None:
    """Formulas earn what code earns."""
    said = verdict(checker, submission, f"{spec}.yaml")
    assert said.points == said.max_points > 0


@pytest.mark.slow
@pytest.mark.parametrize(("submission", "spec"), WRONG)
def test_wrong(checker: Checker, submission: str, spec: str, snapshot: SnapshotAssertion) -> None:
    """Exactly the quantities that the mistake reaches are wrong, and the report is as found good."""
    said = verdict(checker, submission, f"{spec}.yaml")
    found = {q.symbol: q.reason or str(q.status) for q in (*said.quantities, *said.accepted)}
    assert found == WRONG[submission, spec]
    assert said.status == "wrong"
    assert said.points == sum(q.max_points for q in said.quantities if q.status == "right") < said.max_points
    assert render(said) == snapshot(extension_class=Text)


def test_every_submission_is_told_apart() -> None:
    """There is no shipped submission but the right ones and those of the table."""
    shipped = {(path.parent.name, path.stem) for path in ROOT.glob("submissions/*/*.*")}
    assert shipped == WRONG.keys() | set(PAPER) | {("right", Path(spec).stem) for spec in SPECS}
