"""The HTML report in a real browser."""

from __future__ import annotations

import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest
from report_examples import EXAMPLES

from gradcheck.report.html import render

pytestmark = pytest.mark.slow

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]

MEASURE = """
<script>
  const page = document.documentElement;
  const shown = [...document.querySelectorAll("td, th, p, strong")].filter(e => e.getClientRects().length);
  const hidden = shown.filter(e => e.textContent.trim() && !e.getBoundingClientRect().width).length;
  document.title = [page.scrollWidth - page.clientWidth, shown.length, hidden].join(" ");
</script>
"""


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: it is not installed")
@pytest.mark.parametrize("name", ["wrong_matrix", "crash", "undecided", "hostile"])
def test_nothing_sticks_out(name: str, tmp_path: Path) -> None:
    """In a notebook's narrow cell nothing is wider than the page, and no text has no width."""
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><meta charset=utf-8><body>{render(EXAMPLES[name])}{MEASURE}")
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={tmp_path}", "--window-size=640,900", "--dump-dom"]
    done = subprocess.run([*command, page.as_uri()], capture_output=True, text=True, timeout=600, check=True)
    title = re.search(r"<title>(.*?)</title>", done.stdout)
    assert title is not None
    beyond, shown, hidden = map(int, unescape(title[1]).split())
    assert shown > 0
    assert (beyond, hidden) == (0, 0)
