"""A class on one screen: the table, the class in one sentence, and what it gets wrong most often."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gradcheck.digits import points_text
from gradcheck.grading.final import FinalGrades
from gradcheck.grading.names import short_names
from gradcheck.grading.order import in_order
from gradcheck.grading.policy.records import FinalGrade
from gradcheck.grading.records import Column, Filters, RunFailure, Stumble
from gradcheck.grading.signs import CUT
from gradcheck.grading.table import table
from gradcheck.submission.text import one_line
from gradcheck.text import NARROWEST, amount, wrap
from gradcheck.verdict.records import Status

SHOWN = 30
"""How many submissions are shown at first."""

WORST = 10
"""How many of the class's stumbles are shown at first."""


def render(
    grades: FinalGrades,
    *,
    folder: str,
    width: int = 80,
    color: bool = False,
    shown: int | None = SHOWN,
    sort: str = "name",
) -> str:
    """The overview on lines of at most `width` columns, but no fewer than NARROWEST.

    `folder` is where the gradebook lies, as a user types it. `shown` is how many submissions get a line;
    None: all of them. With filters, only what they fit is counted. `color` adds ANSI codes and changes
    nothing else. `sort` is what `in_order` takes. Raises UsageError for anything else.
    """
    width, book = max(width, NARROWEST), grades.book
    listed: list[FinalGrade] = []
    tally = _Tally(grades)
    for grade in in_order(grades, sort):
        tally.count(grade)
        if shown is None or len(listed) < shown:
            listed.append(grade)
    more = tally.submissions - len(listed)
    advice = f"{CUT} and {more:,} more: gradcheck gradebook {one_line(folder)} lists them"
    sections = [
        spec_faults(book.run_failures(), width=width),
        table(grades.columns, listed, grades.max_points, width=width, color=color) if listed else [],
        wrap(advice, width) if more else [],
        wrap(str(tally), width),
        _unfinished(tally.unfinished, folder, width),
        worst(
            book.stumbles(grades.filters), grades.columns, width=width, is_part=grades.filters != Filters()
        ),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def worst(
    stumbles: Sequence[Stumble],
    specs: Iterable[Column],
    *,
    width: int = 80,
    most: int | None = WORST,
    is_part: bool = False,
) -> list[str]:
    """Lines that say what the class gets wrong, in the given order; `most` of them, None: all.

    `is_part` says that they are those of a part of the class.
    """
    names = short_names(column.spec for column in specs)
    listed = stumbles[:most]
    whom = " among these" if is_part else ""
    lines = [f"Wrong most often{whom}:"] if listed else []
    for stumble in listed:
        lines += [f"  {line}" for line in wrap(_sentence(stumble, names), width - 2)]
    more = len(stumbles) - len(listed)
    return [*lines, f"  {CUT} and {more:,} more"] if more else lines


def _sentence(stumble: Stumble, names: dict[str, str]) -> str:
    if stumble.mistake:
        return f"{stumble.mistake} in {names[stumble.spec]}: {stumble.wrong:,} of {stumble.graded:,}"
    counts = [("wrong without a named mistake in", stumble.wrong), ("no numbers in", stumble.failed)]
    parts = ", ".join(f"{words} {count:,}" for words, count in counts if count)
    return f"{one_line(stumble.symbol)} of {names[stumble.spec]}: {parts} of {stumble.graded:,}"


def spec_faults(failures: Sequence[RunFailure], *, width: int = 80) -> list[str]:
    """Lines that say loudly at which line of a spec nobody's code gets on."""
    lines = []
    for one in failures:
        message = f": {one.message}" if one.message else ""
        line = f"{one_line(one.spec)}:{one.line}"
        if one.failed == one.tried:
            whom = f"every submission ({one.failed:,}) fails in this line of `run`"
        else:
            most = f"{one.failed:,} of {one.tried:,} submissions fail in this line of `run`"
            whom = f"{most}, and nobody's code gets on"
        everybody = f"{whom}{message}."
        if one.has_reference:
            text = (
                f"NOBODY GETS ON: {line}: {everybody} The reference does: has the class been told its names?"
            )
        else:
            advice = "Mend the spec and grade again: its grades say nothing about the class."
            text = f"SPEC AT FAULT: {line}: {everybody} {advice}"
        lines += wrap(text, width)
    return lines


def _unfinished(count: int, folder: str, width: int) -> list[str]:
    """What is to be said of grades that the next run goes over again."""
    if not count:
        return []
    advice = f"gradcheck gradebook {one_line(folder)} --show NAME gives the reference for its maintainers"
    return wrap(
        f"{amount(count, 'grade')} not final: gradcheck itself has failed, or a process was ended from "
        f"outside. The next run grades again; {advice}.",
        width,
    )


class _Tally:
    """The class in one sentence: of those graded in full; those who are absent are counted apart."""

    def __init__(self, grades: FinalGrades) -> None:
        self._whole = grades.max_points
        self.submissions = self._absent = self._graded = self._right = 0
        self.unfinished = 0
        """Grades that the next run goes over again."""
        self._points = 0.0

    def count(self, grade: FinalGrade) -> None:
        self.submissions += 1
        if grade.absent:
            self._absent += 1
            return
        if grade.is_known:
            self._graded += 1
            self._right += all(one.grade and one.grade.status is Status.RIGHT for one in grade.specs.values())
            self._points += grade.points
        self.unfinished += sum(not one.grade.final for one in grade.specs.values() if one.grade)

    def __str__(self) -> str:
        present = self.submissions - self._absent
        absent = f" (and {self._absent:,} absent)" if self._absent else ""
        if not present:
            return f"No submissions{absent}."
        if not self._graded:
            return f"{amount(present, 'submission')}{absent}, none yet graded in full."
        left = present - self._graded
        rest = f", {left:,} not yet graded in full; of the other {self._graded:,}" if left else ""
        return (
            f"{amount(present, 'submission')}{absent}{rest}: {self._right:,} all right, "
            f"{self._points / self._graded:.4g} of {points_text(self._whole)} points on average."
        )
