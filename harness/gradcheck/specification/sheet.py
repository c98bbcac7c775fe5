"""YAML data to a sheet of the language, with a complaint for everything that doesn't belong."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from gradcheck.specification.language import Sheet
from gradcheck.specification.wording import Wording
from gradcheck.specification.yaml_text import DEEPEST, Source, Where, value_at
from gradcheck.spelling import nearest

FOUNDATION = ("network", "loss", "notation", "letters", "numbers")
"""The keys on which it hangs what every other one means."""


def sheet(source: Source) -> Sheet | None:
    """What the source says, complaining about what it can't say.

    Where the foundation is sound the sheet is returned without its faults, so that the rest is
    checked, too, and all complaints come at once.
    """
    try:
        return Sheet.model_validate(source.data)
    except ValidationError as error:
        wording = Wording(source, _language())
        faults = error.errors(include_url=False)
    wording.complain(faults)
    if any(_unsettles(fault["loc"]) for fault in faults):
        return None
    return _without(deepcopy(source.data), faults, wording)


@lru_cache(maxsize=1)
def _language() -> dict[str, Any]:
    """The schema of all that a sheet may say, from the file for editors: to make it anew takes longer."""
    language: dict[str, Any] = json.loads(files("gradcheck").joinpath("schema.json").read_text("utf-8"))
    return language


def _unsettles(location: tuple[int | str, ...]) -> bool:
    """Whether the fault is in the foundation, or in a misspelt key that may have meant it."""
    key = str(location[0])
    return key in FOUNDATION or (key not in Sheet.model_fields and bool(nearest(key, FOUNDATION)))


def _without(data: dict[str, Any], faults: list[ErrorDetails], wording: Wording) -> Sheet | None:
    """The sheet without what is at fault and, where that was required, without what held it."""
    for _ in range(DEEPEST):
        for fault in faults:
            if not _remove(data, wording.where(fault)):
                return None
        try:
            return Sheet.model_validate(data)
        except ValidationError as error:
            faults = error.errors(include_url=False)
    return None


def _remove(data: dict[str, Any], where: Where) -> bool:
    """Remove the key there, or the whole that makes no sense without it."""
    if where[:1] == ("penalty",):
        where = where[:1]
    while where and isinstance(where[-1], int):
        # Without one entry of a list the others would change places.
        where = where[:-1]
    if where and isinstance(owner := value_at(data, where[:-1]), dict):
        owner.pop(where[-1], None)
    return bool(where)
