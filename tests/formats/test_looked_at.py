"""Reports of other systems as they were read and found good."""

from __future__ import annotations

import secrets
from dataclasses import replace

import pytest
from report_examples import EXAMPLES
from syrupy.assertion import SnapshotAssertion

from gradcheck.formats.report_format import Context
from gradcheck.formats.reports import FORMATS
from gradcheck.verdict.hidden import withheld
from snapshot import Json, Text

VERDICTS = [
    EXAMPLES["diagnosed"],
    EXAMPLES["crash"],
    withheld(replace(EXAMPLES["wrong_matrix"], title="A hidden spec")),
]
CONTEXT = Context(
    complaints=("specs/a.yaml:2:61: there is no activation sigmiod",),
    files=lambda spec: ("hw1/asker.py",),
    seconds=1.25,
)


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("text", "json", "html", "md")])
def test_reports(name: str, snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake, a crash, a hidden spec, and a spec that can't be used."""
    monkeypatch.setattr(secrets, "token_hex", lambda size: "0" * 2 * size)
    form = FORMATS[name]
    kind = Json if form.suffix == ".json" else Text
    assert form.render(VERDICTS, CONTEXT) == snapshot(extension_class=kind)


def test_summary_of_a_job(snapshot: SnapshotAssertion) -> None:
    render = FORMATS["github"].appended["GITHUB_STEP_SUMMARY"]
    assert render(VERDICTS, CONTEXT) == snapshot(extension_class=Text)
