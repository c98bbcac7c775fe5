"""What a process gives up before it runs a student's code: the one place for the order of all layers."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

from gradcheck.submission.jail import kernel
from gradcheck.submission.jail.landlock import Ruleset
from gradcheck.submission.jail.light import tie
from gradcheck.submission.jail.limits import limit_strictly
from gradcheck.submission.jail.syscalls import Files
from gradcheck.submission.records import Start

NOBODY = 65534
"""The user and group that own nothing."""
_MOST_DESCRIPTORS = 1 << 20
_LINUX = sys.platform == "linux"


@dataclass(frozen=True)
class Jail:
    """The full form with a choice of its layers, made once and entered by any number of forked processes."""

    uid: int | None
    """The user to become, where this one is root."""
    ruleset: Ruleset | None
    """The files that can be read and written."""
    program: bytes | None
    """The seccomp filter."""
    files: Files
    """What the filter allows of files."""
    others: int = 0
    """How many threads the same user runs elsewhere: they count against this process's limit."""

    @property
    def layers(self) -> tuple[str, ...]:
        """In words, the strongest first."""
        layers = []
        if self.program is not None:
            layers.append("seccomp" if self.files else "seccomp (no files at all)")
        if self.ruleset is not None:
            layers.append(f"landlock (abi {self.ruleset.abi})")
        if self.uid is not None:
            layers.append("own user")
        return (*layers, "limits")

    def enter(self, start: Start, connection: int, loaded: int = 0) -> None:
        """Give up everything but to compute, to read, and to answer over `connection`.

        `loaded` is as for `limit`. Raises OSError where a layer is refused: nothing must run then.
        """
        tie(start, loaded)
        limit_strictly(self.others)
        if self.uid is not None:
            self._become(self.uid)
        if _LINUX:
            kernel.hide_memory()
            kernel.gain_nothing()
        if self.ruleset is not None:
            self.ruleset.enter()
        os.closerange(3, connection)
        os.closerange(connection + 1, _MOST_DESCRIPTORS)
        if self.program is not None:  # last: the steps before it need more than it allows
            kernel.filter_calls(self.program)

    def _become(self, uid: int) -> None:
        if sys.platform == "linux":
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            if self.ruleset is not None:
                kernel.keep_reading_rights()
            os.setresuid(uid, uid, uid)
            if self.ruleset is not None:
                kernel.read_everywhere()
            kernel.die_with_parent()  # the change of user has undone it
