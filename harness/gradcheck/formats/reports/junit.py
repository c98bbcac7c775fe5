"""JUnit's XML, as pytest and Jenkins have it (xunit2): a suite for each spec, a case for each quantity."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from gradcheck.formats import scores, texts
from gradcheck.formats.report_format import Context, Format
from gradcheck.formats.size import fitted, shorten
from gradcheck.submission.text import one_line
from gradcheck.text import printable
from gradcheck.verdict.records import Quantity, Status, Verdict

MOST = 10_000_000
"""Bytes: more than a log of a hundred specs needs, and less than what parsers refuse."""

_TAGS = {
    Status.WRONG: "failure",
    Status.ERROR: "error",
    Status.INTERNAL: "error",
    Status.CANNOT_TELL: "skipped",
}
"""What a case that is not right holds."""


def render(verdicts: Sequence[Verdict], context: Context) -> str:
    """The document. The points stand among each suite's properties."""
    return fitted(lambda limit: _document(verdicts, context, limit), MOST)


def _document(verdicts: Sequence[Verdict], context: Context, limit: int) -> str:
    suites = [_suite(verdict, context, limit) for verdict in verdicts]
    suites += map(_unusable, context.complaints, context.summaries)
    root = ET.Element("testsuites", name="gradcheck", time=f"{context.seconds:.3f}")
    for total in ("tests", "failures", "errors"):
        root.set(total, str(sum(int(suite.get(total, "0")) for suite in suites)))
    root.extend(suites)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode")


def _suite(verdict: Verdict, context: Context, limit: int) -> ET.Element:
    tags = [_TAGS.get(quantity.status) for quantity in verdict.quantities]
    suite = ET.Element(
        "testsuite",
        name=one_line(verdict.spec or verdict.submission),
        tests=str(len(tags)),
        failures=str(tags.count("failure")),
        errors=str(tags.count("error")),
        skipped=str(tags.count("skipped")),
        time=f"{verdict.seconds:.3f}",
    )
    properties = ET.SubElement(suite, "properties")
    for name, value in (
        ("submission", one_line(verdict.submission)),
        ("points", str(scores.earned([verdict]))),
        ("max_points", str(scores.possible([verdict]))),
        ("status", str(verdict.status)),
    ):
        ET.SubElement(properties, "property", name=name, value=value)
    suite.extend(_case(verdict, quantity, context, limit) for quantity in verdict.quantities)
    if verdict.notes or verdict.output:
        ET.SubElement(suite, "system-out").text = shorten(texts.remarks(verdict, context), limit)
    return suite


def _case(verdict: Verdict, quantity: Quantity, context: Context, limit: int) -> ET.Element:
    name, classname = one_line(quantity.symbol), one_line(verdict.spec or verdict.submission)
    case = ET.Element("testcase", classname=classname, name=name)
    if tag := _TAGS.get(quantity.status):
        result = ET.SubElement(case, tag, type=quantity.reason or "", message=texts.brief(quantity))
        result.text = shorten(texts.detail(verdict, quantity, context), limit)
    return case


def _unusable(complaint: str, summary: str) -> ET.Element:
    """A suite of one error: what could not be judged must not look like nothing to do."""
    suite = ET.Element("testsuite", name="gradcheck", tests="1", failures="0", errors="1", skipped="0")
    case = ET.SubElement(suite, "testcase", classname="gradcheck", name=texts.UNUSABLE)
    ET.SubElement(case, "error", type="unusable", message=one_line(summary)).text = printable(complaint)
    return suite


FORMAT = Format(about="JUnit's XML", suffix=".xml", render=render, most=MOST)
