"""The picture of a report, from what the command prints: `python docs/generators/picture.py`.

Run it from the root of the repository; it writes docs/images/report.svg.
"""

from __future__ import annotations

import io
import os
from contextlib import redirect_stdout
from pathlib import Path

from rich.console import Console
from rich.text import Text

from gradcheck.cli import main

ARGUMENTS = ["asker", "--spec", "specs/two_layer.yaml"]
WIDTH, HEIGHT = 80, 24
"""Columns, and how many lines of the report are shown."""
MARGIN = 2
FILE = Path("docs/images/report.svg")
_FORMAT = """\
<svg viewBox="0 0 {terminal_width} {terminal_height}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>What gradcheck prints for a wrong submission</title>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs>{lines}</defs>
<rect width="{terminal_width}" height="{terminal_height}" rx="8" fill="#292929"/>
<g transform="translate(10, 4)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g></g></svg>
"""


def report() -> str:
    """The report as a terminal shows it, with its colours as codes."""
    os.environ["COLUMNS"] = str(WIDTH)
    with redirect_stdout(io.StringIO()) as printed:
        main([*ARGUMENTS, "--color", "always"])
    return printed.getvalue()


def picture(text: str) -> str:
    """The first lines of the report as SVG, without fonts or scripts of others."""
    lines = [f"$ gradcheck {' '.join(ARGUMENTS)}", *text.splitlines()[:HEIGHT]]
    console = Console(width=WIDTH + MARGIN, record=True, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi("\n".join(lines)), soft_wrap=True)
    return console.export_svg(code_format=_FORMAT, unique_id="report")


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(picture(report()), encoding="utf-8")
