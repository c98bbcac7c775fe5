"""Answers that are sent together, and kept meanwhile in memory that outlives the process that made them.

A submission's process answers several calls in a row. To send each answer by itself would wake the
harness as often; to keep them would lose them where a later call ends the process. So they wait in a
small shared memory, and where the process ends, the harness finds there what was not sent. It believes
that no more than what it is sent.
"""

from __future__ import annotations

import math
import mmap
import os
import struct
import sys
import time

from gradcheck.submission.channel import Stream

ROOM = 1 << 16
"""Bytes that can wait."""
HELD_BACK = 0.05
"""Seconds for which it may go untold that one job is done and the next has begun."""
_HEAD = struct.Struct("=QQ")
"""How many bytes were sent before those that wait, and how many wait."""
_HALF = _HEAD.size // 2
_SIZE = _HEAD.size + ROOM


class Unsent:
    """The harness's end, one for each process: what that had made and not sent."""

    def __init__(self) -> None:
        """Raises OSError where the system has no such memory."""
        if sys.platform != "linux":
            raise OSError("shared memory without a file is Linux's own")
        self.descriptor = os.memfd_create("unsent")
        os.ftruncate(self.descriptor, _SIZE)

    def beyond(self, received: int) -> bytes:
        """What the process, which has ended, had made after the first `received` bytes of all."""
        sent, waiting = _HEAD.unpack(os.pread(self.descriptor, _HEAD.size, 0))
        if received < sent:
            return b""
        return os.pread(self.descriptor, min(waiting, ROOM), _HEAD.size)[received - sent :]

    def close(self) -> None:
        """Let go of the memory."""
        os.close(self.descriptor)


class Outbox(Stream):
    """The process's end: a connection by nothing but read(2) and write(2), which sends before it waits."""

    def __init__(self, connection: int, unsent: int | None = None) -> None:
        """Over the descriptor `connection`; answers wait in the memory `unsent`, or are sent at once."""
        self._connection = connection
        self._memory = None if unsent is None else mmap.mmap(unsent, _SIZE)
        self._sent = self._waiting = 0
        self._sent_at = -math.inf
        """When the harness was last told of everything up to a job's end."""

    def fileno(self) -> int:
        """The connection's descriptor."""
        return self._connection

    def settimeout(self, timeout: float, /) -> None:
        """A student's process waits as long as it takes: the harness watches the clock."""

    def sendall(self, data: bytes, /) -> None:
        """Keep the data; where there is no room, send what was kept first."""
        if self._waiting + len(data) > ROOM:
            self.flush()
        if self._memory is None or len(data) > ROOM:
            self._write(data)
            return
        start = _HEAD.size + self._waiting
        self._memory[start : start + len(data)] = data
        self._wait(self._waiting + len(data))

    def recv_into(self, buffer: memoryview, /) -> int:
        """Send what was kept, and fill the buffer's beginning with what is there."""
        self.flush()
        return os.readv(self._connection, [buffer])

    def next_job(self) -> None:
        """A job begins: send the answers to those before, unless the harness knew of their end just now."""
        now = time.monotonic()
        if now - self._sent_at > HELD_BACK:
            self.flush()
            self._sent_at = now

    def flush(self) -> None:
        """Send what was kept."""
        if self._memory is not None and self._waiting:
            self._write(self._memory[_HEAD.size : _HEAD.size + self._waiting])

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._connection, rest) :]
        # The process may be ended at any point: what was sent must not be found waiting.
        self._wait(0)
        self._sent += len(data)
        if self._memory is not None:
            self._memory[:_HALF] = self._sent.to_bytes(_HALF, sys.byteorder)

    def _wait(self, count: int) -> None:
        self._waiting = count
        if self._memory is not None:
            self._memory[_HALF : 2 * _HALF] = count.to_bytes(_HALF, sys.byteorder)
