"""YAML text to plain data, strictly: nothing clever, and every key and value knows its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from gradcheck.errors import SpecError
from gradcheck.specification.complaint import Complaint, short
from gradcheck.specification.content import LARGEST

Where: TypeAlias = tuple[str | int, ...]
"""The keys and indices that lead from the top to a value."""

DEEPEST = 50
MOST_VALUES = 10_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NESTING = "maximum nesting depth"
"""What libyaml says of its own limit."""

# What YAML calls printable; the parsers raise unlike errors for the rest.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
LARGEST_WHOLE = 1e18
"""From here on whole numbers are read as floating ones."""
_FLOAT = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE])|[1-9][0-9]{18,})([eE][-+]?[0-9]+)?")
_SPECIAL = {".inf": float("inf"), "+.inf": float("inf"), "-.inf": float("-inf"), ".nan": float("nan")}


class Nothing:
    """What an empty value, `null` and `~` read as: no key of a spec takes it."""


NOTHING = Nothing()
_WORDS: dict[str, Any] = {"": NOTHING, "null": NOTHING, "~": NOTHING, "true": True, "false": False}


@dataclass(frozen=True)
class Mark:
    """Where something starts, from 1, and how a scalar is quoted: "'", '"', "|", ">" or nothing."""

    line: int
    column: int
    style: str = ""


@dataclass(frozen=True)
class Place:
    """Where a value stands and, in a mapping, its key."""

    value: Mark
    key: Mark


@dataclass(frozen=True, kw_only=True)
class Document:
    """What a file is, for complaints about it as a whole."""

    noun: str
    beginning: str
    """What to write into a file that has no keys."""
    may_be_empty: bool = False


SPEC = Document(noun="spec", beginning="begin with `title: …`, `network: …`, `loss: …` and `check: …`")


@dataclass
class Source:
    """A YAML file as data, with the place of everything and the complaints collected so far."""

    path: str
    lines: Sequence[str]
    document: Document = SPEC
    data: dict[str, Any] = field(default_factory=dict)
    places: dict[Where, Place] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)

    def complain(self, where: Where, message: str, help: str | None = None, *, key: bool = False) -> None:  # noqa: A002
        """Complain about the value there, or about its key; about what holds it where it is missing."""
        while where not in self.places:
            where = where[:-1]
        place = self.places[where]
        self.complain_at(place.key if key else place.value, message, help)

    def complain_at(self, mark: Mark, message: str, help: str | None = None) -> None:  # noqa: A002
        """Complain about a line and column."""
        line = self.lines[mark.line - 1] if mark.line <= len(self.lines) else ""
        self.complaints.append(
            Complaint(
                path=self.path,
                line=mark.line,
                column=mark.column,
                message=message,
                help=help,
                source_line=line,
            )
        )

    def settle(self) -> None:
        """Raise SpecError where there was anything to complain about."""
        if self.complaints:
            raise SpecError(self.complaints)


def load(raw: bytes, path: str, document: Document = SPEC) -> Source:
    """The file's content as data; SpecError where it is no mapping in strict YAML.

    Repeated keys are complained about in the source that is returned, so that they are reported
    with whatever else is wrong.
    """
    return _read(_text(raw, path, document), path, document, _LOADER)


def _read(text: str, path: str, document: Document, loader: Any, until: yaml.Mark | None = None) -> Source:
    source = Source(path, text.splitlines(), document)
    _refuse_unprintable(source)
    lines = source.lines
    if until is not None:
        last = lines[until.line][: until.column + 1]
        brackets = [match.end() for match in re.finditer(r"[\[{]", last)]
        lines = [*lines[: until.line], last[: [*brackets[4 * DEEPEST :], len(last)][0]]]
    reader = _Reader(source, loader, "\n".join(lines) + "\n")
    try:
        data = reader.document()
    except yaml.MarkedYAMLError as error:
        if loader is not yaml.SafeLoader and _NESTING in (error.problem or ""):
            # Some releases of libyaml look ahead and give up; ours is the limit that is told, and its place,
            # which is nearer than where they are.
            return _read(text, path, document, yaml.SafeLoader, error.problem_mark)
        _explain(source, error)
        raise SpecError(source.complaints) from None
    if reader.refused:
        source.settle()
    if isinstance(data, Nothing) and document.may_be_empty:
        return source
    if not isinstance(data, dict):
        _refuse_top(source, data)
    source.data = data
    return source


def _text(raw: bytes, path: str, document: Document) -> str:
    if len(raw) > LARGEST:
        too_large = f"the file is too large: a {document.noun} has at most {LARGEST} bytes"
        raise SpecError([Complaint(path=path, message=too_large)])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"the byte 0x{error.object[error.start]:02x} is no UTF-8"
        advice = "save the file as UTF-8"
        raise SpecError(
            [Complaint(path=path, line=line, column=column, message=message, help=advice)]
        ) from None


def _refuse_unprintable(source: Source) -> None:
    for number, line in enumerate(source.lines, start=1):
        if found := _UNPRINTABLE.search(line):
            source.complain_at(
                Mark(number, found.start() + 1),
                f"the control character {found[0]!a} is no text",
                "remove it",
            )
    source.settle()


def _refuse_top(source: Source, data: object) -> None:
    document = source.document
    if isinstance(data, Nothing):
        message = f"the {document.noun} is empty"
    else:
        kind = "a list" if isinstance(data, list) else "a text"
        message = f"a {document.noun} is a mapping of keys to values, not {kind}"
    source.complain_at(Mark(1, 1), message, document.beginning)
    source.settle()


def _explain(source: Source, error: yaml.MarkedYAMLError) -> None:
    mark = error.problem_mark or error.context_mark
    place = Mark(mark.line + 1, mark.column + 1) if mark else Mark(1, 1)
    line = source.lines[place.line - 1] if place.line <= len(source.lines) else ""
    if line[place.column - 1 : place.column] == "\t":
        source.complain_at(place, "a tab stands where YAML takes only spaces", "indent with spaces")
        return
    context = f" {error.context}" if error.context else ""
    source.complain_at(place, f"this is not YAML: {error.problem or 'it ends too early'}{context}")


class _Reader:
    """Builds data from the parser's events; recursion is bounded by DEEPEST."""

    def __init__(self, source: Source, loader: Any, text: str) -> None:
        self.source = source
        self.refused = False
        self.events: Iterator[Any] = yaml.parse(text, Loader=loader)

    def document(self) -> Any:
        """The only document's value."""
        next(self.events)
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return NOTHING
        data = self.node(next(self.events), ())
        next(self.events)
        if not isinstance(after := next(self.events), yaml.StreamEndEvent):
            advice = f"one file holds one {self.source.document.noun}"
            self.refuse(_mark(after), "a second document starts here", advice)
        return data

    def node(self, event: Any, where: Where, key: Mark | None = None) -> Any:
        """The value that starts with this event."""
        mark = _mark(event)
        self.source.places[where] = Place(mark, key or mark)
        self.refuse_cleverness(event)
        self.refuse_excess(mark, where)
        if isinstance(event, yaml.ScalarEvent):
            return _plain(event.value) if event.implicit[0] else event.value
        if isinstance(event, yaml.AliasEvent):
            return NOTHING
        return self.mapping(where) if isinstance(event, yaml.MappingStartEvent) else self.sequence(where)

    def mapping(self, where: Where) -> dict[str, Any]:
        """All pairs up to the mapping's end."""
        pairs: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            mark = _mark(event)
            name = self.key(event, where)
            if name in pairs:
                first = self.source.places[*where, name].key
                self.source.complain_at(
                    mark,
                    f"the key {short(name)} was given before, at {first.line}:{first.column}",
                    "keep one of the two",
                )
            pairs[name] = self.node(next(self.events), (*where, name), mark)
        return pairs

    def sequence(self, where: Where) -> list[Any]:
        """All values up to the sequence's end."""
        values: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            values.append(self.node(event, (*where, len(values))))
        return values

    def key(self, event: Any, where: Where) -> str:
        """A key as it is written: `no` and `1` are words like any other."""
        mark = _mark(event)
        if not isinstance(event, yaml.ScalarEvent):
            self.refuse(mark, "a key must be a word, not a list or a mapping")
            raise SpecError(self.source.complaints)
        self.refuse_cleverness(event)
        if event.value == "<<" and event.implicit[0]:
            self.refuse(mark, "merge keys (<<) are not read", "write it out")
        return str(event.value)

    def refuse_cleverness(self, event: Any) -> None:
        """Complain about aliases, anchors, tags and escaped control characters."""
        mark = _mark(event)
        if isinstance(event, yaml.AliasEvent):
            self.refuse(mark, f"aliases (*{short(str(event.anchor))}) are not read", "write it out")
            raise SpecError(self.source.complaints)  # where there is one, there may be a thousand
        if event.anchor is not None:
            self.refuse(mark, f"anchors (&{short(event.anchor)}) are not read", "write it out")
        if getattr(event, "tag", None) is not None:
            self.refuse(mark, f"tags ({short(event.tag)}) are not read", "leave the tag out")
        if isinstance(event, yaml.ScalarEvent) and (found := _UNPRINTABLE.search(event.value)):
            self.refuse(mark, f"the control character {found[0]!a} is no text", "remove it")

    def refuse_excess(self, mark: Mark, where: Where) -> None:
        """End the reading of a file that is too deep or has too many values."""
        if len(where) > DEEPEST:
            self.refuse(mark, f"values are nested more than {DEEPEST} deep")
        elif len(self.source.places) > MOST_VALUES:
            self.refuse(mark, f"a {self.source.document.noun} has at most {MOST_VALUES:,} values")
        else:
            return
        raise SpecError(self.source.complaints)

    def refuse(self, mark: Mark, message: str, help: str | None = None) -> None:  # noqa: A002
        """Complain about something that makes the data worthless."""
        self.refused = True
        self.source.complain_at(mark, message, help)


def _mark(event: Any) -> Mark:
    start = event.start_mark
    return Mark(start.line + 1, start.column + 1, getattr(event, "style", None) or "")


def _plain(text: str) -> Any:
    # YAML 1.1 reads 1e-6 as a text, no as false, 010 as 8, 12:30 as 750: here a number is what
    # looks like one in Python, and everything else stays a text.
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return _SPECIAL.get(text, text)


def value_at(data: Any, where: Where) -> Any:
    """The value that those keys and indices lead to; NOTHING where they lead nowhere."""
    for part in where:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return NOTHING
    return data
