"""What holds hostile code on this machine, found out by trying."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Form: TypeAlias = Literal["light", "full"]
"""How a student's code is held: as the user's own, or as a stranger's."""
Layer: TypeAlias = Literal["bwrap", "landlock", "seccomp", "uid"]
"""A part of the full form that can be left out, to see what the others hold."""


@dataclass(frozen=True)
class Protection:
    """The layers around a student's code, and the outcome of the self-test."""

    layers: tuple[str, ...]
    """In words, such as "seccomp", "landlock (abi 7)", "uid 65534"."""
    tried: int
    """Attacks that the self-test made; 0 where there was none."""
    open: tuple[str, ...]
    """The attacks that got through, such as "fork"."""
    outer: str
    """ "yes" where bubblewrap is around it all, else why it isn't."""

    @property
    def blocked(self) -> int:
        """Attacks of the self-test that came to nothing."""
        return self.tried - len(self.open)

    @property
    def sound(self) -> bool:
        """Whether hostile code is held: every attack was tried and none got through."""
        return self.tried > 0 and not self.open

    @property
    def warning(self) -> str:
        """What to say where hostile code is not held; empty where it is."""
        if self.sound:
            return ""
        through = f" ({', '.join(self.open)} got through)" if self.open else ""
        return f"This machine can't hold hostile code{through}: the code runs all the same, with your rights."

    def __str__(self) -> str:
        layers = " + ".join(self.layers) or "none"
        if not self.tried:
            return f"isolation: {layers}; not for hostile code"
        test = f"self-test {self.blocked}/{self.tried} blocked"
        test += f" (open: {', '.join(self.open)})" if self.open else ""
        return f"isolation: {layers}; {test}; bwrap: {self.outer}"


LIGHT = Protection(("a process of its own with limits",), 0, (), "no")
"""The light form: nothing to find out."""
