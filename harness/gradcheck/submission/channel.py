"""One end of a connection with a student's process: whole messages, and one deadline for all of them."""

from __future__ import annotations

import math
import mmap
import socket
import time
from collections.abc import Callable, Iterable
from typing import Protocol

from gradcheck.submission.wire import Limits, Message, decode, encode

AHEAD = 64 << 10
"""Bytes that may be sent before the other end reads any: a widened connection holds them."""
_CHUNK = 1 << 16
"""Bytes that are read or sent in one go, where there are so many."""
_WIDTH = 4 * AHEAD
"""What a system notes about its buffers it may count against them."""


def widen(end: socket.socket) -> None:
    """Give one end of a connection buffers for AHEAD bytes; some systems begin with 8 KiB."""
    for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
        end.setsockopt(socket.SOL_SOCKET, option, _WIDTH)


class Stream(Protocol):
    """What a channel needs of a connection: a socket has it."""

    def settimeout(self, timeout: float, /) -> None:
        """How many seconds the next step may take."""

    def sendall(self, data: bytes, /) -> None:
        """Send all of it."""

    def recv_into(self, buffer: memoryview, /) -> int:
        """Fill the buffer's beginning with what is there, at least one byte; 0 at the end."""


class Channel:
    """One end of a connection, with one deadline for all that is still to pass over it.

    Raises TimeoutError past the deadline, EOFError or ConnectionError when the other end is gone. Before
    that, `beyond` is asked for what there is to read after the number of bytes that were received.
    """

    def __init__(self, stream: Stream, beyond: Callable[[int], bytes] = lambda _: b"") -> None:
        self._socket = stream
        self._beyond = beyond
        self._received = 0
        self._rest = b""
        self._end: OSError | EOFError | None = None
        """Why nothing more is received."""
        self._ahead = bytearray()
        """What has arrived, from `_read` on beyond what was read."""
        self._read = 0
        # Takes up no memory but for what arrives.
        self._chunk = memoryview(mmap.mmap(-1, _CHUNK))
        self.deadline = math.inf
        """By the clock of time.monotonic()."""

    @property
    def ahead(self) -> bool:
        """Whether more has arrived than was read."""
        return self._read < len(self._ahead)

    def send(self, *parts: Message) -> None:
        """Send messages, small ones together."""
        self.send_chunks(chunk for message in parts for chunk in encode(message))

    def send_chunks(self, chunks: Iterable[bytes]) -> None:
        """Send the bytes of messages, small chunks together."""
        small: list[bytes] = []
        room = _CHUNK
        for chunk in chunks:
            room -= len(chunk)
            if room < 0:
                self._send(b"".join(small))
                small, room = [], _CHUNK - len(chunk)
            small.append(chunk)
        self._send(b"".join(small))

    def receive(self, limits: Limits) -> Message:
        """Read one message. Raises MalformedError or OversizedError for bytes that are not to be believed."""
        return decode(self.read, limits)

    def read(self, size: int) -> bytearray:
        """Exactly `size` bytes."""
        end = self._read + size
        if end <= len(self._ahead):
            data = self._ahead[self._read : end]
            self._read = end
            return data
        return self._read_on(size)

    def _send(self, data: bytes) -> None:
        if data:
            self._wait_at_most()
            self._socket.sendall(data)

    def _read_on(self, size: int) -> bytearray:
        """Exactly `size` bytes, which have not all arrived yet."""
        del self._ahead[: self._read]
        self._read = 0
        while len(self._ahead) < size <= _CHUNK:
            self._ahead += self._chunk[: self._receive_into(self._chunk)]
        data = self._ahead[:size]
        self._read = len(data)
        missing = size - len(data)
        if missing:
            data += bytes(missing)
            rest = memoryview(data)[size - missing :]
            while rest:
                rest = rest[self._receive_into(rest) :]
        return data

    def _receive_into(self, buffer: memoryview) -> int:
        """Fill the buffer's beginning; the number of bytes."""
        if self._end is None:
            try:
                self._wait_at_most()
                count = self._socket.recv_into(buffer)
                if count == 0:
                    raise EOFError
            except (OSError, EOFError) as end:
                self._end, self._rest = end, self._beyond(self._received)
            else:
                self._received += count
                return count
        if not self._rest:
            raise self._end
        part, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)

    def _wait_at_most(self) -> None:
        if self.deadline == math.inf:
            return
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
