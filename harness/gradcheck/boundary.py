"""The boundary around each submission and each stage: a fault of gradcheck costs one row, never a class.

What one submission raises in the harness, at whatever stage, becomes an InternalError: a value that goes
where the stage's result would have gone. Whoever gets it goes on with the next submission.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

from gradcheck.errors import GradcheckError, SpecError, UnprotectedError

Stage: TypeAlias = Literal[
    "find", "fingerprint", "draw", "decode", "run", "judge", "settle", "diagnose", "credit", "report", "grade"
]
"""What is done to a submission. Copying its folder is part of `run`; `grade` is all of it, for what no other
stage has caught."""

ENDING = (SpecError, UnprotectedError)
"""Errors that are no single submission's."""
LONGEST_TRACE = 30
"""Frames of a traceback that are kept, the innermost: a recursion has a thousand alike."""

_PACKAGE = Path(__file__).parent
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class InternalError:
    """A fault of gradcheck itself, met while it dealt with one submission."""

    stage: Stage
    reference: str
    """For maintainers, on one line: KeyError at diagnosis/match.py:46."""
    trace: str
    """The traceback, for maintainers: it may hold what a learner must not see."""

    def __str__(self) -> str:
        """What a report says of it."""
        return f"internal error of gradcheck (stage {self.stage}: {self.reference})"


def attempt(
    stage: Stage, act: Callable[[], _Result], passing: tuple[type[GradcheckError], ...] = (GradcheckError,)
) -> _Result | InternalError:
    """The result of `act`, or what it raised.

    What is raised on purpose passes, and so does what is no Exception, such as KeyboardInterrupt. With
    ENDING for `passing` only that passes which says of a whole run that it can't go on.
    """
    try:
        return act()
    except passing:
        raise
    except Exception as error:
        return InternalError(stage, _reference(error), _trace(error))


def _reference(error: Exception) -> str:
    """Type and place; of an error that is raised on purpose its text, too, which is about the machine."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)]
    at = (ours or frames)[-1]
    shown = Path(at.filename).relative_to(_PACKAGE).as_posix() if ours else Path(at.filename).name
    text = f" ({' '.join(str(error).split())})" if isinstance(error, GradcheckError) else ""
    return f"{type(error).__name__} at {shown}:{at.lineno}{text}"


def _trace(error: Exception) -> str:
    import traceback

    try:
        return "".join(traceback.format_exception(error, limit=-LONGEST_TRACE))
    except Exception as another:  # the text of an error may raise, too, and memory may be short
        return f"{type(error).__name__}, whose traceback can't be written: {type(another).__name__}"
