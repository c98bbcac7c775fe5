"""Bubblewrap around the fork server: a world of its own in which most files aren't there at all."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradcheck.submission.packages import Installed
from gradcheck.submission.scratch import MAX_BYTES
from gradcheck.submission.text import one_line

_PATIENCE = 20.0
"""Seconds that the trial may take."""
_ROOT_KEEPS = ("SETUID", "SETGID", "KILL", "CHOWN", "FOWNER", "DAC_OVERRIDE", "DAC_READ_SEARCH")
"""What root needs to become another user, and to end and to remove what that one left behind."""
_ROOM = 4 * MAX_BYTES
"""Bytes of memory that the scratch folder can ever take up; who fills it is ended long before."""


def python() -> str:
    """The interpreter itself: a link to it from a virtual environment leads nowhere inside."""
    return os.path.realpath(sys.executable)


@dataclass(frozen=True)
class World:
    """The files that are there inside."""

    numpy: Path
    """The folder that NumPy's folder lies in."""
    stages: Path
    scratch: Path
    installed: Installed


def command(world: World) -> list[str]:
    """What to put before the fork server's command."""
    harness = Path(__file__).resolve().parents[1]
    return [
        "bwrap",
        *("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"),
        *_rights(),
        *("--die-with-parent", "--new-session"),
        *_open_ways(_homes(world)),  # first: what is there already keeps its rights
        *_system(),
        *_python(),
        *_packages(world.installed),
        *_bound(world.numpy / "numpy", world.numpy / "numpy.libs"),
        *_bound(harness / "__init__.py", harness / "submission"),
        *_bound(world.stages),
        *("--perms", "0700", "--size", str(_ROOM), "--tmpfs", str(world.scratch)),
        *("--proc", "/proc", "--dev", "/dev", "--chdir", "/", "--remount-ro", "/"),
    ]


@functools.cache
def obstacle() -> str | None:
    """Why bubblewrap can't be used here, found out by trying; None where it can."""
    if sys.platform != "linux" or shutil.which("bwrap") is None:
        return "not installed"
    nowhere = Path("/nonexistent/stages")
    world = World(nowhere, nowhere, nowhere.with_name("scratch"), Installed())
    trial = [*command(world), python(), "-I", "-S", "-c", "import ctypes, socket"]
    try:
        done = subprocess.run(trial, capture_output=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return one_line(str(error))
    if done.returncode == 0:
        return None
    reason = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
    return one_line(reason.removeprefix("bwrap: ")) or f"exit code {done.returncode}"


def _rights() -> list[str]:
    if os.getuid() != 0:
        return ["--unshare-user", "--cap-drop", "ALL"]
    # Root needs no user namespace, and in one it could not become nobody.
    capabilities = [part for capability in _ROOT_KEEPS for part in ("--cap-add", f"CAP_{capability}")]
    return ["--cap-drop", "ALL", *capabilities]


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


def _packages(installed: Installed) -> Iterator[str]:
    yield from _bound(*map(Path, installed.site))
    for folder in installed.forbidden():
        yield from ("--tmpfs", folder)
    yield from _bound(*map(Path, installed.loose()))


def _homes(world: World) -> list[Path]:
    packages = map(Path, (*world.installed.site, *world.installed.loose()))
    return [world.scratch, world.stages, world.numpy, Path(sys.base_prefix).resolve(), *packages]


def _open_ways(paths: Iterable[Path]) -> Iterator[str]:
    """The folders above these, which other users may not pass through unless it is said."""
    folders = {folder: None for path in paths for folder in reversed(path.parents[:-1])}
    for folder in folders:
        if not folder.is_relative_to("/usr") and not Path("/", folder.parts[1]).is_symlink():
            yield from ("--perms", "0755", "--dir", str(folder))


def _bound(*paths: Path) -> list[str]:
    return [part for path in paths if path.exists() for part in ("--ro-bind", str(path), str(path))]


def wrapped(arguments: Sequence[str], world: World) -> list[str]:
    """The command that runs Python with these arguments inside."""
    return [*command(world), python(), *arguments]
