"""Running a submission in this very process, for notebooks: a user's own, live function."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from gradcheck.submission.capture import Tape, captured
from gradcheck.submission.execute import imports_undone, load
from gradcheck.submission.records import Budget, Call, Code, Failure, Live, Transcript


def run_here(subject: Code | Live, calls: Sequence[Call], *, output: int = Budget.output) -> Transcript:
    """Call a submission once for each of `calls`, without a limit on its time or memory.

    Only for code that the user trusts: their own. KeyboardInterrupt passes through, so that Ctrl-C
    ends an endless loop; whatever else the code raises is a Failure.
    """
    tape = Tape(output)
    undone = imports_undone(subject) if isinstance(subject, Code) else contextlib.nullcontext()
    with captured(tape), undone:
        session = load(subject)
        results = [session if isinstance(session, Failure) else session.call(call) for call in calls]
    notes = () if isinstance(session, Failure) else session.loaded.notes
    return Transcript(tuple(results), *tape.take(), notes=notes)
