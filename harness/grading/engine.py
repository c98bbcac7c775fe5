"""The queue: tasks go to a few processes, rows come back as submissions end."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice

from harness.errors import GradcheckError
from harness.grading import lane
from harness.grading.records import Row
from harness.grading.task import Task

AHEAD = 4
"""Tasks in flight for each process: enough to keep it busy, few enough for flat memory."""


def grade(tasks: Iterable[Task], terms: lane.Terms, jobs: int) -> Iterator[list[Row]]:
    """All rows of one submission after the other, as they end.

    Raises GradcheckError when a process that grades is lost; what has come back by then is good.
    """
    waiting = iter(tasks)
    context = multiprocessing.get_context("spawn")  # a fork would copy the truth into every process
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=lane.start, initargs=(terms,))
    try:
        running = {pool.submit(lane.grade, task) for task in islice(waiting, AHEAD * jobs)}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            running |= {pool.submit(lane.grade, task) for task in islice(waiting, len(done))}
            yield from map(_rows, done)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _rows(future: Future[list[Row]]) -> list[Row]:
    try:
        return future.result()
    except BrokenProcessPool:
        raise GradcheckError(
            "a process that grades was lost (killed, or out of memory); "
            "run the same command again: what is graded stays graded"
        ) from None
