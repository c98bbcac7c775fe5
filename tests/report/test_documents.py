"""docs/json.md describes every key of every JSON document, and no others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from report_examples import EXAMPLES, TRACEBACK

from gradcheck.cli import main
from gradcheck.grading.records import Column, Grade, Run
from gradcheck.report.data import as_data
from gradcheck.specification.records import Node
from gradcheck.submission.records import Failure, Location

PAGE = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")


def described(title: str) -> set[str]:
    """The keys in the first column of the table below a heading."""
    (section,) = re.findall(rf"^##+ {title}\n(.*?)(?=^#|\Z)", PAGE, re.DOTALL | re.MULTILINE)
    cells = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    return {key for cell in cells for key in re.findall(r"`(\w+)`", cell)}


def named(cell: str) -> set[str]:
    """The keys that the description of a key lists."""
    (line,) = re.findall(rf"^\| `{re.escape(cell)}` (.*) \|$", PAGE, re.MULTILINE)
    return set(re.findall(r"`(\w+)`", line))


def _objects() -> Iterator[tuple[str, dict[str, Any]]]:
    node = Node("z1", "z¹", "computed", ("x",), "dz1", "δ¹")
    document = as_data([replace(EXAMPLES["diagnosed"], failure=TRACEBACK, graph=(node,))])
    yield "Documents", document
    (result,) = document["results"]
    yield "A result", result
    (quantity,) = result["quantities"]
    yield "A quantity", quantity
    yield "A discrepancy", quantity["discrepancies"][0]
    yield "A heat map", quantity["heat_map"]
    yield "A node", result["network"][0]
    yield "A diagnosis", result["diagnosis"]
    yield "A failure", result["failure"]


@pytest.mark.parametrize(("title", "data"), [*_objects()])
def test_verdicts(title: str, data: dict[str, Any]) -> None:
    """A verdict and all its parts."""
    assert described(title) == data.keys()


def test_the_parts_of_a_diagnosis() -> None:
    """Where it is, and its lines."""
    (result,) = as_data([EXAMPLES["diagnosed"]])["results"]
    diagnosis = result["diagnosis"]
    assert named("location` | null on paper, else `quantity") | {"quantity"} == diagnosis["location"].keys()
    assert named("lines") == diagnosis["lines"][0].keys()


def test_derivations(capsys: pytest.CaptureFixture[str]) -> None:
    """A derivation with a wrong step and a piece that can't be read."""
    text = "2 (s - y) = -2 (s - y)\n\ns = (y"
    assert main(["formula", text, "--of", "(s - y)^2", "--wrt", "s", "--format", "json"]) == 1
    (result,) = json.loads(capsys.readouterr().out)["results"]
    (complaint,), claim = result["complaints"], result["claims"][0]
    assert described("A derivation") == result.keys()
    assert described("A complaint") == complaint.keys()
    assert described("A claim") == claim.keys()
    assert described("A step") == claim["steps"][0].keys()
    assert described("A diagnosis") == claim["diagnosis"].keys()


def test_mistakes(capsys: pytest.CaptureFixture[str]) -> None:
    """The catalogue."""
    assert main(["mistakes", "C03", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["document"] == "mistakes"
    assert described("A mistake") == document["mistakes"][0].keys()


def test_gradebooks() -> None:
    """Runs, specs and grades; tests of the export compare a whole document."""
    assert described("A grade") == {field.name for field in fields(Grade)} | {"report"}
    assert named("runs") == {field.name for field in fields(Run)}
    assert named("specs") == {field.name for field in fields(Column)}


@pytest.mark.parametrize(
    "where",
    [
        Location("asker.py", 12, "backprop"),
        Location("two_layer.yaml", 9),
        Location("a in b.py:3 in f", 4, "g in h:5"),
        Location("nowhere"),
    ],
    ids=str,
)
def test_the_location_of_a_failure(where: Location) -> None:
    """File, line and function apart, whatever they are called."""
    failed = replace(EXAMPLES["crash"], failure=Failure("exception", "ValueError", where))
    (result,) = as_data([failed])["results"]
    assert result["failure"]["location"] == where._asdict()
