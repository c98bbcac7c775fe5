"""The strongest jail that this machine offers, decided by what the self-test can't do in it."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np

from gradcheck.submission.jail.bpf import assemble
from gradcheck.submission.jail.confine import NOBODY, Jail
from gradcheck.submission.jail.landlock import Ruleset
from gradcheck.submission.jail.selftest import Trial, attempt
from gradcheck.submission.jail.syscalls import rules, this_machine


def strongest(stages: Path, hidden: Path, without: Collection[str], *, inside: bool) -> Trial:
    """The first jail in which no attack gets through, or else the one in which the fewest do.

    `inside` says that bubblewrap is around this process.
    """
    best: Trial | None = None
    for jail in _candidates(stages, without, inside=inside):
        trial = attempt(jail, stages, hidden)
        if best is None or len(trial.open) < len(best.open):
            best = trial
        if best.sound:
            break
    assert best is not None  # the last candidate has no layer that could be missing
    return best


def _candidates(stages: Path, without: Collection[str], *, inside: bool) -> Iterator[Jail]:
    """All jails worth trying, the most comfortable of the strong ones first."""
    ruleset = None if "landlock" in without else _ruleset(stages)
    users = (NOBODY, None) if _is_root() and "uid" not in without else (None,)
    filters = () if "seccomp" in without else _filters()
    for uid in users:
        for program, reads in filters:
            # What can be opened must be held by something: by Landlock, or because it is not there.
            if not reads or ruleset or inside:
                yield Jail(uid, ruleset, program, reads)
    for uid in users:
        yield Jail(uid, ruleset, None, reads=True)
    yield Jail(None, None, None, reads=True)


def _ruleset(stages: Path) -> Ruleset | None:
    try:
        return Ruleset.reading([*_libraries(), stages])
    except OSError:
        return None


def _filters() -> tuple[tuple[bytes, bool], ...]:
    machine = this_machine()
    if sys.platform != "linux" or machine is None:
        return ()
    return tuple(
        (assemble(machine.audit, rules(machine, reading=reading)), reading) for reading in (True, False)
    )


def _libraries() -> Iterator[Path]:
    """The standard library without what is installed into it, and NumPy with its own libraries."""
    for name in ("stdlib", "platstdlib"):
        for path in Path(sysconfig.get_path(name)).iterdir():
            if path.name not in ("site-packages", "dist-packages"):
                yield path
    numpy = Path(np.__file__).parent
    yield from (numpy, numpy.with_name("numpy.libs"))


def _is_root() -> bool:
    return sys.platform != "win32" and os.getuid() == 0
