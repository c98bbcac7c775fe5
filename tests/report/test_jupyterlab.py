"""Reports in JupyterLab itself, in a notebook that it trusts and in one that it doesn't."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from report_examples import EXAMPLES, verdict

from browser import Page, browser, needs_chromium
from gradcheck.api import formula
from gradcheck.report.html import render
from gradcheck.specification.read import read

pytestmark = [
    pytest.mark.slow,
    needs_chromium,
    pytest.mark.skipif(find_spec("jupyterlab") is None, reason="needs JupyterLab: it is not installed"),
]

MEASURE = (Path(__file__).parent / "measure.js").read_text("utf-8")
SPEC = Path(__file__).parents[2] / "specs" / "chain_function.yaml"
TEXT = r"$z = W x + b$, $C = \frac12 \|z - y\|^2$, $\frac{\partial C}{\partial W} = 2 (z - y) x^T$"
SETTLED = """
new Promise((done) => {
  const look = () => {
    const formulas = [...document.querySelectorAll(".gradcheck .formula")];
    const there = document.querySelectorAll(".gradcheck").length === COUNT;
    const set = formulas.length > 3 && formulas.every((one) => one.querySelector("mjx-container"));
    there && set ? done(true) : setTimeout(look, 50);
  };
  look();
})
"""
"""Until all is shown and MathJax has set every formula."""
FORMULAS = """
[...document.querySelectorAll(".gradcheck .formula")].map((one) => [
  one.getBoundingClientRect().height,
  one.querySelector(".mathml") && getComputedStyle(one.querySelector(".mathml")).display,
])
"""
"""The height of each formula, and whether its MathML is shown, too."""
_PATIENCE = 300.0
"""Seconds for what is not under test."""


@dataclass(frozen=True)
class Lab:
    """A server, and a page of a browser."""

    url: str
    folder: Path
    page: Page

    def show(self, notebook: str, width: int, theme: str) -> None:
        """A notebook, until it has settled."""
        settings = self.folder / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
        settings.mkdir(parents=True, exist_ok=True)
        (settings / "themes.jupyterlab-settings").write_text(json.dumps({"theme": theme}), "utf-8")
        self.page.visit(f"{self.url}lab/workspaces/{notebook}/tree/{notebook}.ipynb", width)
        self.page.run(SETTLED.replace("COUNT", str(len(fragments()))))


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A server with two notebooks: `trusted`, and `stranger` with the same outputs."""
    folder = tmp_path_factory.mktemp("jupyter")
    (folder / "notebooks").mkdir()
    for name in ("trusted", "stranger"):
        text = json.dumps(notebook(name))
        (folder / "notebooks" / f"{name}.ipynb").write_text(text, "utf-8")
    cells = import_module("nbformat").reads(json.dumps(notebook("trusted")), 4)
    import_module("nbformat.sign").NotebookNotary(data_dir=str(folder)).sign(cells)
    places = {f"JUPYTER_{one}_DIR": str(folder) for one in ("CONFIG", "DATA", "RUNTIME")}
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0"),
        *("--IdentityProvider.token=", f"--ServerApp.root_dir={folder / 'notebooks'}"),
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    server = subprocess.Popen(
        command, env=os.environ | places, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        with browser(tmp_path_factory.mktemp("chromium")) as page:
            yield Lab(address(folder, server), folder, page)
    finally:
        server.terminate()
        server.wait(_PATIENCE)


@cache
def fragments() -> list[str]:
    """Reports with everything that one can have."""
    example = EXAMPLES["wrong_matrix"].quantities
    diagnosis = EXAMPLES["diagnosed"].diagnosis
    drawn = verdict(example, diagnosis=diagnosis, graph=read(SPEC).graph, notes=("It is $5$ or $6$.",))
    others = (EXAMPLES[name] for name in ("wrong_row", "crash", "undecided", "large"))
    return [*map(render, (drawn, *others)), formula(TEXT)._repr_html_()]


def notebook(title: str) -> dict[str, Any]:
    """One cell whose outputs are the fragments."""
    outputs = [
        {"output_type": "display_data", "metadata": {}, "data": {"text/html": one, "text/plain": "a report"}}
        for one in fragments()
    ]
    cell = {"cell_type": "code", "id": "one", "metadata": {}, "execution_count": 1, "source": title}
    return {"cells": [cell | {"outputs": outputs}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def address(folder: Path, server: subprocess.Popen[bytes]) -> str:
    """Of a server, once it answers."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and server.poll() is None:
        for file in folder.glob("jpserver-*.json"):
            with suppress(json.JSONDecodeError):  # it is being written
                url: str = json.loads(file.read_text("utf-8"))["url"]
                return url
        time.sleep(0.05)
    raise AssertionError("JupyterLab does not start")


def test_a_trusted_notebook(lab: Lab) -> None:
    """Nothing is too wide, broken or faint; each formula is on one line, once."""
    lab.show("trusted", 1300, "JupyterLab Dark")
    formulas = lab.page.run(FORMULAS)
    assert all(height < 60 and other == "none" for height, other in formulas)
    for width in (1300, 700):
        lab.page.resize(width, 900)
        found = lab.page.run(MEASURE)
        assert len(found["pictures"]) == 5
        assert found["texts"] > 500
        assert [found[fault] for fault in ("overflow", "out", "broken", "faint")] == [0, [], [], []]


def test_a_strangers_notebook(lab: Lab) -> None:
    """The pictures' words are there instead of them, and nothing of the pictures; dollars stay."""
    lab.show("stranger", 1300, "JupyterLab Light")
    shown: str = lab.page.run("document.querySelector('.jp-OutputArea').innerText")
    assert "Where dW1 is wrong: all of row 2; row 3, column 3." in shown
    assert "follows from" in shown
    assert "It is $5$ or $6$." in shown
    assert not [text for text in ("forward ↓", "a square is wrong") if text in shown]
    found = lab.page.run(MEASURE)
    assert found["pictures"] == []
    assert [found[fault] for fault in ("overflow", "broken", "faint")] == [0, [], []]
