"""YAML is read strictly: plain values, each with its place, and nothing clever."""

import contextlib
import json
import math
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.errors import SpecError
from gradcheck.specification.content import LARGEST
from gradcheck.specification.yaml_text import DEEPEST, MOST_VALUES, NOTHING, load


def value(text: str) -> Any:
    return load(f"key: {text}\n".encode(), "x.yaml").data["key"]


def complaints(raw: bytes) -> list[str]:
    with pytest.raises(SpecError) as caught:
        load(raw, "x.yaml")
    return [str(complaint) for complaint in caught.value.complaints]


@pytest.mark.parametrize(
    ("text", "read"),
    [("1e-6", 1e-6), ("1e6", 1e6), ("-2.5E+3", -2500.0), (".5", 0.5), ("1.", 1.0), ("-3", -3), ("0", 0)],
)
def test_numbers_are_what_python_reads_as_numbers(text: str, read: float) -> None:
    """An exponent without a point makes a float, which YAML 1.1 reads as a text."""
    assert value(text) == read
    assert type(value(text)) is type(read)


@pytest.mark.parametrize(
    "text",
    ["yes", "no", "on", "off", "True", "010", "0x1F", "12:30", "1_000", "2026-01-02", "1__0", "inf", "١"],
)
def test_texts_stay_texts(text: str) -> None:
    """None of what YAML 1.1 turns into a truth value, an octal, a base-60 number or a date is turned."""
    assert value(text) == text


def test_truth_values_are_true_and_false_alone() -> None:
    """In small letters, unquoted."""
    assert value("true") is True
    assert value("false") is False
    assert value('"true"') == "true"


@pytest.mark.parametrize("text", ["", "~", "null"])
def test_nothing_is_nothing(text: str) -> None:
    """An empty value is told from every text and number."""
    assert value(text) is NOTHING


def test_endless_numbers_are_infinite() -> None:
    """Digits beyond any integer's size cost no time and pass for no number."""
    assert value("9" * 5000) == math.inf
    assert math.isnan(value(".nan"))


def test_keys_are_words() -> None:
    """A key that looks like a number or a truth value is taken as it is written."""
    assert load(b"{1: a, no: b, 1e3: c}", "x.yaml").data == {"1": "a", "no": "b", "1e3": "c"}


words = st.text(st.characters(categories=["L"]), min_size=1)
plain_data = st.recursive(
    st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.slow
@given(st.dictionaries(words, plain_data, min_size=1))
def test_json_is_read_as_json(data: dict[str, Any]) -> None:
    """JSON, which is YAML with every text quoted, comes back the same; every value has a place."""
    source = load(json.dumps(data, ensure_ascii=False).encode(), "x.yaml")
    assert source.data == data
    assert all((key,) in source.places for key in data)


def test_a_place_is_a_line_and_a_column_from_one() -> None:
    """Of the key, and of the value."""
    place = load(b"a: 1\nb:\n  - c: xyz\n", "x.yaml").places["b", 0, "c"]
    assert (place.key.line, place.key.column) == (3, 5)
    assert (place.value.line, place.value.column) == (3, 8)


def test_repeated_keys_are_both_named() -> None:
    """The complaint stands at the second and tells where the first is; reading goes on."""
    source = load(b"a: 1\nb: 2\na: 3\n", "x.yaml")
    assert [str(complaint) for complaint in source.complaints] == [
        "x.yaml:3:1: the key a was given before, at 1:1\n    a: 3\n    ^\nhelp: keep one of the two"
    ]


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (
            b"a: &x [1]\n",
            "x.yaml:1:4: anchors (&x) are not read\n    a: &x [1]\n       ^\nhelp: write it out",
        ),
        (
            b"a: 1\n<<: {b: 2}\n",
            "x.yaml:2:1: merge keys (<<) are not read\n    <<: {b: 2}\n    ^\nhelp: write it out",
        ),
        (
            b"a: !!python/name:os.system 1\n",
            "x.yaml:1:4: tags (tag:yaml.org,2002:python/name:os.system) are not read\n"
            "    a: !!python/name:os.system 1\n       ^\nhelp: leave the tag out",
        ),
        (b"a: !x 1\n", "x.yaml:1:4: tags (!x) are not read\n    a: !x 1\n       ^\nhelp: leave the tag out"),
        (
            b"a: 1\n---\nb: 2\n",
            "x.yaml:2:1: a second document starts here\n    ---\n    ^\nhelp: one file holds one spec",
        ),
        (
            b"- a\n",
            "x.yaml:1:1: a spec is a mapping of keys to values, not a list\n    - a\n    ^\n"
            "help: begin with `title: …`, `network: …`, `loss: …` and `check: …`",
        ),
        (
            b"hello\n",
            "x.yaml:1:1: a spec is a mapping of keys to values, not a text\n    hello\n    ^\n"
            "help: begin with `title: …`, `network: …`, `loss: …` and `check: …`",
        ),
        (
            b"",
            "x.yaml:1:1: the spec is empty\n"
            "help: begin with `title: …`, `network: …`, `loss: …` and `check: …`",
        ),
        (
            b"a:\n\tb: 1\n",
            "x.yaml:2:1: a tab stands where YAML takes only spaces\n     b: 1\n    ^\n"
            "help: indent with spaces",
        ),
        (
            b"title: a: b\n",
            "x.yaml:1:9: this is not YAML: mapping values are not allowed in this context\n"
            "    title: a: b\n            ^",
        ),
        (b"[a]: 1\n", "x.yaml:1:1: a key must be a word, not a list or a mapping\n    [a]: 1\n    ^"),
        (b"a: \xff\n", "x.yaml:1:4: the byte 0xff is no UTF-8\nhelp: save the file as UTF-8"),
        (
            b"a: \x07\n",
            "x.yaml:1:4: the control character '\\x07' is no text\n    a: �\n       ^\nhelp: remove it",
        ),
        (
            b'a: "\\e"\n',
            "x.yaml:1:4: the control character '\\x1b' is no text\n    a: \"\\e\"\n       ^\nhelp: remove it",
        ),
    ],
    ids=[
        "anchor", "merge", "python-tag", "tag", "documents", "list", "scalar", "empty", "tab", "syntax",
        "complex-key", "encoding", "control", "escape",
    ],
)  # fmt: skip
def test_what_is_refused(raw: bytes, complaint: str) -> None:
    """The complaint says what, where, and what to do."""
    assert complaints(raw) == [complaint]


