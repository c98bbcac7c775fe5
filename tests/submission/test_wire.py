"""Messages on the wire."""

from __future__ import annotations

import socket
import struct
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gradcheck.submission.channel import Channel
from gradcheck.submission.wire import Limits, MalformedError, Message, OversizedError, decode, encode

LIMITS = Limits(texts=10_000, values=10_000)
DTYPES = ["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "?"]

arrays = st.sampled_from(DTYPES).flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)
values = arrays | st.floats() | st.integers(-(2**63), 2**63 - 1)
texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=50)
messages = st.builds(
    Message,
    kind=st.integers(0, 255),
    numbers=st.lists(st.integers(-(2**63), 2**63 - 1), max_size=4).map(tuple),
    texts=st.lists(texts, max_size=4).map(tuple),
    values=st.dictionaries(texts, values, max_size=4),
)


def received(data: bytes, limits: Limits = LIMITS) -> Message:
    """What a reader makes of these bytes, which are all that it gets."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(60)
        theirs.sendall(data)
        theirs.shutdown(socket.SHUT_WR)
        return Channel(ours).receive(limits)


def same(one: Any, other: Any) -> bool:
    """Equal bit by bit, and of one type."""
    if isinstance(one, np.ndarray):
        return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
    if isinstance(one, float):
        return isinstance(other, float) and struct.pack("d", one) == struct.pack("d", other)
    return type(one) is type(other) and one == other


@pytest.mark.slow
@given(messages)
@settings(deadline=None)
def test_what_is_sent_arrives(message: Message) -> None:
    """Every message survives the journey with its types, shapes, bits and order."""
    arrived = received(b"".join(encode(message)))
    assert (arrived.kind, arrived.numbers, arrived.texts) == (message.kind, message.numbers, message.texts)
    assert list(arrived.values) == list(message.values)
    assert all(same(message.values[name], arrived.values[name]) for name in message.values)


@pytest.mark.parametrize("array", [np.arange(6.0).reshape(2, 3).T, np.arange(6.0)[::2], np.ones(2, ">f4")])
def test_layout_in_memory_does_not_matter(array: np.ndarray[Any, Any]) -> None:
    """Transposed, strided and byte-swapped arrays arrive as equal plain ones, which can be written to."""
    arrived = received(b"".join(encode(Message(1, values={"a": array})))).values["a"]
    assert isinstance(arrived, np.ndarray)
    np.testing.assert_array_equal(arrived, array)
    assert arrived.dtype.isnative
    assert arrived.flags.c_contiguous
    assert arrived.flags.writeable


@pytest.mark.slow
@given(messages, st.data())
@settings(max_examples=200, deadline=None)
def test_broken_messages_are_noticed(message: Message, data: st.DataObject) -> None:
    """Bytes that were overwritten or cut off give another message or an error of the wire, nothing else."""
    raw = bytearray(b"".join(encode(message)))
    at = data.draw(st.integers(0, len(raw) - 1))
    patch = data.draw(st.binary(max_size=9))
    raw[at : at + 8] = patch
    try:
        result = received(bytes(raw))
    except (MalformedError, OversizedError, EOFError):
        return
    assert isinstance(result, Message)


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_garbage_is_no_message(garbage: bytes) -> None:
    """Random bytes are refused, or too few."""
    with pytest.raises((MalformedError, EOFError)):
        received(garbage)


def test_huge_claims_allocate_nothing() -> None:
    """A header that promises more than the limits is refused before a byte of the promise is read."""
    whole = b"".join(encode(Message(1, texts=("text",), values={"a": np.ones((100, 100))})))
    asked: list[int] = []

    def read(count: int) -> bytearray:
        nonlocal whole
        asked.append(count)
        data, whole = bytearray(whole[:count]), whole[count:]
        return data

    with pytest.raises(OversizedError):
        decode(read, Limits(texts=1000, values=79_999))
    assert max(asked) < 1000


@pytest.mark.parametrize("shape", [(2**63, 2), (2**40, 2**40), (0, 2**63, 2**63)])
def test_impossible_shapes_are_refused(shape: tuple[int, ...]) -> None:
    """Shapes beyond any memory, or whose size would overflow, never reach NumPy."""
    raw = b"".join(encode(Message(1, values={"a": np.zeros((0, 0, 0))})))
    old = struct.pack("<BB8Q", 0, 3, *(8 * [0]))
    new = struct.pack("<BB8Q", 0, len(shape), *shape, *((8 - len(shape)) * [0]))
    assert old in raw
    with pytest.raises(MalformedError if 0 in shape else OversizedError):
        received(raw.replace(old, new))


def test_too_much_text_is_refused() -> None:
    """Text beyond the limit is malformed."""
    with pytest.raises(MalformedError, match="more text"):
        received(b"".join(encode(Message(1, texts=("x" * 99,)))), Limits(texts=98, values=0))


def test_the_deadline_holds_for_a_slow_writer() -> None:
    """One byte now and then does not extend the time that a message may take."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        channel = Channel(ours)
        channel.deadline = time.monotonic() + 0.05
        theirs.sendall(b"grad")
        with pytest.raises(TimeoutError):
            channel.receive(LIMITS)
        theirs.sendall(b"grad")
        with pytest.raises(TimeoutError):
            channel.receive(LIMITS)
