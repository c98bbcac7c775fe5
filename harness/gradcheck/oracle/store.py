"""The truth kept on disk: under a key that names all it depends on, so that it is never stale."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from gradcheck.arrays import Array

PACKAGE = Path(__file__).parent.parent
FOLDER = "GRADCHECK_CACHE"
"""The environment variable that names the folder."""
PORTABLE = "portable"
"""A file of this name in the folder says that what is kept there goes to other machines: its keys follow
from what the package's files hold, not from their times, nor from Python's and NumPy's versions."""


def folder() -> Path:
    """Where kept truths lie: $GRADCHECK_CACHE, or gradcheck/ in the user's cache folder."""
    if folder := os.environ.get(FOLDER):
        return Path(folder)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "gradcheck"


def fingerprint(*parts: bytes) -> str:
    """A key for what follows from these bytes by the harness as it is now: any edit of it changes the key.

    So do other versions of Python and NumPy, but where the folder is PORTABLE.
    """
    digest = hashlib.sha256(_contents() if (folder() / PORTABLE).exists() else _harness())
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _harness() -> bytes:
    """The whole package, every file by its size and time, and what it computes with."""
    digest = hashlib.sha256(f"{sys.version} {np.__version__}".encode())
    for name, path in _files():
        status = os.stat(path)  # noqa: PTH116 (Path costs a start-up)
        digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.digest()


def contents() -> bytes:
    """The whole package, every file by what it holds."""
    digest = hashlib.sha256()
    for name, path in _files():
        with open(path, "rb") as file:  # noqa: PTH123
            content = file.read()
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.digest()


_contents = lru_cache(maxsize=1)(contents)
"""The same, read once a process."""


def _files() -> Iterator[tuple[str, str]]:
    """Where each file lies in the package, and its path."""
    for where, folders, files in os.walk(PACKAGE):
        folders[:] = sorted(folder for folder in folders if folder != "__pycache__")
        room = os.path.relpath(where, PACKAGE).replace(os.sep, "/")
        for file in sorted(files):
            if file.endswith((".py", ".yaml")):
                yield f"{room}/{file}", os.path.join(where, file)  # noqa: PTH118


def save(key: str, header: Any, arrays: Sequence[Array]) -> None:
    """Keep a JSON-able header with float64 or int64 arrays; a folder that can't be written is no error."""
    raw = b"".join(np.ascontiguousarray(a).tobytes() for a in arrays)
    shapes = [[a.dtype.str, list(a.shape)] for a in arrays]
    line = json.dumps({"header": header, "arrays": shapes}, allow_nan=False)
    content = line.encode() + b"\n" + raw
    target = folder() / key
    draft = target.with_suffix(f".{os.getpid()}")
    try:
        folder().mkdir(parents=True, exist_ok=True)
        draft.write_bytes(b"%d\n" % zlib.crc32(content) + content)
        draft.replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink()


def load(key: str) -> tuple[Any, list[Array]] | None:
    """(header, arrays), or None where nothing whole is kept under that key."""
    try:
        checksum, _, content = (folder() / key).read_bytes().partition(b"\n")
        if int(checksum) != zlib.crc32(content):
            return None
        line, _, raw = content.partition(b"\n")
        stored = json.loads(line)
        return stored["header"], _arrays(stored["arrays"], raw)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _arrays(shapes: list[Any], raw: bytes) -> list[Array]:
    arrays, offset = [], 0
    for dtype, shape in shapes:
        a = np.frombuffer(raw, dtype, count=prod(shape), offset=offset)
        arrays.append(a.reshape(shape))
        offset += a.nbytes
    return arrays
