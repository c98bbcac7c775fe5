"""What specs are called where there is little room, and the order of names."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePath

from gradcheck.submission.text import one_line


def short_names(specs: Iterable[str]) -> dict[str, str]:
    """Path -> the file's name without its ending where that is clear, or else the path; on one line."""
    stems = {path: PurePath(path).stem for path in specs}
    times = Counter(stems.values())
    return {path: one_line(stem if times[stem] == 1 else path) for path, stem in stems.items()}


def natural_key(name: str) -> str:
    """What names are sorted by as people sort them: student2 before student10, Émil before emma."""
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return re.sub(r"\d+", lambda digits: _counted(digits[0].lstrip("0")), letters)


def _counted(digits: str) -> str:
    """A number behind its length: shorter ones come first."""
    return f"{len(digits):06}{digits}"
