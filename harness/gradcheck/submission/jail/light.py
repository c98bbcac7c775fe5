"""What holds people's own code: it ends with its parent, and within its budget."""

from __future__ import annotations

import contextlib
import os
import sys

from gradcheck.submission.jail import kernel
from gradcheck.submission.jail.limits import limit
from gradcheck.submission.records import Start


def tie(start: Start, loaded: int = 0) -> None:
    """Tie this process to its parent's life, to a group of its own and to its budget.

    `loaded` is as for `limit`.
    """
    if sys.platform == "win32":
        return
    with contextlib.suppress(PermissionError):  # it leads a group of its own already
        os.setsid()
    if sys.platform == "linux":
        kernel.die_with_parent()
    limit(start, loaded)
