"""Two states of a class beside each other: what is not what it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gradcheck.digits import points_text
from gradcheck.grading.records import Change, Grade
from gradcheck.grading.table import cell
from gradcheck.submission.text import one_line
from gradcheck.text import NARROWEST, amount, clip, columns, pad, wrap


def changes(before: Iterable[Grade], after: Iterable[Grade]) -> Iterator[Change]:
    """The pairs of submission and spec that have another status, points or maximum, or one grade only.

    Both are `Gradebook.grades(run=...)`, of one gradebook or of two. In the order of `after`, then of
    `before`.
    """
    old = {(grade.submission, grade.spec): grade for grade in before}
    for grade in after:
        was = old.pop((grade.submission, grade.spec), None)
        if was is None or _earned(was) != _earned(grade):
            yield Change(submission=grade.submission, spec=grade.spec, before=was, after=grade)
    for grade in old.values():
        yield Change(submission=grade.submission, spec=grade.spec, before=grade, after=None)


def render(changes: Iterable[Change], *, width: int = 80) -> str:
    """One line a change, at most `width` columns but no fewer than NARROWEST, and a sum below."""
    width = max(width, NARROWEST)
    listed = list(changes)
    if not listed:
        return "Nothing has changed."
    steps = [_step(change) for change in listed]
    size = max(map(columns, steps))
    lines = [_line(change, pad(step, size), width) for change, step in zip(listed, steps, strict=True)]
    better, worse = (sum(sign * change.gain > 0 for change in listed) for sign in (1, -1))
    total = f"{amount(len(listed), 'change')}: {better:,} with more points, {worse:,} with fewer."
    return "\n".join([*lines, "", *wrap(total, width)])


def _earned(grade: Grade) -> tuple[str, float, float]:
    return str(grade.status), grade.points, grade.max_points


def _step(change: Change) -> str:
    """2 ✗ → 8 ✓, and the maximum where that has changed, too."""
    if change.before and change.after and change.before.max_points != change.after.max_points:
        was, now = (f"{cell(g)} of {points_text(g.max_points)}" for g in (change.before, change.after))
        return f"{was} → {now}"
    return f"{cell(change.before)} → {cell(change.after)}"


def _line(change: Change, step: str, width: int) -> str:
    name = f"{one_line(change.submission)} · {one_line(change.spec)}"
    return f"{step}  {clip(name, max(width - columns(step) - 2, 3))}"
