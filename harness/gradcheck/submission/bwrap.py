"""Bubblewrap around the fork server: a world of its own in which most files aren't there at all."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path

from gradcheck.submission.text import one_line

_PATIENCE = 20.0
"""Seconds that the trial may take."""
_ROOT_KEEPS = ("CAP_SETUID", "CAP_SETGID", "CAP_KILL")
"""What root needs to become nobody, and to end what nobody left behind."""


def python() -> str:
    """The interpreter itself: a link to it from a virtual environment leads nowhere inside."""
    return os.path.realpath(sys.executable)


def command(numpy: Path, stages: Path) -> list[str]:
    """What to put before the fork server's command; `numpy` is the folder that NumPy's folder lies in."""
    harness = Path(__file__).parents[1]
    return [
        "bwrap",
        *("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"),
        *_rights(),
        *("--die-with-parent", "--new-session"),
        *_open_ways(stages),  # first: what is there already keeps its rights
        *_system(),
        *_python(),
        *_bound(numpy / "numpy", numpy / "numpy.libs"),
        *_bound(harness / "__init__.py", harness / "submission"),
        *_bound(stages),
        *("--proc", "/proc", "--dev", "/dev", "--chdir", "/", "--remount-ro", "/"),
    ]


@functools.cache
def obstacle() -> str | None:
    """Why bubblewrap can't be used here, found out by trying; None where it can."""
    if sys.platform != "linux" or shutil.which("bwrap") is None:
        return "not installed"
    nowhere = Path("/nonexistent/stages")
    trial = [*command(nowhere, nowhere), python(), "-I", "-S", "-c", "import ctypes, socket"]
    try:
        done = subprocess.run(trial, capture_output=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return one_line(str(error))
    if done.returncode == 0:
        return None
    said = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
    return one_line(said.removeprefix("bwrap: ")) or f"exit code {done.returncode}"


def _rights() -> list[str]:
    if os.getuid() != 0:
        return ["--unshare-user", "--cap-drop", "ALL"]
    # Root needs no user namespace, and in one it could not become nobody.
    kept = [part for capability in _ROOT_KEEPS for part in ("--cap-add", capability)]
    return ["--cap-drop", "ALL", *kept]


def _system() -> Iterator[str]:
    yield from _bound(Path("/usr"))
    for name in ("lib", "lib32", "lib64"):
        path = Path("/", name)
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), str(path))
        else:
            yield from _bound(path)


def _python() -> Iterator[str]:
    """The interpreter and its library, without the packages that are installed into it."""
    home = Path(sys.base_prefix).resolve()
    if not home.is_relative_to("/usr"):
        yield from _bound(home)
    library = Path(sysconfig.get_path("stdlib"))
    for folder in (
        library / "site-packages",
        library / "dist-packages",
        library.parent / "python3" / "dist-packages",
    ):
        if folder.is_dir():
            yield from ("--tmpfs", str(folder))


def _open_ways(path: Path) -> Iterator[str]:
    """The folders above `path`, which nobody may pass through unless it is said."""
    for folder in reversed(path.parents[:-1]):
        yield from ("--perms", "0755", "--dir", str(folder))


def _bound(*paths: Path) -> list[str]:
    return [part for path in paths if path.exists() for part in ("--ro-bind", str(path), str(path))]


def wrapped(arguments: Sequence[str], numpy: Path, stages: Path) -> list[str]:
    """The command that runs Python with these arguments inside."""
    return [*command(numpy, stages), python(), *arguments]
