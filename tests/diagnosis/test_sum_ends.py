"""Sums of which an end alone is left, in words."""

from __future__ import annotations

import pytest

from gradcheck.diagnosis.sum_ends import completed, part_in_words, singular
from gradcheck.edits.operations import Entry, Only, Without
from gradcheck.expr.simplify import product, sum_of, summed
from gradcheck.expr.tree import Apply, Expr, Name

X, DZ = Name("x", ("n", "d")), Name("dz", ("n", "u"))
WHOLE = summed(product(X, DZ), ("n",))


def word(axis: str) -> str:
    return {"n": "samples"}.get(axis, "units")


ENDS: dict[str, Expr] = {
    "over the first sample only": Apply(Entry(0, "first_n"), (product(X, DZ),), ("n",)),
    "over the last sample only": summed(product(X, Apply(Only(-1, "only_last"), (DZ,), ("n",))), ("n",)),
    "over all samples but the last": summed(product(X, Apply(Without(-1, ""), (DZ,), ("n",))), ("n",)),
}


@pytest.mark.parametrize("words", ENDS)
def test_the_whole_sum_is_written_and_the_words_give_its_range(words: str) -> None:
    assert completed(ENDS[words], word) == (WHOLE, words)


def test_an_axis_that_stays_has_entries_only_there() -> None:
    """Nothing is summed along it."""
    whole, words = completed(Apply(Without(0, ""), (DZ,), ("n",)), word)
    assert (whole, words) == (DZ, "for all samples but the first")


def test_what_is_added_to_something_stays() -> None:
    """The words would be said of the other terms, too."""
    both = sum_of([ENDS["over the first sample only"], Name("W", ("d", "u"))])
    assert completed(both, word) == (both, "")


def test_parts_and_words() -> None:
    """Of an axis that has a letter alone, too."""
    assert part_in_words(Apply(Only(0, ""), (DZ,), ("n",)), str, word) == f"the first sample of {DZ} alone"
    assert part_in_words(DZ, str, word) is None
    assert singular("entries along n") == "entry along n"
