"""The dashboard as a page: all it says, and that nobody's text can do more than be read."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from dashboards import example, lost, unexplained
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from gradcheck.formats.dashboard import page
from gradcheck.formats.dashboard.page import render
from gradcheck.formats.dashboard.survey import survey
from gradcheck.formats.dashboard.words import names, some_names
from gradcheck.formats.grades import html
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.policy.records import Penalty, Policy
from gradcheck.grading.records import Origin
from gradcheck.text import printable
from gradcheck.verdict.records import Status
from gradebooks import fill_with_changes, quantity, row, start
from snapshot import Html

VOID = {"meta", "input", "wbr"}
HOSTILE = [
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "</td></tr></table><h1>mine</h1>",
    "<!-- -->]]>&lt;b&gt;",
    "javascript:alert(1)",
    "\u202ekcehcdarg\u2066",
    "a\nb\tc\x00\x1b[31m",
    "M\udcfcller",
    "x" * 300,
]


class Structure(HTMLParser):
    """The elements of a page, with their attributes; a mistake in their nesting is one in the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def of(folder: Path, name: str, spec: str, text: str) -> str:
    """The page of a gradebook in which two submissions, a spec and all that they say bear these texts."""
    names = [name, f"{name} too"]
    note = printable(text)  # as reports are
    rows = [
        *(unexplained(one, spec) for one in names),
        row(names[0], text, quantities=[quantity(note, "error")], reason="crash"),
        lost(names[1], text, report={"notes": [note], "quantities": []}),
    ]
    mistake = replace(unexplained(names[0], spec), explanations=((note,),))
    path = folder / "gradebook.sqlite"
    path.unlink(missing_ok=True)
    with Gradebook(path) as book:
        start(book, names, [spec, text, "last"])
        book.record([row(one, spec, report={"notes": [note]}) for one in names])
        start(book, names, [spec, text, "last"])
        book.record([*rows, replace(mistake, spec="last")])
        return html.render(book)


def body(text: str) -> str:
    """An element a line, without the style and the script, which other tests look at."""
    text = re.sub(r"<(style|script)>.*?</\1>", "", text, flags=re.DOTALL)
    text = re.sub(r"sha256-[\w+/=]+", "sha256-…", text)
    return re.sub(r"(</(?:tr|p|li|dl|div|h\d|rect|text|option|figure|section)>)", r"\1\n", text)


def test_the_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion) -> None:
    """A page that was looked at and found good."""
    monkeypatch.setattr(page, "__version__", "0")
    assert body(render(example(tmp_path))) == snapshot(extension_class=Html)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_only_read(tmp_path: Path, text: str) -> None:
    """Whose it may be: no element, no attribute and no control character comes of it."""
    plain = Structure(of(tmp_path, "ann", "specs/spec.yaml", "text"))
    hostile = of(tmp_path, text, f"specs/{text}.yaml", text)
    assert [one for one in Structure(hostile).elements if one != ("wbr", ())] == [
        one for one in plain.elements if one != ("wbr", ())
    ]
    assert hostile.encode().decode() == hostile
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", hostile)


@pytest.mark.slow
@given(st.text(st.characters(), min_size=1, max_size=40), st.text(min_size=1, max_size=40))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_only_read(tmp_path: Path, name: str, text: str) -> None:
    """The page's elements are those of any other class, whatever its names are."""
    tags = {"b", "bdi", "code", "details", "li", "small", "span", "summary", "td", "th", "tr", "wbr"}
    drawn = Structure(of(tmp_path, name, f"a{text}.yaml", f"b{text}"))
    plain = Structure(of(tmp_path, "ann", "a.yaml", "b"))
    assert {one for one in drawn.elements if one[0] not in tags} == {
        one for one in plain.elements if one[0] not in tags
    }
    assert {one for one in drawn.elements if one[0] in tags} <= {*plain.elements, ("wbr", ())}


@pytest.mark.parametrize(
    ("several", "shown"),
    [
        (("ann", "bob"), "ann and bob"),
        (("ann", "bob", "cid", "dan", "eve"), "ann, bob, cid and 2 more"),
        (("Doe, Jane", "ann"), "Doe, Jane; and ann"),
        (("Doe, Jane", "ann", "bob"), "Doe, Jane; ann; and bob"),
    ],
)
def test_a_comma_in_a_name_parts_nobody(several: tuple[str, ...], shown: str) -> None:
    """Where a name has one, semicolons stand between names."""
    assert re.sub("</?bdi>", "", some_names(several)) == shown
    between = "; " if "," in several[0] else ", "
    assert re.sub("</?bdi>", "", names(several)) == between.join(several)


