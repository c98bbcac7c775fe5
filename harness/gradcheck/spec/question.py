"""What a sheet asks about its network, whichever way the network is stated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradcheck.spec.calling import Variables


@dataclass(frozen=True)
class Question:
    """The parts of a document that depend on the network."""

    network: Mapping[str, Any]
    notation: Mapping[str, Any]
    cases: Sequence[Mapping[str, Any]]
    asked: Mapping[str, Any]
    """What is given, checked and accepted, by canonical names, and the points of what is checked."""
    variables: Variables
