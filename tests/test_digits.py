"""Numbers as text."""

from __future__ import annotations

import math
import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.digits import Digits, distinct, ratio, short

FINITE = st.floats(allow_nan=False, allow_infinity=False)
DIGITS = st.builds(Digits, st.integers(0, 14), st.booleans())
INTERVAL = re.compile(r"(-?\d+(?:\.(\d+))?)(?:\((\d+)\))?(?:e(-?\d+))?")


def _parsed(text: str) -> tuple[Fraction, Fraction]:
    """The middle and the half width of an interval such as 1.23(4)e-5."""
    match = INTERVAL.fullmatch(text)
    assert match, text
    value, places, bar, exponent = match.groups()
    scale = Fraction(10) ** int(exponent or 0)
    return Fraction(value) * scale, Fraction(bar or 0) / 10 ** len(places or "") * scale


@given(DIGITS, FINITE, st.floats(0, allow_nan=False, allow_infinity=False) | st.just(0.0))
def test_an_interval_holds_the_number_and_its_error_bar(digits: Digits, x: float, error: float) -> None:
    """v(e) reads as an interval that holds all of x ± error, on at most 25 columns."""
    text = digits.interval(x, error)
    middle, bar = _parsed(text)
    assert middle - bar <= Fraction(x) - Fraction(error)
    assert Fraction(x) + Fraction(error) <= middle + bar
    assert len(text) <= 25


@given(DIGITS, st.floats(1e-6, 1e6), st.floats(1e-12, 1))
def test_an_interval_claims_no_more_doubt_than_its_digits_need(
    digits: Digits, x: float, error: float
) -> None:
    """It is at most some 20 times as wide as the error bar, or as two digits behind the table's last one."""
    _, bar = _parsed(digits.interval(x, error))
    power = math.floor(math.log10(x)) if digits.scientific else 0
    finest = 10.0 ** max(power - digits.decimals - 2, math.floor(math.log10(x)) - 14)
    assert float(bar) <= 20 * max(error, finest)


@pytest.mark.parametrize(
    ("digits", "x", "error", "text"),
    [
        (Digits(6), 0.01372733, 1.2e-8, "0.01372733(2)"),
        (Digits(6), 0.0137273300001, 3e-13, "0.01372733(1)"),
        (Digits(4), 0.5, 0.0, "0.500000"),
        (Digits(4), 5.0, 30.0, "0(40)"),
        (Digits(4), -0.0137, 0.09, "0.0(2)"),
        (Digits(4, scientific=True), 1.372733e-8, 2e-13, "1.37273(3)e-8"),
        (Digits(4, scientific=True), 0.0, 1.9e-13, "0(2)e-13"),
        (Digits(4), 1.0, math.inf, "?"),
        (Digits(4), math.nan, 1.0, "?"),
    ],
)
def test_intervals_as_physicists_write_them(digits: Digits, x: float, error: float, text: str) -> None:
    """The error bar has one digit, rounded up, and what rounding adds is part of it."""
    assert digits.interval(x, error) == text


@given(st.floats(1e-9, 1e9), st.floats(-12, 1), st.sampled_from([-1, 1]))
def test_a_pair_can_be_told_apart(x: float, power: float, sign: int) -> None:
    """Numbers that differ by 1e-12 of their size look different."""
    y = x * (1 + sign * 10**power)
    digits = Digits.to_tell_apart([x], [y])
    assert digits.value(x) != digits.value(y)
    assert all(len(digits.value(number)) <= 22 for number in (x, y))


def test_tables_are_written_alike() -> None:
    """Five significant digits of the largest number, and of the others as many places."""
    assert Digits.to_tell_apart([-0.041182, 0.009931], [0.013727, -0.00331]) == Digits(6)
    assert Digits.to_tell_apart([412.0], [137.0]) == Digits(2)
    assert Digits.to_tell_apart([2e-9], [1e-9]) == Digits(4, scientific=True)
    assert Digits.to_tell_apart([math.nan], [0.0]) == Digits(1)
    assert Digits.to_tell_apart([math.nan, math.inf], [1e300, 0.0]).scientific


@pytest.mark.parametrize(
    ("x", "digits", "text"),
    [
        (1e-9, 2, "1e-9"),
        (2.2e-16, 1, "2e-16"),
        (0.05491, 3, "0.0549"),
        (0.0, 3, "0"),
        (math.nan, 3, "nan"),
        (1e9, 3, "1e9"),
    ],
)
def test_short_numbers(x: float, digits: int, text: str) -> None:
    """No leading zeros in an exponent, no trailing ones anywhere."""
    assert short(x, digits) == text


def test_distinct_numbers_look_distinct() -> None:
    """Three digits, or more where three are the same."""
    assert distinct(-0.041182, 0.013727) == ("-0.0412", "0.0137")
    assert distinct(1.00001, 1.0) == ("1.00001", "1")
    assert distinct(math.nan, 1.0) == ("nan", "1")


@pytest.mark.parametrize(
    ("x", "y", "text"),
    [
        (-3.0, 1.0, "-3.000"),
        (1.00002, 1.0, "1.000020"),
        (0.0, 2.0, "0"),
        (1e9, 1.0, "1e9"),
        (2.0, 4.0, "0.500"),
        (-1.0, 1.0, "-1.000"),
    ],
)
def test_ratios_show_what_a_factor_is_off_by(x: float, y: float, text: str) -> None:
    """Three decimals, but never a ratio that looks like 1 and isn't."""
    assert ratio(x, y) == text


@given(st.sampled_from([2.0, 8.0, 32.0, 80.0, 640.0]), st.floats(0.1, 10), st.integers(1, 6))
def test_a_last_digit_changes_no_text(parts: float, y: float, digits: int) -> None:
    """Numbers that differ in their last digit are written alike, also next to ties and powers of ten."""
    near = [y / parts * (1 + off * 2e-16) for off in (-1, 0, 1)]
    assert len({ratio(x, y) for x in near}) == 1
    for tie in (0.0625, 0.1, 2.5, 1e-4, 0.00125, 1e6):
        nears = [math.nextafter(tie, 0), tie, math.nextafter(tie, math.inf)]
        assert len({short(x, digits) for x in nears}) == 1
        assert len({Digits(digits).value(x) for x in nears}) == 1
        assert len({Digits.to_tell_apart([x], [2 * tie]) for x in nears}) == 1
        assert len({Digits.to_tell_apart([tie + x], [tie]) for x in nears}) == 1


def test_no_digit_of_an_error_bar_is_finer_than_what_matters() -> None:
    """How exact the differences are beyond the tolerance depends on the machine, and is not told."""
    bars = {Digits(12).interval(0.01372733, error, 1.4e-11) for error in (1e-16, 3e-15, 2.2e-13)}
    assert bars == {"0.01372733000(1)"}