def test_it_loads_nothing_and_runs_its_own_script_only(tmp_path: Path) -> None:
    """No address stands in it, no attribute is code or style, and the policy names style and script."""
    text = render(example(tmp_path))
    assert not re.search(r"https?:|//\w|url\(|@import|srcset", body(text))
    attributes = {name for _, names in Structure(text).elements for name in names}
    assert not [name for name in attributes if name.startswith("on") or name in ("style", "src")]
    policy = re.search(r'content="(default-src .*?)"', text)
    assert policy
    for kind in ("style", "script"):
        content = re.search(rf"<{kind}>(.*?)</{kind}>", text, re.DOTALL)
        assert content
        digest = b64encode(sha256(content[1].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy[1]


def test_every_status_has_a_word(tmp_path: Path) -> None:
    """In every cell, beside its sign: no status is a colour alone."""
    text = render(example(tmp_path))
    table = re.search(r'<table id="grades".*?</table>', text, re.DOTALL)
    assert table
    cells = re.findall(r'<td class="([\w-]+)".*?</td>', table[0])
    assert set(cells) == {"right", "wrong", "cannot-tell", "error", "internal-error", "none"}
    for cell in re.findall(r'<td class="[\w-]+".*?</td>', table[0]):
        assert re.search(r"<b>.</b>.*<i[^>]*>[a-z ]+</i>", cell), cell


def test_hidden_specs_are_shown_as_such(tmp_path: Path) -> None:
    text = render(example(tmp_path))
    assert "2</dd>" in text
    assert "specs, 1 of them hidden" in text
    assert "<strong>two (hidden)</strong>" in text


def test_a_spec_at_fault_comes_first(tmp_path: Path) -> None:
    error = {"run_line": 4, "run_message": "KeyError: <W>"}
    failing: dict[str, Any] = {"status": Status.ERROR, "reason": "crash", **error}
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        start(book, ["ann", "bob"], ["one"])
        book.record([row(name, "one", **failing) for name in ("ann", "bob")])
        text = html.render(book)
    assert '<main><p class="alert" role="note">SPEC AT FAULT: one:4: every submission (2) fails' in text
    assert "KeyError: &lt;W&gt;" in text


def test_an_empty_gradebook(tmp_path: Path) -> None:
    """A page all the same."""
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        text = html.render(book)
    Structure(text)
    assert "Nothing goes wrong." in text


def test_a_run_that_goes_on_shows_as_unfinished(tmp_path: Path) -> None:
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        start(book, ["ann"])
        dashboard = survey(book)
    assert "has not come to its end" in render(dashboard)


def test_final_points_have_the_graded_ones_below_them(tmp_path: Path) -> None:
    """In the total and in a spec's cell, where they are others; the page sorts by the final ones."""
    policy = fill_with_changes(tmp_path / "gradebook.sqlite")
    with Gradebook.reading(tmp_path / "gradebook.sqlite") as book:
        text = html.render(book, policy)
    Structure(text)
    assert "<span>total</span><small>of 2</small>" in text
    rows = dict(re.findall(r"<tr><th scope=\"row\"><bdi>(\w+)</bdi></th>(.*?)</tr>", text))
    assert rows["ann"].startswith(
        '<td data-points="3.5">3.5<small>graded 2</small></td><td></td>'
        '<td class="wrong" data-points="1.5"><b>✗</b> <i>wrong</i> · 1.5<small>graded 0</small></td>'
        '<td class="right" data-points="2"><b>✓</b> <i>right</i> · 2</td>'
    )
    assert "a typo in &lt;the&gt; spec (one)</li>" in rows["ann"]
    assert "less 0.5 for being 1 day late</li>" in rows["bob"]
    assert "<small>" not in rows["cid"]
    assert 'data-points="1"><b>E</b> <i class="seen">internal error</i> · 1<small>not graded<' in rows["dan"]
    assert "2 or more points: 3 submissions" in text


def test_one_spec(tmp_path: Path) -> None:
    """Its histogram is of final points, too; letters and days late have columns where there are any."""
    path = tmp_path / "gradebook.sqlite"
    due, late = datetime(2026, 10, 1, 12, tzinfo=UTC), datetime(2026, 10, 2, 11, tzinfo=UTC)
    with Gradebook(path) as book:
        origins = [Origin(submission="ann", system="canvas", submitted=late)]
        start(book, ["ann", "bob"], ["one"], origins=origins)
        book.record([row(name, "one", status=Status.RIGHT, points=2.0) for name in ("ann", "bob")])
        book.end_run()
    letters = (("A", 0.9), ("C", 0.0))
    policy = Policy(deadline=due, penalty_per_day=Penalty(0.5, is_part=True), letters=letters)
    with Gradebook.reading(path) as book:
        text = html.render(book, policy)
    assert "1.5 of 2 points on average" in text
    assert "2 of 2 points on average" not in text
    rows = dict(re.findall(r"<tr><th scope=\"row\"><bdi>(\w+)</bdi></th>(.*?)</tr>", text))
    assert re.match(r'<td data-points="1">.*?</td><td>C</td><td data-points="1">1</td>', rows["ann"])
    assert re.match(r'<td data-points="2">.*?</td><td>A</td><td></td>', rows["bob"])


def test_a_policy_that_changes_nothing(tmp_path: Path) -> None:
    """The page is the same as without one."""
    example(tmp_path)
    with Gradebook.reading(tmp_path / "gradebook.sqlite") as book:
        assert html.render(book, Policy()) == html.render(book, Policy(round_to=0.5)) == html.render(book)
