"""What a class gets wrong, and who does."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradcheck.grading.gradebook import Gradebook
from gradcheck.verdict.records import Status
from gradebooks import SPECS, fill, quantity, row, start


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "out" / "gradebook.sqlite"


def test_stumbles(path: Path) -> None:
    """Quantities are ranked by how many have them wrong, then by how many have no numbers."""
    wrong, right, error = (quantity("dW2", status) for status in ("wrong", "right", "error"))
    names = ["ann", "bob", "cid"]
    rows = [
        row(n, SPECS[0], quantities=[q, quantity("db2", "right")])
        for n, q in zip(names, [wrong, right, error], strict=True)
    ]
    rows += [row(n, SPECS[1], quantities=[quantity("dW3", "wrong")]) for n in names]
    fill(path, rows)
    with Gradebook(path) as book:
        found = [(s.spec, s.symbol, s.wrong, s.failed, s.graded) for s in book.stumbles()]
        assert found == [(SPECS[1], "dW3", 3, 0, 3), (SPECS[0], "dW2", 1, 1, 3)]
        start(book, ["ann"], SPECS[:1])
        assert [(s.symbol, s.wrong, s.graded) for s in book.stumbles()] == [("dW2", 1, 1)]


def test_mistakes_are_ranked_by_name(path: Path) -> None:
    """The likeliest explanation counts, both of a pair; a quantity counts where nothing explains it."""
    pair, either = (("weights", "sign"),), (("weights",), ("scale",))
    fill(
        path,
        [row(n, status=Status.WRONG, explanations=m) for n, m in zip("abc", (pair, either, ()), strict=True)],
    )
    with Gradebook.reading(path) as book:
        found = [(s.mistake, s.symbol, s.wrong, s.graded) for s in book.stumbles()]
    assert found == [("weights", "", 2, 3), ("sign", "", 1, 3), ("", "dW2", 1, 3)]


def test_who_stumbles(path: Path) -> None:
    """Those who have a quantity wrong, then those without numbers; who is absent does not count."""
    error, wrong = quantity("dW2", "error"), quantity("dW2", "wrong")
    rows = [row(name, quantities=[error]) for name in ("ann", "cid")]
    rows += [row(name, quantities=[wrong]) for name in ("bob", "dan")]
    with Gradebook(path) as book:
        start(book, ["ann", "bob", "cid", "dan"])
        book.record(rows)
        assert [s.submissions for s in book.stumbles()] == [("bob", "dan", "ann", "cid")]
        start(book, ["cid", "dan"])
        assert [s.submissions for s in book.stumbles()] == [("dan", "cid")]


def test_a_mistake_counts_once_a_submission(path: Path) -> None:
    """Though it is made in two layers, and its slug stands twice in the explanation."""
    fill(path, [row("ann", status=Status.WRONG, explanations=(("sign", "sign"),))])
    with Gradebook.reading(path) as book:
        assert [(s.mistake, s.wrong, s.submissions) for s in book.stumbles()] == [("sign", 1, ("ann",))]
