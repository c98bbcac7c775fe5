"""The page on the schema of specs, from the models that read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generators.markdown import code, escaped, page, table
from gradcheck.specification.schema import schema, schema_text

SCHEMA = "reference/spec.schema.json"
"""Where the schema itself lies, from the root of the documentation."""


def schema_page() -> str:
    """The page, as Markdown."""
    whole = schema()
    return page(
        "# The schema of specs",
        "Every key that a spec may have, as editors read it from the [JSON Schema](spec.schema.json) that "
        "`gradcheck spec schema` prints. [Writing a spec](../specs.md) explains them.",
        "## A spec",
        _keys(whole),
        *(part for name, part in _parts(whole)),
    )


def schema_file() -> str:
    """The schema, as JSON."""
    return schema_text()


_TYPES = {
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
    "boolean": "true or false",
    "object": "a mapping",
}
"""Types of the schema in words."""
_PAGES = {"Loss": "losses.md", "Activation": "activations.md", "Layer": "layers.md"}
"""How the names of definitions end that have a page of their own -> that page."""


def _page_of(name: str) -> str:
    """The page on what a definition stands for; empty where this page has it."""
    return next((page for end, page in _PAGES.items() if name.removesuffix("Options").endswith(end)), "")


def _parts(whole: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, definition in whole.get("$defs", {}).items():
        if "properties" in definition and not _page_of(name):
            yield name, page(f"## {name}", escaped(definition.get("description", "")), _keys(definition))


def _keys(definition: Mapping[str, Any]) -> str:
    required = definition.get("required", ())
    rows = (
        (code(key), _type(one), "required" if key in required else _default(one), _about(one))
        for key, one in definition["properties"].items()
    )
    return table(["key", "takes", "default", "meaning"], rows)


def _about(one: Mapping[str, Any]) -> str:
    return escaped(one.get("description", ""))


def _default(one: Mapping[str, Any]) -> str:
    return code(one["default"]) if "default" in one else ""


def _type(one: Mapping[str, Any]) -> str:
    """What a value may be, in a few words; a link where it has keys of its own."""
    if "$ref" in one:
        return _link(one["$ref"].rpartition("/")[2])
    if alternatives := one.get("anyOf") or one.get("oneOf"):
        kinds = dict.fromkeys(map(_type, alternatives))
        by_name = any(kind.startswith("[a name") for kind in kinds)
        return ", or ".join(kind for kind in kinds if not (by_name and kind.startswith("`")))
    if "enum" in one:
        return ", ".join(map(code, one["enum"]))
    if "const" in one:
        return code(one["const"])
    if one.get("type") == "array":
        return f"a list: {_type(one.get('items', {}))}"
    return _TYPES.get(one.get("type", ""), "any")


def _link(name: str) -> str:
    listed = _page_of(name)
    return f"[a name, with options]({listed})" if listed else f"[{name}](#{name.lower()})"
