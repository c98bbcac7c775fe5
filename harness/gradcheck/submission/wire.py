"""Messages between the harness and a student's process: counted texts and raw arrays, nothing that could run.

A message is a header, then numbers, text lengths and array entries, then the texts, then the arrays' bytes.
Everything is little-endian. The reader believes no count before it has checked it, and allocates nothing
that is larger than its limits.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from gradcheck.submission.records import Array, Value

CRASHED = 70
"""The exit code of a student's process in which the harness's own part went wrong."""

_MAGIC = b"grad"
_HEADER = struct.Struct("<4sBHHHQ")
_ENTRY = struct.Struct("<BB8Q")
_DTYPES = ("<f8", "<f4", "<f2", "<i8", "<i4", "<i2", "|i1", "<u8", "<u4", "<u2", "|u1", "|b1")
_CODES = {dtype: code for code, dtype in enumerate(_DTYPES)}
_FLOAT, _INT = 254, 255
"""Entries of a plain Python number, told apart from those of an array without axes."""
_MAX_NUMBERS, _MAX_TEXTS, _MAX_VALUES, _MAX_AXES = 16, 4096, 1024, 8
_MOST_ENTRIES = 1 << 40
_SHORT = 4096
"""Bytes up to which the layout of a message is kept for others that have the same."""


class MalformedError(Exception):
    """The bytes are no message, or not one that was asked for."""


class OversizedError(Exception):
    """A message's arrays would take more than they may."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        """The bytes that they may take."""


class Message(NamedTuple):
    """One message; what its numbers, texts and values mean depends on its kind."""

    kind: int
    numbers: tuple[int, ...] = ()
    texts: tuple[str, ...] = ()
    values: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True)
class Limits:
    """How many bytes a reader takes in."""

    texts: int
    values: int


def encode(message: Message) -> list[bytes]:
    """The message's bytes, in chunks. Raises ValueError for an array whose dtype has no place on the wire."""
    texts = [text.encode("utf-8", "replace") for text in (*message.values, *message.texts)]
    entries, buffers = [], []
    for value in message.values.values():
        entry, buffer = _encode_value(value)
        entries.append(entry)
        buffers.append(buffer)
    lengths = [len(text) for text in texts]
    counts = len(message.numbers), len(texts), len(entries)
    head = [
        _HEADER.pack(_MAGIC, message.kind, *counts, sum(lengths)),
        struct.pack(f"<{counts[0]}q{counts[1]}Q", *message.numbers, *lengths),
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
    body = bytes(read(8 * (n_numbers + n_texts) + n_values * _ENTRY.size + size))
    numbers = struct.unpack_from(f"<{n_numbers}q", body)
    layout_of = _cached_layout if len(body) <= _SHORT else _layout
    layout = layout_of(body[8 * n_numbers :], n_texts, n_values)
    if layout.nbytes > limits.values:
        raise OversizedError(limits.values)
    return Message(kind, numbers, layout.texts, _values(layout.slots, read(layout.nbytes)))


class _Slot(NamedTuple):
    """Where an array or a number lies among a message's bytes."""

    name: str
    code: int
    shape: tuple[int, ...]
    start: int


class _Layout(NamedTuple):
    """What a message says of its values before they come."""

    texts: tuple[str, ...]
    slots: tuple[_Slot, ...]
    nbytes: int


def _layout(body: bytes, n_texts: int, n_values: int) -> _Layout:
    """From the bytes after a message's numbers; raises as `decode` does."""
    lengths = struct.unpack_from(f"<{n_texts}Q", body)
    entries_at = 8 * n_texts
    texts_at = entries_at + n_values * _ENTRY.size
    if sum(lengths) != len(body) - texts_at:
        raise MalformedError("the texts' lengths don't add up")
    texts = _split(body, texts_at, lengths)
    names = texts[:n_values]
    if len(set(names)) != n_values:
        raise MalformedError("one name twice")
    slots, start = [], 0
    for name, entry in zip(names, _ENTRY.iter_unpack(body[entries_at:texts_at]), strict=True):
        code, shape, nbytes = _decode_entry(*entry)
        slots.append(_Slot(name, code, shape, start))
        start += nbytes
    return _Layout(tuple(texts[n_values:]), tuple(slots), start)


_cached_layout = lru_cache(maxsize=1024)(_layout)
"""A class gives the same answers in the same layout."""


def _values(slots: Sequence[_Slot], data: bytearray) -> dict[str, Value]:
    """What lies in `data`; the arrays share its memory."""
    if not slots:
        return {}
    import numpy as np  # the harness starts the student's process before it loads NumPy for itself

    values: dict[str, Value] = {}
    for name, code, shape, start in slots:
        if code in (_FLOAT, _INT):
            values[name] = struct.unpack_from("<d" if code == _FLOAT else "<q", data, start)[0]
            continue
        array: Array = np.ndarray(shape, _DTYPES[code], data, start)
        values[name] = array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))
    return values


def _encode_value(value: Value) -> tuple[bytes, bytes]:
    if isinstance(value, float):
        return _entry(_FLOAT, ()), struct.pack("<d", value)
    if isinstance(value, int):
        return _entry(_INT, ()), struct.pack("<q", value)
    if value.dtype.str not in _CODES:
        value = value.astype(value.dtype.newbyteorder("<"))
    if value.dtype.str not in _CODES:
        raise ValueError(f"an array of dtype {value.dtype} has no place on the wire")
    return _entry(_CODES[value.dtype.str], value.shape), value.tobytes()


@lru_cache(maxsize=1024)
def _entry(code: int, shape: tuple[int, ...]) -> bytes:
    return _ENTRY.pack(code, len(shape), *shape, *((_MAX_AXES - len(shape)) * [0]))


def _decode_entry(code: int, ndim: int, *lengths: int) -> tuple[int, tuple[int, ...], int]:
    """Code, shape and number of bytes."""
    if ndim > _MAX_AXES:
        raise MalformedError("too many dimensions")
    if code in (_FLOAT, _INT):
        return code, (), 8
    if code >= len(_DTYPES):
        raise MalformedError("unknown dtype")
    shape = lengths[:ndim]
    size = math.prod(shape)
    # NumPy refuses a shape whose nonzero lengths multiply beyond its index type, even where one length is 0.
    if size == 0 and math.prod(length for length in shape if length) > _MOST_ENTRIES:
        raise MalformedError("a shape that no array has")
    return code, shape, size * int(_DTYPES[code][2:])


def _split(body: bytes, start: int, lengths: Sequence[int]) -> list[str]:
    texts = []
    for length in lengths:
        texts.append(body[start : start + length].decode("utf-8", "replace"))
        start += length
    return texts
