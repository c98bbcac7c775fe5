"""Reports in a real browser: pages on phones and desktops, and fragments within the styles of notebooks."""

from __future__ import annotations

import re
import zlib
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
from report_examples import EXAMPLES, TRACEBACK, verdict

from browser import Page, barriers, browser, needs_axe, needs_chromium
from gradcheck.api import formula
from gradcheck.report.data import result
from gradcheck.report.html import fragment
from gradcheck.report.page import render
from gradcheck.report.result import Result
from gradcheck.specification.read import read

pytestmark = [pytest.mark.slow, needs_chromium]

HOSTS = Path(__file__).parent / "hosts"
SPEC = Path(__file__).parents[2] / "specs" / "chain_function.yaml"
MEASURE = (Path(__file__).parent / "measure.js").read_text("utf-8")
NAMES = ("wrong_matrix", "wrong_row", "diagnosed", "crash", "undecided", "not_finite", "large", "hostile")
FOCUSED = """
[document.activeElement.tagName, [...document.querySelectorAll("*")].indexOf(document.activeElement)]
"""
SEEN = """
[...document.querySelectorAll(".formula")].map((one) => [
  one.querySelector("math")?.getBoundingClientRect().width ?? 0,
  getComputedStyle(one.querySelector(".tex")).visibility === "hidden",
])
"""
"""Of each formula the width of its MathML, and whether its LaTeX is hidden."""
LOOK = """
new Promise((done) => {
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const found = { width: image.width, ground: data[0], ink: 0, red: 0, green: 0, margin: 0 };
    for (let at = 0; at < data.length; at += 4) {
      const [r, g, b] = data.slice(at, at + 3), x = (at / 4) % image.width;
      const dark = Math.max(Math.abs(r - data[0]), Math.abs(g - data[1]), Math.abs(b - data[2])) > 90;
      found.ink += (4 * dark) / data.length;
      found.red += r - Math.max(g, b) > 20;
      found.green += g - Math.max(r, b) > 8;
      found.margin += dark && (x < 8 || x >= image.width - 8);
    }
    done(found);
  };
  image.src = "data:image/png;base64,PNG";
})
"""
"""What a picture looks like, roughly: its ground, how much is ink, red, green, and what is in its margins."""


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One browser for all tests."""
    with browser(tmp_path_factory.mktemp("chromium")) as page:
        yield page


@cache
def results() -> dict[str, Result]:
    """Examples; the first one has everything that a page can have."""
    full = verdict(
        EXAMPLES["wrong_matrix"].quantities,
        accepted=EXAMPLES["wrong_matrix"].accepted,
        diagnosis=EXAMPLES["diagnosed"].diagnosis,
        failure=TRACEBACK,
        notes=("Your function changed its input x in place.",),
        output="z = 1\n",
        graph=read(SPEC).graph,
    )
    return {"full": result(full), **{name: result(EXAMPLES[name]) for name in NAMES}}


def shown(chromium: Page, folder: Path, text: str, width: int) -> None:
    file = folder / "page.html"
    file.write_text(text, "utf-8")
    chromium.open(file, width)


def measured(chromium: Page, folder: Path, text: str, width: int) -> dict[str, Any]:
    """What measure.js says of it, after what holds everywhere."""
    shown(chromium, folder, text, width)
    found: dict[str, Any] = chromium.run(MEASURE)
    assert found["texts"] > 5
    assert (found["overflow"], found["out"]) == (0, [])
    assert found["broken"] == []
    assert found["faint"] == []
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_pages(chromium: Page, width: int, scheme: Literal["light", "dark"], tmp_path: Path) -> None:
    """Nothing is wider than the page, no word is broken, and all can be read."""
    chromium.prefer(scheme)
    pages = [*(render([one]) for one in results().values()), render([*results().values()])]
    for page in pages:
        assert measured(chromium, tmp_path, page, width)["isDark"] == (scheme == "dark")


@pytest.mark.parametrize(
    ("host", "ink", "background"),
    [("vscode", "#3b3b3b", "#ffffff"), ("vscode", "#cccccc", "#1f1f1f"), ("stranger", "", "")],
)
def test_fragments(chromium: Page, host: str, ink: str, background: str, tmp_path: Path) -> None:
    """Within a notebook's own style a fragment lies as it does by itself."""
    chromium.prefer("light")
    frame = (HOSTS / f"{host}.html").read_text("utf-8")
    frame = frame.replace("INK", ink).replace("BACKGROUND", background)
    fragments = [str(fragment(one)) for one in results().values()]
    fragments.append(formula("y = σ(w x + b); dy/dw = x = w; dy/dx = (w")._repr_html_())
    for width in (420, 800):
        for one in fragments:
            found = measured(chromium, tmp_path, frame.replace("FRAGMENT", one), width)
            assert min(found["pictures"], default=30) >= 30


