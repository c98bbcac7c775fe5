"""What specs are called where there is little room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import PurePath

from gradcheck.submission.text import one_line


def short_names(specs: Iterable[str]) -> dict[str, str]:
    """Path -> the file's name without its ending where that is clear, or else the path; on one line."""
    stems = {path: PurePath(path).stem for path in specs}
    times = Counter(stems.values())
    return {path: one_line(stem if times[stem] == 1 else path) for path, stem in stems.items()}
