"""Paths in reports as students know them: from the folder that they handed in, and none of the machine's."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from gradcheck.submission.records import Failure
from gradcheck.verdict.records import Quantity, Verdict

_Change: TypeAlias = Callable[[str], str]

_STAGE = re.compile(r"[^\s'\"]*/stages/[0-9a-f]{16}/")
"""The folder of the copy that ran."""


def with_student_paths(verdict: Verdict, submission: Path, spec: Path) -> Verdict:
    """The verdict: its texts name the submission's files as they were handed in, and the spec by its name."""
    change = _change(submission, spec)
    return replace(
        verdict,
        failure=_changed_failure(verdict.failure, change) if verdict.failure else None,
        notes=tuple(map(change, verdict.notes)),
        output=change(verdict.output),
        quantities=tuple(_changed_quantity(one, change) for one in verdict.quantities),
        accepted=tuple(_changed_quantity(one, change) for one in verdict.accepted),
    )


def _changed_failure(failure: Failure, change: _Change) -> Failure:
    return replace(failure, message=change(failure.message), trace=tuple(map(change, failure.trace)))


def _changed_quantity(quantity: Quantity, change: _Change) -> Quantity:
    message, helped = change(quantity.message), change(quantity.help)
    if (message, helped) == (quantity.message, quantity.help):
        return quantity
    return replace(quantity, message=message, help=helped)


def _change(submission: Path, spec: Path) -> _Change:
    folder = submission if submission.is_dir() else submission.parent
    names = {f"{path}/": "" for path in _spellings(folder)} | dict.fromkeys(_spellings(spec), spec.name)
    longest = sorted(map(re.escape, names), key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w./-])(?:{'|'.join(longest)})")

    def change(text: str) -> str:
        if "/" not in text:
            return text
        return pattern.sub(lambda match: names[match[0]], _STAGE.sub("", text))

    return change


def _spellings(path: Path) -> set[str]:
    """The path as it may be written: as it was named, from the current folder, and whole."""
    whole = os.path.abspath(path)  # noqa: PTH100 (links stay)
    spellings = {path.as_posix(), whole, os.path.realpath(path)}
    inner = whole.removeprefix(os.path.join(os.getcwd(), ""))  # noqa: PTH109, PTH118
    return {one for one in (*spellings, inner) if one not in (".", "/")}
