"""The self-test: a throw-away process enters a jail and attacks from inside."""

from __future__ import annotations

import json
import os
import select
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from gradcheck.submission.jail.attacks import Attack, Target, attacks
from gradcheck.submission.jail.confine import Jail
from gradcheck.submission.records import Budget, Start

_PATIENCE = 20.0
"""Seconds that the self-test may take."""


@dataclass(frozen=True)
class Trial:
    """How a jail stood the test."""

    jail: Jail
    tried: int
    open: tuple[str, ...]
    """The attacks that got through; all of them where the jail could not even be entered."""

    @property
    def sound(self) -> bool:
        """Whether no attack got through."""
        return not self.open


def attempt(jail: Jail, stages: Path, hidden: Path, scratch: Path) -> Trial:
    """Enter the jail in a forked process, and try every attack."""
    parent = os.getpid()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        start = Start(Budget(), 1, None)
        _attack(jail, start, Target(parent, hidden, stages, scratch, writer, start.budget.memory))
    os.close(writer)
    try:
        report = _read_all(reader, time.monotonic() + _PATIENCE)
    finally:
        os.close(reader)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return Trial(jail, len(attacks()), _opened(report))


def _attack(jail: Jail, start: Start, target: Target) -> NoReturn:
    try:
        jail.enter(start, target.connection)
        opened = [name for name, attack in attacks().items() if _succeeds(attack, target)]
        os.write(target.connection, json.dumps(opened).encode("ascii"))
    finally:
        os._exit(0)


def _succeeds(attack: Attack, target: Target) -> bool:
    try:
        attack(target)
    except (OSError, MemoryError, RuntimeError, ValueError, AttributeError, NameError):
        return False
    return True


def _opened(report: bytes) -> tuple[str, ...]:
    try:
        return tuple(json.loads(report))
    except ValueError:
        return tuple(attacks())


def _read_all(descriptor: int, deadline: float) -> bytes:
    data = b""
    while select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))[0]:
        chunk = os.read(descriptor, 4096)
        if not chunk:
            break
        data += chunk
    return data
