"""A folder that a stranger may have filled, removed: however deep, and whatever rights its parts have."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from itertools import count


def remove_tree(folder: str) -> None:
    """Remove the folder with all that is in it, as far as this process may; it may be gone already."""
    empty(folder)
    with contextlib.suppress(OSError):
        os.rmdir(folder)  # noqa: PTH106


def empty(folder: str) -> None:
    """Remove all that is in the folder, and leave the folder."""
    if os.mkdir not in os.supports_dir_fd:
        with contextlib.suppress(OSError):
            for name in os.listdir(folder):  # noqa: PTH208
                shutil.rmtree(os.path.join(folder, name), ignore_errors=True)  # noqa: PTH118
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            _empty(descriptor)
        finally:
            os.close(descriptor)


def _empty(root: int) -> None:
    """Files are unlinked; what lies in a folder moves up to the root first, so that no depth matters."""
    names = count()
    known = set(os.listdir(root))
    while known:
        name = known.pop()
        try:
            os.unlink(name, dir_fd=root)
            continue
        except FileNotFoundError:
            continue
        except OSError:
            pass  # a folder
        with contextlib.suppress(OSError):
            known |= _lift(root, name, names)
            os.rmdir(name, dir_fd=root)


def _lift(root: int, name: str, names: count[int]) -> set[str]:
    """Unlink the folder's files and move its folders into the root, under names that are told."""
    _open_up(root, name)
    lifted = set()
    folder = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=root)
    try:
        for inner in os.listdir(folder):  # noqa: PTH208
            try:
                os.unlink(inner, dir_fd=folder)
            except OSError:
                new = f"removed-{os.getpid()}-{next(names)}"
                _open_up(folder, inner)
                os.rename(inner, new, src_dir_fd=folder, dst_dir_fd=root)
                lifted.add(new)
    finally:
        os.close(folder)
    return lifted


def _open_up(parent: int, name: str) -> None:
    with contextlib.suppress(OSError):  # whose folder it is may not be this process's user
        os.chmod(name, stat.S_IRWXU, dir_fd=parent)
