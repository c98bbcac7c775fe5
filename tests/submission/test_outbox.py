"""Answers that wait in memory: none is lost, none is read twice, wherever the process ends."""

from __future__ import annotations

import os
import socket
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.submission.outbox import HELD_BACK, ROOM, Outbox, Unsent

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="this memory is Linux's own")

STEPS = st.lists(st.binary(min_size=1, max_size=300) | st.just(b"?"), max_size=30)
"""What is sent, one after the other; at a question mark the harness is listened to."""


@given(STEPS, st.integers(0, 2000))
def test_what_was_made_is_received_or_found(steps: list[bytes], received: int) -> None:
    """However much of it was sent when the process ended, the rest is found, and nothing twice."""
    unsent = Unsent()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        outbox = Outbox(theirs.fileno(), unsent.descriptor)
        made = b""
        for step in steps:
            if step == b"?":
                ours.sendall(b"!")
                outbox.recv_into(memoryview(bytearray(1)))
            else:
                outbox.sendall(step)
                made += step
        ours.setblocking(False)
        sent = _all_of(ours)
        assert sent == made[: len(sent)]
        for position in range(len(sent), len(made) + 1):  # it may have ended while it sent what waited
            assert made[:position] + unsent.beyond(position) == made
        if received < len(sent):  # what was sent is not read from memory
            assert unsent.beyond(received) == b""
    unsent.close()


def test_what_has_no_room_is_sent_in_order() -> None:
    """Data larger than the memory pass through, after those that waited."""
    unsent = Unsent()
    ours, theirs = socket.socketpair()
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * ROOM)
    with ours, theirs:
        outbox = Outbox(theirs.fileno(), unsent.descriptor)
        parts = [b"a" * 10, b"b" * (ROOM + 1), b"c" * 10, b"d" * ROOM]
        for part in parts:
            outbox.sendall(part)
        ours.setblocking(False)
        sent = _all_of(ours)
        assert sent + unsent.beyond(len(sent)) == b"".join(parts)
    unsent.close()


@pytest.mark.parametrize("head", [b"\xff" * 16, bytes(8) + b"\xff" * 8, b"\xff" * 8 + bytes(8)])
def test_forged_counts_give_no_more_than_the_memory(head: bytes) -> None:
    """The process can write anything there; the reader takes no more than there is room for."""
    unsent = Unsent()
    os.pwrite(unsent.descriptor, head, 0)
    assert len(unsent.beyond(0)) <= ROOM
    unsent.close()


def _all_of(connection: socket.socket) -> bytes:
    data = b""
    try:
        while chunk := connection.recv(1 << 20):
            data += chunk
    except BlockingIOError:
        pass
    return data


def test_a_job_after_a_long_one_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers of jobs that ended just now may wait when the next begins; older ones are sent."""
    clock = [100.0]
    monkeypatch.setattr("gradcheck.submission.outbox.time.monotonic", lambda: clock[0])
    unsent = Unsent()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        outbox = Outbox(theirs.fileno(), unsent.descriptor)
        ours.setblocking(False)
        for share, heard in ((0, b""), (0.4, b""), (0.4, b""), (0.4, b"aaa"), (0.9, b""), (5, b"aa")):
            clock[0] += share * HELD_BACK
            outbox.next_job()
            assert _all_of(ours) == heard
            outbox.sendall(b"a")
    unsent.close()
