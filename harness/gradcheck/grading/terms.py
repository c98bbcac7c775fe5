"""What is the same for all submissions of a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gradcheck.grading.records import Column
from gradcheck.specification.records import Feedback


@dataclass(frozen=True)
class Terms:
    """What is the same for all submissions of a run."""

    secret: int
    """By which every submission's fresh cases are drawn."""
    specs: dict[Path, str]
    """Each spec with its hash."""
    columns: dict[Path, Column]
    gradcheck_hash: str
    hidden: frozenset[Path]
    """Those of the specs whose reports withhold what could tell their numbers."""
    unsafe: bool
    isolate: bool
    """Whether every spec gets a process of its own."""
    elsewhere: dict[Path, frozenset[str]]
    """Each spec with the files that the specs of its folder ask for, on the machine where the run began."""
    feedback: Feedback | None
    """How much the reports tell of a mistake; None for what each spec says."""
