"""An alarm that interrupts code which runs long."""

from __future__ import annotations

import math
import signal
import sys
import threading
import time

import pytest

from gradcheck.submission.alarm import Alarm, TimeUpError
from gradcheck.submission.imports import Stopwatch

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
BRIEF = 0.02


def test_code_is_interrupted_again_and_again() -> None:
    """It may catch what is raised once; afterwards there is no alarm, and the handler that there was."""
    before = signal.getsignal(signal.SIGALRM)
    caught = 0
    with Alarm(Stopwatch()).set(BRIEF, lambda _: True):
        for _ in range(2):
            with pytest.raises(TimeUpError, match=r"ran longer than 0\.02 s when it was loaded"):
                time.sleep(60)
            caught += 1
    assert caught == 2
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) == before


def test_nothing_is_raised_where_it_may_not_be() -> None:
    """Such as in the harness's own part, in which it would break something."""
    allowed = False
    with Alarm(Stopwatch()).set(BRIEF, lambda _: allowed):
        time.sleep(5 * BRIEF)
        allowed = True
        with pytest.raises(TimeUpError):
            time.sleep(60)


def test_imports_of_packages_do_not_count() -> None:
    """Those that go on, and those that are over."""
    stopwatch = Stopwatch()
    with Alarm(stopwatch).set(10 * BRIEF, lambda _: True):
        for _ in range(3):
            with stopwatch.running():
                time.sleep(10 * BRIEF)
    assert stopwatch.take() >= 30 * BRIEF


def test_without_an_end_there_is_no_alarm() -> None:
    """Nor in a thread, which no signal interrupts."""
    with Alarm(Stopwatch()).set(math.inf, lambda _: True):
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)

    def in_a_thread() -> None:
        with Alarm(Stopwatch()).set(BRIEF, lambda _: True):
            timers.append(signal.getitimer(signal.ITIMER_REAL))

    timers: list[tuple[float, float]] = []
    thread = threading.Thread(target=in_a_thread)
    thread.start()
    thread.join()
    assert timers == [(0, 0)]


def test_an_alarm_of_the_code_s_own_stays() -> None:
    """Who sets one in the code that is watched has it for himself."""
    before = signal.getsignal(signal.SIGALRM)
    rings = []
    try:
        with Alarm(Stopwatch()).set(BRIEF, lambda _: True):
            signal.signal(signal.SIGALRM, lambda *_: rings.append(1))
        signal.setitimer(signal.ITIMER_REAL, BRIEF)
        while not rings:
            time.sleep(BRIEF)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
