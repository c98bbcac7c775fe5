"""The JSON Schema for editors: `python -m gradcheck.specification.schema > harness/gradcheck/schema.json`."""

from __future__ import annotations

import json
import sys
from typing import Any

from gradcheck.specification.language import Sheet


def schema() -> dict[str, Any]:
    """The language as JSON Schema."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_tidy(Sheet.model_json_schema()),
    }


def schema_text() -> str:
    """The schema as the file holds it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _tidy(node: Any) -> Any:
    """Without generated titles, and without the null of keys that are left out: nobody can write it."""
    if isinstance(node, list):
        return [_tidy(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _tidy(value) for key, value in node.items() if not _is_noise(key, value)}
    match kept.pop("anyOf", []):
        case [written, {"type": "null"}]:
            return {**written, **kept}
        case alternatives:
            return {**kept, "anyOf": alternatives} if alternatives else kept


def _is_noise(key: str, value: Any) -> bool:
    return (key == "title" and isinstance(value, str)) or (key == "default" and value is None)


if __name__ == "__main__":
    sys.stdout.write(schema_text())
