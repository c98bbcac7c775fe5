"""The strongest jail that this machine offers, decided by what the self-test can't do in it."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gradcheck.submission.jail.bpf import assemble
from gradcheck.submission.jail.confine import NOBODY, Jail
from gradcheck.submission.jail.landlock import Ruleset
from gradcheck.submission.jail.selftest import Trial, attempt
from gradcheck.submission.jail.syscalls import Files, rules, this_machine
from gradcheck.submission.packages import Installed

_DEVICES = tuple(Path("/dev", name) for name in ("null", "zero", "random", "urandom"))


@dataclass(frozen=True)
class Surroundings:
    """What a jail lets through, and what is around it."""

    stages: Path
    """The folder of the copies of submissions: it can be read."""
    scratch: Path
    """The folder that can be filled."""
    hidden: Path
    """A file that can't be read."""
    installed: Installed
    uid: int
    """A user of this runner's own."""
    inside: bool
    """Whether bubblewrap is around this process."""


def strongest(around: Surroundings, without: Collection[str]) -> Trial:
    """The first jail in which no attack gets through, or else the one in which the fewest do."""
    best: Trial | None = None
    for jail in _candidates(around, without):
        trial = attempt(jail, around.stages, around.hidden, around.scratch)
        if best is None or len(trial.open) < len(best.open):
            best = trial
        if best.sound:
            break
    assert best is not None  # the last candidate has no layer that could be missing
    return best


def _candidates(around: Surroundings, without: Collection[str]) -> Iterator[Jail]:
    """All jails worth trying, the most comfortable of the strong ones first."""
    ruleset = None if "landlock" in without else _ruleset(around)
    # Where few users exist, in a container, say, the runner's own is not among them.
    users = (around.uid, NOBODY, None) if _is_root() and "uid" not in without else (None,)
    filters = () if "seccomp" in without else _filters()
    others = _threads_of_this_user()
    for uid in users:
        for program, files in filters:
            # What can be opened must be held by something: by Landlock, or because it is not there.
            if ruleset or files is Files.NONE or (files is Files.READ and around.inside):
                yield Jail(uid, ruleset, program, files, others if uid is None else 0)
    for uid in users:
        yield Jail(uid, ruleset, None, Files.WRITE, others if uid is None else 0)
    yield Jail(None, None, None, Files.WRITE, others)


_ZONES = [path for path in (Path("/usr/share/zoneinfo"),) if path.is_dir()]
"""What datetime knows of the times of the world."""


def _ruleset(around: Surroundings) -> Ruleset | None:
    listed = [Path(folder) for folder in around.installed.site]
    read = [*_libraries(), *_ZONES, around.stages, *map(Path, around.installed.readable())]
    try:
        return Ruleset.allowing(read, listed=listed, written=_DEVICES, filled=[around.scratch])
    except OSError:
        return None


def _filters() -> tuple[tuple[bytes, Files], ...]:
    machine = this_machine()
    if sys.platform != "linux" or machine is None:
        return ()
    return tuple((assemble(machine.audit, rules(machine, files)), files) for files in sorted(Files)[::-1])


def _libraries() -> Iterator[Path]:
    """The standard library without what is installed into it, and NumPy with its own libraries."""
    for name in ("stdlib", "platstdlib"):
        for path in Path(sysconfig.get_path(name)).iterdir():
            if path.name not in ("site-packages", "dist-packages"):
                yield path
    numpy = Path(np.__file__).parent
    yield from (numpy, numpy.with_name("numpy.libs"))


def _threads_of_this_user() -> int:
    """As many as this process can see."""
    count = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if process.stat().st_uid == os.getuid():
                count += len(list((process / "task").iterdir()))
        except OSError:
            continue
    return count


def _is_root() -> bool:
    return sys.platform != "win32" and os.getuid() == 0
