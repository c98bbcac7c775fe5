"""What is exported to another system: specs, their answers, and how submissions are graded there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradcheck.oracle.key import AnswerKey
from gradcheck.specification.records import Feedback, Visibility
from gradcheck.submission.records import IMPORTS

_STARTING = 20.0
"""Seconds for all that is not the submission's: starting, the self-test, a diagnosis on half a core."""


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """Specs with their answers, and how submissions are graded."""

    specs: Mapping[str, bytes]
    """Where each spec's file lies in the export, such as specs/two_layer.yaml, and what it holds."""
    keys: tuple[AnswerKey, ...]
    """Those of the specs, in their order, by their paths in the export."""
    answers: Mapping[str, bytes]
    """The files of the store that has all answers, by name."""
    packages: tuple[str, ...] = ()
    """What submissions may import besides NumPy, as pip is asked for it."""
    feedback: Feedback | None = None
    hidden_visibility: Visibility = "visible"
    """When students see what is said of specs whose reports are withheld."""
    unsafe: bool = False
    """Whether submissions are run without the sandbox where it can't be had."""
    seconds: int
    """How long grading one submission may take in all."""

    @property
    def has_hidden(self) -> bool:
        """Whether there are specs whose reports are withheld."""
        return any(path.startswith(HIDDEN) for path in self.specs)

    @property
    def files(self) -> tuple[str, ...]:
        """The files that students hand in."""
        return tuple(dict.fromkeys(key.spec.contract.file for key in self.keys))


HIDDEN = "hidden/"
"""The folder of an export in which specs lie whose reports are withheld."""


def longest(keys: tuple[AnswerKey, ...]) -> int:
    """The seconds that grading one submission may take at most, whatever it does."""
    return round(sum(key.spec.contract.seconds for key in keys) + IMPORTS + _STARTING)
