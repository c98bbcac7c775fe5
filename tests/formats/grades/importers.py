"""Small models of what reads these files: the importers of Canvas and Moodle, by their rules."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field

IGNORED = ("Current Score", "Final Score", "Current Grade", "Final Grade", "Override Score", "Current Points")


@dataclass
class CanvasImport:
    """What Canvas makes of a file: scores by the student's number, and assignments that it would make."""

    scores: dict[str, str | float | None] = field(default_factory=dict)
    others: dict[str, dict[str, str]] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)


def canvas(text: str, assignments: dict[str, str], students: dict[str, str], wanted: str) -> CanvasImport:
    """Read as lib/gradebook_importer.rb does; the course has these assignments and students, by number."""
    lines = text.removeprefix("\ufeff").splitlines()[:3]
    delimiter = max(",;", key=lambda one: sum(line.count(one) for line in lines))
    header, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter)
    assert "Student" in header[0]
    assert "ID" in header[1]
    assert len(header) > 3
    seen = CanvasImport()
    columns = {}
    for number, title in enumerate(header[2:], start=2):
        match = re.fullmatch(r".*\((\d+)\)", title)
        if title in ("SIS User ID", "SIS Login ID", "Integration ID", "Root Account", "Section"):
            continue
        if any(title.endswith(word) for word in IGNORED):
            continue
        by_title = next((key for key, name in assignments.items() if name == title), None)
        key = match[1] if match and match[1] in assignments else by_title
        if key is None:
            seen.made.append(title)
        else:
            columns[number] = key
    if rows and "Points Possible" in rows[0][0]:
        rows = rows[1:]
    for row in rows:
        student = row[1] if row[1] in students else None
        if student is None:
            seen.strangers.append(row[0])
            continue
        for number, key in columns.items():
            score = _canvas_score(row[number])
            if key == wanted:
                seen.scores[student] = score
            else:
                seen.others.setdefault(key, {})[student] = row[number]
    return seen


def _canvas_score(cell: str) -> str | float | None:
    if cell.strip() in ("", "-"):
        return None
    if cell.strip().upper() == "EX":
        return "EX"
    if re.fullmatch(r"-?\d+,\d+", cell):
        cell = cell.replace(",", ".")
    return round(float(cell), 2)


def moodle(text: str, user_column: str, grade_column: str, users: set[str]) -> dict[str, float | None]:
    """Read as grade/import/csv/classes/load_data.php does: one user that nobody knows ends the import."""
    table = list(csv.DictReader(io.StringIO(text, newline="")))
    grades: dict[str, float | None] = {}
    for row in table:
        user = row[user_column]
        if user not in users:
            raise LookupError(user)
        grade = row[grade_column].strip()
        grades[user] = None if grade in ("", "-") else float(grade.replace(",", "."))
    return grades


def worksheet(
    text: str, maximum: float, current: dict[str, float | None], headers: dict[str, str]
) -> dict[str, tuple[float, str]]:
    """Read as importgradeslib.php does: what it would write, by participant; it skips all else in silence."""
    delimiter = "," if text.splitlines()[0].count(",") else ";"
    taken = {}
    for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter):
        match = re.search(r"(\d+)$", row[headers["identifier"]])
        grade = row[headers["grade"]].replace(",", ".")
        if match is None or match[1] not in current or not grade or headers["modified"] not in row:
            continue
        if 0 <= float(grade) <= maximum:
            taken[match[1]] = (float(grade), row[headers["feedback"]])
    return taken
