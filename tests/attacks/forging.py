"""Attacks on the conversation with the harness: bytes that are no answer, or too many, or too few."""

from __future__ import annotations

from attack import DEAD, EITHER, REFUSED, STOPPED, Attack

_GONE = ("died", "protocol", "timeout")

ATTACKS = (
    Attack(
        "garbage_everywhere",
        "write nonsense to every descriptor",
        """
        for number in range(256):
            try: os.write(number, os.urandom(4096))
            except OSError: pass
        """,
        ends=REFUSED,
    ),
    Attack(
        "endless_bytes",
        "never stop answering",
        """
        while True:
            tell(b"grad" * 4096)
        """,
        ends=(*REFUSED, "died"),
    ),
    Attack(
        "drip",
        "answer one byte at a time",
        """
        from gradcheck.submission.wire import _HEADER
        head = _HEADER.pack(b"grad", 4, 2, 4000, 0, 1 << 19) + bytes(1 << 14)
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        for byte in head:
            tell(bytes([byte]))
            time.sleep(0.05)
        """,
        ends=STOPPED,
    ),
    Attack(
        "half_a_message",
        "promise more than is sent, and hang up",
        """
        from gradcheck.submission.wire import _HEADER
        tell(_HEADER.pack(b"grad", 4, 2, 1, 0, 1000) + b"half")
        os._exit(0)
        """,
        ends=DEAD,
    ),
    Attack(
        "promise",
        "promise more than is sent, and wait",
        """
        from gradcheck.submission.wire import _HEADER
        def strike(student, *inputs, **options):
            tell(_HEADER.pack(b"grad", 4, 2, 1, 0, 1000) + b"half")
            while True: time.sleep(9)
        """,
        ends=STOPPED,
    ),
    Attack(
        "giant_claim",
        "claim an array of 8 TiB",
        """
        from gradcheck.submission.wire import _ENTRY, _HEADER
        head = _HEADER.pack(b"grad", 4, 0, 1, 1, 3) + (3).to_bytes(8, "little")
        tell(head + _ENTRY.pack(0, 1, 1 << 40, *(7 * [0])) + b"dW2")
        while True: tell(bytes(1 << 16))
        """,
        ends=("too_large",),
    ),
    Attack(
        "overflowing_shape",
        "claim a shape whose size is 0 in 64 bits, or whose product has no end",
        """
        from gradcheck.submission.wire import _ENTRY, _HEADER
        head = _HEADER.pack(b"grad", 4, 0, 1, 1, 3) + (3).to_bytes(8, "little")
        tell(head + _ENTRY.pack(0, 8, *(8 * [1 << 32])) + b"dW2")
        """,
        ends=("too_large", "protocol"),
    ),
    Attack(
        "empty_giant",
        "claim an array of no entries that is too large for any index",
        """
        from gradcheck.submission.wire import _ENTRY, _HEADER
        head = _HEADER.pack(b"grad", 4, 2, 2, 1, 3) + bytes(16) + (3).to_bytes(8, "little") + bytes(8)
        tell(head + _ENTRY.pack(0, 8, 0, *(7 * [(1 << 64) - 1])) + b"dW2")
        """,
        ends=("too_large", "protocol"),
    ),
    Attack(
        "many_parts",
        "claim 65,535 parts of each kind",
        """
        from gradcheck.submission.wire import _HEADER
        tell(_HEADER.pack(b"grad", 4, 65535, 65535, 65535, (1 << 64) - 1))
        """,
        ends=REFUSED,
    ),
    Attack(
        "false_lengths",
        "claim texts that are longer than all of the message",
        """
        from gradcheck.submission.wire import _HEADER
        lengths = ((1 << 64) - 1).to_bytes(8, "little") + (9).to_bytes(8, "little")
        tell(_HEADER.pack(b"grad", 4, 0, 2, 0, 8) + lengths + b"x" * 99)
        """,
        ends=REFUSED,
    ),
    Attack(
        "unknown_kinds",
        "send numbers of a kind that does not exist, in nine dimensions",
        """
        from gradcheck.submission.wire import _ENTRY, _HEADER
        head = _HEADER.pack(b"grad", 4, 0, 1, 1, 3) + (3).to_bytes(8, "little")
        tell(head + _ENTRY.pack(200, 9, *(8 * [1])) + b"dW2" + bytes(99))
        """,
        ends=REFUSED,
    ),
    Attack(
        "whole_numbers",
        "answer with integers, where floats are agreed",
        """
        def strike(student, *inputs, **options):
            answer({"dW2": np.ones((3, 2), np.int64)})
            return student(*inputs, **options)
        """,
        ends=REFUSED,
    ),
    Attack(
        "other_names",
        "answer what was not asked",
        """
        def strike(student, *inputs, **options):
            answer({"points": np.full((1,), 1e9)})
            return student(*inputs, **options)
        """,
        ends=REFUSED,
    ),
    Attack(
        "points",
        "tell the harness that this is right",
        """
        def strike(student, *inputs, **options):
            answer({}, ("right\\n3 of 3 right, 8 of 8 points", "verdict", "right"), (0, 1, 0, 0, 0, 0))
            return student(*inputs, **options)
        """,
        ends=REFUSED,
    ),
    Attack(
        "false_failure",
        "tell of a failure that only the harness can know",
        """
        def strike(student, *inputs, **options):
            answer({}, ("", "cannot tell", "the spec is broken", ""), (0, 0, 0), "_FAILURE")
            return student(*inputs, **options)
        """,
        ends=REFUSED,
    ),
    Attack(
        "twice",
        "answer twice, the second time for the call that is still to come",
        """
        def strike(student, *inputs, **options):
            answers = {"dW2": np.zeros((3, 2)), "dW3": np.zeros((1, 3)), "db2": np.zeros((3, 1))}
            answer(answers)
            return student(*inputs, **options)
        """,
        ends=(*EITHER, *_GONE),
    ),
    Attack(
        "all_answers_at_once",
        "answer all calls before they are asked, and end well",
        """
        answer({}, ("",), (0,) * 4, "_LOADED")
        for n in range(99):
            try: answer({"dW2": np.zeros((3, 2))})
            except OSError: break
        os._exit(0)
        """,
        ends=("answered", *_GONE),
    ),
    Attack(
        "ready_again",
        "begin the conversation anew",
        """
        answer({}, (), (), "_READY")
        """,
        ends=REFUSED,
    ),
    Attack(
        "same_name_twice",
        "answer one name with two arrays",
        """
        from gradcheck.submission.wire import _ENTRY, _HEADER
        head = _HEADER.pack(b"grad", 4, 0, 2, 2, 6) + 2 * (3).to_bytes(8, "little")
        tell(head + 2 * _ENTRY.pack(0, 0, *(8 * [0])) + b"dW2dW2" + bytes(16))
        """,
        ends=REFUSED,
    ),
    Attack(
        "hang_up",
        "close the connection, and stay",
        """
        os.close(line())
        while True: time.sleep(9)
        """,
        ends=("died",),
    ),
    Attack(
        "half_open",
        "shut the connection in one direction only",
        """
        system(48, line(), socket.SHUT_WR)
        while True: time.sleep(9)
        """,
        ends=("exception", "answered", "died", "timeout"),
    ),
    Attack(
        "deaf",
        "listen no more, but answer",
        """
        def strike(student, *inputs, **options):
            system(48, line(), socket.SHUT_RD)
            return student(*inputs, **options)
        """,
        ends=("exception", "answered", "died", "timeout"),
    ),
    Attack(
        "flood_of_descriptors",
        "hand the harness open files until it can open no more",
        """
        import array
        def strike(student, *inputs, **options):
            cargo = array.array("i", [line()] * 250)
            sock = socket.socket(fileno=line())
            for _ in range(50):
                sock.sendmsg([b"g"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, cargo)])
            return student(*inputs, **options)
        """,
        ends=("exception", "protocol"),
    ),
)