def test_the_first_alias_is_named() -> None:
    """All anchors, and the first alias: one line may hold thousands of them."""
    lines = [text.splitlines()[0] for text in complaints(b"a: &x 1\nb: &y 2\nc: *x\nd: [*x, *y]\n")]
    assert lines == [
        "x.yaml:1:4: anchors (&x) are not read",
        "x.yaml:2:4: anchors (&y) are not read",
        "x.yaml:3:4: aliases (*x) are not read",
    ]


@pytest.mark.slow
def test_number_of_values_is_bounded() -> None:
    """A file of ever more keys is refused at the first that is too many."""
    text = "".join(f"k{i}: 1\n" for i in range(MOST_VALUES + 5)).encode()
    assert complaints(text)[0].startswith(f"x.yaml:{MOST_VALUES}:")
    assert "a spec has at most 10,000 values" in complaints(text)[0]


@pytest.mark.parametrize(
    ("opening", "line", "column"),
    [
        ("[", 1, 4 + DEEPEST),
        ("[ ", 1, 4 + 2 * DEEPEST),
        ("[[],", 1, 5 + 4 * (DEEPEST - 1)),
        ("{b: ", 1, 4 + 4 * DEEPEST),
        ("- ", 2, 3 + 2 * DEEPEST),
    ],
)
def test_depth_is_bounded(opening: str, line: int, column: int) -> None:
    """A file nested without end is refused at the first value that is too deep, by any parser."""
    text = ("a:\n  " if line == 2 else "a: ") + opening * 100_000
    (complaint,) = complaints(text.encode())
    assert complaint.startswith(f"x.yaml:{line}:{column}: values are nested more than {DEEPEST} deep")


def test_size_is_bounded() -> None:
    """A file of more than a mebibyte is refused unread."""
    assert complaints(b"#" * (LARGEST + 1)) == [
        "x.yaml: the file is too large: a spec has at most 1048576 bytes"
    ]


def test_a_byte_order_mark_is_no_content() -> None:
    """A file may begin with one."""
    assert load(b"\xef\xbb\xbfa: 1\n", "x.yaml").data == {"a": 1}


def test_other_loaders_are_left_alone() -> None:
    """PyYAML's own way of reading is the same for everybody else."""
    load(b"a: 1e-6\n", "x.yaml")
    assert yaml.safe_load("a: 1e-6") == {"a": "1e-6"}


@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_anything_is_read_or_refused(raw: bytes) -> None:
    """No input raises anything but SpecError."""
    with contextlib.suppress(SpecError):
        assert isinstance(load(raw, "x.yaml").data, dict)
