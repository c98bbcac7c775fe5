"""The private folder of a runner that holds hostile code."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path


class Home:
    """A temporary folder: in it one that submissions may read, and a file that they must not."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="gradcheck-")).resolve()
        self._removal = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        # Others may pass through, to a name that they know, but can't look around.
        self._folder.chmod(0o711)
        self.stages = self._folder / "stages"
        self.stages.mkdir()
        self.stages.chmod(0o711)
        self.hidden = self._folder / "hidden"
        """A file that everybody may read, but that the jail hides."""
        self.hidden.write_text("hidden", "ascii")
        self.hidden.chmod(0o644)

    def remove(self) -> None:
        """Remove the folder with all that is in it; the end of the harness does it, too."""
        self._removal()
