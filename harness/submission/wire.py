"""Messages between the harness and a student's process: counted texts and raw arrays, nothing that could run.

A message is a header, then numbers, text lengths and array entries, then the texts, then the arrays' bytes.
Everything is little-endian. The reader believes no count before it has checked it, and allocates nothing
that is larger than its limits.
"""

from __future__ import annotations

import math
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple, Protocol

from harness.submission.records import Value

CRASHED = 70
"""The exit code of a student's process in which the harness's own part went wrong."""

_MAGIC = b"grad"
_HEADER = struct.Struct("<4sBHHHQ")
_ENTRY = struct.Struct("<BB8Q")
_DTYPES = ("<f8", "<f4", "<f2", "<i8", "<i4", "<i2", "|i1", "<u8", "<u4", "<u2", "|u1", "|b1")
_FLOAT, _INT = 254, 255
"""Entries of a plain Python number, told apart from those of an array without axes."""
_CHUNK = 1 << 16
"""Bytes that are read or sent in one go, where there are so many; less than the buffer of any socket."""
_MAX_NUMBERS, _MAX_TEXTS, _MAX_VALUES = 16, 4096, 1024


class MalformedError(Exception):
    """The bytes are no message, or not one that was asked for."""


class OversizedError(Exception):
    """A message's arrays would take more than they may."""


@dataclass(frozen=True)
class Message:
    """One message; what its numbers, texts and values mean depends on its kind."""

    kind: int
    numbers: tuple[int, ...] = ()
    texts: tuple[str, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)

    @cached_property
    def chunks(self) -> list[bytes]:
        """The message's bytes, worked out once: some are sent to a whole class."""
        return encode(self)


@dataclass(frozen=True)
class Limits:
    """How many bytes a reader takes in."""

    texts: int
    values: int


class Stream(Protocol):
    """What a link needs of a connection: a socket has it."""

    def settimeout(self, timeout: float, /) -> None:
        """How many seconds the next step may take."""

    def sendall(self, data: bytes, /) -> None:
        """Send all of it."""

    def recv_into(self, buffer: memoryview, /) -> int:
        """Fill the buffer's beginning with what is there, at least one byte; 0 at the end."""


class Link:
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
        self._chunk = memoryview(bytearray(_CHUNK))
        self.deadline = math.inf
        """By the clock of time.monotonic()."""

    @property
    def ahead(self) -> bool:
        """Whether more has arrived than was read."""
        return self._read < len(self._ahead)

    def send(self, *parts: Message) -> None:
        """Send messages, small ones together."""
        small = b""
        for chunk in (chunk for message in parts for chunk in message.chunks):
            if len(small) + len(chunk) > _CHUNK:
                self._send(small)
                small = b""
            if len(chunk) > _CHUNK:
                self._send(chunk)
            else:
                small += chunk
        self._send(small)

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


def encode(message: Message) -> list[bytes]:
    """The message's bytes, in chunks. Raises ValueError for an array whose dtype has no place on the wire."""
    texts = [text.encode("utf-8", "replace") for text in (*message.values, *message.texts)]
    entries, buffers = [], []
    for value in message.values.values():
        entry, buffer = _encode_value(value)
        entries.append(entry)
        buffers.append(buffer)
    counts = len(message.numbers), len(texts), len(entries)
    head = [
        _HEADER.pack(_MAGIC, message.kind, *counts, sum(map(len, texts))),
        struct.pack(f"<{len(message.numbers)}q", *message.numbers),
        struct.pack(f"<{len(texts)}Q", *map(len, texts)),
        *entries,
        *texts,
    ]
    return [b"".join(head), *(buffer for buffer in buffers if buffer)]


