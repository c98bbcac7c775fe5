"""Results as Markdown of GitHub's flavour."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from report_examples import EXAMPLES, right, verdict
from report_strategies import TEXTS, VERDICTS
from syrupy.assertion import SnapshotAssertion

from gradcheck.report.data import result
from gradcheck.report.markdown import code, render, text
from gradcheck.verdict.records import Verdict
from snapshot import Markdown

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
SAFE = {
    *("paragraph", "heading", "table", "thead", "tbody", "tr", "th", "td", "strong"),
    *("inline", "text", "code_inline", "fence", "html_block", "html_inline", "text_special"),
}
SIGNS = r"` `` ``` | \ <b> </details> <!-- [a](b) ![ ** ~~ # - 1. > --- $x$ &lt; @me #1 http://a.b www.a a"
HOSTILE = st.lists(st.sampled_from([*SIGNS.split(), "\n", "\n\n", " "]), max_size=8).map("".join)


def tokens(source: str) -> list[Token]:
    """All of them, those within lines, too."""
    return [inner for token in READER.parse(source) for inner in (token, *(token.children or []))]


def words(source: str) -> str:
    """What a reader sees of a line."""
    return "".join(token.content for token in tokens(source) if token.type in ("text", "code_inline"))


@pytest.mark.parametrize("name", ["diagnosed", "crash", "hostile"])
def test_documents(name: str, snapshot: SnapshotAssertion) -> None:
    """As they were last looked at and found good."""
    assert render([result(EXAMPLES[name])]) == snapshot(extension_class=Markdown)


@given(HOSTILE)
def test_words_are_words(hostile: str) -> None:
    """A reader sees what was said, on one line, and nothing in it is anything else."""
    shown = f"{text(hostile)} end"
    kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens(shown)}
    assert kinds <= {"paragraph", "inline", "text", "text_special"}
    assert words(shown).replace("\N{WORD JOINER}", "").split() == [*hostile.split(), "end"]


@given(HOSTILE)
def test_code_is_code(hostile: str) -> None:
    """In a cell of a table it stays one cell, and reads as it was written."""
    table = f"| a | b |\n|---|---|\n| {code(hostile)} | end |"
    cells = [token for token in tokens(table) if token.type == "td_open"]
    assert len(cells) == 2
    assert words(table).replace("ab", "", 1).removesuffix("end").split() == hostile.split()


@pytest.mark.parametrize("hostile", ["@someone", "https://a.example", "WWW.a.example", "gh-12", "a@b.c"])
def test_github_links_nothing(hostile: str) -> None:
    """Mentions and addresses, which no backslash stops."""
    assert hostile not in text(f"see {hostile}")


@pytest.mark.slow
@given(VERDICTS, TEXTS | HOSTILE)
@settings(max_examples=50)
def test_no_text_becomes_an_element(any_verdict: Verdict, hostile: str) -> None:
    """Whatever a submission says, the document's structure is ours."""
    said = verdict([right(hostile, message=hostile)], notes=(hostile,), output=hostile, title=hostile)
    for one in (any_verdict, said):
        seen = tokens(render([result(one), result(said)]))
        kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in seen}
        assert kinds <= SAFE
        html = "".join(token.content for token in seen if token.type == "html_inline")
        assert html.count("<") == sum(html.count(tag) for tag in ("<code>", "</code>"))


def test_several_results_have_a_table_of_them() -> None:
    """Below the submission's name, each with how much is right."""
    document = render([result(EXAMPLES["diagnosed"]), result(EXAMPLES["all_right"])])
    assert document.startswith("# asker\n")
    title = "Backpropagation by hand on a 2-3-1 network"
    assert f"| {title} | right | 3 of 3 right, 12 of 12 points |" in document


def test_json_is_enough() -> None:
    """A record that was stored says the same as a fresh one."""
    record = result(EXAMPLES["not_finite"])
    assert render([json.loads(json.dumps(record))]) == render([record])
