"""How the readers of each format read it: small models of other systems, by their documented rules."""

from __future__ import annotations

import json
import math
import re
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import schemas
import xmlschema
from markdown_it import MarkdownIt

from page_reader import Reader

_XSD = xmlschema.XMLSchema(str(Path(__file__).with_name("junit.xsd")))


class Read(NamedTuple):
    """What a reader takes from a report; None for what its format doesn't hold."""

    earned: float | None = None
    possible: float | None = None
    share: float | None = None
    """Of the points, from 0 to 1."""
    passed: bool | None = None
    """Whether all is well."""


class Annotation(NamedTuple):
    """What GitHub shows of a command."""

    level: str
    message: str
    properties: Mapping[str, str]


def strict(text: str) -> Any:
    """JSON as everybody reads it: no NaN, no key twice."""

    def refuse(name: str) -> Any:
        raise AssertionError(name)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len({key for key, _ in pairs}) == len(pairs)
        return dict(pairs)

    return json.loads(text, parse_constant=refuse, object_pairs_hook=once)


_COMMAND = re.compile(r"^\s*::(?P<name>[\w-]+)(?: (?P<properties>[^\n]*?))?::(?P<message>.*)$")


def commands(log: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """The commands that a runner obeys: name, properties, message (docs.github.com)."""
    resume = None
    for line in re.split(r"\r\n|\r|\n", log):
        if resume is not None:
            resume = None if line.strip() == f"::{resume}::" else resume
            continue
        assert "##[" not in line
        if (match := _COMMAND.match(line)) is None:
            continue
        given = dict(part.split("=", 1) for part in (match["properties"] or "").split(",") if part)
        if match["name"] == "stop-commands":
            resume = match["message"]
        else:
            properties = {name: _decoded(text) for name, text in given.items()}
            yield match["name"], properties, _decoded(match["message"])
    assert resume is None, "commands are stopped for good"


def _decoded(text: str) -> str:
    for code, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, character)
    return text


def annotations_of(log: str) -> list[Annotation]:
    """The annotations of a log, which holds no other command."""
    found = [Annotation(name, message, given) for name, given, message in commands(log)]
    assert {one.level for one in found} <= {"error", "warning", "notice"}
    assert all(one.properties.keys() <= {"file", "line", "col", "title"} for one in found)
    return found


def classroom_points(result: str) -> tuple[float, float, dict[str, Any]]:
    """What the reporter sends: the sum of the tests' scores, and the most there is; the whole result."""
    key, _, text = result.partition("=")
    assert key == "result"
    assert len(text) < 131_072, "more than Linux takes as one environment variable"
    data = strict(b64decode(text, validate=True).decode())
    schemas.check(data, schemas.CLASSROOM)
    return sum(test["score"] for test in data["tests"]), data["max_score"], data


def _text(text: str, appended: Mapping[str, str]) -> Read:
    assert not list(commands(text)), "a print became a command"
    return Read()


def _json(text: str, appended: Mapping[str, str]) -> Read:
    results = strict(text)["results"]
    earned, possible = (sum(one[key] for one in results) for key in ("points", "max_points"))
    return Read(earned, possible)


def _junit(text: str, appended: Mapping[str, str]) -> Read:
    _XSD.validate(text)
    root = ET.fromstring(text.encode())
    values = dict.fromkeys(("points", "max_points"), 0.0)
    for one in root.iter("property"):
        if one.attrib["name"] in values:
            values[one.attrib["name"]] += float(one.attrib["value"])
    for suite in root.iter("testsuite"):
        assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
        for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.attrib[key]) == len(suite.findall(f"testcase/{tag}"))
    cases = list(root.iter("testcase"))
    bad = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    return Read(values["points"], values["max_points"], passed=bool(cases) and not bad)


def _github(text: str, appended: Mapping[str, str]) -> Read:
    levels = {one.level for one in annotations_of(text)}
    summary = appended["GITHUB_STEP_SUMMARY"]
    assert len(summary.encode()) < 1 << 20
    assert "<" not in outside_of_code(summary)
    return Read(passed=not levels & {"error", "warning"})


def outside_of_code(markdown: str) -> str:
    """What of a Markdown text is no code, and so could be HTML (CommonMark: fences, code spans)."""
    kept, fence = [], ""
    for line in markdown.split("\n"):
        mark = re.match(r"`{3,}", line)
        if fence:
            fence = "" if mark and len(mark[0]) >= len(fence) and line.strip("` ") == "" else fence
        elif mark and "`" not in line[mark.end() :]:
            fence = mark[0]
        else:
            kept.append(re.sub(r"(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)", "", line))
    assert not fence, "a block of code is never closed"
    return "\n".join(kept)


def _classroom(text: str, appended: Mapping[str, str]) -> Read:
    earned, possible, data = classroom_points(appended["GITHUB_OUTPUT"])
    _github(text, appended)
    assert "\n" not in appended["GITHUB_OUTPUT"]
    return Read(earned, possible, passed=data["status"] == "pass")


def _gradescope(text: str, appended: Mapping[str, str]) -> Read:
    data = strict(text)
    schemas.check(data, schemas.GRADESCOPE)
    assert math.isclose(data["score"], sum(test["score"] for test in data["tests"]), abs_tol=1e-9)
    for output in (data["output"], *(test["output"] for test in data["tests"])):
        assert not outside_of_code(output).strip()
    possible = round(sum(test["max_score"] for test in data["tests"]), 10)
    return Read(data["score"], possible, passed=all(test["status"] == "passed" for test in data["tests"]))


