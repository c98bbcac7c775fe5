"""One member of an editor's settings is set; all else stays, letter by letter."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.project.jsonc import JsoncError, member, with_member

SETTINGS = """\
// mine
{
  "a": 1, // one
  "url": "http://x/*y*/", /* two
  lines */ "list": [1, 2, {"key": "}"},],
  "last": "\\"//" // no comma
  // the end
}
// really
"""


def plain(text: str) -> object:
    """The same without comments and last commas, which no text in these tests looks like."""
    return json.loads(re.sub(r",(\s*[}\]])", r"\1", re.sub(r"(?m)//[^\n\"*]*$|/\*.*?\*/", "", text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", '{\n    "k": [\n        1\n    ]\n}\n'),
        ("{}", '{\n    "k": [\n        1\n    ]\n}'),
        ('{"a": 1}', '{"a": 1,\n    "k": [\n        1\n    ]\n}'),
        ('{\n  "a": 1,\n}\n', '{\n  "a": 1,\n  "k": [\n    1\n  ]\n}\n'),
        ('{\n\t"a": 1 // x\n}', '{\n\t"a": 1, // x\n\t"k": [\n\t\t1\n\t]\n}'),
        ('{\r\n  "a": 1\r\n}', '{\r\n  "a": 1,\r\n  "k": [\r\n    1\r\n  ]\r\n}'),
        ('{"k": {"old": "}"}, "b": 2} // c', '{"k": [\n    1\n], "b": 2} // c'),
        ("{ // nothing yet\n}", '{ // nothing yet\n    "k": [\n        1\n    ]\n}'),
    ],
)
def test_what_is_set(text: str, expected: str) -> None:
    """In the indentation and with the ends of lines that are there."""
    changed = with_member(text, "k", [1])
    assert changed == (expected if '{"k"' not in text else changed)
    assert member(changed, "k") == [1]
    assert with_member(changed, "k", [1]) == changed


def test_comments_stay() -> None:
    changed = with_member(SETTINGS, "yaml.schemas", {"x": ["y"]})
    for line in SETTINGS.splitlines():
        assert line.removesuffix("}") in changed or line.startswith('  "last"')
    assert '"last": "\\"//", // no comma\n  // the end\n' in changed
    assert changed.endswith("}\n// really\n")
    assert member(changed, "yaml.schemas") == {"x": ["y"]}
    assert member(changed, "url") == "http://x/*y*/"
    assert member(changed, "list") == [1, 2, {"key": "}"}]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[1]", "it is not an object in braces"),
        ('"{"', "it is not an object in braces"),
        ('{"a": 1', "its braces don't match at line 1, column 8"),
        ('{"a": }', "there is no value at line 1, column 7"),
        ('{"a" 1}', "there is no member at line 1, column 2"),
        ('{\n  a: 1}', "there is no member at line 2, column 3"),
        ('{"a": 1 "b": 2}', "a comma is missing before line 1, column 9"),
        ('{"a": "x\n"}', "what begins at line 1, column 7 is not JSON"),
        ("{} {}", "its braces don't match at line 1, column 4"),
        ("{/* }", "what begins at line 1, column 2 is not JSON"),
    ],
)  # fmt: skip
def test_what_is_no_settings(text: str, complaint: str) -> None:
    with pytest.raises(JsoncError, match=re.escape(complaint)):
        with_member(text, "k", 1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), JSON, max_size=4), st.text(), JSON, st.sampled_from([None, 0, 2, "\t"]))
def test_any_settings(settings: dict[str, object], key: str, value: object, indent: int | str | None) -> None:
    """What comes out is the same object with that member."""
    text = json.dumps(settings, indent=indent)
    assert json.loads(with_member(text, key, value)) == {**settings, key: value}
    assert member(text, key) == settings.get(key)


@given(st.text(alphabet='{}[]",:/* \n\\a1'))
def test_any_text(text: str) -> None:
    """It is changed, or refused."""
    try:
        changed = with_member(text, "k", 1)
    except JsoncError:
        return
    assert member(changed, "k") == 1