def decode(read: Callable[[int], bytearray], limits: Limits) -> Message:
    """One message from `read`, which returns exactly as many bytes as it is asked for.

    Raises MalformedError for bytes that are no message and OversizedError for arrays beyond `limits`, in both
    cases before memory is set aside for what the message claims to hold.
    """
    magic, kind, n_numbers, n_texts, n_values, size = _HEADER.unpack(read(_HEADER.size))
    if magic != _MAGIC:
        raise MalformedError("no message starts here")
    if n_numbers > _MAX_NUMBERS or n_texts > _MAX_TEXTS or n_values > min(n_texts, _MAX_VALUES):
        raise MalformedError("too many parts")
    if size > limits.texts:
        raise MalformedError("more text than may pass")
    entries_at = 8 * (n_numbers + n_texts)
    texts_at = entries_at + n_values * _ENTRY.size
    body = bytes(read(texts_at + size))
    counted = struct.unpack_from(f"<{n_numbers}q{n_texts}Q", body)
    numbers, lengths = counted[:n_numbers], counted[n_numbers:]
    if sum(lengths) != size:
        raise MalformedError("the texts' lengths don't add up")
    texts = _split(body, texts_at, lengths)
    names = texts[:n_values]
    if len(set(names)) != n_values:
        raise MalformedError("one name twice")
    entries = [_decode_entry(body[at : at + _ENTRY.size]) for at in range(entries_at, texts_at, _ENTRY.size)]
    nbytes = sum(entry.nbytes for entry in entries)
    if nbytes > limits.values:
        raise OversizedError
    return Message(kind, numbers, tuple(texts[n_values:]), _values(names, entries, read(nbytes)))


def _values(names: Sequence[str], entries: Sequence[_Entry], data: bytearray) -> dict[str, Value]:
    values, start = {}, 0
    for name, entry in zip(names, entries, strict=True):
        values[name] = entry.value(data, start)
        start += entry.nbytes
    return values


class _Entry(NamedTuple):
    code: int
    shape: tuple[int, ...]
    size: int
    nbytes: int

    def value(self, data: bytearray, start: int) -> Value:
        """What lies in `data` from `start` on; an array shares its memory."""
        if self.code in (_FLOAT, _INT):
            number: float | int = struct.unpack_from("<d" if self.code == _FLOAT else "<q", data, start)[0]
            return number
        import numpy as np  # the harness starts the student's process before it loads NumPy for itself

        array = np.frombuffer(data, _DTYPES[self.code], self.size, start).reshape(self.shape)
        return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))


def _encode_value(value: Value) -> tuple[bytes, bytes]:
    if isinstance(value, float):
        return _ENTRY.pack(_FLOAT, 0, *(8 * [0])), struct.pack("<d", value)
    if isinstance(value, int):
        return _ENTRY.pack(_INT, 0, *(8 * [0])), struct.pack("<q", value)
    if value.dtype.str not in _DTYPES:
        value = value.astype(value.dtype.newbyteorder("<"))
    shape = (*value.shape, *((8 - value.ndim) * [0]))
    return _ENTRY.pack(_DTYPES.index(value.dtype.str), value.ndim, *shape), value.tobytes()


@lru_cache(maxsize=1024)
def _decode_entry(raw: bytes) -> _Entry:
    code, ndim, *lengths = _ENTRY.unpack(raw)
    if ndim > len(lengths):
        raise MalformedError("too many dimensions")
    if code in (_FLOAT, _INT):
        return _Entry(code, (), 1, 8)
    if code >= len(_DTYPES):
        raise MalformedError("unknown dtype")
    shape = tuple(lengths[:ndim])
    # NumPy refuses a shape whose nonzero lengths multiply beyond its index type, even where one length is 0.
    if math.prod(length for length in shape if length) > 1 << 40:
        raise OversizedError
    size = math.prod(shape)
    return _Entry(code, shape, size, size * int(_DTYPES[code][2:]))


def _split(body: bytes, start: int, lengths: Sequence[int]) -> list[str]:
    texts = []
    for length in lengths:
        texts.append(body[start : start + length].decode("utf-8", "replace"))
        start += length
    return texts
