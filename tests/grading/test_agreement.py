"""Wrong answers that agree: who is listed together, and who never is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain, combinations, permutations
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.grading.agreement import Agreement, agreements
from gradcheck.grading.unexplained import Answer, Discrepancy, agree
from gradebooks import SPECS

VARIED = (0.123456, -0.0456789, 2.34567)
Parts: TypeAlias = Mapping[str, tuple[int, Sequence[float]]]
"""Quantity -> its case and its wrong numbers."""


def shown(quantity: str, case: int, numbers: Sequence[float]) -> tuple[Discrepancy, ...]:
    """A row of wrong numbers."""
    return tuple(
        Discrepancy(quantity=quantity, case=case, index=(0, n), symbol=f"w{n}", yours=x, true=1.0 + n + case)
        for n, x in enumerate(numbers)
    )


def of_parts(submission: str, spec: str, parts: Parts) -> Answer:
    """An answer with wrong numbers in several quantities."""
    rows = (shown(name, *parts[name]) for name in sorted(parts))
    return Answer(submission=submission, spec=spec, discrepancies=tuple(chain.from_iterable(rows)))


def answer(
    submission: str, numbers: Sequence[float] = VARIED, *, spec: str = SPECS[0], case: int = 0
) -> Answer:
    """An answer with these wrong numbers in one row of dW1."""
    return Answer(submission=submission, spec=spec, discrepancies=shown("dW1", case, numbers))


def together(found: Sequence[Agreement]) -> list[tuple[str, ...]]:
    return [one.submissions for one in found]


NEAR = [0.0, 1e-20, 1.0, 1 + 4e-7, 1 + 8e-7, 1 + 1.2e-6, -1.0, 1e-5, 3e8]
NUMBERS = st.sampled_from([VARIED, tuple(x * (1 + 1e-9) for x in VARIED), (0.1, 2.2, -3.3)]) | st.tuples(
    *[st.sampled_from(NEAR) | st.floats(-10, 10)] * 3
)
PARTS = st.dictionaries(st.sampled_from(["dW1", "db1"]), st.tuples(st.integers(0, 1), NUMBERS), min_size=1)
ANSWERS = st.lists(
    st.builds(
        of_parts,
        st.sampled_from("abcdefghij"),
        st.sampled_from(SPECS),
        PARTS,
    ),
    max_size=20,
    unique_by=lambda one: (one.submission, one.spec),
)


@given(ANSWERS)
def test_no_two_with_other_numbers_are_listed_together(answers: list[Answer]) -> None:
    """Any two of those that are listed have the same numbers, to six digits, wherever they show the same."""
    by_pair = {(one.submission, one.spec): one.parts for one in answers}
    for found in agreements(answers):
        assert len(set(found.submissions)) == len(found.submissions) > 1
        for common in found.answers:
            several = [by_pair[name, common.spec] for name in found.submissions]
            assert all(common.parts.keys() <= parts.keys() for parts in several)
            for first, second in combinations(several, 2):
                for part in first.keys() & second.keys():
                    assert all(map(same, first[part], second[part]))


def same(first: Discrepancy, second: Discrepancy) -> bool:
    """What is 1e-12 of another number may be what rounding has left of nothing."""
    x, y = first.yours, second.yours
    return first.index == second.index and (agree(x, y) or max(abs(x), abs(y)) <= 1e-12 * 3e8)


@given(ANSWERS, st.randoms(use_true_random=False))
def test_the_order_of_the_answers_does_not_matter(answers: list[Answer], random: Any) -> None:
    shuffled = list(answers)
    random.shuffle(shuffled)
    assert agreements(shuffled) == agreements(answers)


def test_who_agrees_with_two_joins_the_first() -> None:
    """Whatever comes first in the gradebook, and whichever part is compared first."""
    one: Parts = {"db1": (0, VARIED)}
    other: Parts = {"dW1": (1, VARIED)}
    three = [
        of_parts(name, SPECS[0], own) for name, own in (("a", one), ("b", other), ("c", {**one, **other}))
    ]
    for order in permutations(three):
        assert [found.submissions for found in agreements(order)] == [("a", "c")]


@given(ANSWERS)
def test_those_with_the_very_same_numbers_are_listed_together(answers: list[Answer]) -> None:
    """In some entry, for each spec."""
    listed = {
        (name, shared.spec): set(one.submissions)
        for one in agreements(answers)
        for shared in one.answers
        for name in one.submissions
    }
    for first, second in combinations(answers, 2):
        if (first.spec, first.discrepancies) == (second.spec, second.discrepancies):
            assert {first.submission, second.submission} <= listed[first.submission, first.spec]


def test_specs_in_which_the_same_agree_are_one_entry() -> None:
    """Those who agree in the most numbers come first."""
    alike = [answer(name, spec=spec) for spec in SPECS for name in ("bob", "ann")]
    others = [answer(name, (1.0, 2.5, -3.5), spec=SPECS[0]) for name in ("cid", "dan", "eve")]
    found = agreements([*others, *alike])
    assert together(found) == [("ann", "bob"), ("cid", "dan", "eve")]
    assert [one.spec for one in found[0].answers] == list(SPECS)
    assert [one.size for one in found] == [6, 3]


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        ((0.123456, -0.0456789, 2.34567), True),
        ((0.12345600001, -0.0456789, 2.34567), True),
        ((0.123457, -0.0456789, 2.34567), False),
        ((0.123456, -0.0456788, 2.34567), False),
        ((0.123456, 0.0456789, 2.34567), False),
        ((0.123456, -0.0456789), False),
    ],
)
def test_how_near_numbers_have_to_be(other: Sequence[float], is_same: bool) -> None:
    assert together(agreements([answer("ann"), answer("bob", other)])) == [("ann", "bob")] * is_same


def test_other_cases_and_places_are_not_compared() -> None:
    """Neither is a case that was drawn for one submission: the true numbers are others."""
    first = answer("ann")
    moved = replace(
        first, submission="cid", discrepancies=tuple(replace(d, quantity="dW2") for d in first.discrepancies)
    )
    drawn = replace(
        first, submission="dan", discrepancies=tuple(replace(d, true=d.true + 1) for d in first.discrepancies)
    )
    assert not agreements([first, answer("bob", case=1), moved, drawn])


def of_two(submission: str, *parts: tuple[Discrepancy, ...]) -> Answer:
    return Answer(submission=submission, spec=SPECS[0], discrepancies=tuple(chain(*parts)))


def test_what_shows_another_case_does_not_part_those_who_agree() -> None:
    """They agree in what both show, and only that is listed."""
    odd, plain = (0.5, -0.25, 7.5), (1.5, 0.3, -2.5)
    found = agreements(
        [
            of_two("ann", shown("dW1", 0, VARIED), shown("dW2", 0, odd)),
            of_two("bob", shown("dW1", 0, VARIED), shown("dW2", 1, odd)),
            of_two("cid", shown("dW1", 0, VARIED)),
            of_two("dan", shown("dW1", 0, VARIED), shown("dW2", 1, plain)),
            of_two("eve", shown("dW1", 0, plain), shown("dW2", 0, odd)),
        ]
    )
    assert together(found) == [("ann", "bob", "cid")]
    assert [one.quantity for one in found[0].answers[0].discrepancies] == ["dW1"] * 3


def test_too_little_in_common_is_nothing_in_common() -> None:
    """Here two numbers, as the others are of another case."""
    few = (0.5, 0.25)
    found = agreements(
        [
            of_two("ann", shown("dW1", 0, VARIED), shown("db1", 0, few)),
            of_two("bob", shown("dW1", 1, VARIED), shown("db1", 0, few)),
        ]
    )
    assert found == []
