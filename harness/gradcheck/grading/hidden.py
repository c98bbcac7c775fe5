"""What may be told of a hidden spec: statuses, reasons, counts and points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TELLING: dict[str, Any] = {
    "message": None,
    "help": None,
    "follows_from": None,
    "discrepancies": [],
    "heat_map": None,
    "case": None,
    "tolerance": None,
}


def withheld(result: Mapping[str, Any]) -> dict[str, Any]:
    """A result (docs/json.md) without what could tell the hidden numbers.

    What the code printed, where and how it failed, and which mistake it makes are the student's to choose:
    they can carry the inputs out. Discrepancies show true values.
    """
    quantities = {name: [q | _TELLING for q in result[name]] for name in ("quantities", "accepted")}
    return {**result, **quantities, "failure": None, "diagnosis": None, "notes": [], "output": None}
