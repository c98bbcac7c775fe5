"""An export on disk: a zip, or a folder."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

from gradcheck.errors import GradcheckError, UsageError

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in a zip: the same export is the same file."""
_PROGRAM, _FILE = 0o755, 0o644


def write(files: Mapping[str, bytes], path: Path, *, is_archive: bool) -> None:
    """Write the files. Raises UsageError for a folder that holds something, GradcheckError where it fails."""
    try:
        _write_zip(files, path) if is_archive else _write_folder(files, path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise GradcheckError(f"{path}: cannot be written ({reason}); choose another --out") from None


def _write_zip(files: Mapping[str, bytes], path: Path) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                entry = zipfile.ZipInfo(name, _EPOCH)
                entry.external_attr = (0o100000 | _mode(content)) << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _write_folder(files: Mapping[str, bytes], path: Path) -> None:
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise UsageError(f"{path}: exists already; name a new folder, or remove it")
    for name, content in files.items():
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        target.chmod(_mode(content))


def _mode(content: bytes) -> int:
    return _PROGRAM if content.startswith(b"#!") else _FILE
