"""One submission's whole reports, read back from the gradebook as text, with what the instructor may know."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.digits import short
from gradcheck.errors import UsageError
from gradcheck.grading.final import FinalGrades
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.page import exercise, total
from gradcheck.grading.policy.records import FinalGrade, Policy
from gradcheck.grading.records import Filters, Row
from gradcheck.report import plain
from gradcheck.spelling import near
from gradcheck.submission.text import one_line
from gradcheck.text import NARROWEST, wrap


def render(book: Gradebook, submission: str, policy: Policy | None = None, *, width: int = 80) -> str:
    """Its report for every spec, on lines of at most `width` columns but no fewer than NARROWEST.

    Points are those after this policy. Raises UsageError for a name that the gradebook doesn't have.
    """
    width, chosen = max(width, NARROWEST), Filters(submissions=(submission,))
    rows = [row for row in book.rows(chosen) if row.submission == submission]
    if not rows:
        raise UsageError(f"{one_line(submission)}: {_missing(book, submission)}")
    grades = FinalGrades(book, policy or Policy(), chosen)
    (grade,) = (grade for grade in grades if grade.submission == submission)
    results = {row.spec: exercise(row, grade).result() for row in rows}
    counted = [one for spec, one in results.items() if spec in grade.specs]
    final = total(grade, shown=results.keys())
    head = [plain.head(counted, width, final)] if counted and (final or len(results) > 1) else []
    texts = (
        "\n\n".join([plain.text(results[row.spec], width, printed=None), *_sections(row, grade, width)])
        for row in rows
    )
    return "\n\n\n".join([*head, *texts])


def _missing(book: Gradebook, name: str) -> str:
    """Why there is nothing to show."""
    names = [known for known, _ in book.submissions()]
    if name in names:
        return "not graded yet; run `gradcheck grade` again, which goes on where it was interrupted"
    close = near(name, (known[:100] for known in names), 3)
    meant = f"; did you mean {', '.join(map(one_line, close))}?" if close else ""
    return f"the gradebook has no such submission{meant}"


def _sections(row: Row, grade: FinalGrade, width: int) -> Iterator[str]:
    """What the learner's report does not have."""
    facts = [f"seed {row.seed}", f"{short(row.seconds)} s"]
    facts += [row.reason] if row.reason not in ("", row.status) else []
    facts += ["hidden"] if row.hidden else []
    facts += [] if row.spec in grade.specs else ["of a spec that the last run did not have"]
    facts += [] if row.final else ["graded again by the next run"]
    lines = wrap(f"For the instructor: {', '.join(facts)}", width)
    if row.explanations:
        named = "; or ".join(" and ".join(slugs) for slugs in row.explanations)
        lines += wrap(f"Mistakes by name: {named}", width)
    yield "\n".join(lines)
    if row.fault:
        yield "\n".join(["For the maintainers of gradcheck:", *plain.verbatim(row.fault.rstrip(), width)])
