"""Submissions that are not looked at: whose they are could not be told, or would change from run to run."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gradcheck.submission.paths import is_inside
from gradcheck.submission.text import one_line

if TYPE_CHECKING:
    from gradcheck.submission.find import Submission

_OF_THE_SYSTEM = ("/proc", "/sys", "/dev")
"""Folders whose files are no files, and are different ones for every process that looks."""


def refuse_same_names(submissions: Sequence[Submission]) -> Iterator[Submission]:
    """The submissions; those that share a name go by that of their file or folder, and say so."""
    by_name: defaultdict[str, list[Submission]] = defaultdict(list)
    for one in submissions:
        by_name[one.name].append(one)
    for name, alike in by_name.items():
        if len(alike) == 1:
            yield alike[0]
            continue
        names = sorted(map(_whole_name, alike))
        reason = (
            f"{one_line(name)}: there are {' and '.join(map(one_line, names))}; rename or remove all but one"
        )
        for one in alike:
            yield replace(one, name=_whole_name(one), refused=reason)


def refuse_links(submissions: Iterator[Submission]) -> Iterator[Submission]:
    """The submissions; those that are links, and lead nowhere or to another's, say so."""
    everything = list(submissions)
    targets = {one.path: os.path.realpath(one.path) for one in everything if one.path.is_symlink()}
    plain = [os.path.realpath(one.path) for one in everything if one.path not in targets] if targets else []
    for one in everything:
        if one.refused or one.error or one.path not in targets:
            yield one
            continue
        others = [*plain, *(target for path, target in targets.items() if path != one.path)]
        reason = _reason(targets[one.path], others)
        shown = one_line(one.path.name)
        refusal = f"{shown}: is a link {reason}; hand in the files themselves"
        yield replace(one, refused=refusal) if reason else one


def _whole_name(one: Submission) -> str:
    return f"{one.path.name}/" if one.path.is_dir() else one.path.name


def _reason(target: str, others: Sequence[str]) -> str:
    """What is wrong with a link's target; empty where it is a place of its own."""
    if not os.path.exists(target):  # noqa: PTH110 (a text already)
        return "that leads nowhere"
    if any(target == folder or is_inside(target, folder) for folder in _OF_THE_SYSTEM):
        return "into a folder of the system"
    if any(target == other or is_inside(target, other) or is_inside(other, target) for other in others):
        return "to the work of another submission"
    return ""
