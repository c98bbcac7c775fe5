"""Results as plain text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from report_examples import EXAMPLES
from report_strategies import VERDICTS
from syrupy.assertion import SnapshotAssertion

from gradcheck.report.data import result
from gradcheck.report.plain import render
from gradcheck.submission.text import is_printable
from gradcheck.text import columns
from gradcheck.verdict.records import Verdict
from snapshot import Text


@pytest.mark.parametrize("name", ["diagnosed", "crash"])
def test_texts(name: str, snapshot: SnapshotAssertion) -> None:
    """As they were last looked at and found good."""
    assert render([result(EXAMPLES[name])]) == snapshot(extension_class=Text)


@pytest.mark.slow
@given(VERDICTS)
@settings(max_examples=50)
def test_lines_are_short(verdict: Verdict) -> None:
    """Whatever is said, and nothing in it controls a terminal."""
    text = render([result(verdict)], width=72)
    assert max(map(columns, text.split("\n"))) <= 72
    assert all(map(is_printable, text.replace("\n", "")))
