"""The client's folders on another machine: what lies at a path there lies below a root here."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

from gradcheck.grading.records import Row
from gradcheck.grading.terms import Terms


class Mirror:
    """Paths of the client, below `root`, which must be a real path; `folder` is where the client works.

    Whoever works in `self.folder` sees relative paths lead where they lead on the client. Of an absolute path
    the root has to be taken off again where it is shown.
    """

    def __init__(self, root: Path, folder: Path) -> None:
        self._root = root
        self._there = folder
        self.folder = self._below(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def path(self, path: Path) -> Path:
        """What to call here what the client calls `path`: a relative path keeps its name."""
        below = self._below(Path(os.path.abspath(self._there / path)))  # noqa: PTH100 (links stay)
        is_same = os.path.normpath(self.folder / path) == str(below)
        return path if is_same and not path.is_absolute() else below

    def place(self, path: Path) -> Path:
        """Where the client's `path` lies here, wherever one works."""
        return self.folder / self.path(path)

    def terms(self, terms: Terms) -> Terms:
        """The same of the specs here."""
        return replace(
            terms,
            specs={self.path(path): text for path, text in terms.specs.items()},
            columns={
                self.path(path): replace(column, spec=str(self.path(path)))
                for path, column in terms.columns.items()
            },
            hidden=frozenset(map(self.path, terms.hidden)),
        )

    def seen_from_client(self, row: Row) -> Row:
        """The row with the client's paths."""
        root = str(self._root)
        return replace(
            row,
            spec=row.spec.replace(root, ""),
            data=row.data.replace(json.dumps(root, ensure_ascii=False)[1:-1], ""),
            fault=row.fault.replace(root, ""),
            run_message=row.run_message.replace(root, ""),
        )

    def _below(self, path: Path) -> Path:
        return self._root / path.relative_to(path.anchor)
