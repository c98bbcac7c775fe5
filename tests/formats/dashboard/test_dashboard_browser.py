"""The dashboard in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from dashboards import example

from browser import Page, barriers, browser, needs_axe, needs_chromium
from gradcheck.formats.dashboard.page import render
from gradcheck.formats.grades import html
from gradcheck.grading.gradebook import Gradebook
from gradebooks import row, start

pytestmark = [pytest.mark.slow, needs_chromium]

CONTRAST = """
(() => {
  const parts = (text) => text.match(/[\\d.]+/g).map(Number);
  const over = (top, below) => {
    const [r, g, b, a = 1] = top;
    return [r, g, b].map((value, n) => value * a + below[n] * (1 - a));
  };
  const behind = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) {
      layers.push(parts(getComputedStyle(one).backgroundColor));
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const light = (color) => {
    const [r, g, b] = color.map((value) => value / 255)
      .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (element) => {
    const style = getComputedStyle(element);
    const below = behind(element);
    const ink = over(parts(element.closest("svg") ? style.fill : style.color), below);
    const [least, most] = [light(ink), light(below)].sort((a, b) => a - b);
    return (most + 0.05) / (least + 0.05);
  };
  const hasText = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  return [...document.body.querySelectorAll("*")].filter((one) => one.tagName !== "SCRIPT" && hasText(one))
    .map((one) => [ratio(one), `${one.tagName} ${one.className} ${one.textContent.slice(0, 40)}`]);
})()
"""
NAMES = "[...document.querySelectorAll('#grades tbody tr:not([hidden]) bdi')].map(one => one.textContent)"
SORTED = "[...document.querySelectorAll('th')].map(one => one.getAttribute('aria-sort')).filter(Boolean)"
BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with browser(tmp_path_factory.mktemp("browser")) as page:
        yield page


@pytest.fixture
def page(chromium: Page, tmp_path: Path) -> Page:
    """The example, opened anew."""
    chromium.complaints.clear()
    chromium.prefer("light")
    path = tmp_path / "dashboard.html"
    path.write_text(render(example(tmp_path)), encoding="utf-8")
    chromium.open(path)
    return chromium


def click(page: Page, column: int) -> None:
    page.run(f"document.querySelectorAll('#grades th button')[{column}].click()")


def test_nothing_is_wrong_with_it(page: Page) -> None:
    """The browser runs the script, takes the style, and complains of nothing, not of the policy either."""
    assert page.run("getComputedStyle(document.querySelector('nav ul')).listStyleType") == "none"
    assert page.run("document.getElementById('filters').hidden") is False
    assert page.complaints == []


def test_sorting_by_clicks(page: Page) -> None:
    """Names go up at first and points down; what has no points is last either way."""
    by_name = ["ann", "bob", "cid", "dan", "eve", "fay", "old"]
    assert (page.run(NAMES), page.run(SORTED)) == (by_name, ["ascending"])
    click(page, 0)
    assert (page.run(NAMES), page.run(SORTED)) == (by_name[::-1], ["descending"])
    click(page, 3)
    assert page.run(NAMES) == ["old", "cid", "fay", "bob", "ann", "eve", "dan"]
    click(page, 3)
    assert page.run(NAMES) == ["bob", "ann", "fay", "old", "cid", "eve", "dan"]
    assert page.run(SORTED) == ["ascending"]


def test_sorting_by_keys(page: Page) -> None:
    """Tab leads to each heading, Enter and Space sort by it, and the focus is seen and stays."""
    page.run("document.querySelector('#grades').closest('.scroll').focus()")
    page.press("Tab")
    assert page.run("document.activeElement.textContent") == "submission"
    page.press("Enter")
    assert page.run(SORTED) == ["descending"]
    page.press("Tab")
    page.press(" ")
    assert page.run("document.activeElement.closest('th').getAttribute('aria-sort')") == "descending"
    assert page.run(NAMES)[:2] == ["old", "cid"]
    assert page.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_filtering(page: Page) -> None:
    """By a name, by a note, by what a grade is; how many are shown is announced."""

    def filtered(wanted: str, outcome: str = "") -> Any:
        page.run(
            f"wanted.value = {wanted!r}; outcome.value = {outcome!r};"
            "wanted.dispatchEvent(new Event('input', {bubbles: true}))"
        )
        return page.run(NAMES), page.run("count.textContent")

    assert filtered("AN") == (["ann", "dan"], "2 of 7 shown")
    assert filtered("float32") == (["cid"], "1 of 7 shown")
    assert filtered("", "timeout") == (["dan"], "1 of 7 shown")
    assert filtered("", "not final") == (["dan"], "1 of 7 shown")
    assert filtered("", "not in the last run") == (["old"], "1 of 7 shown")
    assert filtered("b", "wrong") == (["bob"], "1 of 7 shown")
    assert filtered("nobody") == ([], "0 of 7 shown")
    options = page.run("[...outcome.options].map(one => one.value)")
    assert all(filtered("", one)[0] for one in options)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(page: Page, scheme: Literal["light", "dark"]) -> None:
    """Every text, what is folded too, stands out from what is behind it: WCAG 2, 1.4.3."""
    page.prefer(scheme)
    page.run("for (const one of document.querySelectorAll('details')) one.open = true")
    measured = page.run(CONTRAST)
    assert len(measured) > 100
    assert [one for one in measured if one[0] < 4.5] == []
    background = page.run("getComputedStyle(document.documentElement).backgroundColor")
    assert (background == "rgb(247, 247, 245)") == (scheme == "light")


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out(page: Page, scheme: Literal["light", "dark"]) -> None:
    """By the rules of axe-core, on a desktop and on a phone."""
    page.prefer(scheme)
    for width in (1280, 360):
        page.resize(width, 800)
        assert barriers(page) == []


@pytest.mark.parametrize("name", ["ann", "x" * 250, "two words " * 20, "名前" * 60])
def test_nothing_sticks_out_on_a_phone(chromium: Page, tmp_path: Path, name: str) -> None:
    """The page is never wider than the window: the table is scrolled by itself, and all of it can be."""
    specs = [f"{name[:60]}_{n}.yaml" for n in range(12)]
    path = tmp_path / "dashboard.html"
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        start(book, [name, "bob"], specs)
        book.record([row(one, spec, report={"notes": [name * 3]}) for one in (name, "bob") for spec in specs])
        path.write_text(html.render(book), encoding="utf-8")
    chromium.open(path, 360, 740)
    chromium.run("for (const one of document.querySelectorAll('details')) one.open = true")
    assert chromium.run("[innerWidth, document.documentElement.clientWidth]") == [360, 360]
    assert chromium.run(BEYOND) == 0
    assert chromium.run("(e => e.scrollWidth > e.clientWidth)(document.querySelector('.scroll'))")


def test_it_is_of_use_without_its_script(page: Page, tmp_path: Path) -> None:
    """Nothing is there that would need it, and all the rest is."""
    path = tmp_path / "without.html"
    text = (tmp_path / "dashboard.html").read_text(encoding="utf-8")
    path.write_text(text[: text.index("<script>")] + "</body></html>", encoding="utf-8")
    page.open(path)
    assert page.run("document.querySelectorAll('button').length") == 0
    assert page.run("getComputedStyle(document.getElementById('filters')).display") == "none"
    assert len(page.run(NAMES)) == 7


def test_on_paper_all_is_open(page: Page) -> None:
    """What is folded on the screen is printed, and folded again afterwards."""
    folded = "document.querySelectorAll('details:not([open])').length"
    before = page.run(folded)
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert before > 0 == page.run(folded)
    page.run("dispatchEvent(new Event('afterprint'))")
    assert page.run(folded) == before


def test_headings_and_regions_have_names(page: Page) -> None:
    """For those who hear the page: each section, region, image and field is called something."""
    unnamed = page.run(
        "[...document.querySelectorAll('section, nav, svg:not([aria-hidden]), [role=region], input, select')]"
        ".filter(one => !(one.getAttribute('aria-label') || one.closest('label')"
        " || document.getElementById(one.getAttribute('aria-labelledby')))).map(one => one.outerHTML)"
    )
    assert unnamed == []
    levels = page.run("[...document.querySelectorAll('h1, h2, h3')].map(one => one.tagName)")
    assert levels == ["H1", *["H2"] * (len(levels) - 1)]
