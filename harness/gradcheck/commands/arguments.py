"""Arguments of a command: read by argparse, with a guess where an option is misspelt."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from gradcheck.spelling import nearest


class Parser(argparse.ArgumentParser):
    """A parser that takes options by their whole names alone, and guesses which was meant."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"allow_abbrev": False, **settings})
        self._given: list[str] = []

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """As argparse does."""
        self._given = list(args or ())
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """End the command with the usage, what is wrong, and what may have been meant."""
        super().error("; ".join([message, *self._guesses()]))

    def _guesses(self) -> list[str]:
        known = [option for option in self._option_string_actions if option.startswith("--")]
        given = (word.partition("=")[0] for word in self._given if word.startswith("--") and word != "--")
        unknown = dict.fromkeys(word for word in given if word not in known)
        if not unknown:
            return []
        guesses = ((word, nearest(word, known)) for word in unknown)
        return [f"did you mean {meant} by {word}?" for word, meant in guesses if meant]
