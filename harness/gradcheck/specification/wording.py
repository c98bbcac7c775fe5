"""What the data model finds wrong, in plain words and at its place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gradcheck.expr.errors import ExprError
from gradcheck.specification.choice import ALIASES
from gradcheck.specification.complaint import listed, short, suggestion
from gradcheck.specification.yaml_text import LARGEST_WHOLE, Nothing, Source, Where, value_at
from gradcheck.spelling import nearest

_ENTRY = {"layers": "layer", "cases": "case", "widths": "width", "check": "symbol", "accept": "symbol"}
_KINDS = {
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "finite_number": "a finite number",
    "float_type": "a number",
    "int_from_float": "a whole number",
    "int_type": "a whole number",
    "list_type": "a list",
    "model_type": "a mapping",
    "string_type": "a text",
}
_WHOLE = ("int_type", "int_from_float")
_WRITTEN = {
    "accept": "[dz1]",
    "cases": "[{batch: 1}, {batch: 5}]",
    "check": "[dW1, db1]",
    "layers": "[dense: {units: 3, activation: sigmoid}]",
    "letters": '{z: "s{n}"}',
    "network": "{inputs: 2, layers: [dense: {units: 3}]}",
    "numbers": "{z: -1}",
    "penalty": "{l2: 0.1, constant: lambda/2}",
    "points": "{dW1: 2}",
    "submission": '{run: "dW1 = backprop(x, y, W1)"}',
    "widths": "[3, 5, 2]",
}
"""How keys that hold more than one value are written."""
_LIMITS = {
    "greater_than": ("gt", "above"),
    "greater_than_equal": ("ge", "at least"),
    "less_than_equal": ("le", "at most"),
}
_LENGTHS = {
    "string_too_long": ("max_length", "at most", "character"),
    "string_too_short": ("min_length", "at least", "character"),
    "too_long": ("max_length", "at most", "entry"),
    "too_short": ("min_length", "at least", "entry"),
}
_PLURALS = {"character": "characters", "entry": "entries"}
_FEW = 4
MANY = 50
"""Where more keys are unknown, nothing is suggested, which would take a while."""
_TRUTHS = {"yes": "true", "on": "true", "no": "false", "off": "false"}


class Wording:
    """Turns pydantic's error details into complaints; the JSON Schema tells what would be right."""

    def __init__(self, source: Source, schema: Mapping[str, Any]) -> None:
        self.source = source
        self.schema = schema
        self.suggests = True
        self.keys: dict[Where, list[str]] = {}
        """What keys there are in the mapping there."""

    def complain(self, faults: Sequence[Mapping[str, Any]]) -> None:
        """Complain about each fault; a key that is missing because it is misspelt counts once."""
        unknown = [self.where(fault) for fault in faults if fault["type"] == "extra_forbidden"]
        self.suggests = len(unknown) <= MANY
        meant = {(where[:-1], self._meant(where)) for where in unknown}
        for fault in faults:
            if fault["type"] != "missing" or (self.where(fault), fault["loc"][-1]) not in meant:
                self._complain(fault)

    def _complain(self, fault: Mapping[str, Any]) -> None:
        where, kind = self.where(fault), fault["type"]
        if kind == "missing":
            self._missing(where, fault["loc"][-1])
        elif kind == "extra_forbidden":
            self._unknown_key(where)
        elif isinstance(fault["input"], Nothing):
            message = f"{_noun(where)} has no value"
            self.source.complain(where, message, "give it one, or leave the key out", key=True)
        elif kind in ("literal_error", "union_tag_invalid", "union_tag_not_found"):
            self._unknown_name(where, fault["input"])
        elif kind == "value_error":
            self._refused(where, fault["input"], fault["ctx"]["error"])
        else:
            message, advice = _mismatch(fault, _noun(where))
            self.source.complain(where, message, advice or _example(kind, where))

    def where(self, fault: Mapping[str, Any]) -> Where:
        """The place of a fault: its location without the tags of choices and without what is missing."""
        where: Where = ()
        for part in fault["loc"][: -1 if fault["type"] == "missing" else None]:
            if (*where, part) in self.source.places:
                where = (*where, part)
        return where

    def _missing(self, where: Where, key: str) -> None:
        about = [s["description"] for s in self._schemas((*where, key)) if "description" in s]
        advice = f"as in {key}: {_WRITTEN[key]}" if key in _WRITTEN else f"{key}: {about[0]}"
        if names := self._names((*where, key)):
            advice = f"write {key}: {' or '.join(names)}" if len(names) <= _FEW else advice
        self.source.complain(where, f"{_noun(where)} lacks the key {key}", advice)

    def _meant(self, where: Where) -> str | None:
        """The key that an unknown one may have meant."""
        if not self.suggests:
            return None
        return nearest(str(where[-1]), self._keys(where[:-1]))

    def _unknown_key(self, where: Where) -> None:
        key, owner, known = str(where[-1]), _noun(where[:-1]), self._keys(where[:-1])
        if key in known:
            message, advice = f"{key} is a second name for one {owner}", "give one name alone"
        else:
            message = f"{owner} has no key {short(key)}"
            advice = f"there is {listed(known)}" if known else "it takes no options"
            if meant := self._meant(where):
                advice = f"did you mean {meant}?"
            elif self.suggests and (
                home := next((name for name in known if key in self._keys((*where[:-1], name))), None)
            ):
                advice = f"it is a key of {home}"
        self.source.complain(where, message, advice, key=True)

    def _unknown_name(self, where: Where, value: Any) -> None:
        noun, known = _noun(where), self._names(where)
        is_key = isinstance(value, dict) and len(value) > 0
        name = next(iter(value)) if is_key else value
        if not isinstance(name, str):
            message = f"{noun} must be a name, not {_described(name)}"
            advice = f"there is {listed(known)}" if known else None
        elif name in known:
            message, advice = f"{noun} {name} needs its options", self._usage(where, name)
        else:
            message, advice = f"there is no {noun} {short(name)}", suggestion(name, known, ALIASES)
        self.source.complain((*where, name) if is_key else where, message, advice, key=is_key)

    def _refused(self, where: Where, value: Any, error: ValueError) -> None:
        """Complain about options that the mathematics refuses; in a formula, at the column."""
        name, option = next(iter(value)), str(error).partition(" ")[0]
        if not isinstance(error, ExprError):
            self.source.complain((*where, name, option), str(error))
            return
        texts = [(*where, name, "formula"), (*where, name)]
        text = next(self.source.places[text].value for text in texts if text in self.source.places)
        place = replace(text, column=text.column + bool(text.style) + error.span[0])
        message = f"the formula can't be read: {error.reason}"
        self.source.complain_at(text if text.style in ("|", ">") else place, message)

    def _usage(self, where: Where, name: str) -> str:
        required = dict.fromkeys(k for s in self._schemas((*where, name)) for k in s.get("required", []))
        return f"write {{{name}: {{{listed(f'{key}: …' for key in required)}}}}}"

    def _names(self, where: Where) -> list[str]:
        names = [n for s in self._schemas(where) for n in s.get("enum", [])]
        for keys in (s["properties"] for s in self._schemas(where) if "properties" in s):
            names += [*keys][:1]  # of a mapping with more keys the first one says what it is
        return sorted(set(names))

    def _keys(self, where: Where) -> list[str]:
        if where not in self.keys:
            keys = (key for schema in self._schemas(where) for key in schema.get("properties", {}))
            self.keys[where] = list(dict.fromkeys(keys))
        return self.keys[where]

    def _schemas(self, where: Where) -> list[Mapping[str, Any]]:
        """The schemas that a value there may follow, references and choices followed.

        Of several mappings those that have one of its keys.
        """
        schemas = list(self._alternatives(self.schema))
        for part in where:
            below = [_below(schema, part) for schema in schemas]
            schemas = [leaf for schema in below if schema for leaf in self._alternatives(schema)]
        value = value_at(self.source.data, where)
        keys = value.keys() if isinstance(value, dict) else set()
        return [schema for schema in schemas if keys & schema.get("properties", {}).keys()] or schemas

    def _alternatives(self, schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        yield schema
        if "$ref" in schema:
            yield from self._alternatives(self.schema["$defs"][schema["$ref"].rpartition("/")[2]])
        for inner in (*schema.get("anyOf", []), *schema.get("oneOf", [])):
            yield from self._alternatives(inner)


def _below(schema: Mapping[str, Any], part: str | int) -> Mapping[str, Any] | None:
    if isinstance(part, int):
        return schema.get("items")
    others = schema.get("additionalProperties")
    return schema.get("properties", {}).get(part) or (others if isinstance(others, dict) else None)


def _noun(where: Where) -> str:
    """What a complaint calls the thing there."""
    if not where:
        return "the spec"
    last = where[-1]
    if isinstance(last, str):
        return short(last)
    above = next(part for part in reversed(where) if isinstance(part, str))
    return _ENTRY.get(above, f"an entry of {above}")


def _example(kind: str, where: Where) -> str | None:
    """How a mapping or a list is written in whose place something else stands."""
    holds_more = kind in ("dict_type", "list_type", "model_type")
    return (
        f"as in {where[-1]}: {_WRITTEN[where[-1]]}"
        if holds_more and where and where[-1] in _WRITTEN
        else None
    )


def _mismatch(fault: Mapping[str, Any], name: str) -> tuple[str, str | None]:
    kind, value, context = fault["type"], fault["input"], fault.get("ctx", {})
    if kind in _LIMITS:
        key, relation = _LIMITS[kind]
        return f"{name} must be {relation} {context[key]:.15g}, not {_described(value)}", None
    if kind in _LENGTHS:
        key, relation, unit = _LENGTHS[kind]
        return f"{name} must have {relation} {_amount(context[key], unit)}", None
    if kind in _WHOLE and isinstance(value, float) and abs(value) >= LARGEST_WHOLE:
        return f"{name} is a number of more than 18 digits, which is too large", None
    if kind in _KINDS:
        return f"{name} must be {_KINDS[kind]}, not {_described(value)}", _correction(kind, value)
    if kind == "string_pattern_mismatch":
        return f"{name} must be one line", None
    return f"{name}: {fault['msg']}", None


def _amount(count: int, noun: str) -> str:
    return f"{count} {noun if count == 1 else _PLURALS[noun]}"


def _correction(kind: str, value: Any) -> str | None:
    """What the author may have meant, where YAML's older rules or quotes are in the way."""
    if kind == "bool_type" and isinstance(value, str) and value.lower() in _TRUTHS:
        return f"write {_TRUTHS[value.lower()]}"
    if kind in ("int_type", "float_type") and isinstance(value, str) and re.fullmatch("[0-9_]{1,20}", value):
        return f"write {int(digits)}" if (digits := value.replace("_", "")) else None
    if kind in _WHOLE and isinstance(value, float) and value.is_integer():
        return f"write {int(value)}"
    if kind == "list_type" and isinstance(value, str):
        return f"write [{short(value)}]"
    return None


def _described(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return short(repr(value))
    if isinstance(value, str):
        return f"the text {short(value)!r}"
    return "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else "nothing"
