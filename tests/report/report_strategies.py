"""Any verdict there could be, for tests of what holds for all of them."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
from hypothesis import strategies as st
from report_examples import discrepancies

from gradcheck.submission.records import Failure, FailureKind, Location
from gradcheck.verdict.records import Correction, Diagnosis, Quantity, Reason, Status, Table, Verdict

TEXTS = st.text(max_size=60) | st.sampled_from(
    ["", "\x1b[31m", "<b>&amp;\"'</b>", "漢字" * 30, "x" * 200, "e\u0301\n\u202e\t", "\r\x9b\ud800"]
)
LINES = st.lists(TEXTS, max_size=3).map(tuple)
FLOATS = st.floats()
ERRORS = st.floats(min_value=0, allow_nan=False)
COUNTS = st.integers(0, 10**6)
SIZES = st.floats(0, 1e6)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Tables of any shape, with any numbers."""
    shape = tuple(draw(st.lists(st.integers(1, 5), max_size=3)))
    size = int(np.prod(shape))

    def array(elements: st.SearchStrategy[Any]) -> Any:
        return np.array(draw(st.lists(elements, min_size=size, max_size=size))).reshape(shape)

    wrong = array(st.booleans())
    return Table(
        case=draw(st.integers(0, 9)),
        yours=array(FLOATS),
        autograd=draw(st.just(None) | st.builds(array, st.just(st.floats(-1e100, 1e100)))),
        differences=array(st.floats(-1e100, 1e100)),
        error=array(ERRORS),
        wrong=wrong,
        unknown=~wrong & array(st.booleans()),
        tolerance=draw(SIZES),
    )


@st.composite
def quantities(draw: st.DrawFn) -> Quantity:
    """Quantities, with or without numbers."""
    table = draw(st.none() | tables())
    with np.errstate(all="ignore"):
        kept = discrepancies(table) if table else ()
    return Quantity(
        name="dW1",
        symbol=draw(TEXTS),
        status=draw(st.sampled_from(Status)),
        reason=draw(st.sampled_from([None, *get_args(Reason)])),
        message=draw(TEXTS),
        help=draw(TEXTS),
        table=table,
        discrepancies=kept,
        count=len(kept) + draw(st.integers(0, 9)) * bool(kept),
        unit=draw(st.sampled_from(["weight", "entry"])),
        entries=draw(COUNTS),
        wrong_cases=draw(st.integers(0, 3)),
        cases=draw(st.integers(0, 3)),
        entries_by_case=tuple(draw(st.lists(COUNTS, max_size=3))),
        relative_tolerance=draw(SIZES),
        single=draw(st.booleans()),
        points=draw(SIZES),
        max_points=draw(SIZES),
    )


FAILURES = st.builds(
    Failure,
    st.sampled_from(get_args(FailureKind)),
    TEXTS,
    st.none() | st.builds(Location, TEXTS, st.none() | st.integers(1, 9999), st.none() | TEXTS),
    st.lists(TEXTS, max_size=3).map(tuple),
)

DIAGNOSES = st.builds(
    Diagnosis,
    quantity=st.just("dW1"),
    symbol=TEXTS,
    location=TEXTS,
    consequences=TEXTS,
    category=TEXTS,
    corrections=st.lists(st.builds(Correction, TEXTS, TEXTS, TEXTS), max_size=2).map(tuple),
    alternatives=LINES,
    more=COUNTS,
    remark=TEXTS,
    question=TEXTS,
    explanations=st.sampled_from([(), (("weights-left-out", "stray-constant"), ("stray-constant",))]),
)

VERDICTS = st.builds(
    Verdict,
    submission=TEXTS,
    spec=TEXTS,
    title=TEXTS,
    quantities=st.lists(quantities(), min_size=1, max_size=3).map(tuple),
    accepted=st.lists(quantities(), max_size=1).map(tuple),
    failure=st.none() | FAILURES,
    diagnosis=st.none() | DIAGNOSES,
    feedback=st.sampled_from(["where", "hint", "full"]),
    notes=LINES,
    output=TEXTS,
)