def _prairielearn(text: str, appended: Mapping[str, str]) -> Read:
    data = strict(text)
    schemas.check(data, schemas.PRAIRIELEARN)
    assert len(text.encode()) <= 1_000_000
    assert data["gradable"] is ("format_errors" not in data)
    assert data["gradable"] or data["score"] == 0
    earned, possible = (sum(test[key] for test in data["tests"]) for key in ("points", "max_points"))
    return Read(round(earned, 10), round(possible, 10), data["score"] if data["gradable"] else None)


def _autolab(text: str, appended: Mapping[str, str]) -> Read:
    *_, presentation, last = text.split("\n")
    stages, data = strict(presentation), strict(last)
    assert stages["_presentation"] == "semantic"
    assert stages["stages"] == list(data["scores"])
    return Read(data["scoreboard"][0])


def _inginious(text: str, appended: Mapping[str, str]) -> Read:
    data = strict(text)
    schemas.check(data, schemas.INGINIOUS)
    head, _, block = data["text"].partition("\n\n")
    assert head == "::"
    assert all(line.startswith("    ") or not line.strip() for line in block.split("\n")), "text is no block"
    return Read(share=data["grade"] / 100 if data["result"] != "crash" else None)


def _coursera(text: str, appended: Mapping[str, str]) -> Read:
    data = strict(text)
    schemas.check(data, schemas.COURSERA)
    return Read(share=data["fractionalScore"])


def _check50(text: str, appended: Mapping[str, str]) -> Read:
    data = strict(text)
    schemas.check(data, schemas.CHECK50)
    results = data.get("results", [])
    assert all((one["passed"] is True) == (one["cause"] is None) for one in results)
    return Read(passed=bool(results) and all(one["passed"] for one in results))


def _markus(text: str, appended: Mapping[str, str]) -> Read:
    tests = [strict(line) for line in text.split("\n") if line]
    for test in tests:
        schemas.check(test, schemas.MARKUS)
        assert test["status"] != "partial" or test["marks_earned"] > 0
    earned, possible = (round(sum(test[f"marks_{key}"] for test in tests), 10) for key in ("earned", "total"))
    return Read(earned, possible, passed=bool(tests) and all(test["status"] == "pass" for test in tests))


def _codegrade(text: str, appended: Mapping[str, str]) -> Read:
    assert text.isascii()
    tests, points = (strict(line) for line in text.split("\n"))
    for message in (tests, points):
        schemas.check(message, schemas.CODEGRADE)
    cases = [case for suite in tests["results"] for case in suite["testCases"]]
    passed = bool(cases) and all(case["status"] == "success" for case in cases)
    return Read(share=float(Fraction(points["points"])), passed=passed)


def _submitty(text: str, appended: Mapping[str, str]) -> Read:
    data = strict(text)
    schemas.check(data, schemas.SUBMITTY)
    return Read(share=data["data"]["score"] if data["status"] == "success" else None)


def dodona(text: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The last command, which closes the judgement, and all of them; what is opened is closed in turn."""
    commands = [strict(line) for line in text.split("\n")]
    opened: list[str] = []
    for one in commands:
        schemas.check(one, schemas.DODONA)
        verb, _, what = one["command"].partition("-")
        if verb == "start":
            assert opened == ["judgement", "tab", "context", "testcase"][: len(opened)]
            opened.append(what)
        elif verb == "close":
            assert opened.pop() == what
    assert not opened
    return commands[-1], commands


def _dodona(text: str, appended: Mapping[str, str]) -> Read:
    last, commands = dodona(text)
    cases = [one["accepted"] for one in commands if one["command"] == "close-testcase"]
    badges = [one["badgeCount"] for one in commands if one["command"] == "close-tab"]
    assert sum(badges) == cases.count(False)
    assert last["accepted"] is (last["status"]["enum"] == "correct")
    return Read(passed=last["accepted"])


def _html(text: str, appended: Mapping[str, str]) -> Read:
    assert not list(commands(text)), "a print became a command"
    elements = Reader(text.partition("\n")[2]).elements
    assert "script" not in {tag for tag, _ in elements}
    return Read()


def _md(text: str, appended: Mapping[str, str]) -> Read:
    assert not list(commands(text)), "a print became a command"
    html = [token.content for token in MarkdownIt("commonmark").parse(text) if token.type == "html_block"]
    assert all(one.startswith(("<details><summary>", "</details>")) for one in html)
    return Read()


READERS: dict[str, Callable[[str, Mapping[str, str]], Read]] = {
    "text": _text,
    "json": _json,
    "html": _html,
    "md": _md,
    "junit": _junit,
    "github": _github,
    "classroom": _classroom,
    "gradescope": _gradescope,
    "prairielearn": _prairielearn,
    "autolab": _autolab,
    "inginious": _inginious,
    "coursera": _coursera,
    "check50": _check50,
    "codegrade": _codegrade,
    "markus": _markus,
    "submitty": _submitty,
    "dodona": _dodona,
}
"""Format -> what its reader makes of the report and of what is appended to files."""
