"""A store of answers that goes with its specs to another machine, where there is no PyTorch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from gradcheck.oracle import store

_Result = TypeVar("_Result")


def portable(work: Callable[[], _Result]) -> tuple[_Result, dict[str, bytes]]:
    """What `work` returns, and the files of the store in which it has kept its answers."""
    with TemporaryDirectory() as name, _store_in(Path(name)):
        Path(name, store.PORTABLE).touch()
        result = work()
        return result, {path.name: path.read_bytes() for path in sorted(Path(name).iterdir())}


@contextmanager
def _store_in(folder: Path) -> Iterator[None]:
    before = os.environ.get(store.FOLDER)
    os.environ[store.FOLDER] = str(folder)
    try:
        yield
    finally:
        del os.environ[store.FOLDER]
        if before is not None:
            os.environ[store.FOLDER] = before
