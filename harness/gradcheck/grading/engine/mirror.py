"""The client's folders on another machine, where reports are to show its paths as they show them there."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from gradcheck.grading.records import Row
from gradcheck.grading.terms import Terms
from gradcheck.submission.paths import is_inside

SLASH = "⟋"
"""Stands for the first slash of an absolute path, which so becomes a relative one of the same length: reports
cut lines, and would cut longer ones elsewhere."""


class Mirror:
    """Files of the client below `root`; `folder` is where it works, and the mirror's `folder` the same here.

    All that is asked for here by the paths that `spec` and `submission` give is shown as on the client, once
    `seen_from_client` has put back the slashes.
    """

    def __init__(self, root: Path, folder: Path) -> None:
        self._there = str(folder)
        self.folder = root / folder.relative_to(folder.anchor)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._marked: dict[str, str] = {}
        """The beginnings of absolute paths as they are here -> there."""

    def spec(self, path: Path) -> Path:
        """What to call a spec, which is shown under the very path that was asked for."""
        return path if self._is_within(path) else self._relative(self._absolute(path))

    def submission(self, path: Path) -> Path:
        """What to call a submission, which is shown as seen from the folder if it lies in there."""
        absolute = self._absolute(path)
        if is_inside(absolute, self._there):
            return Path(os.path.relpath(absolute, self._there))
        return path if self._is_within(path) else self._relative(absolute)

    def terms(self, terms: Terms) -> Terms:
        """The same of the specs here."""
        columns = terms.columns.items()
        return replace(
            terms,
            specs={self.spec(path): text for path, text in terms.specs.items()},
            columns={self.spec(p): replace(one, spec=str(self.spec(p))) for p, one in columns},
            elsewhere={self.spec(path): files for path, files in terms.elsewhere.items()},
            hidden=frozenset(map(self.spec, terms.hidden)),
        )

    def seen_from_client(self, row: Row) -> Row:
        """The row with the client's paths."""
        escaped = {json.dumps(here)[1:-1]: json.dumps(there)[1:-1] for here, there in self._marked.items()}
        return replace(
            row,
            spec=_restore_paths(row.spec, self._marked),
            data=_restore_paths(row.data, self._marked | escaped),
            fault=_restore_paths(row.fault, self._marked),
            run_message=_restore_paths(row.run_message, self._marked),
        )

    def _absolute(self, path: Path) -> str:
        return os.path.abspath(os.path.join(self._there, path))  # noqa: PTH100, PTH118 (links stay)

    def _is_within(self, path: Path) -> bool:
        """Whether it is relative, and doesn't lead up further than there are folders."""
        return not path.is_absolute() and path.parts.count("..") < len(Path(self._there).parts)

    def _relative(self, absolute: str) -> Path:
        root, *names = Path(absolute).parts
        first = "".join(names[:1])
        self._marked[SLASH + first] = root + first
        return Path(SLASH + first, *names[1:])


def _restore_paths(text: str, others: Mapping[str, str]) -> str:
    for here, there in others.items():
        text = text.replace(here, there)
    return text
