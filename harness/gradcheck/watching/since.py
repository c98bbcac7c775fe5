"""What has changed in a verdict since the last save, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcheck.text import amount

RIGHT = "right"

Standing = Mapping[str, str]
"""What each checked quantity is called -> what is known of it: right, wrong, …"""

MOST = 4
"""Names that are listed."""


def since(before: Standing | None, now: Standing) -> str:
    """What is right now and was not, or the reverse, and how many are still to go."""
    open_now = [name for name, status in now.items() if status != RIGHT]
    changes = [] if before is None else _changes(before, now)
    if before is not None and not changes:
        changes = ["the same quantities are right as before"]
    rest = f"{amount(len(open_now), 'quantity')} to go" if open_now else "all is right"
    return "; ".join([*changes, rest])


def _changes(before: Standing, now: Standing) -> list[str]:
    won = [name for name in now if now[name] == RIGHT and before.get(name, RIGHT) != RIGHT]
    lost = [name for name in now if now[name] != RIGHT and before.get(name) == RIGHT]
    return [
        *([f"{_listed(won)} {'is' if len(won) == 1 else 'are'} right now"] if won else []),
        *([f"{_listed(lost)} {'is' if len(lost) == 1 else 'are'} not right any more"] if lost else []),
    ]


def _listed(names: Sequence[str]) -> str:
    """dW2; dW2 and db2; dW1, db1, dW2 and 3 more."""
    if len(names) > MOST:
        return f"{', '.join(names[: MOST - 1])} and {len(names) - MOST + 1} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
