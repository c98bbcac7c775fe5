"""What Linux tells of processes that a test starts."""

from __future__ import annotations

from pathlib import Path

TEMPORARY = ("short", "l" + "o" * 120 + "ng")
"""How temporary folders may be called: the path of the second has no room for a socket."""


def children(process: int) -> list[int]:
    """Those that its main thread has started, zombies included."""
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()]


def is_running(process: int) -> bool:
    """Whether it has not ended, though nobody may have taken note yet."""
    try:
        return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
