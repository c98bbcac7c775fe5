"""The JSON Schema that editors use is that of the language."""

import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest

from gradcheck.layers import LAYERS
from gradcheck.layers.activation import OPTIONS
from gradcheck.losses import LOSSES
from gradcheck.specification.network_language import LayerOfEquations
from gradcheck.specification.schema import schema_text
from gradcheck.specification.shipped import NOTATIONS

FILE = resources.files("gradcheck").joinpath("schema.json").read_text(encoding="utf-8")
SCHEMA: dict[str, Any] = json.loads(FILE)


def properties(node: Any) -> Iterator[tuple[str, Any]]:
    """Every key that a spec may have, with what its value may be."""
    if isinstance(node, dict):
        yield from node.get("properties", {}).items()
        for inner in node.values():
            yield from properties(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from properties(inner)


def choices(node: dict[str, Any]) -> set[str]:
    """The names that a choice offers, alone or with options."""
    if "$ref" in node:
        return choices(SCHEMA["$defs"][node["$ref"].rpartition("/")[2]])
    within = [choices(alternative) for alternative in node.get("oneOf", [])]
    return {*node.get("enum", []), *node.get("properties", {})}.union(*within)


def test_the_file_is_up_to_date() -> None:
    """`python -m gradcheck.specification.schema > harness/gradcheck/schema.json` writes it."""
    assert schema_text() == FILE


def test_every_key_is_described() -> None:
    """An editor has something to show on each."""
    found = dict(properties(SCHEMA))
    described = SCHEMA["$defs"]
    assert {"title", "units", "delta", "formula", "batch"} <= found.keys()
    for key, value in found.items():
        target = described.get(value.get("$ref", "").rpartition("/")[2], {})
        assert value.get("description") or target.get("description"), key


@pytest.mark.parametrize(
    ("key", "names"), [("loss", LOSSES), ("activation", OPTIONS)], ids=["loss", "activation"]
)
def test_every_name_of_a_table_is_offered(key: str, names: dict[str, Any]) -> None:
    """An editor completes them."""
    assert choices(dict(properties(SCHEMA))[key]) == names.keys()


def test_layers_and_notations_are_offered() -> None:
    """As for the tables of activations and losses."""
    found = dict(properties(SCHEMA))
    of_equations = LayerOfEquations.model_fields.keys()
    assert choices(found["layers"]["items"]) | {"flatten"} == LAYERS.keys() | of_equations
    assert tuple(found["notation"]["enum"]) == NOTATIONS


def test_null_is_offered_nowhere() -> None:
    """Nothing is never a value."""
    assert '"null"' not in json.dumps(SCHEMA)
