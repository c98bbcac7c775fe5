"""Generated pages have all that the code has."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from page_blocks import ROOT

from generators import registries
from generators.commands import commands_page, parser_of
from generators.gallery import example
from generators.markdown import escaped, table
from generators.pages import REFERENCE
from generators.schema import schema_page
from gradcheck.cli import main
from gradcheck.commands.table import COMMANDS
from gradcheck.edits.kinds import KINDS
from gradcheck.expr.registry import CALLED, MOVING, OPERATORS, OVER
from gradcheck.layers import LAYERS
from gradcheck.layers.activation import OPTIONS
from gradcheck.losses import LOSSES
from gradcheck.mistakes.catalogue import CATALOGUE
from gradcheck.mistakes.conditions import CALLED_TWICE
from gradcheck.specification.language import Sheet
from gradcheck.specification.shipped import NOTATIONS
from gradcheck.verdict.records import Status

OPTION = re.compile(r"--[a-z][a-z-]*")


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_option_is_on_the_page(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Those that the command's own help lists, below the command's heading."""
    with pytest.raises(SystemExit):
        main([command, "--help"] if command else ["--help"])
    heading = f"## gradcheck {command}".strip()
    section = commands_page().partition(f"{heading}\n")[2].partition("\n## ")[0]
    listed = capsys.readouterr().out.partition("options:")[2]
    for line in listed.splitlines():
        if (option := OPTION.match(line.strip())) and option[0] != "--help":
            assert f"`{option[0]}" in section, option[0]


def test_actions_have_sections_of_their_own() -> None:
    """As `gradcheck spec check` is."""
    page = commands_page()
    for action in ("check", "show", "schema"):
        assert f"\n## gradcheck spec {action}\n" in page


def test_a_parser_is_read_without_running_the_command() -> None:
    """It knows what it is called."""
    assert parser_of("grade").prog == "gradcheck grade"


@pytest.mark.parametrize(
    ("page", "names"),
    [
        (registries.activations_page, OPTIONS),
        (registries.losses_page, LOSSES),
        (registries.notations_page, NOTATIONS),
        (registries.edits_page, KINDS),
        (registries.layers_page, LAYERS),
        (registries.operations_page, [*OPERATORS, *CALLED, *OVER, *MOVING]),
        (schema_page, Sheet.model_fields),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_every_entry_of_a_registry_is_on_its_page(page: object, names: object) -> None:
    """By its name, in a row or a heading."""
    assert callable(page)
    text = page()
    for name in names:  # type: ignore[attr-defined]
        assert re.search(rf"^(\| `|## ){re.escape(name)}(\b|`|\()", text, re.MULTILINE), name


def test_rows_are_as_long_as_their_head() -> None:
    """In every table of the reference: a bar in a cell is no border."""
    for path, write in REFERENCE.items():
        head = 0
        for line in write().splitlines() if path.endswith(".md") else ():
            cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
            assert not (head and cells) or cells == head, line
            head = cells


def test_cells_and_prose_are_escaped() -> None:
    """What Markdown would take for its own, but for what stands in backticks."""
    assert table(["a"], [["|x|\ny"]]).endswith("\n| \\|x\\| y |")
    assert escaped("a_b * <c> `d_e`") == "a\\_b \\* \\<c> `d_e`"


@pytest.mark.slow
@pytest.mark.parametrize("slug", [one.slug for one in CATALOGUE.values() if one.where is not CALLED_TWICE])
def test_the_gallery_shows_every_mistake(slug: str) -> None:
    """In a report that calls something wrong, and names the mistake or lists it."""
    verdict = example(CATALOGUE[slug]).verdict
    assert verdict.status is Status.WRONG
    assert verdict.diagnosis is not None
    assert (slug,) in verdict.diagnosis.explanations


def test_the_picture_is_a_report() -> None:
    """Its text is that of the snapshot, line by line, and it is small and asks for nothing else."""
    file = ROOT / "docs" / "images" / "report.svg"
    text = file.read_text(encoding="utf-8")
    assert len(text) < 100_000
    assert re.findall(r"https?://[^\"]*", text) == ["http://www.w3.org/2000/svg"]
    lines: dict[float, str] = {}
    for span in ElementTree.fromstring(text).iter("{http://www.w3.org/2000/svg}text"):
        y = float(span.attrib["y"])
        lines[y] = lines.get(y, "") + (span.text or "")
    _command, *shown = (line for y in sorted(lines) if (line := _without_spaces(lines[y])))
    snapshots = ROOT / "tests" / "__snapshots__" / "test_questions"
    snapshot = (snapshots / "test_wrong[asker-two_layer].txt").read_text(encoding="utf-8")
    report = [_without_spaces(line) for line in snapshot.splitlines() if line.strip()]
    assert shown == report[: len(shown)]


def _without_spaces(text: str) -> str:
    return "".join(text.split())