@pytest.mark.parametrize("host", ["vscode", "stranger"])
def test_a_formula_without_mathjax(chromium: Page, host: str, tmp_path: Path) -> None:
    """The browser sets its MathML, and its LaTeX is not seen; what has no MathML is shown as it was typed."""
    frame = (HOSTS / f"{host}.html").read_text("utf-8")
    text = r"$a = \tanh(z)$, $\frac{\partial a}{\partial z} = 1 - a^2$, $b = \color{red}{a}$"
    shown(chromium, tmp_path, frame.replace("FRAGMENT", formula(text)._repr_html_()), 800)
    seen: list[list[Any]] = chromium.run(SEEN)
    assert [bool(width) == is_hidden for width, is_hidden in seen] == [True] * len(seen)
    assert [width > 20 for width, _ in seen] == [True, True, False]


def test_keys_reach_everything(chromium: Page, tmp_path: Path) -> None:
    """Tab goes through links, folds and tables in their order, each with a frame around it; Enter unfolds."""
    shown(chromium, tmp_path, render([results()["full"], results()["wrong_row"]]), 800)
    reached = list[Any]()
    for _ in range(100):
        chromium.press("Tab")
        here = chromium.run(FOCUSED)
        if here[0] == "BODY" or here in reached[:1]:
            break
        reached.append(here)
        assert chromium.run("getComputedStyle(document.activeElement).outlineStyle") != "none"
        if here[0] == "SUMMARY" and not chromium.run("document.activeElement.parentElement.open"):
            chromium.press("Enter")
            assert chromium.run("document.activeElement.parentElement.open")
    tags = [tag for tag, _ in reached]
    assert tags.count("A") == 2
    assert tags.count("SUMMARY") == chromium.run("document.querySelectorAll('summary').length")
    assert tags.count("DIV") == chromium.run("document.querySelectorAll('.scroll').length")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1100], ids=["phone", "desktop"])
def test_pictures(chromium: Page, width: int, scheme: Literal["light", "dark"], tmp_path: Path) -> None:
    """A page is light or dark as is wished, has ink on a good part of it, and marks in red and green."""
    chromium.prefer(scheme)
    shown(chromium, tmp_path, render([results()["full"]]), width)
    chromium.screenshot(tmp_path / "page.png")
    shown(chromium, tmp_path, "<!doctype html><title>look</title>", width)
    picture = b64encode((tmp_path / "page.png").read_bytes()).decode()
    found = chromium.run(LOOK.replace("PNG", picture))
    assert found["width"] == width
    assert found["ground"] > 240 if scheme == "light" else found["ground"] < 50
    assert 0.005 < found["ink"] < 0.25
    assert min(found["red"], found["green"]) > 50
    assert found["margin"] == 0


def test_what_is_folded_is_printed(chromium: Page, tmp_path: Path) -> None:
    """On paper nothing can be unfolded."""
    page = render([results()["full"]])
    sizes = []
    for text in (page, page.replace("<details>", "<details open>")):
        shown(chromium, tmp_path, text, 800)
        sizes.append(pieces_of_text(chromium.printed()))
    assert sizes[0] == sizes[1] > 100


def pieces_of_text(pdf: bytes) -> int:
    """How many there are on paper (Adobe, "PDF Reference", 5.3.2)."""
    count = 0
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            text = zlib.decompress(stream)
        except zlib.error:
            continue  # a font, or something else that is packed in another way
        count += text.count(b"Tj") + text.count(b"TJ")
    return count


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out(chromium: Page, tmp_path: Path, scheme: Literal["light", "dark"]) -> None:
    """By the rules of axe-core: a page of one report, and of several, with all that a page can have."""
    chromium.prefer(scheme)
    for text in (render([results()["full"]]), render(list(results().values()))):
        shown(chromium, tmp_path, text, 360)
        assert barriers(chromium) == []
    chromium.prefer("light")
