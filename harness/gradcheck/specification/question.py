"""What a sheet asks about its network, whichever way the network is stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradcheck.specification.as_written import AsWritten
from gradcheck.specification.asked import Asked
from gradcheck.specification.calling import Variables
from gradcheck.specification.notation import Notation
from gradcheck.specification.records import CasePlan


@dataclass(frozen=True)
class Question:
    """What of a spec depends on the network."""

    network: Mapping[str, Any]
    """As `Spec.network`."""
    notation: Notation | AsWritten
    cases: tuple[CasePlan, ...]
    asked: Asked
    variables: Variables
    labels: bool = False
    """Whether targets are handed over as numbers of classes."""
